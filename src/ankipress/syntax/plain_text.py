"""The plain text of a card's Markdown, as matching reads it.

Markup is removed, so that adding emphasis or moving an image folder is no edit. Case, punctuation,
mathematics and code stay, because they carry meaning. This is no renderer: it never fails, takes
linear time on any input, and is idempotent.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from ankipress.syntax.spans import replace_spans

# No alternative below matches a text in two ways, and none runs past the next opening mark: hostile
# input costs linear time.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\u200b\u2060\ufeff]")
_FENCE = re.compile(r"^[ \t>]*(`{3,}|~{3,})(.*)$")
_TICKS = re.compile(r"`+")
_MATH = re.compile(
    r"\$\$[^$]+\$\$"
    r"|(?<![\\$\w])\$(?=[^\s$])[^$\n]*\$(?![\w$])"
    r"|\\\([^\\$]*(?:\\(?![()\[\]])[^\\$]*)*\\\)"
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
# Code that would be read as markup keeps its ticks, else a second reading would lose it.
_READ_AS_MARKUP = re.compile(
    r"[<$&*~`]|\\\(|==|\{\{c|\]\(|!\[|::|^[#>+-]|^[=_-]+$|(?<!\w)_|_(?!\w)"
)
_MARKUP = frozenset("<&*_~`[]{}$\\=#")
_MAY_BE_MARKUP = re.compile(r"[*_`~=<&\[\]{}$\\]|(?:\A|\n)[ \t]*[>#+|-]")
_PLACEHOLDER = re.compile("\x00(\\d+)\x00")
_PASSES = 6
_HUGE = 200_000
_INLINE_TAGS = frozenset("a b i u s em strong code sub sup span mark kbd small font tt del".split())


def plain_text(markdown: str) -> str:
    """Markdown without its markup: one line, NFC, single spaces.

    Links keep their text, images their alternative text and file name, cloze deletions their text.
    Code and mathematics stay.
    """
    text = unicodedata.normalize("NFC", _CONTROL.sub("", markdown)).strip()
    # Removing markup can leave new markup: <<b>b>. A huge text is read once, so that hostile input
    # costs no more than its size.
    passes = 1 if len(text) >= _HUGE else _PASSES
    for _ in range(passes):
        if not _MAY_BE_MARKUP.search(text):
            break
        before = text
        text, is_plain = _one_pass(text)
        if is_plain or text == before:
            break
    return " ".join(text.split())


def _one_pass(text: str) -> tuple[str, bool]:
    """A text with less markup, and whether no mark is left outside code and mathematics."""
    placeholders = _Placeholders()
    if "```" in text or "~~~" in text:
        text = _replace_fences(text, placeholders)
    if "`" in text:
        text = _replace_code_spans(text, placeholders)
    if "<!--" in text:
        text = replace_spans(text, _comments(text))
    if "$" in text or "\\(" in text:
        text = _MATH.sub(lambda found: placeholders.add(placeholders.restore(found[0])), text)
    if "{{c" in text:
        text = _without_clozes(text)
    for mark, pattern, replacement in _REPLACEMENTS:
        if mark in text:
            text = pattern.sub(replacement, text)
    if "*" in text or "_" in text or "~~" in text or "==" in text:
        text = replace_spans(text, _emphasis_marks(text))
    text = text.strip()
    is_plain = not _MAY_BE_MARKUP.search(text)
    text = " ".join(placeholders.restore(text).split())
    return unicodedata.normalize("NFC", text), is_plain


class _Placeholders:
    """Code and mathematics, replaced by placeholders while the rest is read."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def add(self, text: str) -> str:
        self._texts.append(text)
        return f"\x00{len(self._texts) - 1}\x00"

    def add_code(self, code: str) -> str:
        code = " ".join(self.restore(code).split())
        if not _READ_AS_MARKUP.search(code):
            return self.add(code)
        longest = max(map(len, _TICKS.findall(code)), default=0)
        ticks = "`" * (longest + 1)
        if code.startswith("`") or code.endswith("`"):
            code = f" {code} "
        return self.add(f"{ticks}{code}{ticks}")

    def restore(self, text: str) -> str:
        if "\x00" not in text:
            return text
        return _PLACEHOLDER.sub(lambda found: self._texts[int(found[1])], text)


def _replace_fences(text: str, placeholders: _Placeholders) -> str:
    """Replace fenced code. An unclosed fence runs to the end, as on GitHub."""
    lines: list[str] = []
    code: list[str] = []
    fence = ""
    for line in text.splitlines():
        found = _FENCE.match(line)
        if fence:
            if found and found[1].startswith(fence) and not found[2].strip():
                lines.append(placeholders.add_code("\n".join(code)))
                fence = ""
                code = []
            else:
                code.append(line)
        elif found and not (found[1][0] == "`" and "`" in found[2]):
            fence = found[1]
        else:
            lines.append(line)
    if fence:
        lines.append(placeholders.add_code("\n".join(code)))
    return "\n".join(lines)


def _replace_code_spans(text: str, placeholders: _Placeholders) -> str:
    """Replace code spans. Backticks that nothing closes are text."""
    runs = list(_TICKS.finditer(text))
    # For each run, the index of the next run of the same length.
    closing: list[int | None] = [None] * len(runs)
    following: dict[int, int] = {}
    for index in reversed(range(len(runs))):
        length = len(runs[index][0])
        closing[index] = following.get(length)
        following[length] = index
    spans: list[tuple[int, int, str]] = []
    index = 0
    while index < len(runs):
        end = closing[index]
        if end is None:
            index += 1
            continue
        code = text[runs[index].end() : runs[end].start()]
        spans.append((runs[index].start(), runs[end].end(), placeholders.add_code(code)))
        index = end + 1
    return replace_spans(text, spans)


def _comments(text: str) -> Iterator[tuple[int, int, str]]:
    start = text.find("<!--")
    while start >= 0:
        end = text.find("-->", start + 4)
        if end < 0:
            return
        yield start, end + 3, " "
        start = text.find("<!--", end + 3)


def _without_clozes(text: str) -> str:
    """Cloze deletions leave their text. Their hints go, since adding one does not change the
    question.
    """
    parts: list[str] = []
    hints: list[int] = []  # of each open deletion: where its hint starts in `parts`, or -1
    position = 0
    for found in _CLOZE.finditer(text):
        mark = found[0]
        is_opening = mark.startswith("{")
        if not hints and not is_opening:
            continue
        parts.append(text[position : found.start()])
        position = found.end()
        if is_opening:
            hints.append(-1)
        elif mark == "::":
            if hints[-1] < 0:
                hints[-1] = len(parts)
            parts.append(mark)
        else:
            hint = hints.pop()
            if hint >= 0:
                del parts[hint:]
    return "".join(parts) + text[position:]


def _tag_text(found: re.Match[str]) -> str:
    tag = found[0]
    source, alt = _SOURCE.search(tag), _ALT.search(tag)
    if source is not None:
        words = ""
        if alt:
            words = alt[1] or alt[2] or ""
        return f" {words} {_file_name(source[1])} "
    # <br> separates words, <b> does not.
    name = tag.strip("</> ").partition("/")[0].split(None, 1)[:1]
    is_inline = name and name[0].lower() in _INLINE_TAGS
    return "" if is_inline else " "


def _entity_text(found: re.Match[str]) -> str:
    text = html.unescape(found[0])
    if _MARKUP.intersection(text) or _CONTROL.search(text):
        return found[0]
    return text


def _file_name(target: str) -> str:
    return target.rstrip("/").rpartition("/")[2]


def _image_text(found: re.Match[str]) -> str:
    return f" {found[1]} {_file_name(found[2])} "


# What each step looks for, and the step. A text without the mark is not searched.
_REPLACEMENTS: Sequence[tuple[str, re.Pattern[str], str | Callable[[re.Match[str]], str]]] = (
    ("![[", _WIKI_IMAGE, lambda found: f" {_file_name(found[1])} "),
    ("![", _IMAGE, _image_text),
    ("](", _LINK, r"\1"),
    ("<", _AUTOLINK, r"\1"),
    ("<", _TAG, _tag_text),
    ("&", _ENTITY, _entity_text),
    ("--", _RULE, ""),
    ("===", _RULE, ""),
    ("***", _RULE, ""),
    ("___", _RULE, ""),
    ("", _LINE_MARK, ""),
)


def _emphasis_marks(text: str) -> Iterator[tuple[int, int, str]]:
    """The marks of emphasis, strike-through and highlighting, to be replaced by nothing."""
    lengths: dict[int, int] = {}  # by where a run starts: how many of its characters pair
    opened: dict[str, list[tuple[int, int]]] = {"*": [], "_": [], "~": [], "=": []}
    around = f" {text} "
    for found in _RUN.finditer(text):
        start, end = found.span()
        before, after = around[start], around[end + 1]
        stack = opened[text[start]]
        left = end - start
        if stack and not before.isspace() and not _is_in_word(after):
            left = _close(
                stack,
                start,
                left,
                lengths,
            )
        if left and not after.isspace() and not _is_in_word(before):
            stack.append((start, left))
    for start in sorted(lengths):
        yield start, start + lengths[start], ""


def _close(
    stack: list[tuple[int, int]],
    start: int,
    left: int,
    lengths: dict[int, int],
) -> int:
    """Pair a closing run with open ones; returns how many of its characters stay unpaired."""
    while left and stack:
        opening, length = stack.pop()
        taken = min(left, length)
        lengths[opening] = lengths.get(opening, 0) + taken
        lengths[start] = lengths.get(start, 0) + taken
        left -= taken
        if length > taken:
            stack.append((opening, length - taken))
    return left


def _is_in_word(neighbour: str) -> bool:
    """Whether a mark next to this character is inside a word."""
    return neighbour.isalnum() or neighbour == "\x00"
