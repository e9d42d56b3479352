"""Whether a field of a card is what a learner made of it in Anki."""

from __future__ import annotations

import re
from html import unescape

from anki_edits import without_colours
from ankipress.importing.fields.appearance import looks_same
from ankipress.live.comparing.editor_noise import EditorNoise

_WORD = re.compile(r"[^\W_]+")
_TAG = re.compile(r"<[^>]*>")
_INLINE = re.compile(r"</?(?:a|b|code|em|font|i|kbd|mark|span|strong|sub|sup|u|wbr)\b")
# What differs though nothing was edited: digests in names and ids, where a language and its
# direction are said, boxes before options, which an editor gives no new one, and what a voice
# says, which follows from the text.
_MADE = re.compile(
    r"-[0-9a-f]{16}(?=\.\w+)|(?<=note-)[0-9a-f]{8}|(?<=<div) lang=\"[^\"]*\"| dir=\"(?:rtl|ltr)\""
    r"|<input[^>]*disabled[^>]*>| ?\[anki:tts [^\[\]]*\][^\[\]]*\[/anki:tts\]"
)


def is_as_meant(before: str, html: str, result: str) -> bool:
    """Whether a field of a card is what a learner made of it, but for what an editor leaves."""
    result = _MADE.sub("", without_colours(result))
    html = _MADE.sub("", without_colours(html))
    if looks_same(html, result):
        return True
    if _words(html) != _words(result):
        return False
    in_paragraphs = "<p>" in before or "<p>" in result
    noise = EditorNoise.of([before], in_paragraphs=in_paragraphs)
    return looks_same(noise.without(html), result)


def _words(html: str) -> list[str]:
    """The words that a field shows, with the names of its files and the addresses of its links."""
    addresses = re.findall(r'(?:src|href)="([^"]*)"', html)
    text = _TAG.sub(lambda tag: "" if _INLINE.match(tag[0]) else " ", html)
    return [*_WORD.findall(unescape(text)), *addresses]
