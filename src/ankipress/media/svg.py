"""Removes from SVG what acts or reaches out: scripts, event handlers, other languages, other files.

A picture without any of these stays as it is, byte for byte. Of any other picture exactly these
spans are cut, so that nothing depends on how a library prints XML. expat parses the picture. It
reads no other file, and never sees an entity: a DOCTYPE that declares something is refused.
"""

from __future__ import annotations

import codecs
import html
import re
from typing import NamedTuple
from xml.parsers import expat

from ankipress.media.svg_css import sanitize_css

# Elements that act, embed, or hold another language. They are compared by local name, since a
# prefix can be bound to any namespace.
_FORBIDDEN = frozenset(
    """
    script foreignobject iframe embed object applet audio video source track link meta base form
    input button textarea select handler listener html body head frame frameset portal canvas
    template slot math discard
    """.split()
)
_ANIMATIONS = frozenset("set animate animatetransform animatemotion animatecolor".split())
_ADDRESSES = frozenset("href src data action formaction base srcset ping background poster".split())
_INLINE_PICTURE = re.compile(
    r"data:image/(?:png|jpeg|jpg|gif|webp|avif);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE
)
_LINK = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"""\s+([^\s=<>"'/]+)\s*=\s*("[^"]*"|'[^']*')""")
_TAG = re.compile(rb"<[^\s<>/]+(?:%b)*\s*/?>" % _ATTRIBUTE.pattern)
_DECLARATION = re.compile(r"\A<\?xml\s[^>]*\?>")
_ENCODING = re.compile(r"""encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
# In these, a byte below 128 is that very character: no other picture can be read into the bytes.
_ENCODINGS = frozenset("utf-8 utf8 us-ascii ascii iso-8859-1 latin1 windows-1252".split())
_SVG = "http://www.w3.org/2000/svg"
_NAMESPACES = frozenset({"", _SVG, "http://www.w3.org/1999/xhtml"})


class SvgError(ValueError):
    """A picture cannot be packed. The message says why."""


class CleanSvg(NamedTuple):
    """A picture that does nothing but show, and what had to be removed for that, sorted."""

    content: bytes
    removed: tuple[str, ...] = ()


class _Cut(NamedTuple):
    """A span of the text, in bytes of UTF-8, and what stands in its place."""

    start: int
    end: int
    instead: str = ""


def clean_svg(content: bytes) -> CleanSvg:
    """The picture without anything that acts or reaches out. Raises SvgError.

    The bytes of a picture that has nothing of the kind are the same.
    """
    text = _decoded(content).encode()
    scanner = _SvgScanner(text)
    scanner.scan()
    if not scanner.removed:
        return CleanSvg(content)
    cleaned = bytearray()
    position = 0
    for cut in sorted(scanner.cuts):
        if cut.start >= position:  # else it lies in what is cut already
            cleaned += text[position : cut.start] + cut.instead.encode()
            position = cut.end
    cleaned += text[position:]
    return CleanSvg(bytes(cleaned), tuple(sorted(scanner.removed)))


def _decoded(content: bytes) -> str:
    """The text of an XML file, its declaration without the encoding: it is UTF-8 from here on."""
    encoding = "utf-8"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif content.startswith(b"<?xml"):
        head = content[: content.find(b"?>") + 2].decode("latin-1")
        if declared := _ENCODING.search(head):
            encoding = declared[1].lower()
        if encoding not in _ENCODINGS:
            raise SvgError(f"its text is {encoding}, not UTF-8")
    try:
        text = content.decode(encoding).removeprefix("\ufeff")
    except ValueError as error:
        raise SvgError(f"its text is not {encoding}") from error
    return _DECLARATION.sub('<?xml version="1.0"?>', text)


class _SvgScanner:
    """Walks through the text once, and records what to cut."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.cuts: list[_Cut] = []
        self.removed: set[str] = set()
        # For each open element, what its prefixes stand for.
        self._prefixes: list[dict[str, str]] = [{}]
        # An element that is cut, and a <style>: depth, and start and end of the start tag.
        self._dropped: tuple[int, int, int] | None = None
        self._style: tuple[int, int, int] | None = None
        self._css = ""
        self._parser = expat.ParserCreate(encoding="utf-8")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._open
        self._parser.EndElementHandler = self._close
        self._parser.CharacterDataHandler = self._characters
        self._parser.ProcessingInstructionHandler = self._instruction

    def scan(self) -> None:
        """Read all of the text. Raises SvgError."""
        try:
            self._parser.Parse(self.text, True)  # noqa: FBT003 - the signature is expat's
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            where = f"in its line {error.lineno}, column {error.offset + 1}"
            raise SvgError(f"it is no well-formed XML: {what} {where}") from None

    def _doctype(
        self,
        _name: str,
        _system: object,
        _public: object,
        declares: int,
    ) -> None:
        if declares:
            raise SvgError("its DOCTYPE declares entities or attributes")

    def _instruction(self, target: str, _content: str) -> None:
        start = self._parser.CurrentByteIndex
        end = self.text.index(b"?>", start) + len(b"?>")
        self.cuts.append(_Cut(start, end))
        self.removed.add(f"<?{target}?>")

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        prefixes = self._prefixes[-1].copy()
        for key, value in attributes.items():
            declares, _, prefix = key.partition(":")
            if declares == "xmlns":
                prefixes[prefix] = value
        self._prefixes.append(prefixes)
        depth = len(self._prefixes)
        if depth == 2:
            _check_root(name, prefixes)
        if self._dropped:
            return
        position = self._parser.CurrentByteIndex
        tag = _TAG.match(self.text, position)
        assert tag, "expat has found a tag here"
        namespace = prefixes.get(name.rpartition(":")[0], "")
        if namespace in _NAMESPACES and _acts(name, attributes):
            self._dropped = depth, *tag.span()
            self.removed.add(f"<{name}>")
            return
        for found in _ATTRIBUTE.finditer(self.text, *tag.span()):
            key = found[1].decode()
            value = attributes[key]
            cleaned = _clean_value(_local(name), _local(key), value)
            if cleaned != value:
                self.cuts.append(_Cut(*found.span(), _written(key, cleaned)))
                self.removed.add(f'{key}="{_short(value)}"')
        if _local(name) == "style":
            self._style = depth, *tag.span()
            self._css = ""

    def _characters(self, text: str) -> None:
        if self._style and not self._dropped:
            self._css += text

    def _close(self, _name: str) -> None:
        depth = len(self._prefixes)
        index = self._parser.CurrentByteIndex
        self._prefixes.pop()
        if self._dropped and self._dropped[0] == depth:
            _, start, end = self._dropped
            if not self.text.endswith(b"/>", start, end):
                end = self.text.index(b">", index) + 1
            self.cuts.append(_Cut(start, end))
            self._dropped = None
        elif self._style and self._style[0] == depth:
            cleaned = sanitize_css(self._css)
            if cleaned != self._css:
                escaped = html.escape(cleaned, quote=False)
                self.cuts.append(_Cut(self._style[2], index, escaped))
                self.removed.add("addresses in <style>")
            self._style = None


def _check_root(name: str, prefixes: dict[str, str]) -> None:
    """Raises SvgError where browsers would not show a picture with this element around it."""
    if _local(name) != "svg":
        raise SvgError(f"it is no SVG: it begins with <{name}>")
    prefix, colon, _ = name.rpartition(":")
    if prefixes.get(prefix) != _SVG:
        attribute = f"xmlns{colon}{prefix}"
        raise SvgError(f'its first tag needs {attribute}="{_SVG}", else no browser shows it')


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()


def _acts(name: str, attributes: dict[str, str]) -> bool:
    """Whether an element runs something, embeds something, or changes an attribute that does."""
    element = _local(name)
    if element not in _ANIMATIONS:
        return element in _FORBIDDEN
    target = _local(attributes.get("attributeName", "").strip())
    return target in _ADDRESSES or target == "style" or target.startswith("on")


def _clean_value(element: str, attribute: str, value: str) -> str:
    """The value of an attribute as it may stay, empty where it may not."""
    if attribute.startswith("on"):
        return ""
    if attribute not in _ADDRESSES:
        return sanitize_css(value)
    address = re.sub(r"[\s\x00-\x20]+", "", value)
    is_inside = not address or address.startswith("#")
    is_inline = element in {"image", "feimage"} and _INLINE_PICTURE.fullmatch(value.strip())
    is_link = element == "a" and _LINK.match(address)
    if is_inside or is_inline or is_link:
        return value
    return ""


def _written(key: str, value: str) -> str:
    """An attribute with the space before it, nothing where its value is empty."""
    from xml.sax.saxutils import quoteattr  # noqa: PLC0415 - it imports much of the network

    if not value:
        return ""
    return f" {key}={quoteattr(value)}"


def _short(value: str) -> str:
    line = " ".join(value.split())
    if len(line) > 60:
        return f"{line[:59]}…"
    return line
