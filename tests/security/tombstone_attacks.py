"""Attacks by the tombstones beside the lock."""

from __future__ import annotations

import json
from typing import Any

from security.arena import Arena
from security.attack import Family
from security.lock_attacks import edit

TOMBSTONES = Family(
    "tombstones",
    (*("artifacts", "build", "check", "diff v1.0.0", "release --dry-run", "release", "site"),),
)
RETIRED = "ankipress.retired"


def _bury(arena: Arena, media: list[str], releases: int) -> None:
    """Let the tombstone have these media, and so many releases. The folder for media is there."""
    if not (arena.project / "retired").exists():
        arena.write("retired/other.txt", "another file\n")
    edit(arena, RETIRED, lambda record: record.update(media=media, releases=releases))


@TOMBSTONES.attack("media that lead out, to be packed", names=[RETIRED])
def _packed(arena: Arena) -> None:
    """A tombstone that stays has media such as `../../../outside/secret.png`."""
    ups = [f"{'../' * number}outside/secret.png" for number in range(1, 6)]
    _bury(arena, ups, releases=1)


@TOMBSTONES.attack("media that lead out, to be deleted", names=[RETIRED])
def _deleted(arena: Arena) -> None:
    """A tombstone that goes with this release has media such as `../../../outside/index.html`."""
    ups = [f"{'../' * number}outside/index.html" for number in range(1, 6)]
    _bury(arena, ups, releases=1000)


@TOMBSTONES.attack(
    "media of the project, to be deleted", names=[RETIRED], rows=["build", "release"]
)
def _own(arena: Arena) -> None:
    """A tombstone that goes with this release has `../cards.md` and `../.git/HEAD` as media."""
    _bury(arena, ["../cards.md", "../.git/HEAD", "../media/a.png"], releases=1000)


@TOMBSTONES.attack("media that are paths, to be packed", names=[RETIRED], rows=["build", "release"])
def _absolute(arena: Arena) -> None:
    """A tombstone that stays has the path of a file of the user's own as media."""
    _bury(arena, [str(arena.outside / "secret.png")], releases=1)


@TOMBSTONES.attack(
    "media that are paths, to be deleted", names=[RETIRED], rows=["build", "release"]
)
def _absolute_deleted(arena: Arena) -> None:
    """A tombstone that goes with this release has the path of a file of the user's own as media."""
    _bury(arena, [str(arena.outside / "index.html")], releases=1000)


@TOMBSTONES.attack("media through a link", rows=["build", "release", "site"])
def _linked(arena: Arena) -> None:
    """The folder in which media of tombstones are kept is a link that leads out."""
    arena.link("retired", arena.outside)
    _bury(arena, ["secret.png", "index.html"], releases=1)


@TOMBSTONES.attack("media through a link, to be deleted", rows=["build", "release"])
def _linked_deleted(arena: Arena) -> None:
    """The same, and the tombstone goes with this release."""
    arena.link("retired", arena.outside)
    _bury(arena, ["secret.png", "index.html"], releases=1000)


@TOMBSTONES.attack("texts with escapes", also=["list --all", "serve --no-open --port 0"])
def _hostile(arena: Arena) -> None:
    """Guid, fields, tags and version hold escapes, a line for CI and scripts."""
    text = (
        "\x1b[31m\n::error::e\u202e\x9b</script><script>canary</script><img src=x onerror=canary()>"
    )

    def change(record: dict[str, Any]) -> None:
        record["fields"] = [text] * len(record["fields"])
        record["tags"] = ["a\x1b[31m", "::error::e", "b\u202e"]
        record["version"] = "2.0.0\x1b[31m\n::error::e"
        record["guid"] = "\x1b[31m\n::error::e"

    edit(arena, RETIRED, change)


@TOMBSTONES.attack("a note type that is not there")
def _note_type(arena: Arena) -> None:
    """The note type is a path with escapes in it, and the number of fields is wrong."""

    def change(record: dict[str, Any]) -> None:
        record["note_type"] = "../../x\x1b[31m\n::error::e"
        record["fields"] = ["one"]

    edit(arena, RETIRED, change)


@TOMBSTONES.attack("lines that are wrong", names=[RETIRED])
def _wrong(arena: Arena) -> None:
    """Lines are nested beyond the stack, half of a character, and a number beyond all."""
    record = json.loads((arena.project / RETIRED).read_text(encoding="utf-8").splitlines()[0])
    half = json.dumps(record | {"fields": ["\ud800"] * 10})
    number = json.dumps(record).replace('"releases": 1', '"releases": ' + "9" * 20_000)
    key = json.dumps(record | {"\x1b[31m\n::error::e": 1})
    arena.add(RETIRED, "\n".join(["[" * 100_000, half, number, key]) + "\n")
