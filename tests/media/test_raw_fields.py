"""Files that are named in HTML which is packed as it is: found by name; all else stays."""

from __future__ import annotations

import pytest

from ankipress.diagnostics import Location
from ankipress.media.media_folder import media_name
from ankipress.media.raw_fields import named_in_raw
from ankipress.media.references import References
from ankipress.model import Attributes, Entry, LoadedContent, Part
from stages import Files

PATHS = ("media/a.png", "media/deep/a.png", "media/b c&d.png", "x/s.mp3", "notes.txt")


def entry_of(html: str) -> Entry:
    return Entry(
        Location("cards/a.md", 1, 1, 1),
        "Q",
        {"Back": Part(html, 3)},
        "geo",
        Attributes(),
        (),
        "",
        "",
    )


def named(html: str) -> tuple[str, References]:
    references = References(Files({path: f"\0{path}".encode() for path in PATHS}), {})
    return named_in_raw(html, references, entry_of(html)), references


def name_of(path: str) -> str:
    return media_name(path, LoadedContent(f"\0{path}".encode()))


@pytest.mark.parametrize(
    ("html", "path"),
    [
        ('<img src="{}">', "media/a.png"),
        ("<IMG class=x SRC={}>", "media/a.png"),
        ("<video poster='{}'>", "media/a.png"),
        ("[sound:{}]", "x/s.mp3"),
        ("<object data={}>", "x/s.mp3"),
        ("<b/><br/><script>a<b</script><img src='{}' onerror=x>", "media/a.png"),
    ],
)
def test_a_file_is_found_by_its_name(html: str, path: str) -> None:
    changed, references = named(html.format(path.rpartition("/")[2]))
    assert changed == html.format(name_of(path))
    assert (list(references.files), references.problems) == ([name_of(path)], [])


@pytest.mark.parametrize("written", ["b c&amp;d.png", "b%20c&amp;d.png", "b c&d.png"])
def test_a_name_may_be_escaped(written: str) -> None:
    changed, references = named(f'<img src="{written}">')
    assert list(references.files) == [name_of("media/b c&d.png")]
    assert changed == f'<img src="{name_of("media/b c&d.png")}">'


@pytest.mark.parametrize(
    "html",
    [
        "<img src=https://example.org/a.png>",
        "<img src=''>",
        '<a href="a.png">a.png</a> src="a.png"',
        "<!-- <img src=a.png> -->",
    ],
)
def test_what_names_no_file_of_the_project_stays(html: str) -> None:
    changed, references = named(html)
    assert (changed, references.files, references.problems) == (html, {}, [])


@pytest.mark.parametrize("name", ["gone.png", "A.png", "../secret.png", "notes.txt"])
def test_what_is_not_there_stays_and_is_told(name: str) -> None:
    html = f'<img src="{name}">'
    changed, references = named(html)
    assert (changed, references.files) == (html, {})
    assert [each.code for each in references.problems] == ["missing-media"]


def test_a_file_that_learners_have_keeps_its_name_and_the_html_every_byte() -> None:
    content = LoadedContent(b"\0media/a.png")
    references = References(Files({"media/a.png": content.data}), {"a.png": content.digest})
    html = "<IMG SRC='a.png'> <img src=a%2Epng>"
    assert named_in_raw(html, references, entry_of(html)) == html
    assert list(references.files) == ["a.png"]
