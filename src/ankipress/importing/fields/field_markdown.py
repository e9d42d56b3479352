"""The HTML of a field → Markdown that a person would have written.

The Markdown is written without trying what it renders to. So there are several candidates for each
field, from the one that is read best to the one that is safest; the first that looks the same as
the field is taken.
"""

from __future__ import annotations

import html as html_module
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from ankipress.importing.fields.appearance import lost_parts
from ankipress.importing.fields.block_markdown import BlockWriter, Manner
from ankipress.importing.fields.field_reading import read_field, shown_characters
from ankipress.importing.fields.printed_html import one_line
from ankipress.importing.fields.prose_escapes import escaped, escaped_start, surroundings_of
from ankipress.model import TextMode
from ankipress.render.html import sanitised

Refer = Callable[[str], str]
"""Gives the address in Markdown of a media file, by its name."""

_PLAIN = re.compile(r"[^\W\d_][^\\`*_\[\]<>&~$|@={}\s\xa0]*(?: [^\\`*_\[\]<>&~$|@={}\s\xa0]+)*")
_MORE_THAN_TEXT = re.compile(r"[<\\\[\t\r\n\f\v\xa0]|&nbsp|&#")
_PARAGRAPH = re.compile(r"<p[\s>]", re.IGNORECASE)
_BLOCK_START = re.compile(
    r"<(?:blockquote|center|details|div|dl|h[1-6]|hr|ol|p|pre|section|table|ul)[\s>]"
)
_NOT_IN_HTML = re.compile(r"\[(?:sound:|/?latex\]|/?\$)|\\[(\[]", re.IGNORECASE)
_FENCE = re.compile(r"`{3,}")


class FieldMarkdown(NamedTuple):
    """Markdown for a field, and how many elements of it are HTML.

    One that `is_kept` is packed as it is. It `needs_consent` where something of it is taken from
    all other cards, since it could harm.
    """

    text: str
    html: int
    is_kept: bool = False
    needs_consent: bool = False


def best_mode(html: str) -> TextMode:
    """The mode that a field's HTML suggests."""
    if _PARAGRAPH.search(html):
        return TextMode.PARAGRAPHS
    return TextMode.LINES


def candidates(html: str, mode: TextMode, refer: Refer) -> Iterator[FieldMarkdown]:
    """Markdown for a field, from the best to the safest."""
    html = shown_characters(html)
    seen: set[str] = set()
    for candidate in _candidates(html, mode, refer):
        if candidate.text not in seen:
            seen.add(candidate.text)
            yield candidate
    yield _as_it_is(html)


def _candidates(html: str, mode: TextMode, refer: Refer) -> Iterator[FieldMarkdown]:
    if mode is TextMode.BARE:
        if "<" not in html:
            yield FieldMarkdown(html_module.unescape(html), 0)
        return
    if _is_plain(html):
        yield FieldMarkdown(html, 0)
    elif not _MORE_THAN_TEXT.search(html):
        yield FieldMarkdown(_plain_text(html_module.unescape(html)), 0)
    root = read_field(html)
    if root is None:
        return
    for manner in Manner:
        writer = BlockWriter(mode, refer, manner)
        lines = writer.write(root)
        yield FieldMarkdown("\n".join(lines), writer.html)
    if not _NOT_IN_HTML.search(html):
        whole = one_line(root.children, refer)
        if whole and not _BLOCK_START.match(whole):
            whole = f"<!-- HTML -->{whole}"
        yield FieldMarkdown(whole, 1 + sum(1 for _ in root.elements()))


def _is_plain(html: str) -> bool:
    """Whether a field is a text in which nothing could be markup."""
    return _PLAIN.fullmatch(html) is not None and "://" not in html and "ww." not in html.lower()


def _plain_text(text: str) -> str:
    """A line of text without tags, formulas and sounds."""
    around = surroundings_of(text, has_formulas=False)
    return escaped_start(escaped(text.strip(" "), around))


def _as_it_is(html: str) -> FieldMarkdown:
    longest = max(map(len, _FENCE.findall(html)), default=2)
    fence = "`" * (longest + 1)
    text = f"{fence}{{=html}}\n{html}\n{fence}"
    return FieldMarkdown(text, 1, is_kept=True, needs_consent=_may_harm(html))


def _may_harm(html: str) -> bool:
    """Whether something is taken of this HTML on other cards, or it ends within a tag, which goes
    on in what a template has behind it.
    """
    if lost_parts(html):
        return True
    return sanitised(f"{html}>") != f"{sanitised(html)}&gt;"
