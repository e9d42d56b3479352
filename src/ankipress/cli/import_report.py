"""What `ankipress import` says: what a source holds, what became of it, and what Anki says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ankipress.diagnostics import counted, first_of
from ankipress.importing.converted_note import ConvertedNote, Form
from ankipress.importing.fields.appearance import lost_parts
from ankipress.importing.imported_deck import ImportedDeck
from ankipress.importing.new_project import DeckImport, ImportedProject
from ankipress.syntax.plain_html import plain_html
from ankipress.verify.import_proof import ImportProof

_SHOWN = 10  # of each sort
_LONGEST = 60  # characters
_ROWS = 3  # of a table


def contents_of(deck: ImportedDeck) -> str:
    """The numbers of what a source holds."""
    decks = {note.deck for note in deck.notes if note.deck}  # none without cards
    found = [
        counted(len(deck.notes), "note"),
        counted(len(deck.note_types), "note type"),
        counted(len(decks), "deck"),
        counted(len(deck.media), "file") + " of media",
    ]
    return ", ".join(found)


def first_rows_of(deck: ImportedDeck) -> Iterator[str]:
    """The first rows of a table, which show whether the right columns were taken."""
    for note in deck.notes[:_ROWS]:
        question, answer = (_shortened(plain_html(each)) for each in note.fields[:2])
        yield f"{question} → {answer}"
    if len(deck.notes) > _ROWS:
        yield "…"


def remarks_on(deck: ImportedDeck) -> Iterator[str]:
    """What was wrong with a source, and what of it no package can carry."""
    yield from deck.warnings
    if deck.missing:
        names = first_of(sorted(deck.missing), _SHOWN)
        number = counted(len(deck.missing), "file")
        yield f"{number} of media that the source does not hold: {names}"
    if deck.left:
        yield f"not in the project, since packages do not carry it: {first_of(deck.left, _SHOWN)}"
    if not deck.updates_learners:
        yield (
            "learners who have the deck from such a source each have note types with ids of their"
            " own, so no package can update them: import an .apkg of the deck if there is one; else"
            " `ankipress export` writes what updates these learners"
        )


def counts_of(importing: DeckImport) -> str:
    """How many notes became Markdown, and how many did not."""
    counts = importing.counts()
    total = len(importing.notes)
    kept = ""
    if counts[Form.KEPT_HTML]:
        kept = f", {counts[Form.KEPT_HTML]:,} with HTML kept as it was"
    notes = "1 note" if total == 1 else f"{total:,} notes"
    return (
        f"imported {notes}: {counts[Form.MARKDOWN]:,} as Markdown,"
        f" {counts[Form.WITH_HTML]:,} with HTML{kept}, {counts[Form.LOST]:,} with loss"
    )


def cardless_notes(project: ImportedProject) -> Iterator[str]:
    """How many notes Anki makes no card of."""
    number = sum(not note.ords for note in project.compiled.package.notes)
    if number:
        yield f"Anki makes no card of {counted(number, 'note')}, here as there"


def losses_of(notes: Sequence[ConvertedNote]) -> Iterator[str]:
    """The notes of which something is lost, and what it is."""
    lost = [each for each in notes if each.form is Form.LOST]
    for note in lost[:_SHOWN]:
        parts = list(dict.fromkeys(part for html in note.lost_fields for part in lost_parts(html)))
        what = first_of(parts, _SHOWN) or "the look of its HTML"
        title = _shortened(" ".join(note.text.split("\n", 1)[0].lstrip("# ").split()))
        yield f"  {note.path}: {title}: {what}"
    if len(lost) > _SHOWN:
        yield f"  … and {len(lost) - _SHOWN:,} more"


def _shortened(text: str) -> str:
    if len(text) > _LONGEST:
        return text[:_LONGEST] + " …"
    return text


def proof_lines(proof: ImportProof) -> Iterator[str]:
    """What the real Anki did with the first releases."""
    first = proof.first
    edited = proof.edited
    assert first
    assert edited
    yield (
        f"tried in Anki {proof.anki}: a learner who has studied the old package and imports the"
        f" first release gets {first.new} new, {first.updated} updated,"
        f" {first.conflicting} conflicting notes, and loses {len(first.lost)} of"
        f" {counted(proof.reviews, 'review')}"
    )
    meant = "as meant"
    if not proof.is_as_meant:
        meant = "NOT as meant"
    yield (
        f"then one card is edited, and the next release brings {edited.new} new, {edited.updated}"
        f" updated, {meant}"
    )
    yield from (f"  {each}" for each in (*first.lost, *edited.lost)[:_SHOWN])


def is_proved(proof: ImportProof) -> bool:
    """Whether learners notice nothing of the first release, and of the second what was edited."""
    first = proof.first
    edited = proof.edited
    if first is None or edited is None:
        return False
    quiet = not (first.new or first.updated or first.conflicting or first.lost)
    edits = edited.new == 0 and edited.updated == 1 and not edited.conflicting and not edited.lost
    return quiet and edits and proof.is_as_meant
