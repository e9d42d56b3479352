"""Compiled deck → what the page shows: a row for each card, and what its frame holds.

A card with an error, and one that is gone from a file that has an error, stays as it was when it
was last good.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b

from ankipress.build.pipeline import Compiled
from ankipress.diagnostics import Diagnostic, Severity
from ankipress.model import MediaFile, Note, NoteType, PackedNote
from ankipress.preview.preview_cards import PreviewCard, preview_note
from ankipress.preview.serve.continuity import Named, continued
from ankipress.preview.serve.frames import show_side
from ankipress.preview.serve.problems import Problems
from ankipress.preview.text import plain_to_speak


@dataclass(frozen=True, slots=True)
class Input:
    """What a view is made of: a compiled deck, all its problems, and the guids of the notes that
    the last release has not so.
    """

    compiled: Compiled
    diagnostics: tuple[Diagnostic, ...]
    changed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Content:
    """What the frame of a card holds. `style` names one of the style sheets of the view, `text` is
    what is searched.
    """

    front: str
    back: str
    style: str
    typed: bool
    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A card of the page. `key` stays the same as long as the card is the same to its author;
    `note` is that of its note.
    """

    key: str
    note: str
    card: PreviewCard
    content: Content
    line: int
    problems: tuple[Diagnostic, ...] = ()
    changed: bool = False
    kept: bool = False  # it is shown as it was before there was an error


@dataclass(frozen=True, slots=True)
class _Made:
    """Cards, and what they were made of: as long as that is the same, so are they."""

    of: tuple[object, ...]
    cards: tuple[tuple[PreviewCard, Content], ...]


@dataclass(frozen=True)
class View:
    """All that the page shows. `elsewhere` are the problems that belong to no card; a partial view
    has only the first cards.
    """

    name: str = ""
    version: str = ""
    cards: tuple[Shown, ...] = ()
    elsewhere: tuple[Diagnostic, ...] = ()
    styles: Mapping[str, str] = field(default_factory=dict)
    media: Mapping[str, MediaFile] = field(default_factory=dict)
    made: Mapping[str, _Made] = field(default_factory=dict)
    is_partial: bool = False

    @cached_property
    def by_key(self) -> Mapping[str, Shown]:
        """The cards by their keys."""
        return {each.key: each for each in self.cards}


def make_view(given: Input, before: View) -> View:
    """The next view after one."""
    compiled, package = given.compiled, given.compiled.package
    problems = Problems.beside(compiled.notes, given.diagnostics)
    made = _make(compiled, before)
    fresh = _fresh(given, made, before, problems)
    cards = with_kept(fresh, before.cards, problems)
    files = {each.name: each for each in package.media}
    styles = {_digest(each.css): each.css for each in package.note_types}
    # What is kept may show files and styles that the deck has no more.
    held = any(each.kept for each in cards)
    return View(
        name=package.name,
        version=package.version,
        cards=tuple(cards),
        elsewhere=problems.elsewhere,
        styles={**before.styles, **styles} if held else styles,
        media={**before.media, **files} if held else files,
        made=made,
    )


def with_problems(view: View, notes: Sequence[Note], diagnostics: Sequence[Diagnostic]) -> View:
    """The same cards beside other problems."""
    problems = Problems.beside(notes, diagnostics)
    guids = {each.guid for each in notes}
    cards = [
        replace(each, problems=problems.of(each.card.guid)) if each.card.guid in guids else each
        for each in view.cards
    ]
    return replace(view, cards=tuple(cards), elsewhere=problems.elsewhere)


def _make(compiled: Compiled, before: View) -> Mapping[str, _Made]:
    """The cards of each note, by guid."""
    notes = {note.guid: note for note in compiled.notes}
    types = {each.key: each for each in compiled.package.note_types}
    made = {}
    for packed in compiled.package.notes:
        note, note_type = notes[packed.guid], types[packed.note_type]
        of = _made_of(note, packed, note_type)
        known = before.made.get(packed.guid)
        made[packed.guid] = (
            known if known and known.of == of else _Made(of, tuple(_cards(note, packed, note_type)))
        )
    return made


def _made_of(note: Note, packed: PackedNote, note_type: NoteType) -> tuple[object, ...]:
    of_note = (note.question, note.entry.kind, note.entry.section, note.entry.path)
    return (
        packed.fields,
        packed.ords,
        packed.deck,
        packed.tags,
        note_type.name,
        note_type.css,
        note_type.templates,
        *of_note,
    )


def _cards(
    note: Note, packed: PackedNote, note_type: NoteType
) -> list[tuple[PreviewCard, Content]]:
    return [(card, _content(card)) for card in preview_note(note, packed, note_type)]


def _content(card: PreviewCard) -> Content:
    front, back, style = show_side(card, card.front), show_side(card, card.back), _digest(card.css)
    text = " ".join(plain_to_speak(f"{front} {back}").split())
    return Content(front, back, style, bool(card.typed), text, _digest(f"{front}\0{back}\0{style}"))


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _fresh(
    given: Input, made: Mapping[str, _Made], before: View, problems: Problems
) -> list[Shown]:
    """The cards of the deck as it is now; those with an error as they were when they were good."""
    lines = {note.guid: note.entry.location.line for note in given.compiled.notes}
    questions = {note.guid: note.question for note in given.compiled.notes}
    on_page = {
        each.note: Named(each.note, each.card.guid, each.card.question) for each in before.cards
    }
    names = continued(list(on_page.values()), [Named("", guid, questions[guid]) for guid in made])
    old = defaultdict(list)
    for each in before.cards:
        old[each.note].append(each)
    cards: list[Shown] = []
    for guid, those in made.items():
        name, line, found, changed = (
            names[guid],
            lines[guid],
            problems.of(guid),
            guid in given.changed,
        )
        if problems.has_error(guid) and _was_good(old[name]):
            cards += (
                replace(card, line=line, problems=found, changed=changed, kept=True)
                for card in old[name]
            )
        else:
            cards += (
                Shown(f"{name}-{card.ord}", name, card, content, line, found, changed)
                for card, content in those.cards
            )
    return cards


def _was_good(cards: Sequence[Shown]) -> bool:
    """Whether cards show what was written before there was an error; what never was good is shown
    as it is written.
    """
    return bool(cards) and all(each.kept or not _has_error(each) for each in cards)


def _has_error(shown: Shown) -> bool:
    return any(each.severity is Severity.ERROR for each in shown.problems)


def with_kept(
    fresh: Sequence[Shown], before: Sequence[Shown], problems: Problems
) -> Sequence[Shown]:
    """The cards, and those of before that are gone where there is an error, each behind the one
    that it stood behind.
    """
    there = {each.key for each in fresh} | {each.note for each in fresh}
    behind: dict[str, list[Shown]] = defaultdict(list)
    previous = ""
    for each in before:
        if each.key not in there and each.note not in there and problems.may_hide(each.card.path):
            behind[previous].append(replace(each, kept=True, problems=()))
        else:
            previous = each.key
    if not behind:
        return fresh
    cards = behind.pop("", [])
    for each in fresh:
        cards += [each, *behind.pop(each.key, [])]
    return cards + [each for left in behind.values() for each in left]
