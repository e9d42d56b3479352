"""docs/checks.md tells the truth: every code has a paragraph, its bad example has just that
problem, its good one none.
"""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import pytest

from ankipress.cli import check_command, push_command, pushing
from ankipress.cli.main import run
from ankipress.diagnostics import CODES
from ankipress.live.anki_contents import LiveError
from ankipress.media.media_folder import LARGEST
from pages import ROOT, Section, read_page, sections

CARD = "## What is a tensor?\n\nA regular array of numbers.\n"
"""Stands in cards.md where an example shows no cards."""

_ANKI_IS_BUSY = LiveError("anki-refused", "Anki does not answer in time", "close its dialogs")
_LABEL = re.compile(r"(?:(Before|Bad|Good)(?:, `([^`]+)`)?|and `([^`]+)`):")
_CODE = re.compile(r"(?:error|warning|advice)\[([a-z0-9-]+)\]")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


PORT = _free_port()

COMMANDS: Mapping[str, list[str]] = {
    "adopted-lock": ["check", "notes.md"],
    "unclear-lock": ["check", "notes.md"],
    "already-a-project": ["init"],
    "unclear-shape": ["init", "--yes"],
    "bad-usage": ["build", "notes.md"],
    "cannot-serve": ["serve", "--no-open", "--port", str(PORT)],
    "missing-package": ["serve", "--no-open", "--port", str(PORT)],
    "lock-outdated": ["build", "--locked"],
    "cannot-release": ["release"],
    "cannot-write": ["build"],
    "too-slow": ["build"],  # ankipress check would also advise against a line of this length
    "bad-package": ["recover", "old.apkg"],
    "bad-source": ["import", "old.apkg", "imported"],
    "changed-twice": ["import", "notes.txt", "words"],
    "not-pulled": ["pull", "old.apkg", "--yes"],
    "code-failed": ["check", "--run"],
    "wrong-output": ["check", "--run"],
    "no-edition": ["diff", "v1.0.0"],
    "anki-refused": ["push"],
    "edits-in-anki": ["push", "../profile", "--yes"],
    "unexpected-import": ["push", "../profile", "--yes"],
    "version-too-small": ["check", "--against", "build/deck-1.0.0.apkg"],
    **{
        # A lock that was tampered with makes learners lose cards, and a large version the more
        # necessary.
        code: ["check", "--against", "old.apkg", "--ignore", "version-too-small,kind-changed"]
        for code in ("guid-lost", "mod-too-old", "note-id-changed", "note-type-changed")
    },
}
"""The command that shows a problem, where it is not `ankipress check`."""


STATUS: Mapping[str, int] = {"bad-usage": 2, "bug": 3}
"""The exit status of a problem that is an error and has another one than 1."""


class Unwritable(NamedTuple):
    """A problem that no Markdown on a page can show: why, and how a test makes it in a folder with
    one good card.
    """

    why: str
    make: Callable[[Path], object]
    fix: Callable[[Path], object] = bool  # what a good project has that no page can show either


def _link_outside(folder: Path) -> None:
    (folder.parent / "elsewhere.md").write_text(CARD, encoding="utf-8")
    (folder / "cards.md").unlink()
    (folder / "cards.md").symlink_to(folder.parent / "elsewhere.md")


def _build_without_settings(folder: Path, name: str = "notes.md", more: str = "") -> None:
    (folder / name).write_text(CARD + more, encoding="utf-8")
    assert run(["build", name]) == 0


def _renamed(folder: Path) -> None:
    _build_without_settings(folder, "old.md", "\n# Tensors\n")
    (folder / "old.md").rename(folder / "notes.md")


def _partly_moved(folder: Path) -> None:
    _build_without_settings(folder, "old.md", "\n## 1?\n\n1\n\n## 2?\n\n2\n\n## 3?\n\n3\n")
    (folder / "old.md").unlink()
    (folder / "notes.md").write_text(CARD, encoding="utf-8")


def _topics(folder: Path) -> None:
    """A folder of notes with headings that ask nothing."""
    for name in ("ankipress.toml", "cards.md"):
        (folder / name).unlink(missing_ok=True)
    topics = "".join(f"## Topic {name}\n\nText of {name}.\n\n" for name in "ABCDEFGHIJKL")
    (folder / "notes.md").write_text(topics, encoding="utf-8")


def _questions(folder: Path) -> None:
    """A folder of notes with headings that ask."""
    _topics(folder)
    text = (folder / "notes.md").read_text(encoding="utf-8").replace("Topic", "What is")
    (folder / "notes.md").write_text(text, encoding="utf-8")


def _exported(folder: Path, answer: str) -> None:
    """A text export of Anki with one note."""
    text = f"#separator:tab\n#html:true\n#guid column:1\nguid\tword\t{answer}\n"
    (folder / "notes.txt").write_text(text, encoding="utf-8")


def _imported(folder: Path) -> None:
    shutil.rmtree(folder / "words", ignore_errors=True)
    _exported(folder, "meaning")
    assert run(["import", "notes.txt", "words"]) == 0


def _changed_twice(folder: Path) -> None:
    _imported(folder)
    _exported(folder, "another meaning")
    [cards] = (folder / "words" / "cards").glob("*.md")
    text = cards.read_text(encoding="utf-8")
    cards.write_text(text.replace("meaning", "my meaning"), encoding="utf-8")


def _package(folder: Path) -> None:
    assert run(["build"]) == 0
    shutil.copy(next(folder.glob("build/*.apkg")), folder / "old.apkg")


def _imported_export(folder: Path) -> None:
    """The project that becomes of a text export of Anki, in the place of what is there."""
    (folder / "cards.md").unlink()
    export = (
        '#separator:tab\n#html:true\nWhat is blue?\t<img alt="the sky at noon" src="sky.png">\n'
    )
    (folder / "export.txt").write_text(export, encoding="utf-8")
    assert run(["import", "export.txt", "."]) == 0


def _imported_with_media(folder: Path) -> None:
    _imported_export(folder)
    (folder / "media").mkdir()
    shutil.copy(ROOT / "examples/media/sky.png", folder / "media")


def _tamper(folder: Path, **values: object) -> None:
    """Write other values over those of the one note in the lock."""
    path = folder / "ankipress.lock"
    header, line = path.read_text(encoding="utf-8").splitlines()
    path.write_text(
        f"{header}\n{json.dumps({**json.loads(line), **values}, ensure_ascii=False)}\n",
        encoding="utf-8",
    )


def _published_and(**values: object) -> Callable[[Path], object]:
    """A package of the card, and a lock in which something else was written of it since."""

    def make(folder: Path) -> None:
        _package(folder)
        _tamper(folder, **values)

    return make


def _edited_without_a_newer_mod(folder: Path) -> None:
    _package(folder)
    (folder / "cards.md").write_text(CARD.replace("regular", "rectangular"), encoding="utf-8")
    assert run(["build"]) == 0
    _tamper(folder, mod=1_000_000_000)


def _another_kind_under_the_same_guid(folder: Path) -> None:
    _package(folder)
    _tamper(folder, kind="cloze")
    text = CARD.replace("tensor?", "tensor? {kind=cloze}").replace("regular", "{{c1::regular}}")
    (folder / "cards.md").write_text(text, encoding="utf-8")


def _drifted(folder: Path) -> None:
    _package(folder)
    _tamper(folder, digest="0" * 32)
    path = folder / "ankipress.lock"
    path.write_text(
        re.sub(r'("Pygments": )"[^"]+"', r'\1"1.0"', path.read_text(encoding="utf-8")),
        encoding="utf-8",
    )


def _tagged(folder: Path) -> None:
    for words in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=A", "-c", "user.email=a@b", "commit", "-qm", "1"],
        ["tag", "v1.0.0"],
    ):
        subprocess.run(["git", *words], cwd=folder, check=True)


def _repository(folder: Path) -> None:
    (folder / "ankipress.toml").write_text('name = "deck"\n', encoding="utf-8")
    (folder / ".gitignore").write_text("/build/\n", encoding="utf-8")
    identity = ["-c", "user.name=Ann", "-c", "user.email=a@b.c"]
    for words in (
        ["init", "--quiet"],
        ["add", "."],
        [*identity, "commit", "--quiet", "--message=Begin"],
    ):
        subprocess.run(["git", *words], cwd=folder, check=True)
    for name, value in (("user.name", "Ann"), ("user.email", "a@b.c")):
        subprocess.run(["git", "config", name, value], cwd=folder, check=True)


def _edited(folder: Path) -> None:
    _repository(folder)
    (folder / "cards.md").write_text(CARD.replace("regular", "REGULAR"), encoding="utf-8")


def _large_media(folder: Path) -> None:
    (folder / "media").mkdir()
    with (folder / "media" / "lecture.mp4").open("wb") as file:
        file.truncate(LARGEST + 1)
    (folder / "cards.md").write_text(
        '## Q\n\n<video controls src="media/lecture.mp4"></video>\n', encoding="utf-8"
    )


def _small_media(folder: Path) -> None:
    (folder / "media").mkdir()
    (folder / "media" / "lecture.mp4").write_bytes(b"\0a small film")


TAKEN: list[socket.socket] = []
"""What listens on a port until a test is over."""


def _take_the_port(_: Path) -> None:
    TAKEN.append(socket.create_server(("127.0.0.1", PORT)))


def _instead_once(module: Any, name: str, function: Callable[..., object]) -> None:
    """Call another function in place of one, a single time."""
    real = getattr(module, name)

    def once(*arguments: object, **_: object) -> object:
        setattr(module, name, real)
        return function(*arguments)

    setattr(module, name, once)


def _raising(error: Exception) -> Callable[..., object]:
    def function(*_: object) -> NoReturn:
        raise error

    return function


def _empty_profile(folder: Path) -> None:
    """Beside the folder, a collection of Anki's."""
    from learner import Learner  # noqa: PLC0415 - it needs Anki's engine

    with Learner(folder.parent / "profile"):
        pass


def _edited_in_anki(folder: Path) -> None:
    """A card that was edited in Anki and here since it was built."""
    from learner import Learner  # noqa: PLC0415 - it needs Anki's engine

    _package(folder)
    with Learner(folder.parent / "profile") as learner:
        learner.import_package(folder / "old.apkg")
        learner.collection.db.execute("UPDATE notes SET flds = replace(flds, 'regular', 'plain')")
    (folder / "cards.md").write_text(CARD.replace("numbers", "figures"), encoding="utf-8")


def _surprised(folder: Path) -> None:
    _empty_profile(folder)
    sentence = "the note is “duplicate”, and predicted was “new”"
    _instead_once(pushing, "surprises", lambda *_: [sentence])


UNWRITABLE: Mapping[str, Unwritable] = {
    "anki-refused": Unwritable(
        "an Anki is no file of a project",
        lambda _: _instead_once(push_command, "running_anki", _raising(_ANKI_IS_BUSY)),
    ),
    "edits-in-anki": Unwritable(
        "a collection is no file of a project", _edited_in_anki, _empty_profile
    ),
    "unexpected-import": Unwritable("no such Anki is known", _surprised, _empty_profile),
    "bad-usage": Unwritable(
        "the call is wrong, not a file",
        bool,
        lambda folder: (folder / "notes.md").write_text(CARD, encoding="utf-8"),
    ),
    "bug": Unwritable(
        "no bug is known",
        lambda _: _instead_once(check_command, "compiled", _raising(ZeroDivisionError("oops"))),
    ),
    "absent-media": Unwritable(
        "a deck of Anki is no project", _imported_export, _imported_with_media
    ),
    "adopted-lock": Unwritable(
        "a file that was renamed is no text", _renamed, _build_without_settings
    ),
    "unclear-lock": Unwritable(
        "a lock without its file is no text", _partly_moved, _build_without_settings
    ),
    "unclear-shape": Unwritable("a folder with notes has no settings yet", _topics, _questions),
    "cannot-serve": Unwritable("a port is no file", _take_the_port),
    "missing-package": Unwritable(
        "packages are no files of a project",
        lambda _: _instead_once(importlib.util, "find_spec", lambda _: None),
    ),
    "not-text": Unwritable(
        "a document is no text",
        lambda folder: (folder / "cards.md").write_bytes(b"PK\x03\x04\x14\0\x06\0word/\xff"),
    ),
    "system-error": Unwritable(
        "what the system refuses is no file",
        lambda _: _instead_once(check_command, "compiled", _raising(MemoryError())),
    ),
    "bad-package": Unwritable(
        "a package is no text", lambda folder: (folder / "old.apkg").write_text("no zip"), _package
    ),
    "bad-source": Unwritable(
        "a package is no text", lambda folder: (folder / "old.apkg").write_text("no zip"), _package
    ),
    "bidi-control": Unwritable(
        "no reader of the page would see it",
        lambda folder: (folder / "cards.md").write_text(
            "## Q\n\nThe \u202eend\n", encoding="utf-8"
        ),
    ),
    "cannot-release": Unwritable("a page is no repository", _edited, _repository),
    "cannot-read": Unwritable(
        "a page cannot show a link; permissions do not stop root", _link_outside
    ),
    "cannot-write": Unwritable(
        "the folder is at fault, not a file", lambda folder: (folder / "build").write_text("")
    ),
    "changed-twice": Unwritable(
        "a newer deck is no file of the project", _changed_twice, _imported
    ),
    "control-character": Unwritable(
        "no reader of the page would see it",
        lambda folder: (folder / "cards.md").write_text("## Q\n\nA\x07\n"),
    ),
    "guid-lost": Unwritable(
        "no lock on a page fits the test's own", _published_and(guid="aaaaaaaaaaaaaaaa"), _package
    ),
    "not-pulled": Unwritable(
        "what is in Anki is no file of the project",
        lambda folder: (folder / "old.apkg").write_text("never read"),
        _package,
    ),
    "media-too-large": Unwritable("100 MiB do not fit on a page", _large_media, _small_media),
    "too-slow": Unwritable(
        "a line of 60,000 characters does not fit on a page",
        lambda folder: (folder / "cards.md").write_text(
            f"## Q\n\n```console\n{'a::' * 20_000}\n```\n"
        ),
    ),
    "mod-too-old": Unwritable(
        "no lock on a page fits the test's own", _edited_without_a_newer_mod, _package
    ),
    "no-edition": Unwritable("what is missing is no file", bool, _tagged),
    "note-id-changed": Unwritable(
        "no lock on a page fits the test's own", _published_and(note_id=1_234_567_890_123), _package
    ),
    "note-type-changed": Unwritable(
        "no lock on a page fits the test's own", _another_kind_under_the_same_guid, _package
    ),
    "toolchain-drift": Unwritable("another toolchain does not fit on a page", _drifted, _package),
    "not-utf8": Unwritable(
        "the page itself is UTF-8",
        lambda folder: (folder / "cards.md").write_bytes("## Q\n\nété\n".encode("latin-1")),
    ),
}


@dataclass(slots=True)
class Example:
    """The files of a code's three projects, by path; a project that the page does not show has
    none.
    """

    before: dict[str, str] = field(default_factory=dict)
    bad: dict[str, str] = field(default_factory=dict)
    good: dict[str, str] = field(default_factory=dict)


def read_example(section: Section) -> Example:
    """The example of a section: a label before each block says whose file it is, and its name if it
    is not cards.md.
    """
    example = Example()
    current = example.bad
    for block in section.blocks:
        label = _LABEL.fullmatch(block.before)
        assert label, f"{section.title}: the block after {block.before!r} has no label"
        if label[1]:
            current = getattr(example, label[1].lower())
        name = label[2] or label[3] or "cards.md"
        assert name not in current, f"{section.title}: {name} is shown twice"
        current[name] = block.content
    return example


PAGE = {section.title: section for section in sections(read_page("docs/checks.md"))}
EXAMPLES = {code: read_example(section) for code, section in PAGE.items()}


def write(folder: Path, files: Mapping[str, str]) -> None:
    shown_cards = any(name.endswith(".md") for name in files)
    for name, content in files.items() if shown_cards else [*files.items(), ("cards.md", CARD)]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8", newline="\n")


RUNNING = frozenset({"code-failed", "wrong-output"})
"""The codes whose examples are run: whoever reads this page trusts it."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder to be in; above it there is no project."""
    (tmp_path / "deck").mkdir()
    monkeypatch.chdir(tmp_path / "deck")
    monkeypatch.setattr("ankipress.preview.serve.server.serve", lambda *_: None)
    yield tmp_path / "deck"
    while TAKEN:
        TAKEN.pop().close()


@dataclass(frozen=True, slots=True)
class Shown:
    """What a command ended with, and the codes that it showed; the text is for whoever reads a
    failure.
    """

    status: int
    codes: list[str]
    text: str = field(default="", compare=False)


def call(code: str, capsys: pytest.CaptureFixture[str]) -> Shown:
    capsys.readouterr()
    with pytest.MonkeyPatch.context() as patch:
        if code in RUNNING:
            patch.setenv("ANKIPRESS_TRUST", "1")
        status = run(COMMANDS.get(code, ["check"]))
    output = capsys.readouterr()
    text = output.out + output.err
    return Shown(status, _CODE.findall(text), text)


def build_before(code: str, folder: Path) -> None:
    """Release what was there before, and take it away: only the lock stays."""
    if EXAMPLES[code].before:
        write(folder, EXAMPLES[code].before)
        assert run(["build"]) == 0
        for name in EXAMPLES[code].before:
            (folder / name).unlink()


def test_every_code_has_a_section_in_the_order_of_the_table() -> None:
    assert list(PAGE) == list(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_section_says_how_bad_it_is_and_what_to_do(code: str) -> None:
    prose = PAGE[code].prose.strip()
    assert prose.startswith(f"**{CODES[code].value.capitalize()}.** ")
    assert "\nHelp: " in prose


@pytest.mark.parametrize("code", CODES)
def test_a_code_has_a_good_example_and_a_bad_one_on_the_page_or_in_the_table(code: str) -> None:
    assert EXAMPLES[code].good
    assert bool(EXAMPLES[code].bad) != (code in UNWRITABLE)
    assert "\nBad: " in PAGE[code].prose or code not in UNWRITABLE, (
        "the page says in words what the test does"
    )


@pytest.mark.parametrize("code", CODES)
def test_the_bad_example_has_this_problem_and_no_other(
    code: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build_before(code, folder)
    write(folder, EXAMPLES[code].bad)
    if code in UNWRITABLE:
        UNWRITABLE[code].make(folder)
    shown = call(code, capsys)
    status = STATUS.get(code, 1 if CODES[code] == "error" else 0)
    assert (shown.status, set(shown.codes)) == (status, {code}), shown.text


@pytest.mark.parametrize("code", CODES)
def test_the_good_example_has_no_problem(
    code: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build_before(code, folder)
    write(folder, EXAMPLES[code].good)
    if code in UNWRITABLE:
        UNWRITABLE[code].fix(folder)
    assert call(code, capsys) == Shown(0, [])


@pytest.mark.parametrize("code", sorted(CODES.keys() - UNWRITABLE.keys() - COMMANDS.keys()))
def test_the_place_of_a_bad_example_is_a_text(
    code: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build_before(code, folder)
    write(folder, EXAMPLES[code].bad)
    capsys.readouterr()
    run(["check", "--format", "json"])
    for problem in json.loads(capsys.readouterr().out):
        if problem["line"]:
            text = (folder / problem["path"]).read_text(encoding="utf-8")
            begin = problem["column"] - 1
            line = text.split("\n")[problem["line"] - 1]
            words = line[begin : begin + problem["width"]]
            assert words
            assert words == words.strip()
            assert len(words) == problem["width"]
