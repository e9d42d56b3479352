"""The kind of all cards of a file or a project: who wins, and which cards are of another kind."""

from __future__ import annotations

import pytest

from ankipress.model import Source
from ankipress.notetypes.custom_types import read_custom
from ankipress.parse.placing import Parsed
from ankipress.project.settings import Settings, parse_settings
from parsing import parse

OPTIONS = "- A. a\n- B. b\n\nAnswer: B"


def read(text: str, kind: str = "") -> Parsed:
    return parse([Source("cards.md", text)], Settings(kind=kind))


def kind_of(body: str, *, project: str = "", file: str = "", card: str = "") -> str:
    """The kind of a card, given what is said of it where."""
    matter = ""
    if file:
        matter = f"---\nkind: {file}\n---\n"
    braces = ""
    if card:
        braces = f" {{kind={card}}}"
    parsed = read(f"{matter}## Q{braces}\n\n{body}\n", project)
    assert parsed.diagnostics == ()
    return parsed.entries[0].kind


def test_braces_win_over_front_matter_and_that_wins_over_the_settings() -> None:
    body = f"{OPTIONS}\n\n{{{{c1::c}}}}"
    assert kind_of(body) == "cloze"
    assert kind_of(body, project="choice") == "choice"
    assert kind_of(body, file="choice") == "choice"
    assert kind_of(body, project="choice", file="cloze") == "cloze"
    assert kind_of(body, project="cloze", file="basic") == "basic"
    assert kind_of(body, project="choice", file="choice", card="basic") == "basic"
    assert kind_of(body, project="basic", file="cloze", card="choice") == "choice"


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("basic", "{{c1::a}}", "basic"),
        ("choice", "a", "basic"),
        ("choice", "- a\n- b", "basic"),
        ("choice", "{{c1::a}}", "cloze"),
        ("choice", "- [x] {{c1::a}}\n- [ ] b", "choice"),
        ("cloze", "a", "basic"),
        ("cloze", "a == b", "basic"),
        ("cloze", "==a==", "cloze"),
        ("cloze", "`{{c1::a}}`", "cloze"),
        ("cloze", "$x_{{c1::a}}$", "cloze"),
        ("rows", "a", "basic"),
        ("rows", "|a|b|\n|-|-|\n|c|d|", "rows"),
        ("occlusion", "a", "basic"),
        ("occlusion", "![a](media/a.png)\n\n```occlusion\n1: rect 1 1 2 2\n```", "occlusion"),
    ],
)
def test_a_card_that_cannot_be_of_the_default_kind_is_of_another(
    kind: str, body: str, expected: str
) -> None:
    assert kind_of(body, project=kind) == expected
    assert kind_of(body, file=kind) == expected


def test_other_attributes_of_a_card_stay_where_its_kind_is_another() -> None:
    [entry] = read("## Q {#a typed lang=de}\n\na\n", "choice").entries
    attributes = entry.attributes
    assert (attributes.id, attributes.typed, attributes.lang) == ("a", True, "de")
    assert attributes.kind is None


def test_a_note_type_of_ones_own_may_be_the_default() -> None:
    files = {
        "notetypes/vocab/notetype.toml": 'fields = ["Word", "Meaning", "Example"]',
        "notetypes/vocab/A.front.html": "{{Word}}",
        "notetypes/vocab/A.back.html": "{{Meaning}} {{Example}}",
    }
    types = read_custom(files)
    assert types.diagnostics == ()
    text = "## der Hund\n\ndog\n\n### Example\n\nDer Hund bellt.\n"
    for source, settings in (
        (text, Settings(kind="vocab")),
        (f"---\nkind: vocab\n---\n{text}", Settings(kind="choice")),
    ):
        parsed = parse([Source("cards.md", source)], settings, types.types)
        [entry] = parsed.entries
        assert (entry.kind, parsed.diagnostics) == ("vocab", ())
        assert set(entry.parts) == {"Back", "Example"}


@pytest.mark.parametrize(
    ("value", "line"), [("chioce", 3), ("Choice", 3), ("'clozes'", 3), ("[choice]", 3)]
)
def test_a_kind_that_is_nearly_one_is_an_error_in_front_matter(value: str, line: int) -> None:
    [problem] = read(f"---\ntags: [a]\nkind: {value}\n---\n## Q\n\na\n").diagnostics
    place = problem.location
    assert (problem.code, place.line, place.column) == ("unknown-kind", line, 7)
    assert place.width == len(value)


def test_a_kind_of_another_tool_is_only_named() -> None:
    [problem] = read("---\nkind: lecture-notes\n---\n## Q\n\na\n").diagnostics
    assert problem.code == "unknown-key"
    assert (problem.location.line, problem.location.column, problem.location.width) == (2, 1, 4)


def test_an_empty_kind_says_nothing() -> None:
    assert read("---\nkind:\n---\n## Q\n\na\n").diagnostics == ()


def test_the_setting_must_be_a_name() -> None:
    _, [problem] = parse_settings('kind = "a b"', "ankipress.toml", name="x")
    assert (problem.code, problem.location.line) == ("bad-settings", 1)
