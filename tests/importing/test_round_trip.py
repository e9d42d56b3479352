"""Packages that ankipress built come back as Markdown that builds the same notes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankipress.build.pipeline import compile_deck
from ankipress.importing.converted_note import Form
from ankipress.importing.own.own_trials import is_same
from ankipress.model import Package
from ankipress.project.reading import read_workspace
from author import picture
from round_trips import RoundTrip, built, round_trip
from stages import Files

ROOT = Path(__file__).parents[2]
FILES = Files({"p.png": picture(1), "q.png": picture(2), "s.mp3": b"ID3" + bytes(200)})
_LINK_TO_SOURCE = re.compile(r'\n?(<p><a href="[^"]*">Suggest an edit</a></p>)')


def package_of(path: Path) -> Package:
    """The package of a project, or of a file without settings."""
    return compile_deck(read_workspace([path]).project, 1_700_000_000).package


def check_notes(way: RoundTrip) -> None:
    """All but the fields of the notes is the same."""
    came = {each.id: each for each in way.deck.note_types}
    packed = {each.id: each for each in way.package.note_types}
    assert packed.keys() == came.keys()
    for id, note_type in packed.items():
        found = came[id]
        assert (note_type.name, note_type.mod) == (found.name, found.mod)
        assert note_type.field_names == found.field_names
        ids_of_fields = [each.settings["id"] for each in found.fields]
        assert [each.id for each in note_type.fields] == ids_of_fields
    ids = {each.key: each.id for each in way.package.note_types}
    for before, after in way.pairs():
        assert ids[after.note_type] == way.deck.note_types[before.note_type].id
        assert (after.guid, after.note_id, after.mod) == (before.guid, before.note_id, before.mod)
        assert (after.deck, after.tags, after.ords) == (before.deck, before.tags, before.ords)


def check_fields(way: RoundTrip) -> None:
    """All fields are the same, but for the ids of footnotes."""
    for before, after in way.pairs():
        for name, html, again in zip(
            way.deck.note_types[before.note_type].field_names,
            before.fields,
            after.fields,
            strict=True,
        ):
            assert is_same(html, again), (name, way.cards)


def test_the_first_deck_comes_back_as_markdown_to_the_letter() -> None:
    way = round_trip(package_of(ROOT / "cards.md"))
    check_notes(way)
    assert [after.fields for _, after in way.pairs()] == [
        before.fields for before, _ in way.pairs()
    ]
    assert set(way.counts()) == {Form.MARKDOWN}
    assert way.package.media == package_of(ROOT / "cards.md").media


@pytest.fixture(scope="module")
def showcase() -> RoundTrip:
    """The deck with a card for every feature."""
    return round_trip(package_of(ROOT / "examples"))


def test_the_showcase_comes_back_with_all_of_its_notes(showcase: RoundTrip) -> None:
    check_notes(showcase)
    assert Counter(showcase.counts()) == {Form.MARKDOWN: 43, Form.WITH_HTML: 1}


def test_the_fields_of_the_showcase_come_back_to_the_letter(showcase: RoundTrip) -> None:
    for before, after in showcase.pairs():
        names = showcase.deck.note_types[before.note_type].field_names
        for name, html, again in zip(names, before.fields, after.fields, strict=True):
            if name != "Source":
                assert is_same(html, again)
                continue
            # The setting `source_url` puts a link behind the field, and no setting comes back.
            assert _plain(html) == _plain(again)


def _plain(source: str) -> str:
    """A field Source without the place of its link."""
    link = _LINK_TO_SOURCE.search(source)
    text = _LINK_TO_SOURCE.sub("", source)
    return re.sub(r"\A<div[^>]*>(.*)</div>\Z", r"\1", text) + (link[1] if link else "")


INLINE = [
    "plain words",
    "**strong**",
    "*weak*",
    "***both***",
    "**a** **b**",
    "*a*b",
    "~~gone~~",
    "`code <b>`",
    "`` a`b ``",
    "[a link](https://x.org/a_(b))",
    '[titled](https://x.org "A title")',
    "https://x.org/?a=1&b=2",
    "x@y.org",
    "$a_1 + b$",
    "H<sub>2</sub>O",
    "<kbd>Ctrl</kbd>",
    "<b>bold</b>",
    "a<br>b",
    "snake_case __init__",
    "1 < 2 & 3",
    "\\*stars\\* {braces} [brackets]",
    "costs $5 and $6",
    "==marked==",
    "![A picture](p.png)",
    "a&nbsp;b \u00ab x \u00bb",
    "[sound:none.mp3]",
    "\u5317\u4eac \u0623\u0628",
    "3. April",
    "C# #hash",
]
LINE = st.lists(st.sampled_from(INLINE), min_size=1, max_size=3).map(" ".join)
PARAGRAPH = st.builds("{0}{1}{2}".format, LINE, st.sampled_from(["\n", "\\\n", " "]), LINE)


def _indented(text: str, sign: str) -> str:
    first, *others = text.split("\n")
    indent = " " * len(sign)
    return "\n".join([f"{sign}{first}", *(f"{indent}{line}" for line in others)])


def _list(items: list[str], sign: str) -> str:
    return "\n".join(_indented(each, sign) for each in items)


def _table(cells: list[str]) -> str:
    rows = "\n".join(f"| {cell} | b |" for cell in cells)
    return f"| A | B |\n|:--|---|\n{rows}"


def _quote(text: str, first: str) -> str:
    return first + "\n".join(f"> {line}" for line in text.split("\n"))


DARK = "(prefers-color-scheme: dark)"
CODE = st.builds(
    "```{0}\n{1}\n```".format,
    st.sampled_from(["", "text", "python", 'rust {linenos hl_lines="1"}', "js {title=a}"]),
    st.sampled_from(["x = 1\n\n\ny = f(x)  # c", "  def <b>&", "let x: u32 = 1;", ""]),
)
BLOCK = st.one_of(
    PARAGRAPH,
    PARAGRAPH,
    CODE,
    st.builds(_list, st.lists(LINE, min_size=1, max_size=3), st.sampled_from(["- ", "4. "])),
    st.builds(_list, st.lists(LINE, min_size=1, max_size=2), st.just("- [x] ")),
    st.builds("- {0}\n\n  {1}\n- {2}\n".format, LINE, LINE, LINE),
    st.builds("- {0}\n  1. {1}\n  2. two".format, LINE, LINE),
    st.builds(_table, st.lists(LINE, max_size=2)),
    st.builds(_quote, PARAGRAPH, st.sampled_from(["", "> [!NOTE]\n"])),
    st.builds("<details>\n<summary>more</summary>\n\n{0}\n\n</details>".format, PARAGRAPH),
    st.sampled_from(
        [
            "$$\na = b\n$$",
            "***",
            "#### A heading",
            "### Another *one*",
            '<img src="p.png" width="50">',
            "[Listen](s.mp3)",
            f'<picture><source media="{DARK}" srcset="q.png"><img src="p.png" alt="a"></picture>',
            "Text[^n] and[^m].\n\n[^n]: A *note*.\n[^m]: Two.\n\n    More.",
            "<table><tr><td>1</td></tr></table>",
        ]
    ),
)
BLOCKS = st.lists(BLOCK, min_size=1, max_size=3).map("\n\n".join)
REQUESTS = st.sampled_from(
    [
        *["", "", ""],
        " {.tag}",
        " {reverse}",
        " {typed}",
        ' {typed="a b"}',
        " {lang=de}",
        " {lang=ar dir=rtl}",
        " {tts=fr-FR}",
        " {tts-back=en-US lang=en reverse}",
    ]
)
SECTIONS = st.sampled_from(["", "", "\n\n### Hint\n\nA *hint*.\n\n### Source\n\nA book"])
HIDDEN = [
    "{{c1::a}} and {{c2::b::a hint}}.",
    "- {{c1::**a**}}\n- b {{c2::$x$}}",
    "{{c1::a}}\n\n```python\nx = {{c2::1}}\n```",
    "`x = {{c1::1}}`",
]
SHAPES = "1: rect 10% 20% 30% 15% *one*\n2: ellipse 50% 50% 9% 9%\n2: polygon 1%,1% 5%,5% 1%,9%"
BODY = st.one_of(
    st.builds("{0}\n\n{1}{2}".format, REQUESTS, BLOCKS, SECTIONS),
    st.builds("{0}\n\n{1}\n\n---\n\n{2}".format, REQUESTS, BLOCKS, BLOCKS),
    st.builds("\n\n{0}\n\n{1}".format, st.sampled_from(HIDDEN), BLOCKS),
    st.builds(" {{kind=choice}}\n\n- [x] {0}\n- [ ] two\n\nSo.\n\n{1}".format, LINE, BLOCKS),
    st.builds(" {{kind=rows}}\n\n| A | B | C |\n|-|-|-|\n| eins | {0} | x |".format, LINE),
    st.builds(f"\n\n![p](p.png)\n\n```occlusion\n{SHAPES}\n```\n\n{{0}}".format, BLOCKS),
)


@settings(deadline=None, max_examples=25)
@given(cards=st.lists(st.tuples(LINE, BODY), min_size=1, max_size=8))
def test_a_built_deck_comes_back_to_the_letter(cards: list[tuple[str, str]]) -> None:
    texts = [f"## {line} q{number}{body}\n" for number, (line, body) in enumerate(cards)]
    way = round_trip(built("---\ndeck: D\n---\n\n" + "\n".join(texts), FILES))
    check_notes(way)
    check_fields(way)
    assert Form.LOST not in way.counts()


def test_media_have_their_readable_names_again() -> None:
    way = round_trip(built("## Q?\n\n![A picture](p.png) [Listen](s.mp3)\n", FILES))
    assert set(way.project.media) == {"p.png", "s.mp3"}
    assert not way.project.lock.media
    assert "![A picture](../media/p.png)" in way.cards
    assert [each.name for each in way.package.media] == list(way.deck.media)


def test_a_picture_that_another_one_has_taken_the_name_of_keeps_its_own() -> None:
    files = Files({"p.png": picture(1), "other/p.png": picture(2)})
    way = round_trip(built("## Q?\n\n![](p.png) ![](other/p.png)\n", files))
    check_fields(way)
    assert len(set(way.project.media) - {"p.png"}) == 1


def test_note_types_of_two_locks_stay_two() -> None:
    one = built("## One?\n\n1\n\n## Two?\n\n2\n")
    other = round_trip(built("## Three?\n\n3\n", path="other.md")).deck
    renamed = replace(other.note_types[0], id=1_234, name="other Basic (ankipress abcd)")
    deck = round_trip(one).deck
    notes = [replace(each, note_type=1, guid=each.guid[::-1]) for each in other.notes]
    moved = [replace(each, fields=_with_key(each.fields, each.guid)) for each in notes]
    way = RoundTrip(
        replace(deck, note_types=(*deck.note_types, renamed), notes=(*deck.notes, *moved))
    )
    check_notes(way)
    check_fields(way)
    assert set(way.project.lock.note_types) == {"basic", "basic@1234"}


def _with_key(fields: tuple[str, ...], guid: str) -> tuple[str, ...]:
    return (*fields[:-3], guid, "", "")


def test_a_note_type_that_only_looks_like_one_of_ankipress_is_adopted() -> None:
    deck = round_trip(built("## Q?\n\nA\n")).deck
    [note] = deck.notes
    [note_type] = deck.note_types
    named = RoundTrip(replace(deck, note_types=(replace(note_type, name="Basic"),)))
    keyed = RoundTrip(
        replace(deck, notes=(replace(note, fields=_with_key(note.fields, "another")),))
    )
    for way in (named, keyed):
        check_notes(way)
        check_fields(way)
        assert set(way.project.lock.note_types).isdisjoint({"basic"})


def test_a_field_with_the_guid_is_in_no_card(showcase: RoundTrip) -> None:
    assert "### Key" not in showcase.cards
    assert "kind=showcase-Vocabulary" in showcase.cards
