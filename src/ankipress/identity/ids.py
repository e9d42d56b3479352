"""Every id that ankipress makes, each a pure function of what it names: no clock, no chance.

These functions are published: a change of any of them makes duplicates in learners' collections.
"""

from __future__ import annotations

import base64
from collections.abc import Container, Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import count

# Anki's ids are milliseconds since 1970 and are shown as dates of creation. These lie between 2002
# and 2017: never in the future (Anki would reassign them), never near those that Anki itself gives
# out now.
_FIRST_ID = 1_020_000_000_000
_ID_RANGE = 480_000_000_000

_EMPTY = blake2b(digest_size=16, person=b"recto")
_SHORT = 15  # characters: a guid has 16


def _digest(*parts: str) -> bytes:
    digest = _EMPTY.copy()
    # Most short parts are the same few, such as names of fields.
    for part in parts:
        if len(part) <= _SHORT:
            digest.update(_short_frame(part))
        else:
            digest.update(_frame(part))
    return digest.digest()


def _frame(part: str) -> bytes:
    """A text with its length in front, so that ("ab", "c") and ("a", "bc") differ."""
    content = part.encode()
    length = len(content)
    return length.to_bytes(8, "big") + content


_short_frame = lru_cache(maxsize=4096)(_frame)


def _word(*parts: str) -> str:
    """16 characters of `a-z2-7`."""
    digest = _digest(*parts)
    word = base64.b32encode(digest[:10])
    return word.decode().lower()


def _integer(*parts: str) -> int:
    """A number of 64 bits."""
    digest = _digest(*parts)
    return int.from_bytes(digest[:8], "big")


def _id(*parts: str) -> int:
    return _FIRST_ID + _integer(*parts) % _ID_RANGE


def _free_id(taken: Container[int], *parts: str) -> int:
    """The first id for these parts that is not taken."""
    number = 0
    while (free := _id(*parts, str(number))) in taken:
        number += 1
    return free


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
    return _free_id(taken, "note", guid)


def make_card_id(
    guid: str,
    ord: int,
    taken: Container[int],
) -> int:
    """A card id for the card of a note with this ord."""
    return _free_id(taken, "card", guid, str(ord))


def make_note_type_id(uid: str, key: str) -> int:
    """The id of a note type of a project."""
    return _id("note type", uid, key)


def make_schema_id(
    uid: str,
    key: str,
    sort: str,
    name: str,
) -> int:
    """The id of a field or template of an author's note type; a renamed one keeps it."""
    return _integer(sort, uid, key, name) >> 2 | 1


def make_deck_id(name: str) -> int:
    """An id for a deck. Anki knows decks by name and replaces it, but 1 would mean the Default
    deck.
    """
    return _id("deck", name)


def make_crowdanki_uuid(uid: str, sort: str, name: str) -> str:
    """The uuid by which CrowdAnki knows a deck, a preset or a note type of a project."""
    digits = _digest("crowdanki", uid, sort, name).hex()
    parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    return "-".join(parts)


def short_mark(uid: str) -> str:
    """Four characters that tell the note types of two projects of one name apart."""
    return _word("mark", uid)[:4]


def short_digest(*parts: str) -> str:
    """A digest of some texts for a line of the lock, 12 characters: 72 bits."""
    return base64.urlsafe_b64encode(_digest(*parts)[:9]).decode()


def content_digest(*parts: str) -> str:
    """A digest of some texts, 32 hexadecimal digits."""
    return _digest(*parts).hex()
