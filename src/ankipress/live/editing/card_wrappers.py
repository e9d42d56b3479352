"""What the attributes of a card and its table put around its fields, taken off.

In Anki's editor a text can come to stand beside it, as behind the end of a `<div lang="de">`: that
text goes inside.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ankipress.importing.fields.html_tree import FieldElement, read_html
from ankipress.importing.own.own_wrappers import NO_TEXTS, Unwrapped, unwrap
from ankipress.live.comparing.printed_tree import printed
from ankipress.live.editing.field_sources import UnwritableError
from ankipress.model import Entry, note_type_of

_QUESTIONS = {"basic": "Front", "cloze": "Text", "occlusion": "Header"}
_ANSWERS = {"basic": "Back", "cloze": "", "occlusion": "Back Extra"}
_CONTEXT = re.compile(r'<p class="context">.*?</p>', re.DOTALL)
_SPEECH = re.compile(r" ?\[anki:tts [^\[\]]*\][^\[\]]*\[/anki:tts\]")


@dataclass(frozen=True, slots=True)
class CardWrappers:
    """What is around the fields of a card; `context` is the heading of its table, on its front."""

    unwrapped: Unwrapped
    context: str

    def inner(
        self,
        name: str,
        html: str,
    ) -> str:
        """A field without what stands around its own text. Raises UnwritableError."""
        if self.unwrapped.opening:
            html = _inside(html, self.unwrapped.opening)
        if name in self.unwrapped.voiced:
            html = _SPEECH.sub("", html)
        inner = self.unwrapped.inner(name, html)
        if name != "Front" or not self.context:
            return inner
        if not inner.startswith(self.context):
            raise UnwritableError("the heading of its table belongs to all of its rows")
        return inner.removeprefix(self.context)


def wrappers_of(
    entry: Entry,
    fields: Mapping[str, str],
    *,
    is_custom: bool,
) -> CardWrappers:
    """What is around the fields of a card. With `is_custom` its note type is the author's own."""
    if entry.is_adopted or is_custom:
        front, back, *_ = (*fields, "", "")
        return CardWrappers(next(unwrap(fields, front, back)), "")
    key = note_type_of(entry.kind)
    unwrapped = next(
        unwrap(
            fields,
            _QUESTIONS[key],
            _ANSWERS[key],
            NO_TEXTS,
        )
    )
    context = None
    if entry.context:
        context = _CONTEXT.match(unwrapped.texts["Front"])
    return CardWrappers(unwrapped, context[0] if context else "")


def _inside(html: str, opening: str) -> str:
    """A field with all that stands beside the element around it inside of that."""
    children = []
    is_wrapped = False
    for node in read_html(html).children:
        if isinstance(node, FieldElement) and printed([node]).startswith(opening):
            children += node.children
            is_wrapped = True
        else:
            children.append(node)
    if not is_wrapped or len(read_html(html).children) == 1:
        return html
    return f"{opening}{printed(children)}</div>"
