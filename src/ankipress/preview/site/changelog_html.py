"""The changelog of a project → HTML of what concerns its deck."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ankipress.preview.sanitize import sanitize_text
from ankipress.render.html import canonical
from ankipress.render.markdown import Converter
from ankipress.syntax.entry_trees import passage_of

_HEADING = re.compile(r"^(#{1,6}) +(.*?)(?: +#+)?$", re.MULTILINE)
_FENCE = re.compile(r"^(```+|~~~+).*?^\1[`~]*$", re.MULTILINE | re.DOTALL)
_TAG = re.compile(r"(</?h)([1-6])(?=[ >])")
_VERSION = re.compile(r"\d+\.\d+")


def changelog_html(changelog: str, name: str) -> str:
    """The changelog as HTML whose headings begin with `h2`.

    Where a heading has the name of the package, its section is taken, as a changelog may be of
    several things; else all but the title.
    """
    text = _section(changelog.replace("\r\n", "\n"), name)
    html = markdown_html(text)
    # The title of the page is its h1.
    levels = [int(level) for _, level in _TAG.findall(html)]
    shift = 2 - min(levels, default=2)
    return _TAG.sub(lambda found: f"{found[1]}{min(6, int(found[2]) + shift)}", html)


def markdown_html(text: str) -> str:
    """Markdown as HTML that runs no script and loads nothing."""
    return sanitize_text(canonical(Converter().convert(passage_of(text)).html))


def _section(text: str, name: str) -> str:
    headings = _headings(text)
    named = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", re.IGNORECASE)
    for number, heading in enumerate(headings):
        if named.search(heading[2]):
            start = heading.end()
            # A heading that is the name and a version belongs to the section.
            if _VERSION.search(heading[2].replace(name, "")):
                start = heading.start()
            return text[start : _section_end(headings[number:], named)]
    if headings and len(headings[0][1]) == 1:
        return text[headings[0].end() :]
    return text


def _section_end(headings: Sequence[re.Match[str]], named: re.Pattern[str]) -> int | None:
    """Where the section of the first heading ends, None for the end of the text."""
    level = len(headings[0][1])
    for heading in headings[1:]:
        other = len(heading[1])
        if other < level or (other == level and not named.search(heading[2])):
            return heading.start()
    return None


def _headings(text: str) -> list[re.Match[str]]:
    # A fence without its characters keeps the places of what follows.
    without_fences = _FENCE.sub(lambda found: " " * len(found[0]), text)
    return list(_HEADING.finditer(without_fences))
