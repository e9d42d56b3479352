"""A note type's style sheet → one for light ground and one for dark, so that a page needs no script
to be dark.

Anki marks the night by the class `nightMode` on what holds a card. On a page each card stands in a
shadow root, which nothing around it can mark, so the class is taken out of the selectors instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import tinycss2

_NIGHT = r"\.(?:nightMode|night_mode|night-mode)(?![\w-])"
_IS_NIGHT = re.compile(_NIGHT)
_NOT_NIGHT = re.compile(rf":not\(\s*{_NIGHT}\s*\)")
_PAGE = re.compile(r"(?<![\w.#-])(?:body|html|:root)(?![\w-])")


class Themes(NamedTuple):
    """The rules for each ground, in their order."""

    light: str
    dark: str


def split_themes(css: str) -> Themes:
    """The rules of a style sheet as they apply to a card by day and by night."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return Themes(*("\n".join(_themed(rules, dark=dark)) for dark in (False, True)))


def _themed(rules: list[Any], *, dark: bool) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = list(
                filter(None, (_selector(text, dark=dark) for text in _list(rule.prelude)))
            )
            if selectors:
                yield f"{', '.join(selectors)} {{{tinycss2.serialize(rule.content)}}}"
        elif (
            rule.type == "at-rule"
            and rule.lower_at_keyword in {"media", "supports", "layer", "container"}
            and rule.content
        ):
            inside = tinycss2.parse_rule_list(
                rule.content, skip_comments=True, skip_whitespace=True
            )
            content = "\n".join(_themed(inside, dark=dark))
            yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{\n{content}\n}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword != "import":
            yield rule.serialize()


def _list(prelude: list[Any]) -> Iterator[str]:
    """The selectors between the commas."""
    current: list[Any] = []
    for part in prelude:
        if part == ",":
            yield tinycss2.serialize(current).strip()
            current = []
        else:
            current.append(part)
    yield tinycss2.serialize(current).strip()


def _selector(selector: str, *, dark: bool) -> str:
    """A selector as it is for this ground, empty where it is for the other one."""
    by_day_only = _NOT_NIGHT.search(selector) is not None
    selector = _NOT_NIGHT.sub(".card", selector)
    if (by_day_only and dark) or (_IS_NIGHT.search(selector) and not dark):
        return ""
    # `.card` weighs what the class of the night weighs, and stands on the same element or above.
    return _PAGE.sub(".card", _IS_NIGHT.sub(".card", selector))
