r"""Mathematics: `$…$`, `$$…$$`, `\(…\)` and `\[…\]` become what Anki's MathJax reads, untouched by
Markdown.

Dollars follow Pandoc's rule: the opening one has no space after it, the closing one no space before
it and no digit after it. So "$5 and $10" is money. A `$` in code is code.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from ankipress.render.html import ANKI_TAG, TAG
from ankipress.syntax.spans import change_between

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock

# Stands for the backslash of mathematics until a field is finished, so that it differs from a `\(`
# in a text. No source can hold it: control characters are errors.
MARK = "\x0e"

# \x02 starts what Python-Markdown has stashed.
MATH = (
    r"\$(?P<math_ticks>`+)(?!`)(?P<ticks_math>[^\x02]{1,2000}?)(?<!`)(?P=math_ticks)(?!`)\$"
    r"|\$\$(?!\$)(?P<display>(?:\\[^\x02]|[^\\$\x02])+)\$\$"
    r"|\\\[(?P<bracket>(?:[^\\\x02]|\\[^\[\]\x02])+?)\\\]"
    r"|(?<!\$)\$(?![\s$])"
    r"(?P<inline>(?:\\[^\x02]|[^\\$\x02])*(?:\\[^\s\x02]|[^\\\s$\x02]))\$(?![\d$])"
    r"|\\\((?P<paren>(?:[^\\\x02]|\\[^()\x02])+?)\\\)"
)
"""A regular expression for mathematics in a line; the name of its group tells which kind."""
_TICKS = re.compile(r"(?<![\\`])`+")
_BREAKABLE = re.compile(r"\\(?=[()\[\]])")
MARKED_MATH = rf"{MARK}\(.*?{MARK}\)|{MARK}\[.*?{MARK}\]"
"""A regular expression for mathematics in a field that is not finished. It needs `re.DOTALL`."""
_MATH_OR_TAG = re.compile(rf"{MARKED_MATH}|{TAG}", re.DOTALL)
_CLOSING = {"$$": "$$", "\\[": "\\]"}


def inline_math(tex: str) -> str:
    """Inline mathematics as HTML."""
    return f"{MARK}({_escaped(tex)}{MARK})"


def display_math(tex: str) -> str:
    """Display mathematics as HTML."""
    return f"{MARK}[{_escaped(tex)}{MARK}]"


def _escaped(tex: str) -> str:
    # Anki would act on `[sound:` here too. TeX ignores a space after the bracket.
    return html.escape(ANKI_TAG.sub("[ ", tex), quote=False)


def math_of(found: re.Match[str], read: Callable[[str], str] = str) -> str | None:
    """The HTML of a match of `MATH`, None if it is no mathematics. `read` sees the TeX first."""
    groups = found.groupdict()
    if "`" in found[0] and not groups["ticks_math"] and _cuts_code(found):
        return None
    tex = groups["display"] or groups["bracket"]
    if tex:
        return display_math(read(tex))
    tex = groups["ticks_math"] or groups["inline"] or groups["paren"]
    return inline_math(read(tex)) if tex else None


def _cuts_code(found: re.Match[str]) -> bool:
    """Whether the closing mark is in a code span, as in `$5 and `$x$``."""
    text, position = found.string, found.start()
    while opening := _TICKS.search(text, position, found.end()):
        position = opening.end()
        for closing in _TICKS.finditer(text, opening.end()):
            if closing[0] == opening[0]:
                if closing.start() >= found.end():
                    return True
                position = closing.end()
                break
    return False


def finish_math(field: str) -> str:
    """A field in which MathJax finds the mathematics, and no text that only looks like it."""
    if "\\" in field and _BREAKABLE.search(field):
        field = change_between(_MATH_OR_TAG, field, lambda text: _BREAKABLE.sub(r"\\<wbr>", text))
    return field.replace(MARK, "\\")


def math_block(
    state: StateBlock,
    start: int,
    end: int,
    silent: bool,  # noqa: FBT001 - markdown-it's signature
) -> bool:
    r"""A block rule of markdown-it: from a line that begins with `$$` or `\[` to one that ends with
    the closing mark.

    It is a block because its lines may look like lists or headings.
    """
    begin = state.bMarks[start] + state.tShift[start]
    opening = state.src[begin : begin + 2]
    if opening not in _CLOSING or state.is_code_block(start) or state.src.startswith("$$$", begin):
        return False
    last = _last_line(
        state,
        start,
        end,
        _CLOSING[opening],
    )
    if last is None:
        return False
    tex = state.getLines(
        start,
        last + 1,
        state.sCount[start],
        keepLastLF=False,
    ).strip()[2:-2]
    if not tex.strip() or opening in tex:
        return False
    if not silent:
        state.line = last + 1
        token = state.push("math_block", "", 0)
        token.content = tex.strip("\n")
        token.map = [start, last + 1]
    return True


def _last_line(
    state: StateBlock,
    start: int,
    end: int,
    closing: str,
) -> int | None:
    """The last line of the block that starts here, None if it does not end in its container."""
    for line in range(start, end):
        begin = state.bMarks[line] + state.tShift[line]
        text = state.src[begin : state.eMarks[line]].rstrip()
        if line == start:
            text = text[2:]
        elif text and state.sCount[line] < state.blkIndent:
            return None
        if text.endswith(closing) and not text.endswith(f"\\{closing}"):
            return line
        is_blank_line = line > start and not text
        if closing in text or (closing == "\\]" and is_blank_line):
            return None
    return None
