"""A card of kind `occlusion`: its picture and its block of shapes are parts of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from ankipress.diagnostics import Diagnostic, Location, location_of_text
from ankipress.model import Entry, Part
from ankipress.parse.cut_parts import cut, joined_parts
from ankipress.syntax.entry_trees import EntryTrees
from ankipress.syntax.occlusion_block import read_block
from ankipress.syntax.spans import lines_of
from ankipress.syntax.tree import Node

_TAG = re.compile(r"\s*<img\s[^>]*>\s*")
_HELP = "write a picture, `![…](media/heart.png)`, and below it a block ```` ```occlusion ````"


def cut_occlusion(trees: EntryTrees) -> tuple[Entry, list[Diagnostic]]:
    """The entry with the parts `Image` and `Occlusion`, and what is wrong with the block.

    What stands above the block is shown with the picture, what stands below it on the back only.
    """
    entry = trees.entry
    for name in ("Front", "Back"):
        tree = trees.part(name)
        if found := _find_block(tree.nodes, tree.part.text):
            block, picture = found
            parts = _parts(entry, name, block, picture)
            occlusion = replace(entry, parts=parts)
            opening = tree.part.text.split("\n")[block.start]
            line = tree.part.line + block.start
            place = location_of_text(entry.path, line, opening)
            return occlusion, _problems(occlusion, place)
    message = "this card has no block of shapes"
    return entry, [Diagnostic("bad-occlusion", entry.location, message, _HELP)]


def has_block(nodes: Iterable[Node]) -> bool:
    """Whether a block of shapes is among some nodes."""
    return any(map(_is_block, nodes))


def _is_block(node: Node) -> bool:
    return node.kind == "code" and node.info.split()[:1] == ["occlusion"]


def _is_picture(node: Node) -> bool:
    """Whether a block is a picture and nothing else."""
    if node.kind == "html_block":
        return _TAG.fullmatch(node.text) is not None
    if node.kind != "paragraph" or len(node.children) != 1:
        return False
    (child,) = node.children
    return child.kind == "image" or (child.kind == "html" and _TAG.match(child.text) is not None)


def _find_block(nodes: Iterable[Node], text: str) -> tuple[range, range] | None:
    """The lines of the block and of its picture, which are none where it has no picture.

    The picture is the last one above the block, else the first one below it.
    """
    block = None
    picture = range(0)
    for node in nodes:
        lines = lines_of(text, *node.span)
        if _is_block(node) and block is None:
            block = lines
        elif (block is None or not picture) and _is_picture(node):
            picture = lines
    if block is None:
        return None
    return block, picture


def _parts(
    entry: Entry,
    name: str,
    block: range,
    picture: range,
) -> dict[str, Part]:
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
    line = part.line + block.start + 1
    parts["Occlusion"] = Part("\n".join(shapes), line)
    if picture:
        image = "\n".join(lines[picture.start : picture.stop])
        line = part.line + picture.start
        parts["Image"] = Part(image.strip(), line)
    return parts


def _problems(entry: Entry, opening: Location) -> list[Diagnostic]:
    """What is wrong with a block, given the place of the line that opens it."""
    part = entry.parts["Occlusion"]
    problems = []
    if "Image" not in entry.parts:
        message = "there is no picture to hide parts of"
        problems.append(Diagnostic("bad-occlusion", opening, message, _HELP))
    lines = part.text.split("\n")
    for mistake in read_block(part.text).mistakes:
        place = opening
        if mistake.line >= 0:
            text = "".join(lines[mistake.line : mistake.line + 1])
            line = part.line + mistake.line
            place = location_of_text(entry.path, line, text)
        problems.append(Diagnostic("bad-occlusion", place, mistake.message, mistake.help))
    return problems
