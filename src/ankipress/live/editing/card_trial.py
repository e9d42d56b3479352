"""A card that is edited: its fields as they are and as they are wanted, and whether an edit does
that and nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ankipress.importing.fields.appearance import looks_same
from ankipress.importing.own.own_trials import is_same
from ankipress.live.editing.author_style import style_of
from ankipress.live.editing.card_fields import FieldParts, field_parts
from ankipress.live.editing.card_wrappers import CardWrappers, wrappers_of
from ankipress.live.editing.choice_sides import ChoiceSides, ChoiceWriting, read_side
from ankipress.live.editing.edited_files import CardPlace, CardState, EditedFile
from ankipress.live.editing.field_edits import FieldEdits, FileWay
from ankipress.live.editing.field_sources import (
    FileText,
    UnwritableError,
    field_source,
    source_of_cells,
)
from ankipress.live.editing.field_writing import (
    AdoptedFieldWriting,
    FieldWriting,
    OwnFieldWriting,
    RawFieldWriting,
)
from ankipress.live.editing.media_addresses import MediaAddresses
from ankipress.live.editing.section_edits import CardLines
from ankipress.live.editing.wanted_html import as_rendered
from ankipress.live.text_edits import TextEdit
from ankipress.model import OWN_FIELDS, CustomType, Entry, TextMode
from ankipress.syntax.raw_html import raw_html

_LOWEST_LEVEL = 6  # of headings
_SIDES = ("Front", "Back")
_FOOTNOTE = re.compile(r"note-[0-9a-f]{8}-(?=[0-9])")


@dataclass(slots=True)
class CardTrial:
    """A card of a file. `wanted` are the fields that it must have so far, as a build would write
    them without what its attributes put around them, and `tags` the tags. `state` is the card as it
    is, and `after` as it was after the edits that were right last. With `is_alone` the card is
    judged alone where it can be, and `is_unsure` tells that it was.
    """

    file: EditedFile
    place: CardPlace
    addresses: MediaAddresses
    is_alone: bool = False
    is_unsure: bool = False
    state: CardState = field(init=False)
    after: CardState = field(init=False)
    tags: frozenset[str] = frozenset()
    wanted: dict[str, str] = field(default_factory=dict)
    _alone: EditedFile | None = field(init=False)
    _wrappers: CardWrappers = field(init=False)
    _parts: Mapping[str, FieldParts] = field(init=False)

    def __post_init__(self) -> None:
        self.state = self.after = self.file.card(self.place)
        self.addresses.learn(self.state.written, self.state.fields)
        self.tags = frozenset(self.state.entry.tags)
        self._parts = field_parts(self.entry, self._custom)
        is_custom = self._custom is not None
        self._wrappers = wrappers_of(self.entry, self.state.fields, is_custom=is_custom)
        self._alone = self._short_file()

    @property
    def entry(self) -> Entry:
        """The entry of the card as it is."""
        return self.state.entry

    def ways(
        self,
        name: str,
        wanted: str,
    ) -> Iterator[FileWay]:
        """The ways to make a field what is wanted. Raises UnwritableError."""
        parts = self._parts.get(name)
        if parts is None:
            raise UnwritableError(f"its field {name} is made of more than text")
        rendered = self.inner(name, self.state.fields.get(name, ""))
        return self._edits(
            name,
            parts,
            self._writing(name),
        ).ways(rendered, wanted)

    def _edits(
        self,
        name: str,
        parts: FieldParts,
        writing: FieldWriting,
    ) -> FieldEdits:
        lines = self.file.document.lines
        source = field_source(
            self.entry,
            parts.names,
            has_heading=parts.has_heading,
        )
        if self.entry.context and name == "Extra":
            source = source_of_cells(
                self.entry,
                name,
                lines,
            )
        return FieldEdits(
            name,
            parts,
            source,
            FileText(self.entry.path, lines),
            self._lines(),
            writing,
            style_of(source.text, self.file.source.text),
        )

    def choice_ways(
        self,
        front: str | None,
        back: str | None,
    ) -> Iterator[FileWay]:
        """The ways to make the two sides of a multiple choice what is wanted; those of a side that
        stays are None. Raises UnwritableError.
        """
        sides = {name: self.inner(name, self.state.fields.get(name, "")) for name in _SIDES}
        before = ChoiceSides(*map(read_side, sides.values()))
        expected = [
            None if html is None else self.expected(name, html)
            for name, html in zip(_SIDES, (front, back), strict=True)
        ]
        after = before.edited(*expected)
        self.wanted["Front"] = after.front.html(is_answer=False)
        self.wanted["Back"] = after.back.html(is_answer=True)
        parts = FieldParts(_SIDES, has_heading=True)
        writing = ChoiceWriting(
            self.addresses.address,
            before,
            after,
        )
        return self._edits(
            "Front",
            parts,
            writing,
        ).ways("", "choice")

    def expected(
        self,
        name: str,
        html: str,
    ) -> str:
        """A wanted field as a build would write it, without what attributes put around it. Raises
        UnwritableError.
        """
        inner = self.inner(name, html)
        rendered = self.inner(name, self.state.fields.get(name, ""))
        mode = self.entry.modes.get(name, TextMode.PARAGRAPHS)
        if mode is not TextMode.PARAGRAPHS or self._is_raw(name):
            return inner
        return as_rendered(inner, rendered)

    def is_around(
        self,
        name: str,
        expected: str,
    ) -> bool:
        """Whether a field is wanted that has the text that it has already."""
        rendered = self.inner(name, self.state.fields.get(name, ""))
        return looks_same(expected, rendered)

    def is_right(self, edits: Iterable[TextEdit]) -> bool:
        """Whether the card is what is wanted after some edits, and all else is as it was."""
        edits = tuple(edits)
        moved = None
        if self._alone is not None:
            moved = self.file.moved(edits, self.place)
        if self._alone is not None and moved is not None:
            place = CardPlace(0, self.place.entry)
            if not self._is_right_after(self._alone, moved, place):
                return False
            if self.is_alone:
                self.is_unsure = True
                return True
        if not self._is_right_after(self.file, edits, self.place):
            return False
        self.is_unsure = False
        return True

    def _is_right_after(
        self,
        file: EditedFile,
        edits: Sequence[TextEdit],
        place: CardPlace,
    ) -> bool:
        """Whether the card is right after some edits of a file in which it has a place."""
        states = file.after(edits, [place])
        if states is None or not self.is_right_state(states[0]):
            return False
        self.after = states[0]
        return True

    def is_right_state(self, after: CardState) -> bool:
        """Whether the card is what is wanted."""
        if after.errors - self.state.errors:
            return False
        if frozenset(after.entry.tags) != self.tags:
            return False
        names = {*self.state.fields, *after.fields, *self.wanted}
        return all(self._is_right_field(name, after) for name in names)

    def inner(
        self,
        name: str,
        html: str,
    ) -> str:
        """A field without what stands around its own text. Raises UnwritableError."""
        return self._wrappers.inner(name, html)

    def _is_right_field(
        self,
        name: str,
        after: CardState,
    ) -> bool:
        html = after.fields.get(name, "")
        before = self.state.fields.get(name, "")
        if name not in self.wanted:
            return is_same(before, html) or (name == "Typed" and self._is_typed_answer)
        try:
            inner = self.inner(name, html)
        except UnwritableError:
            return False
        return looks_same(_FOOTNOTE.sub("note-", self.wanted[name]), _FOOTNOTE.sub("note-", inner))

    @property
    def _is_typed_answer(self) -> bool:
        """Whether the answer that is typed follows from the back."""
        return self.entry.attributes.typed is True

    @property
    def _custom(self) -> CustomType | None:
        return self.file.document.context.custom.get(self.entry.kind)

    def _short_file(self) -> EditedFile | None:
        """A file with this card alone, None where it has other fields there."""
        short = self.file.alone(self.place)
        if short is None:
            return None
        fields = short.card(CardPlace(0, self.place.entry)).fields
        if fields.keys() != self.state.fields.keys():
            return None
        if not all(is_same(html, fields[name]) for name, html in self.state.fields.items()):
            return None
        return short

    def _lines(self) -> CardLines:
        document = self.file.document
        level = document.context.card_level + 1
        has_sections = level <= _LOWEST_LEVEL and not self.entry.context
        return CardLines(
            document.lines,
            self.entry,
            level,
            has_sections,
        )

    def _writing(self, name: str) -> FieldWriting:
        if self._is_raw(name):
            return RawFieldWriting()
        mode = self.entry.modes.get(name)
        if mode is None or self.entry.modes.keys() >= set(OWN_FIELDS):
            return OwnFieldWriting(self.addresses.address)
        return AdoptedFieldWriting(mode, self.addresses.address)

    def _is_raw(self, name: str) -> bool:
        """Whether a field of an adopted note type is kept as HTML."""
        return self.entry.is_adopted and raw_html(self.entry.part(name)) is not None


def normal(tags: Sequence[str]) -> frozenset[str]:
    """Tags as a build writes them."""
    return frozenset(unicodedata.normalize("NFC", each) for each in tags)
