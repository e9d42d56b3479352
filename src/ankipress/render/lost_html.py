"""What the sanitizer drops of an author's HTML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ankipress.render.allowed import TAGS, URLS, is_lost, lost_styles
from ankipress.syntax.html_tags import Tag, tags
from ankipress.syntax.schemes import unsafe_scheme

_ACTS = "a card holds nothing that acts, loads or hides other things: delete it"
_HELP = {
    "style": "a card needs no style sheet of its own: delete it",
    "svg": "save the drawing as an SVG file and show it as a picture, `![…](drawing.svg)`",
    "math": "write it as `$…$`",
    "font": 'write `<span style="color: …">`',
    "script": _ACTS,
    "iframe": "link to the page instead",
}
# The tags of HTML that a card does not hold.
_FOR_READERS = "markdown"  # the attribute by which HTML says that it holds Markdown
_OF_HTML = frozenset(
    """
    acronym address applet area article aside base basefont bgsound big blink body button canvas
    data datalist dialog dir embed fieldset footer form frame frameset head header hgroup html
    label legend link main map marquee menu menuitem meta meter nav nobr noframes noscript object
    optgroup option output param path picture portal progress select slot source strike template
    textarea time title track xmp
    """.split()
)
_LONGEST_SHOWN = 40


class Lost(NamedTuple):
    """Something that is dropped of some HTML, with its offset there."""

    what: str
    help: str
    start: int
    width: int


def lost(html: str) -> Iterator[Lost]:
    """What is dropped of some HTML."""
    for tag in tags(html):
        if tag.is_end:
            continue
        if tag.name in TAGS:
            yield from _lost_attributes(tag)
        else:
            written = html[tag.start : tag.end]
            help = _help(tag, written)
            yield Lost(
                f"the tag <{tag.name}>",
                help,
                tag.start,
                tag.end - tag.start,
            )


def _help(tag: Tag, written: str) -> str:
    """What helps where a tag is left out: HTML has no tag `<int>`, which was meant as text."""
    if tag.name in _HELP:
        return _HELP[tag.name]
    if tag.name in _OF_HTML or "-" in tag.name:
        return "write it with other tags, or in Markdown"
    shown = written
    if "\n" in written or len(written) > _LONGEST_SHOWN:
        shown = f"<{tag.name}>"
    return f"if it is meant as text, write `` `{shown}` ``"


def _lost_attributes(tag: Tag) -> Iterator[Lost]:
    start = tag.start
    width = tag.end - tag.start
    for name, value in tag.attributes:
        if name == _FOR_READERS:
            continue
        if is_lost(tag.name, name):
            help = "delete it, or write it in Markdown"
            if name.startswith("on"):
                help = _ACTS
            yield Lost(
                f"the attribute {name} of <{tag.name}>",
                help,
                start,
                width,
            )
        elif name in URLS and (scheme := unsafe_scheme(value)):
            yield unsafe_address(scheme, start, width)
        elif name == "style":
            for style in lost_styles(value):
                help = "a card keeps colour, weight, slant, alignment, width and height"
                yield Lost(
                    f"the style {style}",
                    help,
                    start,
                    width,
                )


def unsafe_address(scheme: str, start: int, width: int) -> Lost:
    """An address that no card may hold, because of its scheme."""
    help = "a card links to http, https, ftp, mailto and tel"
    if scheme == "data":
        help = "save the picture as a file"
    return Lost(
        f"the address, since it begins with {scheme}:",
        help,
        start,
        width,
    )
