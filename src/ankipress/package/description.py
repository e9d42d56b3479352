"""What Anki shows below a deck's name: the version, what it changed, and where to report errors.
Phones show no changelog.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ankipress.model import Record, State
from ankipress.project.settings import Settings

_SHOWN = 3  # questions of a group
_WIDEST = 70  # characters of a question
_MOST_KEYS = 10  # retired cards that a search names: more would fill the screen of a phone
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~$#!-])")


def describe(title: str, settings: Settings, records: Iterable[Record]) -> str:
    """The description of a deck as Markdown. `records` are the lines of the lock that belong to it."""
    report = f"Found an error? Please report it{_where(settings.report_url)}"
    changes = changes_of(settings.version, list(records))
    return "\n\n".join(
        filter(None, (f"**{title} {settings.version}**", settings.description, changes, report))
    )


def _where(url: str) -> str:
    return f": <{url}>" if url else " where you got this deck."


def changes_of(version: str, records: Sequence[Record]) -> str:
    """What a version changed, in short; nothing for the first one, in which all is new."""
    if all(record.since == version for record in records):
        return ""
    groups = {
        "new": [each for each in records if each.state is State.ACTIVE and each.since == version],
        "updated": [
            each
            for each in records
            if each.state is State.ACTIVE and each.changed == version != each.since
        ],
        "retired": [
            each for each in records if each.state is State.RETIRED and each.changed == version
        ],
    }
    counts = ", ".join(f"{len(found)} {word}" for word, found in groups.items() if found)
    if not counts:
        return ""
    lines = [_line(word, found) for word, found in groups.items() if found and word != "retired"]
    return "\n".join(
        [
            f"In this version: {counts}.",
            *(["", *lines] if lines else []),
            *_search(groups["retired"]),
        ]
    )


def _line(word: str, records: Sequence[Record]) -> str:
    shown = [
        _short(record.question)
        for record in sorted(records, key=lambda each: (each.path, each.question, each.guid))
    ]
    more = f" · and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return f"- {word.capitalize()}: {' · '.join(shown[:_SHOWN])}{more}"


def _search(retired: Sequence[Record]) -> Iterator[str]:
    if retired:
        yield ""
        found = " OR ".join(f"Key:{record.guid}" for record in retired[:_MOST_KEYS])
        where = (
            f"Search for them: {found}"
            if len(retired) <= _MOST_KEYS
            else "The release notes say how to find them."
        )
        yield f"Retired cards stay until you delete them. {where}"


def _short(question: str) -> str:
    text = " ".join(question.split())
    return plain_markdown(text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…")


def plain_markdown(text: str) -> str:
    """A plain text as Markdown that shows it to the letter, on one line, and calls nobody on GitHub
    by an @name.
    """
    escaped = (
        _SPECIAL.sub(r"\\\1", " ".join(text.split())).replace("&", "&amp;").replace("@", "&#64;")
    )
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", re.sub(r"^\+", r"\\+", escaped))
