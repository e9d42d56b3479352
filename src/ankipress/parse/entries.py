"""Files → entries: which heading is a card, and what belongs to it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from ankipress.diagnostics import Diagnostic, Location
from ankipress.model import KINDS, Attributes, CustomType, Entry, Part, Source
from ankipress.parse.attributes import split_attributes, with_defaults
from ankipress.parse.cut_parts import FIELD_HEADINGS, cut_parts
from ankipress.parse.expand_rows import expand_rows
from ankipress.parse.file_definitions import Elsewhere
from ankipress.parse.front_matter import read_front_matter
from ankipress.parse.kinds import evident_kind, unfitting
from ankipress.parse.occlusion_parts import cut_occlusion
from ankipress.parts import Parts
from ankipress.project.settings import Settings
from ankipress.syntax.anchors import anchors
from ankipress.syntax.decoding import bidi_controls
from ankipress.syntax.outline import Heading, Outline, outline
from ankipress.syntax.plain_text import plain_text

_NONE: Mapping[str, CustomType] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Parsed:
    """The entries of a project in the order of its sources, the number of drafts left out, and the
    problems.
    """

    entries: tuple[Entry, ...]
    drafts: int = 0
    diagnostics: tuple[Diagnostic, ...] = ()


def parse(
    sources: Sequence[Source], settings: Settings, custom: Mapping[str, CustomType] = _NONE
) -> Parsed:
    """Every card in the sources. A file without cards is no problem, a project without cards is
    one.

    `custom` are the note types of the project's own: each is a kind of card.
    """
    entries: list[Entry] = []
    problems: list[Diagnostic] = []
    levels: dict[int, Heading] = {}
    for source in sources:
        reader = _File(source, settings, custom)
        entries += reader.entries()
        problems += reader.problems
        levels |= {heading.level: heading for heading in reader.outline.headings} | levels
    problems += _duplicate_ids(entries, {source.path: source.text for source in sources})
    built = [entry for entry in entries if not entry.attributes.draft]
    if not built and sources:
        problems.append(_no_cards(sources, levels, settings, drafts=len(entries)))
    problems += _duplicate_cards(built)
    return Parsed(tuple(built), len(entries) - len(built), tuple(problems))


def _no_cards(
    sources: Sequence[Source], levels: Mapping[int, Heading], settings: Settings, *, drafts: int
) -> Diagnostic:
    where = sources[0].path if len(sources) == 1 else f"these {len(sources)} files"
    deeper = min((level for level in levels if level > settings.card_level), default=None)
    if drafts:
        way_out = "all cards are drafts: take {draft} from one"
    elif deeper is not None:
        way_out = f"the headings here are of level {deeper}: set `card_level = {deeper}`"
    else:
        way_out = f"a card is a heading of level {settings.card_level} (`{'#' * settings.card_level} Question`) and what follows"
    return Diagnostic("no-cards", Location(sources[0].path), f"no cards found in {where}", way_out)


def _duplicate_ids(entries: Iterable[Entry], texts: Mapping[str, str]) -> Iterable[Diagnostic]:
    first: dict[str, Entry] = {}
    for entry in entries:
        if (
            entry.attributes.id is not None
            and (other := first.setdefault(entry.attributes.id, entry)) is not entry
        ):
            message = (
                f'the id "{entry.attributes.id}" is taken by {other.path}:{other.location.line}'
            )
            place = _last_words(
                entry.location, texts[entry.path].split("\n"), f"#{entry.attributes.id}"
            )
            yield Diagnostic(
                "duplicate-id", place, message, "an id belongs to one card: choose another"
            )


def _last_words(location: Location, lines: Sequence[str], words: str) -> Location:
    """Where words stand last on a line, or the line where they do not."""
    column = lines[location.line - 1].rfind(words)
    return (
        Location(location.path, location.line, column + 1, len(words)) if column >= 0 else location
    )


def _duplicate_cards(entries: Iterable[Entry]) -> Iterable[Diagnostic]:
    first: dict[object, Entry] = {}
    for entry in entries:
        texts = (
            entry.context,
            entry.heading,
            entry.kind,
            *((name, part.text) for name, part in sorted(entry.parts.items())),
        )
        if (other := first.setdefault(texts, entry)) is not entry:
            message = f"the same card stands at {other.path}:{other.location.line}"
            yield Diagnostic("duplicate-card", entry.location, message, "delete one of them")


class _Span(NamedTuple):
    """A card in its file: its heading, and the 0-based lines from behind it to its end."""

    heading: Heading
    inner: Sequence[Heading]
    end: int
    sections: tuple[str, ...]


class _File:
    """One source on its way to entries."""

    def __init__(
        self, source: Source, settings: Settings, custom: Mapping[str, CustomType]
    ) -> None:
        self.path, self.settings, self.custom = source.path, settings, custom
        self.lines = source.text.split("\n")
        self.matter, problems = read_front_matter(self.lines, source.path)
        # Front matter is blanked, not cut: line numbers stay those of the file.
        self.body = [""] * self.matter.lines + self.lines[self.matter.lines :]
        self.outline: Outline = outline(self.body)
        self.marked_levels = {each.level for each in self.outline.headings if not each.underlined}
        self.problems: list[Diagnostic] = [*problems, *self._unclosed(), *bidi_controls(source)]
        self.deck = self._deck()

    def _unclosed(self) -> Iterable[Diagnostic]:
        if self.outline.open_fence is not None:
            message, way_out = (
                "this code block never ends",
                "close it with a line of the same marks",
            )
            yield self._problem("unclosed-fence", self.outline.open_fence, message, way_out)
        for line in self.outline.open_details:
            yield self._problem(
                "unclosed-html", line, "this <details> never ends", "close it with </details>"
            )

    def _problem(
        self, code: str, line: int, message: str, way_out: str, words: str = ""
    ) -> Diagnostic:
        """A diagnostic for a 0-based line, or for some words in it."""
        text = self.lines[line]
        column = text.rfind(words) if words else len(text) - len(text.lstrip())
        location = Location(
            self.path, line + 1, max(column, 0) + 1, max(1, len(words or text.strip()))
        )
        return Diagnostic(code, location, message, way_out)

    def _deck(self) -> str:
        title = next(
            (each for each in self.outline.headings if each.level == 1 < self.settings.card_level),
            None,
        )
        stem = self.path.rpartition("/")[2].rpartition(".")[0]
        # A front matter or a heading may nest decks with `::`; only what Anki would call a blank
        # name falls through.
        names = (
            self.matter.deck or "",
            plain_text(split_attributes(title.text)[0]) if title else "",
            stem,
            self.path,
        )
        name = next(filter(None, map(_deck_name, names)), "cards")
        prefix = _deck_name(self.settings.deck_prefix)
        return f"{prefix}::{name}" if prefix else name

    def entries(self) -> Iterable[Entry]:
        self.anchors = anchors(self.outline.headings) if self.settings.source_url else {}
        self.elsewhere = Elsewhere(self.path, self.body)
        self.problems += self.elsewhere.problems
        for span in self._spans():
            entry = self._entry(span)
            if entry.kind == "rows":
                rows, problems = expand_rows(entry, self.lines)
                self.problems += problems
                yield from rows
            elif entry.kind == "occlusion":
                entry, problems = cut_occlusion(entry)
                self.problems += problems
                yield entry
            else:
                yield entry

    def _spans(self) -> Iterable[_Span]:
        level, sections, titled = self.settings.card_level, dict[int, str](), False
        headings = self.outline.headings
        for number, heading in enumerate(headings):
            if heading.level < level:
                is_title = heading.level == 1 and not titled
                titled = titled or is_title
                sections = {key: name for key, name in sections.items() if key < heading.level}
                if not is_title:
                    sections[heading.level] = plain_text(split_attributes(heading.text)[0])
            elif heading.level == level:
                after = range(number + 1, len(headings))
                last = next(
                    (each for each in after if headings[each].level <= level), len(headings)
                )
                end = headings[last].start if last < len(headings) else len(self.body)
                yield _Span(
                    heading,
                    headings[number + 1 : last],
                    end,
                    tuple(filter(None, sections.values())),
                )

    def _entry(self, span: _Span) -> Entry:
        text, own, problems = split_attributes(span.heading.text, (*KINDS, *self.custom))
        attributes = with_defaults(own, self.matter.defaults, self.settings.lang)
        parts = self._parts(span, _headings(self.custom.get(attributes.kind or "")))
        for each in problems:
            way_out = "docs/cards.md lists what the braces of a heading may hold"
            self.problems.append(
                self._problem(
                    each.code, _last_line(span.heading), each.message, way_out, each.words
                )
            )
        kind = attributes.kind or evident_kind(text, parts)
        for each, way_out in unfitting(own, kind):
            self.problems.append(
                self._problem(
                    each.code, _last_line(span.heading), each.message, way_out, each.words
                )
            )
        if span.heading.underlined:
            self._warn_of_underline(span.heading)
        start = span.heading.start
        location = Location(self.path, start + 1, 1, max(1, len(self.lines[start].rstrip())))
        deck, tags = self._placed(span.sections, attributes)
        section, anchor = " / ".join(span.sections), self.anchors.get(start, "")
        texts = (text, *(part.text for part in parts.values()))
        footnotes = self.elsewhere.footnotes(texts, range(start, span.end))
        definitions = self.elsewhere.links((*texts, *footnotes.values()))
        return Entry(
            location,
            text,
            Parts(parts),
            kind,
            attributes,
            tags,
            deck,
            section,
            anchor,
            definitions=definitions,
            footnotes=footnotes,
        )

    def _warn_of_underline(self, heading: Heading) -> None:
        """`---` right below a text is a heading on GitHub, though an author may have meant the end
        of a question.
        """
        if self.lines[heading.end - 1].strip() == "---" and heading.level in self.marked_levels:
            message = "`---` right below a text makes that text a heading, and so a card of its own"
            way_out = "leave an empty line above `---` if it ends a question, or write the heading with `#`"
            self.problems.append(
                self._problem("underlined-heading", heading.end - 1, message, way_out)
            )

    def _placed(
        self, sections: tuple[str, ...], attributes: Attributes
    ) -> tuple[str, tuple[str, ...]]:
        """The deck and the tags of a card in some sections."""
        deck, tags = self.deck, (*self.settings.tags, *self.matter.tags, *attributes.tags)
        if sections and self.settings.sections == "subdeck":
            deck = "::".join((deck, *(each.replace("::", ":") for each in sections)))
        if sections and self.settings.sections == "tag":
            tags = (*tags, "::".join(re.sub(r"[\s:]+", "-", each).strip("-") for each in sections))
        return deck, tuple(sorted({unicodedata.normalize("NFC", tag) for tag in tags}))

    def _parts(self, span: _Span, names: Mapping[str, str]) -> dict[str, Part]:
        below = self.settings.card_level + 1
        inner = [each for each in span.inner if each.level == below]
        return cut_parts(
            self.body, self.outline.dashes, range(span.heading.end, span.end), inner, names
        )


def _last_line(heading: Heading) -> int:
    """The 0-based line on which the text of a heading ends, and so its braces."""
    return heading.end - (2 if heading.underlined else 1)


def _deck_name(text: str) -> str:
    """A deck's name as Anki keeps it: components trimmed, none of them empty."""
    components = (
        re.sub(r"\s+", " ", each).strip() for each in unicodedata.normalize("NFC", text).split("::")
    )
    return "::".join(filter(None, components))


def _headings(custom: CustomType | None) -> Mapping[str, str]:
    """The headings below a card that fill fields, in lower case, and the parts that they name."""
    return (
        FIELD_HEADINGS
        if custom is None
        else {field.lower(): part for field, part in custom.part_names.items()}
    )
