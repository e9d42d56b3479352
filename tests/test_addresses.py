"""Addresses stand in the text where the tree says, and problems of media stand at addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.build.cards import ALONE, compile_sections
from ankipress.diagnostics import Diagnostic, Location
from ankipress.media.resolve import resolve_media
from ankipress.model import Note, RenderedNote, Source
from ankipress.parse.document import read_document
from ankipress.parse.placing import place_entries
from ankipress.project.settings import Settings
from ankipress.syntax.addresses import addresses
from ankipress.syntax.entry_trees import EntryTrees
from author import picture
from parsing import parse
from stages import Files


def found(text: str) -> list[tuple[str, str, str, bool]]:
    """The addresses in a file: what each is for, its URL, the text under its span, and whether it
    may be replaced there.
    """
    source = Source("cards.md", text)
    lines = text.split("\n")
    rows: list[tuple[str, str, str, bool]] = []
    for entry in parse([source], Settings()).entries:
        for each in addresses(EntryTrees(entry)):
            place = each.location
            start = place.column - 1
            under = lines[place.line - 1][start : start + place.width]
            rows.append((each.use, each.url, under, each.is_as_written))
    return rows


def answer(markdown: str) -> list[tuple[str, str, str, bool]]:
    """The addresses in the answer of a card."""
    return found(f"## What is it?\n\n{markdown}\n")


def written(use: str, url: str) -> tuple[str, str, str, bool]:
    """An address that stands as it is."""
    return use, url, url, True


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("a.png `![a](a.png)`", [], id="words and code"),
        pytest.param("$![](a.png)$", [], id="mathematics"),
        pytest.param("~~~\n![a](a.png)\n~~~", [], id="a block of code"),
        pytest.param("<!-- <img src=a.png> -->\n\nx", [], id="a comment"),
        pytest.param("<div>\n<!-- <img src=a.png> -->\n</div>", [], id="a comment in HTML"),
        pytest.param("![a](a.png 'a.png')", [written("picture", "a.png")], id="a title"),
        pytest.param("![a.png](<a b.png>)", [written("picture", "a b.png")], id="in brackets"),
        pytest.param(
            "> - ![ä](é.png) ![ä](é.png)", [written("picture", "é.png")] * 2, id="a quoted list"
        ),
        pytest.param("![a](\n  a.png\n)", [written("picture", "a.png")], id="on its own line"),
        pytest.param(
            "[![a](a.png)](b.md)",
            [written("picture", "a.png"), written("link", "b.md")],
            id="a picture in a link",
        ),
        pytest.param(
            "![a ![b](b.png)](a.png)", [written("picture", "a.png")], id="a picture in a text"
        ),
        pytest.param(
            "![a](a\\_b.png)", [("picture", "a_b.png", "a\\_b.png", False)], id="an escape"
        ),
        pytest.param(
            "![a](a&amp;b.png)", [("picture", "a&b.png", "a&amp;b.png", False)], id="a reference"
        ),
        pytest.param("![a]()", [("picture", "", "![a]()", False)], id="no address"),
        pytest.param("<https://a.org>", [written("link", "https://a.org")], id="an autolink"),
        pytest.param(
            "www.a.org", [("link", "http://www.a.org", "www.a.org", False)], id="a bare address"
        ),
        pytest.param(
            "![a][b] ![b][]\n\n[b]: a.png",
            [written("picture", "a.png")],
            id="a definition that is used twice",
        ),
        pytest.param(
            "![b]\n\n[b]: <a.png> 'a.png'", [written("picture", "a.png")], id="in brackets, titled"
        ),
        pytest.param(
            "![a][b]\n\n## Second?\n\n[b]: a.png",
            [("picture", "a.png", "![a][b]", False)],
            id="a definition in another card",
        ),
        pytest.param(
            "x[^1]\n\n## Second?\n\nA.\n\n[^1]: ![a](a.png)",
            [written("picture", "a.png")],
            id="a footnote in another card, which does not use it",
        ),
        pytest.param(
            "x[^1] y[^1]\n\n[^1]: ![a](a.png)", [written("picture", "a.png")], id="a footnote"
        ),
        pytest.param(
            "| A | B |\n|---|---|\n| ![a](a.png) | ![b](b.png) | ![c](c.png) |",
            [written("picture", "a.png"), written("picture", "b.png")],
            id="cells, one of them without a column",
        ),
        pytest.param(
            "| A |\n|---|\n| ![a](a\\|b.png) |",
            [("picture", "a|b.png", "a\\|b.png", False)],
            id="a bar in a cell",
        ),
        pytest.param(
            "x <img alt='src=b.png' SRC = 'a.png'>", [written("picture", "a.png")], id="a tag"
        ),
        pytest.param(
            "> <p>\n> <img\n>   src=a.png>\n> </p>",
            [written("picture", "a.png")],
            id="a quoted tag",
        ),
        pytest.param(
            '<img src=" a&amp;b.png ">',
            [("picture", "a&b.png", "a&amp;b.png", False)],
            id="escaped",
        ),
        pytest.param(
            "<img alt='x'>",
            [("picture", "", "<img alt='x'>", False)],
            id="a tag without an address",
        ),
        pytest.param("<a href='b.md'>x</a>", [written("link", "b.md")], id="a link in HTML"),
        pytest.param(
            '<video poster="p.png"><source src="a.mp4"><source src="b.webm"></video>',
            [written("video", "a.mp4"), written("video", "b.webm")],
            id="a video",
        ),
        pytest.param(
            'x <audio src="a.mp3"></audio> <audio></audio>',
            [written("audio", "a.mp3"), ("audio", "", "<audio>", False)],
            id="a sound, and one without an address",
        ),
        pytest.param(
            "<picture>\n"
            '<source media="(prefers-color-scheme: dark)" srcset="d.png 2x, e.png">\n'
            '<source media="print" srcset="p.png">\n<img src="a.png" alt="a">\n</picture>',
            [written("picture", "d.png"), written("picture", "a.png")],
            id="a picture in two modes",
        ),
        pytest.param(
            "<picture></picture>", [("picture", "", "<picture>", False)], id="a picture of none"
        ),
        pytest.param(
            "`![[a.png]]` ![[a.png|b]] [sound:b.mp3]",
            [written("wiki", "![[a.png|b]]"), written("sound", "b.mp3")],
            id="what other programs read",
        ),
        pytest.param(
            "![[a\\_b.png]]",
            [("wiki", "![[a_b.png]]", "![[a\\_b.png]]", False)],
            id="escaped words",
        ),
        pytest.param("<p>\n![[a.png]]\n</p>", [written("wiki", "![[a.png]]")], id="words in HTML"),
    ],
)
def test_addresses(markdown: str, expected: list[tuple[str, str, str, bool]]) -> None:
    assert answer(markdown) == expected


def test_addresses_in_a_heading_and_in_parts() -> None:
    text = (
        "## ![a](a.png) is? {#x}\n\n![b](b.png)\n\n---\n\n![c](c.png)\n\n### Hint\n\n![d](d.png)\n"
    )
    assert found(text) == [written("picture", f"{name}.png") for name in "abcd"]


def test_addresses_in_rows() -> None:
    text = "## A {kind=rows}\n\n| A | B |\n|---|---|\n| ![a](a.png) | ![b](b.png) |\n"
    assert found(text) == [written("picture", "a.png"), written("picture", "b.png")]


def test_each_row_has_the_addresses_of_the_heading_of_its_table() -> None:
    text = "## ![ä](c.png) {#x kind=rows}\n\n| A | B |\n|---|---|\n| ![a](a.png) | b |\n| d | e |\n"
    assert found(text) == [written("picture", f"{name}.png") for name in "cac"]


def test_what_is_wrong_in_the_heading_of_a_table_is_told_once() -> None:
    text = (
        "# A\n\nB.\n\n## `![a](media/Rot.png)` ![a](media/Rot.png) {kind=rows}\n\n"
        "| A | B |\n|---|---|\n| a | b |\n| ![c](media/Rot.png) | d |\n| e | f |\n"
    )
    problems = media_problems(text, RIGHT)
    line = text.split("\n")[4]
    column = line.rindex("media/Rot.png") + 1
    assert {each.location for each in problems} == {
        Location("cards.md", 5, column, len(WRONG)),
        Location("cards.md", 10, 8, len(WRONG)),
    }
    assert with_fixes(text, problems) == RIGHT.join(text.rsplit(WRONG, 2))


# What is wrong with media


def media_problems(text: str, *files: str) -> list[Diagnostic]:
    """What is wrong with the media of a file in a project of these files."""
    settings = Settings(name="Deck")
    document = read_document(Source("cards.md", text), settings, {})
    compiled = compile_sections([document], [], ALONE)[0]
    entries = place_entries([document], [compiled], settings).entries
    cards = [card for section in compiled for card in section.cards]
    notes = [
        RenderedNote(Note("guid", 1, entry, "Q", ""), card.fields)
        for entry, card in zip(entries, cards, strict=True)
    ]
    folder = Files(dict.fromkeys(files, picture(0)))
    return list(resolve_media(notes, folder).diagnostics)


def with_fixes(text: str, problems: list[Diagnostic]) -> str:
    """A text with the fixes of its problems."""
    lines = text.split("\n")
    for each in sorted(set(problems), key=lambda problem: problem.location, reverse=True):
        if each.fix is not None:
            line, start = lines[each.location.line - 1], each.location.column - 1
            end = start + each.location.width
            lines[each.location.line - 1] = line[:start] + each.fix + line[end:]
    return "\n".join(lines)


WRONG, RIGHT = "media/Rot.png", "media/rot.png"
# Pieces of a line in which a picture may stand: `{}` is an address that a card uses, and what looks
# like it is none.
PIECES = (
    "![ä]({})",
    "![a](<{}>)",
    '<img alt="x" src="{}">',
    "**![a]({} 'media/Rot.png')**",
    "[see ![a]({})](https://a.org)",
    "`![a](media/Rot.png)`",
    "$![a](media/Rot.png)$",
    "\\![a](media/Rot.png)",
    "<!-- ![a](media/Rot.png) -->",
    "![media/Rot.png](media/rot.png)",
    "[a](https://a.org/media/Rot.png)",
    "media/Rot.png",
    "{{c1::![a]({})}}",
)
SHAPES = ("{}\n\n", "> {}\n\n", "- x\n  - {}\n\n", "1. {}\n\n", "| A |\n|---|\n| {} |\n\n")
lines = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map(
    lambda pieces: f"Das: {' und '.join(pieces)}"
)
texts = st.lists(st.tuples(st.sampled_from(SHAPES), lines), min_size=1, max_size=5)


@given(texts, st.booleans())
def test_a_fix_changes_the_addresses_and_nothing_else(
    blocks: list[tuple[str, str]],
    in_heading: bool,
) -> None:
    body = "".join(shape.replace("{}", line) for shape, line in blocks)
    template = (
        f"## Was ist {'![a]({})' if in_heading else 'das'}?\n\n{body}~~~\n![a]({WRONG})\n~~~\n"
    )
    text = template.replace("{}", WRONG)
    # A picture with an escaped mark is a link.
    problems = [each for each in media_problems(text, RIGHT) if each.code != "broken-link"]
    assert with_fixes(text, problems) == template.replace("{}", RIGHT)
    places = {each.location for each in problems}
    assert len(places) == template.count("{}")
    for each in problems:
        start = each.location.column - 1
        line = text.split("\n")[each.location.line - 1]
        assert line[start : start + each.location.width] == WRONG


@pytest.mark.parametrize(
    ("markdown", "words", "message"),
    [
        pytest.param(
            "`![a](file:///a.png)` ![a](file:///a.png)",
            ["file:///a.png"],
            '"file:///a.png" is no',
            id="an address that no card may use",
        ),
        pytest.param(
            "`<img src='data:x'>`\n\n<p>\n<img src='data:x'>\n<img src='data:x'>\n</p>",
            ["data:x", "data:x"],
            '"data:x" is no',
            id="two of them in HTML",
        ),
        pytest.param("![a]() and ![a]()", ["![a]()", "![a]()"], "this picture has", id="none"),
        pytest.param(
            "x <video></video> <video></video>", ["<video>"] * 2, "this video has", id="no video"
        ),
    ],
)
def test_an_element_without_an_address_has_its_place(
    markdown: str, words: list[str], message: str
) -> None:
    text = f"## What is it?\n\n{markdown}\n"
    problems = media_problems(text)
    spans = []
    for each in problems:
        start = each.location.column - 1
        line = text.split("\n")[each.location.line - 1]
        spans.append(line[start : start + each.location.width])
        assert each.message.startswith(message)
    assert spans == words
    assert len({each.location for each in problems}) == len(words)


def test_a_picture_has_the_place_of_a_picture_and_a_link_that_of_a_link() -> None:
    text = "## Q\n\n[a](media/Rot.png) ![b](media/Rot.png) [c](media/rot.png) ![d](media/rot.png)\n"
    problems = media_problems(text, RIGHT)
    line = text.split("\n")[2]
    columns = {each.code: each.location.column for each in problems}
    assert columns == {
        "broken-link": line.index("[a](") + len("[a](") + 1,
        "missing-media": line.index("![b](") + len("![b](") + 1,
        "local-link": line.index("[c](") + len("[c](") + 1,
    }


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("## Q\n\n![a](media/R\\ot.png) ![[r\\_t.png]]\n", id="escapes"),
        pytest.param("## Q\n\n![a](media&sol;Rot.png)\n", id="a reference"),
        pytest.param("## Q\n\n![a][b]\n\n## Second?\n\nA.\n\n[b]: media/Rot.png\n", id="elsewhere"),
    ],
)
def test_what_is_not_written_as_it_is_read_is_not_fixed(text: str) -> None:
    problems = media_problems(text, RIGHT, "media/r_t.png")
    assert problems
    assert [each.fix for each in problems if each.code == "missing-media"][:1] in ([], [None])
    assert with_fixes(text, problems) == text
