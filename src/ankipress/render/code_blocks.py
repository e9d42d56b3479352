"""Code blocks on their way to HTML, with those whose colours take too long."""

from __future__ import annotations

from dataclasses import replace

from ankipress.render.highlight import highlighted
from ankipress.render.marking import Marking
from ankipress.render.math import display_math
from ankipress.render.time_limit import OverBudgetError, limited
from ankipress.syntax.fences import read_fence
from ankipress.syntax.tree import Node

SECONDS = 2
"""To colour a code block: a thousand lines take a twentieth of one."""
_SECONDS_LATER = 0.1  # for further blocks, once `_MOST_SLOW` were slow: a file may hold thousands
_MOST_SLOW = 5


class CodeBlocks:
    """Renders code blocks. `slow` gathers those that are shown plain because of their time."""

    def __init__(self, marking: Marking) -> None:
        self._marking = marking
        self._slow = 0
        self.slow: list[Node] = []

    def render(self, block: Node) -> str:
        """The HTML of a block of code."""
        fence = read_fence(block.info)
        if fence.language == "math":
            return f"<p>{display_math(self._marking.tex(block.text.strip()))}</p>"
        code, marks = self._marking.block(block.text, fence.language)
        seconds: float = SECONDS
        if self._slow >= _MOST_SLOW:
            seconds = _SECONDS_LATER
        try:
            with limited(seconds):
                return highlighted(code, fence, marks)
        except OverBudgetError:
            self._slow += 1
            self.slow.append(block)
            return highlighted(code, replace(fence, language=""), marks)
