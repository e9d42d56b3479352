"""A side of a card → what its frame holds: sounds as Anki's button, a film as a player, a field to
type into.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from urllib.parse import quote

from ankipress.preview.preview_cards import PreviewCard
from ankipress.preview.sounds import Sound, Speech

_PLAYED = re.compile(r"\[anki:play:([qa]):(\d+)\]")
_TYPED = re.compile(r"\[\[type:.+?\]\]")
_VIDEO = frozenset("mp4 webm mpg mpeg mov mkv ogv avi 3gp".split())
_ICON = (
    '<svg class="playImage" viewBox="0 0 64 64" version="1.1"><circle cx="32" cy="32" r="29"></circle>'
    '<path d="M56.502,32.301l-37.502,20.101l0.329,-40.804l37.173,20.703Z"></path></svg>'
)
_BOX = '<center><input type="text" id="typeans" aria-label="Type the answer" autocomplete="off" spellcheck="false"></center>'


def show_side(card: PreviewCard, text: str) -> str:
    """The HTML of a side of a card. Where an answer is compared stands an element `typed-answer`."""
    played = _PLAYED.sub(lambda found: _player(card, found), text)
    if not card.typed:
        return _TYPED.sub("", played)
    return _TYPED.sub(_BOX if text == card.front else '<div id="typed-answer"></div>', played)


def _player(card: PreviewCard, found: re.Match[str]) -> str:
    sounds: Sequence[Sound | Speech] = card.front_sounds if found[1] == "q" else card.back_sounds
    sound = sounds[int(found[2])] if int(found[2]) < len(sounds) else None
    if isinstance(sound, Sound):
        name = html.escape(quote(sound.name))
        if sound.name.rpartition(".")[2].lower() in _VIDEO:
            return f'<video controls preload="metadata" src="{name}"></video>'
        return _button("Play", f'data-sound="{name}"')
    if isinstance(sound, Speech):
        language = html.escape(sound.language.replace("_", "-"))
        data = f'data-speech="{html.escape(sound.text)}" data-language="{language}" data-speed="{sound.speed:g}"'
        return _button("Read aloud", data)
    return ""


def _button(label: str, data: str) -> str:
    return f'<a class="replay-button soundLink" href="#" role="button" aria-label="{label}" {data}>{_ICON}</a>'
