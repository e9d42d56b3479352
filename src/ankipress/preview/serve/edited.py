"""The view after an edit of a few cards, made of these cards alone: in a blink, however many others
there are.

Each card is compiled as it was and as it is. As it was, it must become just what is shown: this
proves that the card by itself becomes what it becomes among all others. Where anything is not
certain there is no such view, and all is compiled; and so it is after such a view too, which is
when problems are told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import quote

from ankipress.build.pipeline import Project, compile_deck
from ankipress.diagnostics import Severity, graded
from ankipress.model import Lock, Source
from ankipress.parse.segments import Edit
from ankipress.preview.serve.view import Input, PageCard, View, make_view
from ankipress.work import Work

_ANCHOR, _GUID = "{anchor}", "{guid}"


@dataclass(frozen=True, slots=True)
class Edited:
    """Some cards of a file that were edited, with the project that they stand in."""

    project: Project
    path: str
    edits: Sequence[Edit]


def edited_view(view: View, edited: Edited, work: Work) -> View | None:
    """The view with some cards edited, None where that cannot be told from these cards.

    It shows what a view of all would show, but for the problems, which are those of before.
    """
    if view.is_partial or any(each.severity is Severity.ERROR for each in view.elsewhere):
        return None
    changed: dict[str, PageCard] = {}
    media = dict(view.media)
    for edit in edited.edits:
        found = _revised(view, edited, edit, work)
        if found is None:
            return None
        changed |= found.cards
        media |= found.media
    return replace(view, cards=tuple(_moved(view, edited, changed)), media=media)


class _Revised(NamedTuple):
    """The cards of a note by key, and the files that they show, whose names are those of their
    contents.
    """

    cards: Mapping[str, PageCard]
    media: Mapping[str, bytes]


def _revised(view: View, edited: Edited, edit: Edit, work: Work) -> _Revised | None:
    """The note that was edited."""
    shown = [each for each in view.cards if (each.line, each.card.path) == (edit.line, edited.path)]
    link = edited.project.settings.source_url
    if (
        len({each.note for each in shown}) != 1
        or any(map(_is_wrong, shown))
        or (_ANCHOR in link and not edit.same_headings)
    ):
        return None
    if _GUID in link and not edit.same_question:
        return None
    old, new = (
        _alone(edited, text, shown[0].card.guid, work) for text in (edit.before, edit.after)
    )
    if old is None or new is None or not _are_one(shown, old, new):
        return None
    questions = {shown[0].card.question, new.cards[0].card.question}
    if any(each.card.question in questions and each.note != shown[0].note for each in view.cards):
        return None  # which of the two it is depends on more than itself
    return _Revised(
        {was.key: _as_it_is(was, now) for was, now in zip(shown, new.cards, strict=True)}, new.media
    )


def _is_wrong(shown: PageCard) -> bool:
    """Whether a card is not what is written."""
    return shown.kept or any(each.severity is Severity.ERROR for each in shown.problems)


def _alone(edited: Edited, text: str, guid: str, work: Work) -> View | None:
    """A note as the only one of its deck; None where it is not one, or something is wrong with it."""
    source, settings = Source(edited.path, text), edited.project.settings
    settings = replace(
        settings, source_url=settings.source_url.replace(_GUID, quote(guid, safe=""))
    )
    selected = frozenset([source.path])
    project = replace(
        edited.project,
        settings=settings,
        sources=(source,),
        selected=selected,
        lock=Lock(),
        base=None,
    )
    compiled = compile_deck(project, 0, work)
    problems = graded(compiled.diagnostics, project.settings.severity)
    if (
        len(compiled.notes) != 1
        or compiled.drafts
        or any(each.severity is Severity.ERROR for each in problems)
    ):
        return None
    found = make_view(Input(compiled, ()), View())
    return found if found.cards else None


def _are_one(shown: Sequence[PageCard], old: View, new: View) -> bool:
    """Whether a note as it was is what is shown, and its edit touches nothing but its own text."""
    was_shown = [each.content for each in old.cards] == [each.content for each in shown]
    return was_shown and [_around(each) for each in old.cards] == [
        _around(each) for each in new.cards
    ]


def _around(shown: PageCard) -> tuple[object, ...]:
    """What of a card depends on what stands around it, or decides which note it is."""
    card = shown.card
    return (card.ord, card.name, card.note_type, card.kind, card.deck, card.section, card.tags)


def _as_it_is(was: PageCard, now: PageCard) -> PageCard:
    """A card with its new text, in the place that it has among the others."""
    here = was.card
    card = replace(
        now.card,
        guid=here.guid,
        deck=here.deck,
        section=here.section,
        tags=here.tags,
        line=here.line,
    )
    return replace(was, card=card, content=now.content)


def _moved(view: View, edited: Edited, changed: Mapping[str, PageCard]) -> Iterator[PageCard]:
    """All cards, those below an edit as many lines further down as it is longer."""
    longer = [(edit.line, edit.longer) for edit in edited.edits if edit.longer]
    for each in view.cards:
        card = changed.get(each.key, each)
        # What is not in the file any more, and only kept, has the line that it had.
        is_there = each.card.path == edited.path and not (each.kept and not each.problems)
        lines = sum(more for line, more in longer if line < card.line) if is_there else 0
        yield _lower(card, lines) if lines else card


def _lower(shown: PageCard, lines: int) -> PageCard:
    problems = tuple(
        replace(each, location=replace(each.location, line=each.location.line + lines))
        if each.location.path == shown.card.path
        else each
        for each in shown.problems
    )
    return replace(shown, line=shown.line + lines, problems=problems)
