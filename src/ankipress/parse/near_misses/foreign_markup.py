"""Marks of other tools, which GitHub and the cards show as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ankipress.diagnostics import Diagnostic
from ankipress.syntax.entry_trees import EntryTrees, PartTree
from ankipress.syntax.prose import prose

# `[[ $a = 1 ]]` is a test of a shell, `[[1, 2]]` a matrix, `[[nodiscard]]` an attribute of C++.
_LINK = re.compile(
    r"(?<![!\[A-Za-z0-9_])\[\[(?=[^\W_]|[#^])(?=[^\[\]\n]*[^\W\d_]{2})"
    r"(?!(?:nodiscard|noreturn|deprecated|fallthrough|maybe_unused|likely|unlikely)\b)"
    r"[^\[\]\n]+(?<!\s)\]\]"
)
_HIGHLIGHT = re.compile(r"(?<![=A-Za-z0-9_])==(?=[^\s=])[^=\n]*?(?<=[^\s=])==(?![=A-Za-z0-9_])")
# Obsidian's own ids have six signs. Others hold a hyphen, or stand alone.
_BLOCK_ID = re.compile(
    r"(?:(?<=[ \t])\^(?:[0-9a-f]{6}|[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+)|^\^[A-Za-z0-9-]{4,})[ \t]*$",
    re.MULTILINE,
)
_CONTAINER = re.compile(r"^[ \t>]*(?P<mark>:{3,}[ \t]*(?:[\w{-][^\n]*)?)$", re.MULTILINE)
_SETTING = '; the setting `dialect = "obsidian"` reads it as Obsidian does'
_MARKS = (
    (_LINK, "a link between notes", f"write `[words](file.md)`, or the words alone{_SETTING}"),
    (_HIGHLIGHT, "a highlight", f"write `**words**`, or `<mark>words</mark>`{_SETTING}"),
    (_BLOCK_ID, "the mark of a block", f"delete it{_SETTING}"),
    (_CONTAINER, "a box of another tool", "write an alert, `> [!NOTE]`, or delete it"),
)
_QUICK = re.compile(r"\[\[|==|\^|:::")


def foreign_markup(trees: EntryTrees) -> Iterator[Diagnostic]:
    """Find `[[link]]`, `==mark==`, `^block-id` and `:::`."""
    # On a card of kind cloze, `==mark==` is a deletion.
    hides = trees.entry.attributes.kind not in {None, "basic", "choice", "rows"}
    for tree in trees.all():
        if not _QUICK.search(tree.part.text):
            continue
        shown = prose(tree.nodes, tree.part.text)
        if _QUICK.search(shown):
            yield from _marks(tree, shown, hides=hides)


def _marks(
    tree: PartTree,
    shown: str,
    *,
    hides: bool,
) -> Iterator[Diagnostic]:
    for pattern, what, help in _MARKS:
        if hides and pattern is _HIGHLIGHT:
            continue
        for found in pattern.finditer(shown):
            if found[0] != tree.part.text[found.start() : found.end()]:
                continue
            words = found[pattern.groups].strip()
            start = found.start(pattern.groups)
            place = tree.place(start, start + len(words))
            message = f"{words} stands on the card as it is written: GitHub does not read {what}"
            yield Diagnostic("foreign-markup", place, message, help)
