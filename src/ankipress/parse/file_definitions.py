"""What a file says, anywhere in it, of the links, pictures and footnotes of its cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ankipress.diagnostics import Diagnostic, Location
from ankipress.syntax.footnote_definitions import by_label, find_footnotes, needed, unused
from ankipress.syntax.link_definitions import link_definitions, used_definitions
from ankipress.syntax.prose import without_fences

_NONE: Mapping[str, str] = {}


class Elsewhere:
    """The definitions of one file, given its lines without front matter."""

    def __init__(self, path: str, lines: Sequence[str]) -> None:
        self._path, self._lines = path, lines
        text = "\n".join(lines)
        self._links = link_definitions(without_fences(text)) if "]:" in text else {}
        footnotes = find_footnotes(lines)
        self._footnotes = by_label(footnotes)
        self.problems = [self._unused(each.label, each.line) for each in unused(footnotes, text)]

    def links(self, texts: Sequence[str]) -> str:
        """The definitions of links and pictures that some texts use, one a line."""
        return used_definitions(texts, self._links)

    def footnotes(self, texts: Sequence[str], span: range) -> Mapping[str, str]:
        """The footnotes that some texts of the card on these lines need, by their labels."""
        return needed(texts, span, self._footnotes) if self._footnotes else _NONE

    def _unused(self, label: str, line: int) -> Diagnostic:
        place = Location(self._path, line + 1, self._lines[line].index("[") + 1, len(label) + 4)
        message = "nothing refers to this footnote, so it is on no card"
        return Diagnostic(
            "unused-footnote", place, message, f"write [^{label}] where it belongs, or delete it"
        )
