r"""Double bars of TeX in a table, where `\|` is a single one."""

from __future__ import annotations

from collections.abc import Iterator

from ankipress.diagnostics import Diagnostic
from ankipress.syntax.entry_trees import EntryTrees, PartTree
from ankipress.syntax.tree import Node, walk


def bars_in_formulas(trees: EntryTrees) -> Iterator[Diagnostic]:
    r"""Find formulas of cells in which `\|` was likely meant as a double bar."""
    for tree in trees.all():
        if "\\|" not in tree.part.text:
            continue
        for node in tree.walk():
            if node.kind == "cell":
                for formula in walk(node.children):
                    yield from _bar(formula, tree)


def _bar(node: Node, tree: PartTree) -> Iterator[Diagnostic]:
    written = tree.part.text[node.start : node.end]
    if node.kind != "math" or "\\|" not in written or node.markup == written:
        return
    start = node.start + written.index("\\|")
    message = "in a table, `\\|` is a single bar, also in mathematics"
    help = "write `\\vert` for a single bar, or `\\Vert` for a double one"
    yield Diagnostic("bar-in-formula", tree.place(start, start + 2), message, help)
