"""Cards of flashcards-obsidian: `question #card` as a heading or as a paragraph, with the answer
below; `#card-reverse` is asked both ways, `#card-spaced` has no answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from ankipress.parse.shapes.pieces import CardPieces, content_of, joined
from ankipress.parse.shapes.shaped_file import ShapedFile
from ankipress.parse.shapes.vault_notes import (
    VaultNote,
    braces,
    end_with_id,
    lines_between,
    tags_pattern,
)
from ankipress.syntax.outline import Heading
from ankipress.syntax.tree import Content

_RULE = re.compile(r"[ \t]*([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_ID = re.compile(r"\^\d{13}[ \t]*$")
_MOST_TAGS = 50  # behind the tag of a card
_END = "%%"
"""A comment on a line of its own, by which authors end the paragraph of an answer."""


@dataclass(frozen=True, slots=True)
class _Asking:
    """A question with its tag: its 0-based lines up to `end`, and its heading if it is one."""

    question: Content
    line: int
    end: int
    how: str
    heading: Heading | None


def read_card_tags(file: ShapedFile, taken: AbstractSet[int]) -> Iterator[VaultNote]:
    """The cards of headings and paragraphs that end with a tag."""
    pattern = card_tag_at_end(file.separators.card_tags)
    if not any(pattern.search(line) for line in file.body):
        return
    asking = list(_asking(file, taken, pattern))
    levels = {each.start: each.level for each in file.outline.headings}
    stops = frozenset(taken | {each.line for each in asking})
    for each in asking:
        answer = _answer(file, each, stops, levels)
        if answer or each.heading or each.how == "spaced":
            yield _note(file, each, answer)


def _note(file: ShapedFile, asking: _Asking, answer: Sequence[int]) -> VaultNote:
    end = asking.end
    back: list[Content] = []
    if answer:
        end = answer[-1] + 1
        back.append(lines_between(file, answer[0], end))
    attributes = ""
    if asking.how == "reverse":
        attributes = braces("reverse")
    card = CardPieces(asking.question, (), back, asking.line, end, attributes, is_split=True)
    lines = range(asking.line, end)
    return VaultNote(card, frozenset(lines))


def card_tag_at_end(tags: Sequence[str]) -> re.Pattern[str]:
    """What matches the tag of a card, with other tags behind it, at the end of a line."""
    return re.compile(
        rf"(?<!\S)#{tags_pattern(tags)}(?:[-/](?P<how>reverse|spaced))?"
        rf"(?P<more>(?:[ \t]+#[\w/-]+){{0,{_MOST_TAGS}}})[ \t]*$",
        re.IGNORECASE,
    )


def _asking(
    file: ShapedFile,
    taken: AbstractSet[int],
    pattern: re.Pattern[str],
) -> Iterator[_Asking]:
    """The questions with tags, in the order of the file."""
    headings = {each.start: each for each in file.outline.headings if not each.underlined}
    paragraphs = (node for node in file.nodes if node.kind == "paragraph")
    lines = {line for node in paragraphs for line in file.lines_of(node)}
    below = 0  # the line after the question before
    for line in sorted(lines | headings.keys()):
        found = pattern.search(file.body[line])
        if found is None or line in taken:
            continue
        first = _first_line(file, line, headings, taken, below)
        text = file.body[line][: found.start()]
        if not text.strip() and first == line:
            continue  # a tag that stands below nothing
        question = _question(file, first, line, found, headings)
        yield _Asking(question, first, line + 1, found["how"] or "", headings.get(first))
        below = line + 1


def _first_line(
    file: ShapedFile,
    line: int,
    headings: Mapping[int, Heading],
    taken: AbstractSet[int],
    below: int,
) -> int:
    """The line on which the question begins whose tag stands on a line."""
    if line in headings:
        return line
    is_alone = file.body[line].lstrip().startswith("#")
    if is_alone and line - 1 in headings and line - 1 not in taken and line > below:
        return line - 1
    first = line
    while first > max(below, file.first_line) and _continues(file, first - 1, headings, taken):
        first -= 1
    # Right below another card, nobody can tell where the answer ends and the question begins.
    if first == below > 0 and file.body[below - 1].strip() and not is_alone:
        return line
    return first


def _continues(
    file: ShapedFile,
    line: int,
    headings: Mapping[int, Heading],
    taken: AbstractSet[int],
) -> bool:
    """Whether a line belongs to the paragraph of the line below it."""
    text = file.body[line].strip()
    if not text or text.startswith(_END) or _RULE.match(text):
        return False
    return line not in headings and line not in taken and line not in file.code_lines


def _question(
    file: ShapedFile,
    first: int,
    line: int,
    tag: re.Match[str],
    headings: Mapping[int, Heading],
) -> Content:
    """The text of a question without its tag; other tags behind it stay."""
    offset = file.offset(line)
    start = file.offset(first)
    if first in headings:
        marks = re.match(r"[ \t]*#+[ \t]*", file.body[first])
        if marks:
            start += marks.end()
    before = file.body[line][: tag.start()].rstrip()
    text = content_of(file.text, start, max(start, offset + len(before)))
    more = content_of(file.text, offset + tag.start("more"), offset + tag.end("more"))
    return joined((text, more))


def _answer(
    file: ShapedFile,
    asking: _Asking,
    stops: AbstractSet[int],
    levels: Mapping[int, int],
) -> Sequence[int]:
    """The lines of an answer, none for a question without one."""
    if asking.how == "spaced":
        return ()
    start = asking.end
    while start < len(file.body) and not file.body[start].strip():
        start += 1
    if asking.heading:
        end = _end_below_heading(file, asking.heading, start, stops, levels)
    else:
        end = _end_of_paragraph(file, start, stops, levels)
    while end > start and _is_nothing(file.body[end - 1]):
        end -= 1
    return range(start, end)


def _end_below_heading(
    file: ShapedFile,
    heading: Heading,
    start: int,
    stops: AbstractSet[int],
    levels: Mapping[int, int],
) -> int:
    """The line on which the answer of a heading has ended: at the next card, at its id, or at a
    heading that is not below it.
    """
    line = start
    while line < len(file.body) and line not in stops:
        if levels.get(line, heading.level + 1) <= heading.level:
            break
        if _ID.match(file.body[line]):
            return line + 1
        line = file.code_blocks.get(line, line + 1)
    return line


def _end_of_paragraph(
    file: ShapedFile,
    start: int,
    stops: AbstractSet[int],
    levels: Mapping[int, int],
) -> int:
    """The line on which the answer of a paragraph has ended: the lines hang together, and an id may
    stand below them.
    """
    if start in levels:
        return start
    line = start
    while line < len(file.body) and line not in stops:
        text = file.body[line].strip()
        if not text or text.startswith(_END):
            break
        line = file.code_blocks.get(line, line + 1)
    return end_with_id(file, line)


def _is_nothing(text: str) -> bool:
    return not text.strip() or _RULE.match(text) is not None
