"""What the attributes of a card put around its fields, taken off: languages and voices."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from ankipress.importing.fields.html_tree import FieldElement, read_html
from ankipress.model import OWN_FIELDS
from ankipress.render.html import TAG

NO_TEXTS = frozenset({"Reverse", "Image", "Occlusion"})
"""The fields of ankipress's own note types around which nothing is put."""
_OPENING = re.compile(r'<div(?: lang="(?P<lang>[^"]+)")?(?: dir="(?P<dir>[^"]+)")?>')
_LINK = re.compile(r'(?P<text>.*?)(?<!\n)(?P<link><p><a href="[^"]*">[^<]*</a></p>)', re.DOTALL)
_SPEECH = re.compile(
    r" \[anki:tts lang=(?P<voice>\w+)\][^\[\]]*\[/anki:tts\](?=(?:</p>)?(?:</div>)?\Z)"
)
_TAG = re.compile(TAG)
_DIRECTION = re.compile(r' dir="(?:rtl|ltr)"')


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """The fields of a note without what the attributes `words` of its card put around them.

    `expected` are the fields as a build must make them. Only the field Source may differ from what
    learners have: the link to its source, which a setting puts behind it, is a part of its text.
    """

    words: tuple[str, ...]
    texts: Mapping[str, str]
    expected: Mapping[str, str]
    opening: str = ""
    voiced: frozenset[str] = frozenset()
    is_bare: bool = True

    def inner(self, name: str, html: str) -> str:
        """A field without what these attributes put around it."""
        if self.is_bare:
            return html
        return _inner(html, self.opening, has_voice=name in self.voiced)


def unwrap(
    values: Mapping[str, str],
    front: str,
    back: str,
    no_texts: Collection[str] = (),
) -> Iterator[Unwrapped]:
    """The fields of a note without language and voices, and then as they are. `front` and `back`
    are the names of those that ask and answer; nothing is around those in `no_texts`.
    """
    voiced = {front: "tts-front", back: "tts-back"}
    shown = {name: html for name, html in values.items() if name not in OWN_FIELDS}
    texts = {name: html for name, html in shown.items() if name not in no_texts}
    openings = {_opening(html) for name, html in texts.items() if html and name != "Source"}
    if len(openings) == 1:
        yield _without(openings.pop(), shown, texts, voiced)
    elif len(openings) > 1:
        yield _without("", shown, texts, voiced)
    joined = {name: _joined_link(html, "") for name, html in texts.items() if name == "Source"}
    yield Unwrapped((), {**texts, **joined}, {**shown, **joined})


def _without(
    opening: str,
    shown: Mapping[str, str],
    texts: Mapping[str, str],
    voiced: Mapping[str, str],
) -> Unwrapped:
    words: list[str] = []
    found = _OPENING.fullmatch(opening)
    if found:
        words += [f"{name}={value}" for name, value in found.groupdict().items() if value]
    inner: dict[str, str] = {}
    voices: set[str] = set()
    expected = dict(shown)
    for name, html in texts.items():
        text = html
        if name == "Source":
            text = _joined_link(html, opening)
            expected[name] = text
        voice = None
        if name in voiced:
            voice = _SPEECH.search(text)
        if voice:
            voices.add(name)
            words.append(f"{voiced[name]}={voice['voice'].replace('_', '-')}")
        inner[name] = _inner(text, opening, has_voice=voice is not None)
    return Unwrapped(tuple(words), inner, expected, opening, frozenset(voices), is_bare=False)


def _inner(html: str, opening: str, *, has_voice: bool) -> str:
    if opening and html.startswith(opening):
        html = html.removeprefix(opening).removesuffix("</div>")
    if has_voice:
        html = _SPEECH.sub("", html)
    if " dir=" not in opening:
        html = _TAG.sub(lambda tag: _DIRECTION.sub("", tag[0]), html)
    return html


def _opening(html: str) -> str:
    """The tag around all of a field, empty where none is."""
    found = _OPENING.match(html)
    if found is None or found[0] == "<div>":
        return ""
    children = read_html(html).children
    if len(children) == 1 and isinstance(children[0], FieldElement):
        return found[0]
    return ""


def _joined_link(source: str, opening: str) -> str:
    """The field Source with the link to the card's source as a paragraph of its text."""
    found = _LINK.fullmatch(source)
    if found is None:
        return source
    text = found["text"]
    if opening and text:
        if not text.startswith(opening):
            return source
        text = text.removeprefix(opening).removesuffix("</div>")
    if text:
        text += "\n"
    closing = "</div>" if opening else ""
    return f"{opening}{text}{found['link']}{closing}"
