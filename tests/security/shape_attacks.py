"""Attacks by what says how files are read, and by folders of notes that are no project yet."""

from __future__ import annotations

import json
import os

from security.arena import Arena, remove
from security.attack import Family
from security.terminal_attacks import ALL
from security.web_attacks import remote_markup

SHAPES = Family("shapes", ("build", "check", "config", "ids --write", "list --all"))
_INIT = ("init --yes", "init --shape numbered")
_NOTES = (*_INIT, "build", "check")
_SETTINGS = "ankipress.toml"


def _is_no_project(arena: Arena) -> None:
    """Leave a folder that nobody has built."""
    for path in (_SETTINGS, "cards.md", "cards", "ankipress.lock", "build", ".git"):
        if os.path.lexists(arena.project / path):
            remove(arena.project / path)


def _numbered(question: str, answer: str) -> str:
    items = (f"{each}. What is {question} {each}?\n\n   {answer}\n" for each in range(1, 20))
    return "\n".join(items)


@SHAPES.attack(
    "front matter that names what is not there",
)
def _front_matter(arena: Arena) -> None:
    """`shape`, `card_level` and `kind` are lists, numbers and names of files."""
    matter = "shape: [x]\ncard_level: 7\nkind: ../../outside\n"
    arena.write("cards/evil.md", f"---\n{matter}---\n\n## What?\n\nA.\n")


@SHAPES.attack("settings of shapes of other types", names=[_SETTINGS])
def _settings(arena: Arena) -> None:
    """`shape`, `dialect`, `kind` and `answer_headings` hold escapes, paths and tables."""
    values = {"shape": ALL, "dialect": "../x", "answer_headings": [ALL, ""]}
    lines = (f"{name} = {json.dumps(value)}\n" for name, value in values.items())
    arena.add(_SETTINGS, "".join(lines))


@SHAPES.attack("settings of a vault that are no settings")
def _vault(arena: Arena) -> None:
    """`data.json` of plug-ins is deep, of wrong types, full of patterns, and leads out."""
    arena.add(_SETTINGS, 'dialect = "obsidian"\nshape = "inline"\n')
    arena.write("cards/note.md", "#flashcards\n\n" + "a::b (a+)+$ " * 2_000 + "\n\nq\n?\na\n")
    deep = "[" * 100_000
    arena.write(".obsidian/plugins/flashcards-obsidian/data.json", deep)
    marks = {"singleLineCardSeparator": "(a+)+$" * 10_000, "multilineCardSeparator": "   "}
    spaced = {"settings": {**marks, "flashcardTags": [ALL, 1, None], "clozePatterns": [[], ALL]}}
    text = json.dumps(spaced)
    arena.write(".obsidian/plugins/obsidian-spaced-repetition/data.json", text)
    secret = arena.outside / "secret.txt"
    arena.link(".obsidian/plugins/obsidian-to-anki-plugin/data.json", secret)


@SHAPES.attack("a lock that names a shape", rows=["build", "check", "list --all"])
def _lock(arena: Arena) -> None:
    """The header of the lock of a project says `reading`, with lists and paths in it."""
    place = arena.project / "ankipress.lock"
    header, _, rest = place.read_text(encoding="utf-8").partition("\n")
    value = json.loads(header)
    value["reading"] = {"shape": ["../../outside"], "card_level": ALL}
    arena.write("ankipress.lock", f"{json.dumps(value)}\n{rest}")


@SHAPES.attack("notes with escapes in a folder without settings", rows=_NOTES)
def _escapes(arena: Arena) -> None:
    """Questions, answers and names of files hold escapes, turned text and lines for CI."""
    _is_no_project(arena)
    on_a_line = ALL.replace("\n", " ").replace("\r", " ")
    arena.write("notes.md", _numbered(on_a_line, remote_markup(arena)))
    arena.write("!\x1b[31m\u202e\n::error::x.md", _numbered("in it", ALL))


@SHAPES.attack("notes that lead out of a folder without settings", rows=_NOTES)
def _links(arena: Arena) -> None:
    """Files and folders among the notes are links out of it, and a loop."""
    _is_no_project(arena)
    arena.write("notes.md", _numbered("it", "![](../../outside/secret.txt)"))
    arena.link("secret.md", arena.outside / "secret.txt")
    arena.link("outside", arena.outside)
    arena.link("loop", arena.project)
    arena.link(".gitignore", arena.outside / "secret.txt")


@SHAPES.attack("lines that are read again and again", rows=_NOTES)
def _regular_expressions(arena: Arena) -> None:
    """Lines of notes hold thousands of blanks, marks and openings that match nothing."""
    _is_no_project(arena)
    blanks = " " * 20_000
    lines = (f"## Q{blanks}x", f"**a**{blanks}x", f"1. what{blanks}x\n   y", f"a\n{blanks}x")
    marks = ("std::a " * 5_000, "a::" * 5_000, "{{" * 9_000 + " :: b", "<!-- " * 9_000 + ":: b")
    arena.write("notes.md", "\n\n".join((*lines, *marks, _numbered("it", "It."))))
