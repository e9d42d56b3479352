"""Which heading is a card, and what belongs to it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.diagnostics import Location
from ankipress.model import Entry, Part, Source
from ankipress.parse.placing import Parsed
from ankipress.project.settings import Settings
from ankipress.syntax.decoding import decode
from parsing import parse

SETTINGS = Settings()
Q = "## Q\n\n"


def source(text: str, path: str = "cards.md") -> Source:
    return Source(path, text)


def parsed(text: str, **settings: object) -> Parsed:
    return parse([source(text)], replace(SETTINGS, **settings))  # type: ignore[arg-type]


def codes(result: Parsed) -> list[str]:
    return [problem.code for problem in result.diagnostics]


def parts(entry: Entry) -> dict[str, str]:
    return {name: part.text for name, part in entry.parts.items()}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="an empty file"),
        pytest.param("# Title only\n", id="a title"),
        pytest.param("Prose\n\n### deeper\n", id="prose and a deeper heading"),
        pytest.param("```\n## a\n```\n", id="a heading in a fence"),
        pytest.param(
            "~~~~\n```\n## a\n~~~\n## b\n~~~~\n", id="a heading in a fence with others in it"
        ),
        pytest.param("- a\n\n  ## b\n", id="a heading in a list"),
        pytest.param("1. ## a\n", id="a heading as an item"),
        pytest.param("> ## a\n", id="a heading in a quote"),
        pytest.param("<!--\n## a\n\n## b\n-->\n", id="a heading in a comment"),
        pytest.param("<details>\n\n## a\n\n</details>\n", id="a heading in an open details"),
        pytest.param("[a]: /b\n---\n", id="a rule below a definition"),
    ],
)
def test_no_entries(text: str) -> None:
    result = parsed(text)
    assert result.entries == ()
    assert codes(result) == ["no-cards"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<div>\n## a\n</div>\n", id="a heading in an HTML block"),
        pytest.param("    ## a\n", id="a heading in indented code"),
        pytest.param("\t## a\n", id="a heading behind a tab"),
        pytest.param("##a\n\n\\## a\n\n####### a\n", id="hashes that are no heading"),
    ],
)
def test_what_is_nearly_a_heading_is_no_entry_either(text: str) -> None:
    result = parsed(text)
    assert result.entries == ()
    assert codes(result) == ["near-heading", "no-cards"]


def test_an_entry_is_a_heading_and_what_follows() -> None:
    (entry,) = parsed("# Deck\n\nPrologue\n\n## What? {#a .t}\n\nAnswer\n\nmore\n").entries
    assert (entry.heading, entry.deck, entry.kind, entry.tags) == ("What?", "Deck", "basic", ("t",))
    assert entry.location == Location("cards.md", 5, 1, 16)
    assert entry.parts == {"Back": Part("Answer\n\nmore", 7)}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("a\n", {"Back": "a"}, id="an answer"),
        pytest.param("", {"Back": ""}, id="nothing"),
        pytest.param("a\n\n---\n\nb", {"Front": "a", "Back": "b"}, id="the end of the question"),
        pytest.param("a\n\n---\n", {"Back": "a"}, id="a separator at the end"),
        pytest.param("---\n\na", {"Back": "a"}, id="one at the start"),
        pytest.param("---\n\na\n\n---\n", {"Back": "a"}, id="one at both ends"),
        pytest.param(
            "a\n\n---\n\nb\n\n---\n", {"Front": "a", "Back": "b"}, id="the end and a separator"
        ),
        pytest.param(
            "a\n\n---\n\nb\n\n---\n\nc",
            {"Front": "a", "Back": "b\n\n---\n\nc"},
            id="a second one is a rule",
        ),
        pytest.param("a\n\n***\n\nb", {"Back": "a\n\n***\n\nb"}, id="stars are a rule"),
        pytest.param("a\n\n___\n\nb", {"Back": "a\n\n___\n\nb"}, id="underscores are a rule"),
        pytest.param("```\n---\n```\n", {"Back": "```\n---\n```"}, id="dashes in a fence"),
        pytest.param("- a\n\n  ---\n- b", {"Back": "- a\n\n  ---\n- b"}, id="dashes in a list"),
        pytest.param("a\n\n### Hint\n\nh\n", {"Back": "a", "Hint": "h"}, id="a hint"),
        pytest.param(
            "a\n\n### hint\nh\n\n### Source\ns",
            {"Back": "a", "Hint": "h", "Source": "s"},
            id="a hint and a source",
        ),
        pytest.param(
            "a\n\n#### Hint\n\nh",
            {"Back": "a\n\n#### Hint\n\nh"},
            id="a hint too deep is a part of the answer",
        ),
        pytest.param(
            "a\n\n### More\n\nb",
            {"Back": "a\n\n### More\n\nb"},
            id="another heading is a part of the answer",
        ),
        pytest.param(
            "a\n\n### Hint\n\nh\n\n### More\n\nb",
            {
                "Back": "a\n\n\n\n\n\n### More\n\nb",
                "Hint": "h",
            },  # empty lines keep the place of each line
            id="the answer goes on",
        ),
        pytest.param(
            "a\n\n### Hint\n\nh\n\n#### x",
            {"Back": "a", "Hint": "h\n\n#### x"},
            id="a heading in a hint",
        ),
        pytest.param(
            "a\n\n---\n\n### Hint\n\nh",
            {"Back": "a", "Hint": "h"},
            id="nothing but a hint below the dashes",
        ),
        pytest.param("---\n\n---\n\na\n\n---\n---\n", {"Back": "a"}, id="several at both ends"),
        pytest.param(
            "a\n\n---\n\n---\n\nb",
            {"Front": "a", "Back": "b"},
            id="two between question and answer",
        ),
        pytest.param("---\n\n---\n", {"Back": ""}, id="nothing but dashes"),
    ],
)
def test_parts(body: str, expected: dict[str, str]) -> None:
    result = parsed(Q + body)
    assert parts(result.entries[0]) == expected
    assert codes(result) == (["near-heading"] if "#### Hint" in body else [])


@pytest.mark.parametrize(
    ("text", "deck"),
    [
        pytest.param("---\ndeck: A::B\n---\n# C\n" + Q, "A::B", id="front matter first"),
        pytest.param("# C: `d` *e*\n" + Q, "C: d e", id="then the first title"),
        pytest.param("C\n=\n\n" + Q, "C", id="a title underlined"),
        pytest.param(Q, "cards", id="then the file"),
        pytest.param(
            "---\ndeck: ' A :: :: B '\n---\n" + Q, "A::B", id="components trimmed, none empty"
        ),
        pytest.param("# \n" + Q, "cards", id="an empty title"),
        pytest.param("---\ndeck: 1984\n---\n" + Q, "1984", id="a number as it is written"),
        pytest.param("---\ndeck:\n---\n" + Q, "cards", id="a deck left empty"),
    ],
)
def test_decks(text: str, deck: str) -> None:
    assert parsed(text + "a").entries[0].deck == deck
    assert parsed(text + "a", deck_prefix="P").entries[0].deck == f"P::{deck}"


@pytest.mark.parametrize(
    ("sections", "deck", "tags"),
    [("ignore", "D", ()), ("subdeck", "D::One: two::Deep", ()), ("tag", "D", ("One-two::Deep",))],
)
def test_sections(sections: str, deck: str, tags: tuple[str, ...]) -> None:
    entry = parsed(
        "# D\n\n## One:: two\n\n### Deep\n\n#### Q\n\na", card_level=4, sections=sections
    ).entries[0]
    assert (entry.deck, entry.tags, entry.section) == (
        deck.replace("One: two", "One: two"),
        tags,
        "One:: two / Deep",
    )


def test_a_file_whose_name_is_no_deck_has_one() -> None:
    assert parse([source("## A\n\na", "::")], SETTINGS).entries[0].deck == "cards"


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("", ()),
        ("[]", ()),
        ("a b, c", ("a", "b", "c")),
        ("[yes, 2026-01-01, 1.0, ~]", ("1.0", "2026-01-01", "yes", "~")),
    ],
)
def test_tags_are_taken_as_they_are_written(tags: str, expected: tuple[str, ...]) -> None:
    result = parsed(f"---\ntags: {tags}\n---\n## Q\n\nx")
    assert result.entries[0].tags == expected
    assert result.diagnostics == ()


def test_every_line_of_an_answer_in_two_pieces_keeps_its_place() -> None:
    back = parsed(Q + "a\n\n### Hint\n\nh\n\n### More\n\nb").entries[0].parts["Back"]
    assert back.text.split("\n")[9 - back.line] == "### More"


def test_tags_come_from_settings_file_and_heading_and_are_sorted() -> None:
    text = "---\ntags: [b, 2024]\n---\n## Q {.a .b}\n\nx"
    assert parsed(text, tags=("z",)).entries[0].tags == ("2024", "a", "b", "z")


@pytest.mark.parametrize(
    ("heading", "body", "kind"),
    [
        ("Q", "a", "basic"),
        ("{{c1::Q}}", "", "cloze"),
        ("Q", "x {{c2::a::hint}}", "cloze"),
        ("`{{c1::Q}}`", "a", "basic"),
        ("Q", "```\n{{c1::a}}\n```", "basic"),
        ("Q", "<!-- {{c1::a}} --> a", "basic"),
        ("Q", "- ```\n  {{c1::a}}\n  ```", "basic"),
        ("Q", "> ~~~\n> {{c1::a}}\n> ~~~", "basic"),
        ("Q", "```\n{{c1::a}}\n", "basic"),
        ("Q", "` `` {{c1::a}} `` `", "basic"),
        ("Q", "\\` {{c1::a}} `", "cloze"),
        ("Q", "``` x ``` {{c1::a}}", "cloze"),
        ("Q", "`` {{c1::a}} `", "cloze"),
        ("Q", "`<!--` {{c1::a}}", "cloze"),
        ("Q", "- ```\n  x\n  ```\n\n{{c1::a}}", "cloze"),
        ("Q", "a\n\n### Hint\n\n{{c1::a}}", "basic"),
        ("Q {kind=cloze}", "==a==", "cloze"),
    ],
)
def test_kinds(heading: str, body: str, kind: str) -> None:
    assert parsed(f"## {heading}\n\n{body}").entries[0].kind == kind


@pytest.mark.parametrize("level", range(1, 7))
def test_cards_of_every_level(level: int) -> None:
    marks = "#" * level
    entries = parsed(
        f"{marks} one\n\na\n\n{marks}# deeper\n\nb\n\n{marks} two\n\nc", card_level=level
    ).entries
    assert [entry.heading for entry in entries] == ["one", "two"]


def test_a_heading_above_the_card_level_ends_a_card() -> None:
    assert [
        parts(entry)["Back"] for entry in parsed("## a\n\nb\n\n# c\n\nd\n\n## e\n\nf").entries
    ] == ["b", "f"]


def test_questions_with_answers_in_details_of_deeper_and_higher_headings() -> None:
    answer = (
        "<details><summary><b>Answer</b></summary>\n<p>\n\n#### Answer: C\n\nWhy.\n\n</p>\n"
        "</details>"
    )
    card = f"###### 1. What's the output?\n\n```js\n1\n```\n\n{answer}\n\n---\n\n"
    entries = parsed(card + card.replace("1.", "2."), card_level=6).entries
    assert [entry.heading for entry in entries] == [
        "1. What's the output?",
        "2. What's the output?",
    ]
    assert parts(entries[0])["Back"].endswith("</details>")


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        pytest.param(Q + "```\na\n", "unclosed-fence", (3, 1), id="a fence that never ends"),
        pytest.param(Q + "<details>\n\na\n", "unclosed-html", (3, 1), id="details that never end"),
        pytest.param("## A {#x}\n\na\n\n## B {#x}\n\nb", "duplicate-id", (5, 7), id="an id twice"),
        pytest.param("## A\n\na\n\n## A\n\na", "duplicate-card", (5, 1), id="a card twice"),
        pytest.param("## A {foo=1}\n\na", "unknown-attribute", (1, 7), id="an unknown attribute"),
        pytest.param(
            "## A\n\na\n\nb\n---\n\nc", "underlined-heading", (6, 1), id="dashes right below a text"
        ),
        pytest.param(
            "## {{c1::A}} {reverse}\n", "bad-attribute", (1, 15), id="a cloze has no other side"
        ),
        pytest.param(
            "## {{c1::A}} {tts-back=de-DE}\n", "bad-attribute", (1, 15), id="a cloze is one text"
        ),
        pytest.param(
            "## kind=x {kind=x}\n\na",
            "unknown-kind",
            (1, 12),
            id="words that the question holds too",
        ),
        pytest.param(
            "A {kind=x}\n---\n\na", "unknown-kind", (1, 4), id="an attribute above an underline"
        ),
        pytest.param("---\nfoo: 1\n---\n## A\n\na", "unknown-key", (2, 1), id="an unknown key"),
        pytest.param("---\ntags: a: b\n---\n## A\n\na", "bad-front-matter", (2, 8), id="no YAML"),
        pytest.param(
            "---\ntags: [x, a b]\n---\n## A\n\na", "tag-spelling", (2, 11), id="a tag with a space"
        ),
        pytest.param(
            "---\ndeck: []\n---\n## A\n\na", "bad-front-matter", (2, 7), id="a deck that is none"
        ),
        pytest.param(
            "---\nlang: [de]\n---\n## A\n\na",
            "bad-front-matter",
            (2, 7),
            id="a language that is none",
        ),
        pytest.param(
            "---\ndeck: a\ntts: fr\n---\n## A\n\na",
            "bad-front-matter",
            (3, 6),
            id="a language without a country",
        ),
        pytest.param("## A\n\na\u202eb\u202c", "bidi-control", (3, 2), id="an override"),
        pytest.param(
            "# a\u2067b\n\n## A\n\na", "bidi-control", (1, 4), id="an isolate between cards"
        ),
        pytest.param("---\n- a\n---\n## A\n\na", "bad-front-matter", (2, 1), id="a list"),
        pytest.param(
            "---\ndeck: a\n'deck': b\n---\n## A\n\na", "bad-front-matter", (3, 1), id="a key twice"
        ),
        pytest.param(
            "---\nx: {a: 1}\ntags: [x]\ntags: [y]\n---\n## A\n\na",
            "bad-front-matter",
            (4, 1),
            id="a key twice, later",
        ),
        pytest.param("## A {drfat}\n\na", "misspelt-attribute", (1, 6), id="a misspelt flag"),
        pytest.param(
            "---\ndeck: a\n\n## A\n\na",
            "bad-front-matter",
            (1, 1),
            id="front matter that never ends",
        ),
        pytest.param(
            "---\na: &x [1]\nb: *x\n---\n## A\n\na", "bad-front-matter", (1, 1), id="an alias"
        ),
        pytest.param(
            "---\na: " + "[" * 5000 + "\n---\n## A\n\na",
            "bad-front-matter",
            (1, 1),
            id="nested beyond the stack",
        ),
    ],
)
def test_problems_and_their_places(text: str, code: str, place: tuple[int, int]) -> None:
    result = parsed(text)
    assert code in codes(result)
    problem = next(each for each in result.diagnostics if each.code == code)
    assert (problem.location.line, problem.location.column) == place
    assert problem.help


@pytest.mark.parametrize(
    ("text", "places"),
    [
        pytest.param(
            "## lang=jp or `lang=jp`? {lang=jp}\n\na", [(1, "lang=jp")], id="words thrice"
        ),
        pytest.param("  ##\t Ist es #es,? {#es, .a} ##\n\na", [(1, "#es,")], id="hashes behind"),
        pytest.param("Große\nFrage {.a::} \n---\n\na", [(2, ".a::")], id="an underline"),
        pytest.param("A {reverse, typed}\n---\n\na", [(1, "{reverse, typed}")], id="a short one"),
        pytest.param("## A {.a,.b .a,.b}\n\na", [(1, ".a,.b"), (1, ".a,.b")], id="a slip twice"),
        pytest.param("# D\n\n## # 9. {.x,}\n\na", [(3, ".x,")], id="a hash in the text"),
        pytest.param("## {{c1::reverse}} {reverse}\n", [(1, "reverse")], id="no other side"),
        pytest.param(
            "## T {kind=rows .t,}\n\n| a | b |\n|-|-|\n| c | d |", [(1, ".t,")], id="rows"
        ),
        pytest.param(
            "## T {kind=rows}\n\n| a | b |\n|-|-|\n| x\\|#y, {#y, .z} | d |\n| #y, | {#y,} |",
            [(5, "#y,")],
            id="a cell with a bar",
        ),
        pytest.param(
            "## T {kind=rows}\n\n  | a | b |\n  |-|-|\n  | kind=rows {kind=rows} | d |",
            [(5, "kind=rows")],
            id="an indented table",
        ),
        pytest.param(
            "## T {kind=rows}\n\nder #a, {#a,}\n: the\n", [(3, "#a,")], id="a term with an id"
        ),
    ],
)
@pytest.mark.parametrize("above", ["", "\n\n# Ä\n\ntext {#es, .a}\n\n"])
def test_a_problem_of_attributes_stands_where_its_words_do(
    above: str, text: str, places: list[tuple[int, str]]
) -> None:
    whole = above + text
    found = []
    for each in parsed(whole).diagnostics:
        if each.code in {"bad-attribute", "misspelt-attribute"}:
            location = each.location
            line = whole.split("\n")[location.line - 1]
            start = location.column - 1
            number = location.line - above.count("\n")
            found.append((number, line[start : start + location.width], start))
    assert [(number, words) for number, words, _ in found] == places
    assert len(set(found)) == len(found)
    for number, words, start in found:
        line = text.split("\n")[number - 1]
        assert start + len(words) > line.rindex("{")


def test_a_fix_that_would_span_two_lines_is_none() -> None:
    (problem,) = (
        each
        for each in parsed("A {.a}\n{#b}\n---\n\nx").diagnostics
        if each.code == "misspelt-attribute"
    )
    assert (problem.location, problem.fix) == (Location("cards.md", 1, 3, 4), None)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("foo: 1", "foo"),
        ("größe : x", "größe"),
        ('"foo": 1', '"foo"'),
        ("? foo\n: 1", "foo"),
    ],
)
def test_the_place_of_a_key_is_the_key(line: str, words: str) -> None:
    text = f"---\nlang: de\n{line}\n---\n## A\n\na"
    [problem] = parsed(text).diagnostics
    place = problem.location
    shown = text.split("\n")[place.line - 1][place.column - 1 :][: place.width]
    assert (problem.code, shown) == ("unknown-key", words)


@pytest.mark.parametrize(
    ("text", "level", "help"),
    [
        (
            "### A\n\na",
            2,
            "set `card_level = 3` in ankipress.toml, or write these headings with `##`",
        ),
        ("text", 2, "a card is a heading of level 2 (`## Question`) and what follows"),
        ("## A {draft}\n\na", 2, "all cards are drafts: take {draft} from one"),
    ],
)
def test_no_cards_say_how_to_get_some(text: str, level: int, help: str) -> None:
    assert [each.help for each in parsed(text, card_level=level).diagnostics] == [help]


def test_drafts_are_counted_and_left_out() -> None:
    result = parsed("## A {draft}\n\na\n\n## B\n\nb")
    assert ([entry.heading for entry in result.entries], result.drafts) == (["B"], 1)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"\xef\xbb\xbf## A\r\n\r\nb\rc\n", "## A\n\nb\nc\n"),
        ("\u2028 stays\n".encode(), "\u2028 stays\n"),
    ],
)
def test_bytes_become_lines(content: bytes, text: str) -> None:
    assert decode(content, "a.md") == (Source("a.md", text), ())


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        pytest.param("a\né".encode("latin-1"), "not-utf8", (2, 1), id="Latin-1"),
        pytest.param(b"\xef\xbb\xbfab\xff", "not-utf8", (1, 3), id="a bad byte behind a mark"),
        pytest.param("a".encode("utf-16"), "not-utf8", (1, 1), id="UTF-16"),
        pytest.param(b"a\r\nb\x00", "control-character", (2, 2), id="NUL"),
        pytest.param(b"a\x1fb", "control-character", (1, 2), id="Anki's own separator"),
    ],
)
def test_bytes_that_are_no_text(content: bytes, code: str, place: tuple[int, int]) -> None:
    _, problems = decode(content, "a.md")
    assert [(each.code, (each.location.line, each.location.column)) for each in problems] == [
        (code, place)
    ]


@given(st.binary(max_size=60))
def test_any_bytes_can_be_decoded(content: bytes) -> None:
    """Those that are UTF-8 to a text, the others to a problem."""
    decoded, problems = decode(content, "a.md")
    if decoded is None:
        assert [each.code for each in problems] == ["not-utf8"]
        assert content.decode(errors="replace") != content.decode(errors="ignore")
    else:
        text = content.decode("utf-8-sig")
        assert decoded.text == re.sub("\r\n?", "\n", text)


LINES = [
    "---",
    "# A",
    "## B {#c}",
    "## ",
    "```",
    "~~~",
    "- x",
    "  ## y",
    "> z",
    "<details>",
    "</details>",
    "<!--",
    "-->",
    "",
    "deck: x",
    "b\n---",
    "\t",
    "{{c1::d}}",
    "### Hint",
]


@given(st.lists(st.sampled_from(LINES) | st.text(max_size=10), max_size=12).map("\n".join))
def test_any_text_can_be_parsed_and_nothing_is_added(text: str) -> None:
    text = text.replace("\r", "\n")
    result = parsed(text)
    lines = text.split("\n")
    for entry in result.entries:
        for part in entry.parts.values():
            assert [line for line in part.text.split("\n") if line and line not in lines] == []
            assert 1 <= part.line <= len(lines) + 1


BLOCKS = st.sampled_from(
    [
        "text",
        "two\nlines",
        "- x\n\n  ## in a list",
        "> ## in a quote",
        "```\n## in a fence\n---\n```",
        "~~~\n\n## in another\n\n~~~",
        "    # in code",
        "<details>\n\n## in details\n\n</details>",
        "<!--\n## in a comment\n-->",
        "{{c1::d}}",
        "| a | b |\n|---|---|\n| c | d |",
        "##no heading",
        "#### deeper",
        "deck: x",
    ]
)
ANSWERS = st.lists(BLOCKS, min_size=1, max_size=5).map("\n\n".join)


@given(st.lists(st.tuples(ANSWERS, st.none() | ANSWERS, st.none() | ANSWERS), max_size=5))
def test_every_card_is_an_entry_with_all_that_was_written(
    cards: list[tuple[str, str | None, str | None]],
) -> None:
    text, expected = "# Deck\n\n", []
    for number, (answer, above, hint) in enumerate(cards):
        text += f"## Question {number}\n\n"
        text += f"{above}\n\n---\n\n" if above else ""
        text += f"{answer}\n\n" + (f"### Hint\n\n{hint}\n\n" if hint else "")
        written = {"Front": above, "Back": answer, "Hint": hint}
        expected.append((f"Question {number}", {k: each for k, each in written.items() if each}))
    result = parsed(text)
    assert [(entry.heading, parts(entry)) for entry in result.entries] == expected
    said = [code for code in codes(result) if code != "near-heading"]
    assert said == ([] if cards else ["no-cards"])


def test_a_definition_of_a_link_holds_for_the_whole_file() -> None:
    """As on GitHub, where a file is one document."""
    cards = "## One [a B]\n\n![x][p]\n\n## Two\n\nb\n\n```\n[p]: code\n```\n\ntext\n[p]: text\n\n"
    definitions = '[a b]: /first "T"\n[a  B]: /second\n[unused]: x\n[p]: <p q.png>\n\n[^1]: note\n'
    one, two = parsed(cards + definitions).entries
    assert one.definitions == '[a b]: /first "T"\n[p]: <p q.png>'
    assert two.definitions.split("\n")[0] == '[a b]: /first "T"'
