"""Card templates of authors' own, checked as Anki's `rslib/src/template.rs` reads them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ankipress.diagnostics import Diagnostic, Location, suggestion

ALWAYS_THERE = ("Tags", "Type", "Deck", "Subdeck", "Card", "CardFlag")
"""What a template may show beside fields; the back also `FrontSide`."""
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TOKEN = re.compile(r"\{\{(?P<inner>[^{}]*)\}\}|(?P<open>\{\{)")
_LONGEST = 1_000_000  # characters of a side
_MOST_PROBLEMS = 100  # of a side
_DEEPEST = 50  # conditions in each other
_CLOZE_CARD = re.compile(r"c\d+")


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a template: its file, its text, and whether it is the back."""

    path: str
    text: str
    is_back: bool


def check_template(
    side: Side,
    fields: Sequence[str],
    *,
    cloze: bool,
) -> tuple[set[str], list[Diagnostic]]:
    """The fields that a side shows, as `cloze:` too where it hides them, and its problems."""
    checker = _Checker(side, fields, cloze=cloze)
    checker.run()
    return checker.shown, checker.problems


class _Checker:
    def __init__(
        self,
        side: Side,
        fields: Sequence[str],
        *,
        cloze: bool,
    ) -> None:
        self.side = side
        self.fields = fields
        self.cloze = cloze
        self.text = _COMMENT.sub(_blank, side.text[:_LONGEST])
        self.shown: set[str] = set()
        self.problems: list[Diagnostic] = []
        self.open_conditions: list[tuple[str, re.Match[str]]] = []

    def run(self) -> None:
        """Read the side from its start to its end."""
        if len(self.side.text) > _LONGEST:
            message = f"this side has more than {_LONGEST:,} characters"
            help = "make it smaller: Anki reads it for every card"
            self.problems.append(
                Diagnostic("bad-template", Location(self.side.path), message, help)
            )
            return
        for token in _TOKEN.finditer(self.text):
            if self._is_enough(token):
                return
            if token["open"]:
                help = "write `}}` behind the name of the field"
                self._report(token, "these braces never end", help)
            else:
                inner = token["inner"].strip()
                self._read(inner, token)
        for name, token in self.open_conditions:
            if self._is_enough(token):
                return
            help = f"write `{{{{/{name}}}}}` where it does"
            self._report(token, f'"{name}" never ends', help)

    def _is_enough(self, token: re.Match[str]) -> bool:
        """Whether so much is wrong that nobody would read more of it."""
        if len(self.problems) < _MOST_PROBLEMS:
            return False
        self._report(token, "there may be more that is wrong from here on", "fix these first")
        return True

    def _read(self, inner: str, token: re.Match[str]) -> None:
        mark = inner[:1]
        name = inner[1:].strip()
        if mark in {"#", "^"} and name:
            self._is_known(name, token, in_condition=True)
            if len(self.open_conditions) == _DEEPEST:
                message = f"more than {_DEEPEST} conditions stand in each other"
                self._report(token, message, "nest them less deeply")
            self.open_conditions.append((name, token))
        elif mark == "/":
            self._end_condition(name, token)
        elif inner:
            self._show(inner, token)
        else:
            help = "write the name of a field into them"
            self._report(token, "these braces hold no field", help)

    def _end_condition(
        self,
        name: str,
        token: re.Match[str],
    ) -> None:
        if not self.open_conditions:
            help = f"write `{{{{#{name}}}}}` before it"
            self._report(token, f'"{name}" ends here and never began', help)
            return
        expected, _ = self.open_conditions.pop()
        if name != expected:
            message = f'"{name}" ends here inside of "{expected}"'
            self._report(token, message, "end what began last first")

    def _show(self, inner: str, token: re.Match[str]) -> None:
        *filters, name = (each.strip() for each in inner.split(":"))
        if name == "FrontSide" and self.side.is_back:
            return
        if not self._is_known(name, token, in_condition=False):
            return
        if not self.cloze and not {"cloze", "cloze-only"}.isdisjoint(filters):
            help = "write `cloze = true` into notetype.toml, or drop `cloze:`"
            self._report(token, "only cloze note types hide deletions", help)
        self.shown.add(name)
        if "cloze" in filters:
            self.shown.add(f"cloze:{name}")

    def _is_known(
        self,
        name: str,
        token: re.Match[str],
        *,
        in_condition: bool,
    ) -> bool:
        if name in self.fields or name in ALWAYS_THERE:
            return True
        if in_condition and self.cloze and _CLOZE_CARD.fullmatch(name):
            return True
        message = f'there is no field "{name}"'
        if name != "FrontSide":
            message += suggestion(name, tuple(self.fields))
        elif self.side.is_back:
            message = "FrontSide is no condition"
        else:
            message = "the front cannot show itself"
        self._report(token, message, f"the fields are {', '.join(self.fields)}")
        return False

    def _report(
        self,
        token: re.Match[str],
        message: str,
        help: str,
    ) -> None:
        before = self.text[: token.start()]
        line = before.count("\n") + 1
        column = len(before) - before.rfind("\n")
        width = len(token[0].split("\n")[0])
        place = Location(
            self.side.path,
            line,
            column,
            max(1, width),
        )
        self.problems.append(Diagnostic("bad-template", place, message, help))


def _blank(comment: re.Match[str]) -> str:
    """Spaces for a comment, so that what is behind it keeps its place."""
    return re.sub(r"[^\n]", " ", comment[0])
