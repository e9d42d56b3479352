"""How a card refers to media, by the names that Anki has for them."""

from __future__ import annotations

import html as html_module
import posixpath
import re
from collections.abc import Mapping
from urllib.parse import quote, unquote

from ankipress.importing.import_plan import media_address
from ankipress.media.media_folder import MediaFolder, Refusal, media_name, readable

_REFERENCE = re.compile(r'\s(?:src|srcset)="([^"]*)"|\[sound:([^\[\]]*)\]')
_HASHED = re.compile(r"(?P<stem>.+)-[0-9a-f]{16}(?P<ending>\.[^.]+)")


class MediaAddresses:
    """The addresses of media in one file: as its cards have them, or else those in `media/`."""

    def __init__(
        self,
        path: str,
        folder: MediaFolder,
    ) -> None:
        self._path = path
        self._folder = folder
        self._refer = media_address(path)
        self._known: dict[str, str] = {}

    def learn(
        self,
        written: Mapping[str, str],
        resolved: Mapping[str, str],
    ) -> None:
        """Know the addresses that a card has: of its fields as written, and as Anki has them."""
        for name, html in written.items():
            addresses = _references(html)
            names = map(unquote, _references(resolved.get(name, "")))
            if len(addresses) == len(_references(resolved.get(name, ""))):
                self._known.update(
                    zip(
                        names,
                        addresses,
                        strict=True,
                    )
                )

    def address(self, name: str) -> str:
        """The address of a file, by its name in Anki."""
        if name in self._known:
            return self._known[name]
        address = self._known[name] = self._found(name)
        return address

    def _found(self, name: str) -> str:
        found = _HASHED.fullmatch(name)
        if found is None:
            return self._refer(name)
        for path in self._folder.names():
            stem, ending = posixpath.splitext(posixpath.basename(path))
            if readable(stem) != found["stem"] or ending.lower() != found["ending"]:
                continue
            content = self._folder.find(path)
            if not isinstance(content, Refusal) and media_name(path, content) == name:
                folder = posixpath.dirname(self._path) or "."
                return quote(posixpath.relpath(path, folder), safe="/!$&'*+,;=:@~-._")
        return self._refer(name)


def _references(html: str) -> list[str]:
    pairs = _REFERENCE.findall(html)
    return [html_module.unescape(one or other) for one, other in pairs]
