"""The cards of a note in a vault, in short, for tests."""

from __future__ import annotations

from ankipress.model import USUAL_SEPARATORS, Entry, Separators, Source
from ankipress.project.settings import Settings
from parsing import parse

VAULT = Settings(shape="inline", dialect="obsidian")


def entries(text: str, separators: Separators = USUAL_SEPARATORS) -> tuple[Entry, ...]:
    """The entries of a note."""
    return parse([Source("note.md", text, separators)], VAULT).entries


def cards(text: str, separators: Separators = USUAL_SEPARATORS) -> list[str]:
    """Each card of a note: its heading, its attributes in braces, and its parts between bars."""
    return [shown(each) for each in entries(text, separators)]


def shown(entry: Entry) -> str:
    """A card in short."""
    attributes = entry.attributes
    words = [f"#{attributes.id}"] if attributes.id else []
    words += [f".{tag}" for tag in entry.tags]
    words += [entry.kind] if entry.kind != "basic" else []
    words += [name for name in ("reverse", "typed") if getattr(attributes, name)]
    braces = f" {{{' '.join(words)}}}" if words else ""
    parts = [entry.part(name) for name in ("Front", "Back") if entry.part(name)]
    return " | ".join([f"{entry.heading}{braces}", *parts])
