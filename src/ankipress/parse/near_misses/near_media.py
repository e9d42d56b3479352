"""Pictures and sounds that nothing shows, because of a space in their marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ankipress.diagnostics import Diagnostic
from ankipress.syntax.entry_trees import EntryTrees, PartTree
from ankipress.syntax.media_endings import ENDINGS
from ankipress.syntax.prose import find_in_prose

_MEDIA = rf"\.(?:{'|'.join(sorted(ENDINGS))})"
_SPACED = re.compile(
    r"(?P<mark>!?\[[^\[\]\n]*\])\((?P<address>(?:[^()<>\n]|\([^()<>\n]*\))*)\)", re.IGNORECASE
)
_TITLED = re.compile(r"""(?P<address>.*\S)(?P<title>\s+(?:"[^"]*"|'[^']*'))\s*""")
_APART = re.compile(
    rf"(?P<mark>!?\[[^\[\]\n]*\])[ \t]+(?P<address>\([^()\s]+{_MEDIA}\))", re.IGNORECASE
)
_QUICK = re.compile(r"\]\([^()\n]*[ \t(]|\][ \t]+\(")
_ENDS_AS_MEDIA = re.compile(rf"{_MEDIA}\Z", re.IGNORECASE)


def near_media(trees: EntryTrees) -> Iterator[Diagnostic]:
    """Find `![map](world map.png)` and `![map] (map.png)`."""
    for tree in trees.all():
        if _QUICK.search(tree.part.text):
            yield from _near(tree)


def _near(tree: PartTree) -> Iterator[Diagnostic]:
    for found in find_in_prose(_SPACED, tree.nodes, tree.part.text):
        address = found["address"].strip()
        title = ""
        if titled := _TITLED.fullmatch(address):
            address = titled["address"]
            title = titled["title"]
        if " " not in address or not _ENDS_AS_MEDIA.search(address):
            continue  # without a space, it stands in HTML, where nothing is Markdown
        message = "an address with a space ends at it, so this is text and shows no file"
        yield _problem(tree, found, message, f"{found['mark']}(<{address}>{title})")
    for found in find_in_prose(_APART, tree.nodes, tree.part.text):
        message = "a space stands between the brackets, so this is text and shows no file"
        yield _problem(tree, found, message, f"{found['mark']}{found['address']}")


def _problem(
    tree: PartTree,
    found: re.Match[str],
    message: str,
    fix: str,
) -> Diagnostic:
    place = tree.place(found.start(), found.end())
    return Diagnostic("near-media", place, message, f"write {fix}", fix)
