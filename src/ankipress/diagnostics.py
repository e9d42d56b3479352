"""Diagnostics: what is wrong with an author's files, where, and what helps.

A stage never raises for bad input. It returns diagnostics with its result and goes on, so that an
author sees every problem at once. Only the command line stops.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace


class Severity(enum.StrEnum):
    """How bad a problem is.

    With an error no package is written, with a warning it is. Only `ankipress check` shows advice.
    """

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A span of one line of a file, as the author sees the file.

    `path` is relative to the project, with `/`. `line` and `column` count from 1; line 0 stands for
    the file as a whole. `width` is the number of characters, at least 1.
    """

    path: str
    line: int = 0
    column: int = 1
    width: int = 1


def location_of_text(
    path: str,
    line: int,
    text: str,
) -> Location:
    """The place of a line's text, without the spaces around it."""
    words = text.strip()
    column = len(text) - len(text.lstrip()) + 1
    return Location(path, line, column, max(1, len(words)))


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem: its code (a key of `CODES`), its place, a message, and what helps.

    `fix` is the text that can safely replace the span, None where only the author can know.
    `level` is the severity that a project's settings give to the code, None for the one in `CODES`.
    """

    code: str
    location: Location
    message: str
    help: str = ""
    fix: str | None = None
    level: Severity | None = None

    @property
    def severity(self) -> Severity:
        """How bad it is in this project."""
        return self.level or CODES[self.code]


@dataclass(frozen=True, slots=True)
class ShownDiagnostic:
    """A diagnostic with what else is shown of it, so that it can be said again without its project.

    `path` is that of its file as seen from the current folder, `line` the text of its line. Both
    are empty where there is none.
    """

    diagnostic: Diagnostic
    path: str = ""
    line: str = ""


OFF = "off"
"""A level in the settings: diagnostics of that code are not shown at all."""

_ERRORS = (
    "already-a-project",
    "ambiguous-identity",
    "anki-refused",
    "bad-attribute",
    "bad-choices",
    "bad-deck",
    "bad-extension",
    "bad-font",
    "bad-front-matter",
    "bad-lock",
    "bad-media",
    "bad-note-type",
    "bad-notebook",
    "bad-occlusion",
    "bad-package",
    "bad-settings",
    "bad-source",
    "bad-svg",
    "bad-template",
    "bad-usage",
    "bug",
    "cannot-read",
    "cannot-release",
    "cannot-serve",
    "cannot-write",
    "changed-twice",
    "code-failed",
    "control-character",
    "duplicate-id",
    "edits-in-anki",
    "empty-question",
    "endless-html",
    "guid-lost",
    "higher-question",
    "lock-outdated",
    "lost-answer",
    "lost-cell",
    "many-retired",
    "media-outside",
    "media-too-large",
    "missing-media",
    "missing-package",
    "mod-too-old",
    "no-card",
    "no-cards",
    "no-deletion",
    "no-edition",
    "no-rows",
    "no-sources",
    "not-pulled",
    "not-text",
    "not-trusted",
    "not-utf8",
    "note-id-changed",
    "note-type-changed",
    "note-type-media",
    "schema-changed",
    "shape-outside",
    "system-error",
    "too-slow",
    "unclear-lock",
    "unclear-shape",
    "unclosed-fence",
    "unexpected-import",
    "unknown-attribute",
    "unknown-kind",
    "version-too-small",
    "wrong-output",
)
_WARNINGS = (
    "absent-media",
    "adopted-lock",
    "bad-code-option",
    "bar-in-formula",
    "bidi-control",
    "deck-renamed",
    "deeper-questions",
    "deletion-number",
    "deletion-outside-text",
    "dropped-html",
    "duplicate-card",
    "duplicate-row",
    "empty-answer",
    "empty-deletion",
    "extra-cell",
    "foreign-markup",
    "foreign-note",
    "kind-changed",
    "local-link",
    "low-contrast",
    "missing-footnote",
    "misspelt-attribute",
    "misspelt-deletion",
    "near-formula",
    "near-heading",
    "near-media",
    "old-version",
    "options-without-answer",
    "remote-media",
    "text-outside-rows",
    "sound-mark",
    "toolchain-drift",
    "unclosed-deletion",
    "unclosed-html",
    "underlined-heading",
    "unknown-key",
    "unknown-language",
    "unsafe-svg",
    "unsafe-tex",
    "unused-definition",
    "unused-footnote",
    "wiki-link",
)
_ADVICE = (
    "all-hidden",
    "broken-link",
    "large-code",
    "long-answer",
    "long-list",
    "missing-alt",
    "needs-context",
    "similar-question",
    "tag-spelling",
    "tex-as-text",
    "unexplained-abbreviation",
    "unused-media",
    "yes-no-question",
)

_SEVERITIES = {
    **dict.fromkeys(_ERRORS, Severity.ERROR),
    **dict.fromkeys(_WARNINGS, Severity.WARNING),
    **dict.fromkeys(_ADVICE, Severity.ADVICE),
}
CODES: Mapping[str, Severity] = dict(sorted(_SEVERITIES.items()))
"""Every code and its severity. `docs/checks.md`, which is a part of the package, has a section on
each.
"""

DOCUMENTATION = "https://github.com/owner/ankipress/blob/main/docs"
"""Where the pages of `docs/` are read on the web."""

SCHEMAS = "https://raw.githubusercontent.com/owner/ankipress/main/src/ankipress/project/schemas"
"""Where editors read the schemas of settings and front matter."""


def address(code: str) -> str:
    """Where the section on a code is read on the web."""
    return f"{DOCUMENTATION}/checks.md#{code}"


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether one of them keeps a package from being written."""
    return any(each.severity is Severity.ERROR for each in diagnostics)


def errors_but_identity(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The errors, but for cards that may be one of several notes, which a person decides."""
    return tuple(
        each
        for each in diagnostics
        if each.severity is Severity.ERROR and each.code != "ambiguous-identity"
    )


def graded(diagnostics: Iterable[Diagnostic], levels: Mapping[str, str]) -> list[Diagnostic]:
    """The diagnostics with the severities of a project's settings, without those that are "off".

    An error stays an error, since its package would be wrong.
    """
    kept = []
    for each in diagnostics:
        level = levels.get(each.code)
        if level is None or each.severity is Severity.ERROR:
            kept.append(each)
        elif level != OFF:
            kept.append(replace(each, level=Severity(level)))
    return kept


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each diagnostic once, by place and then by code, whatever the order of the stages."""

    def key(each: Diagnostic) -> tuple[Location, str, str]:
        return each.location, each.code, each.message

    return tuple(sorted(set(diagnostics), key=key))


def suggestion(word: str, known: tuple[str, ...]) -> str:
    """`; did you mean "…"?` for the nearest known word, or nothing where none is near."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - few commands need it

    best = process.extractOne(word, known, scorer=fuzz.ratio, processor=str.lower, score_cutoff=60)
    if best:
        return f'; did you mean "{best[0]}"?'
    return ""


def file_size(size: int) -> str:
    """A number of bytes, such as `12 kB` or `10.4 MB`."""
    if size < 10_000_000:
        return f"{math.ceil(size / 1000)} kB"
    return f"{size / 1_000_000:.1f} MB"


def first_of(words: Sequence[str], most: int) -> str:
    """Words with commas between them, and `…` in place of those that are too many."""
    shown = ", ".join(words[:most])
    if len(words) > most:
        return f"{shown} …"
    return shown


def counted(number: int, word: str) -> str:
    """A number of things, such as `1 note` or `2 notes`."""
    if number == 1:
        return f"1 {word}"
    return f"{number} {word}s"
