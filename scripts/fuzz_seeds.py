"""The inputs that each fuzz target starts from: what a person, or ankipress, would write."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from laws import tombstone_line

_ROOT = Path(__file__).resolve().parent.parent
_LONGEST = 4_000


def _pages() -> list[str]:
    """The cards of the first deck, and the documentation."""
    files = (_ROOT / "cards.md", *sorted((_ROOT / "docs").glob("*.md")))
    return [path.read_text(encoding="utf-8") for path in files]


def _blocks(language: str) -> list[str]:
    """The blocks of code of a language in the documentation."""
    block = re.compile(rf"(?ms)^(`{{3,}})(?:{language})\n(.*?)^\1$")
    return [found[2] for text in _pages() for found in block.finditer(text)]


def _cards() -> list[bytes]:
    cards = re.split(r"(?m)^(?=## )", _pages()[0])
    files = sorted((_ROOT / "tests" / "cases").rglob("*.md"))
    cases = [path.read_text(encoding="utf-8") for path in files]
    return [each.encode()[:_LONGEST] for each in (*cards, *_blocks("markdown|"), *cases)]


def _front_matter() -> list[bytes]:
    return [
        b"deck: A::B\ntags: [one, two]\n---\n# x",
        b"tags: one, two\ndeck: 'x'\n...\n",
        b"a: &a [*a]\n---\n",
    ]


def _settings() -> list[bytes]:
    return [block.encode() for block in _blocks("toml")]


def _locks() -> list[bytes]:
    header, *records = (_ROOT / "ankipress.lock").read_text(encoding="utf-8").splitlines()
    return ["\n".join([header, *records[at : at + 2]]).encode() for at in range(5)]


def _tombstones() -> list[bytes]:
    basic = tombstone_line().encode()
    cloze = tombstone_line("cloze").encode()
    return [basic, cloze, basic + cloze]


def _clozes() -> list[bytes]:
    return [bytes([0, 0, 20, 11, 6]), "\x90a::b}}".encode("latin-1")]


def _edits() -> list[bytes]:
    """One edit of each kind, of both formats of packages."""
    return [bytes([new, *range(kind, kind + 9)]) for new in (0, 1) for kind in range(12)]


SEEDS: Mapping[str, Callable[[], list[bytes]]] = {
    "parse": _cards,
    "front_matter": _front_matter,
    "settings": _settings,
    "lock": _locks,
    "tombstones": _tombstones,
    "render": _cards,
    "cloze": _clozes,
    "package": _edits,
}
"""The targets in `fuzz/`, and what makes the seeds of each."""
