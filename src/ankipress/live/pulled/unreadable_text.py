"""Texts that a file cannot hold as they are."""

from __future__ import annotations

from collections.abc import Iterable

from ankipress.syntax.decoding import control_character_in

_LONGEST = 1_000_000  # characters: nobody writes so many, and a stranger's would take minutes


def refusal_of_fields(fields: Iterable[str]) -> str:
    """Why some fields are not written at all, as a clause; empty where they are."""
    if any(len(html) > _LONGEST for html in fields):
        return f"it has a field of more than {_LONGEST:,} characters"
    return ""


def refusal_of_texts(texts: Iterable[str]) -> str:
    """Why some texts cannot be written into a file of cards, as a clause; empty where they can. A
    build refuses control characters, and reads a carriage return as a line end.
    """
    for text in texts:
        if "\r" in text:
            return "it has a carriage return, U+000D"
        if character := control_character_in(text):
            return f"it has the control character {character}"
    return ""
