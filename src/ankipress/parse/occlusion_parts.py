"""A card of kind `occlusion`: its picture and its block of shapes are parts of their own."""

from __future__ import annotations

import re
from dataclasses import replace

from markdown_it import MarkdownIt

from ankipress.diagnostics import Diagnostic, Location
from ankipress.model import Entry, Part
from ankipress.parse.cut_parts import cut, joined_parts
from ankipress.syntax.occlusion_block import read_block

_MARKDOWN = MarkdownIt("commonmark")
_PICTURE = re.compile(
    r"\s*(?:!\[(?:[^\[\]\\]|\\.)*\]\((?:[^()\n]|\([^()\n]*\))*\)|<img\s[^>]*>)\s*"
)
_FENCE = re.compile(r"^ {0,3}(?:`{3,}|~{3,})[ \t]*occlusion(?!\S)", re.MULTILINE)
_WAY_OUT = "write a picture, `![…](media/heart.png)`, and below it a block ```` ```occlusion ````"


def cut_occlusion(entry: Entry) -> tuple[Entry, list[Diagnostic]]:
    """The entry with the parts `Image` and `Occlusion`, and what is wrong with the block.

    What stands above the block is shown with the picture, what stands below it on the back only.
    """
    for name in ("Front", "Back"):
        part = entry.parts.get(name)
        if part and (found := _find(part)):
            return _with_parts(entry, name, part, *found)
    return entry, [
        Diagnostic("bad-occlusion", entry.location, "this card has no block of shapes", _WAY_OUT)
    ]


def has_block(part: Part) -> bool:
    """Whether a block of shapes stands at the outermost level of a part."""
    return _FENCE.search(part.text) is not None and _find(part) is not None


def _find(part: Part) -> tuple[range, range | None] | None:
    """The lines of the block and of the picture it belongs to: the last one above it, else the
    first one below.
    """
    tokens = [token for token in _MARKDOWN.parse(part.text) if token.level == 0 and token.map]
    lines = part.text.split("\n")
    block = next(
        (
            each
            for each in tokens
            if each.type == "fence" and each.info.split()[:1] == ["occlusion"]
        ),
        None,
    )
    if block is None or block.map is None:
        return None
    pictures = []
    for token in tokens:
        if token.type in {"paragraph_open", "html_block"} and token.map:
            span = range(*token.map)
            if _PICTURE.fullmatch("\n".join(lines[number] for number in span)):
                pictures.append(span)
    above = [span for span in pictures if span.start < block.map[0]]
    return range(*block.map), above[-1] if above else next(iter(pictures), None)


def _with_parts(
    entry: Entry, name: str, part: Part, block: range, picture: range | None
) -> tuple[Entry, list[Diagnostic]]:
    lines = part.text.split("\n")
    taken = {*block, *(picture or ())}
    rest = ["" if number in taken else line for number, line in enumerate(lines)]
    closed = block.stop - (
        lines[block.stop - 1].strip(" \t")[:3] in {"```", "~~~"} and len(block) > 1
    )
    shapes = Part("\n".join(lines[block.start + 1 : closed]), part.line + block.start + 1)
    parts = {key: value for key, value in entry.parts.items() if key not in {"Front", "Back"}}
    above, below = _moved(rest, 0, block.start, part), _moved(rest, block.stop, len(rest), part)
    if name == "Front":
        parts |= {
            "Front": joined_parts([above, below]),
            "Back": entry.parts.get("Back", Part("", part.line)),
        }
    else:
        parts |= {
            "Front": joined_parts([*filter(None, [entry.parts.get("Front")]), above]),
            "Back": below,
        }
    if not parts["Front"].text:
        del parts["Front"]
    parts["Occlusion"] = shapes
    if picture:
        parts["Image"] = Part(
            "\n".join(lines[picture.start : picture.stop]).strip(), part.line + picture.start
        )
    made = replace(entry, parts=parts)
    return made, _problems(made, part.line + block.start)


def _moved(lines: list[str], start: int, end: int, part: Part) -> Part:
    """The lines between two, as a part at its line in the file."""
    found = cut(lines, start, end)
    return Part(found.text, part.line + found.line - 1)


def _problems(entry: Entry, line: int) -> list[Diagnostic]:
    part = entry.parts["Occlusion"]
    found = []
    if "Image" not in entry.parts:
        found.append(
            Diagnostic(
                "bad-occlusion",
                Location(entry.path, line),
                "there is no picture to hide parts of",
                _WAY_OUT,
            )
        )
    for mistake in read_block(part.text).mistakes:
        text = part.text.split("\n")[mistake.line] if mistake.line >= 0 else ""
        column = len(text) - len(text.lstrip()) + 1
        place = Location(entry.path, part.line + mistake.line, column, max(1, len(text.strip())))
        found.append(Diagnostic("bad-occlusion", place, mistake.message, mistake.help))
    return found
