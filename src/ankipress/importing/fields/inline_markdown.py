"""Runs of text with marks on them, such as strong and a link, as Markdown inside a paragraph."""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ankipress.importing.fields.prose_escapes import Surroundings, escaped, surroundings_of
from ankipress.syntax.bare import bare_link, find_bare

STRONG = "strong"
EMPHASIS = "em"
STRIKE = "del"
_SIGNS = {STRONG: "**", EMPHASIS: "*", STRIKE: "~~"}
_HTML_OF_SIGN = {STRONG: "b", EMPHASIS: "i", STRIKE: "s"}
_TICKS = re.compile(r"`+")
_BLANK = re.compile(r"[ \xa0]+")
_DELIMITERS = frozenset("*~")
_WITHOUT_SIGNS = re.compile(r"<(?:u|sub|sup|ruby|rb|rt|rp|kbd|mark|small|br)>")
_BEFORE_WIDE = frozenset("?!:;%»›")
_AFTER_WIDE = frozenset("«‹")


@dataclass(frozen=True, slots=True)
class InlineMark:
    """What is on some text: `kind` is strong, em, del or a link, or the tag of an element that
    Markdown has no signs for. `opening` is that tag as HTML, `address` and `title` those of a link.

    Marks that are equal and touch are one, so an element that must stay apart has its `number`.
    """

    kind: str
    opening: str = ""
    address: str = ""
    title: str = ""
    number: int = 0


Marks = tuple[InlineMark, ...]
"""The marks on something, from the outermost."""


class InlineRun(NamedTuple):
    """A text, or what stands in a line besides text, with the marks on it from the outermost.

    `kind` is text, code, Markdown as it is (`ready`), HTML as it is, or the end of a line.
    """

    text: str
    marks: Marks = ()
    kind: str = "text"


LINE_END = InlineRun("\n", (), "line")


@dataclass(slots=True)
class _InlinePiece:
    """A piece of Markdown: a text, or one side of a mark, whose pair has the same number."""

    text: str
    mark: InlineMark | None = None
    pair: int = 0
    is_end: bool = False
    is_html: bool = False
    is_formula: bool = False


@dataclass(slots=True)
class InlineText:
    """Markdown of the lines of a paragraph, and how many elements of HTML are in it, without those
    that anybody would write, since Markdown has no signs for them: `<u>`, `<sub>` and their like.

    Where a line `begins_plain`, its first sign comes from the text, and may need an escape.
    """

    lines: list[str] = field(default_factory=list)
    begins_plain: list[bool] = field(default_factory=list)
    html: int = 0


def write_runs(runs: Sequence[InlineRun], *, signs: bool, in_cell: bool = False) -> InlineText:
    """Runs as Markdown. Without `signs`, emphasis is HTML, which no text around it can break."""
    runs = _trimmed(_merged(runs))
    has_formulas = any(run.kind == "formula" for run in runs)
    has_marks = any(run.marks or run.kind == "code" for run in runs)
    prose = "".join(run.text for run in runs if run.kind == "text")
    # A dollar pairs with another one over all marks that stand between them.
    may_pair = has_formulas or (has_marks and prose.count("$") > 1)
    around = surroundings_of(prose, has_formulas=may_pair)
    pieces = list(_pieces(runs, around))
    for piece in pieces:
        if piece.mark and piece.mark.kind in _SIGNS:
            piece.is_html = not signs
    while _give_up_signs(pieces):
        pass
    return _joined(pieces, in_cell=in_cell)


def _merged(runs: Iterable[InlineRun]) -> list[InlineRun]:
    """Runs of which no two texts with the same marks touch, and no space has emphasis."""
    merged: list[InlineRun] = []
    for run in runs:
        for part in _without_edges(run):
            last = merged[-1] if merged else None
            if last and part.kind == last.kind == "text" and part.marks == last.marks:
                merged[-1] = InlineRun(last.text + part.text, last.marks)
            elif part.text or part.kind != "text":
                merged.append(part)
    for number, run in enumerate(merged[1:-1], 1):
        if run.kind == "text" and not run.text.strip(" \xa0"):
            merged[number] = InlineRun(
                run.text, _common(merged[number - 1], merged[number + 1], run)
            )
    return merged


def _common(one: InlineRun, other: InlineRun, blank: InlineRun) -> Marks:
    """The marks of a space between two runs: what is on both, unless it has others of its own."""
    common = []
    for mark, same in zip(one.marks, other.marks, strict=False):
        if mark != same:
            break
        common.append(mark)
    if all(mark in common for mark in blank.marks):
        return tuple(common)
    return blank.marks


def _without_edges(run: InlineRun) -> Iterator[InlineRun]:
    """A text with emphasis whose spaces at its ends have none."""
    if run.kind != "text" or not any(mark.kind in _SIGNS for mark in run.marks):
        yield run
        return
    plain = tuple(mark for mark in run.marks if mark.kind not in _SIGNS)
    inner = run.text.strip(" \xa0")
    if not inner:
        yield InlineRun(run.text, plain)
        return
    start = run.text.index(inner[0])
    yield InlineRun(run.text[:start], plain)
    yield InlineRun(inner, run.marks)
    yield InlineRun(run.text[start + len(inner) :], plain)


def _trimmed(runs: Sequence[InlineRun]) -> list[InlineRun]:
    """Runs without spaces that no browser shows, and with codes for those that it would not."""
    kept: list[InlineRun] = []
    width = 0
    for run in runs:
        if run.kind == "line":
            _drop_blanks(kept)
        if run.kind != "text":
            kept.append(run)
            continue
        is_new = not kept or kept[-1].kind == "line"
        text = run.text.lstrip(" ") if is_new or _ends_blank(kept) else run.text
        if text:
            kept.append(InlineRun(text, run.marks))
        width += len(text)
    _drop_blanks(kept)
    return kept


def _ends_blank(runs: Sequence[InlineRun]) -> bool:
    return bool(runs) and runs[-1].kind == "text" and runs[-1].text.endswith(" ")


def _drop_blanks(runs: list[InlineRun]) -> None:
    """Take the spaces away that end a line, but for a line of nothing else."""
    while runs and runs[-1].kind == "text":
        text = runs[-1].text.rstrip(" \xa0")
        if text:
            runs[-1] = InlineRun(text, runs[-1].marks)
            return
        is_alone = len(runs) == 1 or runs[-2].kind == "line"
        if is_alone and "\xa0" in runs[-1].text:
            runs[-1] = InlineRun("&nbsp;", (), "ready")
            return
        runs.pop()


def _pieces(runs: Sequence[InlineRun], around: Surroundings) -> Iterator[_InlinePiece]:
    """The pieces of runs: marks close where a run does not have them, and open where it does."""
    opened: list[tuple[InlineMark, int]] = []
    number = 0
    for position, run in enumerate(runs):
        marks = run.marks
        if run.kind == "line":
            marks = _kept_marks(runs, position)
        same = 0
        while same < min(len(opened), len(marks)) and opened[same][0] == marks[same]:
            same += 1
        while len(opened) > same:
            mark, pair = opened.pop()
            yield _InlinePiece("", mark, pair, is_end=True)
        for mark in marks[same:]:
            number += 1
            opened.append((mark, number))
            yield _InlinePiece("", mark, number)
        yield _text_piece(runs, position, around)
    while opened:
        mark, pair = opened.pop()
        yield _InlinePiece("", mark, pair, is_end=True)


def _kept_marks(runs: Sequence[InlineRun], position: int) -> Marks:
    """The marks that go on over the end of a line: those of elements on both sides of it."""
    if position == 0 or position + 1 == len(runs):
        return ()
    kept = []
    for one, other in zip(runs[position - 1].marks, runs[position + 1].marks, strict=False):
        if one != other or not one.number:
            break
        kept.append(one)
    return tuple(kept)


def _text_piece(runs: Sequence[InlineRun], position: int, around: Surroundings) -> _InlinePiece:
    run = runs[position]
    match run.kind:
        case "text":
            is_linked = any(mark.kind == "link" for mark in run.marks)
            text = escaped(run.text, around, is_linked=is_linked)
            begins_line = position == 0 or runs[position - 1].kind == "line"
            return _InlinePiece(_with_blanks(text, begins_line=begins_line))
        case "code":
            if position and runs[position - 1].kind == "code":
                # The back-ticks of two spans of code that touch would be those of one.
                return _InlinePiece(f"<code>{escaped(run.text, around)}</code>", is_html=True)
            return _InlinePiece(_code(run.text))
        case "html":
            return _InlinePiece(run.text, is_html=True)
        case "formula":
            return _InlinePiece(run.text, is_formula=True)
        case _:
            return _InlinePiece(run.text)


def _code(text: str) -> str:
    """A code span."""
    ticks = "`"
    longest = max(map(len, _TICKS.findall(text)), default=0)
    if longest:
        ticks = "`" * (longest + 1) if "`" * 1 in text else ticks
    is_padded = text.startswith(("`", " ")) or text.endswith(("`", " "))
    padding = " " if is_padded and text.strip(" ") else ""
    return f"{ticks}{padding}{text}{padding}{ticks}"


def _with_blanks(text: str, *, begins_line: bool) -> str:
    """A text in which a space that shows is written: several, or one that begins a line."""
    if "\xa0" not in text:
        return text
    return _BLANK.sub(functools.partial(_blank, begins_line=begins_line), text)


def _blank(found: re.Match[str], *, begins_line: bool) -> str:
    text = re.sub(" +", " ", found[0])
    source = found.string
    if len(text) > 1 or (found.start() == 0 and begins_line):
        return text.replace("\xa0", "&nbsp;")
    before = source[found.start() - 1 : found.start()]
    after = source[found.end() : found.end() + 1]
    if text == "\xa0" and (after in _BEFORE_WIDE or before in _AFTER_WIDE):
        return text
    return " "


def _give_up_signs(pieces: Sequence[_InlinePiece]) -> bool:
    """Write marks as HTML whose signs would be read as text; whether there were any."""
    pairs: dict[int, list[_InlinePiece]] = {}
    for piece in pieces:
        if piece.mark:
            pairs.setdefault(piece.pair, []).append(piece)
    has_changed = False
    for index, piece in enumerate(pieces):
        has_signs = piece.mark and piece.mark.kind in _SIGNS and not piece.is_html
        if has_signs and not _is_read(pieces, index):
            has_changed = True
            for side in pairs[piece.pair]:
                side.is_html = True
    return has_changed


def _is_read(pieces: Sequence[_InlinePiece], index: int) -> bool:
    """Whether the signs here open or close, by the rules of CommonMark."""
    piece = pieces[index]
    first = last = index
    sign = _shown(piece)[0]
    while first > 0 and _is_same_sign(pieces[first - 1], sign):
        first -= 1
    while last + 1 < len(pieces) and _is_same_sign(pieces[last + 1], sign):
        last += 1
    if len({each.is_end for each in pieces[first : last + 1]}) > 1:
        return False
    if first and not piece.is_end and _ends_signs(pieces[first - 1]):
        return False
    inner, outer = _after(pieces, last), _before(pieces, first)
    if piece.is_end:
        inner, outer = outer, inner
    if inner.isspace():
        return False
    return not _is_punctuation(inner) or outer.isspace() or _is_punctuation(outer)


def _ends_signs(piece: _InlinePiece) -> bool:
    """Whether other signs close here."""
    return piece.is_end and piece.mark is not None and _shown(piece)[0] in "*~"


def _is_same_sign(piece: _InlinePiece, sign: str) -> bool:
    return piece.mark is not None and _shown(piece).startswith(sign)


def _before(pieces: Sequence[_InlinePiece], index: int) -> str:
    """The character before a piece."""
    while index > 0:
        index -= 1
        if text := _shown(pieces[index]):
            return text[-1]
    return "\n"


def _after(pieces: Sequence[_InlinePiece], index: int) -> str:
    """The character after a piece."""
    for number in range(index + 1, len(pieces)):
        if text := _shown(pieces[number]):
            return text[0]
    return "\n"


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _shown(piece: _InlinePiece) -> str:
    """What a piece becomes."""
    mark = piece.mark
    if mark is None:
        return piece.text
    if mark.kind == "link":
        return _link_side(mark, is_end=piece.is_end)
    if mark.kind in _SIGNS and not piece.is_html:
        return _SIGNS[mark.kind]
    if mark.kind in _SIGNS and not mark.opening:
        tag = _HTML_OF_SIGN[mark.kind]
        return f"</{tag}>" if piece.is_end else f"<{tag}>"
    return f"</{mark.kind}>" if piece.is_end else mark.opening


def _link_side(mark: InlineMark, *, is_end: bool) -> str:
    if not is_end:
        return "["
    title = ""
    if mark.title:
        title = ' "' + mark.title.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"]({written_address(mark.address)}{title})"


def written_address(address: str) -> str:
    """An address as it stands in the parentheses of a link or picture."""
    address = html.escape(address, quote=False) if "&" in address and ";" in address else address
    if not address or re.search(r"[\s<>()\\]", address):
        inner = re.sub(r"([<>\\])", r"\\\1", address)
        return f"<{inner}>"
    return address


def _joined(pieces: Sequence[_InlinePiece], *, in_cell: bool) -> InlineText:
    """The pieces as lines, with a bare address in place of a link to itself."""
    result = InlineText()
    text = ""
    is_plain = False
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        if bare := _bare_address(pieces, index):
            shown, index = bare, index + 2
        elif piece.is_formula:
            shown = _formula(pieces, index)
        else:
            shown = _shown(piece)
        if piece.text == "\n" and piece.mark is None:
            result.lines.append(text)
            result.begins_plain.append(is_plain)
            text = ""
        else:
            if not text:
                is_plain = piece.mark is None and not piece.is_html
            if shown.startswith("[") and text.endswith("!") and not text.endswith("\\!"):
                text = f"{text[:-1]}\\!"
            text += shown.replace("|", "\\|") if in_cell else shown
        is_element = not bare and (piece.mark is None or not piece.is_end)
        if is_element and (piece.is_html or piece.mark):
            result.html += shown.startswith("<") and not _WITHOUT_SIGNS.fullmatch(shown)
        index += 1
    result.lines.append(text)
    result.begins_plain.append(is_plain)
    return result


def _formula(pieces: Sequence[_InlinePiece], index: int) -> str:
    """A formula between dollars, with back-ticks where those alone would be money."""
    text = pieces[index].text
    before = _before(pieces, index)
    after = _after(pieces, index)
    are_read = not before.isdigit() and before != "$" and not after.isalnum() and after != "$"
    if text.startswith("$$") or are_read:
        return text
    ticks = "`" * (max(map(len, _TICKS.findall(text)), default=0) + 1)
    return f"${ticks}{text[1:-1]}{ticks}$"


def _bare_address(pieces: Sequence[_InlinePiece], index: int) -> str:
    """The address of a link whose text is that address, as it needs no marks."""
    mark = pieces[index].mark
    if mark is None or mark.kind != "link" or pieces[index].is_end or mark.title:
        return ""
    inside = pieces[index + 1 : index + 3]
    if len(inside) < 2 or inside[1].mark is not mark or inside[0].mark is not None:
        return ""
    if inside[0].text.replace("\\", "") != mark.address.replace("\\", ""):
        return ""
    before = _before(pieces, index)
    after = _after(pieces, index + 2)
    found = find_bare(mark.address)
    is_bare = bool(found) and bare_link(found[-1], len(mark.address)) == mark.address
    if (
        is_bare
        and found[-1].start() == 0
        and (before.isspace() or before == "(")
        and after in "\n "
    ):
        return mark.address
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*", mark.address):
        return f"<{mark.address}>"
    return ""
