"""SVG without what acts or reaches out: scripts, event handlers, foreign content, references to
other files.

A picture that has none of it stays as it is, byte for byte. Of any other one, exactly these
stretches are cut, so nothing depends on how a library prints XML. expat says what is what; it reads
no other file, and entities never get to it: a DOCTYPE that declares something is refused.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import NamedTuple
from xml.parsers import expat

from ankipress.media.svg_css import harmless_css

# Elements that act, embed, or hold another language; by local name, as a prefix can be bound to any
# namespace.
_FORBIDDEN = frozenset(
    "script foreignobject iframe embed object applet audio video source track link meta base form input button textarea select"
    " handler listener html body head frame frameset portal canvas template slot math discard".split()
)
_ANIMATIONS = frozenset({"set", "animate", "animatetransform", "animatemotion", "animatecolor"})
_ADDRESSES = frozenset(
    {
        "href",
        "src",
        "data",
        "action",
        "formaction",
        "base",
        "srcset",
        "ping",
        "background",
        "poster",
    }
)
_INLINE_PICTURE = re.compile(
    r"data:image/(?:png|jpeg|jpg|gif|webp|avif);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE
)
_LINK = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"""\s+([^\s=<>"'/]+)\s*=\s*("[^"]*"|'[^']*')""")
_TAG = re.compile(rb"<[^\s<>/]+(?:%b)*\s*/?>" % _ATTRIBUTE.pattern)
_ENCODING = re.compile(r"""encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
# Those in which a byte below 128 is that very character: nobody can read another picture into the
# bytes.
_ENCODINGS = frozenset(
    {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252"}
)
_SPACES = frozenset({"", "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml"})
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class SvgError(ValueError):
    """This is no SVG that may be packed; the message says why."""


@dataclass(frozen=True, slots=True)
class CleanSvg:
    """A picture that does nothing but show, and what had to be removed for that, sorted."""

    content: bytes
    removed: tuple[str, ...] = ()


class _Cut(NamedTuple):
    """A stretch of the text, in bytes of UTF-8, and what stands in its place."""

    start: int
    end: int
    instead: str = ""


def clean_svg(content: bytes) -> CleanSvg:
    """The picture without what acts or reaches out; the same bytes where there is no such thing.
    Raises SvgError.
    """
    text = _decoded(content).encode()
    reader = _Reader(text)
    reader.read()
    if not reader.removed:
        return CleanSvg(content)
    pieces, position = [], 0
    for cut in sorted(reader.cuts):
        if cut.start >= position:  # else it lies in what is cut already
            pieces += [text[position : cut.start], cut.instead.encode()]
            position = cut.end
    cleaned = b"".join([*pieces, text[position:]])
    return CleanSvg(cleaned, tuple(sorted(reader.removed)))


def _decoded(content: bytes) -> str:
    """The text of an XML file, its declaration without the encoding: it is UTF-8 from here on."""
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    head = (
        content[: content.find(b"?>") + 2].decode("latin-1") if content.startswith(b"<?xml") else ""
    )
    declared = _ENCODING.search(head)
    encoding = marked or (declared[1].lower() if declared else "utf-8")
    if marked is None and encoding not in _ENCODINGS:
        raise SvgError(f"its text is {encoding}, not UTF-8")
    try:
        text = content.decode(encoding).removeprefix("\ufeff")
        text.encode()
    except ValueError as error:
        raise SvgError(f"its text is not {encoding}") from error
    return re.sub(r"\A<\?xml\s[^>]*\?>", '<?xml version="1.0"?>', text)


class _Reader:
    """Walks through the text once, and notes what to cut."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.cuts: list[_Cut] = []
        self.removed: set[str] = set()
        self._spaces: list[dict[str, str]] = [
            {}
        ]  # for each open element, what its prefixes stand for
        self._cut: tuple[int, _Cut] | None = (
            None  # the depth of an element that goes, and its start tag
        )
        self._style: tuple[int, int, list[str]] | None = (
            None  # the depth of a <style>, where its text begins, and its text
        )
        self._parser = expat.ParserCreate(encoding="utf-8")
        self._parser.ordered_attributes = True
        self._parser.specified_attributes = True
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._open
        self._parser.EndElementHandler = self._close
        self._parser.CharacterDataHandler = self._characters
        self._parser.ProcessingInstructionHandler = self._instruction

    def read(self) -> None:
        """Read all of it. Raises SvgError."""
        try:
            self._parser.Parse(self.text, True)  # noqa: FBT003 - the signature is expat's
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            raise SvgError(
                f"it is no well-formed XML: {what} in its line {error.lineno}, column {error.offset + 1}"
            ) from None

    def _doctype(
        self,
        _name: str,
        _system: str | None,
        _public: str | None,
        declares: bool,  # noqa: FBT001 - the signature is expat's
    ) -> None:
        if declares:
            raise SvgError("its DOCTYPE declares entities or attributes")

    def _instruction(self, target: str, _content: str) -> None:
        start = self._parser.CurrentByteIndex
        self.cuts.append(_Cut(start, self.text.index(b"?>", start) + 2))
        self.removed.add(f"<?{target}?>")

    def _open(self, name: str, attributes: list[str]) -> None:
        named = dict(zip(attributes[::2], attributes[1::2], strict=True))
        declared = {
            key.partition(":")[2]: value
            for key, value in named.items()
            if re.match(r"xmlns(:|$)", key)
        }
        self._spaces.append({**self._spaces[-1], **declared} if declared else self._spaces[-1])
        if len(self._spaces) == 2 and _local(name) != "svg":
            raise SvgError(f"it is no SVG: it begins with <{name}>")
        if self._cut is not None:
            return
        start = self._parser.CurrentByteIndex
        tag = _TAG.match(self.text, start)
        assert tag, "expat has found a tag here"
        space = self._spaces[-1].get(name.rpartition(":")[0], "")
        if space in _SPACES and _acts(name, named):
            self._cut = len(self._spaces), _Cut(start, tag.end())
            self.removed.add(f"<{name}>")
            return
        for found in _ATTRIBUTE.finditer(self.text, start, tag.end()):
            self._attribute(name, found, named[found[1].decode()])
        if _local(name) == "style":
            self._style = len(self._spaces), tag.end(), []

    def _attribute(self, element: str, found: re.Match[bytes], value: str) -> None:
        name = found[1].decode()
        mended = _harmless_value(_local(element), _local(name), value)
        if mended != value:
            from xml.sax.saxutils import quoteattr  # noqa: PLC0415 - it imports all of the network

            self.cuts.append(_Cut(*found.span(), f" {name}={quoteattr(mended)}" if mended else ""))
            self.removed.add(f'{name}="{_short(value)}"')

    def _characters(self, text: str) -> None:
        if self._style is not None and self._cut is None:
            self._style[2].append(text)

    def _close(self, _name: str) -> None:
        depth, index = len(self._spaces), self._parser.CurrentByteIndex
        if self._cut is not None and self._cut[0] == depth:
            tag = self._cut[1]
            is_empty = self.text[tag.end - 2 : tag.end] == b"/>"
            self.cuts.append(tag if is_empty else _Cut(tag.start, self.text.index(b">", index) + 1))
            self._cut = None
        elif self._style is not None and self._style[0] == depth:
            _, start, pieces = self._style
            css = "".join(pieces)
            if (mended := harmless_css(css)) != css:
                from xml.sax.saxutils import escape  # noqa: PLC0415 - it imports all of the network

                self.cuts.append(_Cut(start, index, escape(mended)))
                self.removed.add("addresses in <style>")
            self._style = None
        self._spaces.pop()


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()


def _acts(name: str, attributes: dict[str, str]) -> bool:
    if _local(name) in _FORBIDDEN:
        return True
    target = _local(attributes.get("attributeName", "").strip())
    return _local(name) in _ANIMATIONS and (
        target in _ADDRESSES or target.startswith("on") or target == "style"
    )


def _harmless_value(element: str, attribute: str, value: str) -> str:
    """The value of an attribute as it may stay, empty where it may not."""
    if attribute.startswith("on"):
        return ""
    if attribute in _ADDRESSES:
        address = re.sub(r"[\s\x00-\x20]+", "", value)
        is_inline = element in {"image", "feimage"} and _INLINE_PICTURE.fullmatch(value.strip())
        is_link = element == "a" and _LINK.match(address)
        return value if address.startswith("#") or not address or is_inline or is_link else ""
    return harmless_css(value)


def _short(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= 60 else f"{line[:59]}…"
