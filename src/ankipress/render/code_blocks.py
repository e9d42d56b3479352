"""Code blocks on their way to HTML, with what is wrong with them."""

from __future__ import annotations

from ankipress.render.findings import CodeMistake
from ankipress.render.highlight import highlighted, is_known, nearest_language
from ankipress.render.marking import Marking
from ankipress.render.math import display_math
from ankipress.render.time_limit import OverBudgetError, limited
from ankipress.syntax.fences import Fence, Mistake, read_fence

_SECONDS = 2  # to colour a code block: a thousand lines take a twentieth of one
_SECONDS_LATER = 0.1  # for further blocks, once `_MOST_SLOW` were slow: a file may hold thousands
_MOST_SLOW = 5
_PLAIN = "write `text` for code without colours"


class CodeBlocks:
    """Renders code blocks. `mistakes` gathers what is wrong with them."""

    def __init__(self, marking: Marking) -> None:
        self._marking = marking
        self._slow = 0
        self.mistakes: list[CodeMistake] = []

    def render(self, code: str, info: str) -> str:
        """The HTML of some code, given with its info string."""
        fence = read_fence(info)
        if fence.language == "math":
            return f"<p>{display_math(self._marking.tex(code.strip()))}</p>"
        code, marks = self._marking.block(code, fence.language)
        for mistake in (*fence.mistakes, *_missing_lines(fence, code)):
            self._report("bad-code-option", info, mistake)
        if not is_known(fence.language):
            self._report("unknown-language", info, _unknown(fence.language))
        seconds: float = _SECONDS
        if self._slow >= _MOST_SLOW:
            seconds = _SECONDS_LATER
        try:
            with limited(seconds):
                return highlighted(code, fence, marks)
        except OverBudgetError:
            self._slow += 1
            self._report("too-slow", info, _slow(fence.language))
            return highlighted(code, fence._replace(language=""), marks)

    def _report(
        self,
        code: str,
        info: str,
        mistake: Mistake,
    ) -> None:
        self.mistakes.append(CodeMistake(code, info, mistake))


def _missing_lines(fence: Fence, code: str) -> list[Mistake]:
    last = max(fence.marked_lines, default=0)
    lines = code.count("\n", 0, len(code) - 1) + 1
    if last <= lines:
        return []
    message = f"there is no line {last}: this code has {lines}"
    return [Mistake("hl_lines", message, "lines are counted from 1, those of this block")]


def _slow(language: str) -> Mistake:
    message = (
        f"the colours of this code take longer than {_SECONDS} s to find, so it is shown plain"
    )
    return Mistake(language, message, f"{_PLAIN}, or write it otherwise")


def _unknown(language: str) -> Mistake:
    message = f'the language "{language}" of this code is not known, so it is shown plain'
    help = _PLAIN
    if near := nearest_language(language):
        help = f'did you mean "{near}"? {help}'
    return Mistake(language, message, help)
