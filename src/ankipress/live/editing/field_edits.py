"""The ways to edit one field of a card: edits of its file, the smallest first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ankipress.importing.converted_note import Form
from ankipress.importing.fields.appearance import looks_same
from ankipress.importing.fields.field_markdown import candidates
from ankipress.importing.fields.prose_escapes import heading_line
from ankipress.live.editing.author_style import AuthorStyle
from ankipress.live.editing.card_fields import FieldParts
from ankipress.live.editing.edit_transfer import Grain, SourceEdit, Transfer, rewritten
from ankipress.live.editing.field_sources import (
    FieldSource,
    FileText,
    SourcePiece,
    UnwritableError,
    hard_breaks_inside,
)
from ankipress.live.editing.field_writing import FOOTNOTE_LABEL, FieldWriting
from ankipress.live.editing.section_edits import CardLines
from ankipress.live.text_edits import TextEdit
from ankipress.parse.id_insertion import end_of_question

_REFERENCE = re.compile(r"\[\^([^\[\]\s]+)\](?!:)")
_LABEL = re.compile(rf"\[\^{FOOTNOTE_LABEL}-([1-9][0-9]{{0,3}})\]")

FileWay = tuple[tuple[TextEdit, ...], Form]
"""Edits of a file, and how much of them is no Markdown."""


@dataclass(frozen=True, slots=True)
class FieldEdits:
    """A field of a card: its source, and how it is written. `style` is that of its author."""

    name: str
    parts: FieldParts
    source: FieldSource
    file: FileText
    card: CardLines
    writing: FieldWriting
    style: AuthorStyle

    def ways(
        self,
        rendered: str,
        wanted: str,
    ) -> Iterator[FileWay]:
        """The ways to make a field what is wanted. Raises UnwritableError."""
        if looks_same(wanted, ""):
            yield self._emptied(), Form.MARKDOWN
            return
        yield from self._markdown_ways(rendered, wanted)
        if self._is_block:
            yield from self._one_line_ways(rendered, wanted)
        yield from self._kept_ways(rendered, wanted)
        if self.parts.has_heading and end_of_question(self.card.entry) is None:
            raise UnwritableError("its question is the name of its file")

    @property
    def _is_heading(self) -> bool:
        """Whether the heading is all of its source."""
        return [piece.is_heading for piece in self.source.pieces] == [True]

    @property
    def _is_block(self) -> bool:
        """Whether nothing in its source is apart from the rest, as in a cell or on a line."""
        return len(self.source.pieces) == 1 and "\n\n" not in self.source.text

    def _one_line_ways(
        self,
        rendered: str,
        wanted: str,
    ) -> Iterator[FileWay]:
        """Ways for a text that has no place for other lines, or for blocks but as HTML."""
        text = self.source.text
        for before, after, has_html in self._one_line_pairs(rendered, wanted):
            form = Form.WITH_HTML if has_html else Form.MARKDOWN
            kept = Transfer(text, before, after).edits(Grain.NOTHING)
            for edits in (kept, rewritten(text, after)):
                for placed in self._placed(edits):
                    yield placed, form
        if self._is_heading:
            for _, after, _ in self._one_line_pairs(rendered, wanted):
                yield from self._without_tags(after)

    def _without_tags(self, text: str) -> Iterator[FileWay]:
        """The heading as another text, without the elements around all of it, as in a summary."""
        [heading] = self.source.pieces
        edit = SourceEdit(
            heading.start,
            heading.end,
            text,
        )
        whole = self.file.with_tags(self.file.in_piece(heading, edit))
        if whole is not None:
            yield (whole,), Form.WITH_HTML

    def _one_line_pairs(
        self,
        rendered: str,
        wanted: str,
    ) -> Iterator[tuple[str, str, bool]]:
        for before, after, has_html in self._pairs(rendered, wanted):
            line = hard_breaks_inside(self.style.applied(after))
            if "\n" not in line:
                yield self.style.applied(before), line, has_html
        for before, _, _ in self._pairs(rendered, wanted):
            for html in self.writing.one_line(wanted):
                yield before, html, True
            break

    def _markdown_ways(
        self,
        rendered: str,
        wanted: str,
    ) -> Iterator[FileWay]:
        reason: UnwritableError | None = None
        has_way = False
        for way, form in self._texts(rendered, wanted):
            try:
                for placed in self._placed(way):
                    yield placed, form
                    has_way = True
            except UnwritableError as error:
                reason = error
        entry = self.card.entry
        is_last = not (entry.is_adopted or self._is_block)
        if reason is not None and not has_way and is_last:
            raise reason

    def _kept_ways(
        self,
        rendered: str,
        wanted: str,
    ) -> Iterator[FileWay]:
        """Ways for a field of an adopted note type: below a heading of its own, and as its HTML."""
        entry = self.card.entry
        mode = entry.modes.get(self.name)
        if mode is None:
            return
        if self._is_heading:
            for _, after, has_html in self.writing.pairs(rendered, wanted):
                form = Form.WITH_HTML if has_html else Form.MARKDOWN
                yield (self.card.with_section(self.name, self.style.applied(after)),), form
        *_, kept = candidates(
            wanted,
            mode,
            str,
        )
        if kept.needs_consent:  # nobody is asked here whether HTML that could harm may stay
            return
        if self._is_heading:
            yield (self.card.with_section(self.name, kept.text),), Form.KEPT_HTML
            return
        for placed in self._placed(rewritten(self.source.text, kept.text)):
            yield placed, Form.KEPT_HTML

    def _texts(
        self,
        rendered: str,
        wanted: str,
    ) -> Iterator[tuple[list[SourceEdit], Form]]:
        text = self.source.text
        pairs = list(self._pairs(rendered, wanted))
        seen: list[list[SourceEdit]] = []
        for edits, has_html in self._candidates(text, pairs):
            if edits not in seen:
                seen.append(edits)
                yield edits, Form.WITH_HTML if has_html else Form.MARKDOWN

    def _pairs(
        self,
        rendered: str,
        wanted: str,
    ) -> Iterator[tuple[str, str, bool]]:
        """The field as it is and as it is wanted, with the labels that its footnotes have."""
        labels = list(dict.fromkeys(_REFERENCE.findall(self.source.text)))

        def label(found: re.Match[str]) -> str:
            number = int(found[1])
            return f"[^{labels[number - 1]}]" if number <= len(labels) else found[0]

        for before, after, has_html in self.writing.pairs(rendered, wanted):
            yield _LABEL.sub(label, before), _LABEL.sub(label, after), has_html

    def _candidates(
        self,
        text: str,
        pairs: Sequence[tuple[str, str, bool]],
    ) -> Iterator[tuple[list[SourceEdit], bool]]:
        styled = self.style.applied
        if text:
            for before, after, has_html in pairs:
                for transfer in (
                    Transfer(text, styled(before), styled(after)),
                    Transfer(text, before, after),
                ):
                    for grain in Grain:
                        yield transfer.edits(grain), has_html
        for _, after, has_html in pairs:
            yield rewritten(text, styled(after)), has_html
            yield rewritten(text, after), has_html

    def _placed(self, edits: Sequence[SourceEdit]) -> Iterator[tuple[TextEdit, ...]]:
        """Edits of the field's text as edits of the file, in the ways that may be. Raises
        UnwritableError.
        """
        if not self.source.pieces:
            yield (self._added(_applied("", edits)),)
        elif self._crosses_heading(edits):
            yield from self._with_heading(edits)
        else:
            yield tuple(self._in_pieces(edits))

    def _in_pieces(self, edits: Sequence[SourceEdit]) -> Iterator[TextEdit]:
        for edit in edits:
            piece = self.source.piece_of(edit)
            if piece is None:
                raise UnwritableError("it stands in several places of its card")
            yield self.file.in_piece(piece, edit)

    def _added(self, text: str) -> TextEdit:
        section = self.parts.section
        if section is None:
            raise UnwritableError(f"its card has no place for the field {self.name}")
        entry = self.card.entry
        names = list(entry.modes)
        is_second = names[1:2] == [self.name] and not entry.is_labelled
        if section == "" or is_second:
            return self.card.with_answer(text)
        return self.card.with_section(section, text)

    def _crosses_heading(self, edits: Sequence[SourceEdit]) -> bool:
        """Whether some edits change where the heading ends."""
        heading = self.source.pieces[0]
        if not heading.is_heading:
            return False
        for edit in edits:
            if edit.start <= heading.end < edit.end:
                return True
            if edit.start <= heading.end and "\n" in edit.text:
                return True
        return False

    def _with_heading(self, edits: Sequence[SourceEdit]) -> Iterator[tuple[TextEdit, ...]]:
        """Edits by which a text that stood in the heading stands below it, or the other way."""
        heading, *others = self.source.pieces
        body = next((each for each in others if each.name), None)
        last = others[1:] if body else others
        tail = self.source.text[last[0].start - 2 :] if last else ""
        text = _applied(self.source.text, edits)
        if not text.endswith(tail):
            raise UnwritableError("it stands in several places of its card")
        first, _, rest = text[: len(text) - len(tail)].partition("\n\n")
        written = tuple(self._rewritten(heading, heading_line(_one_line(first))))
        rest = rest.strip("\n")
        if not rest and body is None:
            yield written
        elif not rest and body is not None:
            yield (*written, self.card.without_question(body.part))
        elif body is not None:
            below = tuple(self._rewritten(body, rest))
            yield (*written, *below)
            yield (*written, *self.card.with_empty_line(), *below)
        else:
            for each in self._below_heading(rest):
                yield (*written, each)

    def _below_heading(self, text: str) -> Iterator[TextEdit]:
        """A text below the heading, apart from what would else be one with it."""
        if self.parts.names != ("Back",) and len(self.card.entry.modes) != 1:
            yield self.card.with_question(text, is_apart=True)
        yield self.card.with_question(text, is_apart=False)

    def _rewritten(
        self,
        piece: SourcePiece,
        text: str,
    ) -> Iterator[TextEdit]:
        for start, end, new in rewritten(piece.text, text):
            edit = SourceEdit(
                start + piece.start,
                end + piece.start,
                new,
            )
            yield self.file.in_piece(piece, edit)

    def _emptied(self) -> tuple[TextEdit, ...]:
        if any(piece.is_heading for piece in self.source.pieces):
            return self._without_heading()
        if self.parts.section is None and self.card.entry.kind != "cloze":
            raise UnwritableError(f"its field {self.name} is empty, and a card needs it")
        if self.card.entry.context:
            return tuple(self.file.emptied(each) for each in self.source.pieces)
        is_named = self.parts.section is not None
        parts = [piece.part for piece in self.source.pieces if piece.name]
        return tuple(self.card.without_part(each, has_heading=is_named) for each in parts)

    def _without_heading(self) -> tuple[TextEdit, ...]:
        """The first field of an adopted note type, empty below a heading that only labels it."""
        if not self.card.entry.is_adopted or len(self.source.pieces) > 1:
            raise UnwritableError(f"its field {self.name} is empty, and a card needs it")
        return (self.card.with_section(self.name, ""),)


def _applied(text: str, edits: Sequence[SourceEdit]) -> str:
    """A text after some edits."""
    pieces = []
    done = 0
    for start, end, new in edits:
        pieces += [text[done:start], new]
        done = end
    return "".join([*pieces, text[done:]])


def _one_line(text: str) -> str:
    """The text of a heading, which has no line ends."""
    lines = text.split("\n")
    joined = lines[0]
    for line in lines[1:]:
        if joined.endswith(("\\", "  ")):
            joined = joined.rstrip("\\ ") + "<br>" + line.lstrip()
        else:
            joined = f"{joined} {line.lstrip()}"
    return joined
