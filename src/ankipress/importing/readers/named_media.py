"""The files that notes and note types name, by the names that Anki has for them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ankipress.importing.imported_deck import ImportedNote, ImportedType
from ankipress.media.css_addresses import CssAddress, rewrite_css
from ankipress.media.media_folder import Refusal
from ankipress.media.references import is_far
from ankipress.model import MediaContent
from ankipress.project.media_files import DiskMedia

_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "audio": frozenset({"src"}),
    "embed": frozenset({"src"}),
    "iframe": frozenset({"src"}),
    "image": frozenset({"href", "xlink:href"}),
    "img": frozenset({"src"}),
    "link": frozenset({"href"}),
    "object": frozenset({"data"}),
    "script": frozenset({"src"}),
    "source": frozenset({"src"}),
    "use": frozenset({"href", "xlink:href"}),
    "video": frozenset({"src", "poster"}),
}
_TAG = re.compile(rf"<(?P<name>{'|'.join(_ATTRIBUTES)})(?=[\s/])", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""(?<![^\s"'/])(?P<name>[a-z:]++)\s*+=\s*+"""
    r"""(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"']+))""",
    re.IGNORECASE,
)
_SOUND = re.compile(r"\[sound:([^\[\]]+)\]", re.IGNORECASE)
_URL = re.compile(
    r"""\burl\(\s*+(?:"(?P<double>[^"\n]*)"|'(?P<single>[^'\n]*)'|(?P<bare>[^\s"'()]+))""",
    re.IGNORECASE,
)
_OF_PATHS = re.compile(r"[/\\\x00]")  # Anki's folder has no folders


def named_media(types: Iterable[ImportedType], notes: Iterable[ImportedNote]) -> tuple[str, ...]:
    """The names of files in fields, templates and style sheets, each once, sorted."""
    names: set[str] = set()
    for note in notes:
        for field in note.fields:
            names.update(_in_html(field))
    for each in types:
        names.update(_in_css(each.css))
        for template in each.templates:
            for text in (template.front, template.back):
                names.update(_in_html(text))
                names.update(_in_styles(text))
    return tuple(sorted(filter(_is_name, names)))


def media_in_folder(folder: Path, names: Iterable[str]) -> Mapping[str, MediaContent]:
    """The files of a folder that have some names, as far as they may be read."""
    files = DiskMedia(folder)
    found: dict[str, MediaContent] = {}
    for name in names:
        content: MediaContent | Refusal = Refusal.OUTSIDE
        if not _OF_PATHS.search(name):
            content = files.find(name)
        if not isinstance(content, Refusal):
            found[name] = content
    return found


def missing_media(names: Iterable[str], media: Mapping[str, MediaContent]) -> tuple[str, ...]:
    """Those of some names that no file has."""
    return tuple(name for name in names if name not in media)


def media_in_html(html_texts: Iterable[str]) -> tuple[str, ...]:
    """The names of files in some fields, each once, sorted."""
    names = {name for text in html_texts for name in _in_html(text)}
    return tuple(sorted(filter(_is_name, names)))


def _in_html(text: str) -> Iterator[str]:
    """The files that Anki takes for media in a field or template.

    As there, a tag ends with the first `>`. So every letter is looked at once, whatever a stranger
    wrote.
    """
    if "[" in text:
        for sound in _SOUND.findall(text):
            yield html.unescape(sound)
    if "<" not in text:
        return
    for piece in text.split(">"):
        tag = _TAG.search(piece)
        if tag:
            wanted = _ATTRIBUTES[tag["name"].lower()]
            for found in _ATTRIBUTE.finditer(piece, tag.end()):
                if found["name"].lower() in wanted:
                    value = found["double"] or found["single"] or found["bare"] or ""
                    yield html.unescape(value).strip()


def _in_styles(template: str) -> Iterator[str]:
    """The files that `<style>` and `style="…"` in a template name."""
    for found in _URL.finditer(template):
        value = found["double"] or found["single"] or found["bare"] or ""
        yield html.unescape(value).strip("\"'")


def _in_css(css: str) -> Iterator[str]:
    found: list[CssAddress] = []
    rewrite_css(css, found.append, lambda each: found.append(each.address))
    return (each.text for each in found)


def _is_name(name: str) -> bool:
    """Whether it may be a file of Anki's, and no address, field or place in a page."""
    return bool(name) and not is_far(name) and "{{" not in name and not name.startswith("#")
