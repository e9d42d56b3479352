"""The changelog of a project → HTML of what concerns its deck."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ankipress.preview.sanitize import seal_text
from ankipress.render.html import canonical
from ankipress.render.markdown import Converter

_HEADING = re.compile(r"^(#{1,6}) +(.*?)(?: +#+)?$", re.MULTILINE)
_FENCE = re.compile(r"^(```+|~~~+).*?^\1[`~]*$", re.MULTILINE | re.DOTALL)
_TAG = re.compile(r"(</?h)([1-6])(?=[ >])")


def changes_of(changelog: str, name: str) -> str:
    """The changelog as HTML whose headings begin with `h2`.

    Where a heading has the name of the package, the section below it is taken, as a changelog may
    be of several things; else all of it but its title.
    """
    html = markdown_html(_section(changelog.replace("\r\n", "\n"), name))
    levels = [int(each[1]) for each in _TAG.findall(html)]
    shift = 2 - min(levels, default=2)
    return _TAG.sub(lambda found: f"{found[1]}{min(6, int(found[2]) + shift)}", html)


def markdown_html(text: str) -> str:
    """Markdown as HTML that neither acts nor asks any host for anything."""
    return seal_text(canonical(Converter().convert(text)[0]))


def _section(text: str, name: str) -> str:
    headings = _headings(text)
    named = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", re.IGNORECASE)
    for number, found in enumerate(headings):
        if named.search(found[2]):
            level = len(found[1])
            end = next(
                (each.start() for each in headings[number + 1 :] if len(each[1]) < level), len(text)
            )
            siblings = next(
                (each.start() for each in headings[number + 1 :] if _ends(each, level, named)), end
            )
            # A heading that is the name and a version is a part of the section itself.
            start = (
                found.start() if re.search(r"\d+\.\d+", found[2].replace(name, "")) else found.end()
            )
            return text[start : min(end, siblings)]
    return text[headings[0].end() :] if headings and len(headings[0][1]) == 1 else text


def _ends(heading: re.Match[str], level: int, named: re.Pattern[str]) -> bool:
    """Whether a heading begins something else: as high as the one of the deck, and without its
    name.
    """
    return len(heading[1]) <= level and not named.search(heading[2])


def _headings(text: str) -> Sequence[re.Match[str]]:
    fences = [found.span() for found in _FENCE.finditer(text)]
    return [
        found
        for found in _HEADING.finditer(text)
        if not any(start <= found.start() < end for start, end in fences)
    ]
