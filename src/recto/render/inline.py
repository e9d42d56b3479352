"""GitHub's inline constructs that bind tighter than emphasis and links: escapes, code, mathematics, autolinks, raw HTML.

One pass from left to right, so that whichever begins first holds: a backtick inside a tag is no code, a tag in code no tag.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.util import ETX, STX, AtomicString, code_escape

from recto.render.math import MATH, math_of

_PUNCTUATION = r"[!-/:-@\[-`{-~]"
_ATTRIBUTE = r"""(?:\s+[a-zA-Z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?)"""
_HTML = (
    rf"<[a-zA-Z][a-zA-Z0-9-]*{_ATTRIBUTE}*\s*/?>|</[a-zA-Z][a-zA-Z0-9-]*\s*>"
    r"|<!--(?:-?>|(?s:.*?)-->)|<\?(?s:.*?)\?>|<![A-Za-z][^>]*>"
)
_LITERAL = (
    rf"{MATH}|\\(?P<escaped>{_PUNCTUATION})|\\(?P<break>\n)"
    r"|(?<!`)(?P<ticks>`+)(?!`)(?P<code>(?s:.+?))(?<!`)(?P=ticks)(?!`)|(?P<no_code>`+)"
    r"|<(?P<address>[a-zA-Z][a-zA-Z0-9+.-]{1,31}:[^\s<>\x00-\x1f]*)>"
    r"|<(?P<mail>[\w.!#$%&'*+/=?^`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9-]{1,63})*)>"
    rf"|(?P<html>{_HTML})"
)
_BARE = (
    r"(?<![\w/.\x03-])(?:(?P<url>(?:https?://|www\.)[^\s<\x02]+)|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-zA-Z0-9]+(?![\w-])))"
)


class InlineExtension(Extension):
    """Replaces Python-Markdown's own patterns for these."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Python-Markdown's
        """Put the patterns in place: literal text before all others, bare addresses behind links."""
        for name in ("backtick", "escape", "autolink", "automail", "html"):
            md.inlinePatterns.deregister(name)
        md.inlinePatterns.register(_Literal(_LITERAL, md), "recto_literal", 190)
        md.inlinePatterns.register(_Bare(_BARE, md), "recto_bare", 115)


class _Literal(InlineProcessor):
    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        return self._node(m), m.start(), m.end()

    def _node(self, found: re.Match[str]) -> Element | str:
        groups = found.groupdict()
        if groups["escaped"]:
            return f"{STX}{ord(groups['escaped'])}{ETX}"
        if groups["code"] is not None:
            return _code(groups["code"])
        if groups["break"]:
            return Element("br")
        if groups["address"] or groups["mail"]:
            return _link(groups["address"] or groups["mail"], "" if groups["address"] else "mailto:")
        if groups["html"]:
            return self.md.htmlStash.store(groups["html"])
        math = math_of(found)
        # Ticks that nothing closes are text: as an escaped tick each, or they would be tried again.
        return self.md.htmlStash.store(math) if math else "".join(f"{STX}{ord(tick)}{ETX}" for tick in groups["no_code"])


def _code(text: str) -> Element:
    text = text.replace("\n", " ")
    if text.startswith(" ") and text.endswith(" ") and text.strip(" "):
        text = text[1:-1]
    element = Element("code")
    element.text = AtomicString(code_escape(text))
    return element


def _link(address: str, scheme: str) -> Element:
    element = Element("a", href=scheme + address)
    element.text = AtomicString(code_escape(address))
    return element


class _Bare(InlineProcessor):
    """An address that stands in a text as it is (GitHub's autolinks)."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        if m["mail"]:
            return _link(m["mail"], "mailto:"), m.start(), m.end()
        address = _trimmed(m["url"])
        if "." not in address.partition("//")[2] and not address.startswith("www."):
            return None, None, None
        return _link(address, "" if "://" in address else "http://"), m.start(), m.start() + len(address)


def _trimmed(address: str) -> str:
    """An address without the punctuation of the sentence around it; a bracket belongs to it if it opened in it."""
    while True:
        shorter = re.sub(r"(?:[?!.,:*_~'\"]+|&[a-zA-Z0-9]+;)$", "", address)
        if shorter.endswith(")") and shorter.count(")") > shorter.count("("):
            shorter = shorter[:-1]
        if shorter == address:
            return address
        address = shorter
