"""What Anki shows below a deck's name: its version, what changed, and where to report errors.

Phones show no changelog.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ankipress.model import Record, State
from ankipress.project.settings import Settings

_SHOWN = 3  # questions of a group
_WIDEST = 70  # characters of a question
_MOST_KEYS = 10  # retired cards that a search names: more would fill the screen of a phone
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~$#!-])")
# GitHub decodes references before it looks for names, so a space without width parts them.
_MENTION = re.compile(r"@(?=\w)")
# `1.`, `1)` or `+` at the start, which would begin a list.
_LIST_MARK = re.compile(r"^(?:(\d+)(?=[.)])|(?=\+))")


def describe(title: str, settings: Settings, records: Iterable[Record]) -> str:
    """The description of a deck as Markdown. `records` are its lines of the lock."""
    where = " where you got this deck."
    if settings.report_url:
        where = f": <{settings.report_url}>"
    paragraphs = [
        f"**{title} {settings.version}**",
        settings.description,
        changes_of(settings.version, list(records)),
        f"Found an error? Please report it{where}",
    ]
    return "\n\n".join(filter(None, paragraphs))


def changes_of(version: str, records: Sequence[Record]) -> str:
    """What a version changed, in short; nothing for the first version, in which all is new."""
    changed = [each for each in records if each.changed == version]
    active = [each for each in changed if each.state is State.ACTIVE]
    new = [each for each in active if each.since == version]
    updated = [each for each in active if each.since != version]
    retired = [each for each in changed if each.state is State.RETIRED]
    groups = {"new": new, "updated": updated, "retired": retired}
    counts = [f"{len(group)} {word}" for word, group in groups.items() if group]
    if not counts or all(each.since == version for each in records):
        return ""
    lines = [_line("new", new), _line("updated", updated)]
    paragraphs = [
        f"In this version: {', '.join(counts)}.",
        "\n".join(filter(None, lines)),
        _search(retired),
    ]
    return "\n\n".join(filter(None, paragraphs))


def _line(word: str, group: Sequence[Record]) -> str:
    """The first questions of a group, empty where it has none."""
    if not group:
        return ""
    ordered = sorted(group, key=lambda each: (each.path, each.question, each.guid))
    shown = [_short(each.question) for each in ordered[:_SHOWN]]
    if len(group) > _SHOWN:
        shown.append(f"and {len(group) - _SHOWN} more")
    return f"- {word.capitalize()}: {' · '.join(shown)}"


def _search(retired: Sequence[Record]) -> str:
    if not retired:
        return ""
    where = "The release notes say how to find them."
    if len(retired) <= _MOST_KEYS:
        keys = " OR ".join(f"Key:{each.guid}" for each in retired)
        where = f"Search for them: {keys}"
    return f"Retired cards stay until you delete them. {where}"


def _short(question: str) -> str:
    text = " ".join(question.split())
    if len(text) > _WIDEST:
        text = f"{text[: _WIDEST - 1]}…"
    return plain_markdown(text)


def plain_markdown(text: str) -> str:
    """A plain text as one line of Markdown that shows it, and calls nobody on GitHub by @name."""
    escaped = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    escaped = _MENTION.sub("&#64;&#8203;", escaped.replace("&", "&amp;"))
    return _LIST_MARK.sub(r"\1\\", escaped)
