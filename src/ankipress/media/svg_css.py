"""Style sheets inside pictures: without rules and values that fetch something or run it."""

from __future__ import annotations

import re

_ACTIVE = re.compile(r"[(@:\\]")
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_ESCAPE = re.compile(
    r"\\(?:([0-9a-fA-F]{1,6})(?:\r\n|[ \t\r\n\f])?|(\r\n|[\n\r\f])|(.))", re.DOTALL
)
_IMPORT = re.compile(r"@import\b[^;]*(?:;|\Z)", re.IGNORECASE)
_ALLOWED = r"""\s*["']?\s*(?:#|data:(?:image/(?:png|jpeg|jpg|gif|webp|avif)|font/|application/(?:x-)?font)[^"')]*)"""
_URL = re.compile(
    rf"""\b(?:url|src)\((?!{_ALLOWED})(?:"[^"]*"|'[^']*'|[^)"'])*\)?""", re.IGNORECASE
)
_IMAGE_SET = re.compile(r"""(?:-webkit-)?image(?:-set)?\(\s*["'][^)]*\)?""", re.IGNORECASE)
_ACTS = re.compile(
    r"expression\s*\(|-moz-binding|behavior\s*:|javascript:|vbscript:", re.IGNORECASE
)
_SUSPICIOUS = (_IMPORT, _URL, _IMAGE_SET, _ACTS)


def harmless_css(css: str) -> str:
    """CSS without imports, remote addresses and code; the same text where it has none, nothing
    where they cannot be told.
    """
    if not _ACTIVE.search(css) or not _is_suspicious(css):
        return css
    mended = _IMAGE_SET.sub("none", _URL.sub("none", _IMPORT.sub("", css)))
    return "" if _is_suspicious(mended) else mended


def _is_suspicious(css: str) -> bool:
    """Whether something in it fetches or runs, read as a browser does: comments away, escapes
    resolved.
    """
    read = _ESCAPE.sub(_unescaped, _COMMENT.sub("", css))
    return any(pattern.search(text) for pattern in _SUSPICIOUS for text in (css, read))


def _unescaped(found: re.Match[str]) -> str:
    if found[1]:
        number = int(found[1], 16)
        return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
    return found[3] or ""
