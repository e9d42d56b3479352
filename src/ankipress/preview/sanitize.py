"""HTML → HTML that looks the same, runs no script and loads nothing from another host."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Callable
from urllib.parse import quote

import nh3

from ankipress.preview.masks import draw_masks
from ankipress.preview.preview_cards import TYPE_IN, PreviewCard
from ankipress.preview.sounds import Sound, Speech
from ankipress.render.allowed import ATTRIBUTES, TAGS
from ankipress.syntax.schemes import SCHEMES

_STRUCTURE = frozenset(
    """
    address article aside button center footer header hgroup label main nav section style svg track
    """.split()
)
_MORE_ATTRIBUTES = {
    "*": {"role", "tabindex", "hidden"},
    "audio": {"preload"},
    "video": {"preload", "poster"},
    "input": {"value"},
    "track": {"src", "kind", "srclang", "label"},
}
_CHECKBOX = re.compile(r'<input (?=[^<>]*type="checkbox")(?![^<>]*aria-label=)')
_FILES = frozenset({"src", "poster", "srcset"})
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|\\")
_EMBEDDED = re.compile(r"data:image/(?:png|jpeg|gif|webp|avif)[;,]", re.IGNORECASE)
# A style names a file of the note type without a folder, which is not that of the page.
_IN_STYLE = re.compile(r"""(\burl\(\s*(?:&quot;|["'])?)(_ankipress-)""")
FileAddress = Callable[[str], str | None]
"""Gives the address of a file of the deck for its name, and None for one that is not shown."""

_BOX = '<input type="text" id="typeans" disabled aria-label="The answer is typed here">'


def sanitize_side(
    side: str,
    card: PreviewCard,
    media: str,
) -> str:
    """A side of a card as well-formed HTML that cannot act; `media` is the folder of its files.

    Players stand in the places of sounds. Where an answer is typed stands a box on the front and
    the expected text on the back.
    """
    is_front = side == card.front
    typed = ""
    if is_front:
        typed = _BOX
    elif card.typed:
        typed = f'<code id="typeans">{html.escape(card.typed)}</code>'
    placed = _IN_STYLE.sub(lambda found: f"{found[1]}{media}{found[2]}", side)
    shown = card.with_players(draw_masks(placed, front=is_front), _player)
    cleaned = _folder_cleaner(media)(TYPE_IN.sub(lambda _: typed, shown))
    # A screen reader must be able to name each box of a choice.
    return _CHECKBOX.sub(r'<input aria-label="Option" ', cleaned)


def sanitize_text(text: str) -> str:
    """HTML that is no card, such as a changelog, without scripts, without files, and without
    classes and style sheets, which would be those of the page around it.
    """
    return _text_cleaner().clean(text)


def card_cleaner(address: FileAddress) -> Callable[[str], str]:
    """A function that makes HTML of cards well-formed and takes out what could act or reach
    out.
    """
    cleaner = nh3.Cleaner(
        tags=_STRUCTURE.union(TAGS),
        clean_content_tags={"script"},
        attributes=_attributes(),
        generic_attribute_prefixes={"data-", "aria-"},
        attribute_filter=_attribute_filter(address),
        url_schemes={*SCHEMES, "data"},
        link_rel="noopener noreferrer",
    )
    return cleaner.clean


def _player(sound: Sound | Speech) -> str:
    if isinstance(sound, Speech):
        language = html.escape(sound.language.replace("_", "-"))
        text = html.escape(sound.text)
        return f'<span class="speech" data-language="{language}" data-speech="{text}"></span>'
    tag = "audio"
    if sound.is_video:
        tag = "video"
    return f'<{tag} controls preload="none" src="{html.escape(sound.name)}"></{tag}>'


@functools.lru_cache(maxsize=8)
def _folder_cleaner(media: str) -> Callable[[str], str]:
    return card_cleaner(lambda name: f"{media}{quote(name)}")


@functools.cache
def _text_cleaner() -> nh3.Cleaner:
    attributes = _attributes()
    attributes["*"].remove("class")
    return nh3.Cleaner(
        tags=_STRUCTURE.union(TAGS).difference({"style"}),
        clean_content_tags={"script", "style"},
        attributes=attributes,
        generic_attribute_prefixes={"aria-"},
        attribute_filter=_attribute_filter(lambda _: None),
        url_schemes={*SCHEMES, "data"},
        link_rel="noopener noreferrer",
    )


def _attributes() -> dict[str, set[str]]:
    attributes = {tag: set(names) for tag, names in ATTRIBUTES.items()}
    for tag, names in _MORE_ATTRIBUTES.items():
        attributes.setdefault(tag, set()).update(names)
    return attributes


def _attribute_filter(address: FileAddress) -> Callable[[str, str, str], str | None]:
    def keep(
        _tag: str,
        name: str,
        value: str,
    ) -> str | None:
        if name == "href":
            is_allowed = value.startswith("#") or value.partition(":")[0].lower() in SCHEMES
        elif name not in _FILES:
            is_allowed = True
        # A name without a scheme is a file of the deck.
        elif not _SCHEME.match(value):
            return address(value)
        else:
            is_allowed = _EMBEDDED.match(value) is not None
        if is_allowed:
            return value
        return None

    return keep
