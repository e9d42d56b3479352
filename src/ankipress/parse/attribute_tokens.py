"""What a list of attributes is made of: its words, each with its place in the heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ankipress.diagnostics import Diagnostic
from ankipress.model import Part

DEFAULTS = ("lang", "dir", "tts", "tts-front", "tts-back")
"""The keys that front matter may set for all cards of a file."""

FLAGS = ("reverse", "typed", "draft")
KEYS = ("kind", *FLAGS, *DEFAULTS)

TEXT = "text"
"""The key that says how a field of an adopted note type becomes HTML."""

NO_NAME = r"(?![.*,;?|()\[\]\\])"
"""No name begins so: `{...}`, `{.*}` and `{ ...props }` are text."""
_TOKEN = re.compile(
    rf"""
    \s*(?:(?P<mark>[\#.]){NO_NAME}(?P<name>[^\s{{}}"'=]+)
    |\.(?P<quoted>"(?:[^"\n]|"")+")
    |(?P<key>[\w-]+)(?:=(?P<value>"[^"]*"|'[^']*'|[^\s{{}}"']+))?)(?=\s|$)
    """,
    re.VERBOSE,
)
_OPENING = re.compile(r"(?:^|(?<=[ \t\n]))\{:?")
_LONGEST = 20_000  # characters: decks of others have dozens of long tags
_MOST_OPENINGS = 50  # hostile headings stay cheap


class AttributeProblem(NamedTuple):
    """What is wrong with a list of attributes, at an offset of the heading.

    `help` is empty where the place of the list says what helps; `fix` can replace the words.
    """

    code: str
    message: str
    start: int
    width: int
    help: str = ""
    fix: str | None = None


def problem_at(
    problem: AttributeProblem,
    text: Part,
    path: str,
    help: str,
) -> Diagnostic:
    """A problem where its words stand, given the text of the heading or cell with its place.

    `help` is said where the problem has none of its own.
    """
    end = problem.start + problem.width
    fix = problem.fix
    if "\n" in text.text[problem.start : end]:
        fix = None  # a fix replaces a part of one line
    place = text.place(path, problem.start, end)
    return Diagnostic(problem.code, place, problem.message, problem.help or help, fix)


class Braces(NamedTuple):
    """Braces in a heading: their offsets, and where the list in them begins and ends."""

    start: int
    inner: int
    inner_end: int
    end: int

    def words(self, heading: str) -> str:
        """What stands between them."""
        return heading[self.inner : self.inner_end]

    def shown(self, heading: str) -> str:
        """The braces as written."""
        return heading[self.start : self.end]

    def tokens(self, heading: str) -> list[re.Match[str]]:
        """The words of the list, with their places in the heading.

        None where a part of the text is no such word.
        """
        return tokens(heading, self.inner, self.inner_end)


def braces_at_end(heading: str, end: int) -> Iterator[Braces]:
    """The braces that begin after a space and end at an offset, the last ones first."""
    if not heading.endswith("}", 0, end):
        return
    openings = _OPENING.finditer(heading, max(0, end - _LONGEST), end)
    for opening in list(openings)[: -_MOST_OPENINGS - 1 : -1]:
        yield Braces(opening.start(), opening.end(), end - 1, end)


def tokens(text: str, start: int, end: int) -> list[re.Match[str]]:
    """The tokens of a list, none where a part of the text is no token."""
    found: list[re.Match[str]] = []
    position = start
    while token := _TOKEN.match(text, position, end):
        found.append(token)
        position = token.end()
    if text[position:end].strip():
        return []
    return found


def tag_of(token: re.Match[str]) -> str | None:
    """The tag that a token is, None for another one.

    Between quotes, a tag may hold any sign, and each quote of its own is written twice.
    """
    if token["quoted"]:
        return token["quoted"][1:-1].replace('""', '"')
    if token["mark"] == ".":
        return token["name"]
    return None


def words_alone(tokens: Sequence[re.Match[str]]) -> list[str]:
    """The flags of a list, and words that are none."""
    return [token["key"] for token in tokens if token["key"] and token["value"] is None]


def is_list(tokens: Sequence[re.Match[str]]) -> bool:
    """Whether it is a list: words alone may be text, unless all of them are flags."""
    words = words_alone(tokens)
    if len(words) < len(tokens):
        return True
    return words != [] and set(words) <= set(FLAGS)


def span_of_token(token: re.Match[str]) -> tuple[int, int]:
    """The offset of a token's text, and its width."""
    width = len(token[0].strip())
    return token.end() - width, width
