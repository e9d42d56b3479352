"""Fields of HTML → Markdown that looks the same, by trying.

Each field is written as a person would have written it, and all cards are compiled as in any build.
What does not look the same is written in the next way: in another mode, with its smallest block as
HTML, as HTML altogether, and at last, if the author agrees, as the very HTML that it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ankipress.build.cards import CompiledSection, Resources, compile_jobs
from ankipress.diagnostics import Diagnostic, Severity
from ankipress.importing.adopted_cards import adopted_note
from ankipress.importing.converted_note import ConvertedNote
from ankipress.importing.import_plan import ImportPlan
from ankipress.importing.own.own_cards import own_note
from ankipress.media.media_folder import MediaFolder
from ankipress.media.occlusion_shapes import occlude
from ankipress.media.resolve import resolve_media
from ankipress.model import Lock, Note, RenderedNote, Source
from ankipress.parse.document import FileContext, Section, read_document
from ankipress.project.settings import Settings

_MOST_ROUNDS = 40


@dataclass(frozen=True, slots=True)
class FileHead:
    """What a file says of all its cards: its deck, its kind, and the tags that all of them have.

    `text` is how a file that is there says it, None for one that is to be written.
    """

    deck: str
    kind: str
    tags: tuple[str, ...]
    text: str | None = None


@dataclass(slots=True)
class Conversion:
    """The notes of a deck on their way to Markdown."""

    plan: ImportPlan
    settings: Settings
    media: MediaFolder
    lock: Lock
    resources: Resources
    heads: Mapping[str, FileHead]
    notes: list[ConvertedNote] = field(default_factory=list)

    def start(self) -> None:
        """Begin with the first way to write each field."""
        for number, note in enumerate(self.plan.deck.notes):
            path = self.plan.paths[number]
            planned = self.plan.type_of(note)
            refer = self.plan.media_address(path)
            if planned.is_own:
                self.notes.append(own_note(number, note, path, planned, refer))
            else:
                self.notes.append(adopted_note(number, note, path, planned, refer))

    def give_ids(self, numbers: Iterable[int]) -> None:
        """Write an id into the headings of some notes, whose texts do not tell them apart."""
        for number in numbers:
            self.give_words(number, f"#note-{number + 1}")

    def give_words(self, number: int, words: str) -> None:
        """Write the heading of a note with other attributes that no note of Anki has."""
        self.notes[number].words = words
        self._write(self.notes[number])

    def run(self, *, keeps_html: bool = False) -> None:
        """Try ways to write each field until all look the same, or no way is left."""
        left = [each for each in self.notes if not each.is_done]
        for _ in range(_MOST_ROUNDS):
            if not left:
                return
            for each in left:
                self._write(each)
            for each, problems, fields in self._compiled(left):
                is_wrong = any(problem.severity is Severity.ERROR for problem in problems)
                each.judge(fields, is_wrong=is_wrong, keeps_html=keeps_html)
            left = [each for each in left if not each.is_done]

    def keep_html(self) -> None:
        """Go on with the fields of which something is lost: they keep their HTML."""
        for note in self.notes:
            for each in note.fields:
                each.keep_html()
        self.run(keeps_html=True)

    def _write(self, note: ConvertedNote) -> None:
        head = self.heads[note.path]
        tags = [tag for tag in note.note.tags if tag not in head.tags]
        note.write(tags, head.kind)

    def _compiled(
        self, notes: Sequence[ConvertedNote]
    ) -> Iterator[tuple[ConvertedNote, Sequence[Diagnostic], Mapping[str, str] | None]]:
        """Each note with its problems and its fields as they would be packed; None where it is not
        one card.
        """
        contexts = {path: self._context(path) for path in {each.path for each in notes}}
        jobs = [(contexts[each.path], self._section(each)) for each in notes]
        sections = compile_jobs(jobs, self.settings.extensions, self.resources)
        rendered: list[RenderedNote] = []
        single: list[bool] = []
        for note, section in zip(notes, sections, strict=True):
            is_single = len(section.entries) == 1
            single.append(is_single)
            if is_single:
                rendered.append(_rendered(note, section))
        media = resolve_media(rendered, self.media, learners=self.lock.media)
        files = {each.name: each for each in media.files}
        resolved = iter(occlude(media.notes, files).notes)
        for note, section, is_single in zip(notes, sections, single, strict=True):
            fields = None
            if is_single:
                fields = next(resolved).fields
            cards = (problem for card in section.cards for problem in card.problems)
            yield note, [*section.problems, *cards], fields

    def _section(self, note: ConvertedNote) -> Section:
        """The card as a part of a file, where a blank line follows."""
        text = f"{note.text}\n"
        if "[^" in text:
            source = Source(note.path, head_text(self.heads[note.path]) + text)
            sections = read_document(source, self.settings, self.plan.custom).sections
            if len(sections) == 1:
                return sections[0]
        return Section(text, 0, text.count("\n") + 1, (), {}, {})

    def _context(self, path: str) -> FileContext:
        """What applies to the cards of a file."""
        source = Source(path, head_text(self.heads[path]))
        return read_document(source, self.settings, self.plan.custom).context


def _rendered(note: ConvertedNote, section: CompiledSection) -> RenderedNote:
    [entry] = section.entries
    [card] = section.cards
    placed = replace(entry, location=replace(entry.location, path=note.path))
    return RenderedNote(Note("", 1, placed, "", ""), card.fields, card.may_refer)


def head_text(head: FileHead) -> str:
    """The front matter of a file."""
    if head.text is not None:
        return head.text
    lines = ["---", f"deck: {json.dumps(head.deck, ensure_ascii=False)}"]
    if head.kind:
        lines.append(f"kind: {head.kind}")
    if head.tags:
        tags = ", ".join(json.dumps(tag, ensure_ascii=False) for tag in head.tags)
        lines.append(f"tags: [{tags}]")
    return "\n".join([*lines, "---", "", ""])
