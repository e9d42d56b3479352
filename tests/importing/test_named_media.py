"""The files that notes and note types name are those that Anki takes for media."""

from __future__ import annotations

import time

import pytest

from ankipress.importing.imported_deck import (
    ImportedField,
    ImportedNote,
    ImportedTemplate,
    ImportedType,
)
from ankipress.importing.readers.named_media import named_media


def names(field: str = "", template: str = "", css: str = "") -> tuple[str, ...]:
    templates = (ImportedTemplate("C", template, ""), ImportedTemplate("D", "", template))
    note_type = ImportedType(1, "T", 0, False, (ImportedField("F"),), templates, css)
    note = ImportedNote("g", 1, 1, 0, (field,), (), "D")
    return named_media([note_type], [note])


FIELDS = {
    '<img src="a.png">': ["a.png"],
    "<IMG alt='x' SRC='a b.png'/>": ["a b.png"],
    "<img class=x src=a.png>": ["a.png"],
    '<img\nsrc = "ü &amp; &quot;b&quot;.png">': ['ü & "b".png'],
    '<img alt="1 < 2" src="a.png">': ["a.png"],
    "[sound:a &amp; b.mp3] [sound:c.mp3]": ["a & b.mp3", "c.mp3"],
    '<video poster="p.png" src="v.mp4"><source src="w.mp4"></video>': ["p.png", "v.mp4", "w.mp4"],
    '<object data="o.pdf"></object><audio src="a.ogg">': ["a.ogg", "o.pdf"],
    '<b>x</b><i><img data-src="no.png" src="yes.png">': ["yes.png"],
    '<img src="https://example.org/a.png"><img src="data:image/png;base64,xx">': [],
    '<a href="a.pdf">x</a> src="b.png" &lt;img src="c.png"&gt;': [],
    '<img src=""><img src="{{Name}}.png"><imgs src="d.png"><img>': [],
    "[sound:]": [],
}


@pytest.mark.parametrize("field", FIELDS)
def test_files_in_fields(field: str) -> None:
    assert list(names(field)) == FIELDS[field]
    assert list(names(template=field)) == FIELDS[field]


def test_files_in_templates_and_styles() -> None:
    template = (
        "<style>b { background: url(_a.png) } @font-face { src: url('_f.woff2') }</style>don't"
        '<div style="background: url(&quot;_b.png&quot;)"><script src="_s.js"></script>'
        '<svg><use href="#x"/><image href="_i.png"/></svg>{{Name}}'
    )
    assert list(names(template=template)) == [
        "_a.png",
        "_b.png",
        "_f.woff2",
        "_i.png",
        "_s.js",
    ]
    assert list(names(css='@import "_c.css"; a { b: url( "_d.png" ) } /* url(no.png) */')) == [
        "_c.css",
        "_d.png",
    ]


@pytest.mark.parametrize(
    "piece",
    ["<img ", "<img src=", "<img a='", '<img b="<', "[sound:", "<!--", "<style>", "url(", 'url("'],
)
def test_no_text_takes_long(piece: str) -> None:
    text = piece * 100_000
    start = time.process_time()
    names(text, text, text)
    assert time.process_time() - start < 3  # tenths of a second; where it grows faster, minutes
