"""Style sheets inside pictures: without rules and values that fetch something or run it."""

from __future__ import annotations

import re

_ACTIVE = re.compile(r"[(@:\\]")
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_ESCAPE = re.compile(
    r"\\(?:([0-9a-fA-F]{1,6})(?:\r\n|[ \t\r\n\f])?|(\r\n|[\n\r\f])|(.))", re.DOTALL
)
_IMPORT = re.compile(r"@import\b[^;]*(?:;|\Z)", re.IGNORECASE)
_URL = re.compile(
    r"""\b(?:url|src)\(
    # Allowed are parts of the picture, and pictures and fonts that are written into it.
    (?!\s*["']?\s*(?:\#|data:(?:image/(?:png|jpeg|jpg|gif|webp|avif)
        |font/|application/(?:x-)?font)[^"')]*))
    (?:"[^"]*"|'[^']*'|[^)"'])*\)?""",
    re.IGNORECASE | re.VERBOSE,
)
_IMAGE_SET = re.compile(r"""(?:-webkit-)?image(?:-set)?\(\s*["'][^)]*\)?""", re.IGNORECASE)
_ACTS = re.compile(
    r"expression\s*\(|-moz-binding|behavior\s*:|javascript:|vbscript:", re.IGNORECASE
)
_SUSPICIOUS = (_IMPORT, _URL, _IMAGE_SET, _ACTS)


def sanitize_css(css: str) -> str:
    """CSS without imports, remote addresses and code.

    It is the same text where it has none, and empty where they cannot be told from the rest.
    """
    if not _ACTIVE.search(css) or not _is_suspicious(css):
        return css
    cleaned = _IMPORT.sub("", css)
    for pattern in (_URL, _IMAGE_SET):
        cleaned = pattern.sub("none", cleaned)
    if _is_suspicious(cleaned):
        return ""
    return cleaned


def _is_suspicious(css: str) -> bool:
    """Whether something in it fetches or runs, also where comments and escapes disguise it."""
    plain = unescape_css(_COMMENT.sub("", css))
    return any(pattern.search(text) for pattern in _SUSPICIOUS for text in (css, plain))


def unescape_css(text: str) -> str:
    """A text of CSS with the characters that its escapes stand for."""
    return _ESCAPE.sub(_unescaped, text)


def _unescaped(escape: re.Match[str]) -> str:
    digits, _, other = escape.groups()
    if not digits:
        return other or ""
    number = int(digits, 16)
    is_surrogate = 0xD800 <= number < 0xE000
    if is_surrogate or not 0 < number < 0x110000:
        return "\ufffd"
    return chr(number)
