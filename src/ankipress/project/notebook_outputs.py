"""What a cell of code has shown → Markdown: a picture, a table, or a text in a fence.

No output is a heading, so none makes a card. HTML is sanitised later, as all HTML is.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ankipress.project.notebook_json import NotebookError, PlacedText

_MOST = 100_000  # characters of an output
_PICTURES: Mapping[str, str] = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/svg+xml": "svg",
}
# The names of nbformat 3.
_TYPES: Mapping[str, str] = {
    "png": "image/png",
    "jpeg": "image/jpeg",
    "svg": "image/svg+xml",
    "html": "text/html",
    "latex": "text/latex",
    "text": "text/plain",
}
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HALVES = re.compile("[\ud800-\udfff]")
_TAG = re.compile(r"<(/?[A-Za-z][A-Za-z0-9]*)\b([^<>]*)>")
_SPAN = re.compile(r"\b(?:col|row)span=\"?[0-9]{1,3}\"?")
_BACKTICKS = re.compile("`{3,}")


class Picture(NamedTuple):
    """The bytes of a picture, and the ending of its name."""

    content: bytes
    ending: str


def data_of(output: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an output shows, by its types."""
    data = output.get("data")
    if isinstance(data, dict):
        return data
    return {_TYPES[key]: value for key, value in output.items() if key in _TYPES}


def picture_of(data: Any) -> Picture | None:
    """The picture among what is shown, None where there is none. Raises NotebookError."""
    if not isinstance(data, dict):
        return None
    for kind, ending in _PICTURES.items():
        text = text_of(data.get(kind))
        if ending == "svg" and text:
            return Picture(text.encode("utf-8", "replace"), ending)
        if text:
            place = place_of(data[kind])
            return Picture(_decoded(text, place), ending)
    return None


def _decoded(text: str, place: PlacedText | None) -> bytes:
    try:
        letters = "".join(text.split())
        return base64.b64decode(letters, validate=True)
    except (binascii.Error, ValueError):
        message = "this picture is not base64"
        raise NotebookError(message, "run the cell again, or clear its output", place) from None


def text_of(value: Any) -> str:
    """A text, or the texts of a list, as one; empty where it is neither."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "".join(value)
    if isinstance(value, str):
        return value
    return ""


def place_of(value: Any) -> PlacedText | None:
    """The first text in a value, None where there is none."""
    if isinstance(value, PlacedText):
        return value
    inner: Iterable[Any] = ()
    if isinstance(value, dict):
        inner = value.values()
    elif isinstance(value, list):
        inner = value
    return next(filter(None, map(place_of, inner)), None)


def shown_text(output: Mapping[str, Any]) -> str:
    """The Markdown of an output without a picture, empty where it shows nothing.

    Raises NotebookError where it is too long for a card.
    """
    data = data_of(output)
    html = text_of(data.get("text/html"))
    latex = text_of(data.get("text/latex")).strip()
    plain = _plain_text(output, data)
    if max(len(html), len(latex), len(plain)) > _MOST:
        place = place_of(data) or place_of(output)
        message = f"this output has more than {_MOST:,} characters"
        raise NotebookError(message, "clear it, or let the cell print less", place)
    table = _table_in(html)
    if table:
        return table
    if latex.startswith("$") and latex.endswith("$"):
        return _without_empty_lines(_seen(latex))
    text = _seen(plain).strip("\n")
    if not text.strip():
        return ""
    fence = fence_around(text)
    return f"{fence}text\n{text}\n{fence}"


def _plain_text(output: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    match output.get("output_type"):
        case "stream":
            return text_of(output.get("text"))
        case "error" | "pyerr":
            name = text_of(output.get("ename"))
            value = text_of(output.get("evalue"))
            return f"{name}: {value}"
        case _:
            return text_of(data.get("text/markdown")) or text_of(data.get("text/plain"))


def fence_around(text: str) -> str:
    """A fence that does not end within a text."""
    longest = max(map(len, _BACKTICKS.findall(text)), default=2)
    return "`" * (longest + 1)


def _seen(text: str) -> str:
    """A text as a terminal shows it: without colours, and of a line that was written again and
    again the last state.
    """
    lines = _COLOURS.sub("", text).replace("\r\n", "\n").split("\n")
    last = [line.rstrip("\r").rpartition("\r")[2] for line in lines]
    seen = _UNSEEN.sub("", "\n".join(last))
    return _HALVES.sub("\ufffd", seen)


def _table_in(html: str) -> str:
    """The table in some HTML as a block of Markdown, empty where there is none."""
    small = html.lower()
    start = small.find("<table")
    end = small.rfind("</table>")
    if start < 0 or end < start:
        return ""
    table = html[start : end + len("</table>")]
    plain = _TAG.sub(_plain_tag, _seen(table))
    return _without_empty_lines(plain)


def _plain_tag(tag: re.Match[str]) -> str:
    """A tag with no attributes but those that join cells."""
    spans = _SPAN.findall(tag[2])
    return f"<{' '.join([tag[1], *spans])}>"


def _without_empty_lines(text: str) -> str:
    """A text in lines without indents, which an empty line would end as a block."""
    lines = (line.strip() for line in text.split("\n"))
    return "\n".join(filter(None, lines))
