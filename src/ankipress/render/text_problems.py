"""What is wrong with a text that is rendered: each problem is found at the node that has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ankipress.diagnostics import Diagnostic
from ankipress.render.code_blocks import SECONDS
from ankipress.render.highlight import is_known, nearest_language
from ankipress.render.lost_html import Lost, lost, unsafe_address
from ankipress.render.tex_commands import safe_tex
from ankipress.syntax.blocks import NO_COLUMN
from ankipress.syntax.deletions import without_deletions
from ankipress.syntax.entry_trees import PartTree
from ankipress.syntax.fences import Fence, Mistake, read_fence
from ankipress.syntax.html_blocks import endless
from ankipress.syntax.schemes import unsafe_scheme
from ankipress.syntax.tree import Node, Span

_PLAIN = "write `text` for code without colours"


class TextProblem(NamedTuple):
    """What is wrong with a span of a text: a code of `CODES`, a message, and what helps."""

    code: str
    span: Span
    message: str
    help: str


def part_problems(tree: PartTree, *, hides: bool) -> Iterator[Diagnostic]:
    """What is wrong with a part, with its places in the file."""
    for each in text_problems(tree.walk(), hides=hides):
        yield tree_problem(tree, each)


def tree_problem(tree: PartTree, problem: TextProblem) -> Diagnostic:
    """A problem of the text of a part, with its place in the file."""
    place = tree.place(*problem.span)
    return Diagnostic(problem.code, place, problem.message, problem.help)


def text_problems(nodes: Iterable[Node], *, hides: bool) -> Iterator[TextProblem]:
    """What is wrong with some nodes of a text. Where it `hides`, code holds deletions."""
    for node in nodes:
        match node.kind:
            case "code":
                yield from _code_problems(node, hides=hides)
            case "math" | "math_block":
                yield from _tex_problems(node)
            case "missing_footnote":
                yield _missing_footnote(node)
            case "html" | "html_block":
                yield from _html_problems(node)
            case "extra_cell":
                yield from _extra_cell(node)
            case "link" | "image" | "sound":
                yield from _address_problems(node)


def slow_code(node: Node) -> TextProblem:
    """Code whose colours take too long to find."""
    message = f"the colours of this code take longer than {SECONDS} s to find, so it is shown plain"
    span = _in_info(node, read_fence(node.info).language_span)
    return TextProblem("too-slow", span, message, f"{_PLAIN}, or write it otherwise")


def _code_problems(node: Node, *, hides: bool) -> Iterator[TextProblem]:
    fence = read_fence(node.info)
    if fence.language == "math":
        yield from _tex_problems(node)
        return
    code = node.text
    if hides:
        code = without_deletions(code, fence.language)
    mistakes = [*fence.mistakes, *_missing_lines(fence, code)]
    for span, message, help in mistakes:
        yield TextProblem("bad-code-option", _in_info(node, span), message, help)
    if not is_known(fence.language):
        span, message, help = _unknown(fence)
        yield TextProblem("unknown-language", _in_info(node, span), message, help)


def _in_info(node: Node, span: Span) -> Span:
    """Where a span of the info string of code stands: the string begins behind the marks."""
    start = node.start + len(node.markup)
    return Span(start + span.start, start + span.end)


def _missing_lines(fence: Fence, code: str) -> list[Mistake]:
    last = max(fence.marked_lines, default=0)
    lines = code.count("\n", 0, len(code) - 1) + 1
    if last <= lines:
        return []
    message = f"there is no line {last}: this code has {lines}"
    help = "lines are counted from 1, those of this block"
    return [Mistake(fence.last_mark_span, message, help)]


def _unknown(fence: Fence) -> Mistake:
    language = fence.language
    message = f'the language "{language}" of this code is not known, so it is shown plain'
    help = _PLAIN
    if near := nearest_language(language):
        help = f'did you mean "{near}"? {help}'
    return Mistake(fence.language_span, message, help)


def _tex_problems(node: Node) -> Iterator[TextProblem]:
    assert node.content is not None
    for each in safe_tex(node.text).findings:
        span = node.content.span(each.start, each.start + each.width)
        yield TextProblem("unsafe-tex", span, each.message, each.help)


def _missing_footnote(node: Node) -> TextProblem:
    words = node.text
    message = f"{words} refers to no footnote of this file"
    help = f"write `{words}: …`, or \\{words} where it is text"
    return TextProblem("missing-footnote", node.span, message, help)


def _html_problems(node: Node) -> Iterator[TextProblem]:
    assert node.content is not None
    line = node.text.split("\n", 1)[0].rstrip()
    opening = line.lstrip()
    span = node.content.span(len(line) - len(opening), len(line))
    if not node.is_closed:
        mark, message, help = endless(opening)
        start = len(line) - len(opening)
        span = node.content.span(start, start + len(mark))
        yield TextProblem("endless-html", span, message, help)
    elif opening.startswith(("<?", "<!")) and not opening.startswith("<!--"):
        message = f"{opening} is HTML that shows nothing, so it is left out of the card"
        yield TextProblem("dropped-html", span, message, "write it as code, between back-ticks")
    for each in lost(node.text):
        span = node.content.span(each.start, each.start + each.width)
        yield TextProblem("dropped-html", span, *dropped(each))


def _extra_cell(node: Node) -> Iterator[TextProblem]:
    assert node.content is not None
    if node.content.text:
        yield TextProblem("extra-cell", node.span, *NO_COLUMN)


def _address_problems(node: Node) -> Iterator[TextProblem]:
    scheme = unsafe_scheme(node.url)
    if scheme is not None:
        lost = unsafe_address(scheme, 0, 0)
        yield TextProblem("dropped-html", node.target or node.span, *dropped(lost))


def dropped(lost: Lost) -> tuple[str, str]:
    """The message and the help for what is dropped of an author's HTML."""
    return f"{lost.what} is left out of the card", lost.help
