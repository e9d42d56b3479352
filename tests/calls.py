"""What GitHub would make of a text of Markdown: whom it notifies, what it refers to and loads.

cmark-gfm is GitHub's own reader. Behind it, GitHub looks for names and references in the text that
is not within `code`, `pre` and `a` (as its published html-pipeline does).
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import cmarkgfm  # type: ignore[import-untyped]
from cmarkgfm.cmark import Options  # type: ignore[import-untyped]

_OPTIONS = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
_EXTENSIONS = ["table", "strikethrough", "autolink", "tasklist", "tagfilter"]
_QUIET = {"code", "pre"}
_CALLS = re.compile(
    r"(?<!\w)@[a-z0-9][a-z0-9-]*|\w@\w|#\d+|\b[a-z]+-\d+|\b[0-9a-f]{7,40}\b|\w+://|\bwww\.",
    re.IGNORECASE,
)
_LOADING = {"img", "a", "iframe", "script", "style", "link", "video", "audio", "source", "object"}


def html_of(markdown: str) -> str:
    """A text as GitHub's reader makes HTML of it."""
    html: str = cmarkgfm.markdown_to_html_with_extensions(
        markdown, options=_OPTIONS, extensions=_EXTENSIONS
    )
    return html


def calls(markdown: str) -> list[str]:
    """What in a text notifies, refers or loads; nothing in one that is harmless."""
    reader = _Reader()
    reader.feed(html_of(markdown))
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._quiet = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._quiet += tag in _QUIET
        if tag in _LOADING:
            self.found.append(f"<{tag} {dict(attrs)}>")

    def handle_endtag(self, tag: str) -> None:
        self._quiet -= tag in _QUIET

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self.found += _CALLS.findall(data)
