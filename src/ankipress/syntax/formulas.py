r"""Mathematics: `$…$`, `$$…$$`, `\(…\)` and `\[…\]`, in a line or as a block.

Dollars follow GitHub's rule: the opening one has no space after it and no digit before it, the
closing one no space before it and no letter or digit after it. So "$5 and $10" is money, and
`$HOME/$USER` is a path. A `$` in code is code. `\(…\)` and `\[…\]`, which to GitHub are escaped
brackets, are mathematics only where what is in them looks like TeX.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from markdown_it.rules_block import StateBlock

# \x02 starts what Python-Markdown has stashed.
_MATH = re.compile(
    r"\$(?P<math_ticks>`+)(?!`)(?P<ticks_math>[^\x02]{1,2000}?)(?<!`)(?P=math_ticks)(?!`)\$"
    r"|\$\$(?!\$)(?P<display>(?:\\[^\x02]|[^\\$\x02])+)\$\$"
    r"|\\\[(?P<bracket>(?:[^\\\x02]|\\[^\[\]\x02])+?)\\\]"
    r"|(?<![\d$])\$(?![\s$])"
    r"(?P<inline>(?:\\[^\x02]|[^\\$\x02])*(?:\\[^\s\x02]|[^\\\s$\x02]))\$(?![^\W_]|\$)"
    r"|\\\((?P<paren>(?:[^\\\x02]|\\[^()\x02])+?)\\\)"
)
_BRACKETED = {"bracket": "\\[", "paren": "\\("}
# The underscore of `snake_case` is none of TeX.
_SIGN_OF_TEX = re.compile(r"\\[A-Za-z\\,;!]|\^|(?<![^\W\d_]{2})(?<!\\)_")
_SIGN_OF_CODE_TOO = re.compile(r"[={}<>+|]")
_COMMAND = re.compile(r"\\[A-Za-z]{2,}")
# Letters alone are those of formulas: Latin, Greek, and those of mathematics. One of another script
# is a word.
_WORD = re.compile(r"[^\W\d_]{2,}|[^\W\d_A-Za-z\u0370-\u03ff\u2100-\u214f\U0001d400-\U0001d7ff]")
_LONG_WORD = re.compile(r"[^\W\d_]{3,}")
_GLUE = re.compile(r"[A-Za-z0-9)\]]")
_LETTER = re.compile(r"[^\W\d_]")
_CLOSING = {"$$": "$$", "\\[": "\\]"}
_TICKS = re.compile(r"(?<![\\`])`+")


class Formula(NamedTuple):
    """Mathematics: its TeX, whether it is displayed, and where it and its TeX end and begin."""

    tex: str
    is_display: bool
    start: int
    end: int


def formula_at(text: str, position: int, end: int) -> Formula | None:
    """The mathematics that begins at a position of a text, None where none does."""
    found = _MATH.match(text, position, end)
    if found is None:
        return None
    kind = found.lastgroup or ""
    if "`" in found[0] and kind != "ticks_math" and _cuts_code(found):
        return None
    if kind in _BRACKETED:
        before = ""
        if position:
            before = text[position - 1 : position]
        if not looks_like_tex(found[kind], _BRACKETED[kind], before):
            return None
    return Formula(found[kind], kind in {"display", "bracket"}, found.start(kind), found.end())


def looks_like_tex(text: str, mark: str = "", before: str = "") -> bool:
    r"""Whether a text in escaped brackets is mathematics: it has a command or a sign of TeX, or its
    letters stand alone, as in `f(x)`. Words and bare numbers are prose.

    Inside a line, `\[` is what many programs write for a bracket, so there `\[x\]` and
    `\[--all|--none\]` are prose, and behind a letter or bracket only a command is not, as in
    `list\[i+1\]`. `mark` is the opening one inside a line, `before` the character before it.
    """
    if mark and _GLUE.match(before):
        return _COMMAND.search(text) is not None
    if _SIGN_OF_TEX.search(text):
        return True
    if mark == "\\[":
        return _SIGN_OF_CODE_TOO.search(text) is not None and not _LONG_WORD.search(text)
    if _SIGN_OF_CODE_TOO.search(text):
        return True
    return _LETTER.search(text) is not None and not _WORD.search(text)


def _cuts_code(found: re.Match[str]) -> bool:
    """Whether the closing mark is in a code span, as in `$5 and `$x$``."""
    text = found.string
    position = found.start()
    while opening := _TICKS.search(text, position, found.end()):
        position = opening.end()
        for closing in _TICKS.finditer(text, opening.end()):
            if closing[0] == opening[0]:
                if closing.start() >= found.end():
                    return True
                position = closing.end()
                break
    return False


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
    if state.is_code_block(start):
        return False
    length = lines_of_block(_lines_from(state, start, end))
    if not length:
        return False
    if not silent:
        last = start + length
        indentation = state.sCount[start]
        tex = state.getLines(start, last, indentation, keepLastLF=False).strip()[2:-2]
        state.line = last
        token = state.push("math_block", "", 0)
        token.content = tex.strip("\n")
        token.map = [start, last]
        token.meta["lines_above"] = len(tex) - len(tex.lstrip("\n"))
    return True


def _lines_from(state: StateBlock, start: int, end: int) -> Iterator[str]:
    """The lines from one on, to the end of its container, without the blanks around them."""
    for line in range(start, end):
        begin = state.bMarks[line] + state.tShift[line]
        text = state.src[begin : state.eMarks[line]].rstrip()
        if line > start and text and state.sCount[line] < state.blkIndent:
            return
        yield text


def lines_of_block(lines: Iterable[str]) -> int:
    """How many of some lines are a block of mathematics that begins on the first; 0 if none does.

    The lines have no blanks around them.
    """
    tex: list[str] = []
    opening = closing = ""
    for text in lines:
        if not opening:
            opening = text[:2]
            if opening not in _CLOSING or text.startswith("$$$"):
                return 0
            closing = _CLOSING[opening]
            tex.append(text[2:])
        else:
            tex.append(text)
        if tex[-1].endswith(closing) and not tex[-1].endswith(f"\\{closing}"):
            tex[-1] = tex[-1].removesuffix(closing)
            return len(tex) if _is_block("\n".join(tex), opening) else 0
        is_blank_line = len(tex) > 1 and not text
        if closing in tex[-1] or opening in tex[-1] or (closing == "\\]" and is_blank_line):
            return 0
    return 0


def _is_block(tex: str, opening: str) -> bool:
    if not tex.strip() or opening in tex:
        return False
    return opening != "\\[" or looks_like_tex(tex)
