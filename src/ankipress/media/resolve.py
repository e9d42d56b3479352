"""References to pictures, sound and video → files of the package.

A file's content is part of its name. Anki replaces a picture of the same name only where the note
changes too, so the name must change with the content and stand in the field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ankipress.diagnostics import Diagnostic
from ankipress.media.html_elements import HtmlTag, closing_tag, html_tags
from ankipress.media.media_folder import PLAYED, MediaFolder, ending
from ankipress.media.references import References, is_far
from ankipress.media.wiki import report_wiki_links
from ankipress.model import Entry, MediaFile, RenderedNote

_MARKS = ("<img", "<a ", "![[", "<audio", "<video", "<source", "<picture")
"""One of these stands in a field that refers to a file."""
_DARK = re.compile(r"prefers-color-scheme:\s*dark")
_LIGHT = re.compile(r"prefers-color-scheme:\s*light")


@dataclass(frozen=True, slots=True)
class Resolved:
    """Every note with the names of its media as Anki will store them, the files, and the problems.

    `paths` are the files of the project that references mean.
    """

    notes: tuple[RenderedNote, ...]
    files: tuple[MediaFile, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    paths: frozenset[str] = frozenset()


def resolve_media(notes: Sequence[RenderedNote], folder: MediaFolder) -> Resolved:
    """Every reference replaced by the name that its file will have in Anki. Files are sorted by
    that name; each is read once, however many notes refer to it.
    """
    references = References(folder)
    resolved = tuple(_note(each, references) for each in notes)
    files = tuple(MediaFile(name, content) for name, content in sorted(references.files.items()))
    return Resolved(resolved, files, tuple(references.problems), references.paths)


def _note(rendered: RenderedNote, references: References) -> RenderedNote:
    """A note with its references replaced; the same note where it has none."""
    if not rendered.may_refer:
        return rendered
    changed: dict[str, str] = {}
    for name, value in rendered.fields.items():
        if may_refer(value):
            changed[name] = _Field(value, references, rendered.note.entry).resolved()
    return replace(rendered, fields={**rendered.fields, **changed})


def may_refer(field: str) -> bool:
    """Whether a field may refer to a file; where it does not, there is nothing to resolve."""
    for mark in _MARKS:  # noqa: SIM110 - `any` takes twice as long, and this is done for each field
        if mark in field:
            return True
    return False


class _Field:
    """A field on its way to one whose references Anki understands."""

    def __init__(self, text: str, references: References, entry: Entry) -> None:
        self.text, self.references, self.entry = text, references, entry
        self.tags = list(html_tags(text))

    def resolved(self) -> str:
        """The whole field."""
        report_wiki_links(self.text, self.references, self.entry)
        return self._stretch(0, len(self.tags), 0, len(self.text))

    def _stretch(self, number: int, last: int, position: int, end: int) -> str:
        """A stretch of the field, from the tag with one number to the one before another, resolved."""
        pieces = []
        while number < last:
            tag = self.tags[number]
            closing = number
            if not tag.closes and tag.name in _WHOLE:
                closing = closing_tag(self.tags, number)
                instead = _WHOLE[tag.name](self, number, closing)
            else:
                instead = self._named(tag) if tag.name == "img" else tag.source
            pieces += [self.text[position : tag.start], instead]
            position, number = self.tags[closing].end, closing + 1
        return "".join(pieces) + self.text[position:end]

    def _named(self, tag: HtmlTag) -> str:
        """An element with the name of its file; a sound written as a picture is played."""
        reference = tag.attribute("src")
        if not reference:
            if tag.name == "img":
                self.references.report_nameless(self.entry, "picture")
            return tag.source
        name = self.references.name(reference, self.entry)
        if name is None:
            return tag.source
        return (
            _played(name)
            if tag.name == "img" and ending(name) in PLAYED
            else tag.with_attribute("src", name)
        )

    def player(self, number: int, closing: int) -> str:
        """Sound and video in Anki's own words: it plays them by itself, again at a key, on every
        system.
        """
        tag = self.tags[number]
        parts = [tag, *(each for each in self.tags[number + 1 : closing] if each.name == "source")]
        sources = [each for each in parts if each.attribute("src")]
        if not sources:
            self.references.report_nameless(self.entry, tag.name)
            return self._as_it_is(number, closing)
        if (
            tag.attribute("loop") is not None and tag.attribute("muted") is not None
        ):  # a picture that moves
            return self._inner(number, closing, {each.start: self._named(each) for each in sources})
        # Several sources are one sound in several formats.
        name = self.references.name(sources[0].attribute("src") or "", self.entry)
        return _played(name) if name else self._as_it_is(number, closing)

    def _inner(self, number: int, closing: int, instead: Mapping[int, str]) -> str:
        pieces, position = [], self.tags[number].start
        for tag in self.tags[number : closing + 1]:
            pieces += [self.text[position : tag.start], instead.get(tag.start, tag.source)]
            position = tag.end
        return "".join(pieces)

    def _as_it_is(self, number: int, closing: int) -> str:
        return self.text[self.tags[number].start : self.tags[closing].end]

    def picture(self, number: int, closing: int) -> str:
        """A picture for light and one for dark, each shown in that mode of Anki; what else a
        <picture> offers is one picture.
        """
        tags = self.tags[number + 1 : closing]
        image = next((each for each in tags if each.name == "img"), None)
        if image is None:
            return ""
        of = {"dark": _source(tags, _DARK), "light": _source(tags, _LIGHT)}
        if not any(of.values()):
            return self._named(image)
        fallback = image.attribute("src") or ""
        pieces = []
        for mode in ("light", "dark"):
            name = self.references.name(of[mode] or fallback, self.entry) or of[mode] or fallback
            classed = f"{image.attribute('class') or ''} {mode}-only".strip()
            tag = replace(
                image,
                source=image.without_attribute("class").replace(
                    "<img", f'<img class="{classed}"', 1
                ),
            )
            pieces.append(tag.with_attribute("src", name))
        return "".join(pieces)

    def link(self, number: int, closing: int) -> str:
        """A link to a sound or video plays it; a link to any other file of the project leads
        nowhere on a phone.
        """
        tag, inner = (
            self.tags[number],
            self._stretch(number + 1, closing, self.tags[number].end, self.tags[closing].start),
        )
        reference = tag.attribute("href") or ""
        closed = self.tags[closing].source if closing > number else ""
        if (
            not reference
            or reference.startswith("#")
            or is_far(reference)
            or re.match(r"[a-z]+:", reference, re.IGNORECASE)
        ):
            return f"{tag.source}{inner}{closed}"
        if ending(re.split(r"[?#]", reference, maxsplit=1)[0]) in PLAYED:
            name = self.references.name(reference, self.entry)
            return f"{inner} {_played(name)}" if name else f"{tag.source}{inner}{closed}"
        if not self.references.is_there(reference, self.entry):  # advice on the cards says so
            return f"{tag.source}{inner}{closed}"
        message = f'the link to "{reference}" leads nowhere on a card, and is packed as text'
        self.references.report("local-link", self.entry, reference, message)
        return inner


_WHOLE = {
    "audio": _Field.player,
    "video": _Field.player,
    "picture": _Field.picture,
    "a": _Field.link,
}


def _played(name: str) -> str:
    return f"[sound:{name}]"


def _source(tags: Sequence[HtmlTag], media: re.Pattern[str]) -> str | None:
    """The file that a <picture> shows in one mode: the first of those in `srcset`."""
    for tag in tags:
        if tag.name == "source" and media.search(tag.attribute("media") or ""):
            return next(iter((tag.attribute("srcset") or "").split(",")[0].split()), None)
    return None
