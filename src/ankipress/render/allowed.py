"""The HTML that a card may hold: nothing in it acts, and nothing hides the rest of the card."""

from __future__ import annotations

import html
from collections.abc import Mapping

TAGS = frozenset(
    "a abbr b bdi bdo blockquote br caption center cite code col colgroup dd del details dfn div dl"
    " dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol p pre q rp rt"
    " ruby s samp section small span strong sub summary sup table tbody td tfoot th thead tr tt u"
    " ul var wbr audio video source picture".split()
)
_ALIGNED = frozenset(
    "caption col colgroup div h1 h2 h3 h4 h5 h6 hr img p table tbody td tfoot th thead tr".split()
)
_OF_TAG: Mapping[str, str] = {
    "a": "href",
    "img": "alt height src width",
    "audio": "controls loop muted src",
    "video": "autoplay controls height loop muted playsinline src width",
    "source": "media src srcset type",
    "input": "checked disabled type",
    "details": "open",
    "span": "data-line",
    "ol": "start type reversed",
    "li": "value",
    "td": "colspan rowspan",
    "th": "colspan rowspan scope",
    "col": "span",
    "colgroup": "span",
}


def _attributes() -> Mapping[str, set[str]]:
    attributes = {"*": {"class", "dir", "id", "lang", "title", "style"}}
    for tag in sorted({*_OF_TAG, *_ALIGNED}):
        attributes[tag] = set(_OF_TAG.get(tag, "").split())
        if tag in _ALIGNED:
            attributes[tag].add("align")
    return attributes


ATTRIBUTES = _attributes()
"""The attributes of each tag, and those of all tags under `*`."""

STYLES = frozenset(
    "color background-color font-style font-weight height max-width text-align width".split()
)
ID_PREFIX = "note-"
"""Starts every id, so that none is an id of the card's own."""

URLS = frozenset({"href", "src"})
# Leaving these out loses nothing: a picture has its `src`, and Anki plays sound and video itself.
_WITHOUT_EFFECT = frozenset(
    "decoding fetchpriority loading poster preload rel sizes srcset target".split()
)


def is_lost(tag: str, attribute: str) -> bool:
    """Whether leaving out this attribute changes a card."""
    allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set())
    return attribute not in allowed and attribute not in _WITHOUT_EFFECT


def lost_styles(style: str) -> list[str]:
    """The properties of a style that no card may set."""
    lost: list[str] = []
    for each in html.unescape(style).split(";"):
        name, colon, _ = each.partition(":")
        name = name.strip().lower()
        if colon and name not in STYLES:
            lost.append(name)
    return lost
