"""All that the command line writes to a terminal, a pipe or a log.

A plain string is taken for foreign: no character of it commands a terminal, and no line of it a
runner. What is ours, with colours and links, is an `OwnText`. A string that is made of one by `+`
or an f-string is plain again, so a mistake shows escapes, and lets nothing through.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

import click

from ankipress.visible_text import on_one_line, visible, without_commands


class OwnText(str):
    """A text that is written as it is: ours, with what is foreign in it made visible."""

    __slots__ = ()


def style(text: str, **look: Any) -> OwnText:
    """A text with a look, such as `bold=True`, which only terminals get."""
    return OwnText(click.style(joined([text]), **look))


def joined(pieces: Iterable[str], between: str = "") -> OwnText:
    """Texts one after another. Each plain one is on one line; what is between them is ours."""
    return OwnText(between.join(map(_own, pieces)))


def lines_of(text: str) -> OwnText:
    """A foreign text with the lines that it has."""
    if isinstance(text, OwnText):
        return text
    return OwnText(visible(text))


def _own(text: str) -> OwnText:
    if isinstance(text, OwnText):
        return text
    return OwnText(on_one_line(text))


def echo(*pieces: str, err: bool = False, nl: bool = True, commands: bool = False) -> None:
    """Write texts as one line, to stdout or stderr. Plain ones are foreign.

    With `commands`, the lines may command a runner: they are ours.
    """
    stream = sys.stdout
    if err:
        stream = sys.stderr
    text: str = joined(pieces)
    colours = has_colours(stream)
    if not colours:
        text = click.unstyle(text)
    if not commands:
        text = without_commands(text)
    click.echo(text, err=err, nl=nl, color=colours)


def can_ask() -> bool:
    """Whether somebody sits at a terminal who can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def ask(question: str, choices: Sequence[str]) -> str:
    """What somebody chooses at a terminal."""
    answer: str = click.prompt(question, type=click.Choice(choices, case_sensitive=False))
    return answer


def confirm(question: str) -> bool:
    """Whether somebody at a terminal says yes."""
    return click.confirm(question)


def has_colours(stream: TextIO | None) -> bool:
    """Whether a stream gets colours."""
    asked = in_colour(os.environ)
    if asked is not None:
        return asked
    return stream is not None and stream.isatty()


def in_colour(environment: Mapping[str, str]) -> bool | None:
    """Whether the environment asks for colours or for none; None leaves it to the terminal.

    The rules are those of no-color.org, force-color.org and bixense.com/clicolors. NO_COLOR wins.
    """
    if environment.get("NO_COLOR"):
        return False
    for name in ("FORCE_COLOR", "CLICOLOR_FORCE"):
        if environment.get(name, "0") not in {"", "0", "false"}:
            return True
    if environment.get("CLICOLOR") == "0" or environment.get("TERM") == "dumb":
        return False
    return None
