"""Every id that ankipress makes, each a pure function of what it names: no clock, no chance.

What is here is published: a change of any of these functions makes duplicates in learners'
collections.
"""

from __future__ import annotations

import base64
from collections.abc import Container, Iterator
from hashlib import blake2b
from itertools import count

from ankipress.fast import Kept

# Anki's ids are milliseconds since 1970 and are shown as dates of creation. These lie between 2002
# and 2017: never in the future (Anki would reassign them), never near those that Anki itself gives
# out now.
_FIRST_ID, _ID_RANGE = 1_020_000_000_000, 480_000_000_000


_EMPTY = blake2b(digest_size=16, person=b"recto")


def _digest(*parts: str) -> bytes:
    digest = _EMPTY.copy()
    digest.update(
        b"".join([_FRAMES[part] if len(part) <= _SHORT else _frame(part) for part in parts])
    )
    return digest.digest()


def _frame(part: str) -> bytes:
    """A text with its length in front, so that ("ab", "c") and ("a", "bc") differ."""
    content = part.encode()
    return len(content).to_bytes(8, "big") + content


_SHORT = 20
_FRAMES = Kept(
    _frame, 4096
)  # of short texts: most of what is digested are the same few, such as names of fields


def _word(*parts: str) -> str:
    """16 characters of `a-z2-7`."""
    return base64.b32encode(_digest(*parts)[:10]).decode().lower()


def _number(*parts: str) -> int:
    return _FIRST_ID + int.from_bytes(_digest(*parts)[:8], "big") % _ID_RANGE


def make_uid(*parts: str) -> str:
    """The uid of a project that has set none, 16 characters of `a-z2-7`."""
    return _word("uid", *parts)


def make_guids(uid: str, question: str) -> Iterator[str]:
    """The guids for the notes of one question, one after another, without end.

    A guid is 16 characters of `a-z2-7`, which an Anki search takes as one plain word.
    """
    for number in count():
        yield _word("note", uid, question, str(number))


def make_note_id(guid: str, taken: Container[int]) -> int:
    """A note id, in milliseconds, for a new note."""
    number = 0
    while (note_id := _number("note", guid, str(number))) in taken:
        number += 1
    return note_id


def make_card_id(guid: str, ord: int, taken: Container[int]) -> int:
    """A card id for the card of a note with this ord."""
    number = 0
    while (card_id := _number("card", guid, str(ord), str(number))) in taken:
        number += 1
    return card_id


def make_note_type_id(uid: str, key: str) -> int:
    """The id of a note type of a project."""
    return _number("note type", uid, key)


def make_schema_id(uid: str, key: str, sort: str, name: str) -> int:
    """The id of a field or template of an author's note type, which keeps it under whatever name."""
    return int.from_bytes(_digest(sort, uid, key, name)[:8]) >> 2 | 1


def make_deck_id(name: str) -> int:
    """An id for a deck. Anki knows decks by name and replaces it, but 1 would mean the Default
    deck.
    """
    return _number("deck", name)


def short_mark(uid: str) -> str:
    """Four characters that tell the note types of two projects of one name apart."""
    return _word("mark", uid)[:4]


def content_digest(*parts: str) -> str:
    """A digest of some texts, 32 hexadecimal digits."""
    return _digest(*parts).hex()
