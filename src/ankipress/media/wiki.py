"""`![[picture.png]]`, as Obsidian writes it: GitHub and ankipress show it as text."""

from __future__ import annotations

import html
import posixpath
import re

from ankipress.media.references import References
from ankipress.model import Entry

_LINK = re.compile(r"!\[\[([^\[\]|\n]+)(?:\|[^\[\]\n]*)?\]\]")
_NOT_TEXT = re.compile(r'<(pre|code)\b.*?</\1>|<[^>"]*(?:"[^"]*"[^>"]*)*>', re.DOTALL)


def report_wiki_links(field: str, references: References, entry: Entry) -> None:
    """Report each wiki link in the text of a field, with the Markdown for it as its fix.

    Links in code are left out, and there is no fix where the file is not known.
    """
    for link in _LINK.finditer(_NOT_TEXT.sub("\n", field)):
        written, name = html.unescape(link[0]), html.unescape(link[1]).strip()
        message = f'"{written}" is shown as text, on GitHub as well'
        path = references.called(name, entry)
        fix = None
        if path:
            alt, _ = posixpath.splitext(posixpath.basename(name))
            fix = f"![{alt}]({path})"
        references.report("wiki-link", entry, written, message, fix=fix)
