"""Attacks by the lock."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from security.arena import Arena
from security.attack import Family

LOCK = Family(
    "lock",
    ("build", "check", "diff v1.0.0", "list --all", "release", "site --no-package"),
)
FILE = "ankipress.lock"
SERVE = "serve --no-open --port 0"
_EVERY = (
    *("artifacts", "build --locked", "check --format github", "ids --write", "ids"),
    *("list --format json", "recover --dry-run PACKAGE", "site", SERVE),
)
"""The commands beside them, for attacks that stand for their kind."""


def edit(arena: Arena, path: str, change: Callable[[dict[str, Any]], object]) -> None:
    """Change every record of a file of JSON Lines."""
    lines = []
    for line in (arena.project / path).read_text(encoding="utf-8").splitlines():
        value = json.loads(line)
        if "guid" in value:
            change(value)
        # Not as ankipress writes it: half of a character must stay as it is.
        lines.append(json.dumps(value, ensure_ascii=True) + "\n")
    arena.write(path, "".join(lines))


def with_guid(arena: Arena, guid: str) -> None:
    """Give the first active note of the lock another guid."""
    given = iter([guid])

    def change(record: dict[str, Any]) -> None:
        if record.get("state", "active") == "active":
            record["guid"] = next(given, record["guid"])

    edit(arena, FILE, change)


@LOCK.attack("a guid that leads out", also=_EVERY)
def _traversal(arena: Arena) -> None:
    """A guid is `../../../../../../outside/index`, where a page of the user's own lies."""
    with_guid(arena, "../../../../../../outside/index")


@LOCK.attack(
    "a guid that leads up", rows=["site --no-package", "serve --no-open --port 0", "build"]
)
def _up(arena: Arena) -> None:
    """A guid is `..`, with as many more of it as there are notes."""
    edit(arena, FILE, lambda record: record.update(guid=f"..{'/..' * (record['mod'] % 7)}"))


@LOCK.attack(
    "a guid that is a path", rows=["site --no-package", "serve --no-open --port 0", "build"]
)
def _absolute(arena: Arena) -> None:
    """A guid is the path of a page of the user's own."""
    with_guid(arena, str(arena.outside / "index"))


@LOCK.attack("a guid with a slash")
def _slash(arena: Arena) -> None:
    """A guid is `a/b<&"'`, as Anki itself may make it."""
    with_guid(arena, "a/b<&\"'`")


@LOCK.attack("a guid with escapes", also=_EVERY)
def _escape(arena: Arena) -> None:
    """A guid holds an escape of terminals, a line for CI, and a turned direction."""
    with_guid(arena, "\x1b]0;owned\x07\n::error::a\u202eb\x9bc")


@LOCK.attack("texts with escapes", also=_EVERY)
def _texts(arena: Arena) -> None:
    """Question, deck, path, section, kind and id of every note hold escapes and a line for CI."""
    hostile = "a\x1b[31m\n::add-mask::e\u202e\x9bb"
    keys = ("question", "deck", "path", "section", "id")
    edit(arena, FILE, lambda record: record.update(dict.fromkeys(keys, hostile)))


@LOCK.attack("a kind with escapes")
def _kind(arena: Arena) -> None:
    """The kind of every note, and the note types in the header, hold escapes and a line for CI."""
    edit(arena, FILE, lambda record: record.update(kind="a\x1b[31m\n::error::e\u202e"))
    text = (arena.project / FILE).read_text(encoding="utf-8")
    header, _, rest = text.partition("\n")
    value = json.loads(header)
    value["uid"] = "a\x1b[31m\n::error::e"
    value["note_types"]["b\x1b[31m\n::error::e"] = value["note_types"]["basic"]
    value["tools"]["c\x1b[31m\n::error::e"] = "1.0\x1b[31m\n::error::e"
    arena.write(FILE, json.dumps(value) + "\n" + rest)


@LOCK.attack("a path that leads out")
def _path(arena: Arena) -> None:
    """The path of every note is a file outside."""
    edit(arena, FILE, lambda record: record.update(path="../../outside/secret.md"))


@LOCK.attack("half of a character", names=[FILE], also=_EVERY)
def _surrogate(arena: Arena) -> None:
    """A guid is half of a surrogate pair."""
    with_guid(arena, "\ud800")


@LOCK.attack("a wrong value with escapes", names=[FILE])
def _wrong(arena: Arena) -> None:
    """The mod of every note is a text with escapes and a line for CI, which the message shows."""
    edit(arena, FILE, lambda record: record.update(mod="\x1b[31m\n::error::e\u202e\x9b"))


@LOCK.attack("a wrong key with escapes", names=[FILE])
def _key(arena: Arena) -> None:
    """A note has a key that no note has, with escapes and a line for CI in it."""
    edit(arena, FILE, lambda record: record.update({"\x1b[31m\n::error::e\u202e\x9b": 1}))


@LOCK.attack("a huge guid")
def _huge(arena: Arena) -> None:
    """A guid has five million characters."""
    with_guid(arena, "g" * 5_000_000)


@LOCK.attack("a huge lock", rows=["build", "check", "list --all", "release", "site --no-package"])
def _many(arena: Arena) -> None:
    """The lock has 40,000 notes more, whose cards are gone."""
    lines = (arena.project / FILE).read_text(encoding="utf-8").splitlines()
    record = json.loads(lines[1])
    for number in range(40_000):
        record |= {"guid": f"g{number}", "note_id": 10**12 + number, "question": f"Q{number}?"}
        lines.append(json.dumps(record))
    arena.write(FILE, "\n".join(lines) + "\n")


@LOCK.attack("a line nested beyond the stack", names=[FILE])
def _deep(arena: Arena) -> None:
    """A line is a list in a list, a hundred thousand times."""
    arena.add(FILE, "[" * 100_000 + "]" * 100_000 + "\n")


@LOCK.attack("numbers beyond all", names=[FILE], rows=["build", "check", "list --all", "release"])
def _number(arena: Arena) -> None:
    """The mod of every note has twenty thousand digits."""
    text = (arena.project / FILE).read_text(encoding="utf-8")
    arena.write(FILE, text.replace('"mod":', '"mod":' + "9" * 20_000))


@LOCK.attack("ends of lines of Windows", also=["build --locked", "ids --write"])
def _crlf(arena: Arena) -> None:
    """Every line ends with CR and LF."""
    text = (arena.project / FILE).read_text(encoding="utf-8")
    arena.write(FILE, text.replace("\n", "\r\n"))


@LOCK.attack("marks of a conflict", also=["build --locked", "ids --write"])
def _conflict(arena: Arena) -> None:
    """A merge has left its marks, with escapes beside them, and two versions of each line."""
    text = (arena.project / FILE).read_text(encoding="utf-8")
    marks = ("<<<<<<< \x1b[31mours\n", "=======\n", ">>>>>>> ::error::theirs\n")
    arena.write(FILE, marks[0] + text + marks[1] + text.replace('"mod":1', '"mod":2') + marks[2])
