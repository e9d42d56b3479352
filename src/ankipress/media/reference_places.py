"""Where the references stand that the fields of an entry hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from urllib.parse import unquote

from ankipress.model import Entry
from ankipress.syntax.addresses import Address, addresses
from ankipress.syntax.entry_trees import EntryTrees
from ankipress.syntax.html_addresses import Use
from ankipress.syntax.schemes import unsafe_scheme

_OF_LINKS = frozenset({"broken-link", "local-link"})  # codes
# A link to a sound becomes a player, and so refers to a file of the package as pictures do.
_ORDER: Sequence[Use] = ("picture", "audio", "video", "wiki", "link", "sound")


class ReferencePlaces:
    """Finds the addresses in an entry that its fields were made of.

    The same reference may stand in a card several times, and each time it is a problem of its own:
    each has the next place.
    """

    def __init__(self) -> None:
        self._entry: Entry | None = None
        self._addresses: Sequence[Address] = ()
        self._by_url: dict[str, list[Address]] = {}
        self._by_key: dict[str, list[Address]] = {}
        self._found: dict[tuple[str, str], Sequence[Address]] = {}
        self._told: Counter[tuple[str, str]] = Counter()

    def next(self, code: str, entry: Entry, reference: str) -> Address | None:
        """Where a reference stands that is a problem; None if it is nowhere in the Markdown."""
        self.of(entry)
        found = self._found.get((code, reference))
        if found is None:
            alike = self._by_url.get(reference) or self._by_key.get(_key(reference), [])
            found = sorted(alike, key=lambda each: _order(each.use, code))
            self._found[code, reference] = found
        return self._next_of(found, code, reference)

    def next_nameless(self, entry: Entry, element: str) -> Address | None:
        """Where an element stands without an address that a card may use."""
        found = [each for each in self.of(entry) if each.use == element and _is_lost(each.url)]
        return self._next_of(found, "nameless", element)

    def of(self, entry: Entry) -> Sequence[Address]:
        """All addresses in an entry."""
        # References come entry by entry.
        if self._entry is not entry:
            self._entry = entry
            self._addresses = addresses(EntryTrees(entry))
            self._by_url = _grouped((each.url, each) for each in self._addresses)
            self._by_key = _grouped((_key(each.url), each) for each in self._addresses)
            self._found.clear()
            self._told.clear()
        return self._addresses

    def _next_of(self, found: Sequence[Address], code: str, reference: str) -> Address | None:
        if not found:
            return None
        number = self._told[code, reference]
        self._told[code, reference] += 1
        # A footnote that is shown on both sides of a card is a problem twice.
        return found[number % len(found)]


def _grouped(named: Iterable[tuple[str, Address]]) -> dict[str, list[Address]]:
    """Addresses by their names, each group in order."""
    groups = defaultdict(list)
    for name, address in named:
        groups[name].append(address)
    return groups


def _key(url: str) -> str:
    """What equals for the spellings of an address that rendering changes."""
    return unquote(url).replace("#note-", "#", 1)


def _order(use: Use, code: str) -> int:
    """The rank of a use among those that may have a problem of a code."""
    if code in _OF_LINKS and use == "link":
        return -1
    return _ORDER.index(use)


def _is_lost(url: str) -> bool:
    """Whether the sanitizer leaves nothing of an address."""
    return not url or unsafe_scheme(url) is not None
