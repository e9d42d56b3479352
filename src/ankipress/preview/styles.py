"""A note type's style sheet → one for light pages and one for dark ones.

Anki marks dark mode by the class `nightMode` around a card. On a page each card stands in a shadow
root, which nothing around it can mark, so the class is taken out of the selectors instead. A page
then needs no script to be dark.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import tinycss2

_NIGHT = r"\.(?:nightMode|night_mode|night-mode)(?![\w-])"
_IS_NIGHT = re.compile(_NIGHT)
_IS_DAY = re.compile(rf":not\(\s*{_NIGHT}\s*\)")
_PAGE = re.compile(r"(?<![\w.#-])(?:body|html|:root)(?![\w-])")
_CONDITIONAL = frozenset("container layer media scope starting-style supports".split())
# Others, such as `@page` and `@property`, would hold for the whole page; `@import` brings a sheet
# of another host, or of a folder that is not there.
_ENDS_AT_CARD = _CONDITIONAL.union(
    "counter-style font-face font-feature-values keyframes -webkit-keyframes".split()
)


class Themes(NamedTuple):
    """The rules for light and for dark pages, in their order."""

    light: str
    dark: str


@functools.lru_cache(maxsize=64)
def split_themes(css: str) -> Themes:
    """Split a style sheet into the rules that apply to a card in light and in dark mode.

    Rules that would hold for the page around the card are left out.
    """
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return Themes(
        light=_themed(rules, dark=False),
        dark=_themed(rules, dark=True),
    )


def _themed(rules: list[Any], *, dark: bool) -> str:
    themed = (_themed_rule(rule, dark=dark) for rule in rules)
    return "\n".join(filter(None, themed))


def _themed_rule(rule: Any, *, dark: bool) -> str:
    """A rule as it is in this theme, empty where it is left out."""
    if rule.type == "qualified-rule":
        selectors = [_selector(text, dark=dark) for text in _list(rule.prelude)]
        kept = ", ".join(filter(None, selectors))
        if not kept:
            return ""
        return f"{kept} {{{tinycss2.serialize(rule.content)}}}"
    if rule.type != "at-rule" or rule.lower_at_keyword not in _ENDS_AT_CARD:
        return ""
    if rule.lower_at_keyword not in _CONDITIONAL or not rule.content:
        return str(rule.serialize())
    # The rules inside a condition are split like those outside.
    inside = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
    prelude = tinycss2.serialize(rule.prelude)
    return f"@{rule.at_keyword}{prelude}{{\n{_themed(inside, dark=dark)}\n}}"


def _list(prelude: list[Any]) -> Iterator[str]:
    """The selectors between the commas."""
    current: list[Any] = []
    for part in [*prelude, ","]:
        if part == ",":
            yield tinycss2.serialize(current).strip()
            current = []
        else:
            current.append(part)


def _selector(selector: str, *, dark: bool) -> str:
    """A selector as it is in this theme, empty where it is for the other one."""
    if _IS_DAY.search(selector) and dark:
        return ""
    selector = _IS_DAY.sub(".card", selector)
    if _IS_NIGHT.search(selector) and not dark:
        return ""
    # `.card` weighs what the class of the night weighs, and stands on the same element or above.
    return _PAGE.sub(".card", _IS_NIGHT.sub(".card", selector))
