"""HTML that a field of an adopted note type holds as it is: a fence with the info `{=html}`."""

from __future__ import annotations

import re

_OPENING = re.compile(r"(?P<marks>`{3,}|~{3,}) *\{=html\} *\n")


def raw_html(text: str) -> str | None:
    """The HTML in a fence that is all of a text, None where the text is anything else."""
    opening = _OPENING.match(text)
    if opening is None:
        return None
    marks = opening["marks"]
    closing = re.compile(rf"^ {{0,3}}{marks[0]}{{{len(marks)},}} *$", re.MULTILINE)
    found = closing.search(text, opening.end())
    if found is None or text[found.end() :].strip():
        return None
    return text[opening.end() : found.start()].removesuffix("\n")
