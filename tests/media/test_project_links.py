"""Links of cards to headings and files of their project: where they lead, and what is said."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from ankipress.cli.main import run
from ankipress.diagnostics import Diagnostic, Location
from ankipress.media.resolve import ResolvedMedia, resolve_media
from ankipress.model import Note, Source
from ankipress.project.settings import Settings
from ankipress.syntax.anchors import page_anchors
from parsing import parse
from stages import Files, render_notes

URL = "https://example.org/{path}#{anchor}"


def card(question: str, answer: str) -> str:
    return f"## {question}\n\n{answer}\n"


PAGES = {
    "cards.md": card("A *b* `C`? {#own}", "An answer.") + '\n<a name="named"></a>\n',
    "notes/a b.md": "Title\n=====\n\n# One {#two}\n## One\n<a id='x'></a>",
}
FILES = {"data.csv": b"", "x.pdf": b"", "s.mp3": b"s"}


def resolve(text: str, source_url: str = "", pages: Mapping[str, str] = PAGES) -> ResolvedMedia:
    """The cards of a page, rendered, with their links resolved."""
    sources = [Source("cards.md", text), Source("notes/cards.md", "")]
    entries = parse(sources, Settings()).entries
    notes = [Note(f"guid{number}", number, each, "Q", "") for number, each in enumerate(entries)]
    rendered = render_notes(notes, Settings()).notes
    folder = Files({**FILES, **{path: page.encode() for path, page in pages.items()}})
    shown = [Source("cards.md", text + pages.get("cards.md", ""))]
    return resolve_media(rendered, folder, shown, source_url)


def back(resolved: ResolvedMedia) -> str:
    return resolved.notes[0].fields["Back"]


def told(text: str) -> list[Diagnostic]:
    return list(resolve(text).diagnostics)


def meant(text: str, location: Location) -> str:
    """The span of a text that a place means."""
    start = location.column - 1
    return text.split("\n")[location.line - 1][start : start + location.width]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(
            "[a](https://a.org/#top)", '<p><a href="https://a.org/#top">a</a></p>', id="the web"
        ),
        pytest.param("[a](//a.org)", '<p><a href="//a.org">a</a></p>', id="a host"),
        pytest.param(
            "[a](mailto:a@b.org)", '<p><a href="mailto:a@b.org">a</a></p>', id="a mail address"
        ),
        pytest.param(
            '[a](#x)<b id="x">b</b>',
            '<p><a href="#note-x">a</a><b id="note-x">b</b></p>',
            id="an anchor of the same field",
        ),
        pytest.param(
            '[a](#%C3%BC)<b id="ü">b</b>',
            '<p><a href="#note-%C3%BC">a</a><b id="note-ü">b</b></p>',
            id="with an umlaut",
        ),
        pytest.param('<a id="x">a</a>', '<p><a id="note-x">a</a></p>', id="no link at all"),
    ],
)
def test_links_that_a_card_keeps(answer: str, expected: str) -> None:
    resolved = resolve(card("Q", answer))
    assert back(resolved) == expected
    assert resolved.diagnostics == ()


def test_footnotes_keep_their_links() -> None:
    text = card("Q", "One[^1].\n\n[^1]: A note.")
    resolved = resolve(text)
    assert back(resolved).count('href="#note-') == 2
    assert resolved.diagnostics == ()


@pytest.mark.parametrize(
    "written",
    [
        "[a *link*]({})",
        "- one\n  - see [a *link*]({})",
        "> see [a *link*]({})",
        'see <a href="{}">a <em>link</em></a>',
        "see <a href='{}'>a <em>link</em></a>",
        "[a *link*][é]\n\n[é]: {}",
        "| é |\n|---|\n| [a *link*]({}) |",
        "One\ntwo é [a *link*]({}),\nthree.",
    ],
)
@pytest.mark.parametrize("target", ["#", "#top", "#own", "#named", "#A-b-C", "data.csv", "/x.pdf"])
def test_a_link_that_leads_nowhere_keeps_its_text(written: str, target: str) -> None:
    text = card("Q", written.format(target))
    resolved = resolve(text)
    assert "<a" not in back(resolved)
    assert "a <em>link</em>" in back(resolved)
    [found] = resolved.diagnostics
    assert (found.code, meant(text, found.location)) == ("local-link", target)
    assert found.message.startswith(f'the link to "{target}" leads nowhere on a card')


def test_an_empty_link_keeps_its_text() -> None:
    resolved = resolve(card("Q", "[a]()"))
    assert back(resolved) == "<p>a</p>"
    assert [each.code for each in resolved.diagnostics] == ["local-link"]


def test_a_picture_in_such_a_link_stays_a_picture() -> None:
    resolved = resolve(card("Q", "[![alt](https://a.org/b.png)](data.csv)"))
    assert back(resolved) == '<p><img alt="alt" src="https://a.org/b.png"></p>'


def test_an_anchor_that_is_a_link_too_stays_an_anchor() -> None:
    resolved = resolve(card("Q", '[up](#x) <a id="x" href="#own">b</a>'))
    assert back(resolved) == '<p><a href="#note-x">up</a> <a id="note-x">b</a></p>'


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("#own", "https://example.org/cards.md#own"),
        ("#%C3%BC", "https://example.org/cards.md#%C3%BC"),
        ("data.csv", "https://example.org/data.csv"),
        ("./data.csv?x=1", "https://example.org/data.csv"),
        ("notes/a%20b.md#one", "https://example.org/notes/a%20b.md#one"),
    ],
)
def test_a_link_leads_to_its_page_where_the_settings_name_it(target: str, address: str) -> None:
    pages = {**PAGES, "cards.md": PAGES["cards.md"] + "\n## ü\n"}
    resolved = resolve(card("Q", f"[a]({target})"), URL, pages)
    assert back(resolved) == f'<p><a href="{address}">a</a></p>'
    assert resolved.diagnostics == ()


@pytest.mark.parametrize(
    ("target", "source_url"),
    [
        pytest.param("#", URL, id="the top of the page"),
        pytest.param("#top", URL, id="the top by its name"),
        pytest.param("cards.md", URL, id="its own page"),
        pytest.param("./", URL, id="the project"),
        pytest.param("data.csv", "https://example.org/form", id="one page for all cards"),
        pytest.param("data.csv", "https://example.org/{path}?{guid}", id="a page for each note"),
    ],
)
def test_where_the_settings_name_no_page_it_becomes_text(target: str, source_url: str) -> None:
    resolved = resolve(card("Q", f"[a]({target})"), source_url)
    assert back(resolved) == "<p>a</p>"
    assert [each.code for each in resolved.diagnostics] == ["local-link"]


def test_links_of_a_kind_are_told_once_for_the_deck() -> None:
    text = "".join(card(f"Q{number}", "[up](#top) [x](#own) [y](x.pdf)") for number in range(5))
    headings, files = told(text)
    assert (headings.location, files.location) == (
        Location("cards.md", 3, 6, 4),
        Location("cards.md", 3, 26, 5),
    )
    assert headings.message == (
        "10 links to headings lead nowhere on a card, and are packed as text; they are on 5 cards:"
        " cards.md:3, cards.md:6, cards.md:9 and 2 more"
    )
    assert files.message.startswith("5 links to files of the project lead nowhere on a card")


def test_links_of_one_card_are_told_with_their_number() -> None:
    [found] = told(card("Q", "[a](#own)\n[b](#own)"))
    assert found.location == Location("cards.md", 3, 5, 4)
    assert found.message.endswith("they are on 1 card: cards.md:3")


@pytest.mark.parametrize(
    "target",
    [
        *("#a-b-c", "#own", "#named", "#top", "", "data.csv", "/data.csv", "./data.csv#any"),
        *("notes/a%20b.md#one", "notes/a%20b.md#one-1", "notes/a%20b.md#title", "./"),
        *("notes/a%20b.md#two", "notes/a%20b.md#x", "notes/a%20b.md?plain=1#One"),
    ],
)
def test_links_that_lead_somewhere_on_their_page(target: str) -> None:
    [found] = told(card("Q", f"[a link]({target})"))
    assert found.code == "local-link"


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("#none", '"cards.md" has no heading "#none"'),
        ("#кто", '"cards.md" has no heading "#кто"'),
        ("dta.csv", 'there is no file "dta.csv" in the project'),
        ("../../issues", '"../../issues" leads out of the project'),
        ("notes/a%20b.md#on", '"notes/a b.md" has no heading "#on"'),
    ],
)
@pytest.mark.parametrize(
    "written", ["see [a link]({})", 'see <a href="{}">a link</a>', "see [a link]\n\n[a link]: {}"]
)
@pytest.mark.parametrize("source_url", ["", URL])
def test_a_broken_link_becomes_text_and_is_told_in_its_place(
    written: str, target: str, message: str, source_url: str
) -> None:
    text = card("Q", written.format(target))
    resolved = resolve(text, source_url)
    assert "<p>see a link</p>" in back(resolved)
    [found] = resolved.diagnostics
    assert (found.code, found.message) == ("broken-link", message)
    assert meant(text, found.location) == target


def test_each_broken_link_is_told_by_itself_and_no_second_time() -> None:
    text = card("Q", "[a](#own)\n[b](#no)\n[c](#no)")
    broken, again, dead = told(text)
    assert [meant(text, each.location) for each in (broken, again, dead)] == ["#no", "#no", "#own"]
    assert [each.code for each in (broken, again, dead)] == [*["broken-link"] * 2, "local-link"]
    assert broken.location.line + 1 == again.location.line


@pytest.mark.parametrize(
    ("target", "help"),
    [
        ("dta.csv", 'did you mean "data.csv"?'),
        ("#zzzz", "GitHub makes it of the words of a heading"),
        ("#owns", 'did you mean "own"?'),
        ("qqqqqqqq", "fix the link, or add the file"),
    ],
)
def test_a_broken_link_is_told_with_the_nearest(target: str, help: str) -> None:
    [found] = told(card("Q", f"[a link]({target})"))
    assert found.help == help


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("# What is X?", "what-is-x"),
        ("## - 9. ÜBER uns, c'est (là)!  ##", "--9-über-uns-cest-là"),
        ("### A *b* `c_d` [e](f.md)", "a-b-c_d-e"),
        ("# snake_case", "snake_case"),
        ("Line\n====", "line"),
        ("# Q? {#own .tag}", "own"),
        ("# Q? {.tag}", "q"),
        ('<h2 id="here">x</h2>', "here"),
        ("# twice\n# twice", "twice-1"),
    ],
)
def test_the_anchors_of_a_page(heading: str, anchor: str) -> None:
    assert anchor in page_anchors(f"A text.\n\n{heading}\n")


@pytest.mark.parametrize("text", ["# " * 20_000, "id=" * 30_000, "# {#" * 20_000, "#\n=" * 20_000])
def test_the_anchors_of_a_hostile_page_take_no_time(text: str) -> None:
    """A careless pattern would take minutes; the suite's patience is the judge."""
    assert "top" in page_anchors(text)


@pytest.mark.skipif(
    sys.platform == "win32", reason="links need rights on Windows: NOT tested there"
)
@pytest.mark.parametrize(
    ("target", "is_there"),
    [
        pytest.param("other.md#part", True, id="a heading"),
        pytest.param("./", True, id="the project itself"),
        pytest.param("folder", True, id="a folder"),
        pytest.param(
            "folder/caf%C3%A9.md#part", True, id="letters that the disk composes otherwise"
        ),
        pytest.param("inside.md#part", True, id="a link inside the project"),
        pytest.param("pipe.md", True, id="a pipe, which is not opened"),
        pytest.param("Other.md", False, id="another case"),
        pytest.param("outside.md", False, id="a link that leads out"),
        pytest.param("away/secret.md", False, id="behind a folder that leads out"),
        pytest.param("away/deck/other.md", False, id="out of the project and back"),
        pytest.param("loop.md", False, id="a link to itself"),
        pytest.param("other.md/x", False, id="below a file"),
    ],
)
def test_a_link_is_looked_up_as_a_picture_is(
    target: str,
    is_there: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    deck = tmp_path / "deck"
    (deck / "folder").mkdir(parents=True)
    monkeypatch.chdir(deck)
    for file in (tmp_path / "secret.md", deck / "other.md", deck / "folder" / "cafe\u0301.md"):
        file.write_text("# Part\n", encoding="utf-8")
    for name, end in (("inside", "other.md"), ("outside", "../secret.md"), ("loop", "loop.md")):
        (deck / f"{name}.md").symlink_to(end)
    (deck / "away").symlink_to(tmp_path)
    os.mkfifo(deck / "pipe.md")
    (deck / "cards.md").write_text(card("What is it?", f"See [this]({target})."), encoding="utf-8")
    assert run(["check"]) == 0
    shown = capsys.readouterr().out
    assert ("[local-link]" in shown, "[broken-link]" in shown) == (is_there, not is_there)


def test_many_broken_links_take_no_square_of_the_time() -> None:
    def seconds(number: int) -> float:
        text = card("A?", "[a](b) " * number)
        start = time.process_time()
        assert len(told(text)) == number
        return time.process_time() - start

    seconds(10)
    few, many = seconds(500), seconds(5_000)
    assert many < 16 * few + 0.2
