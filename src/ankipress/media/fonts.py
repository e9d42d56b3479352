"""Fonts of a project: files that only the style sheet names."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ankipress.diagnostics import Diagnostic, Location
from ankipress.media.content_check import check_content
from ankipress.media.media_folder import MediaFolder, Refusal, ending, static_name
from ankipress.media.refusals import Unpackable, explain_refusal
from ankipress.model import MediaFile

FORMATS: Mapping[str, tuple[str, tuple[bytes, ...]]] = {
    "woff2": ("woff2", (b"wOF2",)),
    "woff": ("woff", (b"wOFF",)),
    "ttf": ("truetype", (b"\0\1\0\0", b"true")),
    "otf": ("opentype", (b"OTTO", b"\0\1\0\0")),
}
"""The endings of fonts, each with its name in CSS and what such a file begins with."""
_FALLBACKS = {"code": "ui-monospace, monospace"}
_SELECTORS = {"text": ".card", "code": ".card code, .card pre, .card kbd, .card samp"}


@dataclass(frozen=True, slots=True)
class Fonts:
    """The font files of a package, the CSS that uses them, and the problems."""

    files: tuple[MediaFile, ...] = ()
    css: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()


def read_fonts(fonts: Mapping[str, str], folder: MediaFolder, place: Location) -> Fonts:
    """The fonts of a project.

    `fonts` are paths of files by what they are used for: `text`, `code` or a language. `place` is
    where they are set.
    """
    files: dict[str, MediaFile] = {}
    rules: list[str] = []
    problems: list[Diagnostic] = []
    for use, path in sorted(fonts.items(), key=_rule_order):
        font = _font(path, folder)
        if isinstance(font, Unpackable):
            help = font.help or f'{_HELP} such as {use} = "fonts/my-font.woff2"'
            problems.append(Diagnostic(font.code, place, font.reason, help))
        else:
            files[font.name] = font
            rules += _rules(use, font.name)
    in_order = [files[name] for name in sorted(files)]
    return Fonts(tuple(in_order), "\n".join(rules), tuple(problems))


def _rule_order(setting: tuple[str, str]) -> tuple[bool, bool, str]:
    """The font of all text first, that of code last: of two rules, CSS applies the later one."""
    use, _ = setting
    return use != "text", use == "code", use


def _font(path: str, folder: MediaFolder) -> MediaFile | Unpackable:
    """The font in a file as it is packed, or the problem."""
    content = folder.find(posixpath.normpath(path))
    if isinstance(content, Refusal):
        return _bad_font(f'the font "{path}" {_REFUSALS[content]}')
    try:
        wrong = check_content(path, content)
        with content.open() as file:
            head = file.read(4)
    except OSError:
        return _bad_font(f'the font "{path}" {_REFUSALS[Refusal.CHANGING]}')
    if wrong is not None:
        return _bad_font(f'the font "{path}" {wrong.reason}', wrong.help)
    suffix = ending(path)
    _, signatures = FORMATS[suffix]
    if not head.startswith(signatures):
        return _bad_font(f'"{path}" is no font of the format {suffix}')
    return MediaFile(static_name(path, content, "font"), content)


def _bad_font(message: str, help: str = "") -> Unpackable:
    return Unpackable("bad-font", message, help)


_HELP = "`fonts` takes files of the project"
_REFUSALS = {refusal: explain_refusal(refusal).reason for refusal in Refusal}
_REFUSALS |= {
    Refusal.MISSING: "is not there, or is spelled in another way",
    Refusal.OUTSIDE: "lies outside the project",
}


def _rules(use: str, name: str) -> Iterator[str]:
    family = f"ankipress-{use.lower()}"
    css_format, _ = FORMATS[ending(name)]
    source = f'src: url("{name}") format("{css_format}")'
    yield f'@font-face {{ font-family: "{family}"; {source}; font-display: swap; }}'
    selector = _SELECTORS.get(use, f".card :lang({use}), .card:lang({use})")
    fallback = _FALLBACKS.get(use, "system-ui, sans-serif")
    yield f'{selector} {{ font-family: "{family}", {fallback}; }}'
