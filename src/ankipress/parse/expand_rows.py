"""A card of kind `rows` → an entry for each row below its heading."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace

from ankipress.diagnostics import Diagnostic, Location
from ankipress.model import Attributes, Entry, Part
from ankipress.parse.attributes import split_attributes
from ankipress.parse.cut_parts import FIELD_HEADINGS
from ankipress.parse.rows import Row, find_rows

_ATTRIBUTES = (
    "the first cell of a row may hold {#id .tag reverse typed lang=de dir=rtl tts=fr-FR draft}"
)


def expand_rows(entry: Entry, lines: Sequence[str]) -> tuple[list[Entry], list[Diagnostic]]:
    """The entries of the rows below a heading, and what is wrong with them. `lines` are those of
    the file.
    """
    expander = _Expander(entry, lines)
    return list(expander.entries()), expander.problems


class _Expander:
    def __init__(self, entry: Entry, lines: Sequence[str]) -> None:
        self.entry, self.lines = entry, lines
        self.problems: list[Diagnostic] = []

    def entries(self) -> Iterator[Entry]:
        """An entry for each row, in order."""
        below = [part for name in ("Front", "Back") if (part := self.entry.parts.get(name))]
        found = [(part, find_rows(part)) for part in below]
        if self.entry.attributes.id is not None:
            message = "a table is no card, so it has no id: its rows have them"
            self._report(
                "bad-attribute",
                self.entry.location,
                message,
                "take it from the braces; `ankipress ids --write` gives ids",
            )
        if not any(rows.rows for _, rows in found):
            message, way_out = (
                "there is no row below this heading",
                "write a table with two columns or more, or a definition list",
            )
            self._report("no-rows", self.entry.location, message, way_out)
            return
        for part, rows in found:
            for line in rows.others:
                message = "this text is on no card: cards of kind rows are made of tables and definition lists"
                self._report(
                    "text-outside-rows",
                    self._place(part.line + line),
                    message,
                    "move it above the heading, or into a row",
                )
            for row in rows.rows:
                yield self._row(row, part.line + row.line)

    def _row(self, row: Row, line: int) -> Entry:
        entry, place = self.entry, self._place(line)
        heading, attributes, problems = split_attributes(row.cells[0].text if row.cells else "")
        for each in problems:
            column = max(0, self.lines[line - 1].find(each.words))
            self._report(
                each.code,
                Location(entry.path, line, column + 1, max(1, len(each.words))),
                each.message,
                _ATTRIBUTES,
            )
        if attributes.kind is not None:
            self._report("bad-attribute", place, "a row has no kind of its own", _ATTRIBUTES)
        tags = {*entry.tags, *(unicodedata.normalize("NFC", tag) for tag in attributes.tags)}
        return replace(
            entry,
            location=place,
            heading=heading,
            parts=self._parts(row),
            attributes=_merged(entry.attributes, attributes),
            tags=tuple(sorted(tags)),
            section=" / ".join(filter(None, (entry.section, entry.heading))),
            context=entry.heading,
        )

    def _parts(self, row: Row) -> dict[str, Part]:
        """The second cell is the back. The others are extra, each with the name of its column, or
        what their column is called.
        """
        parts = {
            name: part for name, part in self.entry.parts.items() if name in FIELD_HEADINGS.values()
        }
        parts["Back"] = row.cells[1] if len(row.cells) > 1 else Part("", row.cells[0].line)
        extra = []
        for number, cell in enumerate(row.cells[2:], 2):
            name = row.names[number] if number < len(row.names) else ""
            field = FIELD_HEADINGS.get(name.strip().lower())
            if cell.text and field:
                parts[field] = cell
            elif cell.text:
                extra.append(f"**{name}:** {cell.text}" if name else cell.text)
        if extra:
            own = parts["Extra"].text if "Extra" in parts else ""
            parts["Extra"] = Part("\n\n".join(filter(None, (*extra, own))), row.cells[0].line)
        return parts

    def _place(self, line: int) -> Location:
        return Location(self.entry.path, line, 1, max(1, len(self.lines[line - 1].rstrip())))

    def _report(self, code: str, place: Location, message: str, way_out: str) -> None:
        self.problems.append(Diagnostic(code, place, message, way_out))


def _merged(table: Attributes, row: Attributes) -> Attributes:
    """What the braces of the heading say of all rows, and those of the first cell of one."""
    own = {
        each.name: value
        for each in fields(row)
        if (value := getattr(row, each.name)) not in (None, False)
    }
    return replace(table, **{**own, "id": row.id, "kind": "rows", "tags": ()})
