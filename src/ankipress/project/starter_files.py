"""The files that a new deck starts with."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from importlib.resources import files

from ankipress.diagnostics import DOCUMENTATION, SCHEMAS

# The files of the starter, and where they go. In the package they have no leading dot, which would
# hide them.
_PLACES: Mapping[str, str] = {
    "ankipress.toml": "ankipress.toml",
    "cards.md": "cards.md",
    "gitignore": ".gitignore",
    "gitattributes": ".gitattributes",
    "Makefile": "Makefile",
}


def starter_files(name: str, uid: str) -> Iterator[tuple[str, bytes]]:
    """The paths and the contents of the files for a deck of this name and uid."""
    title = re.sub(r"[-_]+", " ", name).strip()
    values = {
        "documentation": DOCUMENTATION,
        "schemas": SCHEMAS,
        "name": name,
        "title": title[:1].upper() + title[1:],
        "uid": uid,
    }
    starter = files("ankipress.project.starter")
    for file, place in _PLACES.items():
        template = string.Template(starter.joinpath(file).read_text(encoding="utf-8"))
        text = template.safe_substitute(values).replace("\r\n", "\n")
        yield place, text.encode()
