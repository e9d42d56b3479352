"""Canonical HTML: what a browser would print of what it parsed.

Anki rewrites a field that is not canonical as soon as a learner selects the note, and then takes
the note for edited: later releases no longer update it. So every field passes through here, and
passing twice changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import nh3

from ankipress.render.allowed import ATTRIBUTES, ID_PREFIX, SCHEMES, STYLES, TAGS

_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    filter_style_properties=set(STYLES),
    url_schemes=set(SCHEMES),
    link_rel=None,
    id_prefix=ID_PREFIX,
)
# A browser drops one line end behind <pre>, so printing and parsing again would lose one after
# another.
_PRE_NEWLINE = re.compile(r"(<pre(?: [^<>]*)?>)\n+")
TAG = r'<[a-z/](?:[^>"]|"[^"]*")*>'
"""A regular expression for a tag of canonical HTML, in which every attribute stands in double
quotes.
"""
_TAG = re.compile(TAG)
# Anki acts on these wherever they stand in a field; a markup boundary behind the bracket keeps them
# text.
ANKI_TAG = re.compile(r"\[(?=(?:sound:|anki:|latex\]|/latex\]|\$))", re.IGNORECASE)
_FRAGMENT = re.compile(rf'( href="#)(?!{ID_PREFIX}|")')
_REFERENCE = re.compile(r"&#(?:0*([0-9]{1,3})(?![0-9])|[xX]0*([0-9a-fA-F]{1,2})(?![0-9a-fA-F]));?")
_CONTROL = frozenset({*range(0x20), 0x7F}) - {0x09, 0x0A, 0x0D}
_SHOWS = re.compile(r"<(?:img|audio|video|hr|input)[ >]")


def canonical(html: str) -> str:
    """Sanitised HTML that parsing and printing does not change, and in which Anki finds no
    instructions of its own.
    """
    return canonical_part(html).strip()


def canonical_part(html: str) -> str:
    """The same of what stands below or above other HTML, with the spaces at its ends: what was
    dropped leaves some.
    """
    if "&#" in html:
        html = _REFERENCE.sub(_without_control, html)
    cleaned = _CLEANER.clean(html)
    if "[" in cleaned:
        cleaned = outside_tags(
            cleaned, lambda text: ANKI_TAG.sub("[<wbr>", text), lambda tag: ANKI_TAG.sub("(", tag)
        )
    if 'href="#' in cleaned:
        cleaned = outside_tags(cleaned, str, lambda tag: _FRAGMENT.sub(rf"\1{ID_PREFIX}", tag))
    while (again := _CLEANER.clean(_PRE_NEWLINE.sub(r"\1", cleaned))) != cleaned:
        cleaned = again
    return cleaned


def _without_control(reference: re.Match[str]) -> str:
    """Anki ends a field at U+001F, which `&#31;` stands for, and can store none of its like."""
    number = int(reference[1]) if reference[1] else int(reference[2], 16)
    return "\N{REPLACEMENT CHARACTER}" if number in _CONTROL else reference[0]


def outside_tags(html: str, text: Callable[[str], str], tag: Callable[[str], str]) -> str:
    """Canonical HTML with one function applied to its texts and another to its tags."""
    pieces, position = [], 0
    for found in _TAG.finditer(html):
        pieces += [text(html[position : found.start()]), tag(found[0])]
        position = found.end()
    return "".join(pieces) + text(html[position:])


def text_of(html: str) -> str:
    """The text of canonical HTML, its references still escaped: what a typed answer is compared
    with.
    """
    return " ".join(_TAG.sub(" ", html.replace("<wbr>", "")).split())


def is_visible(html: str) -> bool:
    """Whether a learner would see anything of it."""
    if html.startswith("<p>") and html[3:4].isalnum():  # as most are
        return True
    return bool(text_of(html).replace("&nbsp;", "").strip()) or _SHOWS.search(html) is not None
