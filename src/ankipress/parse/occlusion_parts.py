"""A card of kind `occlusion`: its picture and its block of shapes are parts of their own."""

from __future__ import annotations

import re
from dataclasses import replace

from ankipress.diagnostics import Diagnostic, Location, location_of_text
from ankipress.model import Entry, Part
from ankipress.parse.cut_parts import cut, joined_parts
from ankipress.syntax.commonmark import commonmark
from ankipress.syntax.occlusion_block import read_block

_PICTURE = re.compile(
    r"\s*(?:!\[(?:[^\[\]\\]|\\.)*\]\((?:[^()\n]|\([^()\n]*\))*\)|<img\s[^>]*>)\s*"
)
_FENCE = re.compile(r"^ {0,3}(?:`{3,}|~{3,})[ \t]*occlusion(?!\S)", re.MULTILINE)
_HELP = "write a picture, `![…](media/heart.png)`, and below it a block ```` ```occlusion ````"


def cut_occlusion(entry: Entry) -> tuple[Entry, list[Diagnostic]]:
    """The entry with the parts `Image` and `Occlusion`, and what is wrong with the block.

    What stands above the block is shown with the picture, what stands below it on the back only.
    """
    for name in ("Front", "Back"):
        part = entry.parts.get(name, Part("", 0))
        if found := _find_block(part):
            block, picture = found
            parts = _parts(entry, name, block, picture)
            occlusion = replace(entry, parts=parts)
            return occlusion, _problems(occlusion, part.line + block.start)
    message = "this card has no block of shapes"
    return entry, [Diagnostic("bad-occlusion", entry.location, message, _HELP)]


def has_block(part: Part) -> bool:
    """Whether a block of shapes stands at the outermost level of a part."""
    return _FENCE.search(part.text) is not None and _find_block(part) is not None


def _find_block(part: Part) -> tuple[range, range] | None:
    """The lines of the block and of its picture, which are none where it has no picture.

    The picture is the last one above the block, else the first one below it.
    """
    lines = part.text.split("\n")
    block = None
    picture = range(0)
    for token in commonmark().parse(part.text):
        if token.level or not token.map:
            continue
        span = range(*token.map)
        if token.type == "fence":
            if block is None and token.info.split()[:1] == ["occlusion"]:
                block = span
        elif token.type in {"paragraph_open", "html_block"}:
            text = "\n".join(lines[span.start : span.stop])
            if (block is None or not picture) and _PICTURE.fullmatch(text):
                picture = span
    if block is None:
        return None
    return block, picture


def _parts(entry: Entry, name: str, block: range, picture: range) -> dict[str, Part]:
    """The parts of an entry whose part with this name holds a block."""
    part = entry.parts[name]
    lines = part.text.split("\n")
    shapes = lines[block.start + 1 : block.stop]
    if shapes and shapes[-1].strip(" \t")[:3] in {"```", "~~~"}:
        shapes.pop()
    # Blank lines in place of block and picture keep every other line where it is.
    rest = lines.copy()
    for number in (*block, *picture):
        rest[number] = ""
    front = [cut(rest, 0, block.start, first=part.line)]
    back = cut(rest, block.stop, len(rest), first=part.line)
    if name == "Front":
        front.append(back)
        back = entry.parts.get("Back", Part("", part.line))
    elif "Front" in entry.parts:
        front.insert(0, entry.parts["Front"])
    parts = {**entry.parts, "Front": joined_parts(front), "Back": back}
    if not parts["Front"].text:
        del parts["Front"]
    parts["Occlusion"] = Part("\n".join(shapes), part.line + block.start + 1)
    if picture:
        image = "\n".join(lines[picture.start : picture.stop])
        parts["Image"] = Part(image.strip(), part.line + picture.start)
    return parts


def _problems(entry: Entry, line: int) -> list[Diagnostic]:
    part = entry.parts["Occlusion"]
    problems = []
    if "Image" not in entry.parts:
        message = "there is no picture to hide parts of"
        problems.append(Diagnostic("bad-occlusion", Location(entry.path, line), message, _HELP))
    lines = part.text.split("\n")
    for mistake in read_block(part.text).mistakes:
        text = "".join(lines[mistake.line : mistake.line + 1])
        place = location_of_text(entry.path, part.line + mistake.line, text)
        problems.append(Diagnostic("bad-occlusion", place, mistake.message, mistake.help))
    return problems
