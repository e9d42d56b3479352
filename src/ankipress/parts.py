"""The parts of an entry, whose text may be put away when the card is packed: of a large deck, it is
most of what is in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ankipress.model import Entry, Part
from ankipress.work import Shelve


def put_away(entry: Entry, shelve: Shelve) -> None:
    """Put the text of an entry away. It is the same as before to all who read it."""
    if isinstance(entry.parts, Parts):
        entry.parts.put_away(shelve)


class Parts(Mapping[str, Part]):
    """Parts by name. They are the same wherever their text is."""

    __slots__ = ("_names", "_parts")

    def __init__(self, parts: Mapping[str, Part]) -> None:
        # Most entries have the same names; a dictionary for each would take more than many a text.
        self._names = _NAMES.setdefault(names := tuple(parts), names)
        self._parts: tuple[Part, ...] | Sequence[str] = tuple(parts.values())

    def put_away(self, shelve: Shelve) -> None:
        """Read the text from a shelf from now on."""
        away = shelve(tuple(text for part in self._here() for text in (str(part.line), part.text)))
        if not isinstance(away, tuple):  # which is what they are here
            self._parts = away

    def _here(self) -> Sequence[Part]:
        parts = self._parts
        if isinstance(parts, tuple):
            return parts
        texts = iter(parts)
        return tuple(Part(text, int(line)) for line, text in zip(texts, texts, strict=True))

    def __getitem__(self, name: str) -> Part:
        if name in self._names:
            return self._here()[self._names.index(name)]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __reduce__(self) -> tuple[type[Parts], tuple[Mapping[str, Part]]]:
        return Parts, (dict(zip(self._names, self._here(), strict=True)),)


_NAMES: dict[tuple[str, ...], tuple[str, ...]] = {}
