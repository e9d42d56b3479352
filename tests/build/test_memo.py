"""The memory of a project: what it gives back is what was kept, or nothing; and it never fails."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from ankipress.build import memo as module
from ankipress.build.memo import Memo, memo_path, open_memo
from ankipress.cli.main import run
from ankipress.model import Record
from ankipress.project.file_digests import FileStamp

PROGRAMS = b"programs of today"
RECORD = Record(
    guid="a",
    note_id=1_300_000_000_000,
    id=None,
    kind="basic",
    deck="Deck",
    path="cards.md",
    section="",
    after=None,
    question="What?",
    answer="1.x",
    digest="1",
    mod=1_700_000_000,
    since="1.0.0",
    changed="1.0.0",
)
VALUES = {b"key %d" % number: b"value %d" % number for number in range(500)}
STAMPS = {"/deck/a.png": FileStamp(1, 2, 3, "digest")}
POSIX = pytest.mark.skipif(
    sys.platform == "win32",
    reason="pipes, links and rights are those of POSIX: NOT tested on Windows",
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "project.sqlite"


def fill(file: Path, programs: bytes = PROGRAMS) -> None:
    """Let a build remember something of each sort."""
    memo = Memo(file, programs)
    memo.keep(VALUES)
    memo.keep_file_stamps(STAMPS)
    memo.keep_manifest(b"request", b"manifest")
    memo.close()


def recalled(file: Path, programs: bytes = PROGRAMS) -> tuple[object, object, object]:
    """What the next build is told."""
    memo = Memo(file, programs)
    found = (memo.recall(list(VALUES)), memo.file_stamps(), memo.manifest(b"request"))
    memo.close()
    return found


ALL: tuple[object, object, object] = (VALUES, STAMPS, b"manifest")
NOTHING: tuple[object, object, object] = ({}, {}, None)


def test_a_memory_that_is_not_there_knows_nothing(file: Path) -> None:
    assert recalled(file) == NOTHING


def test_what_was_kept_comes_back_and_nothing_else(file: Path) -> None:
    fill(file)
    assert recalled(file) == ALL
    memo = Memo(file, PROGRAMS)
    assert memo.recall([b"another", b"key 7"]) == {b"key 7": b"value 7"}
    assert memo.recall([*VALUES, b"another"]) == VALUES
    assert memo.manifest(b"another request") is None
    memo.close()


def test_what_was_kept_by_this_build_is_known_to_it(file: Path) -> None:
    memo = Memo(file, PROGRAMS)
    memo.keep({b"a": b"1"})
    assert memo.recall([b"a", b"b"]) == {b"a": b"1"}
    memo.close()


def test_what_is_kept_again_is_the_last(file: Path) -> None:
    fill(file)
    memo = Memo(file, PROGRAMS)
    memo.keep({b"key 7": b"other"})
    memo.keep_manifest(b"request", b"other")
    memo.close()
    assert recalled(file) == ({**VALUES, b"key 7": b"other"}, STAMPS, b"other")


def test_without_a_place_nothing_is_remembered() -> None:
    memo = Memo(None, PROGRAMS)
    memo.keep(VALUES)
    memo.keep_file_stamps(STAMPS)
    memo.keep_manifest(b"request", b"manifest")
    assert (memo.file_stamps(), memo.manifest(b"request")) == ({}, None)
    memo.close()
    memo.close()


def test_other_programs_begin_anew(file: Path) -> None:
    fill(file)
    assert recalled(file, b"programs of tomorrow") == NOTHING
    assert recalled(file) == NOTHING, "what those of today kept is gone"


def test_each_project_has_a_memory_of_its_own_in_the_folder_of_the_user(tmp_path: Path) -> None:
    one, two = memo_path(tmp_path / "one"), memo_path(tmp_path / "two")
    assert one != two
    assert one == memo_path(tmp_path / "more" / ".." / "one")
    if sys.platform != "win32":
        assert str(one).startswith(os.environ["XDG_CACHE_HOME"])
    with open_memo(tmp_path / "one", PROGRAMS) as memo:
        memo.keep(VALUES)
    assert one.exists()
    assert list(tmp_path.iterdir()) == [], "nothing is written into the project"


# What is there is no memory


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2 + 7]


def _overwritten(content: bytes, page: int) -> bytes:
    return content[: page * 4096] + b"\xff" * 4096 + content[(page + 1) * 4096 :]


DAMAGES: list[Callable[[bytes], bytes]] = [
    lambda _: b"",
    lambda _: b"no database\n" * 1000,
    _cut,
    lambda content: content[:20],
    lambda content: bytes(each ^ 1 for each in content),
    lambda content: content[:4096] + bytes(len(content) - 4096),
    *(lambda content, page=page: _overwritten(content, page) for page in (0, 1, 2, 3, 7)),
]
NAMES = [
    "emptied",
    "a text",
    "cut off",
    "only a head",
    "every bit turned",
    "zeros",
    *(f"page {page} overwritten" for page in (0, 1, 2, 3, 7)),
]


@pytest.mark.parametrize("damage", DAMAGES, ids=NAMES)
def test_a_damaged_file_is_no_error_and_is_made_anew(
    file: Path, damage: Callable[[bytes], bytes]
) -> None:
    fill(file)
    file.write_bytes(damage(file.read_bytes()))
    values, stamps, manifest = recalled(file)
    assert isinstance(values, dict)
    assert values.items() <= VALUES.items()
    assert stamps in ({}, STAMPS)
    assert manifest in {None, b"manifest"}
    for _ in range(2):
        fill(file)
    assert recalled(file) == ALL


def test_damaged_values_are_no_error(file: Path) -> None:
    fill(file)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE files SET stamp = x'c1'")
    assert recalled(file) == (VALUES, {}, b"manifest")


def _mkfifo(file: Path) -> None:
    os.mkfifo(file)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda file: file.mkdir(), id="a folder"),
        pytest.param(lambda file: (file.mkdir(), (file / "x").touch()), id="a folder with files"),
        pytest.param(_mkfifo, id="a pipe", marks=POSIX),
        pytest.param(lambda file: file.symlink_to("none/x"), id="a link to nothing", marks=POSIX),
        pytest.param(lambda file: file.symlink_to(file.name), id="a link to itself", marks=POSIX),
    ],
)
def test_something_else_in_its_place_is_no_error(
    file: Path, make: Callable[[Path], object]
) -> None:
    file.parent.mkdir()
    make(file)
    fill(file)
    assert recalled(file) in (NOTHING, ALL)


def test_a_file_in_place_of_the_folder_is_no_error(file: Path) -> None:
    file.parent.write_text("a file", encoding="utf-8")
    fill(file)
    assert recalled(file) == NOTHING
    assert file.parent.read_text(encoding="utf-8") == "a file"


@POSIX
@pytest.mark.skipif(
    sys.platform != "win32" and os.geteuid() == 0, reason="root may write everywhere: NOT tested"
)
def test_a_folder_that_may_not_be_written_is_no_error(file: Path) -> None:
    fill(file)
    file.chmod(0o400)
    file.parent.chmod(0o500)
    try:
        assert recalled(file) in (NOTHING, ALL)
        fill(file)
        fill(file.with_name("other.sqlite"))
    finally:
        file.parent.chmod(0o700)


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.geteuid() != 0 or shutil.which("unshare") is None,
    reason="a small disk or one that refuses is mounted by root on Linux: NOT tested here",
)
@pytest.mark.parametrize(
    "options",
    [
        pytest.param("mount -o remount,ro cache", id="read-only"),
        pytest.param("(dd if=/dev/zero of=cache/full bs=1k 2>/dev/null; true)", id="full"),
    ],
)
def test_a_disk_that_refuses_is_no_error(tmp_path: Path, options: str) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cards.md").write_text("## What?\n\nThat.\n", encoding="utf-8")
    script = (
        f"mount -t tmpfs -o size=64k tmpfs cache && {options} && "
        f'"{sys.executable}" -m ankipress build cards.md && '
        f'"{sys.executable}" -m ankipress build cards.md'
    )
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    if "unshare" in done.stderr or "permission denied" in done.stderr:
        pytest.skip(f"this machine mounts nothing: NOT tested here ({done.stderr.strip()})")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("1 note") == 2


def test_a_disk_that_becomes_full_is_no_error(file: Path) -> None:
    """What can be remembered until then is; the build goes on."""
    fill(file)
    memo = Memo(file, PROGRAMS)
    assert memo._connection
    memo._connection.execute("PRAGMA max_page_count = 1")
    memo.keep({b"large": b"x" * 1_000_000})
    memo.keep_manifest(b"other", b"x" * 1_000_000)
    memo.close()
    assert recalled(file) == ALL


# Several at once


def test_a_memory_that_another_build_holds_keeps_nobody_waiting_for_long(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BUSY", 0.05)
    fill(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        started = time.monotonic()
        assert recalled(file)[0] in ({}, VALUES)
        fill(file)
        assert time.monotonic() - started < 20
        other.execute("ROLLBACK")
    assert recalled(file) == ALL, "what was there is still there"


WRITER = """
import sys
from pathlib import Path
from ankipress.build import memo as module
from ankipress.build.memo import Memo
module._BUSY = 60  # on a busy machine, a build may have to wait for more than its two seconds
for turn in range(20):
    memo = Memo(Path(sys.argv[1]), b"programs of today")
    own = {f"{sys.argv[2]} {turn} {n}".encode(): b"x" * 100 for n in range(50)}
    known = memo.recall(list(own))
    assert all(known[key] == own[key] for key in known)
    memo.keep(own)
    memo.keep_manifest(sys.argv[2].encode(), b"%d" % turn)
    memo.close()
"""


def test_two_builds_at_once_lose_nothing(file: Path) -> None:
    processes = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(file), name]) for name in ("a", "b")
    ]
    assert [process.wait() for process in processes] == [0, 0]
    keys = [f"{name} {t} {n}".encode() for name in "ab" for t in range(20) for n in range(50)]
    memo = Memo(file, PROGRAMS)
    assert len(memo.recall(keys)) == len(keys)
    assert (memo.manifest(b"a"), memo.manifest(b"b")) == (b"19", b"19")
    memo.close()


# How large it becomes


def test_it_holds_what_the_last_builds_used_and_never_grows_without_bounds(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SPARE", 100)
    sizes = []
    for turn in range(12):
        memo = Memo(file, PROGRAMS)
        new = {b"%d %d" % (turn, number): os.urandom(500) for number in range(100)}
        memo.recall(list(new))
        memo.keep(new)
        memo.close()
        assert Memo(file, PROGRAMS).recall(list(new)) == new
        sizes.append(file.stat().st_size)
    assert max(sizes) < 5 * sizes[0]


def test_the_latest_builds_and_files_are_remembered(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BUILDS", 3)
    monkeypatch.setattr(module, "_FILES", 2)
    memo = Memo(file, PROGRAMS)
    for name in (b"1", b"2", b"3", b"1", b"4"):
        memo.keep_manifest(name, b"build " + name)
        memo.keep_file_stamps({name.decode(): FileStamp(1, 2, 3, "digest")})
    assert [memo.manifest(name) is None for name in (b"1", b"2", b"3", b"4")] == [
        False,
        True,
        False,
        False,
    ]
    assert set(memo.file_stamps()) == {"1", "4"}
    memo.close()


def test_a_build_of_few_cards_forgets_few_of_the_others(file: Path) -> None:
    """Who builds one file of a project, and then all, has lost nothing."""
    fill(file)
    memo = Memo(file, PROGRAMS)
    memo.recall([b"key 1"])
    memo.close()
    assert recalled(file) == ALL


def test_memories_of_projects_that_nobody_builds_are_deleted(file: Path) -> None:
    fill(file)
    other = file.with_name("other.sqlite")
    fill(other)
    old = time.time() - 91 * 86_400
    os.utime(other, (old, old))
    (file.parent / "of another program").touch()
    os.utime(file.parent / "of another program", (old, old))
    fill(file.with_name("new.sqlite"))
    assert sorted(path.name for path in file.parent.iterdir()) == [
        "new.sqlite",
        "of another program",
        "project.sqlite",
    ]


# Builds


@pytest.fixture
def deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "deck"
    folder.mkdir()
    (folder / "cards.md").write_text("# Deck\n\n## A?\n\nB.\n\n## C?\n\nD.\n", encoding="utf-8")
    (folder / "ankipress.toml").write_text('name = "deck"\nuid = "deck-1234"\n', encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    return folder


def made(deck: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(deck.rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes()


@pytest.mark.parametrize("damage", DAMAGES, ids=NAMES)
def test_a_build_is_the_same_whatever_is_in_its_memory(
    deck: Path, damage: Callable[[bytes], bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["build"]) == 0
    before = list(made(deck))
    file = memo_path(deck)
    file.write_bytes(damage(file.read_bytes()))
    for _ in range(2):
        assert run(["build"]) == 0
        assert list(made(deck)) == before
    (deck / "cards.md").write_text("# Deck\n\n## A?\n\nBe.\n\n## C?\n\nD.\n", encoding="utf-8")
    assert run(["build"]) == 0
    assert "1 changed" in capsys.readouterr().out


def test_a_value_that_cannot_be_read_is_compiled_again(deck: Path) -> None:
    """A disk may give back other bytes than it was given."""
    assert run(["build"]) == 0
    before = list(made(deck))
    with closing(sqlite3.connect(memo_path(deck))) as connection, connection:
        connection.execute("UPDATE cards SET value = substr(value, 1, length(value) / 2)")
        connection.execute("UPDATE builds SET manifest = x'93c1'")
    assert run(["build"]) == 0
    assert list(made(deck)) == before


@POSIX
def test_a_pipe_in_place_of_a_memory_is_not_waited_for(deck: Path) -> None:
    assert run(["build"]) == 0
    memo_path(deck).unlink()
    os.mkfifo(memo_path(deck))
    assert run(["build"]) == 0


def test_no_build_leaves_anything_in_the_project(deck: Path) -> None:
    assert run(["build"]) == 0
    assert {name for name, _ in made(deck)} == {
        "ankipress.lock",
        "ankipress.toml",
        "cards.md",
        "deck-0.1.0.apkg",
    }


def test_records_that_were_replaced_are_known_to_every_version_of_the_programs(file: Path) -> None:
    records = [
        replace(RECORD, guid=guid, digest=digest)
        for guid, digest in (("a", "1"), ("a", "2"), ("a!", "1"), ("ab", "1"))
    ]
    memo = Memo(file, PROGRAMS)
    memo.keep_records(records)
    memo.close()
    memo = Memo(file, b"other programs")
    assert memo.records(["a", "c"]) == records[:2]
    assert memo.records([]) == []
    memo.close()
    assert Memo(None, PROGRAMS).records(["a"]) == []
