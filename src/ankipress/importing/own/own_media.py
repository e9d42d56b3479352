"""Media of cards that ankipress made, under the names that they may have had in its project."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from ankipress.importing.imported_deck import ImportedDeck
from ankipress.importing.own.own_types import own_keys
from ankipress.importing.readers.named_media import named_media
from ankipress.media.media_folder import media_name
from ankipress.model import MediaContent

_HASHED = re.compile(r"(?P<stem>.+)-[0-9a-f]{16}(?P<ending>\.[^.]+)")


def media_of_others(deck: ImportedDeck) -> Mapping[str, MediaContent]:
    """The files of a deck without those that only notes of ankipress's own note types show."""
    own = own_keys(deck)
    if not own:
        return deck.media
    types = [each for number, each in enumerate(deck.note_types) if number not in own]
    notes = [each for each in deck.notes if each.note_type not in own]
    names = frozenset(named_media(types, notes))
    return {name: content for name, content in deck.media.items() if name in names}


def readable_names(deck: ImportedDeck, own: Collection[int]) -> Mapping[str, str]:
    """The names without digests of files that only notes of ankipress's own note types show.

    A build gives each of them the very name that it has in Anki. `own` are the places of those note
    types in the deck.
    """
    if not own:
        return {}
    others = [each for number, each in enumerate(deck.note_types) if number not in own]
    notes = [each for each in deck.notes if each.note_type not in own]
    taken = set(deck.media) | set(named_media(others, notes))
    names: dict[str, str] = {}
    for name in named_media((), [each for each in deck.notes if each.note_type in own]):
        found = _HASHED.fullmatch(name)
        content = deck.media.get(name)
        if found is None or content is None:
            continue
        plain = found["stem"] + found["ending"]
        if plain not in taken and media_name(plain, content) == name:
            names[name] = plain
            taken.add(plain)
    others_use = frozenset(named_media(others, notes))
    return {name: plain for name, plain in names.items() if name not in others_use}
