"""Blocks of code that ankipress coloured → fences with their language and options."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ankipress.importing.fields.html_tree import FieldElement

_FENCE = re.compile(r"`{3,}")


def titled_fence(figure: FieldElement) -> list[str] | None:
    """A block of code with a title; None where it was made otherwise."""
    caption, *others = list(figure.elements_directly()) or [figure]
    if caption.tag != "figcaption" or len(others) != 1 or '"' in caption.text():
        return None
    return own_fence(others[0], caption.text())


def own_fence(pre: FieldElement, title: str = "") -> list[str] | None:
    """A block of code with its language and its options; None where it was made otherwise."""
    code, *others = list(pre.elements_directly()) or [pre]
    if code.tag != "code" or others or pre.attributes.get("class") != "highlight":
        return None
    language = code.attributes.get("class", "").removeprefix("language-")
    options = [f'title="{title}"'] if title else []
    options += _line_options(code)
    text = code.text()
    lines = text.removesuffix("\n").split("\n") if text else []
    longest = max(map(len, _FENCE.findall(text)), default=2)
    fence = "`" * (longest + 1)
    info = language
    if options:
        info = f"{language} {{{' '.join(options)}}}".lstrip()
    return [f"{fence}{info}", *lines, fence]


def _line_options(code: FieldElement) -> Iterator[str]:
    marks = [each.attributes for each in code.elements_directly()]
    numbers = [each.get("data-line", "") for each in marks if each.get("class") == "lineno"]
    if numbers:
        yield "linenos" if numbers[0] == "1" else f"linenos={numbers[0]}"
    marked = []
    line = 1
    for child in code.children:
        if isinstance(child, str):
            line += child.count("\n")
        elif child.attributes.get("class") == "hll":
            marked.append(str(line))
    if marked:
        yield f'hl_lines="{" ".join(marked)}"'
