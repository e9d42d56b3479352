"""What a version changed, in the words of learners: the section of the changelog."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ankipress.diff.changes import Change, NoteChange, text_of
from ankipress.diff.collection import Outcome
from ankipress.diff.difference import Difference
from ankipress.diff.wording import grouped
from ankipress.package.description import plain_markdown
from ankipress.release.notes import searches

_DELETION = re.compile(r"\{\{c[\d,]+::((?:(?!\{\{|\}\}|::).)*)(?:::(?:(?!\{\{|\}\}).)*)?\}\}")
_SHOWN = 50  # cards of a group
_WIDEST = 160  # characters of a question
# Retired cards that the section itself says how to find; the release notes do it for any number.
_SEARCHED = 20
_HEADINGS: Mapping[str, Sequence[Change]] = {
    "New cards": (Change.NEW, Change.RETURNED),
    "Updated cards": (Change.REWORDED, Change.ANSWER, Change.DETAILS, Change.MEDIA, Change.CARDS),
    "Cards that begin anew": (Change.KIND,),
    "Retired cards": (Change.RETIRED,),
}
_COUNTED: Mapping[Change, tuple[str, str]] = {
    Change.LOOK: ("looks different, and says the same", "look different, and say the same"),
    Change.TAGS: ("has other tags", "have other tags"),
    Change.STAMPED: ("comes anew, and says the same", "come anew, and say the same"),
}
_WHAT: Mapping[Change, str] = {
    Change.ANSWER: "answer",
    Change.DETAILS: "hint, extra or source",
    Change.MEDIA: "picture or sound",
    Change.CARDS: "other cards of it",
}


def first_section(number: int) -> str:
    """The section of the first version."""
    return f"The first version: {_counted(number, 'card')}.\n"


def make_section(difference: Difference) -> str:
    """The section for the step from one edition to the next, as Markdown without a heading."""
    groups = dict(grouped(difference))
    parts = [_summary(difference)]
    for heading, kinds in _HEADINGS.items():
        changes = [change for kind in kinds for change in groups.get(kind, ())]
        if changes:
            parts.append("\n".join((f"**{heading}**", "", *_lines(changes))))
            if heading == "Retired cards":
                parts += _search([change.guid for change in changes])
    parts += [
        f"{_counted(len(groups[kind]), 'card')} {words[len(groups[kind]) != 1]}."
        for kind, words in _COUNTED.items()
        if kind in groups
    ]
    parts += list(_decks(difference, groups.get(Change.MOVED, ())))
    return "\n\n".join(parts) + "\n"


def _summary(difference: Difference) -> str:
    """Numbers of what Anki adds and updates."""
    counts, outcomes = difference.counts(), difference.forecast.outcomes
    retired = difference.with_change(Change.RETIRED)
    buried = sum(outcomes.get(each.guid) is Outcome.UPDATED for each in retired)
    found = [
        (counts.get(Outcome.ADDED, 0), "new"),
        (counts.get(Outcome.UPDATED, 0) - buried, "updated, reviews kept"),
        (len(retired), "retired"),
    ]
    words = [f"{number} {word}" for number, word in found if number]
    return f"{'; '.join(words).capitalize()}." if words else "The cards are as before."


def _lines(changes: Sequence[NoteChange]) -> Iterator[str]:
    for change in changes[:_SHOWN]:
        yield f"- {_question(change)}{_how(change)}"
    if len(changes) > _SHOWN:
        yield f"- … and {len(changes) - _SHOWN} more"


def _question(change: NoteChange) -> str:
    return plain_markdown(_short(change.question))


def _short(text: str) -> str:
    text = _DELETION.sub(r"\1", text)
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


def _how(change: NoteChange) -> str:
    """What is told of a card beside its question."""
    if change.counterpart:
        old, new = change.kinds
        return f" (was {old}, is {new}; the old card stays: find it by `Key:{change.counterpart}`, and delete it)"
    if Change.RETIRED in change.what or change.old is None or change.new is None:
        return ""
    was = text_of(change.old.fields[0])
    parts = [f"was: {plain_markdown(_short(was))}"] if Change.REWORDED in change.what else []
    parts += [word for kind, word in _WHAT.items() if kind in change.what]
    return f" ({'; '.join(parts)})" if parts else ""


def _search(guids: Sequence[str]) -> Iterator[str]:
    if len(guids) <= _SEARCHED:
        [search] = searches(guids)
        yield f"Anki keeps them until you delete them. To find them, search in its browser for `{search}`."
    else:
        yield "Anki keeps them until you delete them. The release notes say how to find them."


def _decks(difference: Difference, moved: Sequence[NoteChange]) -> Iterator[str]:
    stay = "Cards that you have stay where they are until you move them."
    for each in difference.renames:
        yield f"The deck {plain_markdown(each.old)} is now {plain_markdown(each.new)}. {stay}"
    renamed = {each.new.casefold() for each in difference.renames}
    if added := [
        plain_markdown(name) for name in difference.new_decks if name.casefold() not in renamed
    ]:
        yield f"New decks: {', '.join(added)}."
    if moved and not difference.renames:
        yield f"{_counted(len(moved), 'card')} moved to another deck. {stay}"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number != 1)}"
