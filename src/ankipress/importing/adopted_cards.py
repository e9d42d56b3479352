"""Notes of note types that learners have from elsewhere, as cards whose headings name fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from ankipress.importing.card_writing import WrittenField, braces_of, card_text, label_of
from ankipress.importing.converted_note import ConvertedNote, FieldTrial, Form, Way
from ankipress.importing.fields.field_markdown import Refer, best_mode, candidates
from ankipress.importing.fields.prose_escapes import heading_line
from ankipress.importing.import_plan import PlannedType
from ankipress.importing.imported_deck import ImportedNote
from ankipress.importing.own.made_in_anki import forms_of
from ankipress.importing.own.own_trials import HeadingPart, OwnTrial
from ankipress.importing.own.own_types import fills_key
from ankipress.importing.own.own_wrappers import unwrap
from ankipress.model import OWN_FIELDS, TextMode
from ankipress.parse.attribute_tokens import TEXT

_BY_MARKDOWN = (TextMode.LINES, TextMode.PARAGRAPHS)


@dataclass(slots=True)
class AdoptedNote(ConvertedNote):
    """A note of an adopted note type. `names` are those of the fields that its card has, and
    `modes` how each of them is usually read. `asked` stand in the braces of the heading.
    """

    names: tuple[str, ...] = ()
    modes: tuple[TextMode, ...] = ()
    second_is_answer: bool = False
    asked: tuple[str, ...] = ()

    def write(self, tags: Sequence[str], usual_kind: str) -> None:
        """Write the card."""
        words = [self.words, *self.without_given(self.asked)]
        if self.key != usual_kind:
            words.append(f"kind={self.key}")
        written = []
        for name, usual, each in zip(self.names, self.modes, self.fields, strict=True):
            mode = None
            if each.way.mode is not usual:
                mode = each.way.mode
            if mode is not None and each.way.is_heading:
                words.append(f"{TEXT}={mode}")
            written.append(WrittenField(name, each.way.text, mode, each.way.is_heading))
        self.text = card_text(
            label_of(self.note.fields[0], self.number + 1),
            braces_of(tags, words),
            written,
            second_is_answer=self.second_is_answer,
        )

    def judge(
        self,
        fields: Mapping[str, str] | None,
        *,
        is_wrong: bool,
        keeps_html: bool,
    ) -> None:
        """Keep the fields that look the same."""
        rendered: list[str | None] = [None] * len(self.fields)
        if fields is not None:
            rendered = [fields.get(name, "") for name in self.names]
        for each, html in zip(self.fields, rendered, strict=True):
            each.is_done = html is not None and each.is_right(html)
        are_right = all(each.is_done for each in self.fields)
        for each, html in zip(self.fields, rendered, strict=True):
            if not each.is_done or (are_right and is_wrong and each.html):
                each.is_done = False
                each.advance(html, keeps_html=keeps_html)


def adopted_note(
    number: int,
    note: ImportedNote,
    path: str,
    planned: PlannedType,
    refer: Refer,
) -> AdoptedNote:
    """A note with the first way to write each field."""
    if planned.is_made or fills_key(planned.imported, note):
        return _made_by_ankipress(number, note, path, planned, refer)
    trials = []
    for place, (html, mode) in enumerate(zip(note.fields, planned.modes, strict=True)):
        trials.append(FieldTrial(html, _ways(html, mode, refer, is_first=place == 0)))
    return AdoptedNote(
        number,
        note,
        path,
        planned.key,
        trials,
        names=planned.imported.field_names,
        modes=planned.modes,
        second_is_answer=planned.second_is_answer,
    )


def _made_by_ankipress(
    number: int,
    note: ImportedNote,
    path: str,
    planned: PlannedType,
    refer: Refer,
) -> AdoptedNote:
    """A note of a note type that an author gave to ankipress. Its fields come out to the letter,
    and a build fills the last three.
    """
    names = planned.imported.field_names[: -len(OWN_FIELDS)]
    values = dict(zip(names, note.fields, strict=False))
    front, back, *_ = (*names, "", "")
    unwrapped = next(unwrap(values, front, back))
    forms = forms_of(planned, refer, number)
    trials: list[FieldTrial] = []
    for name in names:
        heading = HeadingPart.ALONE if name == front else HeadingPart.NONE
        piece = partial(unwrapped.inner, name)
        trials.append(OwnTrial(unwrapped.texts[name], forms, heading, piece))
    return AdoptedNote(
        number,
        note,
        path,
        planned.key,
        trials,
        names=names,
        modes=planned.modes[: len(names)],
        second_is_answer=planned.second_is_answer,
        asked=unwrapped.words,
    )


def _ways(html: str, usual: TextMode, refer: Refer, *, is_first: bool) -> Iterator[Way]:
    if not html:
        yield Way("", usual, Form.MARKDOWN)
        return
    if usual is TextMode.BARE:
        modes = [TextMode.BARE, TextMode.LINES, TextMode.PARAGRAPHS]
    else:
        first = best_mode(html)
        modes = [first, *(each for each in _BY_MARKDOWN if each is not first)]
    ways: list[tuple[Form, int, Way]] = []
    for mode in modes:
        for each in candidates(html, mode, refer):
            form = Form.MARKDOWN
            if each.is_kept:
                form = Form.KEPT_HTML
            elif each.html:
                form = Form.WITH_HTML
            way = Way(each.text, mode, form, needs_consent=each.needs_consent)
            if is_first and form is Form.MARKDOWN and _is_line(each.text):
                yield replace(way, text=heading_line(each.text), is_heading=True)
            if not ways and form is Form.MARKDOWN:
                yield way  # most fields need no other
            ways.append((form, each.html, way))
    ways.sort(key=lambda each: each[:2])
    yield from dict.fromkeys(way for _, _, way in ways)


def _is_line(text: str) -> bool:
    return bool(text) and "\n" not in text
