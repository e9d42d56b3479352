"""Machines that fail: whatever happens to a build, the lock and the package are whole, agree, and
no mod falls.
"""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ankipress.build import pipeline
from ankipress.build.pipeline import Compiled
from ankipress.cli import building as build
from ankipress.cli.main import run
from ankipress.model import Package
from ankipress.project.atomic import digest, write_files
from ankipress.project.file_digests import ChangedMeanwhileError
from ankipress.project.settings import Settings
from author import files_of
from killing import Victim, is_alive, moments, wait_for

POSIX = pytest.mark.skipif(
    sys.platform == "win32",
    reason="signals and permissions are those of POSIX: NOT tested on Windows",
)
LINUX_ROOT = pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.geteuid() != 0 or shutil.which("unshare") is None,
    reason="a small disk or one that refuses is mounted by root on Linux: NOT tested here",
)
CARD = "## What?\n\nThat.\n"


@pytest.fixture
def victim(tmp_path: Path) -> Victim:
    return Victim(tmp_path / "project", random.Random(7), cards=5)


@POSIX
def test_killed_builds_leave_nothing_half_done(victim: Victim) -> None:
    """A few of the kills of scripts/kill_builds.py, spread over the lines of the modules that
    write.
    """
    last = moments(victim)
    assert last > 50
    for number in range(5):
        victim.edit()
        before = victim.state()
        done = victim.build_until(1 + number * (last - 1) // 5, signal.SIGKILL)
        assert done.returncode == -signal.SIGKILL
        victim.check_after_a_whole_build(victim.check(before))


@POSIX
@pytest.mark.parametrize(
    ("number", "status", "says"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")],
)
def test_a_stopped_build_says_so_on_one_line(
    victim: Victim, number: signal.Signals, status: int, says: str
) -> None:
    last = moments(victim)
    for moment in (1, last // 2):
        victim.edit()
        before = victim.state()
        done = victim.build_until(moment, number)
        assert (done.returncode, done.stderr) == (status, f"ankipress: {says}\n")
        assert victim.leftovers() == []
        victim.check_after_a_whole_build(victim.check(before))


def test_what_a_killed_build_left_goes_and_nothing_else(tmp_path: Path) -> None:
    kept = [
        ".ankipress.lock.short.tmp",
        ".other.lock.abcdefgh.tmp",
        "ankipress.lock.abcdefgh.tmp",
        ".ankipress.lock.abcdefgh.tmp.txt",
    ]
    for name in [*kept, ".ankipress.lock.abcd_f12.tmp"]:
        (tmp_path / name).write_bytes(b"half")
    write_files({tmp_path / "ankipress.lock": b"whole"})
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*kept, "ankipress.lock"])


def test_two_builds_at_once_take_turns(victim: Victim) -> None:
    for _ in range(2):
        victim.edit()
        before = victim.state()
        with ThreadPoolExecutor(3) as pool:
            done = list(pool.map(lambda _: victim.build(), range(3)))
        assert {each.returncode for each in done} <= {0, 1}
        assert any(each.returncode == 0 for each in done)
        for each in done:
            assert (
                each.returncode == 0
                or "something else changed it meanwhile: run the command again" in each.stderr
            )
        now = victim.check(before)
        assert now.packed == {guid: now.mods[guid] for guid in now.packed}
        victim.check_after_a_whole_build(now)


@pytest.mark.parametrize(
    ("as_read", "there"),
    [
        pytest.param(b"old", b"new", id="changed"),
        pytest.param(None, b"new", id="appeared"),
        pytest.param(b"old", None, id="vanished"),
    ],
)
def test_what_changed_since_it_was_read_keeps_all_from_being_written(
    as_read: bytes | None, there: bytes | None, tmp_path: Path
) -> None:
    source, target = tmp_path / "cards.md", tmp_path / "ankipress.lock"
    if there is not None:
        source.write_bytes(there)
    with pytest.raises(ChangedMeanwhileError, match="run the command again"):
        write_files({target: b"lock"}, {source: digest(as_read)})
    assert not target.exists()


@pytest.fixture
def deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "cards.md").write_text(CARD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def changing(deck: Path, monkeypatch: pytest.MonkeyPatch, texts: list[str | None]) -> None:
    """The source becomes each of these texts, or is gone, when a build has read it."""
    packages_of = pipeline.packages_of
    left: Iterator[str | None] = iter(texts)

    def write_and_go_on(compiled: Compiled, settings: Settings) -> tuple[Package, ...]:
        for text in left:
            (deck / "cards.md").unlink(missing_ok=True)
            if text is not None:
                (deck / "cards.md").write_text(text, encoding="utf-8")
            break
        return packages_of(compiled, settings)

    monkeypatch.setattr(build, "packages_of", write_and_go_on)


def test_a_source_that_changes_while_it_is_read_is_read_again(
    deck: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    changing(deck, monkeypatch, [CARD + "\n## More?\n\nYes.\n"])
    assert run(["build", "cards.md"]) == 0
    assert "2 notes" in capsys.readouterr().out


def test_settings_that_appear_while_a_deck_is_read_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As `ankipress init` writes them: without them, the lock would get another uid for ever."""
    (tmp_path / "cards.md").write_text(CARD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    packages_of = pipeline.packages_of

    def write_and_go_on(compiled: Compiled, settings: Settings) -> tuple[Package, ...]:
        Path("ankipress.toml").write_text('name = "named"\nuid = "of-init"\n', encoding="utf-8")
        return packages_of(compiled, settings)

    monkeypatch.setattr(build, "packages_of", write_and_go_on)
    assert run(["build"]) == 0
    assert "named 0.1.0" in capsys.readouterr().out
    assert '"uid":"of-init"' in Path("ankipress.lock").read_text(encoding="utf-8")


def test_a_source_that_vanishes_is_an_error(
    deck: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    changing(deck, monkeypatch, [None])
    assert run(["build", "cards.md"]) == 1
    assert (
        "error[cannot-read]: this file cannot be read: No such file or directory"
        in capsys.readouterr().err
    )
    assert not (deck / "cards.ankipress.lock").exists()


def test_a_source_that_never_rests_is_an_error_in_the_end(
    deck: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    changing(deck, monkeypatch, [CARD * number for number in range(2, 9)])
    assert run(["build", "cards.md"]) == 1
    assert (
        "cannot write cards.md: something else changed it meanwhile: run the command again"
        in capsys.readouterr().err
    )
    assert not (deck / "cards.ankipress.lock").exists()


@pytest.mark.parametrize("name", ["fsync", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS])
def test_a_disk_that_refuses_is_one_error_and_changes_nothing(
    name: str,
    number: int,
    deck: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["build", "cards.md"]) == 0
    (deck / "cards.md").write_text(CARD + "\nMore.\n", encoding="utf-8")
    before = files_of(deck)

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number), "a name of no account")

    monkeypatch.setattr(f"ankipress.project.atomic.os.{name}", refuse)
    capsys.readouterr()
    assert run(["build", "cards.md"]) == 1
    shown = capsys.readouterr().err
    assert shown.startswith(
        f"error[cannot-write]: cannot write cards.ankipress.lock: {os.strerror(number)}\n"
    )
    assert files_of(deck) == before


def mounted(deck: Path, options: str, script: str) -> subprocess.CompletedProcess[str]:
    """Run a script where `disk` is a disk of its own with these options, holding the cards."""
    (deck / "disk").mkdir()
    prepare = f"mount -t tmpfs -o size=128k tmpfs disk && cp cards.md disk/ && {options}"
    ankipress = f'"{sys.executable}" -m ankipress'
    return subprocess.run(
        [
            "unshare",
            "--mount",
            "sh",
            "-c",
            f"{prepare} && {script.replace('ankipress', ankipress)}",
        ],
        cwd=deck,
        capture_output=True,
        text=True,
        check=False,
    )


@LINUX_ROOT
@pytest.mark.parametrize(
    ("options", "says"),
    [
        pytest.param("mount -o remount,ro disk", "Read-only file system", id="read-only"),
        pytest.param(
            "(dd if=/dev/zero of=disk/full bs=1k 2>/dev/null; true)",
            "No space left on device",
            id="full",
        ),
    ],
)
def test_a_real_disk_that_refuses(options: str, says: str, deck: Path) -> None:
    done = mounted(
        deck, options, "ankipress build disk/cards.md -o disk; status=$?; ls -A disk; exit $status"
    )
    if "unshare" in done.stderr or "permission denied" in done.stderr:
        pytest.skip(f"this machine mounts nothing: NOT tested here ({done.stderr.strip()})")
    assert done.returncode == 1
    assert (
        done.stderr == f"error[cannot-write]: cannot write disk/cards.ankipress.lock: {says}\n"
        f"  help: nothing was changed\n"
    )
    assert set(done.stdout.split()) <= {"cards.md", "full"}


@POSIX
def test_a_file_larger_than_may_be_written(deck: Path) -> None:
    resource = pytest.importorskip("resource")
    (deck / "cards.md").write_text(
        "".join(f"## Q{number}?\n\nA.\n\n" for number in range(50)), encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-m", "ankipress", "build", "cards.md"],
        cwd=deck,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )
    assert done.returncode == 1
    assert done.stderr == (
        f"error[cannot-write]: cannot write cards.ankipress.lock: {os.strerror(errno.EFBIG)}\n"
        f"  help: nothing was changed\n"
    )
    assert sorted(path.name for path in deck.rglob("*")) == ["build", "cards.md"]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        pytest.param([2_000, 3_000], 3_000, id="a clock that goes on"),
        pytest.param([2_000, 1_000], 2_001, id="a clock that jumps back"),
        pytest.param([2_000, 1], 2_001, id="a clock that was lost"),
    ],
)
def test_a_mod_never_falls(
    times: list[int], expected: int, deck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for clock in times:
        (deck / "cards.md").write_text(f"{CARD}\n{clock}\n", encoding="utf-8")
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(clock))
        assert run(["build", "cards.md"]) == 0
    assert (
        f'"mod":{expected},'
        in (deck / "cards.ankipress.lock").read_text(encoding="utf-8").splitlines()[1]
    )


@POSIX
@pytest.mark.parametrize(
    ("command", "status", "says"),
    [
        pytest.param("ankipress build cards.md <&-", 0, "", id="no input"),
        pytest.param("ankipress build cards.md >&- 2>&-", 0, "", id="no output at all"),
        pytest.param(
            "ankipress build cards.md > /dev/full",
            1,
            "error[system-error]: No space left on device\n",
            id="a full disk for the output",
        ),
        pytest.param("ankipress list cards.md | true", 0, "", id="a reader that has gone"),
        pytest.param("env -u HOME -u PATH -u USER ankipress build cards.md", 0, "", id="no home"),
        pytest.param(
            "env LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0 ankipress list cards.md",
            0,
            "",
            id="a locale of ASCII",
        ),
        pytest.param(
            "env PYTHONIOENCODING=ascii ankipress list cards.md", 0, "", id="an output of ASCII"
        ),
        pytest.param(
            "env TMPDIR=/nowhere ankipress build cards.md",
            0,
            "",
            id="no folder for temporary files",
        ),
        pytest.param(
            "mkdir gone; cd gone; rmdir ../gone; ankipress build",
            1,
            "error[system-error]: the current folder is gone: change to another one\n",
            id="a folder that is gone",
        ),
    ],
)
def test_odd_surroundings(command: str, status: int, says: str, deck: Path) -> None:
    if "/dev/full" in command and not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full: NOT tested here")
    (deck / "cards.md").write_text("## Größe \U0001f600?\n\nA.\n", encoding="utf-8")
    line = command.replace("ankipress ", f'"{sys.executable}" -m ankipress ')
    done = subprocess.run(
        ["sh", "-c", line], cwd=deck, capture_output=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr.decode()) == (status, says)


@POSIX
def test_workers_end_with_the_build_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); from killing import report_and_wait;"
        "from ankipress.build.workers import run_in_processes;"
        "list(run_in_processes(2, report_and_wait, [sys.argv[2]] * 1000))"
    )
    arguments = [str(Path(__file__).parent), str(tmp_path)]
    with subprocess.Popen(
        [sys.executable, "-c", program, *arguments], stderr=subprocess.DEVNULL
    ) as process:
        workers = wait_for(lambda: {int(path.name) for path in tmp_path.iterdir()} - {process.pid})
        process.kill()
    wait_for(lambda: not any(map(is_alive, workers)))
