"""References to pictures, sound and video → files of the package.

The name of a file in Anki changes with its content. Anki shows another picture on a card only if
the field has another name.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import unquote

from ankipress.diagnostics import Diagnostic, Location, counted, first_of
from ankipress.media.html_elements import HtmlTag, closing_tag, html_tags
from ankipress.media.linked_pages import LinkedPages
from ankipress.media.media_folder import MediaFolder, ending
from ankipress.media.own_names import NO_NAMES
from ankipress.media.project_links import ProjectLinks
from ankipress.media.raw_fields import named_in_raw
from ankipress.media.references import References, is_far
from ankipress.model import Entry, MediaFile, RenderedNote, Source
from ankipress.syntax.addresses import WIKI_LINK
from ankipress.syntax.dialect import OBSIDIAN
from ankipress.syntax.media_endings import PLAYED
from ankipress.syntax.raw_html import raw_html

_MARKS = ("<img", "<a ", "![[", "<audio", "<video", "<source", "<picture")
"""One of these stands in a field that refers to a file."""
_DARK = re.compile(r"prefers-color-scheme:\s*dark")
_LIGHT = re.compile(r"prefers-color-scheme:\s*light")
_SHOWN = 5  # names of files
_ANCHOR = "#note-"  # as canonical HTML has anchors
_NOT_TEXT = re.compile(r'<(pre|code)\b.*?</\1>|<[^>"]*(?:"[^"]*"[^>"]*)*>', re.DOTALL)
_SCHEME = re.compile(r"[a-z]+:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ResolvedMedia:
    """Every note with the names of its media as Anki will store them, the files, and the problems.

    `paths` are the files of the project that references mean.
    """

    notes: tuple[RenderedNote, ...]
    files: tuple[MediaFile, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    paths: frozenset[str] = frozenset()


def resolve_media(
    notes: Sequence[RenderedNote],
    folder: MediaFolder,
    sources: Sequence[Source] = (),
    source_url: str = "",
    learners: Mapping[str, str] = NO_NAMES,
) -> ResolvedMedia:
    """Every reference replaced by the name that its file will have in Anki, and links to the
    project by their pages at `source_url`, or by text. Files are sorted by name; each is read once,
    however many notes refer to it. `learners` are the digests of the files that learners have under
    their own names, which these keep while they stay the same.
    """
    references = References(folder, learners)
    pages = LinkedPages(sources, folder)
    links = ProjectLinks(references, pages, source_url)
    resolved = tuple(_note(each, references, links) for each in notes)
    contents = sorted(references.files.items())
    files = tuple(MediaFile(name, content) for name, content in contents)
    problems = (*references.problems, *links.problems(), *_not_packed(references))
    return ResolvedMedia(resolved, files, problems, references.paths)


def _not_packed(references: References) -> Iterator[Diagnostic]:
    """A warning, once, of files of an imported deck that no package can bring."""
    place = Location("ankipress.lock")
    if absent := references.absent:
        files = counted(len(absent), "file")
        names = first_of(sorted(absent), _SHOWN)
        message = f"the imported deck did not hold {files}, so no package does: {names}"
        help = "put what you have of it into media/, under that name; learners keep what they have"
        yield Diagnostic("absent-media", place, message, help)
    if unreadable := references.unreadable:
        files = counted(len(unreadable), "drawing")
        names = first_of(sorted(unreadable), _SHOWN)
        message = f"{files} of the imported deck cannot be read and packed: {names}"
        help = "save what cannot be read anew, as plain SVG; learners keep what they have"
        yield Diagnostic("absent-media", place, message, help)


def _note(
    rendered: RenderedNote,
    references: References,
    links: ProjectLinks,
) -> RenderedNote:
    """A note with its references replaced; the same note where it has none."""
    if not rendered.may_refer:
        return rendered
    report_wiki_links(rendered, references)
    changed: dict[str, str] = {}
    for name, value in rendered.fields.items():
        if rendered.note.entry.is_adopted and raw_html(rendered.note.entry.part(name)) is not None:
            changed[name] = named_in_raw(value, references, rendered.note.entry)
        elif may_refer(value):
            resolver = _FieldResolver(value, references, links, rendered.note.entry)
            changed[name] = resolver.resolved()
    fields = {**rendered.fields, **changed}
    return replace(rendered, fields=fields)


def may_refer(field: str) -> bool:
    """Whether a field may refer to a file; where it does not, there is nothing to resolve."""
    for mark in _MARKS:  # noqa: SIM110 - `any` takes twice as long, and this is done for each field
        if mark in field:
            return True
    return False


class _FieldResolver:
    """Resolves the references of one field. Elements are known by the numbers of their tags."""

    def __init__(
        self,
        text: str,
        references: References,
        links: ProjectLinks,
        entry: Entry,
    ) -> None:
        self.text = text
        self.references = references
        self.links = links
        self.entry = entry
        self.tags = list(html_tags(text))

    @cached_property
    def _ids(self) -> frozenset[str | None]:
        return frozenset(tag.attribute("id") for tag in self.tags)

    def resolved(self) -> str:
        """The field with the names that its files will have in Anki."""
        last = len(self.tags)
        return self._span(0, last, 0, len(self.text))

    def _span(
        self,
        number: int,
        last: int,
        position: int,
        end: int,
    ) -> str:
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
        if _is_mark(tag, reference) and not self.references.is_there(reference, self.entry):
            message = f'there is no file "{reference}", so this mark of a sound is text'
            self.references.report("sound-mark", self.entry, reference, message)
            return f"[<wbr>sound:{html.escape(reference, quote=False)}]"
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

    def _with_tags(
        self,
        number: int,
        closing: int,
        replacements: Mapping[int, str],
    ) -> str:
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
        light = _source(tags, _LIGHT)
        dark = _source(tags, _DARK)
        if not light and not dark:
            return self._named(image)
        in_light = self._picture_of("light", light, image)
        in_dark = self._picture_of("dark", dark, image)
        return in_light + in_dark

    def _picture_of(
        self,
        mode: str,
        source: str | None,
        image: HtmlTag,
    ) -> str:
        """An <img> with the picture of a mode; without one it shows the picture of both."""
        reference = source or image.attribute("src") or ""
        name = self.references.name(reference, self.entry) or reference
        classes = f"{image.attribute('class') or ''} {mode}-only".strip()
        plain = image.without_attribute("class")
        classed = plain.replace("<img", f'<img class="{classes}"', 1)
        return replace(image, source=classed).with_attribute("src", name)

    def link(self, number: int, closing: int) -> str:
        """A link to a sound or video becomes a player; one that leads nowhere becomes text.

        A card has no files and headings of the project, but a link to an anchor of the same field
        leads there, as those of footnotes do.
        """
        tag = self.tags[number]
        end = self.tags[closing].start
        inner = self._span(number + 1, closing, tag.end, end)
        unchanged = f"{tag.source}{inner}"
        if closing > number:
            unchanged += self.tags[closing].source
        reference = tag.attribute("href")
        if reference is None or is_far(reference) or _SCHEME.match(reference):
            return unchanged
        if reference.startswith("#") and unquote(reference[1:]) in self._ids:
            return unchanged
        path = re.split(r"[?#]", reference, maxsplit=1)[0]
        if ending(path) in PLAYED:
            name = self.references.name(reference, self.entry)
            if name is None:
                return unchanged
            return f"{inner} {_played(name)}"
        return self._project_link(tag, reference, inner)

    def _project_link(
        self,
        tag: HtmlTag,
        reference: str,
        inner: str,
    ) -> str:
        """A link to a file or heading of the project, around some HTML."""
        if reference.startswith(_ANCHOR):
            reference = f"#{reference.removeprefix(_ANCHOR)}"
        address = self.links.address(reference, self.entry)
        if address is not None:
            return f"{tag.with_attribute('href', address)}{inner}</a>"
        if tag.attribute("id") is not None:
            return f"{tag.without_attribute('href')}{inner}</a>"
        return inner


_ELEMENTS = {
    "audio": _FieldResolver.player,
    "video": _FieldResolver.player,
    "picture": _FieldResolver.picture,
    "a": _FieldResolver.link,
}


def report_wiki_links(rendered: RenderedNote, references: References) -> None:
    """Report each `![[picture.png]]` of a note, with the Markdown for it as its fix.

    Obsidian shows such a link as a picture, GitHub and ankipress show it as text. Links in code
    and in formulas are left out, and there is no fix where the file is not known.
    """
    shown: set[str] = set()
    for value in rendered.fields.values():
        if "![[" in value:
            text = html.unescape(_NOT_TEXT.sub("\n", value))
            shown.update(WIKI_LINK.findall(text))
    if not shown:
        return
    entry = rendered.note.entry
    for written in references.wiki_links(entry):
        if written not in shown:
            continue
        if entry.dialect == OBSIDIAN:
            references.report_embedded_note(entry, written)
            continue
        name = written.removeprefix("![[").removesuffix("]]").partition("|")[0].strip()
        path = references.called(name, entry)
        fix = None
        if path:
            alt, _ = posixpath.splitext(posixpath.basename(name))
            fix = f"![{alt}]({path})"
        message = f'"{written}" is shown as text, on GitHub as well'
        references.report("wiki-link", entry, written, message, fix=fix)


def _is_mark(tag: HtmlTag, reference: str) -> bool:
    """Whether a picture was written as Anki's mark of a sound, `[sound:…]`.

    Canonical HTML has another bracket in the text of a picture, so that Anki does not act on it.
    """
    return tag.attribute("alt") == f"(sound:{reference}]"


def _played(name: str) -> str:
    return f"[sound:{html.escape(name, quote=False)}]"


def _source(tags: Sequence[HtmlTag], media: re.Pattern[str]) -> str | None:
    """The file that a <picture> shows in one mode: the first of those in `srcset`."""
    for tag in tags:
        if tag.name == "source" and media.search(tag.attribute("media") or ""):
            candidates = (tag.attribute("srcset") or "").split(",")
            words = iter(candidates[0].split())
            return next(words, None)
    return None
