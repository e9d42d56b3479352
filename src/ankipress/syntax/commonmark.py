"""CommonMark's own parser, for the few cards whose blocks are looked at one by one."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


@functools.cache
def commonmark() -> MarkdownIt:
    """The parser, without any extension."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - few decks have such cards

    return MarkdownIt("commonmark")
