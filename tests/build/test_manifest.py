"""Nothing changed: ankipress says so at once, and says again what the last build said."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

import ankipress
from ankipress.build.manifest import BuildManifest
from ankipress.build.memo import memo_path, open_memo
from ankipress.cli import building
from ankipress.cli.main import run
from ankipress.project.atomic import write_files
from ankipress.project.programs import programs_fingerprint
from author import picture

SOURCE = Path(ankipress.__file__).parent.parent

CARDS = (
    "# Deck\n\n"
    + "".join(f"## What is {n}?\n\nIt is {n}.\n\n" for n in range(14))
    + "## What is this?\n\n![A square.](media/a.png)\n"
)
SETTINGS = 'name = "deck"\nversion = "1.0.0"\nuid = "deck-1234"\nsources = ["*.md"]\n'
LINE = "deck 1.0.0: 15 notes (0 new, 0 changed, 0 retired), 1 media, build/deck-1.0.0.apkg"
BUILT = 99
"""The status of a build in which something changed, while `stubbed`."""


@pytest.fixture
def deck(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Path:
    """A deck of fifteen cards that has been built."""
    folder = tmp_path / "deck"
    (folder / "media").mkdir(parents=True)
    (folder / "media/a.png").write_bytes(picture(1))
    (folder / "cards.md").write_text(CARDS, encoding="utf-8")
    (folder / "ankipress.toml").write_text(SETTINGS, encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert run(["build"]) == 0
    capsys.readouterr()
    return folder


@contextmanager
def stubbed() -> Iterator[None]:
    """A build in which something changed builds nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "build", lambda *_: BUILT)
        yield


def is_current(*arguments: str) -> bool:
    """Whether the last build is recognised."""
    with stubbed():
        status = run(["build", *arguments])
    assert status in {0, BUILT}
    return status == 0


def files_of(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# What is said


def test_it_says_what_a_build_would_say(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = files_of(deck)
    assert is_current()
    said = capsys.readouterr()
    assert said.out.startswith(LINE)
    assert said.out.endswith("kB)\n")
    assert said.err == ""
    assert files_of(deck) == before


def test_the_first_build_says_what_is_new_and_the_next_that_nothing_is(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _changed("cards.md", b"It is 7.", b"It is 8.")(deck)
    assert run(["build"]) == 0
    assert "(0 new, 1 changed, 0 retired)" in capsys.readouterr().out
    assert is_current()
    assert "(0 new, 0 changed, 0 retired)" in capsys.readouterr().out


def test_warnings_are_said_again(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (deck / "cards.md").write_text(CARDS + "\n## Which?\n\n```pyhton\nx\n```\n", encoding="utf-8")
    assert run(["build"]) == 0
    first = capsys.readouterr()
    assert "warning[unknown-language]" in first.err
    for _ in range(2):
        assert is_current()
        again = capsys.readouterr()
        assert again.err == first.err
        summary = first.out.splitlines()[0]
        assert again.out == summary.replace("1 new", "0 new") + "\n"


def test_a_warning_of_the_lock_before_is_not_said_again(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It holds no more: the build that said it wrote the lock."""
    _changed("cards.md", b"It is 7.", b"It is {{c1::7}}.")(deck)
    assert run(["build"]) == 0
    assert "kind-changed" in capsys.readouterr().err
    assert is_current()
    assert capsys.readouterr().err == ""


def test_errors_are_not_remembered(deck: Path) -> None:
    _changed("cards.md", b"It is 7.", b"")(deck)
    assert run(["build"]) == 1
    assert not is_current()
    assert run(["build"]) == 1


# Who is remembered


def _more_decks(deck: Path) -> None:
    _text("more.md", "# More\n\n## A?\n\nB.\n")(deck)
    _set('packages = "deck"')(deck)


def _with_tombstones(deck: Path) -> None:
    _set('retired = "tombstone"')(deck)
    _changed("cards.md", b"## What is 7?\n\nIt is 7.\n\n", b"")(deck)


def _without_settings(deck: Path) -> None:
    shutil.rmtree(deck / "build")
    (deck / "ankipress.toml").unlink()
    (deck / "ankipress.lock").unlink()


@pytest.mark.parametrize(
    ("prepare", "arguments"),
    [
        pytest.param(lambda _: None, [], id="a project"),
        pytest.param(lambda _: None, ["."], id="a folder"),
        pytest.param(lambda _: None, ["-o", "dist"], id="another folder for the package"),
        pytest.param(lambda _: None, ["-o", "../dist"], id="a folder outside"),
        pytest.param(lambda _: None, ["cards.md"], id="a file of a project"),
        pytest.param(
            lambda deck: _text("more.md", "## A?\n\nB.\n")(deck), ["more.md"], id="one of two files"
        ),
        pytest.param(lambda deck: _more_decks(deck), [], id="several packages"),
        pytest.param(lambda deck: _set("changed_tag = true")(deck), [], id="tags of changes"),
        pytest.param(lambda deck: _with_tombstones(deck), [], id="a card that is retired"),
        pytest.param(lambda deck: _without_settings(deck), ["cards.md"], id="no settings"),
        pytest.param(
            lambda deck: _without_settings(deck), ["cards.md", "-o", "x"], id="nor its folder"
        ),
    ],
)
def test_whatever_is_built_is_remembered(
    deck: Path,
    prepare: Callable[[Path], None],
    arguments: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    prepare(deck)
    assert not is_current(*arguments) or arguments == []
    assert run(["build", *arguments]) == 0
    assert run(["build", *arguments]) == 0
    capsys.readouterr()
    before = files_of(deck.parent)
    assert is_current(*arguments)
    said = capsys.readouterr().out
    assert "(0 new, 0 changed, 0 retired)" in said
    # A fresh build says and makes the same.
    memo_path(deck).unlink()
    assert run(["build", *arguments]) == 0
    assert capsys.readouterr().out == said
    found = files_of(deck.parent)
    cache = memo_path(deck).parent
    assert {path: found[path] for path in found if cache not in path.parents} == {
        path: before[path] for path in before if cache not in path.parents
    }
    _changed("cards.md", b"It is 9.", b"It is nine.")(deck)
    if "more.md" not in arguments:
        assert not is_current(*arguments)


def test_what_is_asked_for_otherwise_is_another_build(
    deck: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_current()
    assert not is_current("-o", "dist")
    assert not is_current("cards.md")
    assert not is_current(".")
    monkeypatch.chdir(tmp_path)
    assert not is_current("deck"), "paths are shown from another folder"


def test_it_needs_no_stage(deck: Path) -> None:
    program = (
        "import sys; from ankipress.cli.main import run; status = run(['build']);"
        "stages = ('build.pipeline', 'build.cards', 'parse', 'syntax.blocks', 'render',"
        " 'identity.assign', 'package', 'notetypes.builtin', 'cli.building');"
        "loaded = [each for each in stages if f'ankipress.{each}' in sys.modules];"
        "loaded += [each for each in ('markdown', 'markdown_it', 'genanki', 'yaml', 'pygments')"
        " if each in sys.modules];"
        "sys.exit(f'imported: {loaded}' if loaded else status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(LINE)


# What is seen


def _changed(path: str, old: bytes, new: bytes) -> Callable[[Path], None]:
    def change(deck: Path) -> None:
        content = (deck / path).read_bytes()
        assert old in content
        (deck / path).write_bytes(content.replace(old, new, 1))

    return change


def _led_out(path: str) -> Callable[[Path], None]:
    """The same is found there as before, through a link that leads out of the project."""

    def change(deck: Path) -> None:
        outside = deck.parent / "outside"
        (deck / path).rename(outside)
        (deck / path).symlink_to(outside)

    return change


def _text(path: str, text: str) -> Callable[[Path], None]:
    def write(deck: Path) -> None:
        (deck / path).parent.mkdir(parents=True, exist_ok=True)
        (deck / path).write_text(text, encoding="utf-8")

    return write


def _picture(path: str, shade: int = 2) -> Callable[[Path], None]:
    def write(deck: Path) -> None:
        (deck / path).parent.mkdir(parents=True, exist_ok=True)
        (deck / path).write_bytes(picture(shade))

    return write


def _gone(path: str) -> Callable[[Path], None]:
    return lambda deck: (
        shutil.rmtree(deck / path) if (deck / path).is_dir() else (deck / path).unlink()
    )


def _set(line: str) -> Callable[[Path], None]:
    return lambda deck: _text(
        "ankipress.toml", f"{(deck / 'ankipress.toml').read_text(encoding='utf-8')}{line}\n"
    )(deck)


def _card(text: str) -> Callable[[Path], None]:
    return _text("cards.md", f"{CARDS}\n## What else?\n\n{text}\n")


_LINKS = pytest.mark.skipif(
    sys.platform == "win32", reason="links need a permission on Windows: NOT tested there"
)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_changed("cards.md", b"It is 7.", b"It is 8."), id="a card"),
        pytest.param(_changed("ankipress.toml", b'"1.0.0"', b'"1.0.1"'), id="the settings"),
        pytest.param(_changed("ankipress.lock", b'"mod":1', b'"mod":2'), id="the lock"),
        pytest.param(_changed("media/a.png", b"PNG", b"PNF"), id="a picture"),
        pytest.param(_changed("build/deck-1.0.0.apkg", b"PK", b"KP"), id="the package"),
        pytest.param(_gone("build/deck-1.0.0.apkg"), id="no package"),
        pytest.param(_gone("build"), id="no folder of packages"),
        pytest.param(_gone("ankipress.lock"), id="no lock"),
        pytest.param(_gone("cards.md"), id="no source"),
        pytest.param(_text("ankipress.retired", "{}\n"), id="tombstones"),
        pytest.param(_text("more.md", "## M?\n\nN\n"), id="another source"),
        pytest.param(
            lambda deck: (deck / "cards.md").rename(deck / "moved.md"), id="a source that moved"
        ),
        pytest.param(_gone("media/a.png"), id="no picture"),
        pytest.param(_led_out("cards.md"), id="a source that is outside", marks=_LINKS),
        pytest.param(_led_out("media/a.png"), id="a picture that is outside", marks=_LINKS),
        pytest.param(_led_out("media"), id="a folder that is outside", marks=_LINKS),
        pytest.param(
            lambda deck: (deck / "ankipress.toml").rename(deck / "pyproject.toml"),
            id="settings in another file",
        ),
        pytest.param(_text("notetypes/mine/style.css", "p {}"), id="a note type"),
        pytest.param(lambda deck: memo_path(deck).write_bytes(b""), id="an empty memory"),
        pytest.param(lambda deck: memo_path(deck).unlink(), id="no memory"),
    ],
)
def test_any_change_is_seen(deck: Path, change: Callable[[Path], object]) -> None:
    assert is_current()
    change(deck)
    assert not is_current()


def test_what_is_as_it_was_again_is_no_change(deck: Path) -> None:
    change = _changed("cards.md", b"It is 7.", b"It is 8.")
    change(deck)
    assert not is_current()
    _changed("cards.md", b"It is 8.", b"It is 7.")(deck)
    assert is_current()
    (deck / "README.txt").write_text("A file that no build reads.", encoding="utf-8")
    os.utime(deck / "cards.md", (1, 1))
    assert is_current()


def test_another_version_of_ankipress_is_a_change(
    deck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_current()
    monkeypatch.setattr("ankipress.__version__", "99")
    assert not is_current()


@pytest.mark.parametrize(
    ("path", "is_seen"),
    [
        pytest.param("media/a.png", True, id="another picture"),
        pytest.param("more.md", True, id="another source"),
        pytest.param("notetypes/own/notetype.toml", True, id="a note type"),
        pytest.param("README.md.txt", False, id="a file that no build reads"),
    ],
)
def test_what_changes_under_a_build_is_seen_by_the_next(
    path: str, is_seen: bool, deck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(*arguments: Any) -> None:
        write_files(*arguments)
        _picture(path)(deck)

    with monkeypatch.context() as patch:
        patch.setattr(building, "write_files", write)
        (deck / "cards.md").write_text(CARDS + "\n## Another?\n\nYes.\n", encoding="utf-8")
        assert run(["build"]) == 0
    assert is_current() is not is_seen


# Pictures that are not read again


def age(file: Path, seconds: float) -> None:
    """Let a file be so old."""
    written = time.time() - seconds
    os.utime(file, (written, written))


def rewrite(file: Path, content: bytes) -> None:
    """Write other bytes of the same number into a file, which then looks as it did."""
    before = file.stat()
    assert before.st_size == len(content)
    with file.open("r+b") as opened:
        opened.write(content)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_ino == before.st_ino


def test_a_picture_that_is_written_within_the_same_tick_with_the_same_size_is_seen(
    deck: Path,
) -> None:
    file = deck / "media/a.png"
    assert len(picture(1)) == len(picture(2))
    age(file, 0)
    assert run(["build"]) == 0
    rewrite(file, picture(2))
    assert not is_current()
    before = (deck / "build/deck-1.0.0.apkg").read_bytes()
    assert run(["build"]) == 0
    assert (deck / "build/deck-1.0.0.apkg").read_bytes() != before


def test_what_looks_as_it_did_for_long_is_not_read_but_by_a_locked_build(deck: Path) -> None:
    """This is how git tells changes, too."""
    file = deck / "media/a.png"
    age(file, 3600)
    assert run(["build"]) == 0
    rewrite(file, picture(2))
    assert is_current(), "it was not read"
    assert not is_current("--locked")
    assert run(["build", "--locked"]) == 1, "the lock tells another picture"


def test_a_locked_build_is_remembered_too(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["build", "--locked"]) == 0
    assert is_current("--locked")
    assert LINE in capsys.readouterr().out
    _changed("cards.md", b"It is 7.", b"It is 8.")(deck)
    assert run(["build", "--locked"]) == 1
    assert "lock-outdated" in capsys.readouterr().err


def test_every_file_that_a_build_opens_is_watched(deck: Path) -> None:
    """A file that is read but not watched would leave an old package in place."""
    settings = 'name = "Word"\nfields = ["Word", "Meaning"]\n[[templates]]\nname = "Card 1"\n'
    _text("notetypes/word/notetype.toml", settings)(deck)
    _text("notetypes/word/Card 1.front.html", "{{Word}}")(deck)
    _text("notetypes/word/Card 1.back.html", "{{Meaning}}")(deck)
    _text("more.md", "## Where?\n\n[There](cards.md), and [not](none.pdf).\n")(deck)
    _picture("media/unused.png")(deck)
    program = (
        "import sys; opened = [];"
        "sys.addaudithook(lambda event, arguments: opened.append(str(arguments[0]))"
        " if event == 'open' else None);"
        "from pathlib import Path; from ankipress.cli.main import run; run(['build']);"
        "root = str(Path.cwd());"
        "print('\\n'.join(sorted({each for each in opened if each.startswith(root)})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert "error" not in done.stderr
    found = {Path(line) for line in done.stdout.splitlines() if line.startswith(str(deck))}
    # Folders are opened by writers who take turns in them.
    opened = {path.relative_to(deck).as_posix() for path in found if not path.is_dir()}
    watched = {Path(path).relative_to(deck).as_posix() for path in manifest(deck).inputs.files}
    files = {path for path in opened if not path.startswith("build/") and path[-4:] != ".tmp"}
    # A file that is missing is watched, and not opened.
    assert files == {path for path in watched if (deck / path).exists()}
    assert "ankipress.retired" in watched


def manifest(deck: Path) -> BuildManifest:
    """What is remembered of the last build of a project."""
    key = "\0".join((str(deck), "None", "None", str(deck / "ankipress.toml"))).encode()
    with open_memo(deck, programs_fingerprint()) as memo:
        encoded = memo.manifest(key)
    assert encoded
    return msgspec.msgpack.decode(encoded, type=BuildManifest)


def test_settings_that_take_a_file_into_their_project_are_a_change(deck: Path) -> None:
    """A file beside a project is built alone until the project has it."""
    _text("other.txt", "## A?\n\nB.\n")(deck)
    assert run(["build", "other.txt"]) == 0
    assert is_current("other.txt")
    _changed("ankipress.toml", b"*.md", b"*.*t")(deck)
    assert not is_current("other.txt")


# What comes of a change is what comes of it from nothing


def _settings_in_pyproject(deck: Path) -> None:
    _text("pyproject.toml", "[tool.ankipress]\n" + SETTINGS)(deck)
    (deck / "ankipress.toml").unlink()


def _no_settings(deck: Path) -> None:
    for path in ("ankipress.toml", "ankipress.lock"):
        (deck / path).unlink()


LINK, QUIET = _card("See [the book](book.pdf)."), _set('severity = { local-link = "off" }')
EXTENSION = """
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
{imports}

class Shout(Preprocessor):
    def run(self, lines):
        return [line.replace("It is", {word}) for line in lines]

class Shouts(Extension):
    def extendMarkdown(self, md):
        md.preprocessors.register(Shout(md), "shout", 1)

def makeExtension(**options):
    return Shouts(**options)
"""
OWN = _text("shout.py", EXTENSION.format(imports="", word="'IT IS'"))
OF_MODULES = _text("shout.py", EXTENSION.format(imports="from words import WORD", word="WORD"))
PACKAGE = _text(
    "shout/__init__.py", EXTENSION.format(imports="from shout.words import WORD", word="WORD")
)
SHOUTS = _set('extensions = ["shout"]')


@pytest.mark.parametrize(
    ("before", "change"),
    [
        pytest.param([], _text("CHANGELOG.md", "# Changes\n"), id="a changelog appears"),
        pytest.param([], _picture("media/b.png"), id="a picture that no card shows appears"),
        pytest.param([], _text("ankipress.retired", "no tombstones\n"), id="tombstones appear"),
        pytest.param(
            [], _text("notetypes/mine/notetype.toml", 'name = "Mine"\n'), id="a note type appears"
        ),
        pytest.param(
            [_settings_in_pyproject],
            _text("ankipress.toml", 'name = "deck"\n'),
            id="settings that go first appear",
        ),
        pytest.param(
            [_no_settings], _text("ankipress.toml", SETTINGS), id="settings appear where none were"
        ),
        pytest.param(
            [_no_settings, _text("pyproject.toml", "[project]\n")],
            _text("pyproject.toml", "[tool.ankipress]\n" + SETTINGS),
            id="settings appear in a file of other tools",
        ),
        pytest.param([LINK], _text("book.pdf", "a book"), id="the file of a link appears"),
        pytest.param([LINK], _text("book.pdf/page", "a book"), id="a folder for a link appears"),
        pytest.param(
            [LINK, QUIET], _text("book.pdf", "a book"), id="the file of a link appears, unsaid"
        ),
        pytest.param(
            [LINK, QUIET, _text("book.pdf", "a book")],
            _gone("book.pdf"),
            id="the file of a link goes, unsaid",
        ),
        pytest.param(
            [LINK, QUIET, _text("book.pdf/page", "")],
            _gone("book.pdf"),
            id="the folder of a link goes, unsaid",
        ),
        pytest.param(
            [_card("![One.](media/caf\u00e9.png)"), _picture("media/cafe\u0301.png")],
            _picture("media/cafe\u0301.png", 3),
            id="a picture changes whose name the disk composes otherwise",
        ),
        pytest.param(
            [_set('severity = { unused-media = "warning" }')],
            _picture("media/b.png"),
            id="a picture appears that would be told",
        ),
    ],
)
def test_what_comes_of_a_change_is_what_comes_of_it_from_nothing(
    before: list[Callable[[Path], object]],
    change: Callable[[Path], object],
    deck: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def built(folder: Path) -> tuple[int, str, dict[str, bytes]]:
        monkeypatch.chdir(folder)
        capsys.readouterr()
        status = run(["build"])
        said = capsys.readouterr()
        return status, said.out + said.err, made(folder)

    compare_with_a_twin(before, change, deck, built)


@pytest.mark.parametrize(
    ("before", "change"),
    [
        pytest.param(
            [OWN, SHOUTS], _changed("shout.py", b"IT IS", b"It was"), id="an extension of one's own"
        ),
        pytest.param(
            [PACKAGE, _text("shout/words.py", "WORD = 'IT IS'"), SHOUTS],
            _text("shout/words.py", "WORD = 'It was'"),
            id="the package of an extension",
        ),
        pytest.param(
            [OF_MODULES, _text("words.py", "WORD = 'IT IS'"), SHOUTS],
            _text("words.py", "WORD = 'It was'"),
            id="a module beside an extension",
        ),
        pytest.param([OWN, SHOUTS], _set('lang = "fr"'), id="a setting, with an extension"),
    ],
)
@pytest.mark.usefixtures("trusting")
def test_what_comes_of_other_code_is_what_comes_of_it_from_nothing(
    before: list[Callable[[Path], object]], change: Callable[[Path], object], deck: Path
) -> None:
    """In processes of their own: one imports a module once."""

    def built(folder: Path) -> tuple[int, str, dict[str, bytes]]:
        done = subprocess.run(
            [sys.executable, "-B", "-m", "ankipress", "build"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{SOURCE}"},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr, made(folder)

    compare_with_a_twin(before, change, deck, built)


def compare_with_a_twin(
    before: list[Callable[[Path], object]],
    change: Callable[[Path], object],
    deck: Path,
    built: Callable[[Path], tuple[int, str, dict[str, bytes]]],
) -> None:
    """One project in two folders: one remembers its last build, the other has none."""
    for each in before:
        each(deck)
    assert built(deck)[0] == 0
    assert built(deck)[0] == 0
    twin = deck.parent / "twin" / deck.name
    shutil.copytree(deck, twin, ignore=shutil.ignore_patterns("__pycache__"))
    for folder in (deck, twin):
        change(folder)
    assert built(deck) == built(twin)


def made(folder: Path) -> dict[str, bytes]:
    """The lock and the packages."""
    return {
        path.name: path.read_bytes()
        for path in (folder / "ankipress.lock", *sorted((folder / "build").glob("*.apkg")))
    }
