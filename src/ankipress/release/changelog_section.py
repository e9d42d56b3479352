"""What a version changed, in the words of learners: the section of the changelog."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ankipress.diagnostics import counted
from ankipress.diff.changes import Change, NoteChange, text_of
from ankipress.diff.collection import ImportOutcome
from ankipress.diff.difference import Difference
from ankipress.diff.wording import grouped
from ankipress.package.description import plain_markdown
from ankipress.release.notes import searches

_DELETION = re.compile(r"\{\{c[\d,]+::((?:(?!\{\{|\}\}|::).)*)(?:::(?:(?!\{\{|\}\}).)*)?\}\}")
_SHOWN = 50  # cards of a group
_WIDEST = 160  # characters of a question
# With more retired cards the section refers to the release notes, which say how to find them.
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
    return f"The first version: {counted(number, 'card')}.\n"


def make_section(difference: Difference) -> str:
    """The section for the step from one edition to the next, as Markdown without a heading."""
    return "\n\n".join(_parts(difference)) + "\n"


def _parts(difference: Difference) -> Iterator[str]:
    groups = dict(grouped(difference))
    yield _summary(difference)
    for heading, ways in _HEADINGS.items():
        changes = [change for way in ways for change in groups.get(way, ())]
        if changes:
            yield "\n".join([f"**{heading}**", "", *_lines(changes)])
    if retired := groups.get(Change.RETIRED):
        yield _search([change.guid for change in retired])
    for way, (one, many) in _COUNTED.items():
        if number := len(groups.get(way, ())):
            yield f"{counted(number, 'card')} {one if number == 1 else many}."
    yield from _decks(difference, len(groups.get(Change.MOVED, ())))


def _summary(difference: Difference) -> str:
    """How many notes Anki adds and updates, and how many are retired."""
    counts = difference.counts()
    numbers = {
        "new": counts[ImportOutcome.ADDED],
        "updated, reviews kept": counts[ImportOutcome.UPDATED] - difference.retired_by_update(),
        "retired": len(difference.with_change(Change.RETIRED)),
    }
    told = [f"{number} {word}" for word, number in numbers.items() if number]
    if not told:
        return "The cards are as before."
    return f"{'; '.join(told)}."


def _lines(changes: Sequence[NoteChange]) -> Iterator[str]:
    for change in changes[:_SHOWN]:
        line = f"- {_short(change.question)}"
        if details := "; ".join(_details(change)):
            line += f" ({details})"
        yield line
    if len(changes) > _SHOWN:
        yield f"- … and {len(changes) - _SHOWN} more"


def _short(question: str) -> str:
    """A question as Markdown, without the braces of a cloze."""
    text = _DELETION.sub(r"\1", question)
    if len(text) > _WIDEST:
        text = f"{text[: _WIDEST - 1]}…"
    return plain_markdown(text)


def _details(change: NoteChange) -> Iterator[str]:
    """What the section says of a card besides its question."""
    if change.counterpart:
        old, new = change.kinds
        yield f"was {old}, is {new}"
        yield f"the old card stays: find it by `Key:{change.counterpart}`, and delete it"
    elif change.old and change.new:
        if Change.REWORDED in change.what:
            yield f"was: {_short(text_of(change.old.fields[0]))}"
        for way, word in _WHAT.items():
            if way in change.what:
                yield word


def _search(guids: Sequence[str]) -> str:
    keeps = "Anki keeps them until you delete them."
    if len(guids) > _SEARCHED:
        return f"{keeps} The release notes say how to find them."
    [search] = searches(guids)
    return f"{keeps} To find them, search in its browser for `{search}`."


def _decks(difference: Difference, moved: int) -> Iterator[str]:
    stay = "Cards that you have stay where they are until you move them."
    for each in difference.renames:
        yield f"The deck {plain_markdown(each.old)} is now {plain_markdown(each.new)}. {stay}"
    if added := difference.added_decks():
        yield f"New decks: {', '.join(map(plain_markdown, added))}."
    if moved and not difference.renames:
        yield f"{counted(moved, 'card')} moved to another deck. {stay}"
