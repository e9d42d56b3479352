"""Edits of Anki that cannot be written into their sources, as a text that a person can apply."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from ankipress.build.compilation import CompiledProject
from ankipress.cli.pull_outcome import PullOutcome
from ankipress.importing.imported_deck import ImportedNote
from ankipress.live.comparing.packed_fields import packed_fields
from ankipress.live.note_differences import NoteDifference
from ankipress.live.wanted_note import UnwrittenEdit, WantedNote


class PullPatch:
    """Writes of each such note what its fields are here and what they become, as text."""

    def __init__(
        self,
        outcome: PullOutcome,
        found: CompiledProject,
    ) -> None:
        self._unwritten = outcome.pulled.unwritten
        self._differences = {each.guid: each for each in outcome.differences.notes}
        self._wanted = {each.guid: each for each in outcome.taken.wanted}
        self._deck = outcome.contents.deck
        self._here = packed_fields(found.compiled, found.workspace.project.settings)

    def text(self) -> str:
        """All of them."""
        return "\n".join(line for each in self._unwritten for line in self._note(each)) + "\n"

    def _note(self, edit: UnwrittenEdit) -> Iterator[str]:
        difference = self._differences[edit.guid]
        yield f"# {edit.guid}: {edit.reason}"
        wanted = self._wanted.get(edit.guid)
        if wanted is None:
            yield from self._made(difference)
            return
        here: Mapping[str, str] = {}
        if edit.guid in self._here:
            here = self._here[edit.guid].values
        place = "Anki"
        if difference.here is not None:
            place = f"{difference.here.entry.path}:{difference.here.entry.location.line}"
        for name, html in wanted.fields.items():
            yield from _difference(f"{place} {name}", here.get(name, ""), html)
        yield from _tags(wanted)
        yield ""

    def _made(self, difference: NoteDifference) -> Iterator[str]:
        """A note that was made there."""
        note = difference.there
        if note is not None:
            for name, html in self._fields(note).items():
                if html:
                    yield from _difference(f"{note.deck} {name}", "", html)
        yield ""

    def _fields(self, note: ImportedNote) -> Mapping[str, str]:
        names = self._deck.note_types[note.note_type].field_names
        return dict(zip(names, note.fields, strict=False))


def _tags(wanted: WantedNote) -> Iterator[str]:
    for tag in wanted.tags_removed:
        yield f"-tag {tag}"
    for tag in wanted.tags_added:
        yield f"+tag {tag}"


def _difference(
    name: str,
    before: str,
    after: str,
) -> Iterator[str]:
    old = _lines(before)
    new = _lines(after)
    yield from difflib.unified_diff(old, new, f"a/{name}", f"b/{name}", lineterm="")


def _lines(html: str) -> list[str]:
    """The HTML of a field, a line for each block."""
    return html.replace("<br>", "<br>\n").splitlines()
