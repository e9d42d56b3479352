"""What is wrong with an author's files: where, what, and the way out.

A stage never raises for bad input. It returns `Diagnostic` values beside its result and goes on, so
that an author sees every problem at once; only the command line stops.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace


class Severity(enum.StrEnum):
    """How bad it is. An error keeps a package from being written; a warning does not. Advice is for
    `ankipress check` alone.
    """

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A stretch of one line of a file as the author sees it.

    `path` is relative to the project, with `/`. `line` and `column` count from 1; line 0 stands for
    the file as a whole. `width` is the number of characters meant, at least 1.
    """

    path: str
    line: int = 0
    column: int = 1
    width: int = 1


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem: its code (a key of `CODES`), place, message, and the way out.

    `fix` is the text that can safely stand in the place of the stretch that is meant, None where
    only an author can know. `level` is the severity that a project's settings give to the code,
    None for the one in the table.
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


OFF = "off"
"""In the place of a severity: not shown at all."""

CODES: Mapping[str, Severity] = {
    "all-hidden": Severity.ADVICE,
    "ambiguous-identity": Severity.ERROR,
    "bad-attribute": Severity.ERROR,
    "bad-choices": Severity.ERROR,
    "bad-code-option": Severity.WARNING,
    "bad-extension": Severity.ERROR,
    "bad-font": Severity.ERROR,
    "bad-front-matter": Severity.ERROR,
    "bad-lock": Severity.ERROR,
    "bad-note-type": Severity.ERROR,
    "bad-occlusion": Severity.ERROR,
    "bad-package": Severity.ERROR,
    "bad-settings": Severity.ERROR,
    "bad-svg": Severity.ERROR,
    "bad-template": Severity.ERROR,
    "bidi-control": Severity.WARNING,
    "broken-link": Severity.ADVICE,
    "cannot-read": Severity.ERROR,
    "cannot-release": Severity.ERROR,
    "cannot-write": Severity.ERROR,
    "code-failed": Severity.ERROR,
    "control-character": Severity.ERROR,
    "deletion-number": Severity.WARNING,
    "deletion-outside-text": Severity.WARNING,
    "dropped-html": Severity.WARNING,
    "duplicate-card": Severity.WARNING,
    "duplicate-id": Severity.ERROR,
    "duplicate-row": Severity.WARNING,
    "empty-answer": Severity.ERROR,
    "empty-question": Severity.ERROR,
    "guid-lost": Severity.ERROR,
    "kind-changed": Severity.WARNING,
    "large-code": Severity.ADVICE,
    "local-link": Severity.WARNING,
    "lock-outdated": Severity.ERROR,
    "long-answer": Severity.ADVICE,
    "long-list": Severity.ADVICE,
    "low-contrast": Severity.WARNING,
    "media-outside": Severity.ERROR,
    "media-too-large": Severity.ERROR,
    "missing-alt": Severity.ADVICE,
    "missing-footnote": Severity.WARNING,
    "missing-media": Severity.ERROR,
    "misspelt-attribute": Severity.WARNING,
    "mod-too-old": Severity.ERROR,
    "needs-context": Severity.ADVICE,
    "no-card": Severity.ERROR,
    "no-cards": Severity.ERROR,
    "no-deletion": Severity.ERROR,
    "no-edition": Severity.ERROR,
    "no-rows": Severity.ERROR,
    "no-sources": Severity.ERROR,
    "not-utf8": Severity.ERROR,
    "note-id-changed": Severity.ERROR,
    "note-type-changed": Severity.ERROR,
    "remote-media": Severity.WARNING,
    "schema-changed": Severity.ERROR,
    "shape-outside": Severity.ERROR,
    "similar-question": Severity.ADVICE,
    "text-outside-rows": Severity.WARNING,
    "too-slow": Severity.ERROR,
    "toolchain-drift": Severity.WARNING,
    "unclosed-deletion": Severity.WARNING,
    "unclosed-fence": Severity.ERROR,
    "unclosed-html": Severity.WARNING,
    "underlined-heading": Severity.WARNING,
    "unexplained-abbreviation": Severity.ADVICE,
    "unknown-attribute": Severity.ERROR,
    "unknown-key": Severity.WARNING,
    "unknown-kind": Severity.ERROR,
    "unknown-language": Severity.WARNING,
    "unsafe-svg": Severity.WARNING,
    "unused-footnote": Severity.WARNING,
    "unused-media": Severity.ADVICE,
    "version-too-small": Severity.ERROR,
    "wiki-link": Severity.WARNING,
    "wrong-output": Severity.ERROR,
    "yes-no-question": Severity.ADVICE,
}
"""Every code and its severity; `docs/checks.md` has a paragraph on each."""


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether one of them keeps a package from being written."""
    return any(each.severity is Severity.ERROR for each in diagnostics)


def graded(diagnostics: Iterable[Diagnostic], levels: Mapping[str, str]) -> list[Diagnostic]:
    """The diagnostics with the severities that a project gives to their codes; those that are "off"
    are left out.

    An error is never graded down: a package would be written that is wrong.
    """
    found = []
    for each in diagnostics:
        level = levels.get(each.code)
        if level is None or each.severity is Severity.ERROR:
            found.append(each)
        elif level != OFF:
            found.append(replace(each, level=Severity(level)))
    return found


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """By place, then code, each once: the order of reports must not depend on which stage spoke
    first.
    """
    return tuple(
        sorted(set(diagnostics), key=lambda each: (each.location, each.code, each.message))
    )


def suggestion(word: str, known: tuple[str, ...]) -> str:
    """`; did you mean "…"?` for the nearest known word, or nothing where none is near."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - where it is needed, which is seldom

    best = process.extractOne(word, known, scorer=fuzz.ratio, processor=str.lower, score_cutoff=60)
    return f'; did you mean "{best[0]}"?' if best else ""
