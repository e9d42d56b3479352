"""Which part of an entry fills which field of its note type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from recto.diagnostics import Diagnostic, Location
from recto.model import KINDS, Note, Part, RenderedNote
from recto.render.cloze import shield, without_deletions
from recto.render.html import canonical, is_visible, text_of
from recto.render.markdown import Converter, Finding, fence_place
from recto.render.math import finish_math

Track = Callable[[Sequence[Note]], Iterable[Note]]
"""Wraps the notes on their way through, to show progress."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """Every note with its fields, in the same order, and the problems."""

    notes: tuple[RenderedNote, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


def render(notes: Sequence[Note], track: Track = iter) -> Rendered:
    """Every note with its fields filled: Markdown rendered, flags and the guid set."""
    converter = Converter()
    results = [_NoteRenderer(converter, note) for note in track(notes)]
    return Rendered(
        tuple(RenderedNote(each.note, each.fields) for each in results),
        tuple(problem for each in results for problem in each.problems),
    )


class _NoteRenderer:
    """One note on its way to its fields."""

    def __init__(self, converter: Converter, note: Note) -> None:
        self.converter, self.note, self.entry = converter, note, note.entry
        self.problems: list[Diagnostic] = []
        filled = _FIELDS[KINDS[note.entry.kind]](self)
        self.fields = {name: self._in_language(html) for name, html in filled if html}
        self.fields["Key"] = note.guid

    def basic(self) -> Iterator[tuple[str, str]]:
        question, answer = self._question(), self._field("Back")
        self._require(question, "empty-question", "this card has no question", "write it into the heading")
        way_out = "write the answer below it, or mark the card {draft}"
        self._require(answer, "empty-answer", "this question has no answer", way_out)
        yield from (("Front", question), ("Back", answer))
        if typed := self.entry.attributes.typed:
            yield "Typed", canonical(_escaped(typed)) if isinstance(typed, str) else text_of(answer)
        if self.entry.attributes.reverse:
            yield "Reverse", "1"
        for name in ("Hint", "Extra", "Source"):
            yield name, self._field(name)

    def cloze(self) -> Iterator[tuple[str, str]]:
        separated = "Front" in self.entry.parts
        text = self._question("Front" if separated else "Back", then=shield)
        self._require(text, "empty-question", "this card has no text", "write it into the heading or below it")
        yield "Text", text
        below = self._field("Back") if separated else ""
        others = {"Extra": below + self._field("Extra"), "Hint": self._field("Hint"), "Source": self._field("Source")}
        for name, html in others.items():
            inert = without_deletions(html)
            if inert != html:
                message = f"a deletion in {name.lower()} hides nothing: Anki hides only in the text of the question"
                way_out = "write it above the `---` or heading that ends the text, or put it into code"
                self.problems.append(Diagnostic("deletion-outside-text", self.entry.location, message, way_out))
            yield name, inert

    def _question(self, part: str = "Front", then: Callable[[str], str] = str) -> str:
        html, findings = self.converter.convert_question(self.entry.heading, self.entry.part(part))
        self._report(findings, self.entry.parts.get(part))
        return finish_math(then(canonical(html)))

    def _field(self, name: str) -> str:
        part = self.entry.parts.get(name)
        if part is None or not part.text:
            return ""
        html, findings = self.converter.convert(part.text)
        self._report(findings, part)
        return finish_math(canonical(html))

    def _in_language(self, html: str) -> str:
        language = self.entry.attributes.lang
        return f'<div lang="{language}">{html}</div>' if language and html != "1" else html

    def _require(self, html: str, code: str, message: str, way_out: str) -> None:
        if not is_visible(html):
            self.problems.append(Diagnostic(code, self.entry.location, message, way_out))

    def _report(self, findings: Sequence[Finding], part: Part | None) -> None:
        for finding in findings:
            place = self._place_of(finding, part) if part else self.entry.location
            self.problems.append(Diagnostic(finding.code, place, finding.mistake.message, finding.mistake.help))

    def _place_of(self, finding: Finding, part: Part) -> Location:
        line, column = fence_place(part.text, finding.info, finding.mistake.words)
        return Location(self.entry.path, part.line + line, column + 1, max(1, len(finding.mistake.words)))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


_FIELDS = {"basic": _NoteRenderer.basic, "cloze": _NoteRenderer.cloze}
