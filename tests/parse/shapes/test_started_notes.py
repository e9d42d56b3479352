"""Notes of Obsidian_to_Anki, between `START` and `END`."""

from __future__ import annotations

import pytest

from ankipress.model import Separators, Source
from ankipress.project.settings import Settings
from parsing import parse
from vault import VAULT, cards, entries


def note(*lines: str) -> str:
    return "\n".join(["Text", "", "START", *lines, "END", "", "More text."])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (note("Basic", "Q", "Back: A"), ["Q | A"]),
        (note("Basic", "Front: Q", "Back: A"), ["Q | A"]),
        (note("Basic", "Front:", "Q", "Back:", "A"), ["Q | A"]),
        (note("Basic", "", "Q", "", "Back: A", ""), ["Q | A"]),
        (note("", "Basic", "Q", "Back: A"), ["Q | A"]),
        (note("Basic", "Q", "more", "Back: A", "", "B"), ["Q more | A\n\nB"]),
        (note("Basic", "Q", "- a", "- b", "Back: A"), ["Q | - a\n- b | A"]),
        (note("Basic", "Q", "Back: A", "Tags: a b::c"), ["Q {.a .b::c} | A"]),
        (note("Basic", "Q", "Back: A", "<!--ID: 16-->"), ["Q {#16} | A"]),
        (note("Basic", "Q", "Back: A", "Tags: x", "ID: 16"), ["Q {#16 .x} | A"]),
        (note("Basic (and reversed card)", "Q", "Back: A"), ["Q {reverse} | A"]),
        (note("Basic (optional reversed card)", "Q", "Back: A"), ["Q {reverse} | A"]),
        (note("Basic (type in the answer)", "Q", "Back: A"), ["Q {typed} | A"]),
        (note("Cloze", "", "A {{c1::b}}."), ["A {{c1::b}}. {cloze}"]),
        (note("Cloze", "A ==b==.", "Extra: c"), ["A ==b==. {cloze} | c"]),
        (note("My Cloze", "A {{c1::b}}."), ["A {{c1::b}}. {cloze}"]),
        (note("Basic", "Q", "Back: A", "```", "END", "Back: x", "```", "Z"),
         ["Q | A\n```\nEND\nBack: x\n```\nZ"]),
        (note("Basic", "Q", "---", "Back: A", "", "---", "B"), ["Q | *** | A\n\n***\nB"]),
        (note("Basic", "Q", "Back: a::b", "## Heading", "x"), ["Q | a::b\n## Heading\nx"]),
        (note("Basic"), []),
        ("START\nBasic\nQ\nBack: A\n", []),
        ("  START\nBasic\nQ\nBack: A\nEND\n", []),
        ("STARTLING\nBasic\nQ\nEND\n", []),
        ("```\nSTART\nBasic\nQ\nBack: A\nEND\n```\n", []),
        ("<!--\nSTART\nBasic\nQ\nBack: A\nEND\n-->\n", []),
        ("%%\nSTART\nBasic\nQ\nBack: A\nEND\n%%\n", []),
        ("> START\n> Basic\n> Q\n> END\n", []),
        ("```\nSTART\nBasic\n```\nQ\nBack: A\nEND\n", []),
        ("START\n", []),
        ("START\nEND\n", []),
        ("START", []),
    ],
)  # fmt: skip
def test_a_note_between_start_and_end_is_a_card(text: str, expected: list[str]) -> None:
    assert cards(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("STARTI [Basic] What is 1+1? Back: 2 ENDI", ["What is 1+1? | 2"]),
        ("Text: STARTI [Basic] Q Back: A Tags: x y ID: 16 ENDI more", ["Q {#16 .x .y} | A"]),
        ("STARTI [Basic] Q Back: A <!--ID: 16--> ENDI", ["Q {#16} | A"]),
        ("- STARTI [Cloze] A {{c1::b}} ENDI", ["A {{c1::b}} {cloze}"]),
        ("STARTI [Basic] A Back: b ENDI and STARTI [Basic] C Back: d ENDI", ["A | b", "C | d"]),
        ("`STARTI [Basic] Q Back: A ENDI`", []),
        ("STARTI [Basic] Q Back: A", []),
        ("STARTI Q Back: A ENDI", []),
        ("STARTI [Basic] ENDI", []),
        ("```\nSTARTI [Basic] Q Back: A ENDI\n```", []),
    ],
)
def test_a_note_on_a_line_is_a_card(text: str, expected: list[str]) -> None:
    assert cards(text) == expected


def test_the_words_are_those_of_the_vault() -> None:
    own = Separators(note=("BEGIN", "STOP"), note_on_line=("[[", "]]"), has_curly_gaps=True)
    text = "BEGIN\nCloze\nA {b}, {2:c} and {c1|d}.\nSTOP\n\nSTART\nBasic\nQ\nBack: A\nEND\n"
    assert cards(text, own) == ["A {{c3::b}}, {{c2::c}} and {{c1::d}}. {cloze}"]
    assert cards("START\nCloze\nA {b} {{c1::c}}.\nEND\n") == ["A {b} {{c1::c}}. {cloze}"]


@pytest.mark.parametrize(
    ("text", "line", "words", "message"),
    [
        ("START\nVocabulary\nQ\nBack: A\nEND\n", 2, "Vocabulary", '"Vocabulary" is not known'),
        ("START\nQ\nBack: A\nEND\n", 2, "Q", "names no note type"),
        ("START\nBasic\nQ\nBack: A\n\nSTART\nBasic\nR\nBack: B\nEND\n", 1, "START", "has no end"),
        ("Äöü STARTI [Own] Q Back: A ENDI", 1, "Own", '"Own" is not known'),
    ],
)
def test_what_is_wrong_with_a_note_is_said_in_its_place(
    text: str, line: int, words: str, message: str
) -> None:
    parsed = parse([Source("note.md", text)], VAULT)
    [problem] = parsed.diagnostics
    place = problem.location
    start = place.column - 1
    assert problem.code == "foreign-note"
    assert message in problem.message
    assert (place.path, place.line) == ("note.md", line)
    assert text.split("\n")[line - 1][start : start + place.width] == words
    assert [each.kind for each in parsed.entries] == ["basic"] * len(parsed.entries)
    assert "Q" in {each.heading for each in parsed.entries}


@pytest.mark.parametrize(
    ("text", "deck"),
    [
        ("TARGET DECK: History::Rome\n\n", "History::Rome"),
        ("TARGET DECK\nHistory::Rome\n\n", "History::Rome"),
        ("---\ncards-deck: History::Rome\n---\n", "History::Rome"),
        ('---\ncards-deck: "History::Rome"\n---\n', "History::Rome"),
        ("---\ndeck: Mine\n---\nTARGET DECK: History\n\n", "Mine"),
        ("# Title\n\nTARGET DECK: History\n\n", "History"),
        ("```\nTARGET DECK: History\n```\n\n", "note"),
        ("TARGET DECK:\n\n", "note"),
        ("", "note"),
    ],
)
def test_a_file_names_its_deck(text: str, deck: str) -> None:
    found = entries(f"{text}START\nBasic\nQ\nBack: A\nEND\n")
    assert [each.deck for each in found] == [deck]


@pytest.mark.parametrize("text", ["FILE TAGS: a b::c\n", "FILE TAGS\na b::c\n"])
def test_a_file_names_tags_of_all_its_cards(text: str) -> None:
    found = entries(f"{text}\nSTART\nBasic\nQ\nBack: A\nTags: d\nEND\n")
    assert [each.tags for each in found] == [("a", "b::c", "d")]


def test_the_key_of_a_plugin_is_read_in_the_dialect_alone() -> None:
    text = "---\ncards-deck: A\n---\nq::a\n"
    assert parse([Source("note.md", text)], VAULT).diagnostics == ()
    other = parse([Source("note.md", text)], Settings(shape="inline"))
    assert "unknown-key" in {each.code for each in other.diagnostics}
    assert [each.deck for each in other.entries] == ["note"]


def test_a_vault_without_marks_is_told_how_cards_are_marked() -> None:
    [problem] = parse([Source("note.md", "q::a\n\n## Heading\n\nText\n")], VAULT).diagnostics
    assert problem.code == "no-cards"
    assert "deck tag" in problem.help


def test_fields_have_the_names_that_the_vault_knows() -> None:
    own = Separators(fields=(("Sprache", ("Anverso", "Reverso", "Nota")), ("Leer", ())))
    text = note("Sprache", "Anverso: Q", "Back: q", "Reverso: A", "Nota: B")
    other = "STARTI [Sprache] Q Reverso: A ENDI"
    assert cards(text, own) == ["Q Back: q | A\n\nB"]
    assert cards(other, own) == ["Q | A"]
    assert cards(note("Leer", "Q", "Back: A"), own) == ["Q | A"]
    assert cards(note("Basic", "Q", "Back: A"), own) == ["Q | A"]


def test_a_note_type_is_told_once_a_file() -> None:
    text = "".join(f"START\n{type}\n{type}{n}\nBack: A\nEND\n\n" for n in (1, 2) for type in "XY")
    found = parse([Source("note.md", text)], VAULT).diagnostics
    assert [(each.code, each.location.line) for each in found] == [
        ("foreign-note", 2),
        ("foreign-note", 8),
    ]
