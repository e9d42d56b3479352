"""The plain text of a card's Markdown: what matching reads.

Markup is gone, so that adding emphasis or moving an image folder is no edit; case, punctuation,
mathematics and code stay, because they carry meaning. This is no renderer: it never fails, takes
linear time on any input, and applied twice gives what it gave once.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Sequence

from ankipress.fast import has_any

# No alternative below matches a text in two ways, and none runs past the next opening mark: hostile
# input costs linear time.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\u200b\u2060\ufeff]")
_FENCE = re.compile(r"^[ \t>]*(`{3,}|~{3,})(.*)$")
_TICKS = re.compile(r"`+")
_MATH = re.compile(
    r"\$\$[^$]+\$\$|(?<![\\$\w])\$(?=[^\s$])[^$\n]*\$(?![\w$])|\\\([^\\$]*(?:\\(?![()\[\]])[^\\$]*)*\\\)"
)
_CLOZE = re.compile(r"\{\{c\d{1,4}(?:,\d{1,4}){0,20}::|::|\}\}")
_IMAGE = re.compile(r"!\[([^\[\]]*)\]\(\s*<?([^()\s<>]*)[^()]*\)")
_WIKI_IMAGE = re.compile(r"!\[\[([^\[\]|]*)[^\[\]]*\]\]")
_LINK = re.compile(r"(?<!!)\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*\)")
_AUTOLINK = re.compile(r"<((?:https?|ftp|mailto):[^<>\s]*)>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_SOURCE = re.compile(r"\b(?:src|data)\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_ALT = re.compile(r"\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LINE_MARK = re.compile(r"^(?:[ \t]*(?:>|#{1,6}(?=\s|$)|[-*+](?=\s)))+", re.MULTILINE)
_RULE = re.compile(
    r"^[ \t]*+(?:\|?[ \t]*+:?-{2,}+[ \t:|-]*+|={3,}+|\*{3,}+|_{3,}+)[ \t]*+$", re.MULTILINE
)
_RUN = re.compile(r"\*+|_+|~~+|==+")
# Without one of these there is nothing to look for, which is found out faster.
_RULES, _LINE_MARKS, _RUNS = (
    ("--", "===", "***", "___"),
    (">", "#", "-", "*", "+"),
    ("*", "_", "~~", "=="),
)
# Code that would be read as markup keeps its ticks, else a second reading would lose it.
_READ_AS_MARKUP = re.compile(
    r"[<$&*~`]|\\\(|==|\{\{c|\]\(|!\[|::|^[#>+-]|^[=_-]+$|(?<!\w)_|_(?!\w)"
)
_MARKUP = frozenset("<&*_~`[]{}$\\=#")
_MARK = re.compile(r"[*_`~=<&\[\]{}$\\]")
_LINE_START = re.compile(r"(?:\A|\n)[ \t]*[>#+|-]")
_HELD = re.compile("\x00(\\d+)\x00")
_PASSES = 6
_HUGE = 200_000


def plain_text(markdown: str) -> str:
    """What is left of Markdown when its markup is gone: one line, NFC, single spaces.

    Links leave their text, images their alternative text and file name, cloze deletions their text;
    code and mathematics stay.
    """
    text = unicodedata.normalize("NFC", _CONTROL.sub("", markdown)).strip()
    # Taking markup away can leave new markup: <<b>b>. A huge text is read once, lest hostile input
    # cost more than its size.
    for _ in range(_PASSES if len(text) < _HUGE else 1):
        if not _may_be_markup(text):
            break
        before, (text, is_bare) = text, _one_pass(text)
        if is_bare or text == before:
            break
    return " ".join(text.split())


def _may_be_markup(text: str) -> bool:
    return _MARK.search(text) is not None or _LINE_START.search(text) is not None


def _one_pass(text: str) -> tuple[str, bool]:
    """A text with less markup, and whether what is left has no mark but those that code and
    mathematics keep.
    """
    held = _Held()
    for mark, other, step in _STEPS:
        if mark in text or other in text:
            text = step(text, held)
    if has_any(text, _RULES):
        text = _RULE.sub("", text)
    if has_any(text, _LINE_MARKS):
        text = _LINE_MARK.sub("", text)
    text = (_without_emphasis(text) if has_any(text, _RUNS) else text).strip()
    is_bare = not _may_be_markup(text)
    return unicodedata.normalize("NFC", " ".join(held.restore(text).split())), is_bare


class _Held:
    """Code and mathematics, put aside while the rest is read."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def put(self, text: str) -> str:
        self._texts.append(text)
        return f"\x00{len(self._texts) - 1}\x00"

    def put_code(self, code: str) -> str:
        code = " ".join(self.restore(code).split())
        if not _READ_AS_MARKUP.search(code):
            return self.put(code)
        longest = max((len(run) for run in _TICKS.findall(code)), default=0)
        ticks = "`" * (longest + 1)
        pad = " " if code.startswith("`") or code.endswith("`") else ""
        return self.put(f"{ticks}{pad}{code}{pad}{ticks}")

    def restore(self, text: str) -> str:
        return _HELD.sub(lambda found: self._texts[int(found[1])], text) if "\x00" in text else text


def _hold_fences(text: str, held: _Held) -> str:
    """Fenced code, put aside; a fence that is never closed runs to the end, as on GitHub."""
    if "```" not in text and "~~~" not in text:
        return text
    lines: list[str] = []
    code: list[str] = []
    fence = ""
    for line in text.splitlines():
        found = _FENCE.match(line)
        if fence:
            if found and found[1].startswith(fence) and not found[2].strip():
                lines.append(held.put_code("\n".join(code)))
                fence, code = "", []
            else:
                code.append(line)
        elif found and not (found[1][0] == "`" and "`" in found[2]):
            fence = found[1]
        else:
            lines.append(line)
    if fence:
        lines.append(held.put_code("\n".join(code)))
    return "\n".join(lines)


def _hold_ticks(text: str, held: _Held) -> str:
    """Code spans, put aside; ticks that nothing closes are text."""
    if "`" not in text:
        return text
    runs = list(_TICKS.finditer(text))
    following: dict[int, int] = {}
    closing = [0] * len(runs)
    for index in range(len(runs) - 1, -1, -1):
        length = len(runs[index][0])
        closing[index] = following.get(length, 0)
        following[length] = index
    parts: list[str] = []
    position = index = 0
    while index < len(runs):
        if not closing[index]:
            index += 1
            continue
        end = runs[closing[index]]
        parts += (
            text[position : runs[index].start()],
            held.put_code(text[runs[index].end() : end.start()]),
        )
        position, index = end.end(), closing[index] + 1
    return "".join(parts) + text[position:]


def _without_comments(text: str) -> str:
    parts: list[str] = []
    position = 0
    while (start := text.find("<!--", position)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts += text[position:start], " "
        position = end + 3
    return "".join(parts) + text[position:]


def _without_clozes(text: str) -> str:
    """Cloze deletions leave their text; their hints go, as the author may add one without changing
    the question.
    """
    parts: list[str] = []
    opened: list[int] = []  # where the hint starts, in parts, or -1
    position = 0
    for found in _CLOZE.finditer(text):
        mark = found[0]
        if not opened and not mark.startswith("{"):
            continue
        parts.append(text[position : found.start()])
        position = found.end()
        if mark.startswith("{"):
            opened.append(-1)
        elif mark == "::":
            if opened[-1] < 0:
                opened[-1] = len(parts)
            parts.append(mark)
        elif (hint := opened.pop()) >= 0:
            del parts[hint:]
    return "".join(parts) + text[position:]


def _tag_text(found: re.Match[str]) -> str:
    source, alt = _SOURCE.search(found[0]), _ALT.search(found[0])
    if source is None:
        return " " if _breaks(found[0]) else ""
    return f" {(alt[1] or alt[2] or '') if alt else ''} {_file_name(source[1])} "


def _breaks(tag: str) -> bool:
    """Whether a tag separates words: <br> does, <b> does not."""
    name = tag.strip("</> ").split(None, 1)[0].rstrip("/").lower() if tag.strip("</> ") else ""
    return name not in _INLINE_TAGS


_INLINE_TAGS = frozenset(
    (
        "a",
        "b",
        "i",
        "u",
        "s",
        "em",
        "strong",
        "code",
        "sub",
        "sup",
        "span",
        "mark",
        "kbd",
        "small",
        "font",
        "tt",
        "del",
    )
)


def _entity_text(found: re.Match[str]) -> str:
    text = html.unescape(found[0])
    return found[0] if _MARKUP.intersection(text) or _CONTROL.search(text) else text


def _file_name(target: str) -> str:
    return target.rstrip("/").rpartition("/")[2]


# What each step looks for, one of two marks, and the step. Most texts hold neither, and to find
# that out costs little.
_STEPS: Sequence[tuple[str, str, Callable[[str, _Held], str]]] = (
    ("`", "~~~", lambda text, held: _hold_ticks(_hold_fences(text, held), held)),
    ("<!--", "<!--", lambda text, _: _without_comments(text)),
    (
        "$",
        "\\(",
        lambda text, held: _MATH.sub(lambda found: held.put(held.restore(found[0])), text),
    ),
    ("{{c", "{{c", lambda text, _: _without_clozes(text)),
    (
        "![[",
        "![[",
        lambda text, _: _WIKI_IMAGE.sub(lambda found: f" {_file_name(found[1])} ", text),
    ),
    (
        "![",
        "![",
        lambda text, _: _IMAGE.sub(lambda found: f" {found[1]} {_file_name(found[2])} ", text),
    ),
    ("](", "](", lambda text, _: _LINK.sub(r"\1", text)),
    ("<", "<", lambda text, _: _TAG.sub(_tag_text, _AUTOLINK.sub(r"\1", text))),
    ("&", "&", lambda text, _: _ENTITY.sub(_entity_text, text)),
)


def _without_emphasis(text: str) -> str:
    """Emphasis, strike-through and highlighting: paired runs whose sides face the right way."""
    dropped = _emphasis(text)
    if not dropped:
        return text
    parts: list[str] = []
    position = 0
    for start in sorted(dropped):
        parts.append(text[position:start])
        position = start + dropped[start]
    return "".join(parts) + text[position:]


def _emphasis(text: str) -> dict[int, int]:
    """Where runs of marks that form emphasis start, and how many of their characters do."""
    dropped: dict[int, int] = {}
    opened: dict[str, list[tuple[int, int]]] = {"*": [], "_": [], "~": [], "=": []}
    around = f" {text} "
    for found in _RUN.finditer(text):
        start, end = found.span()
        before, after, left = around[start], around[end + 1], end - start
        stack = opened[text[start]]
        if stack and not before.isspace() and not _joins(after):
            left = _close(stack, start, left, dropped)
        if left and not after.isspace() and not _joins(before):
            stack.append((start, left))
    return dropped


def _close(stack: list[tuple[int, int]], start: int, left: int, dropped: dict[int, int]) -> int:
    """Pair a closing run with what was opened before it; returns how many of its characters pair
    with nothing.
    """
    while left and stack:
        opening, length = stack.pop()
        taken = min(left, length)
        dropped[opening] = dropped.get(opening, 0) + taken
        dropped[start] = dropped.get(start, 0) + taken
        left -= taken
        if length > taken:
            stack.append((opening, length - taken))
    return left


def _joins(character: str) -> bool:
    """Whether a mark beside this character stands inside a word."""
    return character.isalnum() or character == "\x00"
