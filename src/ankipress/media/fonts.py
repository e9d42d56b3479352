"""Fonts of a project: files that only the style sheet names.

Anki imports such a file only if its name begins with `_`, and never replaces one that is there. So
the name changes with the content.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ankipress.diagnostics import Diagnostic, Location
from ankipress.media.media_folder import LARGEST, MediaFolder, Refusal, ending, readable
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
        if isinstance(font, str):
            help = f'`fonts` takes files of the project such as {use} = "fonts/my-font.woff2"'
            problems.append(Diagnostic("bad-font", place, font, help))
        else:
            files[font.name] = font
            rules += _rules(use, font.name)
    in_order = [files[name] for name in sorted(files)]
    return Fonts(tuple(in_order), "\n".join(rules), tuple(problems))


def _rule_order(setting: tuple[str, str]) -> tuple[bool, bool, str]:
    """The font of all text first, that of code last: of two rules, CSS applies the later one."""
    use, _ = setting
    return use != "text", use == "code", use


def _font(path: str, folder: MediaFolder) -> MediaFile | str:
    """The font in a file as it is packed, or what is wrong with it."""
    content = folder.find(posixpath.normpath(path))
    if isinstance(content, Refusal):
        return f'the font "{path}" {_REFUSALS[content]}'
    with content.open() as file:
        head = file.read(4)
    suffix = ending(path)
    _, signatures = FORMATS[suffix]
    if not head.startswith(signatures):
        return f'"{path}" is no font of the format {suffix}'
    stem, _ = posixpath.splitext(posixpath.basename(path))
    name = f"_ankipress-{readable(stem) or 'font'}-{content.digest[:16]}.{suffix}"
    return MediaFile(name, content)


_REFUSALS = {
    Refusal.MISSING: "is not there, or is spelled in another way",
    Refusal.OUTSIDE: "lies outside the project",
    Refusal.TOO_LARGE: f"has more than {LARGEST // 2**20} MiB, which Anki does not sync",
    Refusal.UNREADABLE: "cannot be read",
    Refusal.CHANGING: "changed while it was read",
}


def _rules(use: str, name: str) -> Iterator[str]:
    family = f"ankipress-{use.lower()}"
    css_format, _ = FORMATS[ending(name)]
    source = f'src: url("{name}") format("{css_format}")'
    yield f'@font-face {{ font-family: "{family}"; {source}; font-display: swap; }}'
    selector = _SELECTORS.get(use, f".card :lang({use}), .card:lang({use})")
    fallback = _FALLBACKS.get(use, "system-ui, sans-serif")
    yield f'{selector} {{ font-family: "{family}", {fallback}; }}'
