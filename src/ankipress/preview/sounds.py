"""Sounds and speech of a side: what Anki takes out of its text and plays, by the rules of
`rslib/src/card_rendering/`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ankipress.preview.text import plain_to_speak, unescaped

_TAG = re.compile(
    r"\[sound:(?P<name>[^\]]+)\]"
    r"|\[anki:tts(?P<options>[^\]]*)\](?P<text>.*?)\[/anki:tts\]",
    re.DOTALL,
)
_SOUND = re.compile(r"\[sound:(?P<name>[^\]]+)\]")
_SPEECH_END = "[/anki:tts]"
_VIDEO = frozenset("mp4 webm mpg mpeg mov mkv ogv avi 3gp".split())


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound or a video, by the name of its file."""

    name: str

    @property
    def is_video(self) -> bool:
        """Whether there is something to see."""
        return self.name.rpartition(".")[2].lower() in _VIDEO


@dataclass(frozen=True, slots=True)
class Speech:
    """A text that is read aloud in a language, such as `en_US`."""

    text: str
    language: str
    voices: tuple[str, ...] = ()
    speed: float = 1.0


def take_sounds(html: str, side: str) -> tuple[str, tuple[Sound | Speech, ...]]:
    """Put `[anki:play:SIDE:N]` in the place of each sound, and return the text and the sounds.

    `side` is `q` or `a`.
    """
    sounds: list[Sound | Speech] = []

    def number(found: re.Match[str]) -> str:
        if found["name"]:
            sounds.append(Sound(unescaped(found["name"])))
        else:
            sounds.append(_speech(found["options"], found["text"]))
        return f"[anki:play:{side}:{len(sounds) - 1}]"

    # Nothing is looked for behind its last possible end: to find that out at each start takes long.
    spoken, speech_end, rest = html.rpartition(_SPEECH_END)
    played, sound_end, text = rest.rpartition("]")
    taken = _TAG.sub(number, f"{spoken}{speech_end}")
    taken += _SOUND.sub(number, f"{played}{sound_end}")
    return f"{taken}{text}", tuple(sounds)


def _speech(words: str, text: str) -> Speech:
    options = {}
    for word in words.split():
        name, equals, value = word.partition("=")
        if equals:
            options[name] = value
    voices = tuple(filter(None, options.get("voices", "").split(",")))
    try:
        speed = float(options.get("speed", "1"))
    except ValueError:
        speed = 1.0
    return Speech(
        plain_to_speak(text),
        options.get("lang", ""),
        voices,
        speed,
    )
