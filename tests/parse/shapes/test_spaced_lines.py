"""Lines of spaced-repetition and flashcards-obsidian: `a::b`, `?`, and paragraphs with gaps."""

from __future__ import annotations

import pytest

from ankipress.model import Separators, Source
from ankipress.project.settings import Settings
from parsing import parse
from vault import cards, entries

TAG = "#flashcards\n\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Just text.\n", []),
        ("Who?::Caesar\n", ["Who? | Caesar"]),
        ("Who? :: Caesar\n", ["Who? | Caesar"]),
        ("Who was it:: Caesar\n", ["Who was it | Caesar"]),
        ("Who?::     Caesar\n", ["Who? | Caesar"]),
        ("dog:::chien\n", ["dog {reverse} | chien"]),
        ("- Who?::Caesar\n- [ ] Where?::Rome\n", ["Who? | Caesar", "Where? | Rome"]),
        ("1. Who?::Caesar\n", ["Who? | Caesar"]),
        ("## Who?::Caesar\n", ["Who? | Caesar"]),
        ("A line.\nWho?::Caesar\nAnother.\n", ["Who? | Caesar"]),
        ("Who?::Caesar\n<!--SR:!2024-01-01,3,250-->\n", ["Who? | Caesar"]),
        ("Who?::Caesar <!--SR:!2024-01-01,3,250-->\n", ["Who? | Caesar"]),
        ("Who?::Caesar ^abc-1\n", ["Who? {#abc-1} | Caesar ^abc-1"]),
        ("Who?::Caesar\n^1665131487417\n", ["Who? {#1665131487417} | Caesar\n^1665131487417"]),
        (
            "Who?::Caesar\n<!--ID: 1665131487417-->\n",
            ["Who? {#1665131487417} | Caesar\n<!--ID: 1665131487417-->"],
        ),
        ("dog ::: chien #french\n", ["dog {.french reverse} | chien #french"]),
        ("a :: b::c\n", ["a | b::c"]),
        ("::b\n\na::\n", []),
        ("Line one\nline two\n?\nThe answer\nalso\n\nText.\n",
         ["Line one line two | The answer\nalso"]),
        ("dog\n??\nchien\n", ["dog {reverse} | chien"]),
        ("Which?\n- a\n- b\n?\nb\n", ["Which? | - a\n- b | b"]),
        ("Q\n?\n```\na\n\nb::c\n```\n", ["Q | ```\na\n\nb::c\n```"]),
        ("Q\n?\nA\n<!--SR:!2024-01-01,3,250-->\n", ["Q | A"]),
        ("Q\n?\nA\n> [!sr|card-metadata]\n> <!--SR:!2024-01-01,3,250-->\n", ["Q | A"]),
        ("## Chapter\nQ\n?\nA\n", ["Q | A"]),
        ("## Why?\n?\nA\n", ["Why? | A"]),
        ("?\nA\n", []),
        ("Q\n?\n", []),
        ("It is ==a== and ==b==^[hint].\n", ["It is {{c1::a}} and {{c2::b::hint}}. {cloze}"]),
        ("It is ==1;;a== and ==2;;b;;h== and ==1;;c==.\n",
         ["It is {{c1::a}} and {{c2::b::h}} and {{c1::c}}. {cloze}"]),
        ("It is ==a==[^2] and ==b==.\n", ["It is {{c2::a}} and {{c1::b}}. {cloze}"]),
        ("Line one\nwith a ==gap==.\n\nNone.\n", ["Line one with a {{c1::gap}}. {cloze}"]),
        ("These:\n- ==a==\n- b\n", ["These: {cloze} | - {{c1::a}}\n- b"]),
        ("`==a==` and $x==y==z$ are none.\n", []),
        ("a == b == c\n", []),
    ],
)  # fmt: skip
def test_a_file_with_a_deck_tag_has_the_cards_of_its_lines(text: str, expected: list[str]) -> None:
    assert cards(TAG + text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "`std::a::b`",
        "use `a :: b`",
        "$3::4$",
        "It is $$3::4$$.",
        "```\na::b\n```",
        "~~~\na::b\nq\n?\na\n~~~",
        "    a::b",
        "- a\n\n  ```\n  a::b\n  ```",
        "<!-- a::b -->",
        "<!--\na::b\n-->",
        "%%a::b%%",
        "%%\na::b\n%%",
        "> a::b",
        "<div>\na::b\n</div>",
        "$$\na::b\n$$",
        "a {{c1::b}} c",
        "std::vector is a container",
        "the call Vec::new() allocates",
        "the path a::b::c is long",
        "TARGET DECK: A::B",
        "TARGET DECK\nA::B",
        "FILE TAGS: A::B",
        "cards-deck: A::B",
        "type:: book",
        "- due-date:: 2024-01-01",
        "It has [rating:: 9] in it.",
        "It has (rating:: 9) in it.",
        "[[A::B]]",
        "https://a.example/x::y",
        "[a](x::y)",
    ],
)
@pytest.mark.parametrize("head", [TAG, "---\ncards-deck: A::B\n---\n\n"])
def test_code_comments_properties_and_names_make_no_card(head: str, text: str) -> None:
    assert cards(f"{head}{text}\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "#flashcards\n\na::b\n",
        "#Flashcards/Rome\n\na::b\n",
        "Text with #flashcards in it.\n\na::b\n",
        "a::b\n\n#flashcards\n",
        "---\ntags: flashcards\n---\na::b\n",
        "---\ntags:\n  - other\n  - flashcards/rome\n---\na::b\n",
        '---\ntags: ["#flashcards"]\n---\na::b\n',
        "---\ncards-deck: Cars\n---\na::b\n",
        "---\ncards-context: true\n---\na::b\n",
        "a::b\n\nText ^1665131487417\n",
        "a::b\n^1665131487417\n",
        "- a :: b\n- c :: d\n",
        "- a :: b\n- c :: d\n- e :: f\n- g :: h\n- no card\n",
    ],
)
def test_a_file_or_a_list_says_that_lines_are_cards(text: str) -> None:
    found = [each.heading for each in entries(text)]
    assert "a" in found
    assert len(found) == text.count("::") - text.count("A::B")


@pytest.mark.parametrize(
    "text",
    [
        "a::b\n",
        "a :: b\n",
        "#flashcardsofmine\n\na :: b\n",
        "`#flashcards`\n\na :: b\n",
        "`a #flashcards b`\n\na :: b\n",
        "```\n#flashcards\n```\n\na :: b\n",
        "#other/flashcards\n\na :: b\n",
        "---\ntitle: flashcards\n---\na :: b\n",
        "---\ntags: other\ntitle: flashcards\n---\na :: b\n",
        "- a :: b\n",
        "- a :: b\n- c\n- d\n",
        "- a :: b\n- c :: d\n- e\n",
        "- Foo::Bar\n- Foo::Baz\n",
        "- type:: a\n- name:: b\n",
        "It is ==marked==.\n",
    ],
)
def test_elsewhere_a_line_is_no_card(text: str) -> None:
    assert cards(text) == []


def test_the_separators_are_those_of_the_vault() -> None:
    own = Separators(
        one_way=(";;",), both_ways=("<>",), below="%", below_both_ways="", end="---end---",
        deck_tags=("test",), gaps=("**", "{{"),
    )  # fmt: skip
    text = (
        "#test\n\nWho?;;Caesar\ndog<>chien\nnot::one\n\nQ\n%\nA\n\nB\n---end---\n\nQ\n??\nA\n\n"
        "It is **a** and {{b;;h}}, not ==c==.\n"
    )
    assert cards(text, own) == [
        "Who? | Caesar",
        "dog {reverse} | chien",
        "Q | A\n\nB",
        "It is {{c1::a}} and {{c2::b::h}}, not ==c==. {cloze}",
    ]
    assert cards("Who?;;Caesar\n", Separators(one_way=(";;",), reads_all_files=True))
    assert not cards(TAG + "a::b\n", Separators(one_way=()))


def test_a_deck_tag_is_a_tag_of_the_cards_below_it() -> None:
    text = (
        "#flashcards/rome\n\na::b\n\n#flashcards/rome/late\nQ\n?\nA\n\n"
        "#flashcards/greece c::d\n\ne::f\n"
    )
    assert cards(text) == [
        "a {.flashcards::rome} | b",
        "Q {.flashcards::rome::late} | A",
        "c {.flashcards::greece} | d",
        "e {.flashcards::rome::late} | f",
    ]


def test_a_problem_stands_where_its_words_stand() -> None:
    parsed = parse(
        [Source("note.md", TAG + "Who?::![[none.png]] [a](none\n\nQ\n?\n[[b]] {{c0::x}}\n")],
        Settings(shape="inline", dialect="obsidian"),
    )
    places = {(each.location.line, each.location.column) for each in parsed.entries}
    assert places == {(3, 1), (5, 1)}


PLAIN = Settings(shape="inline")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dog::chien\n", ["dog"]),
        ("What does std::move do::It casts.\n", ["What does std::move do"]),
        ("std::vector is a container\n", []),
        ("TARGET DECK: A::B\n", []),
        ("id:: 66c2b37c\n", []),
        ("question #card\nanswer\n", []),
        ("START\nBasic\nQ\nBack: A\nEND\n", []),
        ("It is ==marked==.\n", []),
    ],
)
def test_without_the_dialect_lines_alone_are_read(text: str, expected: list[str]) -> None:
    parsed = parse([Source("note.md", text)], PLAIN)
    assert [each.heading for each in parsed.entries] == expected


def test_a_deck_tag_alone_ends_the_deck_above_it() -> None:
    assert cards("#flashcards/rome\na::b\n\n#flashcards\nc::d\n") == [
        "a {.flashcards::rome} | b",
        "c | d",
    ]


def test_a_footnote_behind_a_gap_stays_one() -> None:
    text = TAG + "It is ==a==[^2] and ==b==.\n"
    assert cards(f"{text}\n[^2]: A note.\n") == ["It is {{c1::a}}[^2] and {{c2::b}}. {cloze}"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A\n?\nb\n?\nc\n", ["A | b"]),
        ("A\n?\n?\nb\n", []),
        ("?\n?\n?\n", []),
        ("A\n?\nb\n\nC\n??\nd\n", ["A | b", "C {reverse} | d"]),
    ],
)
def test_no_line_is_on_two_cards(text: str, expected: list[str]) -> None:
    assert cards(text) == expected
    parsed = parse([Source("note.md", text)], PLAIN)
    assert len(parsed.entries) == len(expected)
