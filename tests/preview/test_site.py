"""The site as files: complete, without links that lead nowhere, and the same bytes each time."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from ankipress.build.pipeline import compile_deck
from ankipress.model import State
from ankipress.preview.site.content import PAGE, Download, Publication
from ankipress.preview.site.pages import make_site
from ankipress.project.reading import read_workspace
from pages import ROOT

DOWNLOAD = Download("deck-1.0.0.apkg", b"x" * 12_345)


def publication(folder: Path, **changes: object) -> Publication:
    project = read_workspace([folder]).project
    made = Publication(
        project.settings,
        compile_deck(project, time=1),
        (DOWNLOAD,),
        "# Changes\n\n## 1.0.0\n\nAll of it.\n",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def of_text(folder: Path, text: str, **changes: object) -> dict[str, bytes]:
    (folder / "cards.md").write_text(text, encoding="utf-8")
    return make_site(publication(folder, **changes))


@pytest.fixture(scope="module")
def showcase() -> dict[str, bytes]:
    return make_site(publication(ROOT / "examples"))


class _References(HTMLParser):
    """What a page asks for or leads to, those in shadow roots too, and the ids that it has."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self._inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside += tag == "template"
        values = {name: value or "" for name, value in attrs}
        inside_card = tag == "a" and values.get("href", "").startswith("#") and self._inside
        self.found += [
            (tag, values[name])
            for name in ("href", "src", "poster")
            if values.get(name) and not inside_card
        ]
        if "id" in values and not self._inside:
            self.ids.append(values["id"])

    def handle_endtag(self, tag: str) -> None:
        self._inside -= tag == "template"


def references(page: bytes) -> _References:
    parser = _References()
    parser.feed(page.decode())
    return parser


def pages(site: Mapping[str, bytes]) -> dict[str, bytes]:
    return {path: content for path, content in site.items() if path.endswith(".html")}


def test_the_same_deck_gives_the_same_bytes(showcase: dict[str, bytes]) -> None:
    assert make_site(publication(ROOT / "examples")) == showcase


def test_every_link_leads_somewhere(showcase: dict[str, bytes]) -> None:
    ids = {path: set(references(page).ids) for path, page in pages(showcase).items()}
    lost = []
    for path, page in pages(showcase).items():
        for tag, reference in references(page).found:
            url = urlsplit(reference)
            if url.scheme:
                assert tag == "a" or reference == "data:,", f"{path} asks for {reference}"
                continue
            target = (
                posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(url.path)))
                if url.path
                else path
            )
            if target not in showcase or (url.fragment and url.fragment not in ids[target]):
                lost.append(f"{path}: {reference}")
    assert lost == []


def test_no_id_stands_twice_on_a_page(showcase: dict[str, bytes]) -> None:
    for path, page in pages(showcase).items():
        ids = references(page).ids
        assert len(ids) == len(set(ids)), path


def test_every_note_has_a_page_of_its_own(showcase: dict[str, bytes]) -> None:
    notes = publication(ROOT / "examples").compiled.package.notes
    assert {f"cards/{note.guid}.html" for note in notes} == {
        path for path in showcase if path.startswith("cards/")
    }
    deck = showcase["decks/showcase.html"].decode()
    assert [note.guid for note in notes] == re.findall(
        r'<article class="note" id="([a-z0-9]+)"', deck
    )


def test_every_file_of_the_package_is_there(showcase: dict[str, bytes]) -> None:
    media = publication(ROOT / "examples").compiled.package.media
    assert {f"media/{each.name}" for each in media} <= set(showcase)
    assert showcase["deck-1.0.0.apkg"] == DOWNLOAD.content


def test_the_first_page_offers_the_package_with_version_and_size(tmp_path: Path) -> None:
    site = of_text(tmp_path, "# Deck\n\n## Q {.t}\n\nA\n")
    first = site["index.html"].decode()
    assert re.search(
        r'<a class="button" href="deck-1.0.0.apkg" download>Download \S+ 0.1.0 '
        r"<span[^>]*>.apkg, 13 kB</span></a>",
        first,
    )
    without = of_text(tmp_path, "# Deck\n\n## Q\n\nA\n", downloads=())
    assert "download>" not in without["index.html"].decode()
    assert "deck-1.0.0.apkg" not in without


def test_several_packages_are_offered_by_their_names(tmp_path: Path) -> None:
    two = (Download("a-1.0.0.apkg", b"a"), Download("b-1.0.0.apkg", b"b"))
    first = of_text(tmp_path, "## Q\n\nA\n", downloads=two)["index.html"].decode()
    assert re.findall(r"download>Download (\S+) ", first) == ["a-1.0.0", "b-1.0.0"]
    assert first.count("SHA-256 of") == 2


def test_without_a_changelog_there_is_no_page_of_changes(tmp_path: Path) -> None:
    site = of_text(tmp_path, "## Q\n\nA\n", changelog=" \n")
    assert "changes.html" not in site
    assert "changes.html" not in site["index.html"].decode()


def test_mathjax_goes_along_only_where_there_are_formulas(
    tmp_path: Path, showcase: dict[str, bytes]
) -> None:
    assert "assets/mathjax.js" in showcase
    assert "assets/mathjax.js" not in of_text(tmp_path, "## Q\n\nA\n")


def test_formulas_can_be_read_without_scripts(tmp_path: Path) -> None:
    site = of_text(tmp_path, "## What is $e^x$?\n\n$$\\frac{1}{2} < 3$$\n")
    [page] = [content.decode() for path, content in site.items() if path.startswith("cards/")]
    assert "\\(e^x\\)" in page
    assert "\\[\\frac{1}{2} &lt; 3\\]" in page


def test_a_large_deck_is_cut_into_pages(tmp_path: Path) -> None:
    text = "# Big\n\n" + "".join(
        f"## Question {number}\n\nAnswer {number}\n\n" for number in range(PAGE + 1)
    )
    site = of_text(tmp_path, text)
    assert [
        site[name].count(b'<article class="note"')
        for name in ("decks/big.html", "decks/big-2.html")
    ] == [PAGE, 1]


@pytest.mark.parametrize(
    ("names", "files"),
    [
        pytest.param(["A"], ["a"], id="one"),
        pytest.param(["A::B", "A"], ["a-b", "a"], id="nested"),
        pytest.param(["日本"], [r"[0-9a-f]{8}"], id="no letters"),
        pytest.param(["A b", "a-B"], [r"a-b-[0-9a-f]{8}"] * 2, id="alike"),
        pytest.param(
            ["A", "A 2"],
            [r"a-[0-9a-f]{8}", r"a-2-[0-9a-f]{8}"],
            id="like the second page of another",
        ),
    ],
)
def test_each_deck_has_a_file_of_its_own(
    tmp_path: Path, names: list[str], files: list[str]
) -> None:
    for number, name in enumerate(names):
        (tmp_path / "cards").mkdir(exist_ok=True)
        (tmp_path / "cards" / f"{number}.md").write_text(
            f"---\ndeck: {name}\n---\n## Q {number}\n\nA\n", encoding="utf-8"
        )
    site = make_site(publication(tmp_path))
    found = re.findall(r'<li><a href="decks/(.*?)\.html">', site["index.html"].decode())
    assert len(set(found)) == len(files)
    for pattern, file in zip(files, found, strict=True):
        assert re.fullmatch(pattern, file)


def test_who_looks_for_a_retired_card_is_told(tmp_path: Path) -> None:
    (tmp_path / "cards.md").write_text("## Q & A <b>\n\nA\n", encoding="utf-8")
    made = publication(tmp_path)
    [record] = made.compiled.stamped.lock.records
    gone = replace(record, guid="gone", state=State.RETIRED)
    lock = replace(made.compiled.stamped.lock, records=(record, gone))
    compiled = replace(made.compiled, stamped=replace(made.compiled.stamped, lock=lock))
    page = make_site(replace(made, compiled=compiled))["cards/gone.html"].decode()
    assert "no longer in the deck" in page
    assert "<code>Key:gone</code>" in page
    assert "Q &amp; A" in page


def test_a_deck_of_drafts_has_an_empty_site(tmp_path: Path) -> None:
    site = of_text(tmp_path, "# Deck\n\n## Q {draft}\n\nA\n", downloads=())
    assert b"0 notes" in site["index.html"]


def test_a_tombstone_has_no_card_to_show(tmp_path: Path) -> None:
    (tmp_path / "cards.md").write_text("## Q\n\nA\n", encoding="utf-8")
    made = publication(tmp_path)
    package = made.compiled.package
    stone = replace(package.notes[0], guid="stone", ords=())
    compiled = replace(made.compiled, package=replace(package, notes=(*package.notes, stone)))
    assert make_site(replace(made, compiled=compiled)) == make_site(made)


def test_nothing_of_a_project_is_taken_for_html(tmp_path: Path) -> None:
    (tmp_path / "ankipress.toml").write_text(
        'name = "d"\ndescription = "a <script>x</script> & b"\n', encoding="utf-8"
    )
    site = of_text(tmp_path, '---\ndeck: "<i>D</i>"\ntags: [\'<u>\']\n---\n## `<b>`"x" {#a}\n\nA\n')
    for path, page in pages(site).items():
        outside = re.sub(r"<template.*?</template>", "", page.decode(), flags=re.DOTALL)
        assert not re.search(r"<(i|u|b)>(?!Import|File|⋮|Update)", outside), path
        assert "<script>" not in outside, path
