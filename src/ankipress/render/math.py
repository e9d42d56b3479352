"""Mathematics as HTML: what Anki's MathJax reads, untouched by Markdown."""

from __future__ import annotations

import html
import re

from ankipress.render.html import ANKI_TAG, TAG
from ankipress.render.tex_commands import safe_tex
from ankipress.syntax.spans import change_between

# Stands for the backslash of mathematics until a field is finished, so that it differs from a `\(`
# in a text. No source can hold it: control characters are errors.
MARK = "\x0e"

_BREAKABLE = re.compile(r"\\(?=[()\[\]])")
MARKED_MATH = rf"{MARK}\(.*?{MARK}\)|{MARK}\[.*?{MARK}\]"
"""A regular expression for mathematics in a field that is not finished. It needs `re.DOTALL`."""
_MATH_OR_TAG = re.compile(rf"{MARKED_MATH}|{TAG}", re.DOTALL)


def inline_math(tex: str) -> str:
    """Inline mathematics as HTML."""
    return f"{MARK}({_escaped(tex)}{MARK})"


def display_math(tex: str) -> str:
    """Display mathematics as HTML."""
    return f"{MARK}[{_escaped(tex)}{MARK}]"


def _escaped(tex: str) -> str:
    # Anki would act on `[sound:` here too. TeX ignores a space after the bracket.
    return html.escape(ANKI_TAG.sub("[ ", safe_tex(tex).tex), quote=False)


def finish_math(field: str) -> str:
    """A field in which MathJax finds the mathematics, and no text that only looks like it."""
    if "\\" in field and _BREAKABLE.search(field):
        field = change_between(_MATH_OR_TAG, field, lambda text: _BREAKABLE.sub(r"\\<wbr>", text))
    return field.replace(MARK, "\\")
