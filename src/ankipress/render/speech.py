"""Text to speech: a text that the learner's device reads aloud, in Anki's own words."""

from __future__ import annotations

import re

from ankipress.render.footnotes import without_footnotes
from ankipress.render.html import text_of

_MATH = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL)
_CONTEXT = re.compile(
    r'<p class="context">.*?</p>', re.DOTALL
)  # what a row's table asks of all its rows
_CODE = re.compile(r"<pre(?: [^>]*)?>.*?</pre>", re.DOTALL)


def with_speech(html: str, language: str | None) -> str:
    """A field, canonical HTML, with a button that reads its text in a language such as `fr_FR`;
    Anki also reads it by itself.

    Blocks of code and mathematics are left out: no voice reads them well.
    """
    if not language:
        return html
    # `[` would begin another instruction; a deletion keeps its braces, so that a gap is read as
    # one.
    spoken = (
        text_of(_MATH.sub(" ", _CODE.sub(" ", _CONTEXT.sub("", without_footnotes(html)))))
        .replace("[", " ")
        .replace("]", " ")
    )
    if not spoken.strip():
        return html
    tag = f"[anki:tts lang={language}]{' '.join(spoken.split())}[/anki:tts]"
    return f"{html.removesuffix('</p>')} {tag}</p>" if html.endswith("</p>") else f"{html} {tag}"
