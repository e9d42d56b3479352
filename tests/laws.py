"""What holds of every input, whoever wrote it: the laws that hypothesis tests in the suite and
`make fuzz` tests for hours.

Each takes bytes or text and raises AssertionError where a law is broken. Any other exception is a
broken law too: ankipress answers with diagnostics.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from ankipress.build.pipeline import Compiled, compile_deck
from ankipress.diagnostics import CODES, Diagnostic, has_errors
from ankipress.identity.lock import read_lock, write_lock
from ankipress.model import Lock, Source
from ankipress.package.card_generation import cloze_numbers
from ankipress.package.package_reading import FoundNote, read_package
from ankipress.package.unpacking import PackageError
from ankipress.parse.front_matter import read_front_matter
from ankipress.parse.placing import Parsed
from ankipress.project.deck import Project
from ankipress.project.settings import Settings, parse_settings
from ankipress.render.html import TAG, canonical
from ankipress.syntax.decoding import decode
from parsing import parse
from stages import Files, database_of, rendered_cloze

SETTINGS = Settings(name="laws", uid="laws-of-ankipress", sections="subdeck")
TIME = 1_700_000_000
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
    """A stranger's package: its notes, or what PackageError says, and nothing else."""
    try:
        notes = read_package(content)
    except PackageError as error:
        return str(error)
    json.dumps([note.fields for note in notes])
    return notes


def _check_places(problems: Iterable[Diagnostic], lines: Sequence[str]) -> None:
    for each in problems:
        assert each.code in CODES
        assert each.message
        assert 0 <= each.location.line <= len(lines)
        assert each.location.column >= 1
        assert each.location.width >= 1
