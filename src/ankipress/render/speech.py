"""Text to speech: Anki's tag for a text that the learner's device reads aloud."""

from __future__ import annotations

import re

from ankipress.render.html import text_of, without_footnotes

# Code and mathematics, which no voice reads well, and the heading of a row's table, which all of
# its rows share.
_SILENT = re.compile(
    r'<p class="context">.*?</p>|<pre(?: [^>]*)?>.*?</pre>|\\\(.*?\\\)|\\\[.*?\\\]', re.DOTALL
)


def with_speech(html: str, language: str | None) -> str:
    """A field, canonical HTML, with a button that reads its text in a language such as `fr_FR`.

    Anki also reads it by itself.
    """
    if not language:
        return html
    # A bracket would begin another tag. A deletion keeps its braces, so that a gap is read as one.
    text = text_of(_SILENT.sub(" ", without_footnotes(html)))
    spoken = " ".join(text.replace("[", " ").replace("]", " ").split())
    if not spoken:
        return html
    tag = f" [anki:tts lang={language}]{spoken}[/anki:tts]"
    if html.endswith("</p>"):
        return f"{html.removesuffix('</p>')}{tag}</p>"
    return html + tag
