"""Fonts: files that the style sheet names, and that every learner gets."""

from __future__ import annotations

import re

import pytest

from ankipress.diagnostics import Location
from ankipress.media.fonts import Fonts, read_fonts
from stages import Files

PLACE = Location("ankipress.toml", 3)
FILES = {
    "f/Amiri Regular.woff2": b"wOF2 amiri",
    "f/mono.ttf": b"\0\1\0\0 mono",
    "f/broken.woff2": b"<html>not found</html>",
    "f/renamed.woff": b"wOF2 amiri",
    "f/lfs.woff2": b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n",
    "f/cut.woff2": b"wOF2\0\1\0\0\0\0\x01\0 and so on",
}


def test_no_fonts() -> None:
    assert read_fonts({}, Files(FILES), PLACE) == Fonts()


def test_a_font_has_a_name_that_anki_imports_and_a_rule_that_uses_it() -> None:
    found = read_fonts({"ar": "f/Amiri Regular.woff2", "code": "./f/mono.ttf"}, Files(FILES), PLACE)
    assert found.diagnostics == ()
    assert [re.sub(r"[0-9a-f]{16}", "HASH", each.name) for each in found.files] == [
        "_ankipress-amiri-regular-HASH.woff2",
        "_ankipress-mono-HASH.ttf",
    ]
    assert all(f'url("{each.name}")' in found.css for each in found.files)
    assert [line.partition(";")[0] for line in found.css.split("\n")] == [
        '@font-face { font-family: "ankipress-ar"',
        '.card :lang(ar), .card:lang(ar) { font-family: "ankipress-ar", system-ui, sans-serif',
        '@font-face { font-family: "ankipress-code"',
        (
            '.card code, .card pre, .card kbd, .card samp { font-family: "ankipress-code", '
            "ui-monospace, monospace"
        ),
    ]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        pytest.param("f/none.woff2", 'the font "f/none.woff2" is not there', id="missing"),
        pytest.param("f/broken.woff2", 'the font "f/broken.woff2" is a web page', id="no font"),
        pytest.param(
            "f/lfs.woff2", 'the font "f/lfs.woff2" is a pointer of Git LFS', id="a pointer"
        ),
        pytest.param("f/cut.woff2", 'the font "f/cut.woff2" is cut off', id="cut off"),
        pytest.param(
            "f/renamed.woff", '"f/renamed.woff" is no font of the format woff', id="another format"
        ),
    ],
)
def test_what_is_no_font_is_told(path: str, message: str) -> None:
    found = read_fonts({"text": path}, Files(FILES), PLACE)
    assert (found.files, found.css) == ((), "")
    assert [each.message.startswith(message) for each in found.diagnostics] == [True]
