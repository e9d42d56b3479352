"""Cards of Logseq: a block with the tag `#card` asks, and the blocks below it answer. `{{cloze x}}`
in it is a gap. A list item of flashcards-obsidian with this tag is one, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from ankipress.parse.shapes.gap_styles import LOGSEQ, has_gap, with_gaps
from ankipress.parse.shapes.pieces import CardPieces, content_of, joined
from ankipress.parse.shapes.shaped_file import ShapedFile, unquoted
from ankipress.parse.shapes.vault_notes import CODE_SPAN, VaultNote, braces, outdented, tags_pattern
from ankipress.syntax.tree import Content, Node

_LISTS = frozenset({"bullets", "numbers"})
_PROPERTY = re.compile(r"[ \t]*(?P<key>[A-Za-z0-9_\-./]+)::(?:[ \t]+(?P<value>.*))?$")
_MARKER = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:#{1,6}[ \t]+|\[.\][ \t]+)?")
_PAGE = re.compile(r"[ \t]+#?\[\[card\]\][ \t]*$", re.IGNORECASE)
_UUID = re.compile(r"[0-9A-Za-z-]{4,64}")
_LOGBOOK = ":LOGBOOK:"
_END_OF_LOGBOOK = ":END:"


@dataclass(frozen=True, slots=True)
class _ListBlock:
    """An item of a list: its 0-based lines, and the lists of the blocks below it."""

    node: Node
    lines: range
    children: Sequence[Node]

    @classmethod
    def of(cls, file: ShapedFile, node: Node) -> _ListBlock:
        children = [each for each in node.children if each.kind in _LISTS]
        return cls(node, file.lines_of(node), children)

    @property
    def has_text(self) -> bool:
        """Whether it begins with text, and not with code or such."""
        first = self.node.children[:1]
        return any(each.kind in {"paragraph", "heading"} for each in first)

    def below(self, file: ShapedFile) -> Iterator[_ListBlock]:
        """The blocks right below it."""
        for each in self.children:
            for item in each.children:
                yield self.of(file, item)


def read_logseq_blocks(file: ShapedFile, taken: AbstractSet[int]) -> Iterator[VaultNote]:
    """The cards of the items with a tag on their first line."""
    if not file.separators.card_tags:
        return
    pattern = re.compile(
        rf"(?<!\S)#{tags_pattern(file.separators.card_tags)}(?:[-/](?P<how>reverse|spaced))?"
        r"(?![\w/-])[ \t]*",
        re.IGNORECASE,
    )
    blocks = [each for each in _blocks(file) if taken.isdisjoint(each.lines)]
    found = {each.lines.start: _tag(file, each, pattern) for each in blocks}
    asking = {line for line, tag in found.items() if tag}
    for block in blocks:
        if tag := found[block.lines.start]:
            yield _note(file, block, tag, asking)


def _blocks(file: ShapedFile) -> Iterator[_ListBlock]:
    """The items of all lists in the order of the file, each before those below it."""
    for node in unquoted(file.nodes):
        if node.kind == "item":
            yield _ListBlock.of(file, node)


def _tag(
    file: ShapedFile,
    block: _ListBlock,
    pattern: re.Pattern[str],
) -> re.Match[str] | None:
    """The tag on the first line of a block, outside code."""
    if not block.has_text:
        return None
    line = block.lines.start
    text = file.body[line]
    code = [each.span() for each in CODE_SPAN.finditer(text)]
    for tag in pattern.finditer(text):
        is_code = any(start <= tag.start() < end for start, end in code)
        if not is_code:
            return tag
    # A link to a page of that name says so only where something else is as in Logseq.
    if block.children or _properties(file, block):
        return _PAGE.search(text)
    return None


def _note(
    file: ShapedFile,
    block: _ListBlock,
    tag: re.Match[str],
    asking: AbstractSet[int],
) -> VaultNote:
    line = block.lines.start
    properties = _properties(file, block)
    hidden = _hidden_lines(file, block, asking)
    rest = [each for each in block.lines[1:] if each not in hidden]
    front: list[int] = []
    if block.children:
        # What stands in the block itself is question, what stands below it is answer.
        below = file.line_of(block.children[0].start)
        front = [each for each in rest if each < below]
    back = rest[len(front) :]
    question = _question(file, line, tag)
    card = CardPieces(
        question,
        (outdented(file, front),),
        (outdented(file, back),),
        line,
        max((line, *rest)) + 1,
        braces(id=_id(file, properties)),
        is_split=True,
    )
    lines = frozenset((line, *rest, *properties))
    return VaultNote(_with_kind(card, tag), lines)


def _with_kind(card: CardPieces, tag: re.Match[str]) -> CardPieces:
    """A card that is a cloze if it has gaps, and else asked both ways if its tag says so."""
    sides = [card.question, *card.front, *card.back]
    if any(has_gap(each.text, (LOGSEQ,)) for each in sides):
        question, *back = (with_gaps(each, (LOGSEQ,)) for each in sides)
        return replace(card, question=question, front=(), back=back)
    if tag.groupdict().get("how") == "reverse":
        attributes = f"{card.braces.strip('{}')} reverse"
        return replace(card, braces=f"{{{attributes.strip()}}}")
    return card


def _question(
    file: ShapedFile,
    line: int,
    tag: re.Match[str],
) -> Content:
    """The text of a block's first line without its tag."""
    text = file.body[line]
    first = 0
    marker = _MARKER.match(text)
    if marker:
        first = min(marker.end(), tag.start())
    offset = file.offset(line)
    before = content_of(file.text, offset + first, offset + tag.start())
    behind = content_of(file.text, offset + tag.end(), offset + len(text))
    return joined((before, behind))


def _id(file: ShapedFile, properties: Sequence[int]) -> str:
    """The id among the properties of a block, empty where there is none."""
    for line in properties:
        found = _PROPERTY.match(file.body[line])
        if found is None or found["key"] != "id":
            continue
        value = (found["value"] or "").strip()
        if _UUID.fullmatch(value):
            return value
    return ""


def _properties(file: ShapedFile, block: _ListBlock) -> Sequence[int]:
    """The lines of a block's properties, right below its first line."""
    found: list[int] = []
    line = block.lines.start + 1
    while line in block.lines:
        end = line
        text = file.body[line].strip()
        if text == _LOGBOOK:
            end = _end_of_logbook(file, block, line)
        elif _PROPERTY.match(text):
            end = line + 1
        if end == line:
            break
        found += range(line, end)
        line = end
    return found


def _end_of_logbook(
    file: ShapedFile,
    block: _ListBlock,
    line: int,
) -> int:
    """The line after the end of a logbook; without an end, it is nothing but text."""
    for number in range(line, block.lines.stop):
        if file.body[number].strip() == _END_OF_LOGBOOK:
            return number + 1
    return line


def _hidden_lines(
    file: ShapedFile,
    block: _ListBlock,
    asking: AbstractSet[int],
) -> AbstractSet[int]:
    """The lines of a block that are not on its card: properties, and blocks that are cards."""
    hidden = set(_properties(file, block))
    waiting = list(block.below(file))
    while waiting:
        child = waiting.pop()
        if child.lines.start in asking:
            hidden.update(child.lines)
        else:
            hidden.update(_properties(file, child))
            waiting += child.below(file)
    return hidden
