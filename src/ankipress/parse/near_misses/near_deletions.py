"""Deletions that Anki would not find: `{{c1:text}}`, `{{1::text}}`, `{c1::text}` and such."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

from ankipress.diagnostics import Diagnostic
from ankipress.syntax.entry_trees import EntryTrees, PartTree
from ankipress.syntax.prose import prose
from ankipress.syntax.tree import walk
from ankipress.syntax.tree_deletions import tree_deletions

# Latin c and letters that look like it, in Cyrillic, Greek, Roman numerals and full width.
_C = "cC\u0441\u0421\u03f2\u03f9\u217d\u216d\uff43\uff23"
_NEAR = re.compile(
    rf"""(?P<open>\{{\{{?)[ \t]*
    (?P<letter>[{_C}]?)[ \t]*(?P<number>\d{{1,3}}(?:,\d{{1,3}})*|[lIoO](?![A-Za-z]))?[ \t]*
    (?P<colons>:::?|;;|：：|:|：)
    (?P<text>[^{{}}\n]*)(?P<close>\}}\}}?)""",
    re.VERBOSE,
)
_OPENING = re.compile(rf"\{{[ \t]*[{_C}\d][^{{}}\n]{{0,20}}?(?:::|;;|[:\uff1a])")
_RIGHT = re.compile(r"\{\{c[0-9]+(?:,[0-9]+)*::[^{}\n]*\}\}")
_DIGITS = {"l": "1", "I": "1", "o": "0", "O": "0"}
_ODD = frozenset({"：：", ";;"})
_DOUBLE = frozenset({"::", *_ODD})


def near_deletions(trees: EntryTrees) -> Iterator[Diagnostic]:
    """Find marks that were likely meant as those of deletions, and deletions that hide nothing."""
    if trees.entry.attributes.kind == "basic":
        return  # its author said that such marks are text
    free = _free_numbers(trees)
    for tree in trees.all():
        if "{" not in tree.part.text:
            continue
        yield from _misspelt(tree, free)
        yield from _empty(tree)
        yield from _in_pictures(tree)


def _free_numbers(trees: EntryTrees) -> Iterator[str]:
    """The numbers that no deletion of a card has."""
    found = [tree_deletions(tree.nodes, tree.part.text) for tree in trees.all()]
    deletions = [each for one in found for each in (*one.in_prose, *one.elsewhere)]
    known = {int(number[:6]) for each in deletions for number in each.numbers.split(",")}
    return (str(number) for number in count(1) if number not in known)


def _misspelt(tree: PartTree, free: Iterator[str]) -> Iterator[Diagnostic]:
    text = tree.part.text
    if not _OPENING.search(text):
        return
    shown = prose(tree.nodes, text)
    for found in _NEAR.finditer(shown):
        start = found.start()
        inner = found.start("text")
        # What is hidden may be code or mathematics, the marks may not.
        if shown[start:inner] != text[start:inner] or text[start - 1 : start] == "{":
            continue
        written = text[start : found.end()]
        hidden = text[inner : found.end("text")].strip()
        if not hidden or _RIGHT.fullmatch(found[0]) or not _is_near(found):
            continue
        place = tree.place(start, found.end())
        message = f"{written} is no deletion, so it hides nothing and stands on the card"
        fix = _corrected(found, hidden, free)
        yield Diagnostic("misspelt-deletion", place, message, f"write {fix}", fix)


def _is_near(found: re.Match[str]) -> bool:
    """Whether braces differ from a deletion by so little that nothing else can be meant."""
    letter = found["letter"]
    number = found["number"]
    colons = found["colons"]
    is_double = len(found["open"]) == 2 == len(found["close"])
    if not letter:
        return is_double and colons in _DOUBLE and (number or "")[:1].isdigit()
    if number and is_double:
        return True
    if not is_double:
        # `{c1::x}` is one; `{{c1::x}` is a deletion that never ends, which is told elsewhere.
        return bool(number) and colons in _DOUBLE and len(found["open"]) == 1
    return colons in _DOUBLE


def _corrected(found: re.Match[str], text: str, free: Iterator[str]) -> str:
    """The deletion that was likely meant; where it has no number, the next one that is free."""
    number = found["number"] or next(free)
    number = "".join(map(_digit, number))
    if found["colons"] in _ODD:
        text = text.replace(found["colons"], "::")
    return f"{{{{c{number}::{text}}}}}"


def _digit(sign: str) -> str:
    """What was likely meant by a sign in a number; digits may be those of any script."""
    if sign.isdigit():
        return str(int(sign))
    return _DIGITS.get(sign, sign)


def _empty(tree: PartTree) -> Iterator[Diagnostic]:
    text = tree.part.text
    for each in tree_deletions(tree.nodes, text).in_prose:
        if text[each.inner : each.text_end].strip():
            continue
        place = tree.place(each.start, each.end + 2)
        words = text[each.start : each.end + 2]
        message = f"the deletion {words} is empty, so its card asks for nothing"
        help = f"write what it hides: {{{{c{each.numbers}::…}}}}"
        yield Diagnostic("empty-deletion", place, message, help)


def _in_pictures(tree: PartTree) -> Iterator[Diagnostic]:
    message = "a deletion in the text or title of a picture hides nothing"
    help = "write it beside the picture, or hide a part of the picture: kind=occlusion"
    for image in walk(tree.nodes):
        if image.kind != "image":
            continue
        for found in _RIGHT.finditer(tree.part.text, image.start, image.end):
            place = tree.place(*found.span())
            yield Diagnostic("deletion-outside-text", place, message, help)
