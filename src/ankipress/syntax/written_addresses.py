"""markdown-it that leaves addresses as they are written.

Files are found by the names that authors wrote, and the allow-list of the renderer knows what may
be linked.
"""

from __future__ import annotations

from markdown_it import MarkdownIt


def make_reader(most_nested: int = 20) -> MarkdownIt:
    """An instance of markdown-it for CommonMark, which accepts every address unchanged."""
    reader = MarkdownIt("commonmark", {"maxNesting": most_nested})
    reader.normalizeLink = _unchanged  # type: ignore[method-assign]
    reader.normalizeLinkText = _unchanged  # type: ignore[method-assign,assignment]
    reader.validateLink = _accept  # type: ignore[method-assign,assignment]
    return reader


def _unchanged(url: str) -> str:
    return url


def _accept(_url: str) -> bool:
    return True
