"""The HTML that a card may hold. Nothing in it acts, and nothing hides the rest of the card."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

TAGS = frozenset(
    "a abbr b bdi bdo blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption figure h1 h2"
    " h3 h4 h5 h6 hr i img input ins kbd li mark ol p pre q rp rt ruby s samp section small span strong sub summary sup"
    " table tbody td tfoot th thead tr tt u ul var wbr audio video source picture".split()
)
_ALIGNED = frozenset(
    "caption col colgroup div h1 h2 h3 h4 h5 h6 hr img p table tbody td tfoot th thead tr".split()
)
_OWN: Mapping[str, set[str]] = {
    "a": {"href"},
    "img": {"alt", "height", "src", "width"},
    "audio": {"controls", "loop", "muted", "src"},
    "video": {"autoplay", "controls", "height", "loop", "muted", "playsinline", "src", "width"},
    "source": {"media", "src", "srcset", "type"},
    "input": {"checked", "disabled", "type"},
    "details": {"open"},
    "span": {"data-line"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
}
ATTRIBUTES: Mapping[str, set[str]] = {
    "*": {"class", "dir", "id", "lang", "title", "style"},
    **{
        tag: _OWN.get(tag, set()) | ({"align"} if tag in _ALIGNED else set())
        for tag in sorted({*_OWN, *_ALIGNED})
    },
}
"""The attributes of a tag, those of all tags under `*`."""

STYLES = frozenset(
    {
        "color",
        "background-color",
        "font-style",
        "font-weight",
        "height",
        "max-width",
        "text-align",
        "width",
    }
)
SCHEMES = frozenset({"ftp", "http", "https", "mailto", "tel"})
ID_PREFIX = "note-"
"""Stands before every id, lest it be one of the card's own."""

URLS = frozenset({"href", "src"})
# On a card it is no loss: a picture has its `src`, and Anki plays sound and video in its own way.
_WITHOUT_EFFECT = frozenset(
    "decoding fetchpriority loading poster preload rel sizes srcset target".split()
)
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_SPACE = re.compile(r"[\x00-\x20\x7f]+")


def is_lost(tag: str, attribute: str) -> bool:
    """Whether a card that needs this attribute would miss it."""
    return not (
        attribute in ATTRIBUTES["*"]
        or attribute in ATTRIBUTES.get(tag, ())
        or attribute in _WITHOUT_EFFECT
    )


def unsafe_scheme(url: str) -> str | None:
    """The scheme of an address that no card may hold, or None."""
    found = _SCHEME.match(_SPACE.sub("", html.unescape(url)))
    return found[1].lower() if found and found[1].lower() not in SCHEMES else None


def lost_styles(style: str) -> list[str]:
    """The properties of a style that no card may set."""
    names = [
        each.partition(":")[0].strip().lower()
        for each in html.unescape(style).split(";")
        if ":" in each
    ]
    return [name for name in names if name not in STYLES]
