"""Characters that turn the direction of a text and that no editor shows: a text with them may not
be what it seems.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from ankipress.diagnostics import Diagnostic, Location
from ankipress.model import Source

_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_MOST = 20  # that are told of a file


def bidi_controls(source: Source) -> Iterator[Diagnostic]:
    """A diagnostic for each character of a source that overrides, embeds or isolates a direction.
    Plain marks are fine.
    """
    if not any(control in source.text for control in _CONTROLS):
        return
    for found in islice(_TURNS.finditer(source.text), _MOST):
        line_start = source.text.rfind("\n", 0, found.start()) + 1
        line = source.text.count("\n", 0, line_start) + 1
        name = unicodedata.name(found[0]).lower()
        message = (
            f"U+{ord(found[0]):04X}, {name}, is not seen and changes the order in which the text is"
        )
        way_out = (
            "delete it; `dir=rtl` in the braces of the heading gives a whole card its direction"
        )
        yield Diagnostic(
            "bidi-control",
            Location(source.path, line, found.start() - line_start + 1),
            message,
            way_out,
        )
