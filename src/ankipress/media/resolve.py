"""References to pictures, sound and video → files of the package.

The name of a file in Anki changes with its content. Anki shows another picture on a card only if
the field has another name.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ankipress.diagnostics import Diagnostic
from ankipress.media.html_elements import HtmlTag, closing_tag, html_tags
from ankipress.media.media_folder import PLAYED, MediaFolder, ending
from ankipress.media.references import References, is_far
from ankipress.model import Entry, MediaFile, RenderedNote

_MARKS = ("<img", "<a ", "![[", "<audio", "<video", "<source", "<picture")
"""One of these stands in a field that refers to a file."""
_DARK = re.compile(r"prefers-color-scheme:\s*dark")
_LIGHT = re.compile(r"prefers-color-scheme:\s*light")
_SCHEME = re.compile(r"[a-z]+:", re.IGNORECASE)
_WIKI_LINK = re.compile(r"!\[\[([^\[\]|\n]+)(?:\|[^\[\]\n]*)?\]\]")
_NOT_TEXT = re.compile(r'<(pre|code)\b.*?</\1>|<[^>"]*(?:"[^"]*"[^>"]*)*>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class ResolvedMedia:
    """Every note with the names of its media as Anki will store them, the files, and the problems.

    `paths` are the files of the project that references mean.
    """

    notes: tuple[RenderedNote, ...]
    files: tuple[MediaFile, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    paths: frozenset[str] = frozenset()


def resolve_media(notes: Sequence[RenderedNote], folder: MediaFolder) -> ResolvedMedia:
    """Every reference replaced by the name that its file will have in Anki. Files are sorted by
    that name; each is read once, however many notes refer to it.
    """
    references = References(folder)
    resolved = tuple(_note(each, references) for each in notes)
    contents = sorted(references.files.items())
    files = tuple(MediaFile(name, content) for name, content in contents)
    return ResolvedMedia(resolved, files, tuple(references.problems), references.paths)


def _note(rendered: RenderedNote, references: References) -> RenderedNote:
    """A note with its references replaced; the same note where it has none."""
    if not rendered.may_refer:
        return rendered
    changed: dict[str, str] = {}
    for name, value in rendered.fields.items():
        if may_refer(value):
            resolver = _FieldResolver(value, references, rendered.note.entry)
            changed[name] = resolver.resolved()
    return replace(rendered, fields={**rendered.fields, **changed})


def may_refer(field: str) -> bool:
    """Whether a field may refer to a file; where it does not, there is nothing to resolve."""
    for mark in _MARKS:  # noqa: SIM110 - `any` takes twice as long, and this is done for each field
        if mark in field:
            return True
    return False


class _FieldResolver:
    """Resolves the references of one field. Elements are known by the numbers of their tags."""

    def __init__(self, text: str, references: References, entry: Entry) -> None:
        self.text, self.references, self.entry = text, references, entry
        self.tags = list(html_tags(text))

    def resolved(self) -> str:
        """The field with the names that its files will have in Anki."""
        report_wiki_links(self.text, self.references, self.entry)
        return self._span(0, len(self.tags), 0, len(self.text))

    def _span(self, number: int, last: int, position: int, end: int) -> str:
        """A span of the field, resolved: from one tag up to, but not including, the last one."""
        pieces = []
        while number < last:
            tag = self.tags[number]
            closing = number
            replacement = tag.source
            if not tag.closes and tag.name in _ELEMENTS:
                closing = closing_tag(self.tags, number)
                replacement = _ELEMENTS[tag.name](self, number, closing)
            elif tag.name == "img":
                replacement = self._named(tag)
            pieces += [self.text[position : tag.start], replacement]
            position = self.tags[closing].end
            number = closing + 1
        pieces.append(self.text[position:end])
        return "".join(pieces)

    def _named(self, tag: HtmlTag) -> str:
        """A tag with the name of its file. A sound that is written as a picture is played."""
        reference = tag.attribute("src")
        if not reference:
            if tag.name == "img":
                self.references.report_nameless(self.entry, "picture")
            return tag.source
        name = self.references.name(reference, self.entry)
        if name is None:
            return tag.source
        if tag.name == "img" and ending(name) in PLAYED:
            return _played(name)
        return tag.with_attribute("src", name)

    def player(self, number: int, closing: int) -> str:
        """Sound or video as `[sound:…]`, which Anki plays by itself, on every system."""
        tag = self.tags[number]
        inner = self.tags[number + 1 : closing]
        candidates = [tag, *(each for each in inner if each.name == "source")]
        sources = [each for each in candidates if each.attribute("src")]
        if not sources:
            self.references.report_nameless(self.entry, tag.name)
            return self._unchanged(number, closing)
        if tag.attribute("loop") is not None and tag.attribute("muted") is not None:
            # It is a picture that moves, and stays one.
            renamed = {each.start: self._named(each) for each in sources}
            return self._with_tags(number, closing, renamed)
        # Several sources are one sound in several formats.
        name = self.references.name(sources[0].attribute("src") or "", self.entry)
        if name is None:
            return self._unchanged(number, closing)
        return _played(name)

    def _with_tags(self, number: int, closing: int, replacements: Mapping[int, str]) -> str:
        """An element with other texts for some of its tags, by where these start."""
        pieces = []
        position = self.tags[number].start
        for tag in self.tags[number : closing + 1]:
            pieces.append(self.text[position : tag.start])
            pieces.append(replacements.get(tag.start, tag.source))
            position = tag.end
        return "".join(pieces)

    def _unchanged(self, number: int, closing: int) -> str:
        return self.text[self.tags[number].start : self.tags[closing].end]

    def picture(self, number: int, closing: int) -> str:
        """Two pictures, each of which Anki shows in one mode, light or dark.

        A <picture> that does not tell these modes apart becomes its <img>. One without an <img>
        shows nothing, here as in a browser.
        """
        tags = self.tags[number + 1 : closing]
        images = [each for each in tags if each.name == "img"]
        if not images:
            self.references.report_nameless(self.entry, "picture")
            return self._unchanged(number, closing)
        image = images[0]
        light, dark = _source(tags, _LIGHT), _source(tags, _DARK)
        if not light and not dark:
            return self._named(image)
        in_light = self._picture_of("light", light, image)
        in_dark = self._picture_of("dark", dark, image)
        return in_light + in_dark

    def _picture_of(self, mode: str, source: str | None, image: HtmlTag) -> str:
        """An <img> with the picture of a mode; without one it shows the picture of both."""
        reference = source or image.attribute("src") or ""
        name = self.references.name(reference, self.entry) or reference
        classes = f"{image.attribute('class') or ''} {mode}-only".strip()
        plain = image.without_attribute("class")
        classed = plain.replace("<img", f'<img class="{classes}"', 1)
        return replace(image, source=classed).with_attribute("src", name)

    def link(self, number: int, closing: int) -> str:
        """A link to a sound or video becomes a player, and one to another file becomes text.

        On a phone no link to a file of the project would lead anywhere.
        """
        tag = self.tags[number]
        inner = self._span(number + 1, closing, tag.end, self.tags[closing].start)
        unchanged = f"{tag.source}{inner}"
        if closing > number:
            unchanged += self.tags[closing].source
        reference = tag.attribute("href") or ""
        is_anchor = not reference or reference.startswith("#")
        if is_anchor or is_far(reference) or _SCHEME.match(reference):
            return unchanged
        path = re.split(r"[?#]", reference, maxsplit=1)[0]
        if ending(path) in PLAYED:
            name = self.references.name(reference, self.entry)
            if name is None:
                return unchanged
            return f"{inner} {_played(name)}"
        if not self.references.is_there(reference, self.entry):
            return unchanged  # linting reports it
        message = f'the link to "{reference}" leads nowhere on a card, and is packed as text'
        self.references.report("local-link", self.entry, reference, message)
        return inner


_ELEMENTS = {
    "audio": _FieldResolver.player,
    "video": _FieldResolver.player,
    "picture": _FieldResolver.picture,
    "a": _FieldResolver.link,
}


def report_wiki_links(field: str, references: References, entry: Entry) -> None:
    """Report each `![[picture.png]]` in a field, with the Markdown for it as its fix.

    Obsidian shows such a link as a picture, GitHub and ankipress show it as text. Links in code are
    left out, and there is no fix where the file is not known.
    """
    for link in _WIKI_LINK.finditer(_NOT_TEXT.sub("\n", field)):
        written = html.unescape(link[0])
        name = html.unescape(link[1]).strip()
        path = references.called(name, entry)
        fix = None
        if path:
            alt, _ = posixpath.splitext(posixpath.basename(name))
            fix = f"![{alt}]({path})"
        message = f'"{written}" is shown as text, on GitHub as well'
        references.report("wiki-link", entry, written, message, fix=fix)


def _played(name: str) -> str:
    return f"[sound:{name}]"


def _source(tags: Sequence[HtmlTag], media: re.Pattern[str]) -> str | None:
    """The file that a <picture> shows in one mode: the first of those in `srcset`."""
    for tag in tags:
        if tag.name == "source" and media.search(tag.attribute("media") or ""):
            candidates = (tag.attribute("srcset") or "").split(",")
            return next(iter(candidates[0].split()), None)
    return None
