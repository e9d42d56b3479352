"""Compiled deck → cards as Anki shows them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ankipress.build.pipeline import Compiled
from ankipress.model import Note, NoteType, PackedNote
from ankipress.preview.clozes import cloze_to_type
from ankipress.preview.sounds import Sound, Speech, take_sounds
from ankipress.preview.templates import FRONT_SIDE, fill_card, show_sides
from ankipress.preview.text import plain

TYPE_IN = re.compile(r"\[\[type:(?P<cloze>cloze:)?(?:nc:)?(?P<field>.+?)\]\]")
"""Stands on a side where an answer is typed."""

_PLAYED = re.compile(r"\[anki:play:([qa]):(\d+)\]")


@dataclass(frozen=True, slots=True)
class PreviewCard:
    """A card with both sides as Anki renders them.

    `front` and `back` are HTML, and hold `[[type:Field]]` where an answer is typed and
    `[anki:play:q:0]` where number 0 of `front_sounds` plays, with `a` for `back_sounds`. `answer`
    is the back without the front that it repeats. `typed` is the plain text that must be typed,
    empty where nothing is. `css` is the style sheet of the note type. `ord` counts from 0. `path`
    and `line` tell where the question stands, `tags` are those of the note in Anki.
    """

    guid: str
    ord: int
    name: str
    note_type: str
    kind: str
    deck: str
    section: str
    path: str
    line: int
    question: str
    tags: tuple[str, ...]
    front: str
    back: str
    answer: str
    css: str
    typed: str
    front_sounds: tuple[Sound | Speech, ...]
    back_sounds: tuple[Sound | Speech, ...]

    def with_players(self, side: str, player: Callable[[Sound | Speech], str]) -> str:
        """A side with a player in the place of each sound."""

        def replace(found: re.Match[str]) -> str:
            sounds = self.front_sounds
            if found[1] == "a":
                sounds = self.back_sounds
            number = int(found[2])
            if number >= len(sounds):
                return ""
            return player(sounds[number])

        return _PLAYED.sub(replace, side)


def preview_cards(compiled: Compiled) -> tuple[PreviewCard, ...]:
    """Every card of the package, in the order in which a learner meets them."""
    notes = {note.guid: note for note in compiled.notes}
    types = {each.key: each for each in compiled.package.note_types}
    cards: list[PreviewCard] = []
    for packed in compiled.package.notes:
        # A tombstone has no card, and no question in the sources.
        if packed.ords:
            cards += preview_note(notes[packed.guid], packed, types[packed.note_type])
    return tuple(cards)


def preview_note(
    note: Note,
    packed: PackedNote,
    note_type: NoteType,
) -> Iterator[PreviewCard]:
    """The cards of one note."""
    for ord in packed.ords:
        template = note_type.template(ord)
        filling = fill_card(packed, note_type, ord)
        sides = show_sides(template.front, template.back, filling)
        front, front_sounds = take_sounds(sides.front, "q")
        back, back_sounds = take_sounds(sides.back, "a")
        yield PreviewCard(
            guid=packed.guid,
            ord=ord,
            name=f"{template.name} {ord + 1}" if note_type.cloze else template.name,
            note_type=note_type.key,
            kind=note.entry.kind,
            deck=packed.deck,
            section=note.entry.section,
            path=note.entry.path,
            line=note.entry.location.line,
            question=note.question,
            tags=packed.tags,
            front=front,
            back=back.replace(FRONT_SIDE, front),
            answer=back.replace(FRONT_SIDE, ""),
            css=note_type.css,
            typed=_expected(front, filling.fields, ord + 1),
            front_sounds=front_sounds,
            back_sounds=back_sounds,
        )


def _expected(
    front: str,
    fields: Mapping[str, str],
    number: int,
) -> str:
    """What must be typed where a front asks for it. Anki's reviewer takes the first one."""
    asked = TYPE_IN.search(front)
    if not asked:
        return ""
    value = fields.get(asked["field"], "")
    if asked["cloze"]:
        return cloze_to_type(value, number)
    return plain(value)
