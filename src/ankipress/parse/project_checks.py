"""What is wrong with the files of a project together: decks that Anki takes for one, and keys of
front matter that nothing reads.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from ankipress.diagnostics import Diagnostic, Location, suggestion
from ankipress.model import Entry
from ankipress.parse.document import Document

_DEFAULT = "Default"  # the deck that every collection has
_MOST_SHOWN = 3


def bad_decks(entries: Sequence[Entry], documents: Sequence[Document]) -> Iterator[Diagnostic]:
    """Decks that Anki would rename.

    It compares names without case, and would keep cards apart that belong together.
    """
    by_path = {document.path: document for document in documents}
    first: dict[str, Entry] = {}
    known: set[str] = set()
    for entry in entries:
        deck = entry.deck
        if deck in known:
            continue
        known.add(deck)
        other = first.setdefault(deck.casefold(), entry)
        if other is not entry:
            place = place_of_deck(entry, by_path[entry.path])
            message = (
                f'Anki takes the decks "{deck}" and "{other.deck}" of {other.path} for one,'
                f' and would call this one "{deck}_"'
            )
            help = "write both names alike, or give one deck another name"
            yield Diagnostic("bad-deck", place, message, help)
    yield from _bad_default(first, by_path)


def _bad_default(first: dict[str, Entry], documents: dict[str, Document]) -> Iterator[Diagnostic]:
    """A deck called like the one of every collection: by chance, Anki takes it for that one."""
    entry = first.get(_DEFAULT.casefold())
    if entry is None:
        return
    message = (
        f'every collection has a deck "{_DEFAULT}" of its own,'
        f' so Anki may call this one "{entry.deck}_"'
    )
    place = place_of_deck(entry, documents[entry.path])
    yield Diagnostic("bad-deck", place, message, "give the deck another name")


def place_of_deck(entry: Entry, document: Document) -> Location:
    """Where the deck of an entry is named: for the file, or by the heading above it."""
    if entry.deck == document.deck:
        return document.deck_place
    above = [each for each in document.headings if each.start + 1 < entry.location.line]
    levels = [each for each in above if each.level < document.context.card_level]
    heading = levels[-1]
    text = document.lines[heading.start].rstrip()
    line = heading.start + 1
    return Location(document.path, line, 1, len(text))


def unknown_kind(
    kind: str,
    kinds: Collection[str],
    place: Location,
) -> Iterator[Diagnostic]:
    """The kind that the settings name for all cards, at its place there, if it is none."""
    if not kind or kind in kinds:
        return
    message = f'there is no kind "{kind}" of card' + suggestion(kind, tuple(kinds))
    help = f"the kinds are {', '.join(kinds)}"
    yield Diagnostic("unknown-kind", place, message, help)


def unknown_keys(documents: Sequence[Document]) -> Iterator[Diagnostic]:
    """The keys of front matter that nothing is known to read, in one message for all files."""
    found = [each for document in documents for each in document.unknown_keys]
    if not found:
        return
    keys = list(dict.fromkeys(each.key for each in found))
    names = ", ".join(f'"{key}"' for key in keys[:_MOST_SHOWN])
    more = len(keys) - _MOST_SHOWN
    if more > 0:
        names += f" and {more} more"
    message = f"ankipress reads no key {names} in front matter"
    files = len({each.location.path for each in found})
    if files > 1:
        message += f", which {files} files have"
    help = (
        "it reads deck, tags, kind, lang, dir, tts, tts-front and tts-back;"
        " other tools may read this"
    )
    location = found[0].location
    yield Diagnostic("unknown-key", location, message, help)
