"""Mathematics that is none: dollars that never close, and LaTeX in marks that no card reads."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from ankipress.diagnostics import Diagnostic
from ankipress.parse.near_misses.near_dollars import NearFormula, in_dollars, near_dollars
from ankipress.syntax.entry_trees import EntryTrees, PartTree
from ankipress.syntax.formulas import looks_like_tex
from ankipress.syntax.prose import prose
from ankipress.syntax.tree import Node
from ankipress.visible_text import one_line

_OLD = re.compile(
    r"\[(?P<mark>latex|\$\$?)\](?P<tex>(?:(?!\[(?:latex|\$)).)*?)\[/(?P=mark)\]",
    re.IGNORECASE | re.DOTALL,
)
_ENVIRONMENT = re.compile(r"\\begin\{(?P<name>[A-Za-z]+\*?)\}")
_EMPTY_LINE = re.compile(r"\n[ \t>]*\n")
_BRACKETS = {"\\(": "\\)", "\\[": "\\]"}
_TEXT = frozenset({"text", "escape", "softbreak"})
# Escaped brackets beside these are those of code or of a path: `types\[3\]`, `\[app\]/files`.
_GLUED = re.compile(r"(?<=[\w/.-])\\|(?<=[\])])[\w/]")


def near_formulas(trees: EntryTrees) -> Iterator[Diagnostic]:
    """Find mathematics that stands on the card as text."""
    for tree in trees.all():
        text = tree.part.text
        if "\\(" in text or "\\[" in text:
            yield from _brackets(tree.nodes, tree)
        if "$" in text or "\\begin" in text or "[latex]" in text.lower():
            for each in _near(tree):
                place = tree.place(each.start, each.end)
                yield Diagnostic("near-formula", place, each.message, each.help, each.fix)


def _near(tree: PartTree) -> Iterator[NearFormula]:
    text = tree.part.text
    shown = prose(tree.nodes, text)
    # Between its marks, part of it may be mathematics.
    old = [each for each in _OLD.finditer(text) if shown[each.start()] == "["]
    yield from (_old_marks(found, text) for found in old)
    starts = [found.start() for found in old]
    taken: list[int] = []
    for each in near_dollars(shown, text):
        number = bisect_right(starts, each.start) - 1
        if number < 0 or old[number].end() <= each.start:
            taken.append(each.start)
            yield each
    yield from _environments(shown, taken)


def _old_marks(found: re.Match[str], text: str) -> NearFormula:
    mark = found["mark"]
    tex = found["tex"].strip()
    message = f"[{mark}] is Anki's old mark of LaTeX, which no card shows any more"
    fix = None
    if mark == "$":
        fix = in_dollars(
            tex,
            text[max(0, found.start() - 1) : found.start()],
            text[found.end() : found.end() + 1],
        )
    elif mark == "$$":
        fix = f"$${tex}$$"
    if not tex or "\n" in found[0] or "$" in tex or "`" in tex:
        fix = None
    help = "write mathematics between dollars, $…$ or $$…$$"
    if fix:
        help = f"write {fix}"
    return NearFormula(*found.span(), message, help, fix)


def _environments(shown: str, dollars: list[int]) -> Iterator[NearFormula]:
    """The first environment of each paragraph in which no open dollar was reported."""
    end = 0
    for found in _ENVIRONMENT.finditer(shown):
        if found.start() < end:
            continue
        blank = _EMPTY_LINE.search(shown, found.end())
        end = blank.end() if blank else len(shown)
        before = bisect_right(dollars, found.start()) - 1
        if before >= 0 and not _EMPTY_LINE.search(shown, dollars[before], found.start()):
            continue
        message = f"{found[0]} stands outside of mathematics, so it is text"
        help = "write `$$` on a line above it and on a line below its end"
        yield NearFormula(*found.span(), message, help)


def _brackets(nodes: list[Node], tree: PartTree) -> Iterator[Diagnostic]:
    """Escaped brackets that might be mathematics, but hold nothing that looks like TeX."""
    opening: Node | None = None
    for node in nodes:
        if node.kind == "escape" and node.markup in _BRACKETS:
            opening = node
        elif node.kind == "escape" and opening and node.markup == _BRACKETS[opening.markup]:
            yield from _as_text(opening, node, tree)
            opening = None
        elif node.kind not in _TEXT:
            opening = None
        if node.kind != "link":
            yield from _brackets(node.children, tree)


def _as_text(opening: Node, closing: Node, tree: PartTree) -> Iterator[Diagnostic]:
    text = tree.part.text
    inner = text[opening.end : closing.start]
    before = text[max(0, opening.start - 1) : opening.start]
    if len(inner.strip()) < 2 or looks_like_tex(inner, opening.markup, before):
        return
    if _GLUED.match(text, opening.start) or _GLUED.match(text, closing.end):
        return
    words = one_line(text[opening.start : closing.end], 60)
    message = f"{words} does not look like TeX, so it is text in brackets"
    help = "write it between dollars, `$…$`, if it is mathematics"
    location = tree.place(opening.start, closing.end)
    yield Diagnostic("tex-as-text", location, message, help)
