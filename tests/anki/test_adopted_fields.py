"""Fields of learners' note types in the real Anki: they arrive as they are written, with their
files, and show nothing in the preview that could act.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ankipress.cli.main import run
from ankipress.importing.imported_deck import ImportedField, ImportedTemplate, ImportedType
from ankipress.importing.note_type_files import note_type_files
from ankipress.model import TextMode
from author import Author, picture
from learner import Learner

SETTINGS = {"name": "geo", "uid": "fields-of-learners", "sources": ["cards.md"]}
FIELD = {"sticky": False, "rtl": False, "font": "Arial", "size": 20}
NAMES = ("Country / info", "Key", "Source")
TYPE = ImportedType(
    id=1234567890123,
    name="Geography",
    mod=1_700_000_000,
    cloze=False,
    fields=tuple(ImportedField(name, FIELD) for name in NAMES),
    templates=(
        ImportedTemplate(
            "Card 1",
            "<script>x()</script>{{Country / info}}",
            "{{FrontSide}}<hr>{{Key}}{{Source}}",
            {"bqfmt": "", "bafmt": "", "did": None},
        ),
    ),
    css="",
    settings={"sortf": 0, "did": 1, "latexPre": "", "latexPost": "", "usn": 0, "req": []},
)
RAW = """\
<script>alert(1)</script><img src=a.png onerror="alert(2)"><IMG SRC='a.png'>

[sound:s.mp3] {{c1::x}} [latex]y[/latex] <b data-x='1'>z</b><br/>"""
CARDS = f"""\
# Europe

## *Norway* {{kind=geo ."a,b" ."{{x}}"}}

Oslo
fjord ![](s.mp3)

### Source

<https://example.org/?a=1&b=2>

## Label {{kind=geo}}

### Country / info

Two

lines

### Key

```{{=html}}
{RAW}
```
"""


@pytest.fixture
def author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Author:
    author = Author(tmp_path / "deck", monkeypatch, SETTINGS)
    author.write("a.png", picture(3))
    author.write("s.mp3", b"ID3\x04\0\0\0\0\0\0")
    modes = (TextMode.LINES, TextMode.LINES, TextMode.BARE)
    for path, text in note_type_files(TYPE, "geo", modes).items():
        author.write(path, text)
    author.write("cards.md", CARDS)
    return author


def test_they_arrive_as_they_are_written(author: Author, tmp_path: Path) -> None:
    with Learner(tmp_path / "learner") as learner:
        assert len(learner.import_package(author.release("1.0.0")).new) == 2
        by_first = {note.fields[NAMES[0]]: note for note in learner.notes().values()}
        [image] = [name for name in learner.media() if name.endswith(".png")]
        [sound] = [name for name in learner.media() if name.endswith(".mp3")]
        first = by_first["<em>Norway</em>"]
        assert first.fields["Key"] == f"Oslo<br>fjord [sound:{sound}]"
        assert first.fields["Source"] == "&lt;https://example.org/?a=1&amp;b=2&gt;"
        assert {"a,b", "{x}"} <= set(first.tags)
        expected = RAW.replace("a.png", image).replace("s.mp3", sound)
        assert by_first["Two<br><br>lines"].fields["Key"] == expected


def test_nothing_of_them_acts_in_the_preview(author: Author) -> None:
    author.release("1.0.0")
    assert run(["site", "--output", "pages"]) == 0
    for page in (author.folder / "pages").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "onerror" not in text
        assert "alert(" not in text
        assert "x()" not in text
