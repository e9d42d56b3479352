"""`![[picture.png]]`, as Obsidian writes it: GitHub and ankipress show it as text."""

from __future__ import annotations

import html
import posixpath
import re

from ankipress.media.html_elements import tags_of
from ankipress.media.references import References
from ankipress.model import Entry

_LINK = re.compile(r"!\[\[([^\[\]|\n]+)(?:\|[^\[\]\n]*)?\]\]")


def wiki_links(field: str, references: References, entry: Entry) -> None:
    """Report each one that stands in the text of a field, code aside, with the Markdown for it
    where its file is known.
    """
    position, code = 0, 0
    for tag in [*tags_of(field), None]:
        if not code:
            for found in _LINK.finditer(field[position : tag.start if tag else len(field)]):
                _report(html.unescape(found[0]), html.unescape(found[1]).strip(), references, entry)
        if tag is not None:
            code += (tag.name in {"code", "pre"}) * (-1 if tag.closes else 1)
            position = tag.end


def _report(written: str, name: str, references: References, entry: Entry) -> None:
    same = references.called(name, entry)
    message = f'"{written}" is shown as text, on GitHub as well'
    fix = f"![{posixpath.splitext(posixpath.basename(name))[0]}]({same})" if same else None
    references.report("wiki-link", entry, written, message, fix=fix)
