"""The filters of Anki's templates, such as `{{hint:Field}}`, by the rules of its
`rslib/src/template_filters.rs`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ankipress.preview.clozes import cloze_only, show_clozes
from ankipress.preview.text import plain, without_tags_in_math

_LONGEST_RUBY = 10_000  # characters of a text in which readings are looked for
_FURIGANA = re.compile(r" ?([^ >]+?)\[(.+?)\]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a filter is applied: the name of the field, the number of the card from 1, the side."""

    field: str
    number: int
    front: bool


def apply_filters(
    text: str,
    filters: Sequence[str],
    place: Place,
) -> str:
    """Apply filters, the one next to the field first.

    A filter that Anki does not know ends it: an add-on would go on there.
    """
    # These two pairs have a meaning of their own, which is none of their parts.
    typed = _TYPED.get(tuple(filters))
    if typed:
        return typed.format(place.field)
    for name in filters:
        if name.startswith("tts "):
            text = f"[anki:tts lang={name.removeprefix('tts ')}]{text}[/anki:tts]"
        elif name in _FILTERS:
            text = _FILTERS[name](text, place)
        elif name:
            break
    return text


def _hint(text: str, place: Place) -> str:
    if not text.strip():
        return text
    # Anki's ids have another digest. All that matters is that two hints have different ids.
    digest = hashlib.sha1((text + place.field).encode(), usedforsecurity=False).hexdigest()
    id = f"hint{digest[:16]}"
    return f"""
<a class=hint href="#"
onclick="this.style.display='none';
document.getElementById('{id}').style.display='block';
return false;" draggable=false>
{place.field}</a>
<div id="{id}" class=hint style="display: none">{text}</div>
"""


def _furigana(pattern: str) -> Callable[[str, Place], str]:
    def expand(found: re.Match[str]) -> str:
        if found[2].startswith("sound:"):
            return found[0]
        return found.expand(pattern)

    def expand_all(text: str, _: Place) -> str:
        text = text.replace("&nbsp;", " ")
        if len(text) > _LONGEST_RUBY or "[" not in text:
            return text
        return _FURIGANA.sub(expand, text)

    return expand_all


def _cloze(text: str, place: Place) -> str:
    return without_tags_in_math(show_clozes(text, place.number, front=place.front))


_TYPED: Mapping[tuple[str, ...], str] = {
    ("cloze", "type"): "[[type:cloze:{}]]",
    ("nc", "type"): "[[type:nc:{}]]",
}
_FILTERS: Mapping[str, Callable[[str, Place], str]] = {
    "text": lambda text, _: plain(text),
    "furigana": _furigana(r"<ruby><rb>\1</rb><rt>\2</rt></ruby>"),
    "kanji": _furigana(r"\1"),
    "kana": _furigana(r"\2"),
    "type": lambda _, place: f"[[type:{place.field}]]",
    "hint": _hint,
    "cloze": _cloze,
    "cloze-only": lambda text, place: cloze_only(text, place.number, front=place.front),
}
