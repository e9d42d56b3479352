"""What the text of a card says of it: its tags in Obsidian's dialect, and the id that another tool
has written, as `^id` in that dialect and as `<!--ID: 123-->` in every text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ankipress.model import Entry
from ankipress.parse.attributes import normal_tags
from ankipress.syntax.entry_trees import EntryTrees, PartTree
from ankipress.syntax.tree import Node, walk

_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_ID = re.compile(
    rf"""
    (?:id|nid|guid|uuid|note[ _-]?(?:id|key)|anki[ _-]?(?:note[ _-]?)?id)[ \t]*[:=][ \t]*
        (?P<id>[A-Za-z0-9](?:[\w.:-]*\w)?)
    |\(?(?P<uuid>{_UUID})\)?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


def with_written_marks(trees: EntryTrees) -> Entry:
    """The entry with the tags and the id that stand in its text. An id in its braces comes first.

    Of several blocks with an id, the heading counts, and else the last block. Of several comments
    with an id none does: they are those of several cards.
    """
    entry = trees.entry
    own_id = entry.attributes.id
    id = own_id or _block_id(trees) or _id_in_comment(trees)
    tags = list(entry.tags)
    for tree in trees.all():
        tags += _tags(tree)
    if id == own_id and len(tags) == len(entry.tags):
        return entry
    attributes = replace(entry.attributes, id=id)
    return replace(entry, attributes=attributes, tags=normal_tags(tags))


def heading_tags(trees: EntryTrees) -> tuple[str, ...]:
    """The tags that stand in the heading of a card."""
    return tuple(_tags(trees.heading))


def _tags(tree: PartTree) -> Iterator[str]:
    for node in tree.walk():
        if node.kind in {"text", "unseen"} and node.info == "tag":
            parts = node.text.removeprefix("#").split("/")
            yield "::".join(filter(None, parts))


def _block_id(trees: EntryTrees) -> str | None:
    if ids := _block_ids(trees.heading.nodes):
        return ids[-1]
    ids = []
    ending = []
    for _, tree in trees.parts():
        ids += _block_ids(tree.nodes)
        blocks = [node for node in tree.nodes if node.kind != "html_block"]
        ending += _block_ids(blocks[-1:])
    # Of several ids, one at the end is the card's, and others are those of its paragraphs.
    if len(ids) > 1:
        ids = ending[-1:]
    return next(iter(ids), None)


def _block_ids(nodes: Iterable[Node]) -> list[str]:
    marks = (node for node in walk(nodes) if node.info == "block_id")
    return [node.text.removeprefix("^") for node in marks if node.kind == "unseen"]


def _id_in_comment(trees: EntryTrees) -> str | None:
    ids: set[str] = set()
    for tree in trees.all():
        if "<!--" in tree.part.text:
            ids.update(_ids_in_comments(tree))
    if len(ids) == 1:
        return ids.pop()
    return None


def _ids_in_comments(tree: PartTree) -> Iterator[str]:
    for node in walk(tree.nodes):
        if node.kind not in {"html", "html_block"}:
            continue
        for comment in _COMMENT.finditer(node.text):
            found = _ID.fullmatch(comment[1].strip())
            if found:
                yield found["id"] or found["uuid"]
