"""Headings with the tags and names of a deck from elsewhere are read as they were written."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.model import TextMode
from ankipress.parse.attribute_writing import attribute_text, field_heading
from ankipress.parse.attributes import split_attributes
from ankipress.parse.field_names import FieldNames
from ankipress.syntax.outline import outline

# Anki parts tags at these two spaces, and takes no control characters.
signs = st.characters(exclude_categories=["Cs"], exclude_characters=" \u3000\x7f").filter(
    lambda sign: sign >= " "
)
tags = st.text(signs | st.sampled_from("{}\"'#,.:;=&<>|`\\ax"), min_size=1).filter(
    lambda tag: all(tag.split("::"))
)
modes = st.sampled_from([None, *TextMode])
names = st.text(
    st.characters(exclude_categories=["Cs", "Cc"])
    | st.sampled_from("a {}\"'#,.:;=&<>|`*_\\-[]!$~^"),
    min_size=1,
)


def heading(line: str) -> str:
    [found] = outline([line]).headings
    return found.text


@given(tags=st.lists(tags, max_size=4), mode=modes)
def test_every_tag_that_anki_can_have_is_read_as_it_was_written(
    tags: list[str], mode: TextMode | None
) -> None:
    line = f"## Q {attribute_text(tags, 'basic', mode)}"
    text, attributes, problems = split_attributes(heading(line))
    assert (text, problems, attributes.kind, attributes.text) == ("Q", (), "basic", mode)
    assert attributes.tags == tuple(unicodedata.normalize("NFC", tag) for tag in tags)


@pytest.mark.parametrize(
    ("tags", "braces"),
    [
        ([], ""),
        (["europe", "a::b", "1,000", "it_is-so"], "{.europe .a::b .1,000 .it_is-so}"),
        (["a,b", '"x"', "{y}", "#z", "it's"], '{."a,b" ."""x""" ."{y}" .#z ."it\'s"}'),
    ],
)
def test_only_odd_tags_have_quotes(tags: list[str], braces: str) -> None:
    assert attribute_text(tags) == braces


@pytest.mark.parametrize(
    ("braces", "message"),
    [
        ('{."a b"}', "has a space"),
        ('{."a\u3000b"}', "has a space"),
        ('{."a::"}', "has no name"),
    ],
)
def test_a_tag_in_quotes_that_anki_would_change_is_a_problem(braces: str, message: str) -> None:
    _, _, [problem] = split_attributes(f"Q {braces}")
    assert problem.code == "bad-attribute"
    assert message in problem.message


def test_many_long_tags_are_one_list() -> None:
    many = [f"deck::part_{number:03}::{'x' * 60}" for number in range(200)]
    text, attributes, _ = split_attributes(f"Q {attribute_text(many)}")
    assert (text, list(attributes.tags)) == ("Q", many)


@pytest.mark.parametrize("text", ["What is \\{draft}", "\\{.a}", "f \\{#x}", "a \\{.b\\} \\{.c\\}"])
def test_a_heading_that_ends_in_braces_is_escaped(text: str) -> None:
    for line in (text, f"{text} {{.tag}}"):
        assert split_attributes(line)[0::2] == (text, ())


@given(fields=st.lists(names, min_size=1, max_size=5, unique=True), mode=modes)
def test_the_heading_of_a_field_names_it_among_all_others(
    fields: list[str], mode: TextMode | None
) -> None:
    known = FieldNames(fields)
    for name in fields:
        text, attributes, problems = split_attributes(heading(field_heading(name, 3, mode)))
        assert (problems, attributes.text) == ((), mode)
        assert known.find(text) == name


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Country / info", "### Country / info"),
        ("C++", "### C++"),
        ("*Back*", "### \\*Back\\*"),
        ("a {text=lines}", "### a \\{text\\=lines\\}"),
        (" a", "### &#32;a"),
    ],
)
def test_a_name_is_escaped_no_more_than_it_needs(name: str, line: str) -> None:
    assert field_heading(name, 3) == line
