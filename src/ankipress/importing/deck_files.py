"""Decks from elsewhere → their names in a project, and files that every system can hold."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

FOLDER = "cards"
_LONGEST = 80  # bytes of a part of a path
_LONGEST_PATH = 140  # bytes: Windows takes 260 characters, with the folder of the project
_ENDING = ".md"
# What Windows, or a shell, would not take in a name.
_UNSAFE = re.compile(r'[<>:"/\\|?*\[\]{}`$#%&\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]+')
# Folders that hold no cards of a project, because other tools make them, and names of files.
_NO_FOLDER = re.compile(
    r"venv|node_modules|__pycache__|build|dist|site-packages|.*\.md", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DEVICE = re.compile(r"\A(con|prn|aux|nul|com[0-9]|lpt[0-9])( *(?:\.|\Z))", re.IGNORECASE)


def decks_of_project(decks: Iterable[str], unnamed: str) -> Mapping[str, str]:
    """The name of each deck in a project: as Anki keeps it, one for those that Anki takes for one,
    and another one for `Default`, which every collection has.

    `unnamed` is the name where there is none.
    """
    instead = _normal(unnamed)
    if _is_taken(instead):
        instead = "Imported"
    names: dict[str, str] = {}
    first: dict[str, str] = {}
    for deck in decks:
        name = _normal(deck)
        if _is_taken(name):
            name = instead
        names[deck] = first.setdefault(name.casefold(), name)
    return names


def _is_taken(name: str) -> bool:
    return name.casefold() in {"", "default"}


def _normal(deck: str) -> str:
    """A name as Anki keeps it: in each part single spaces, no control characters, and no part that
    is empty.
    """
    parts = _CONTROL.sub(" ", unicodedata.normalize("NFC", deck)).split("::")
    return "::".join(filter(None, (" ".join(part.split()) for part in parts)))


def files_of_decks(decks: Iterable[str]) -> Mapping[str, str]:
    """The path of a file for each deck, by its name: one folder for each deck above it.

    No two paths are one on a system that does not tell upper and lower case apart.
    """
    paths: dict[str, str] = {}
    taken: set[str] = set()
    numbers: Counter[str] = Counter()
    for deck in dict.fromkeys(decks):
        stem = _stem(deck.split("::"))
        path = f"{stem}{_ENDING}"
        while path.casefold() in taken:
            numbers[stem.casefold()] += 1
            path = f"{stem} {numbers[stem.casefold()] + 1}{_ENDING}"
        taken.add(path.casefold())
        paths[deck] = path
    return paths


def _stem(parts: Sequence[str]) -> str:
    """The path of a deck without its ending, as far as its name is not too long for one."""
    stem = FOLDER
    for number, part in enumerate(parts):
        name = safe_name(part)
        is_folder = number < len(parts) - 1
        if is_folder and _NO_FOLDER.fullmatch(name):
            name += "_"
        if len(f"{stem}/{name}".encode()) > _LONGEST_PATH:
            break
        stem += f"/{name}"
    return stem


def safe_name(text: str, unnamed: str = "cards") -> str:
    """A text as a name of a file or folder, without an ending."""
    normal = unicodedata.normalize("NFC", text)
    words = " ".join(_UNSAFE.sub(" ", normal).split())
    name = words.encode()[:_LONGEST].decode(errors="ignore").strip(". ")
    return _DEVICE.sub(r"\1_\2", name) or unnamed


def is_device(name: str) -> bool:
    """Whether Windows takes a name for a device, as it takes `con` and `con.txt`."""
    return _DEVICE.match(name) is not None
