"""Code: colours by Pygments classes, and the style sheet that gives those classes their colours."""

from __future__ import annotations

import functools
import html
from collections.abc import Iterator

from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pygments.style import Style
from pygments.token import STANDARD_TYPES, Token, _TokenType
from pygments.util import ClassNotFound
from rapidfuzz import fuzz, process

from recto.render.styles import RectoDark, RectoLight

PLAIN = frozenset({"", "text", "txt", "plain", "plaintext", "output", "none"})
_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True)


@functools.cache
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def is_known(language: str) -> bool:
    """Whether code of this language can be coloured, or asks for no colour."""
    return language.lower() in PLAIN or _lexer(language.lower()) is not None


@functools.cache
def nearest_language(language: str) -> str | None:
    """The known name that looks most like this one, or None where none does."""
    names = sorted({alias for _, aliases, _, _ in get_all_lexers() for alias in aliases})
    best = process.extractOne(language.lower(), names, scorer=fuzz.ratio, score_cutoff=70)
    return str(best[0]) if best else None


def highlighted(code: str, language: str) -> str:
    """A block of code as HTML; its text is the code, to the character. An unknown language is shown plain."""
    language = language.lower()
    lexer = None if language in PLAIN else _lexer(language)
    body = highlight(code, lexer, _FORMATTER) if lexer else html.escape(code, quote=False)
    name = f' class="language-{html.escape(language)}"' if language else ""
    return f'<pre class="highlight"><code{name}>{body}</code></pre>'


@functools.cache
def stylesheet() -> str:
    """The colours of code, light and for Anki's night mode: a rule for all token types that look the same."""
    return "\n".join((*_rules(RectoLight, ""), *_rules(RectoDark, ".nightMode ")))


def _rules(style: type[Style], scope: str) -> Iterator[str]:
    plain = _declarations(style, Token)
    groups: dict[str, list[str]] = {}
    for token, short in sorted(STANDARD_TYPES.items(), key=lambda each: each[1]):
        if short and (declarations := _declarations(style, token)) != plain:
            groups.setdefault(declarations, []).append(f"{scope}.highlight .{short}")
    yield f"{scope}.highlight {{ {plain}; background: {style.background_color}; }}"
    for declarations, selectors in groups.items():
        yield f"{', '.join(selectors)} {{ {declarations}; }}"


def _declarations(style: type[Style], token: _TokenType) -> str:
    described = style.style_for_token(token)
    font = "; font-weight: bold" * described["bold"] + "; font-style: italic" * described["italic"]
    return f"color: #{described['color']}{font}"
