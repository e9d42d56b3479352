"""Edits made in Anki, what becomes of each in the sources, and whether that is right."""

from __future__ import annotations

import dataclasses
import difflib
import enum
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from anki_edits import LearnersNote, NoteEdit
from ankipress.build.cards import Resources
from ankipress.build.compilation import CompiledProject, compile_project
from ankipress.build.memo import open_memo
from ankipress.identity.lock import write_lock
from ankipress.importing.readers.sources import read_source
from ankipress.live.anki_contents import AnkiContents
from ankipress.live.comparing.anki_comparison import compare_with_anki
from ankipress.live.editing.card_editing import CardEditor
from ankipress.live.note_differences import AnkiDifferences, NoteCase, NoteDifference
from ankipress.live.pulled.edit_trials import ProjectNow
from ankipress.live.pulled.pulled_project import ProjectPull
from ankipress.live.pulled.taken_notes import Taken
from ankipress.live.text_edits import with_edits
from ankipress.live.wanted_note import CardEdit, UnwrittenEdit, WantedNote
from ankipress.project.programs import programs_fingerprint
from judged_edits import is_as_meant
from learner import Learner
from pulled import EditedAnki, MadeEdit, ankipress, own_project

_ASKED = {NoteCase.CONFLICT, NoteCase.OTHER_TYPE, NoteCase.TWICE}
_MADE_OF_OTHERS = {"Source": "Suggest an edit", "Typed": ""}


class Outcome(enum.Enum):
    """What became of an edit."""

    RIGHT = "right"
    SAME = "no edit"  # both look the same
    ASKED = "asked"
    UNWRITTEN = "unwritten"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class JudgedEdit:
    """An edit, what became of it, and why. `diff` is that of its file if it were alone."""

    edit: MadeEdit
    outcome: Outcome
    reason: str = ""
    form: str = ""
    diff: tuple[str, ...] = ()
    rendered: Mapping[str, str] = field(default_factory=dict)
    wanted: Mapping[str, str] = field(default_factory=dict)
    is_outside: bool = False

    @property
    def changed_lines(self) -> int:
        """The number of lines that its diff takes out and puts in."""
        return sum(line[:1] in {"+", "-"} for line in self.diff)

    def told(self) -> str:
        """All of it as a text."""
        lines = [f"#### {self.edit.kind}: {self.outcome.value}", f"guid {self.edit.guid}"]
        lines += [f"reason: {self.reason}", f"form: {self.form}"]
        for name in self.edit.fields:
            lines += [f"---- {name}, before", self.edit.before.fields[name]]
            lines += [f"---- {name}, in Anki", self.edit.after.fields[name]]
            if name in self.wanted:
                lines += [f"---- {name}, wanted", self.wanted[name]]
            lines += [f"---- {name}, result", self.rendered.get(name, "")]
        if self.edit.before.tags != self.edit.after.tags:
            lines.append(f"---- tags {self.edit.before.tags} -> {self.edit.after.tags}")
        return "\n".join([*lines, "---- diff", *self.diff, ""])


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull made of the edits."""

    differences: Mapping[str, NoteDifference]
    edits: Mapping[str, CardEdit]
    unwritten: Mapping[str, UnwrittenEdit]
    texts: Mapping[str, str]
    spans: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class MeasuredRound:
    """Some edits of one collection, and what was wrong after all of them."""

    judged: Sequence[JudgedEdit]
    others_changed: Sequence[str]
    after_push: Sequence[str]
    second_pull: Sequence[str]


class MeasuredProject:
    """A project that was built and imported, of which copies are edited."""

    def __init__(self, source: Path, folder: Path, shape: str = "") -> None:
        self._folder = folder
        self._project = own_project(source, folder / "project", shape)
        self._name = self._project.relative_to(folder / "project")
        self._build(self._project)
        self._anki = EditedAnki(folder / "anki", *self._packages(self._project))
        self._rounds = 0

    def _root(self, project: Path) -> Path:
        return project if project.is_dir() else project.parent

    def _build(self, project: Path) -> None:
        if project.is_dir():
            ankipress(project, "build")
        else:
            ankipress(project.parent, "build", project.name)

    def _packages(self, project: Path) -> list[Path]:
        return sorted(self._root(project).rglob("*.apkg"))

    def measure(
        self, kinds: Mapping[str, NoteEdit], most: int, random: Random, counts: Counter[str]
    ) -> MeasuredRound:
        """Edit a copy of the collection, pull into a copy of the project, and judge all."""
        self._rounds += 1
        folder = self._folder / f"round{self._rounds}"
        shutil.copytree(self._folder / "project", folder / "project")
        shutil.copytree(self._folder / "anki", folder / "anki")
        project = folder / "project" / self._name
        anki = EditedAnki(folder / "anki")
        made = anki.edit(kinds, most, random, counts)
        before = compile_project([project])
        pulled = pull(project, before, anki.folder)
        after = compile_project([project])
        judged = [_judged(each, pulled, before, after) for each in made]
        others = _others_changed(before, after, {each.guid for each in made})
        self._build(project)
        pushed = _push(anki.folder, self._packages(project), judged)
        second = _second_pull(project, anki.folder, judged)
        shutil.rmtree(folder)
        return MeasuredRound(judged, others, pushed, second)


def contents_of(profile: Path) -> AnkiContents:
    """What a closed collection holds."""
    deck = read_source(profile / "collection.anki2")
    media = deck.media

    def read_media(names: Sequence[str]) -> Mapping[str, object]:
        return {name: media[name] for name in names if name in media}

    return AnkiContents("Anki", deck, read_media, is_whole=True)  # type: ignore[arg-type]


def pull(project: Path, before: CompiledProject, profile: Path) -> Pulled:
    """Write what was edited in a collection into the files of a project."""
    workspace = before.workspace
    contents = contents_of(profile)
    differences = compare_with_anki(contents, before.compiled, workspace.project.lock)
    wanted = tuple(each.wanted for each in differences.notes if each.wanted is not None)
    with open_memo(workspace.root, programs_fingerprint()) as memo:
        now = ProjectNow(workspace.project, before.compiled, int(time.time()), Resources(memo))
        found = ProjectPull(now, contents, _card_edits).project(Taken(wanted))
    texts = {each.path: each.text for each in workspace.project.sources}
    for path, text in found.files.items():
        edited = text.apply(texts[path])
        (workspace.root / path).write_text(edited, "utf-8", newline="")
    for name, content in found.media.items():
        (workspace.root / "media").mkdir(exist_ok=True)
        with content.open() as file:
            (workspace.root / "media" / name).write_bytes(file.read())
    workspace.lock_path.write_text(write_lock(found.lock), "utf-8")
    return Pulled(
        {each.guid: each for each in differences.notes},
        {each.guid: each for each in found.written},
        {each.guid: each for each in found.unwritten},
        texts,
        _spans(before),
    )


def _card_edits(
    now: ProjectNow, wanted: Sequence[WantedNote]
) -> Sequence[CardEdit | UnwrittenEdit]:
    editor = CardEditor(now.project, now.compiled, now.resources)
    return editor.edits(wanted)


def _spans(compiled: CompiledProject) -> Mapping[str, tuple[int, int]]:
    """The lines of the card of each note, from the first up to that of the next card."""
    starts: dict[str, list[tuple[int, str]]] = {}
    for note in compiled.compiled.notes:
        line = note.entry.location.line or 1
        starts.setdefault(note.entry.path, []).append((line, note.guid))
    spans: dict[str, tuple[int, int]] = {}
    for found in starts.values():
        found.sort()
        lines = sorted({line for line, _ in found})
        ends = dict(zip(lines, [*lines[1:], 10**9], strict=True))
        for line, guid in found:
            spans[guid] = (line, ends[line])
    return spans


def _judged(
    edit: MadeEdit, pulled: Pulled, before: CompiledProject, after: CompiledProject
) -> JudgedEdit:
    difference = pulled.differences.get(edit.guid)
    rendered = fields_of(after).get(edit.guid)
    if difference is None or rendered is None:
        return JudgedEdit(edit, Outcome.WRONG, "the note is gone")
    wanted = difference.wanted.fields if difference.wanted else {}
    unwritten = pulled.unwritten.get(edit.guid)  # what of it is not written
    card_edit = pulled.edits.get(edit.guid)
    reason = difference.case.name.lower()
    form = ""
    diff: tuple[str, ...] = ()
    is_outside = False
    if card_edit is not None:
        form = card_edit.form.name
        text = pulled.texts[card_edit.path]
        diff = tuple(_diff(text, with_edits(text, card_edit.edits)))
        is_outside = _is_outside(card_edit, pulled.spans[edit.guid])
        reason = "; ".join([reason, *card_edit.left])
    judged = JudgedEdit(
        edit, Outcome.RIGHT, reason, form, diff, rendered.fields, wanted, is_outside
    )
    trouble = _trouble(edit, rendered)
    if unwritten is not None:
        return _as(judged, Outcome.UNWRITTEN, unwritten.reason)
    if difference.case in _ASKED:
        return _as(judged, Outcome.ASKED, reason)
    if not trouble:
        return _as(judged, Outcome.RIGHT if card_edit else Outcome.SAME, reason)
    if card_edit is not None and card_edit.left:
        return _as(judged, Outcome.UNWRITTEN, reason)
    return _as(judged, Outcome.WRONG, f"{reason}: {trouble}")


def _as(judged: JudgedEdit, outcome: Outcome, reason: str) -> JudgedEdit:
    return dataclasses.replace(judged, outcome=outcome, reason=reason)


def fields_of(compiled: CompiledProject) -> Mapping[str, LearnersNote]:
    """The notes of a project as they are packed, by guid."""
    package = compiled.compiled.package
    names = {each.key: each.field_names for each in package.note_types}
    return {
        note.guid: LearnersNote(
            dict(zip(names[note.note_type], note.fields, strict=True)), note.tags
        )
        for note in package.notes
    }


def _trouble(edit: MadeEdit, rendered: LearnersNote) -> str:
    """What is not as it is in Anki, empty where all is."""
    for name, html in edit.after.fields.items():
        before = edit.before.fields[name]
        result = rendered.fields[name]
        if html == before:
            if result != before and not _is_made_of_others(name, before):
                return f"the field {name} changed"
        elif not is_as_meant(before, html, result):
            return f"the field {name} looks different"
    wanted = set(edit.after.tags) - {"leech", "marked"}
    if wanted != set(rendered.tags):
        return f"its tags are {rendered.tags}"
    return ""


def _is_made_of_others(name: str, html: str) -> bool:
    """Whether a field follows from others: a link to the card's place, an answer to type, and the
    options of a choice, which stand on both sides.
    """
    if 'class="choices"' in html:
        return True
    return name in _MADE_OF_OTHERS and _MADE_OF_OTHERS[name] in html


def _diff(before: str, after: str) -> Iterator[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    for number, line in enumerate(lines):
        if number > 1 and not line.startswith("@@"):
            yield line


def _is_outside(edit: CardEdit, span: tuple[int, int]) -> bool:
    """Whether an edit changes a line that is not of its card."""
    first, end = span
    return any(
        each.start[0] + 1 < first
        or each.end[0] + 1 > end
        or (each.end[0] + 1 == end and each.end[1] > 0)
        for each in edit.edits
    )


def _others_changed(
    before: CompiledProject, after: CompiledProject, edited: set[str]
) -> Sequence[str]:
    old = fields_of(before)
    new = fields_of(after)
    return [guid for guid in {*old, *new} - edited if old.get(guid) != new.get(guid)]


def _push(profile: Path, packages: Sequence[Path], judged: Sequence[JudgedEdit]) -> Sequence[str]:
    """The guids of right notes that look different once what is built then was imported."""
    right = {each.edit.guid for each in judged if each.outcome in {Outcome.RIGHT, Outcome.SAME}}
    with Learner(profile) as learner:
        before = learner.notes()
        for each in packages:
            learner.import_package(each)
        after = learner.notes()
    edited = {each.edit.guid: each.edit.before for each in judged}
    changed = []
    for guid, note in before.items():
        if guid not in right and guid in edited:
            continue
        for name, html in note.fields.items():
            if _is_made_of_others(name, html):
                continue
            old = edited[guid].fields[name] if guid in edited else html
            if not is_as_meant(old, html, after[guid].fields[name]):
                changed.append(f"{guid} {name}")
    return changed


def _second_pull(project: Path, profile: Path, judged: Sequence[JudgedEdit]) -> Sequence[str]:
    """The guids of right notes of which a second pull has something to say."""
    compiled = compile_project([project])
    lock = compiled.workspace.project.lock
    differences: AnkiDifferences = compare_with_anki(contents_of(profile), compiled.compiled, lock)
    done = {each.edit.guid for each in judged if each.outcome not in {Outcome.RIGHT, Outcome.SAME}}
    quiet = {NoteCase.SAME}
    return [
        f"{each.guid} {each.case.name}"
        for each in differences.notes
        if each.case not in quiet and each.guid not in done
    ]
