"""Links of cards to files and headings of their project.

A card has neither. So such a link leads to its page at `source_url`, or becomes text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote, unquote

from ankipress.diagnostics import Diagnostic, Location, counted
from ankipress.media.linked_pages import LinkedPages
from ankipress.media.near_names import inside_project
from ankipress.media.references import References
from ankipress.model import Entry

_MOST_NAMED = 3  # places in one message
_TOP = frozenset({"", "top"})  # anchors of no heading
_HELP_HEADINGS = (
    "leave the link out, or set `source_url`: then it leads to the heading's page on the web"
)
_HELP_FILES = (
    "link to its address on the web, or set `source_url`: then the link leads there by itself"
)
_HELP_ANCHOR = "GitHub makes it of the words of a heading"


class _FileAnchor(NamedTuple):
    """A file or folder of the project, and an anchor in it."""

    path: str
    anchor: str


class _WrittenLink(NamedTuple):
    """A link as it is written, and where."""

    written: str
    place: Location
    card: Location


class ProjectLinks:
    """Tells where links to the project lead from a card, and collects what is wrong with them."""

    def __init__(self, references: References, pages: LinkedPages, source_url: str = "") -> None:
        self._references = references
        self._pages = pages
        self._source_url = source_url
        self._broken: list[Diagnostic] = []
        self._dead_headings: list[_WrittenLink] = []
        self._dead_files: list[_WrittenLink] = []

    def address(self, written: str, entry: Entry) -> str | None:
        """The address on the web for a link to the project, None if the link becomes text."""
        target = self._target(written, entry)
        if target is None:
            message = f'"{written}" leads out of the project'
            help = "link to a page on the web, or to a file of the project"
            self._report_broken(written, entry, message, help)
            return None
        if not self._is_there(target, written, entry):
            return None
        address = self._on_web(target, entry)
        if address is None:
            self._report_dead(written, entry)
        return address

    def problems(self) -> Iterator[Diagnostic]:
        """Every broken link, and one problem for all others that become text, by their kind."""
        yield from self._broken
        if self._dead_headings:
            yield _dead("headings", self._dead_headings, _HELP_HEADINGS)
        if self._dead_files:
            yield _dead("files of the project", self._dead_files, _HELP_FILES)

    def _target(self, written: str, entry: Entry) -> _FileAnchor | None:
        """What a link means, None if it leads out of the project."""
        anchor = unquote(written.partition("#")[2])
        file = re.split(r"[?#]", written, maxsplit=1)[0]
        if not file:
            return _FileAnchor(entry.path, anchor)
        path = None
        # GitHub takes a percent-encoded reference and a plain one for the same file.
        for spelling in (file, unquote(file)):
            files = self._pages.folder
            path = inside_project(spelling, entry.path, files)
            if path is not None and self._pages.has(path):
                break
        if path is None:
            return None
        return _FileAnchor(path, anchor)

    def _is_there(self, target: _FileAnchor, written: str, entry: Entry) -> bool:
        """Whether a link leads somewhere on its own page; it is reported where it does not."""
        path, anchor = target
        if path != entry.path and not self._pages.has(path):
            message = f'there is no file "{path}" in the project'
            help = self._pages.nearest_file(path) or "fix the link, or add the file"
            self._report_broken(written, entry, message, help)
            return False
        if self._pages.may_have(path, anchor):
            return True
        message = f'"{path}" has no heading "#{anchor}"'
        help = self._pages.nearest_anchor(path, anchor) or _HELP_ANCHOR
        self._report_broken(written, entry, message, help)
        return False

    def _on_web(self, target: _FileAnchor, entry: Entry) -> str | None:
        """The address of a file or heading, by the settings."""
        path, anchor = target
        if path == entry.path and anchor in _TOP:  # "back to top" means nothing on a card
            return None
        url = self._source_url
        if "{path}" not in url or "{guid}" in url or path == ".":
            return None
        address = url.replace("{path}", quote(path)).replace("{anchor}", quote(anchor, safe=""))
        return address.removesuffix("#")

    def _link(self, code: str, written: str, entry: Entry) -> _WrittenLink:
        place = self._references.place(code, entry, written)
        return _WrittenLink(written, place, entry.location)

    def _report_broken(
        self,
        written: str,
        entry: Entry,
        message: str,
        help: str,
    ) -> None:
        link = self._link("broken-link", written, entry)
        self._broken.append(Diagnostic("broken-link", link.place, message, help))

    def _report_dead(self, written: str, entry: Entry) -> None:
        link = self._link("local-link", written, entry)
        if written.startswith("#") or not written:
            self._dead_headings.append(link)
        else:
            self._dead_files.append(link)


def _dead(what: str, links: Sequence[_WrittenLink], help: str) -> Diagnostic:
    """One problem for all links of a kind, at the first of them."""
    links = sorted(links, key=lambda link: link.place)
    first = links[0]
    if len(links) == 1:
        message = f'the link to "{first.written}" leads nowhere on a card, and is packed as text'
        return Diagnostic("local-link", first.place, message, help)
    cards: dict[Location, str] = {}
    for link in links:
        cards.setdefault(link.card, f"{link.place.path}:{link.place.line}")
    named = ", ".join(list(cards.values())[:_MOST_NAMED])
    more = len(cards) - _MOST_NAMED
    if more > 0:
        named += f" and {more} more"
    message = (
        f"{len(links)} links to {what} lead nowhere on a card, and are packed as text;"
        f" they are on {counted(len(cards), 'card')}: {named}"
    )
    return Diagnostic("local-link", first.place, message, help)
