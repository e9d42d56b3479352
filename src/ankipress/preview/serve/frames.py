"""A side of a card → what its frame holds: buttons and players for sounds, a field to type into."""

from __future__ import annotations

import html
from urllib.parse import quote

from ankipress.preview.preview_cards import TYPE_IN, PreviewCard
from ankipress.preview.sounds import Sound, Speech

_ICON = (
    '<svg class="playImage" viewBox="0 0 64 64" version="1.1">'
    '<circle cx="32" cy="32" r="29"></circle>'
    '<path d="M56.502,32.301l-37.502,20.101l0.329,-40.804l37.173,20.703Z"></path></svg>'
)
_BOX = (
    '<center><input type="text" id="typeans" aria-label="Type the answer"'
    ' autocomplete="off" spellcheck="false"></center>'
)


def show_side(card: PreviewCard, side: str) -> str:
    """The HTML of a side. Where an answer is compared stands an element `typed-answer`."""
    shown = card.with_players(side, _player)
    typed = ""
    if card.typed:
        typed = '<div id="typed-answer"></div>'
        if side == card.front:
            typed = _BOX
    return TYPE_IN.sub(typed, shown)


def _player(sound: Sound | Speech) -> str:
    if isinstance(sound, Speech):
        language = html.escape(sound.language.replace("_", "-"))
        text = html.escape(sound.text)
        data = f'data-speech="{text}" data-language="{language}" data-speed="{sound.speed:g}"'
        return _button("Read aloud", data)
    name = html.escape(quote(sound.name))
    if sound.is_video:
        return f'<video controls preload="metadata" src="{name}"></video>'
    return _button("Play", f'data-sound="{name}"')


def _button(label: str, data: str) -> str:
    return (
        '<a class="replay-button soundLink" href="#" role="button"'
        f' aria-label="{label}" {data}>{_ICON}</a>'
    )
