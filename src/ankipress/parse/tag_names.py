"""Tags as Anki keeps them."""

from __future__ import annotations

import re

# Anki parts tags at spaces, and takes no control characters.
_NOT_IN_TAGS = re.compile(r"[\s\x00-\x1f\x7f]+")


def normal_tag(text: str) -> str:
    """The tag that a text means, which may be empty.

    Spaces become `-`, and of the parts between `::` none is empty: Anki would call it `blank`.
    """
    parts = [_NOT_IN_TAGS.sub("-", part.strip()) for part in text.split("::")]
    return "::".join(filter(None, parts))
