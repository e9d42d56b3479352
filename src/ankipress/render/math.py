r"""Mathematics: `$…$`, `$$…$$`, `\(…\)` and `\[…\]` become what Anki's MathJax reads, untouched by
Markdown.

A dollar is mathematics by Pandoc's rule: the opening one has no space behind it, the closing one
none before it and no digit behind it. So "$5 and $10" is money. A `$` in code is code.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from markdown_it.rules_block import StateBlock

from ankipress.render.html import ANKI_TAG, TAG

# Stands for the backslash of mathematics until a field is finished, so that a `\(` in a text can be
# told from it. No source can hold it: control characters are errors.
MARK = "\x0e"

# \x02 begins what Python-Markdown has put aside.
MATH = (
    r"\$(?P<math_ticks>`+)(?!`)(?P<ticks_math>[^\x02]{1,2000}?)(?<!`)(?P=math_ticks)(?!`)\$"
    r"|\$\$(?!\$)(?P<display>(?:\\[^\x02]|[^\\$\x02])+)\$\$"
    r"|\\\[(?P<bracket>(?:[^\\\x02]|\\[^\[\]\x02])+?)\\\]"
    r"|(?<!\$)\$(?![\s$])(?P<inline>(?:\\[^\x02]|[^\\$\x02])*(?:\\[^\s\x02]|[^\\\s$\x02]))\$(?![\d$])"
    r"|\\\((?P<paren>(?:[^\\\x02]|\\[^()\x02])+?)\\\)"
)
"""A regular expression for mathematics in a line of text; the group that matched tells which sort.
"""


def inline_math(tex: str) -> str:
    """Mathematics in a line, as HTML."""
    return f"{MARK}({_escaped(tex)}{MARK})"


def display_math(tex: str) -> str:
    """Mathematics on lines of its own, as HTML."""
    return f"{MARK}[{_escaped(tex)}{MARK}]"


def _escaped(tex: str) -> str:
    # Anki would act on `[sound:` and the like here too; a space behind the bracket is nothing to
    # TeX.
    return html.escape(ANKI_TAG.sub("[ ", tex), quote=False)


def math_of(found: re.Match[str], read: Callable[[str], str] = str) -> str | None:
    """The HTML of what `MATH` found, None where a match is something else. `read` sees the TeX
    first.
    """
    groups = found.groupdict()
    if "`" in found[0] and not groups["ticks_math"] and _cuts_code(found):
        return None
    for name in ("display", "bracket"):
        if groups[name]:
            return display_math(read(groups[name]))
    tex = groups["ticks_math"] or groups["inline"] or groups["paren"]
    return inline_math(read(tex)) if tex else None


def _cuts_code(found: re.Match[str]) -> bool:
    """Whether a mark at the end stands in code that begins inside: `$5 and `$x$`` is money and
    code.
    """
    position = found.start()
    while opening := _TICKS.search(found.string, position, found.end()):
        closing = next(
            (
                each
                for each in _TICKS.finditer(found.string, opening.end())
                if each[0] == opening[0]
            ),
            None,
        )
        if closing is not None and closing.start() >= found.end():
            return True
        position = opening.end() if closing is None else closing.end()
    return False


_TICKS = re.compile(r"(?<![\\`])`+")
_BREAKABLE = re.compile(r"\\(?=[()\[\]])")
_KEPT = re.compile(
    rf"{MARK}\(.*?{MARK}\)|{MARK}\[.*?{MARK}\]|{TAG}", re.DOTALL
)  # mathematics and tags


def finish_math(field: str) -> str:
    """A field in which MathJax finds the mathematics, and no text that only looks like it."""
    if "\\" in field and _BREAKABLE.search(field):
        texts = (_BREAKABLE.sub(r"\\<wbr>", text) for text in _KEPT.split(field))
        field = "".join(
            text + kept for text, kept in zip(texts, [*_KEPT.findall(field), ""], strict=True)
        )
    return field.replace(MARK, "\\")


# Markdown-it's signature.
def math_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    r"""A rule of markdown-it: a block from a line that begins with `$$` or `\[` to one that ends
    with its partner.

    As a block, because its lines may look like lists or headings.
    """
    begin = state.bMarks[start] + state.tShift[start]
    opening = state.src[begin : begin + 2]
    if opening not in _PARTNERS or state.is_code_block(start) or state.src.startswith("$$$", begin):
        return False
    last = _last_line(state, start, end, _PARTNERS[opening])
    if last is None:
        return False
    tex = state.getLines(start, last + 1, state.sCount[start], keepLastLF=False).strip()[2:-2]
    if not tex.strip() or opening in tex:
        return False
    if not silent:
        state.line = last + 1
        token = state.push("math_block", "", 0)
        token.content, token.map = tex.strip("\n"), [start, last + 1]
    return True


_PARTNERS = {"$$": "$$", "\\[": "\\]"}


def _last_line(state: StateBlock, start: int, end: int, closing: str) -> int | None:
    """The line on which the block that starts here ends, None where it does not end in its list
    item or quote.
    """
    for line in range(start, end):
        begin = state.bMarks[line] + state.tShift[line]
        text = state.src[begin : state.eMarks[line]].rstrip()
        if line > start and text and state.sCount[line] < state.blkIndent:
            return None
        rest = text[2:] if line == start else text
        if rest.endswith(closing) and not rest.endswith(f"\\{closing}"):
            return line
        if closing in rest or (closing == "\\]" and not text):
            return None
    return None
