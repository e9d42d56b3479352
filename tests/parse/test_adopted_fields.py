"""Cards of a note type that learners have from elsewhere, cut into its fields."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adopted import learners_type
from ankipress.model import Entry, Source, TextMode
from ankipress.parse.attribute_writing import field_heading
from ankipress.parse.placing import Parsed
from ankipress.project.settings import Settings
from parsing import parse

NAMES = ("Country / info", "Capital", "*Back*", "Front", "hint", "Hint", "C++", "{x}", "Key")


def read(text: str, *names: str) -> Parsed:
    custom = learners_type(*(names or NAMES))
    return parse([Source("cards.md", text)], Settings(), {"geo": custom})


def entry_of(text: str, *names: str) -> Entry:
    parsed = read(text, *names)
    assert parsed.diagnostics == ()
    [entry] = parsed.entries
    return entry


def written(entry: Entry) -> dict[str, str]:
    return {name: part.text for name, part in entry.parts.items()}


@pytest.mark.parametrize(
    ("below", "parts"),
    [
        pytest.param("Oslo", {"Capital": "Oslo"}, id="the text below is the second field"),
        pytest.param("", {}, id="nothing"),
        pytest.param("a\n\n---\n\nb", {NAMES[0]: "a", "Capital": "b"}, id="the question goes on"),
        pytest.param("---\n\na\n\n---", {"Capital": "a"}, id="rules around a text part cards"),
        pytest.param("### Front\n\na", {"Front": "a"}, id="a name as it is"),
        pytest.param("### FRONT\n\na", {"Front": "a"}, id="in another case"),
        pytest.param("### hint\n\na\n\n### Hint\n\nb", {"hint": "a", "Hint": "b"}, id="by case"),
        pytest.param("### HINT\n\na", {"Capital": "### HINT\n\na"}, id="two names differ in case"),
        pytest.param("### \\*Back\\*\n\na", {"*Back*": "a"}, id="an escaped name"),
        pytest.param("### *Back*\n\na", {"*Back*": "a"}, id="the Markdown is the name"),
        pytest.param("### {x}\n\na", {"{x}": "a"}, id="a name that is braces"),
        pytest.param("### C++ ###\n\na", {"C++": "a"}, id="closing hashes"),
        pytest.param("### Key\n\n### Front", {"Key": "", "Front": ""}, id="empty sections"),
        pytest.param(
            "### Front\n\na\n\n### Another\n\nb",
            {"Front": "a\n\n### Another\n\nb"},
            id="another heading stays in its field",
        ),
        pytest.param("#### Front\n\na", {"Capital": "#### Front\n\na"}, id="a deeper heading"),
        pytest.param("```\n### Front\n```", {"Capital": "```\n### Front\n```"}, id="in code"),
        pytest.param("### Front\n\na\n\n---\n\nb", {"Front": "a\n\n---\n\nb"}, id="a rule"),
        pytest.param("a\n\n### Capital\n\nb", {"Capital": "a\n\n\n\nb"}, id="both are joined"),
    ],
)
def test_where_each_field_is(below: str, parts: dict[str, str]) -> None:
    entry = entry_of(f"## Norway {{kind=geo}}\n\n{below}\n")
    assert (written(entry), entry.heading, entry.is_labelled) == (parts, "Norway", False)
    assert list(entry.modes) == list(NAMES)


@pytest.mark.parametrize(
    ("below", "parts"),
    [
        pytest.param("a\n\nb", {NAMES[0]: "a\n\nb"}, id="text"),
        pytest.param("", {NAMES[0]: ""}, id="nothing"),
    ],
)
def test_a_first_field_that_is_spelled_out_makes_a_label_of_the_heading(
    below: str, parts: dict[str, str]
) -> None:
    entry = entry_of(f"## Norway {{kind=geo}}\n\n### Country / info\n\n{below}\n")
    assert (written(entry), entry.heading, entry.is_labelled) == (parts, "Norway", True)


def test_a_label_has_no_question_that_a_rule_could_end() -> None:
    entry = entry_of("## N {kind=geo}\n\na\n\n---\n\nb\n\n### Country / info\n\nc\n")
    assert written(entry) == {"Capital": "a\n\n---\n\nb", NAMES[0]: "c"}


def test_all_text_is_in_the_only_field() -> None:
    entry = entry_of("## N {kind=geo}\n\na\n\n---\n\nb\n", "Text")
    assert (written(entry), entry.is_labelled) == ({"Text": "a\n\n---\n\nb"}, False)


def test_headings_say_how_a_field_becomes_html() -> None:
    text = "## N {kind=geo text=paragraphs}\n\na\n\n### Front {text=bare}\n\n### Key {text=lines}\n"
    modes = dict.fromkeys(NAMES, TextMode.LINES)
    changed = {NAMES[0]: TextMode.PARAGRAPHS, "Front": TextMode.BARE}
    assert entry_of(text).modes == {**modes, **changed}


def test_a_language_or_voice_of_the_file_is_not_that_of_such_a_card() -> None:
    custom = {"geo": learners_type("A", "B")}
    text = "---\ntts: fr-FR\n---\n\n# D\n\n## a {kind=geo}\n\nb\n"
    [entry] = parse([Source("cards.md", text)], Settings(lang="fr"), custom).entries
    assert (entry.attributes.lang, entry.attributes.tts_front) == (None, None)


@pytest.mark.parametrize("heading", ["Capital 2", "Capital of Norway", "Kay", "Example 13"])
def test_a_heading_that_is_another_one_is_no_misspelt_field(heading: str) -> None:
    text = f"## N {{kind=geo}}\n\na\n\n### {heading}\n\nb\n"
    assert written(entry_of(text, *NAMES, "Example 12"))["Capital"].endswith("b")


@pytest.mark.parametrize(
    ("line", "code", "words", "message"),
    [
        ("### Capitals", "near-heading", "Capitals", 'this field is called "Capital"'),
        ("### country-info", "near-heading", "country-info", "Country / info"),
        ("### Cpaital", "near-heading", "Cpaital", 'this field is called "Capital"'),
        ("### Front {text=line}", "bad-attribute", "text=line", 'did you mean "lines"?'),
        ("### Front {text}", "bad-attribute", "{text}", "is no list of attributes"),
        ("### Front {lines}", "bad-attribute", "{lines}", "is no list of attributes"),
        ("### Front{text=lines}", "bad-attribute", "{text=lines}", "no space stands before"),
        ("### Front {.tag}", "bad-attribute", "{.tag}", "says more of a field than its text"),
        ("### Front {text=lines, }", "misspelt-attribute", "text=lines,", 'the ","'),
        ("### Front {test=lines}", "unknown-attribute", "test=lines", "no attribute"),
        (
            "###   *Back* {text=x} ##",
            "bad-attribute",
            "text=x",
            "must be paragraphs, lines or bare",
        ),
    ],
)
def test_what_is_wrong_in_a_heading_of_a_field_is_told_where_it_stands(
    line: str, code: str, words: str, message: str
) -> None:
    [problem] = read(f"## N {{kind=geo}}\n\na\n\n{line}\n\nb\n").diagnostics
    place = problem.location
    assert (problem.code, place.line) == (code, 5)
    assert line[place.column - 1 :][: place.width] == words
    assert message in problem.message


@pytest.mark.parametrize(
    "text",
    [
        "## Q {text=lines}\n\na\n",
        "## Q {{c1::x}} {text=lines}\n\na\n",
    ],
)
def test_only_such_a_card_says_how_its_text_becomes_html(text: str) -> None:
    [problem] = read(text).diagnostics
    assert (problem.code, problem.location.line) == ("bad-attribute", 1)
    place = problem.location
    line = text.split("\n", 1)[0]
    assert line[place.column - 1 :][: place.width] == "text=lines"


blocks = st.sampled_from(
    [
        "word",
        "*x* and {{c1::y}}",
        "- item\n- item",
        "> quote",
        "#### Deeper",
        "### No field {x}",
        "***",
        "```\n### Front\n\n---\n```",
        "<div>\n### Front\n</div>",
        "1. a",
        "| a |\n|---|\n| b |",
        "$$\n### x\n$$",
    ]
)
texts = st.lists(blocks, max_size=4).map("\n\n".join)
signs = st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("Aa{}#*`\\_.<&!-=+: ")
names = st.text(signs, min_size=1, max_size=12).filter(lambda name: name != "No field {x}")
cards = st.lists(st.tuples(names, texts), min_size=2, max_size=6, unique_by=lambda each: each[0])


@given(fields=cards, is_labelled=st.booleans(), mode=st.sampled_from([None, *TextMode]))
def test_what_is_written_below_names_is_read_again(
    fields: list[tuple[str, str]], is_labelled: bool, mode: TextMode | None
) -> None:
    spelled = fields if is_labelled else fields[1:]
    sections = [f"{field_heading(name, 3, mode)}\n\n{text}" for name, text in spelled]
    text = "\n\n".join(["## Label {kind=geo}", *sections, ""])
    [entry] = read(text, *(name for name, _ in fields)).entries
    assert written(entry) == dict(spelled)
    assert entry.is_labelled == is_labelled
    assert {entry.modes[name] for name, _ in spelled} == {mode or TextMode.LINES}
