"""Nothing changed: ankipress says so at once, and only then."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ankipress.cli import build_command, last_build
from ankipress.cli import building as full_build
from ankipress.cli.main import run
from ankipress.project.atomic import write_files
from author import picture

CARDS = (
    "# Deck\n\n"
    + "".join(f"## What is {n}?\n\nIt is {n}.\n\n" for n in range(250))
    + "## What is this?\n\n![A square.](media/a.png)\n"
)
LINE = "deck 1.0.0: 251 notes (0 new, 0 changed, 0 retired), 1 media, build/deck-1.0.0.apkg"


@pytest.fixture
def deck(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Path:
    """A deck that has been built twice, so that the lock is settled too."""
    for name in ("XDG_CONFIG_HOME", "APPDATA", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    folder = tmp_path / "deck"
    (folder / "media").mkdir(parents=True)
    (folder / "media/a.png").write_bytes(picture(1))
    (folder / "cards.md").write_text(CARDS, encoding="utf-8")
    (folder / "ankipress.toml").write_text(
        'name = "deck"\nversion = "1.0.0"\nuid = "deck-1234"\nsources = ["*.md"]\n',
        encoding="utf-8",
    )
    monkeypatch.chdir(folder)
    assert run(["build"]) == 0
    capsys.readouterr()
    return folder


def is_remembered(output: Path | None = None) -> bool:
    seen = last_build.look_around(output)
    return seen is not None and not seen.changed


def test_a_small_deck_is_not_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ankipress.toml").write_text('name = "deck"\nuid = "deck-1234"\n', encoding="utf-8")
    (tmp_path / "cards.md").write_text("## A?\n\nB\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["build"]) == 0
    assert not is_remembered()
    assert not (tmp_path / "build/.cache").exists()


def test_it_says_what_a_build_would_say(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in deck.rglob("*") if path.is_file()}
    assert run(["build"]) == 0
    assert capsys.readouterr().out.startswith(LINE)
    assert {path: path.read_bytes() for path in deck.rglob("*") if path.is_file()} == before


def test_it_needs_no_stage(deck: Path) -> None:
    program = (
        "import sys; from ankipress.cli.main import run; status = run(['build']);"
        "loaded = [each for each in ('ankipress.build.pipeline', 'ankipress.parse', 'markdown', 'genanki') if each in sys.modules];"
        "sys.exit(f'imported: {loaded}' if loaded else status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(LINE)


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


_LINKS = pytest.mark.skipif(
    sys.platform == "win32", reason="links need a permission on Windows: NOT tested there"
)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_changed("cards.md", b"It is 7.", b"It is 8."), id="a card"),
        pytest.param(_changed("ankipress.toml", b'"1.0.0"', b'"1.0.1"'), id="the settings"),
        pytest.param(_changed("ankipress.lock", b"active", b"retired"), id="the lock"),
        pytest.param(_changed("media/a.png", b"PNG", b"PNF"), id="a picture"),
        pytest.param(_changed("build/deck-1.0.0.apkg", b"PK", b"KP"), id="the package"),
        pytest.param(lambda deck: (deck / "build/deck-1.0.0.apkg").unlink(), id="no package"),
        pytest.param(lambda deck: (deck / "ankipress.lock").unlink(), id="no lock"),
        pytest.param(lambda deck: (deck / "ankipress.retired").write_text("{}\n"), id="tombstones"),
        pytest.param(
            lambda deck: (deck / "more.md").write_text("## M?\n\nN\n"), id="another source"
        ),
        pytest.param(
            lambda deck: (deck / "cards.md").rename(deck / "moved.md"), id="a source that moved"
        ),
        pytest.param(lambda deck: (deck / "media/a.png").unlink(), id="no picture"),
        pytest.param(_led_out("cards.md"), id="a source that is outside", marks=_LINKS),
        pytest.param(_led_out("media/a.png"), id="a picture that is outside", marks=_LINKS),
        pytest.param(_led_out("media"), id="a folder that is outside", marks=_LINKS),
        pytest.param(
            lambda deck: (deck / "ankipress.toml").rename(deck / "pyproject.toml"),
            id="settings in another file",
        ),
        pytest.param(
            _changed("build/.cache/build-2", b"251", b"252"),
            id="a memory that was written by somebody else",
        ),
        pytest.param(
            lambda deck: (deck / "build/.cache/build-2").write_bytes(b""), id="an empty memory"
        ),
    ],
)
def test_any_change_is_seen(deck: Path, change: Callable[[Path], object]) -> None:
    assert is_remembered()
    change(deck)
    assert not is_remembered()


@pytest.mark.skipif(
    sys.platform == "win32", reason="this system does not limit the size of files: NOT tested there"
)
@pytest.mark.parametrize(
    ("path", "is_remembered_still"),
    [
        pytest.param("media/a.png", False, id="another picture"),
        pytest.param("more.md", False, id="another source"),
        pytest.param("notetypes/own/notetype.toml", False, id="a note type"),
        pytest.param("notetypes/own/README.md", True, id="a file that no build reads"),
    ],
)
def test_what_changes_under_a_build_is_seen_by_the_next(
    path: str, is_remembered_still: bool, deck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(*arguments: Any) -> None:
        write_files(*arguments)
        (deck / path).parent.mkdir(parents=True, exist_ok=True)
        (deck / path).write_bytes(picture(2))

    monkeypatch.setattr(full_build, "write_files", write)
    (deck / "cards.md").write_text(CARDS + "\n## Another?\n\nYes.\n", encoding="utf-8")
    assert run(["build"]) == 0
    assert is_remembered() is is_remembered_still


def test_a_memory_for_which_there_is_no_room_leaves_nothing_behind(deck: Path) -> None:
    import resource  # noqa: PLC0415 - not on Windows

    seen = last_build.look_around(None)
    assert seen
    before = sorted((deck / "build/.cache").iterdir())
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        last_build.remember(seen.owner, seen.folder, seen.last, [b"x" * 1000])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert sorted((deck / "build/.cache").iterdir()) == before
    assert is_remembered()


def test_what_a_killed_build_left_of_its_memory_goes(deck: Path) -> None:
    (deck / "build/.cache/.texts-2.abcdefgh").write_bytes(b"x")
    _changed("cards.md", b"It is 7.", b"It is 8.")(deck)
    assert run(["build"]) == 0
    assert sorted(each.name for each in (deck / "build/.cache").iterdir()) == [
        "build-2",
        "entries-1",
        "texts-2",
    ]


def test_other_programs_and_other_folders_are_changes(
    deck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not is_remembered(Path("dist"))
    (deck / "notetypes/mine").mkdir(parents=True)
    (deck / "notetypes/mine/style.css").write_text("p {}", encoding="utf-8")
    assert not is_remembered()
    (deck / "notetypes/mine/style.css").unlink()
    assert is_remembered()
    monkeypatch.setattr("ankipress.__version__", "99")
    assert not is_remembered()


def test_a_build_with_a_warning_is_run_again_to_say_it(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (deck / "cards.md").write_text(CARDS + "\n## Which?\n\n```pyhton\nx\n```\n", encoding="utf-8")
    for _ in range(2):
        assert run(["build"]) == 0
        assert "unknown-language" in capsys.readouterr().err


def test_every_file_that_a_build_opens_is_watched(deck: Path) -> None:
    """A file that is read but not watched would leave an old package in place."""
    program = (
        "import sys; opened = [];"
        "sys.addaudithook(lambda event, arguments: opened.append(str(arguments[0])) if event == 'open' else None);"
        "from pathlib import Path; from ankipress.cli.main import run; run(['build']); root = str(Path.cwd());"
        "print('\\n'.join(sorted({each for each in opened if each.startswith(root)})))"
    )
    (deck / "build/deck-1.0.0.apkg").unlink()  # which is watched too
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    found = {Path(line) for line in done.stdout.splitlines() if line.startswith(str(deck))}
    # Folders are opened by writers who take turns in them.
    opened = {path.relative_to(deck).as_posix() for path in found if not path.is_dir()}
    watched = {
        "cards.md",
        "ankipress.toml",
        "ankipress.lock",
        "ankipress.retired",
        "media/a.png",
    }
    assert {
        path for path in opened if not path.startswith("build/") and not path.endswith(".tmp")
    } == watched


def test_the_command_asks_for_the_whole_project_alone(
    deck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With PATHS, something else is built."""
    monkeypatch.setattr(build_command, "look_around", lambda _: pytest.fail("asked"))
    assert run(["build", "cards.md"]) == 0


def _built(folder: Path) -> tuple[int, str, dict[str, bytes]]:
    """The status of a build in a process of its own, what is said, and what is made."""
    done = subprocess.run(
        [sys.executable, "-B", "-m", "ankipress", "build"],
        cwd=folder,
        env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"},
        capture_output=True,
        text=True,
        check=False,
    )
    made = {
        path.name: path.read_bytes()
        for path in (folder / "ankipress.lock", *sorted((folder / "build").glob("*.apkg")))
    }
    return done.returncode, done.stdout + done.stderr, made


def _text(path: str, text: str) -> Callable[[Path], None]:
    def write(deck: Path) -> None:
        (deck / path).parent.mkdir(parents=True, exist_ok=True)
        (deck / path).write_text(text, encoding="utf-8")

    return write


def _picture(path: str) -> Callable[[Path], None]:
    def write(deck: Path) -> None:
        (deck / path).parent.mkdir(parents=True, exist_ok=True)
        (deck / path).write_bytes(picture(2))

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


def _settings_in_pyproject(deck: Path) -> None:
    _text(
        "pyproject.toml",
        '[tool.ankipress]\nname = "deck"\nversion = "1.0.0"\nuid = "deck-1234"\nsources = ["*.md"]\n',
    )(deck)
    (deck / "ankipress.toml").unlink()


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
        pytest.param([LINK], _text("book.pdf", "a book"), id="the file of a link appears"),
        pytest.param([LINK], _text("book.pdf/page", "a book"), id="a folder for a link appears"),
        pytest.param(
            [_built, _changed("cards.md", b"It is 7.", b"It is [7](book.pdf).")],
            _text("book.pdf", "a book"),
            id="the file of a link appears that came with an edit",
        ),
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
            lambda deck: (deck / "media/cafe\u0301.png").write_bytes(picture(3)),
            id="a picture changes whose name the disk composes otherwise",
        ),
        pytest.param(
            [_set('severity = { unused-media = "warning" }')],
            _picture("media/b.png"),
            id="a picture appears that would be told",
        ),
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
    ],
)
def test_what_comes_of_a_change_is_what_comes_of_it_from_nothing(
    before: list[Callable[[Path], object]], change: Callable[[Path], object], deck: Path
) -> None:
    """One project in two folders: one remembers its last build, the other has none."""
    for each in before:
        each(deck)
    assert _built(deck)[0] == 0
    assert _built(deck)[0] == 0
    twin = deck.parent / "twin" / deck.name
    shutil.copytree(deck, twin, ignore=shutil.ignore_patterns(".cache", "__pycache__"))
    for folder in (deck, twin):
        change(folder)
    assert _built(deck) == _built(twin)
