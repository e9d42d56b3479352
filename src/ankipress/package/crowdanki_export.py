"""Package → the `deck.json` of a CrowdAnki folder.

The CrowdAnki add-on knows decks, presets and note types by uuids, and notes by their guids. A deck
whose uuid a learner does not have becomes a second deck there, so each keeps the uuid that it has
in a `deck.json` from before.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from ankipress.identity.ids import make_crowdanki_uuid
from ankipress.model import NoteType, Package, PackedNote

_DECK_OPTIONS = {"dyn": 0, "extendNew": 0, "extendRev": 50}
# Anki fills these in. CrowdAnki compares note types by all of their keys, and asks a learner what
# to do where one is missing.
_FIELD_OPTIONS = {
    "collapsed": False,
    "description": "",
    "excludeFromSearch": False,
    "font": "Arial",
    "id": None,
    "plainText": False,
    "preventDeletion": False,
    "rtl": False,
    "size": 20,
    "sticky": False,
    "tag": None,
}
_TEMPLATE_OPTIONS = {
    "bafmt": "",
    "bfont": "",
    "bqfmt": "",
    "bsize": 0,
    "did": None,
    "id": None,
}
# Ids and times of the collection that it comes from.
_OF_A_COLLECTION = frozenset({"did", "id", "mod", "usn"})


class KnownNoteType(msgspec.Struct, frozen=True):
    """A note type in a `deck.json` from before."""

    name: str
    crowdanki_uuid: str


class KnownDeck(msgspec.Struct, frozen=True):
    """A deck in a `deck.json` from before: what learners know it by, and its presets."""

    name: str
    crowdanki_uuid: str
    deck_config_uuid: str
    children: tuple[KnownDeck, ...] = ()
    deck_configurations: tuple[dict[str, Any], ...] = ()
    note_models: tuple[KnownNoteType, ...] = ()


def read_known(content: bytes) -> KnownDeck:
    """What a `deck.json` from before holds. Raises ValueError where it is none."""
    try:
        return msgspec.json.decode(content, type=KnownDeck)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(str(error)) from None


@dataclass(frozen=True, slots=True)
class _Uuids:
    """The uuids of a deck: those from before, and others made of the uid of the project."""

    uid: str
    decks: Mapping[str, KnownDeck]
    note_types: Mapping[str, str]
    preset: str

    def of_deck(self, name: str) -> str:
        """The uuid of a deck."""
        known = self.decks.get(name.casefold())
        if known is not None:
            return known.crowdanki_uuid
        return make_crowdanki_uuid(self.uid, "deck", name)

    def of_preset(self, deck: str) -> str:
        """The uuid of the preset of a deck."""
        known = self.decks.get(deck.casefold())
        if known is not None:
            return known.deck_config_uuid
        return self.preset

    def of_note_type(self, note_type: NoteType) -> str:
        """The uuid of a note type."""
        own = ""
        if note_type.adopted is not None:
            own = str(note_type.adopted.settings.get("crowdanki_uuid", ""))
        known = self.note_types.get(note_type.name, "")
        return own or known or make_crowdanki_uuid(self.uid, "note type", note_type.key)


def make_deck_json(
    package: Package,
    models: Mapping[str, Mapping[str, Any]],
    uid: str,
    known: KnownDeck | None = None,
) -> str:
    """The `deck.json` of a package with one top-level deck.

    `models` are the note types by id, as Anki's JSON. Retired notes are not in it: they would come
    with cards to learners who never had them.
    """
    notes = [note for note in package.notes if note.ords]
    root = _root({note.deck for note in notes}, known)
    uuids = _uuids(uid, root, known)
    used = {note.note_type for note in notes}
    note_types = [each for each in package.note_types if each.key in used]
    by_key = {each.key: uuids.of_note_type(each) for each in note_types}
    deck = _deck(root, root, _by_deck(notes, by_key), uuids)
    deck["desc"] = package.description
    deck["md"] = True  # Anki shows the description as Markdown
    deck["deck_configurations"] = _presets(root, uuids, known)
    deck["media_files"] = sorted(each.name for each in package.media)
    deck["note_models"] = [
        _note_model(models[str(each.id)], by_key[each.key]) for each in note_types
    ]
    # As CrowdAnki writes it, so that changes are small in git.
    return json.dumps(deck, ensure_ascii=False, indent=4, sort_keys=True) + "\n"


def _root(decks: Collection[str], known: KnownDeck | None) -> str:
    """The deck that all are in: that from before, or else the deepest one."""
    common: list[str] = []
    for parts in zip(*(deck.split("::") for deck in sorted(decks)), strict=False):
        if len({part.casefold() for part in parts}) > 1:
            break
        common.append(parts[0])
    deepest = "::".join(common)
    if known is not None and _is_in(deepest, known.name):
        return known.name
    return deepest


def _is_in(deck: str, above: str) -> bool:
    """Whether a deck is another one, or below it. As in Anki, case does not matter."""
    return f"{deck}::".casefold().startswith(f"{above}::".casefold())


def _uuids(
    uid: str,
    root: str,
    known: KnownDeck | None,
) -> _Uuids:
    preset = make_crowdanki_uuid(uid, "preset", root)
    if known is None:
        return _Uuids(uid, {}, {}, preset)
    note_types = {each.name: each.crowdanki_uuid for each in known.note_models}
    decks = dict(_known_decks(known, known.name))
    return _Uuids(uid, decks, note_types, known.deck_config_uuid)


def _known_decks(deck: KnownDeck, name: str) -> Iterable[tuple[str, KnownDeck]]:
    """A deck and those below it, by their full names in one case."""
    yield name.casefold(), deck
    for child in deck.children:
        below = child.name
        # Older versions of CrowdAnki wrote full names there too.
        if not _is_in(below, name):
            below = f"{name}::{below}"
        yield from _known_decks(child, below)


def _by_deck(
    notes: Iterable[PackedNote],
    note_types: Mapping[str, str],
) -> Mapping[str, list[dict[str, Any]]]:
    """The notes by the names of their decks, in order. `note_types` are their uuids by key."""
    found: dict[str, list[dict[str, Any]]] = {}
    for note in notes:
        value = {
            "__type__": "Note",
            "fields": list(note.fields),
            "guid": note.guid,
            "note_model_uuid": note_types[note.note_type],
            "tags": list(note.tags),
        }
        found.setdefault(note.deck, []).append(value)
    return found


def _deck(
    name: str,
    shown_name: str,
    notes: Mapping[str, list[dict[str, Any]]],
    uuids: _Uuids,
) -> dict[str, Any]:
    """A deck with those below it. Below another one it is shown by the end of its name."""
    parts: dict[str, str] = {}
    own = []
    for deck, values in notes.items():
        if deck.casefold() == name.casefold():
            own += values
        elif _is_in(deck, name):
            part = deck[len(name) + 2 :].partition("::")[0]
            parts.setdefault(part.casefold(), part)
    children = [_deck(f"{name}::{part}", part, notes, uuids) for part in parts.values()]
    return {
        "__type__": "Deck",
        **_DECK_OPTIONS,
        "children": children,
        "crowdanki_uuid": uuids.of_deck(name),
        "deck_config_uuid": uuids.of_preset(name),
        "desc": "",
        "media_files": [],
        "name": shown_name,
        "notes": own,
    }


def _presets(
    root: str,
    uuids: _Uuids,
    known: KnownDeck | None,
) -> list[dict[str, Any]]:
    """Those from before, or one that has a name alone, so that it changes no learner's options."""
    if known is not None and known.deck_configurations:
        return list(known.deck_configurations)
    preset = {"__type__": "DeckConfig", "crowdanki_uuid": uuids.of_preset(root), "name": root}
    return [preset]


def _note_model(model: Mapping[str, Any], uuid: str) -> dict[str, Any]:
    """A note type as CrowdAnki writes it."""
    kept = {key: value for key, value in model.items() if key not in _OF_A_COLLECTION}
    return {
        **kept,
        "__type__": "NoteModel",
        "crowdanki_uuid": uuid,
        "flds": [{**_FIELD_OPTIONS, **each} for each in model["flds"]],
        "tmpls": [{**_TEMPLATE_OPTIONS, **each} for each in model["tmpls"]],
    }
