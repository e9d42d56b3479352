"""`file`: a file is a card. Its first heading asks and the rest answers, or headings `Front` and
`Back` name the sides, or its front matter holds the question. Without any of these, its name asks.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace

from ankipress.parse.shapes.pieces import (
    CardPieces,
    content_of,
    section_of,
    trimmed,
    without_heading_marks,
)
from ankipress.parse.shapes.shaped_file import FoundSection, ShapedFile
from ankipress.parse.shapes.words import has_question_mark
from ankipress.syntax.outline import Heading
from ankipress.syntax.tree import Content

_FRONT = frozenset({"front", "question", "q", "prompt", "frage", "问题", "問題", "질문", "вопрос"})
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_BACK = frozenset({"back", "answer", "a", "antwort", "答案", "回答", "정답", "ответ"})


def _key(names: str) -> re.Pattern[str]:
    """The pattern of a line of front matter whose value is a text on that line."""
    text = r"(?P<text>[^\s|>\"'](?:.*?\S)??)"
    # Blanks are given back to nothing, so that many of them are read once.
    value = rf"(?P<quote>[\"']?){text}[ \t]*+(?P=quote)[ \t]*+$"
    return re.compile(rf"^(?:{names})[ \t]*:[ \t]*{value}", re.IGNORECASE | re.MULTILINE)


_ASKING_KEY = _key("question|front|prompt|q")
_TITLE_KEY = _key("title")
_ANSWERING_KEY = _key("answer|back|a")
KEYS_OF_SIDES = frozenset({"question", "front", "prompt", "q", "title", "answer", "back", "a"})
"""The keys of front matter that may hold a side of the card."""


def read_file_card(file: ShapedFile) -> Iterator[FoundSection]:
    """The card of the file, if there is a question in it."""
    for read in (_by_sides, _by_matter, _by_heading, _by_rule, _by_paragraph, _by_name):
        card = read(file)
        if card:
            section = section_of(file, card)
            # Headings of a card are not above it.
            yield replace(section, trail=())
            return


def _by_sides(file: ShapedFile) -> CardPieces | None:
    """Headings such as `Front` and `Back` name the sides."""
    front = _first_named(file.outline.headings, _FRONT)
    back = _first_named(file.outline.headings, _BACK)
    if not front or not back or front.start > back.start:
        return None
    inside = _between(
        file,
        front.end,
        back.start,
    )
    question, rest = _first_block(inside)
    answer = _between(file, back.end)
    return _card(
        file,
        front.start,
        question,
        (rest,),
        (answer,),
    )


def _first_named(headings: Sequence[Heading], names: Container[str]) -> Heading | None:
    for each in headings:
        name = each.text.strip(" \t:*")
        if name.lower() in names:
            return each
    return None


def _by_matter(file: ShapedFile) -> CardPieces | None:
    """The front matter holds the question, and perhaps the answer."""
    matter = file.front_matter
    question = _ASKING_KEY.search(matter)
    if not question and not file.outline.headings:
        question = _TITLE_KEY.search(matter)
    if not question:
        return None
    sides: list[Content] = []
    answer = _ANSWERING_KEY.search(matter)
    if answer:
        sides.append(content_of(matter, *answer.span("text")))
    sides.append(_between(file, file.first_line))
    asked = content_of(matter, *question.span("text"))
    return _card(
        file,
        0,
        asked,
        (),
        sides,
    )


def _by_heading(file: ShapedFile) -> CardPieces | None:
    """The first heading asks, if no rule stands above it."""
    asking = filter(file.ends_answer, file.outline.headings)
    first = next(asking, None)
    if first is None or any(rule < first.start for rule in file.outline.dashes[:1]):
        return None
    question = heading_text(file, first)
    below = _between(file, first.end)
    return _card(
        file,
        first.start,
        question,
        (),
        (below,),
    )


def _by_rule(file: ShapedFile) -> CardPieces | None:
    """What stands above the first `---` asks, and what stands below it answers."""
    if not file.outline.dashes:
        return None
    rule = file.outline.dashes[0]
    above = _between(
        file,
        file.first_line,
        rule,
    )
    question, rest = _first_block(above)
    answer = _between(file, rule + 1)
    return _card(
        file,
        file.first_line,
        question,
        (rest,),
        (answer,),
    )


def _by_paragraph(file: ShapedFile) -> CardPieces | None:
    """The first paragraph, where it ends with a question mark."""
    if not file.nodes:
        return None
    first = file.nodes[0]
    if not first.content or not has_question_mark(first.content.text):
        return None
    lines = file.lines_of(first)
    below = _between(file, lines.stop)
    return _card(
        file,
        lines.start,
        first.content,
        (),
        (below,),
    )


def _by_name(file: ShapedFile) -> CardPieces | None:
    """The name of the file asks, as in notes that are named after a term."""
    if not any(node.kind == "paragraph" for node in file.nodes):
        return None
    text = _between(file, file.first_line)
    name = Content(file.stem, [(0, file.offset(file.first_line))])
    return _card(
        file,
        file.first_line,
        name,
        (),
        (text,),
    )


def _card(
    file: ShapedFile,
    line: int,
    question: Content,
    front: Sequence[Content],
    back: Sequence[Content],
) -> CardPieces | None:
    """The card from a line to the end of the file, None without a question."""
    asked = without_heading_marks(question)
    if not asked.text.strip():
        return None
    end = len(file.lines)
    return CardPieces(
        asked,
        front,
        back,
        line,
        end,
        is_split=True,
    )


def _between(
    file: ShapedFile,
    start: int,
    end: int | None = None,
) -> Content:
    """The lines from one up to another, or to the end of the file."""
    if end is None:
        end = len(file.body)
    return content_of(
        file.text,
        file.offset(start),
        file.offset(end),
    )


def heading_text(file: ShapedFile, heading: Heading) -> Content:
    """The Markdown of a heading where it stands."""
    first, _, _ = heading.text.partition("\n")
    start = file.text.index(first, file.offset(heading.start))
    return content_of(
        file.text,
        start,
        start + len(heading.text),
    )


def _first_block(piece: Content) -> tuple[Content, Content]:
    """The first paragraph of a text, and the rest."""
    text = trimmed(piece)
    found = _BLANK_LINE.search(text.text)
    if not found:
        return text, Content("")
    end = found.start()
    return text.part(0, end), text.without_start(end)
