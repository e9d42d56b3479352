"""Tags and ids that stand in the text of a card, and what cards are made of Obsidian's Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given

from ankipress.build.pipeline import Compiled, compile_deck
from ankipress.model import Entry, Lock, Source
from ankipress.parse.placing import Parsed
from ankipress.project.deck import Project
from ankipress.project.settings import ExtensionSetting, Settings, parse_settings
from author import picture
from near import problems
from obsidian import TEXTS
from parsing import parse
from stages import Files

GITHUB = Settings(name="deck", uid="written-marks")
OBSIDIAN = replace(GITHUB, dialect="obsidian")
TIME = 1_700_000_000
NEW = Lock()
FOLDED = """\
<details class="markdown-alert markdown-alert-warning">
<summary class="markdown-alert-title">Is <em>it</em>?</summary>
<p>a</p>
</details>"""
OPEN = """\
<details class="markdown-alert markdown-alert-note" open="">
<summary class="markdown-alert-title">Todo</summary>
<p>a</p>
</details>"""
IN_LIST = """\
<ul>
<li>
<div class="markdown-alert markdown-alert-caution">
<p class="markdown-alert-title">B</p>
<p>a</p>
</div>
</li>
</ul>"""


def parsed(text: str, settings: Settings = OBSIDIAN) -> Parsed:
    """The cards of a file."""
    return parse([Source("cards.md", text)], settings)


def entry(text: str, settings: Settings = OBSIDIAN) -> Entry:
    """The only card of a file."""
    [found] = parsed(text, settings).entries
    return found


def built(
    text: str,
    settings: Settings = OBSIDIAN,
    lock: Lock = NEW,
    media: Mapping[str, bytes] | None = None,
) -> Compiled:
    """The deck of a file."""
    project = Project(settings, (Source("cards.md", text),), lock, Files(media or {}))
    return compile_deck(project, TIME)


def fields(text: str, settings: Settings = OBSIDIAN) -> tuple[str, ...]:
    """The fields of the only note of a file that are not empty, but for its guid."""
    [note] = built(text, settings).package.notes
    return tuple(filter(None, note.fields))[:-1]


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("## A?\n\nb", ()),
        ("## A? #x\n\nb #y/z", ("x", "y::z")),
        ("## A?\n\n#x #y\n\nb", ("x", "y")),
        ("## A? {.w}\n\nb #x c", ("w", "x")),
        ("## A? #x {#id}\n\nb", ("x",)),
        ("## A?\n\n> [!tip] b #x\n> c", ("x",)),
        ("## A?\n\n`#x` $#y$ <!-- #z -->\n\n    #v\n", ()),
        ("## A?\n\n%% #x %%\n\n%%\n#y\n%%\nb", ()),
        ("## A?\n\n#über/größe/ #1984 #x_1-2", ("x_1-2", "über::größe")),
        ("---\ntags: [p]\n---\n\n## A?\n\nb #x", ("p", "x")),
    ],
)
def test_tags_in_a_text_are_those_of_its_card(text: str, tags: tuple[str, ...]) -> None:
    assert entry(text).tags == tags


def test_without_the_dialect_a_tag_in_a_text_is_text() -> None:
    assert entry("## A? #x\n\nb #y", GITHUB).tags == ()


def test_each_row_has_the_tags_and_the_id_in_its_cells() -> None:
    text = "## Words #all {kind=rows}\n\n| a | b |\n|---|---|\n| c #x | d ^row1 |\n| e | f |\n"
    first, second = parsed(text).entries
    assert (first.tags, first.attributes.id) == (("all", "x"), "row1")
    assert (second.tags, second.attributes.id) == (("all",), None)


def test_names_of_decks_and_sections_are_without_marks() -> None:
    text = "# Rome #history\n\n## A?\n\nb"
    assert entry(text).deck == "Rome"
    below = replace(OBSIDIAN, card_level=3)
    assert entry("# D\n\n## [[Rome|City]] #x ^abcd\n\n### A?\n\nb", below).section == "City"


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("## A? ^abc123\n\nb", "abc123"),
        ("## A?\n\nb ^abc123", "abc123"),
        ("## A?\n\nb\n\n^1665131487417", "1665131487417"),
        ("## A?\n\nb ^first\n\nc ^last", "last"),
        ("## A?\n\nb ^first\n\n---\n\nc ^last\n<!--SR:!2024-01-01,3,250-->", "last"),
        ("## A?\n\nb ^first\n\nc", "first"),
        ("## A?\n\nb ^first\n\nc ^second\n\nd", None),
        ("## A? ^heading\n\nb ^last", "heading"),
        ("## A? {#braces}\n\nb ^last", "braces"),
        ("## A?\n\nb ^last\n\n`c ^code`", "last"),
        ("## A?\n\n```\nb ^abc123\n```", None),
        ("## A?\n\nb ^2", None),
        ("## A?\n\n[[note#^abc123]]", None),
        ("## A?\n\n%% ^abc123\n%%\n\nb", None),
    ],
)
def test_the_id_of_a_block_is_that_of_its_card(text: str, id: str | None) -> None:
    assert entry(text).attributes.id == id
    assert entry(text, GITHUB).attributes.id in {None, "braces"}


@pytest.mark.parametrize("settings", [GITHUB, OBSIDIAN])
@pytest.mark.parametrize(
    ("comment", "id"),
    [
        ("<!--ID: 1609874343442-->", "1609874343442"),
        ("<!--ID:1609874343442-->", "1609874343442"),
        ("<!-- id: a-b.c -->", "a-b.c"),
        ("<!-- note_key: x1 -->", "x1"),
        ("<!-- note-id = x1 -->", "x1"),
        ("<!-- guid: GUID_1 -->", "GUID_1"),
        ("<!-- nid:1609874343442 -->", "1609874343442"),
        (
            "<!-- (66c2b37c-4e6f-47dc-a816-6830524773f1) -->",
            "66c2b37c-4e6f-47dc-a816-6830524773f1",
        ),
        ("<!--ID: 1-->\n<!--SR:!2024-01-01,3,250-->", "1"),
        ("<!--SR:!2024-01-01,3,250!2024-01-02,4,270-->", None),
        ("<!-- id: two words -->", None),
        ("<!-- id: -->", None),
        ("<!-- guid: a{b} -->", None),
        ("<!-- identity: a -->", None),
        ("<!-- see id: a -->", None),
        ("<!-- a -->", None),
        ("`<!--ID: 1-->`", None),
        ("<!--ID: 1-->\n\nc\n<!--ID: 2-->", None),
    ],
)
def test_the_id_in_a_comment_is_that_of_its_card(
    settings: Settings, comment: str, id: str | None
) -> None:
    for text in (f"## A?\n\nb\n{comment}\n", f"## A?\n\n{comment}\n\nb\n"):
        assert entry(text, settings).attributes.id == id
    assert "ID" not in fields("## A?\n\nb\n<!--ID: 1609874343442-->", settings)[1]


def test_an_id_that_two_cards_have_is_named_where_it_stands() -> None:
    text = "## A?\n\nb ^abc123\n\n## C?\n\nabc123 d ^abc123\n"
    [problem] = parsed(text).diagnostics
    place = problem.location
    assert (problem.code, place.line, place.column, place.width) == ("duplicate-id", 7, 11, 6)
    text = "## A?\n\nb\n<!--ID: 12-->\n\n## C?\n\n12\n<!--ID: 12-->\n"
    [problem] = parsed(text, GITHUB).diagnostics
    place = problem.location
    assert (problem.code, place.line, place.column, place.width) == ("duplicate-id", 9, 9, 2)


def test_an_id_that_a_tool_has_written_since_keeps_the_guid() -> None:
    text = "## A tensor?\n\nAn array.\n\n## A scalar?\n\nA number.\n"
    old = built(text, GITHUB)
    guids = [note.guid for note in old.notes]
    lock = old.stamped.lock
    comments = text.replace("array.", "array.\n<!--ID: 12-->").replace("number.", "number. ")
    blocks = text.replace("tensor?", "tensor? ^12ab #x").replace("number.", "number. ^34cd")
    for changed, settings in ((comments, GITHUB), (blocks, OBSIDIAN)):
        new = built(changed, settings, lock)
        assert [note.guid for note in new.notes] == guids
        assert not new.unresolved


def test_the_dialect_may_be_set_later() -> None:
    first = "## Who crossed the [[Rubicon|river]]? #x\n\nCaesar, in ==49 BC== %%c%%. ^abc123\n"
    second = "## [[Mitochondria]] #card\n\nThe ==powerhouse== of the [[cell]] ^1665131487417\n"
    text = f"{first}\n{second}"
    old = built(text, GITHUB)
    new = built(text, OBSIDIAN, old.stamped.lock)
    assert [note.guid for note in new.notes] == [note.guid for note in old.notes]
    assert not new.unresolved
    assert [note.entry.attributes.id for note in new.notes] == ["abc123", "1665131487417"]


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("see [[a|b *c*]]", "<p>see b *c*</p>"),
        ("==a *b*==", "<p><mark>a <em>b</em></mark></p>"),
        ("a %%b%%\n\n%%c%%", "<p>a</p>"),
        ("#x\n\na #y", "<p>a</p>"),
        ("a\n\n^abc123", "<p>a</p>"),
        ("> [!faq]- Is *it*?\n> a", FOLDED),
        ("> [!todo]+\n> a", OPEN),
        ("- > [!bug] B\n  > a", IN_LIST),
    ],
)
def test_a_card_is_made_of_obsidians_markdown(text: str, back: str) -> None:
    assert fields(f"## A?\n\n{text}\n") == ("<p>A?</p>", back)


def test_with_extensions_a_card_is_the_same() -> None:
    text = "## [[A]]? #x\n\n==a== [[b|c]] %%d%% e ^abc123\n\n> [!faq]- F\n> g\n"
    extension = parse_extension()
    assert fields(text, replace(OBSIDIAN, extensions=extension)) == fields(text)


def parse_extension() -> tuple[ExtensionSetting, ...]:
    """An extension that changes nothing here."""
    settings, wrong = parse_settings(
        'extensions = ["markdown.extensions.abbr"]', "ankipress.toml", name="deck"
    )
    assert settings is not None
    assert not wrong
    return settings.extensions


def test_a_highlight_on_a_cloze_is_a_deletion() -> None:
    [text] = fields("## A {kind=cloze}\n\nThe ==capital== is {{c2::[[Paris|P]]}}.\n")
    assert "<p>The {{c1::capital}} is {{c2::P}}.</p>" in text
    [text] = fields("## A\n\nThe ==capital== is {{c2::[[Paris]]}}.\n")
    assert "<p>The <mark>capital</mark> is {{c2::Paris}}.</p>" in text


MEDIA = {
    "media/deep/a.png": picture(1),
    "media/a.png": picture(2),
    "files/Pasted image 1.png": picture(3),
    "b.png": picture(4),
}


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("![[a.png]]", "media/a.png"),
        ("![[deep/a.png]]", "media/deep/a.png"),
        ("![[media/deep/a.png]]", "media/deep/a.png"),
        ("![[A.PNG|20]]", "media/a.png"),
        ("![[Pasted image 1.png]]", "files/Pasted image 1.png"),
        ("![](Pasted%20image%201.png)", "files/Pasted image 1.png"),
        ("![[b.png]]", "b.png"),
    ],
)
def test_a_picture_is_found_by_its_name(written: str, path: str) -> None:
    compiled = built(f"## A?\n\n{written}\n", media=MEDIA)
    assert {each.code for each in compiled.diagnostics} <= {"unused-media"}
    [file] = compiled.package.media
    with file.content.open() as stream:
        assert stream.read() == MEDIA[path]


def test_a_picture_that_is_nowhere_is_named_where_it_stands() -> None:
    text = "## A?\n\n`![[c.png]]` ![[c.png|300]] ![[note]]\n"
    missing, note = built(text).diagnostics
    place = missing.location
    assert (missing.code, place.line, place.column, place.width) == ("missing-media", 3, 17, 5)
    place = note.location
    assert (note.code, place.line, place.column, place.width) == ("wiki-link", 3, 29, 9)
    assert note.fix is None


@pytest.mark.parametrize("text", ["%%\n##No card\n%%\n", "#tag\n\n", "%% ##No card %%\n"])
def test_what_stands_above_the_cards_is_read_in_the_dialect(text: str) -> None:
    assert parsed(f"{text}\n## A?\n\nb\n").diagnostics == ()


def test_without_the_dialect_its_setting_is_named() -> None:
    text = "## A?\n\n[[note]] and ==b== ^abc123\n"
    found = problems(text)
    assert [each.code for each in found] == ["foreign-markup"] * 3
    assert all('dialect = "obsidian"' in each.help for each in found)
    assert parsed(text).diagnostics == ()


def test_a_picture_of_which_parts_are_hidden_is_found_by_its_name() -> None:
    text = "## Which?\n\n![[a.png|300]]\n\n```occlusion\n1: rect 0 0 1 1 a\n```\n"
    compiled = built(text, media={"deep/a.png": MEDIA["b.png"]})
    assert compiled.diagnostics == ()
    assert [note.note_type for note in compiled.package.notes] == ["occlusion"]


@given(TEXTS)
def test_problems_of_any_text_stand_in_it(text: str) -> None:
    card = f"## A?\n\n{text}\n"
    lines = card.split("\n")
    for problem in built(card).diagnostics:
        place = problem.location
        if place.line:
            line = lines[place.line - 1]
            assert place.column + place.width - 1 <= max(1, len(line))
