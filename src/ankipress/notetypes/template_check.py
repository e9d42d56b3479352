"""Card templates of authors' own, checked as Anki's `rslib/src/template.rs` reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ankipress.diagnostics import Diagnostic, Location, suggestion

ALWAYS_THERE = ("Tags", "Type", "Deck", "Subdeck", "Card", "CardFlag")
"""What a template may show beside fields; the back also `FrontSide`."""
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TOKEN = re.compile(r"\{\{(?P<inner>[^{}]*)\}\}|(?P<open>\{\{)")
_CLOZE_CARD = re.compile(r"c\d+")


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a template: its file, its text, and whether it is the back."""

    path: str
    text: str
    is_back: bool


def check_template(
    side: Side, fields: Sequence[str], *, cloze: bool
) -> tuple[set[str], list[Diagnostic]]:
    """The fields that a side shows, as `cloze:` too where it hides them, and what is wrong with it."""
    checker = _Checker(side, fields, cloze=cloze)
    checker.run()
    return checker.shown, checker.problems


class _Checker:
    def __init__(self, side: Side, fields: Sequence[str], *, cloze: bool) -> None:
        self.side, self.fields, self.cloze = side, fields, cloze
        self.text = _COMMENT.sub(
            lambda found: re.sub(r"[^\n]", " ", found[0]), side.text
        )  # places stay
        self.shown: set[str] = set()
        self.problems: list[Diagnostic] = []

    def run(self) -> None:
        """Read the side from its start to its end."""
        opened: list[tuple[str, re.Match[str]]] = []
        for token in self._tokens():
            inner = token["inner"].strip()
            mark, name = inner[:1], inner[1:].strip()
            if mark in {"#", "^"} and name:
                self._known(name, token, in_condition=True)
                opened.append((name, token))
            elif mark == "/":
                if not opened:
                    self._report(
                        token,
                        f'"{name}" ends here and never began',
                        f"write `{{{{#{name}}}}}` before it",
                    )
                elif opened[-1][0] != name:
                    self._report(
                        token,
                        f'"{name}" ends here inside of "{opened[-1][0]}"',
                        "end what began last first",
                    )
                    opened.pop()
                else:
                    opened.pop()
            elif not inner:
                self._report(
                    token, "these braces hold no field", "write the name of a field into them"
                )
            else:
                self._field(inner, token)
        for name, token in opened:
            self._report(token, f'"{name}" never ends', f"write `{{{{/{name}}}}}` where it does")

    def _tokens(self) -> Iterator[re.Match[str]]:
        for token in _TOKEN.finditer(self.text):
            if token["open"]:
                self._report(
                    token, "these braces never end", "write `}}` behind the name of the field"
                )
            else:
                yield token

    def _field(self, inner: str, token: re.Match[str]) -> None:
        *filters, name = (each.strip() for each in inner.split(":"))
        if name == "FrontSide" and self.side.is_back:
            return
        if not self._known(name, token, in_condition=False):
            return
        is_hidden = "cloze" in filters or "cloze-only" in filters
        if is_hidden and not self.cloze:
            self._report(
                token,
                "only cloze note types hide deletions",
                "write `cloze = true` into notetype.toml, or drop `cloze:`",
            )
        self.shown |= {name, f"cloze:{name}"} if "cloze" in filters else {name}

    def _known(self, name: str, token: re.Match[str], *, in_condition: bool) -> bool:
        if name in self.fields or name in ALWAYS_THERE:
            return True
        if in_condition and self.cloze and _CLOZE_CARD.fullmatch(name):
            return True
        if name == "FrontSide":
            message = (
                "the front cannot show itself"
                if not self.side.is_back
                else "FrontSide is no condition"
            )
        else:
            message = f'there is no field "{name}"' + suggestion(name, tuple(self.fields))
        self._report(token, message, f"the fields are {', '.join(self.fields)}")
        return False

    def _report(self, token: re.Match[str], message: str, way_out: str) -> None:
        start = self.text.rfind("\n", 0, token.start()) + 1
        line = self.text.count("\n", 0, token.start()) + 1
        width = max(1, len(token[0].split("\n")[0]))
        place = Location(self.side.path, line, token.start() - start + 1, width)
        self.problems.append(Diagnostic("bad-template", place, message, way_out))
