"""A stranger's package is read within seconds and a little memory, or refused, by every command."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from ankipress.cli.main import run
from ankipress.diff import html_format
from ankipress.diff.difference import compare
from ankipress.diff.editions import package_at
from ankipress.diff.html_format import as_html
from ankipress.diff.package_files import read_package as read_in_process
from git_author import GitAuthor
from packages import (
    NEWEST,
    by_sql,
    edited,
    listing,
    media_entries,
    members_of,
    new_package,
    old_package,
    zipped,
    zstd,
)

ENDLESS = """
    CREATE TABLE other AS SELECT * FROM notes; DROP TABLE notes;
    CREATE TABLE notes (id, guid, mid, mod, tags,
        flds TEXT AS (id));
    INSERT INTO notes (id, guid, mid, mod, tags) SELECT id, guid, mid, mod, tags FROM other;
    PRAGMA writable_schema = ON;
    UPDATE sqlite_master SET sql = replace(sql, 'AS (id)',
        'AS (instr(hex(zeroblob(4000000)), hex(zeroblob(2000000)) || 1))') WHERE name = 'notes';
"""
COMMANDS = (
    "diff PACKAGE",
    "diff HEAD PACKAGE",
    "check --against PACKAGE",
    "release --dry-run --against PACKAGE 1.0.1",
    "recover PACKAGE",
    "verify PACKAGE",
)
on_posix = pytest.mark.skipif(sys.platform == "win32", reason="it measures by POSIX")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")


@pytest.fixture
def deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    author = GitAuthor(tmp_path / "deck", monkeypatch, {"name": "deck", "uid": "deck-uid"})
    author.write("cards.md", "## Q\n\nA\n")
    author.write(".gitignore", "/build/\n*.apkg\n")
    author.commit()
    monkeypatch.chdir(author.folder)
    return author.folder


def words_of(command: str, package: str = "bad.apkg") -> list[str]:
    return command.replace("PACKAGE", package).split()


# Bombs

MANY = 40
LARGE = 200_000_000


def zeros(size: int) -> bytes:
    """Zeros, compressed piece by piece."""
    compressor = zstandard.ZstdCompressor().compressobj(size=size)
    pieces = [compressor.compress(bytes(10**7)) for _ in range(size // 10**7)]
    return b"".join([*pieces, compressor.flush()])


def new_members(**members: bytes) -> bytes:
    """A package of the newest format with some members compressed already."""
    return zipped({**members_of(new_package()), **members})


def many_media() -> bytes:
    names = [f"{number}.mp3" for number in range(MANY)]
    bomb = zeros(LARGE)
    package = new_members(
        media=zstd(media_entries(*names)), **{str(number): bomb for number in range(MANY)}
    )
    assert len(package) < 1_000_000
    return package


def large_list() -> bytes:
    return new_members(media=zeros(3 * 10**9))


def old_media() -> bytes:
    return old_package(media=listing("a.mp3"), **{"0": bytes(300_000_000)})


def large_database() -> bytes:
    return new_members(**{NEWEST: zeros(400_000_000)})


def many_entries() -> bytes:
    """A list of four million files without names."""
    return new_members(media=zstd(b"\x0a\x02\x0a\0" * 4_000_000))


def skipped_frame() -> bytes:
    """What zstd reads over without a word, in each of the media."""
    frame = b"\x50\x2a\x4d\x18" + (300_000_000).to_bytes(4, "little") + bytes(300_000_000)
    return new_members(media=zstd(media_entries("a")), **{"0": frame})


@on_posix
@pytest.mark.parametrize(
    "package", [many_media, large_list, old_media, large_database, many_entries, skipped_frame]
)
def test_a_bomb_is_refused_in_seconds_and_little_memory(
    package: Callable[[], bytes], deck: Path
) -> None:
    (deck / "bad.apkg").write_bytes(package())
    for command in COMMANDS[:1]:
        refuse_quickly(command, deck)


@on_posix
def test_every_command_refuses_a_bomb(deck: Path) -> None:
    (deck / "bad.apkg").write_bytes(many_media())
    for command in COMMANDS:
        refuse_quickly(command, deck)


MEASURE = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, timeout=100)
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
MOST_MEMORY = 300_000  # kB


def refuse_quickly(command: str, deck: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, sys.executable, "-m", "ankipress", *words_of(command)],
        cwd=deck,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    status, memory = done.stdout.split()
    assert (status, "error[bad-package]" in done.stderr) == ("1", True), (command, done.stderr)
    if sys.platform == "darwin":
        memory = str(int(memory) // 1024)
    assert int(memory) < MOST_MEMORY, command


def test_honest_media_of_any_size_are_read_without_being_in_memory(tmp_path: Path) -> None:
    """Sound compresses hardly: what comes out is about as large as the package."""
    piece = os.urandom(1_000_000)
    with zipfile.ZipFile(tmp_path / "a.apkg", "w") as archive:
        for name, content in members_of(old_package(media=listing("a.mp3", "b.mp3"))).items():
            if not name.isdecimal():
                archive.writestr(name, content)
        for name in ("0", "1"):
            with archive.open(name, "w", force_zip64=True) as target:
                for _ in range(100):
                    target.write(piece)
    contents = read_in_process(tmp_path / "a.apkg")
    assert [(name, each.size) for name, each in contents.media.items()] == [
        ("a.mp3", 100_000_000),
        ("b.mp3", 100_000_000),
    ]


# Commands


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "package",
    [
        pytest.param(lambda: old_package(media=listing("../../x")), id="media elsewhere"),
        pytest.param(lambda: new_package(media=media_entries("../../x")), id="in the new format"),
        pytest.param(
            lambda: edited(
                old_package(),
                by_sql(lambda each: each.executescript(ENDLESS)),
            ),
            id="a column that never ends",
        ),
        pytest.param(lambda: b"", id="an empty file"),
    ],
)
def test_every_command_says_that_the_package_is_bad(
    command: str,
    package: Callable[[], bytes],
    deck: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (deck / "bad.apkg").write_bytes(package())
    before = files(deck.parent)
    capsys.readouterr()
    assert run(words_of(command)) == 1
    shown = capsys.readouterr().err
    assert shown.startswith("error[bad-package]: bad.apkg: "), shown
    assert files(deck.parent) == before


def files(folder: Path) -> dict[Path, bytes]:
    """All files below a folder but those of git and the cache."""
    return {
        path: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not {".git", "cache"} & set(path.parts)
    }


@on_posix
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("kind", ["pipe", "device", "link to a device"])
def test_what_is_no_file_is_refused(
    command: str, kind: str, deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "bad.apkg"
    if kind == "pipe":
        os.mkfifo(deck / name)
    elif kind == "device":
        name = "/dev/zero"
    else:
        (deck / name).symlink_to("/dev/zero")
    capsys.readouterr()
    assert run(words_of(command, name)) == 1
    assert capsys.readouterr().err.startswith(f"error[bad-package]: {name}: it is no file")


@on_linux
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda each: each.name)
@pytest.mark.parametrize("command", ["diff PACKAGE PACKAGE", "recover PACKAGE", "verify PACKAGE"])
def test_a_signal_ends_a_command_that_reads_a_package(
    number: signal.Signals, command: str, deck: Path
) -> None:
    """Media of half a gigabyte keep the process busy for a while."""
    package = deck / "large.apkg"
    with zipfile.ZipFile(package, "w") as archive:
        for name, content in members_of(old_package(media=listing("a.mp3"))).items():
            if not name.isdecimal():
                archive.writestr(name, content)
        with archive.open("0", "w", force_zip64=True) as target:
            for _ in range(500):
                target.write(bytes(1_000_000))
    process = subprocess.Popen(
        [sys.executable, "-m", "ankipress", *words_of(command, package.name)],
        cwd=deck,
        stderr=subprocess.PIPE,
        text=True,
    )
    child = child_of(process)
    start = time.monotonic()
    process.send_signal(number)
    _, shown = process.communicate(timeout=30)
    assert time.monotonic() - start < 10
    assert (process.returncode, shown) in {
        (130, "ankipress: interrupted\n"),
        (143, "ankipress: terminated\n"),
    }
    assert not Path(f"/proc/{child}").exists()


def child_of(process: subprocess.Popen[str]) -> int:
    """The process that a command has started to read a package."""
    path = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for child in path.read_text().split():
            if "package_answer" in Path("/proc", child, "cmdline").read_text():
                return int(child)
        time.sleep(0.005)
    raise AssertionError(f"process {process.pid} has started no other")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cards SET nid = -nid; UPDATE notes SET id = -id;",
        "UPDATE cards SET nid = 0; UPDATE notes SET id = 0;",
        "UPDATE notes SET mod = -5;",
        "UPDATE notes SET flds = replace(flds, guid, 'a b'), guid = 'a b';",
    ],
)
def test_a_lock_that_is_recovered_can_be_read(
    statement: str, deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever numbers and guids a package has: a lock with them would be none."""
    assert run(["build"]) == 0
    [built] = deck.glob("build/*.apkg")
    package = edited(built.read_bytes(), by_sql(lambda each: each.executescript(statement)))
    (deck / "bad.apkg").write_bytes(package)
    (deck / "ankipress.lock").unlink()
    capsys.readouterr()
    assert run(["recover", "--force", "bad.apkg"]) in {0, 1}
    assert run(["check"]) == 0
    shown = capsys.readouterr()
    assert "bad-lock" not in shown.out + shown.err


def test_the_files_on_the_page_of_a_difference_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, picture in (("old", b"first"), ("new", b"second")):
        statement = "UPDATE notes SET flds = 'Q' || char(31) || '<img src=\"a.png\">' WHERE id = 11"
        package = old_package(statement, media=listing("a.png"), **{"0": picture})
        (tmp_path / f"{name}.apkg").write_bytes(package)
    editions = [package_at(tmp_path / f"{name}.apkg") for name in ("old", "new")]
    difference = compare(*editions)
    assert shown_pictures(as_html(difference)) == ["Zmlyc3Q=", "c2Vjb25k"]
    monkeypatch.setattr(html_format, "_LARGEST_FILES", 10)
    assert shown_pictures(as_html(difference)) == ["Zmlyc3Q=", ""]


def shown_pictures(page: str) -> list[str]:
    return re.findall(r"data:image/png;base64,([^\"]*)", page)
