"""A side of a card → HTML that shows the same and neither acts nor asks any host for anything."""

from __future__ import annotations

import functools
import html
import posixpath
import re
from collections.abc import Callable, Sequence
from urllib.parse import quote

import nh3

from ankipress.preview.masks import draw_masks
from ankipress.preview.preview_cards import PreviewCard
from ankipress.preview.sounds import Sound, Speech
from ankipress.render.allowed import ATTRIBUTES, SCHEMES, TAGS

_STRUCTURE = "address article aside button center footer header hgroup label main nav section style svg track".split()
_BOX = re.compile(r'<input (?=[^<>]*type="checkbox")(?![^<>]*aria-label=)')
_VIDEO = frozenset("mp4 webm mpg mpeg mov mkv ogv avi 3gp".split())
_FILES = frozenset({"src", "poster", "srcset"})
_PLAYED = re.compile(r"\[anki:play:([qa]):(\d+)\]")
_TYPED = re.compile(r"\[\[type:.+?\]\]")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|\\")
_INLINE = re.compile(r"data:image/(?:png|jpeg|gif|webp|avif)[;,]", re.IGNORECASE)


def seal(side: str, card: PreviewCard, media: str) -> str:
    """A side as a part of a page: well-formed, without scripts, its files in the folder `media`, a
    path that ends with `/`.

    Where a sound is, stands a player; where an answer is typed, a box on the front and the expected
    text on the back.
    """
    is_front = side == card.front
    played = _PLAYED.sub(lambda found: _player(found, card), draw_masks(side, front=is_front))
    box = '<input type="text" id="typeans" disabled aria-label="The answer is typed here">'
    expected = f'<code id="typeans">{html.escape(card.typed)}</code>' if card.typed else ""
    cleaned = _cleaner(media).clean(_TYPED.sub(lambda _: box if is_front else expected, played))
    return _BOX.sub(r'<input aria-label="Option" ', cleaned)


def _player(found: re.Match[str], card: PreviewCard) -> str:
    sounds: Sequence[Sound | Speech] = card.front_sounds if found[1] == "q" else card.back_sounds
    sound = sounds[int(found[2])] if int(found[2]) < len(sounds) else None
    if isinstance(sound, Sound):
        tag = "video" if posixpath.splitext(sound.name)[1][1:].lower() in _VIDEO else "audio"
        return f'<{tag} controls preload="none" src="{html.escape(sound.name)}"></{tag}>'
    if isinstance(sound, Speech):
        language = html.escape(sound.language.replace("_", "-"))
        return f'<span class="speech" data-language="{language}" data-speech="{html.escape(sound.text)}"></span>'
    return ""


@functools.lru_cache(maxsize=8)
def _cleaner(media: str | None) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(TAGS) | set(_STRUCTURE),
        clean_content_tags={"script"},
        attributes={
            **{tag: set(names) for tag, names in ATTRIBUTES.items()},
            "*": {*ATTRIBUTES["*"], "role", "tabindex", "hidden"},
            "audio": {*ATTRIBUTES["audio"], "preload"},
            "video": {*ATTRIBUTES["video"], "preload", "poster"},
            "input": {*ATTRIBUTES["input"], "value"},
            "track": {"src", "kind", "srclang", "label"},
        },
        generic_attribute_prefixes={"data-", "aria-"},
        attribute_filter=_filter(media),
        url_schemes=set(SCHEMES) | {"data"},
        link_rel="noopener noreferrer",
    )


def _filter(media: str | None) -> Callable[[str, str, str], str | None]:
    def keep(_tag: str, name: str, value: str) -> str | None:
        if name == "href":
            return (
                value
                if value.startswith("#") or value.partition(":")[0].lower() in SCHEMES
                else None
            )
        if name not in _FILES:
            return value
        if _SCHEME.match(value):
            return value if _INLINE.match(value) else None
        return None if media is None else media + quote(value)

    return keep


def seal_text(text: str) -> str:
    """HTML that is no card, such as a changelog: without scripts, and without addresses inside a
    project that is not there.
    """
    return _cleaner(None).clean(text)
