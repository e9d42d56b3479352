"""What holds of every input, whoever wrote it: the laws that hypothesis tests in the suite and
`make fuzz` tests for hours.

Each takes bytes or text and raises AssertionError where a law is broken. Any other exception is a
broken law too: ankipress answers with diagnostics.
"""

from __future__ import annotations

import html
import io
import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path, PurePath
from typing import Protocol

from ankipress.build.compilation import compile_workspace
from ankipress.build.pipeline import Compiled, compile_deck, packages_of
from ankipress.diagnostics import CODES, Diagnostic, has_errors
from ankipress.diff.difference import compare
from ankipress.diff.edition import package_edition
from ankipress.identity.lock import read_lock, write_lock
from ankipress.identity.tombstones import read_tombstones, write_tombstones
from ankipress.model import Lock, Source, State
from ankipress.package.card_generation import cloze_numbers
from ankipress.package.package_answer import contents_answer, contents_in, whole_answer, whole_in
from ankipress.package.package_reading import FoundNote
from ankipress.package.unpacking import PackageError
from ankipress.parse.front_matter import read_front_matter
from ankipress.parse.placing import Parsed
from ankipress.project.deck import Project
from ankipress.project.location import UsageError
from ankipress.project.reading import read_workspace
from ankipress.project.settings import Settings, parse_settings
from ankipress.render.html import TAG, canonical, sanitised
from ankipress.syntax.decoding import decode
from author import picture
from parsing import parse
from stages import Files, database_of, rendered_cloze

SETTINGS = Settings(name="laws", uid="laws-of-ankipress", sections="subdeck")
TIME = 1_700_000_000
SECRET = "4f1c-outside"
"""What stands in every file outside of a project that a law looks at."""
_CARDS = """\
# Deck

## One?

![](a.png) ![](secret.png) ![](linked/secret.png) [more](cards/more.md)
"""
_SPOKEN = re.compile(
    r" ?\[anki:tts lang=\w+\].*?\[/anki:tts\]", re.DOTALL
)  # which ankipress writes itself
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def check_parse(content: bytes) -> Parsed | None:
    """Bytes → entries: every diagnostic has a place in the file, and every part stands where it
    says.
    """
    source, problems = decode(content, "cards.md")
    if source is None:
        assert [each.code for each in problems] == ["not-utf8"]
        return None
    parsed = parse([source], SETTINGS)
    assert parse([source], SETTINGS) == parsed
    lines = source.text.split("\n")
    _check_places([*problems, *parsed.diagnostics], lines)
    for entry in parsed.entries:
        assert 1 <= entry.location.line <= len(lines)
        for part in entry.parts.values():
            # A row of a table has texts that are put together of its cells.
            assert (
                entry.context or not part.text or part.text.split("\n")[0] == lines[part.line - 1]
            )
    return parsed


def check_front_matter(text: str) -> None:
    """Front matter: no more lines than there are, tags without spaces, and a diagnostic with a
    place for the rest.
    """
    lines = re.sub("\r\n?", "\n", text).split("\n")
    matter, problems = read_front_matter(lines, "cards.md")
    assert matter.lines <= len(lines)
    assert not any(re.search(r"[\s\x00-\x1f\x7f]", text) for text in matter.tags)
    assert not re.search(r"[\x00-\x1f\x7f]", matter.deck or "")
    _check_places(problems, lines)


def check_lock(content: bytes) -> tuple[Lock, int] | None:
    """A lock: what was read and is written reads the same again, and what cannot be read is named.

    Returns the lock and the number of problems, None where it is not UTF-8.
    """
    source, problems = decode(content, "ankipress.lock")
    if source is None:
        return None
    lock, problems = read_lock(source.text)
    _check_places(problems, source.text.split("\n"))
    assert {each.code for each in problems} <= {"bad-lock"}
    if lock.uid is not None:
        written = write_lock(lock)
        again, problems_again = read_lock(written)
        assert again == lock
        assert write_lock(again) == written
        # Two notes of one note id stay two.
        assert all("the note id" in each.message for each in problems_again)
    return lock, len(problems)


def check_settings(content: bytes) -> None:
    """Settings: what is not valid has a diagnostic and its default."""
    source, _ = decode(content, "ankipress.toml")
    if source is None:
        return
    settings, problems = parse_settings(source.text, "ankipress.toml", name="cards")
    assert settings is not None
    _check_places(problems, source.text.split("\n"))


def check_project(content: bytes, folder: Path) -> Compiled | None:
    """Settings in a folder, read and compiled: nothing outside of the folder is read, and nothing
    is to be written there.

    `folder` is one of `project_with_links`. Extensions are left out, since they are code.
    """
    (folder / "ankipress.toml").write_bytes(content)
    try:
        workspace = read_workspace([folder])
    except UsageError:
        return None
    root = workspace.root
    assert root == folder.resolve()
    assert all(Path(path).is_relative_to(root) for path in workspace.inputs.files)
    assert Path(os.path.abspath(workspace.output)).is_relative_to(root)
    assert not any(SECRET in text for text in workspace.texts.values())
    settings = replace(workspace.project.settings, extensions=())
    workspace.project = replace(workspace.project, settings=settings)
    compiled = compile_workspace(workspace, TIME).compiled
    assert not any(SECRET.encode() in each.read() for each in compiled.package.media)
    for note in compiled.package.notes:
        assert not any(SECRET in field for field in note.fields)
    for package in packages_of(compiled, settings):
        name = workspace.package_name(package)
        assert PurePath(name).name == name
    return compiled


def project_with_links(folder: Path) -> Path:
    """A new project in a folder, with cards, pictures, a font and links that lead out of it."""
    project = folder / "project"
    (project / "cards").mkdir(parents=True)
    (folder / "outside").mkdir()
    for name in ("secret.md", "secret.woff2", "secret.png", "CHANGELOG.md"):
        (folder / "outside" / name).write_text(f"## {SECRET}?\n\n{SECRET}\n", encoding="utf-8")
        (project / name).symlink_to(folder / "outside" / name)
    (project / "linked").symlink_to(folder / "outside")
    (project / "font.woff2").write_bytes(b"wOF2" + bytes(60))
    (project / "a.png").write_bytes(picture(1))
    (project / "cards.md").write_text(_CARDS, encoding="utf-8")
    (project / "cards" / "more.md").write_text("## More?\n\n![](../secret.png)\n", "utf-8")
    return project


def check_tombstones(content: bytes) -> Compiled | None:
    """Tombstones: what is no tombstone is named, the others are written as they were read, and a
    package with them is one that Anki can read.
    """
    source, _ = decode(content, "ankipress.retired")
    if source is None:
        return None
    tombstones, problems = read_tombstones(source.text, "ankipress.retired")
    _check_places(problems, source.text.split("\n"))
    assert {each.code for each in problems} <= {"bad-lock"}
    for each in tombstones:
        assert not any(map(_CONTROL.search, (each.guid, each.version, *each.tags, *each.media)))
    written = write_tombstones(tombstones)
    assert read_tombstones(written, "ankipress.retired") == (tombstones, ())
    settings = replace(SETTINGS, retired="tombstone")
    project = Project(
        settings,
        (Source("cards.md", "## One?\n\n1\n"),),
        _lock_of_retired(),
        Files(),
        tombstones=tombstones,
    )
    compiled = compile_deck(project, TIME)
    for note in compiled.package.notes:
        note_type = next(each for each in compiled.package.note_types if each.key == note.note_type)
        assert len("\x1f".join(note.fields).split("\x1f")) == len(note_type.fields)
        assert " ".join(note.tags).split() == list(note.tags)
        for field in note.fields:
            assert sanitised(field) == field
            assert not _CONTROL.search(field)
            assert "<script" not in field
    # What SQLite and Anki store is UTF-8.
    assert database_of(compiled.package)
    assert write_lock(compiled.stamped.lock).encode()
    return compiled


def tombstone_line(kind: str = "basic", values: Mapping[str, object] | None = None) -> str:
    """A line of tombstones that is valid, with some values in the place of its own."""
    empty = {"basic": 8, "cloze": 5}[kind]
    valid: dict[str, object] = {
        "guid": _retired(kind),
        "note_type": kind,
        "fields": ["<p>A</p>", "<p>Gone</p>", *[""] * empty],
        "tags": ["retired::1.0.0"],
        "media": ["a.png"],
        "version": "1.0.0",
        "releases": 1,
    }
    return json.dumps({**valid, **(values or {})}) + "\n"


def _retired(kind: str) -> str:
    """The guid of the card of a kind that was retired."""
    records = _lock_of_retired().records
    return next(each.guid for each in records if (each.kind, each.state) == (kind, State.RETIRED))


@cache
def _lock_of_retired() -> Lock:
    """A lock in which the cards `{#a}` and `{#b}` of two kinds were retired."""
    before = Source("cards.md", "## A {#a}\n\nA\n\n## B {#b}\n\n{{c1::B}}\n")
    lock = _compiled(before, Lock()).stamped.lock
    after = Source("cards.md", "## One?\n\n1\n")
    lock = _compiled(after, lock).stamped.lock
    assert [each.state for each in lock.records].count(State.RETIRED) == 2
    return lock


def check_render(content: bytes) -> Compiled | None:
    """Cards → fields: canonical HTML, nothing that Anki could not store, and the same package and
    lock the next time.
    """
    source, problems = decode(content, "cards.md")
    if source is None:
        return None
    if problems:
        source = Source(
            source.path, _CONTROL.sub("", source.text)
        )  # as `ankipress check --fix` does
    compiled = _compiled(source, Lock())
    _check_places(compiled.diagnostics, source.text.split("\n"))
    for note in compiled.package.notes:
        assert not any(re.search(r"[\x00-\x1f\x7f]", text) for text in (note.deck, *note.tags))
        for field in note.fields:
            _check_field(field)
    if not has_errors(compiled.diagnostics):
        again = _compiled(source, compiled.stamped.lock)
        assert again.package == compiled.package
        assert write_lock(again.stamped.lock) == write_lock(compiled.stamped.lock)
        assert read_lock(write_lock(compiled.stamped.lock)) == (compiled.stamped.lock, ())
        assert database_of(compiled.package)
    return compiled


def _compiled(source: Source, lock: Lock) -> Compiled:
    return compile_deck(Project(SETTINGS, (source,), lock, Files()), TIME)


def _check_field(field: str) -> None:
    field = _SPOKEN.sub("", field)
    assert canonical(field) == field
    assert not _CONTROL.search(field)
    assert "<script" not in field
    assert not re.search(r"<[a-z][^>]* on[a-z]+=", re.sub(r'"[^"]*"', '""', field))


class Engine(Protocol):
    """Anki: the numbers of the deletions that it finds in a text, and what it hides under one of
    them.
    """

    def numbers(self, text: str) -> set[int]:
        """The numbers of the deletions in a field."""

    def hidden(self, text: str, number: int) -> str:
        """The HTML that is hidden under a number, several with commas between."""


def check_cloze(pieces: Iterable[str], engine: Engine | None = None) -> None:
    """The text of a cloze note: canonical, and ankipress finds the deletions that Anki finds."""
    field = rendered_cloze("".join(pieces))
    assert canonical(field) == field
    if engine is not None:
        assert set(cloze_numbers(field)) == engine.numbers(field)


def check_hidden_code(code: str, engine: Engine) -> None:
    """A deletion of code: Anki hides that very code, whatever stands in it."""
    ticks = "`" * (max(map(len, re.findall("`+", code)), default=0) + 1)
    field = rendered_cloze(f"{{{{c1::{ticks} {code} {ticks}}}}} and {{{{c2::`x`}}}}")
    assert engine.numbers(field) == {1, 2}
    hidden = html.unescape(re.sub(TAG, "", engine.hidden(field, 1)))
    assert hidden == code, (hidden, code)


def check_package(content: bytes) -> tuple[FoundNote, ...] | str:
    """A stranger's package: its notes, or what PackageError says, and nothing else.

    With its media it is an edition, which can be compared. What is taken over of it as a deck of
    its own has these notes too.
    """
    try:
        whole = whole_in(whole_answer(io.BytesIO(content)))
        part = whole_in(whole_answer(io.BytesIO(content), "valid"))
        contents = contents_in(contents_answer(io.BytesIO(content)))
    except PackageError as error:
        return str(error)
    notes = contents.notes
    assert whole.contents.notes == notes
    assert {note.guid for note in part.contents.notes} <= {note.guid for note in notes}
    json.dumps([note.fields for note in notes])
    edition = package_edition(contents, "laws-1.0.0.apkg")
    assert [note.guid for note in edition.notes] == [note.guid for note in notes]
    compare(edition, edition)
    return notes


def _check_places(problems: Iterable[Diagnostic], lines: Sequence[str]) -> None:
    for each in problems:
        assert each.code in CODES
        assert each.message
        assert 0 <= each.location.line <= len(lines)
        assert each.location.column >= 1
        assert each.location.width >= 1
