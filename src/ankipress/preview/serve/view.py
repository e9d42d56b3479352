"""Compiled deck → what the page shows: a row for each card, and what its frame holds.

A card with an error stays as it was when it was last good, and so does a card that is gone from a
file with an error.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b

from ankipress.build.pipeline import Compiled
from ankipress.diagnostics import Diagnostic, has_errors
from ankipress.model import MediaFile, Note
from ankipress.preview.preview_cards import PreviewCard, preview_note
from ankipress.preview.serve.anki_states import ShownComparison
from ankipress.preview.serve.continuity import NamedNote, continued
from ankipress.preview.serve.frames import show_side
from ankipress.preview.serve.problems import Problems, group_problems
from ankipress.preview.text import plain_to_speak


@dataclass(frozen=True, slots=True)
class Input:
    """What a view is made of: a compiled deck, all its problems, and the guids of changed notes."""

    compiled: Compiled
    diagnostics: tuple[Diagnostic, ...]
    changed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FrameContent:
    """What the frame of a card holds.

    `style` names one of the style sheets of the view, `text` is what is searched.
    """

    front: str
    back: str
    style: str
    typed: bool
    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class PageCard:
    """A card of the page.

    `key` stays the same as long as the card is the same to its author, and so does `note`, the name
    of its note. A `kept` card is shown as it was before there was an error.
    """

    key: str
    note: str
    card: PreviewCard
    content: FrameContent
    line: int
    problems: tuple[Diagnostic, ...] = ()
    changed: bool = False
    kept: bool = False


@dataclass(frozen=True, slots=True)
class _NoteCards:
    """The cards of a note, which are the same as long as their source is."""

    source: tuple[object, ...]
    cards: tuple[tuple[PreviewCard, FrameContent], ...]


@dataclass(frozen=True)
class View:
    """All that the page shows.

    `elsewhere` are the problems that belong to no card. A partial view has the first cards only.
    `anki` is None until somebody asks how the cards compare with Anki.
    """

    name: str = ""
    version: str = ""
    cards: tuple[PageCard, ...] = ()
    elsewhere: tuple[Diagnostic, ...] = ()
    styles: Mapping[str, str] = field(default_factory=dict)
    media: Mapping[str, MediaFile] = field(default_factory=dict)
    notes: Mapping[str, _NoteCards] = field(default_factory=dict)
    is_partial: bool = False
    anki: ShownComparison | None = None

    @cached_property
    def by_key(self) -> Mapping[str, PageCard]:
        """The cards by their keys."""
        return {card.key: card for card in self.cards}


def make_view(given: Input, before: View) -> View:
    """The view after another one."""
    package = given.compiled.package
    problems = group_problems(given.compiled.notes, given.diagnostics)
    notes = _render_notes(given.compiled, before)
    current = _page_cards(given, notes, before, problems)
    cards = _with_lost(current, before.cards, problems)
    styles = {_digest(each.css): each.css for each in package.note_types}
    media = {file.name: file for file in package.media}
    if any(card.kept for card in cards):
        # Kept cards may show styles and files that the deck has no more.
        styles = {**before.styles, **styles}
        media = {**before.media, **media}
    return View(
        name=package.name,
        version=package.version,
        cards=tuple(cards),
        elsewhere=problems.elsewhere,
        styles=styles,
        media=media,
        notes=notes,
        anki=before.anki,
    )


def with_problems(
    view: View,
    notes: Sequence[Note],
    diagnostics: Sequence[Diagnostic],
) -> View:
    """The same cards with other problems."""
    problems = group_problems(notes, diagnostics)
    guids = {note.guid for note in notes}
    cards = list(view.cards)
    for index, card in enumerate(cards):
        if card.card.guid in guids:
            cards[index] = replace(card, problems=problems.in_note(card.card.guid))
    return replace(view, cards=tuple(cards), elsewhere=problems.elsewhere)


def _render_notes(compiled: Compiled, before: View) -> Mapping[str, _NoteCards]:
    """The cards of each note by its guid, in order; what did not change is not rendered again.

    Without a lock, all is new at every build. No card shows when that was, so it is left out.
    """
    notes = {note.guid: note for note in compiled.notes}
    types = {each.key: replace(each, mod=0) for each in compiled.package.note_types}
    rendered = {}
    for packed in compiled.package.notes:
        note = notes.get(packed.guid)
        note_type = types[packed.note_type]
        # A tombstone has no card, and no question in the sources.
        if note is None:
            continue
        entry = note.entry
        # All that the cards depend on, but for their lines.
        source = (
            replace(packed, mod=0),
            note_type,
            note.question,
            entry.kind,
            entry.section,
            entry.path,
        )
        known = before.notes.get(packed.guid)
        # Rendering is what takes time, and an edit changes few notes.
        if known is None or known.source != source:
            cards = [(card, _frame_content(card)) for card in preview_note(note, packed, note_type)]
            known = _NoteCards(source, tuple(cards))
        rendered[packed.guid] = known
    return rendered


def _frame_content(card: PreviewCard) -> FrameContent:
    front = show_side(card, card.front)
    back = show_side(card, card.back)
    style = _digest(card.css)
    text = " ".join(plain_to_speak(f"{front} {back}").split())
    digest = _digest(f"{front}\0{back}\0{style}")
    return FrameContent(
        front,
        back,
        style,
        typed=bool(card.typed),
        text=text,
        digest=digest,
    )


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _page_cards(
    given: Input,
    rendered: Mapping[str, _NoteCards],
    before: View,
    problems: Problems,
) -> list[PageCard]:
    """The cards of the deck as it is now; those with an error as they were when they were good."""
    notes = {note.guid: note for note in given.compiled.notes}
    previous: dict[str, list[PageCard]] = defaultdict(list)
    for shown in before.cards:
        previous[shown.note].append(shown)
    on_page = []
    for name, cards in previous.items():
        card = cards[0].card
        on_page.append(NamedNote(name, card.guid, card.question))
    now = [NamedNote("", guid, notes[guid].question) for guid in rendered]
    names = continued(on_page, now)
    found: list[PageCard] = []
    for guid, note in rendered.items():
        name = names[guid]
        line = notes[guid].entry.location.line
        own = problems.in_note(guid)
        changed = guid in given.changed
        # While a card is being written it is wrong for moments, and should not flicker.
        if problems.has_error(guid) and _was_good(previous[name]):
            found += [
                replace(
                    card,
                    line=line,
                    problems=own,
                    changed=changed,
                    kept=True,
                )
                for card in previous[name]
            ]
        else:
            found += [
                PageCard(
                    f"{name}-{card.ord}",
                    name,
                    card,
                    content,
                    line,
                    problems=own,
                    changed=changed,
                )
                for card, content in note.cards
            ]
    return found


def _was_good(cards: Sequence[PageCard]) -> bool:
    """Whether cards show what was written before there was an error."""
    return bool(cards) and all(card.kept or not has_errors(card.problems) for card in cards)


def _with_lost(
    current: Sequence[PageCard], before: Sequence[PageCard], problems: Problems
) -> Sequence[PageCard]:
    """The cards, and earlier ones that an error may hide, each where it stood."""
    names = {card.key for card in current} | {card.note for card in current}
    lost: dict[str, list[PageCard]] = defaultdict(list)
    previous = ""
    for card in before:
        is_gone = card.key not in names and card.note not in names
        if is_gone and problems.may_hide(card.card.path):
            lost[previous].append(replace(card, kept=True, problems=()))
        else:
            previous = card.key
    if not lost:
        return current
    cards = lost.pop("", [])
    for card in current:
        cards += [card, *lost.pop(card.key, [])]
    # The card that they stood after is gone, too.
    for left in lost.values():
        cards += left
    return cards
