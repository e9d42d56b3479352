"""Cards of a file written anew, or added to it, with every other byte kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ankipress.parse.attribute_tokens import TEXT, braces_at_end, is_list

_LINE_END = re.compile(r"(\r\n|\r|\n)")


Span = tuple[int, int]
"""The 0-based lines of a card, from the first up to the second."""


@dataclass(slots=True)
class EditedText:
    """The text of a file with other cards, and the 0-based lines at which these begin: those of
    cards that were there, by where they stood, and those of added ones.
    """

    text: str = ""
    replaced: dict[Span, int] = field(default_factory=dict)
    added: list[int] = field(default_factory=list)


def with_cards(
    text: str,
    replaced: Mapping[Span, str],
    added: Sequence[str],
) -> EditedText:
    """A file in which other cards stand on some lines, and more at the end. Blank lines below a
    card, and line ends, stay as they are.
    """
    pieces = _LINE_END.split(text)
    lines = pieces[::2]
    ends = [*pieces[1::2], ""]
    line_end = ends[0] or "\n"
    edited = EditedText()
    written: list[str] = []
    done = 0
    shift = 0
    for (start, end), card in sorted(replaced.items()):
        last = _last_line(lines, start, end)
        written += _joined(lines, ends, done, start)
        written += [card.replace("\n", line_end), ends[last - 1]]
        edited.replaced[start, end] = start + shift
        shift += card.count("\n") + 1 - (last - start)
        done = last
    edited.text = "".join([*written, *_joined(lines, ends, done, len(lines))])
    if added:
        _add(edited, added, line_end)
    return edited


def _add(edited: EditedText, cards: Sequence[str], line_end: str) -> None:
    """Add cards at the end of a file, each below a blank line."""
    pieces: list[str] = []
    line = 0
    if edited.text:
        pieces.append(edited.text.rstrip("\r\n"))
        line = len(_LINE_END.findall(pieces[0])) + 2
    for card in cards:
        piece = card.rstrip("\r\n").replace("\n", line_end)
        pieces.append(piece)
        edited.added.append(line)
        line += len(_LINE_END.findall(piece)) + 2
    edited.text = (2 * line_end).join(pieces) + line_end


def _joined(lines: Sequence[str], ends: Sequence[str], start: int, stop: int) -> Iterator[str]:
    for number in range(start, stop):
        yield lines[number] + ends[number]


def _last_line(lines: Sequence[str], start: int, end: int) -> int:
    """Up to where a card has lines that are not blank."""
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1
    return end


def words_of_heading(heading: str) -> str:
    """The attributes in the braces of a heading that no note of Anki has: not tags, nor its kind,
    nor how its first field is read.
    """
    stripped = heading.rstrip().rstrip("#").rstrip()
    for braces in braces_at_end(stripped, len(stripped)):
        tokens = braces.tokens(stripped)
        if not is_list(tokens):
            continue
        kept = []
        for each in tokens:
            is_tag = each["quoted"] or each["mark"] == "."
            if not is_tag and each["key"] not in {"kind", TEXT}:
                kept.append(each[0].strip())
        return " ".join(kept)
    return ""
