"""What a stream can show: how many columns a line of it has, and whether it has links."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO

from ankipress.cli.printing import OwnText, joined
from ankipress.visible_text import on_one_line

_FEWEST = 30  # columns, whatever a terminal says of itself
_PROGRAMS = frozenset({"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "Tabby"})
_VARIABLES = ("WT_SESSION", "KONSOLE_VERSION", "DOMTERM", "KITTY_WINDOW_ID")
_TERMS = re.compile(r"xterm-kitty|alacritty.*|foot.*|xterm-ghostty|contour.*")
_VTE = 5000  # the first version of VTE, which draws GNOME's and other terminals, that has links


@dataclass(frozen=True, slots=True)
class Terminal:
    """How a stream is written to. `width` is None where it is no terminal: nothing is wrapped."""

    width: int | None = None
    has_links: bool = False

    def link(self, text: str, address: str) -> OwnText:
        """A text that leads to an address where that can be shown, else the text alone."""
        shown = joined([text])
        if not self.has_links:
            return shown
        target = on_one_line(address)
        return OwnText(f"\x1b]8;;{target}\x1b\\{shown}\x1b]8;;\x1b\\")


PIPE = Terminal()
"""A file, a pipe, or a log: each message is one line, however long."""


def terminal_of(stream: TextIO | None) -> Terminal:
    """What a stream is."""
    if stream is None or not stream.isatty():
        return PIPE
    return Terminal(max(_FEWEST, _width(stream)), shows_links(os.environ))


def of_errors() -> Terminal:
    """What problems are written to."""
    return terminal_of(sys.stderr)


def of_output() -> Terminal:
    """What results are written to."""
    return terminal_of(sys.stdout)


def _width(stream: TextIO) -> int:
    stated = os.environ.get("COLUMNS", "")
    if stated.isdecimal() and int(stated):
        return int(stated)
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def shows_links(environment: Mapping[str, str]) -> bool:
    """Whether the terminal of an environment is known to show links (OSC 8). FORCE_HYPERLINK
    decides where it is set.
    """
    if forced := environment.get("FORCE_HYPERLINK"):
        return forced not in {"0", "false"}
    if environment.get("TERM") == "dumb":
        return False
    if environment.get("TERM_PROGRAM") in _PROGRAMS or any(map(environment.get, _VARIABLES)):
        return True
    version = environment.get("VTE_VERSION", "")
    if version.isdecimal() and int(version) >= _VTE:
        return True
    return _TERMS.fullmatch(environment.get("TERM", "")) is not None
