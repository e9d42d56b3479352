"""What is known of the terminal that is written to, and a report on real ones."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from ankipress.cli.columns import columns
from ankipress.cli.terminal import PIPE, shows_links, terminal_of
from ankipress.diagnostics import address


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        pytest.param({}, False, id="nothing is known"),
        pytest.param({"TERM": "xterm-256color"}, False, id="any terminal"),
        pytest.param({"TERM": "dumb", "VTE_VERSION": "7600"}, False, id="none that shows anything"),
        pytest.param({"VTE_VERSION": "4205"}, False, id="an old VTE"),
        pytest.param({"VTE_VERSION": "x"}, False, id="no version"),
        pytest.param({"VTE_VERSION": "7600"}, True, id="GNOME's"),
        pytest.param({"TERM_PROGRAM": "Apple_Terminal"}, False, id="Apple's"),
        pytest.param({"TERM_PROGRAM": "vscode"}, True, id="an editor's"),
        pytest.param({"TERM": "xterm-kitty"}, True, id="kitty"),
        pytest.param({"WT_SESSION": "a"}, True, id="that of Windows"),
        pytest.param({"WT_SESSION": "a", "FORCE_HYPERLINK": "0"}, False, id="who wants none"),
        pytest.param({"FORCE_HYPERLINK": "1"}, True, id="who wants some"),
    ],
)
def test_links_are_for_terminals_that_are_known_to_show_them(
    environment: Mapping[str, str], expected: bool
) -> None:
    assert shows_links(environment) is expected


def test_what_is_no_terminal_has_no_width(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as log:
        assert terminal_of(log) == PIPE
    assert terminal_of(io.StringIO()) == terminal_of(None) == PIPE


_DECK = "## Question?\n\n## 中文中文中文中文中文中文中文中文中文中文 {foo=1}\n\nAn answer\n"
_RUN = """
import fcntl, os, struct, sys, termios
fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("HHHH", 40, int(sys.argv.pop(1)), 0, 0))
from ankipress.cli.main import main
main()
"""


def on_a_terminal(folder: Path, width: int, *words: str, **environment: str) -> str:
    """What a command shows on a terminal of so many columns."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    names = ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "VTE_VERSION", "TERM_PROGRAM", "WT_SESSION")
    kept = {name: value for name, value in os.environ.items() if name not in names}
    process = subprocess.Popen(
        [sys.executable, "-c", _RUN, str(width), *words],
        cwd=folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=kept | {"TERM": "xterm-256color", **environment},
    )
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:  # the end, on Linux
        pass
    process.wait()
    os.close(ours)
    return shown.decode().replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("environment", "is_coloured"), [({}, True), ({"NO_COLOR": "1"}, False)], ids=["any", "none"]
)
def test_a_wrong_call_has_the_colours_that_are_wanted(
    environment: Mapping[str, str], is_coloured: bool, tmp_path: Path
) -> None:
    shown = on_a_terminal(tmp_path, 80, "bulid", **environment)
    assert "[bad-usage" in shown
    assert ("\x1b[" in shown) is is_coloured


@pytest.mark.parametrize("width", [40, 80, 200])
def test_lines_on_a_terminal_end_before_its_edge(tmp_path: Path, width: int) -> None:
    (tmp_path / "cards.md").write_text(_DECK, encoding="utf-8")
    shown = on_a_terminal(tmp_path, width, "check", "--ignore", "advice")
    assert "\x1b[" in shown
    lines = [line for line in shown.splitlines() if "https://" not in line]
    assert max(map(columns, lines)) <= width
    assert re.search(r"\n\n.*cards.md:3:", shown)
    assert address("CODE") in shown


def test_a_terminal_without_colours_has_links_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "cards.md").write_text(_DECK, encoding="utf-8")
    shown = on_a_terminal(tmp_path, 80, "check", NO_COLOR="1", FORCE_HYPERLINK="1")
    assert "\x1b[" not in shown
    assert f"\x1b]8;;{address('empty-answer')}\x1b\\empty-answer\x1b]8;;" in shown


def test_a_build_in_which_nothing_changed_follows_the_width_that_there_is_now(
    tmp_path: Path,
) -> None:
    (tmp_path / "cards.md").write_text("## Q\n\n```pyhton\nx\n```\n", encoding="utf-8")
    wide = on_a_terminal(tmp_path, 200, "build")
    narrow = on_a_terminal(tmp_path, 40, "build")
    assert "0 new, 0 changed" in narrow.replace("\n", " ")
    for width, shown in ((200, wide), (40, narrow)):
        lines = shown.partition("1 warning")[0].splitlines()
        assert "pyhton" in lines[0] + lines[1] + lines[2]
        assert max(map(columns, lines)) <= width
    assert narrow.count("\n") > wide.count("\n")
