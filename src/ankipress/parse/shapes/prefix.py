"""`prefix`: a line that begins with `Q:` asks, and what follows `A:` answers; `C:` begins a text
with gaps in brackets.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ankipress.parse.shapes.gaps import with_deletions
from ankipress.parse.shapes.pieces import CardPieces, content_of, section_of, without_blank_lines
from ankipress.parse.shapes.shaped_file import FoundSection, ShapedFile, paragraph_lines
from ankipress.syntax.tree import Content

_BOLD_END = r"(?:\*\*|__|\*|_)"
_BOLD = f"{_BOLD_END}?"
_ITEM = r"(?:[-*+][ \t]+|\d{1,4}[.)][ \t]+)?"
_QUESTION = (
    "q|question|p|problem|frage|pregunta|pergunta|domanda|вопрос|питання|soru|pytanie|"
    "问题|問題|问|問|질문"
)
_ANSWER = (
    "a|ans|answer|s|solution|antwort|r|réponse|respuesta|resposta|risposta|ответ|о|відповідь|"
    "cevap|odpowiedź|答案|答|回答|정답|답변|답"
)


def _mark(name: str, words: str) -> str:
    """The pattern of a mark: `Q:`, `**Q:**`, `**Q**:`, `Q1.` and `Q 1:`, but not `a:hover`."""
    number = r"(?:[ .]?[0-9]{1,4})?"
    end = rf"[:：]{_BOLD_END}|{_BOLD_END}\s?[:：]|：|:(?-i:(?![a-z0-9:/]))"
    return rf"{_BOLD}(?P<{name}>{words}){number}\s?(?:{end})"


_COUNTED = r"(?:q|question)[ .]?[0-9]{1,4}[.)]"
_START = re.compile(
    rf"(?P<indent>[ \t]*{_ITEM})"
    rf"(?:(?P<question>{_mark('asked_by', _QUESTION)}|{_BOLD}{_COUNTED}{_BOLD}(?=\s))"
    rf"|(?P<answer>{_mark('answered_by', _ANSWER)})"
    r"|(?P<cloze>C:(?=\s|$)))\s*",
    re.IGNORECASE,
)
_SECOND_OPTION = re.compile(rf"[ \t]*{_ITEM}{_BOLD}B{_BOLD}\s?[:：]", re.IGNORECASE)
# What ends the paragraph of a question: a blank line, or a line that begins another block.
_BLOCK = re.compile(r"\n[ \t]*(?:\n|(?:[-*+]|\d{1,9}[.)])[ \t]|```|~~~|\$\$|[>|])")
_PROBLEMS = frozenset({"p", "problem"})
_SOLUTIONS = frozenset({"r", "s", "solution"})


class _MarkedLine(NamedTuple):
    """A mark at the start of a line: what it begins, its word, the 0-based line, the offset of the
    text after it, and by how many columns that is indented.
    """

    kind: str
    word: str
    line: int
    start: int
    indent: int


def read_prefix(file: ShapedFile) -> Iterator[FoundSection]:
    """The cards of the lines with marks. A card ends at the next one, a heading, or a rule."""
    cards: list[list[_MarkedLine]] = []
    for mark in _meant(file, list(_marks(file))):
        if mark.kind != "answer":
            cards.append([mark])
        elif cards:
            cards[-1].append(mark)
    limits = [marks[0].line for marks in cards[1:]]
    limits.append(len(file.body))
    for marks, limit in zip(cards, limits, strict=False):
        yield _section(
            file,
            marks,
            limit,
        )


def begins_with_mark(line: str) -> bool:
    """Whether a line begins with `Q:`, `A:`, or another such mark."""
    return _START.match(line) is not None


def _marks(file: ShapedFile) -> Iterator[_MarkedLine]:
    for line in sorted(paragraph_lines(file)):
        text = file.body[line]
        found = _START.match(text)
        if not found:
            continue
        kind = str(found.lastgroup)
        indent = found["indent"]
        if kind == "cloze" and (indent or _is_third_option(file, line)):
            continue
        word = found["asked_by"] or found["answered_by"] or ""
        yield _MarkedLine(
            kind,
            word.lower(),
            line,
            file.offset(line) + found.end(),
            len(indent.expandtabs(4)),
        )


def _is_third_option(file: ShapedFile, line: int) -> bool:
    """Whether `C: three` stands below `B: two`."""
    return line > 0 and _SECOND_OPTION.match(file.body[line - 1]) is not None


def _meant(file: ShapedFile, marks: Sequence[_MarkedLine]) -> Iterator[_MarkedLine]:
    """The marks without `C:` above a text without gaps, and `P:`, a problem, without a solution."""
    followers = [*marks[1:], None]
    for mark, follower in zip(marks, followers, strict=False):
        if mark.kind == "cloze" and not _has_gap(file, mark, follower):
            continue
        is_solved = follower is not None and follower.word in _SOLUTIONS
        if mark.word in _PROBLEMS and not is_solved:
            continue
        yield mark


def _has_gap(
    file: ShapedFile,
    mark: _MarkedLine,
    follower: _MarkedLine | None,
) -> bool:
    end = len(file.text)
    if follower:
        end = file.offset(follower.line)
    return file.text.find("[", mark.start, end) >= 0


def _section(
    file: ShapedFile,
    marks: Sequence[_MarkedLine],
    limit: int,
) -> FoundSection:
    first = marks[0]
    end = _end(
        file,
        first.line,
        limit,
    )
    answers = _answers(file, [each for each in marks[1:] if each.line < end])
    stops = [file.offset(each.line) for each in answers]
    stops.append(file.offset(end))
    question = _lines(
        file,
        first,
        stops[0],
    )
    heading, front = _first_paragraph(question)
    answer = [_lines(file, each, stop) for each, stop in zip(answers, stops[1:], strict=True)]
    if first.kind == "cloze":
        gaps = with_deletions(heading)
        back = [with_deletions(front), *answer]
        return section_of(file, CardPieces(gaps, (), back, first.line, end))
    card = CardPieces(
        heading,
        (front,),
        answer,
        first.line,
        end,
        is_split=True,
    )
    return section_of(file, card)


def _end(
    file: ShapedFile,
    line: int,
    limit: int,
) -> int:
    """The line on which a card ends: that of a heading or a rule, or the limit."""
    ends = [limit]
    for heading in file.headings_in(line + 1, limit):
        if file.ends_answer(heading):
            ends.append(heading.start)
            break
    dashes = file.outline.dashes
    rule = bisect_right(dashes, line)
    ends += dashes[rule : rule + 1]
    return min(ends)


def _answers(file: ShapedFile, marks: Sequence[_MarkedLine]) -> Sequence[_MarkedLine]:
    """The marks that begin answers: those with the word of the first, which is no option."""
    if len(marks) > 1 and _is_option(file, marks[0]):
        marks = marks[1:]
    return [each for each in marks if each.word == marks[0].word]


def _is_option(file: ShapedFile, mark: _MarkedLine) -> bool:
    """Whether `A: one` is followed by `B: two`."""
    below = file.body[mark.line + 1 : mark.line + 3]
    filled = filter(str.strip, below)
    return _SECOND_OPTION.match(next(filled, "")) is not None


def _lines(
    file: ShapedFile,
    mark: _MarkedLine,
    end: int,
) -> Content:
    return content_of(
        file.text,
        mark.start,
        end,
        mark.indent,
    )


def _first_paragraph(piece: Content) -> tuple[Content, Content]:
    """The paragraph with which a question begins, and what stands below it."""
    question = without_blank_lines(piece)
    found = _BLOCK.search(question.text)
    if not found:
        return question, Content("")
    end = found.start()
    return question.part(0, end), question.without_start(end)
