"""Canonical HTML: what a browser would print of what it parsed.

Anki rewrites a field that is not canonical as soon as a learner selects the note. It then takes the
note for edited, and later releases no longer update it. So every field passes through here, and
passing twice changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import nh3

from ankipress.render.allowed import ATTRIBUTES, ID_PREFIX, STYLES, TAGS
from ankipress.syntax.schemes import SCHEMES
from ankipress.syntax.spans import change_between

_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    attributes=dict(ATTRIBUTES),
    filter_style_properties=set(STYLES),
    url_schemes=set(SCHEMES),
    link_rel=None,
    id_prefix=ID_PREFIX,
)
# A browser drops one line feed after <pre>: printing and parsing again would drop one after
# another.
_PRE_NEWLINE = re.compile(r"(<pre(?: [^<>]*)?>)\n+")
TAG = r'<[a-z/](?:[^>"]|"[^"]*")*>'
"""A regular expression for a tag of canonical HTML, whose attributes are all in double quotes."""
_TAG = re.compile(TAG)
# Anki acts on these anywhere in a field. A markup boundary after the bracket keeps them text.
ANKI_TAG = re.compile(r"\[(?=(?:sound:|anki:|latex\]|/latex\]|\$))", re.IGNORECASE)
_FRAGMENT = re.compile(rf'( href="#)(?!{ID_PREFIX}|")')
_REFERENCE = re.compile(r"&#(?:0*([0-9]{1,3})(?![0-9])|[xX]0*([0-9a-fA-F]{1,2})(?![0-9a-fA-F]));?")
_CONTROL = frozenset({*range(0x20), 0x7F}) - {0x09, 0x0A, 0x0D}
_VISIBLE_TAG = re.compile(r"<(?:img|audio|video|hr|input)[ >]")
_FOOTNOTES = re.compile(
    r'<section class="footnotes">.*?</section>|<sup class="footnote-ref">.*?</sup>', re.DOTALL
)


def canonical(html: str) -> str:
    """Sanitised HTML that is stable under parsing and printing, and in which Anki finds no
    instructions of its own.
    """
    return canonical_part(html).strip()


def canonical_part(html: str) -> str:
    """Canonical HTML with the space at its ends, for a part of a field."""
    if "&#" in html:
        html = _REFERENCE.sub(_without_control, html)
    cleaned = _CLEANER.clean(html)
    if "[" in cleaned:
        cleaned = outside_tags(cleaned, _split_anki_tags, lambda tag: ANKI_TAG.sub("(", tag))
    if 'href="#' in cleaned:
        cleaned = _TAG.sub(_with_id_prefix, cleaned)
    while (again := _CLEANER.clean(_PRE_NEWLINE.sub(r"\1", cleaned))) != cleaned:
        cleaned = again
    return cleaned


def sanitised(html: str) -> str:
    """HTML in which nothing runs, with the instructions of Anki that are in it.

    For a field that was packed before, which somebody may have edited since.
    """
    cleaned = _CLEANER.clean(_REFERENCE.sub(_without_control, html))
    while (again := _CLEANER.clean(cleaned)) != cleaned:
        cleaned = again
    return cleaned


def _without_control(reference: re.Match[str]) -> str:
    """Replace references to control characters: Anki ends a field at U+001F and can store none."""
    decimal, hexadecimal = reference.groups()
    number = int(decimal or "0") or int(hexadecimal or "0", 16)
    if number in _CONTROL:
        return "\N{REPLACEMENT CHARACTER}"
    return reference[0]


def _split_anki_tags(text: str) -> str:
    return ANKI_TAG.sub("[<wbr>", text)


def _with_id_prefix(tag: re.Match[str]) -> str:
    return _FRAGMENT.sub(rf"\1{ID_PREFIX}", tag[0])


def outside_tags(
    html: str,
    change_text: Callable[[str], str],
    change_tag: Callable[[str], str],
) -> str:
    """Apply one function to the texts of canonical HTML, and another to its tags."""
    return change_between(_TAG, html, change_text, change_tag)


def text_of(html: str) -> str:
    """The text of canonical HTML, with its references still escaped."""
    return " ".join(_TAG.sub(" ", html.replace("<wbr>", "")).split())


def is_visible(html: str) -> bool:
    """Whether a learner would see anything of it."""
    if html.startswith("<p>") and html[3:4].isalnum():  # the common case
        return True
    if _VISIBLE_TAG.search(html):
        return True
    return bool(text_of(html).replace("&nbsp;", "").strip())


def without_footnotes(html: str) -> str:
    """A field without its footnotes and their numbers, which are neither typed nor read aloud."""
    if "footnote" not in html:
        return html
    return _FOOTNOTES.sub("", html)
