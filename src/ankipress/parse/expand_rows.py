"""A card of kind `rows` → an entry for each row below its heading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace

from ankipress.diagnostics import Diagnostic, Location
from ankipress.model import Entry, Part
from ankipress.parse.attribute_tokens import AttributeProblem, problem_at
from ankipress.parse.attributes import normal_tags, span_of_attribute, split_attributes
from ankipress.parse.cut_parts import FIELD_HEADINGS
from ankipress.parse.rows import Row, find_rows
from ankipress.syntax.blocks import NO_COLUMN

_BRACES = (
    "the first cell of a row may hold {#id .tag reverse typed lang=de dir=rtl tts=fr-FR draft}"
)


def expand_rows(entry: Entry, lines: Sequence[str]) -> tuple[list[Entry], list[Diagnostic]]:
    """The entries of the rows below a heading, and the problems. `lines` are those of the file."""
    expander = _RowExpander(entry, lines)
    return list(expander.entries()), expander.problems


class _RowExpander:
    def __init__(self, entry: Entry, lines: Sequence[str]) -> None:
        self.entry = entry
        self.lines = lines
        self.problems: list[Diagnostic] = []

    def entries(self) -> Iterator[Entry]:
        """An entry for each row, in order."""
        table = self.entry
        if table.attributes.id is not None:
            message = "a table is no card, so it has no id: its rows have them"
            help = "take it from the braces; `ankipress ids --write` gives ids"
            self._report("bad-attribute", table.location, message, help)
        rows: list[Row] = []
        others: list[int] = []
        for name in ("Front", "Back"):
            if name not in table.parts:
                continue
            part = table.parts[name]
            found = find_rows(part)
            rows += found.rows
            others += [part.line + line for line in found.others]
        if not rows:
            message = "there is no row below this heading"
            help = "write a table with two columns or more, or a definition list"
            self._report("no-rows", table.location, message, help)
            return
        for line in others:
            message = "this text is on no card: cards of kind rows are made of tables and lists"
            help = "move it above the heading, or into a row"
            self._report("text-outside-rows", self._location(line), message, help)
        for row in rows:
            for cell in row.extra:
                self._report_extra(cell)
            yield self._entry(row)

    def _entry(self, row: Row) -> Entry:
        table = self.entry
        line = row.cells[0].line
        location = self._location(line)
        heading, own, problems = split_attributes(row.cells[0].text)
        if own.kind is not None:
            span = span_of_attribute(row.cells[0].text, "kind")
            message = "a row has no kind of its own"
            problems += (AttributeProblem("bad-attribute", message, *span),)
        for each in problems:
            problem = problem_at(each, row.cells[0], table.path, _BRACES)
            self.problems.append(problem)
        # The attributes of the heading apply to all rows that do not set them themselves.
        changes = {name: value for name, value in asdict(own).items() if value not in (None, False)}
        changes |= {"id": own.id, "kind": "rows", "tags": ()}
        return replace(
            table,
            location=location,
            heading=heading,
            breaks=row.cells[0].breaks,
            parts=self._parts(row),
            attributes=replace(table.attributes, **changes),
            tags=normal_tags((*table.tags, *own.tags)),
            table=table.question,
        )

    def _parts(self, row: Row) -> dict[str, Part]:
        """The second cell is the back. A later one is the field of its column, or extra."""
        line = row.cells[0].line
        names = FIELD_HEADINGS.values()
        parts = {name: part for name, part in self.entry.parts.items() if name in names}
        parts["Back"] = Part("", line)
        if len(row.cells) > 1:
            parts["Back"] = row.cells[1]
        extra = []
        for cell, column in zip(row.cells[2:], row.names[2:], strict=True):
            field = FIELD_HEADINGS.get(column.strip().lower())
            if cell.text and field:
                parts[field] = cell
            elif cell.text and column:
                extra.append(f"**{column}:** {cell.text}")
            elif cell.text:
                extra.append(cell.text)
        if extra:
            if "Extra" in parts:
                extra.append(parts["Extra"].text)
            text = "\n\n".join(extra)
            parts["Extra"] = Part(text, line)
        return parts

    def _report_extra(self, cell: Part) -> None:
        """Report a cell beyond the columns of its table."""
        if not cell.text:
            return
        place = cell.place(self.entry.path, 0, len(cell.text))
        self._report("lost-cell", place, *NO_COLUMN)

    def _location(self, line: int) -> Location:
        width = len(self.lines[line - 1].rstrip())
        path = self.entry.path
        return Location(path, line, 1, max(1, width))

    def _report(
        self,
        code: str,
        location: Location,
        message: str,
        help: str,
    ) -> None:
        self.problems.append(Diagnostic(code, location, message, help))
