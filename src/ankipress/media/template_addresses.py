"""Addresses of files in card templates, with their places: pictures, sound, styles and scripts."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from ankipress.media.css_addresses import CssAddress, Import, rewrite_css

_TOKEN = re.compile(
    r"""
      <!--.*?(?:-->|\Z)
    | <(?P<tag>[a-z][^\s/>]*+)
      (?P<attributes>(?:[^=>]++|=\s*+(?:"[^"]*"|'[^']*'|(?!["'])[^\s>]*+))*+)
      (?P<end>>?)
    | \[sound:(?P<sound>[^\[\]]+)\]
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_SOUND = re.compile(r"\[sound:(?P<sound>[^\[\]]+)\]", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""(?<![^\s"'<>/=])(?P<name>[^\s"'<>/=]++)\s*+=\s*+"""
    r"""(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'>]+))"""
)
_CANDIDATE = re.compile(r"(?:\A|,)\s*([^\s,]+)")
_ANYWHERE = frozenset({"src", "poster", "background"})
_LISTS = frozenset({"srcset", "imagesrcset"})
_OF_TAG = {
    "link": frozenset({"href"}),
    "image": frozenset({"href", "xlink:href"}),
    "use": frozenset({"href", "xlink:href"}),
    "feimage": frozenset({"href", "xlink:href"}),
    "object": frozenset({"data"}),
}

Rename = Callable[[CssAddress], str | None]
Insert = Callable[[Import], str | None]


class _Attribute(NamedTuple):
    name: str
    value: str
    start: int
    end: int


class _Edit(NamedTuple):
    start: int
    end: int
    text: str


def rewrite_template(text: str, rename: Rename, insert: Insert) -> str:
    """A template with the new names of its files, and with style sheets in the places of their
    links. What becomes None stays as it is.
    """
    pieces: list[str] = []
    position = 0
    for edit in _edits(text, rename, insert):
        pieces += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join([*pieces, text[position:]])


def _edits(text: str, rename: Rename, insert: Insert) -> Iterator[_Edit]:
    position = 0
    while found := _TOKEN.search(text, position):
        position = found.end()
        if found["sound"]:
            yield from _edit_of_sound(found, rename)
        elif found["tag"] and not found["end"]:
            # A browser shows nothing of a tag without an end, which is all that follows.
            for sound in _SOUND.finditer(text, position):
                yield from _edit_of_sound(sound, rename)
            return
        elif found["tag"]:
            tag = found["tag"].lower()
            yield from _edits_of_tag(tag, found, rename, insert)
            if tag in {"style", "script"}:
                end = _end_of_element(text, tag, position)
                if tag == "style":
                    css = text[position:end]
                    yield _Edit(position, end, _moved_css(css, position, rename, insert))
                position = end


def _edit_of_sound(found: re.Match[str], rename: Rename) -> Iterator[_Edit]:
    address = CssAddress(html.unescape(found["sound"]), *found.span("sound"))
    yield from _renamed(address, rename)


def _end_of_element(text: str, tag: str, start: int) -> int:
    found = re.compile(rf"</{tag}\b", re.IGNORECASE).search(text, start)
    if found:
        return found.start()
    return len(text)


def _edits_of_tag(
    tag: str,
    found: re.Match[str],
    rename: Rename,
    insert: Insert,
) -> Iterator[_Edit]:
    attributes = list(_attributes(found))
    values = {each.name: each.value for each in reversed(attributes)}
    is_sheet = tag == "link" and "stylesheet" in values.get("rel", "").lower().split()
    for each in attributes:
        address = CssAddress(each.value.strip(), each.start, each.end)
        if each.name == "href" and is_sheet:
            css = insert(Import(address, ""))
            if css is not None:
                yield _Edit(*found.span(), _style_element(css, values.get("media")))
                return
        elif each.name == "style":
            yield _edit_of_style(each, rename, insert)
        elif each.name in _LISTS:
            yield from _edits_of_list(each, rename)
        elif each.name in _ANYWHERE or each.name in _OF_TAG.get(tag, ()):
            yield from _renamed(address, rename)


def _attributes(found: re.Match[str]) -> Iterator[_Attribute]:
    """The attributes of a tag with the spans of their values, as they are meant."""
    offset = found.start("attributes")
    for each in _ATTRIBUTE.finditer(found["attributes"]):
        group = each.lastgroup or "bare"
        start, end = each.span(group)
        value = html.unescape(each[group])
        yield _Attribute(each["name"].lower(), value, offset + start, offset + end)


def _renamed(address: CssAddress, rename: Rename) -> Iterator[_Edit]:
    name = rename(address)
    if name is not None:
        yield _Edit(address.start, address.end, name)


def _edits_of_list(attribute: _Attribute, rename: Rename) -> Iterator[_Edit]:
    if "data:" in attribute.value or len(attribute.value) != attribute.end - attribute.start:
        return  # commas and references of characters hide where an address ends
    for found in _CANDIDATE.finditer(attribute.value):
        start = attribute.start + found.start(1)
        yield from _renamed(CssAddress(found[1], start, start + len(found[1])), rename)


def _edit_of_style(attribute: _Attribute, rename: Rename, insert: Insert) -> _Edit:
    """A style attribute. Where its value is written with references, all of it is the place."""
    is_as_written = len(attribute.value) == attribute.end - attribute.start
    if is_as_written:
        css = _moved_css(attribute.value, attribute.start, rename, insert)
        return _Edit(attribute.start, attribute.end, css)

    def rename_in_all(address: CssAddress) -> str | None:
        return rename(CssAddress(address.text, attribute.start, attribute.end))

    css = rewrite_css(attribute.value, rename_in_all, insert)
    return _Edit(attribute.start, attribute.end, html.escape(css))


def _moved_css(css: str, offset: int, rename: Rename, insert: Insert) -> str:
    """A part of a template that is CSS, rewritten; `offset` is where it begins."""

    def moved(address: CssAddress) -> CssAddress:
        return CssAddress(address.text, address.start + offset, address.end + offset)

    return rewrite_css(
        css,
        lambda address: rename(moved(address)),
        lambda found: insert(Import(moved(found.address), found.condition)),
    )


def _style_element(css: str, media: str | None) -> str:
    if media:
        return f'<style media="{html.escape(media)}">\n{css}\n</style>'
    return f"<style>\n{css}\n</style>"
