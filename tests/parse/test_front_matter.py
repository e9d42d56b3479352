"""The YAML at the head of a file: what is read of it, and where its problems stand."""

from __future__ import annotations

import pytest

from ankipress.diagnostics import Diagnostic
from ankipress.model import Source
from ankipress.parse.front_matter import FrontMatter, read_front_matter
from ankipress.project.settings import Settings
from parsing import parse

CARD = "## Q\n\na\n"


def read(text: str) -> tuple[FrontMatter, tuple[Diagnostic, ...]]:
    return read_front_matter(text.split("\n"), "cards.md")


def words(text: str, problem: Diagnostic) -> str:
    """The words of a text that a problem is about."""
    place = problem.location
    line = text.split("\n")[place.line - 1]
    return line[place.column - 1 : place.column - 1 + place.width]


@pytest.mark.parametrize(
    "before",
    ["", "\n", "\n\n \n", "\t\n", "\ufeff", "\n\ufeff", "\ufeff\n\n", "\u200b\n"],
)
@pytest.mark.parametrize("matter", ["deck: D", "title: x\ndeck: D", "\ndeck: D\nx: y"])
def test_front_matter_below_empty_lines_is_read(before: str, matter: str) -> None:
    found, problems = read(f"{before}---\n{matter}\n---\n{CARD}")
    assert (found.deck, problems) == ("D", ())
    assert found.lines == before.count("\n") + matter.count("\n") + 3


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("\n\n", id="empty lines"),
        pytest.param("\n---\n\n## Q\n\na\n\n---\n\nb\n", id="a rule, and one in a card"),
        pytest.param("\n---\nNote: x\n\n---\n", id="prose between rules"),
        pytest.param("\n---\ndeck: x\n## Q\n\n---\n", id="a card between rules"),
        pytest.param("\n---\ndeck: x\n", id="one rule"),
        pytest.param("\n ---\ndeck: x\n---\n", id="an indented rule"),
        pytest.param("\n---\n- deck: x\n---\n", id="a list"),
        pytest.param("x\n---\ndeck: x\n---\n", id="a heading"),
        pytest.param("\n***\ndeck: x\n***\n", id="stars"),
    ],
)
def test_a_rule_below_empty_lines_is_no_front_matter(text: str) -> None:
    assert read(text) == (FrontMatter(), ())


@pytest.mark.parametrize(
    ("yaml", "expected"),
    [
        ("tags:", ()),
        ("tags: ~", ()),
        ("tags: null", ()),
        ("tags: ''", ()),
        ("tags: []", ()),
        ("tags: [, ]", None),
        ("tags:\n-\n- a", ("a",)),
        ("tags: [1, 2.0, 2026-01-01]", ("1", "2.0", "2026-01-01")),
        ("tags: [[a, b], [[c]], d]", ("a", "b", "c", "d")),
        ("tags:\n- - a\n  - b\n- c", ("a", "b", "c")),
        ("tags: ['#a', '##b']", ("a", "b")),
        ("tags: '#a #b, #c'", ("a", "b", "c")),
        ("tags: a, b  c", ("a", "b", "c")),
        ("tags: [größe/x, '日本']", ("größe/x", "日本")),
        ("tags: # which ones?", ()),
    ],
)
def test_tags(yaml: str, expected: tuple[str, ...] | None) -> None:
    found, problems = read(f"---\n{yaml}\n---\n")
    if expected is None:
        assert [each.code for each in problems] == ["bad-front-matter"]
        return
    assert (found.tags, problems) == (expected, ())


@pytest.mark.parametrize(
    ("yaml", "tags", "places"),
    [
        ("tags: [cell biology]", ("cell-biology",), ["cell biology"]),
        ("tags: [a b, x, a b]", ("a-b", "x", "a-b"), ["a b", "a b"]),
        ("tags:\n  - 'große  Zahl'\n", ("große-Zahl",), ["'große  Zahl'"]),
        ("tags: ['a::', '::', 'b:: c']", ("a", "b::c"), ["'a::'", "'::'", "'b:: c'"]),
        ("tags: [[a b]]", ("a-b",), ["a b"]),
        ('tags: "a:: b"', ("a", "b"), ['"a:: b"']),
    ],
)
def test_a_tag_that_anki_has_not_is_changed_and_told(
    yaml: str, tags: tuple[str, ...], places: list[str]
) -> None:
    text = f"---\n{yaml}\n---\n"
    found, problems = read(text)
    assert found.tags == tags
    assert [(each.code, words(text, each)) for each in problems] == [
        ("tag-spelling", place) for place in places
    ]
    assert len({each.location for each in problems}) == len(places)


@pytest.mark.parametrize(
    ("yaml", "place", "fix"),
    [
        ("tags: #a", "#a", "[a]"),
        ("tags: #a #größe/b ", "#a #größe/b", "[a, größe/b]"),
        ("tags: [#a, #b]", "[#a, #b]", "[a, b]"),
        ("tags:\n- x\n- #y", "#y", "y"),
        ("tags:\n- #y z", "#y z", None),
        ("lang: jp", "jp", "ja"),
        ("lang: 'jp'", "'jp'", "'ja'"),
        ("lang: German # German", "German", "de"),
        ("tts: jp_JP", "jp_JP", "ja-JP"),
        ("lang: xx", "xx", None),
        ("dir: left", "left", None),
        ("lang: [de]", "[de]", None),
        ("deck: ['a']", "['a']", None),
        ("tags: {a: b}", "{a: b}", None),
        ("deck: a\ndeck: b", "deck", None),
    ],
)
@pytest.mark.parametrize("above", ["", "\n", "\n\n"])
def test_an_error_stands_where_the_wrong_words_do(
    above: str, yaml: str, place: str, fix: str | None
) -> None:
    text = f"{above}---\ntitle: x\n{yaml}\n---\n"
    (problem,) = read(text)[1]
    assert (problem.code, words(text, problem), problem.fix) == ("bad-front-matter", place, fix)


@pytest.mark.parametrize("key", ["lang", "dir", "tts", "deck", "tags"])
def test_a_key_without_a_value_says_nothing(key: str) -> None:
    found, problems = read(f"---\n{key}:\n---\n")
    assert (found.defaults, found.deck, found.tags, problems) == ({}, None, (), ())


FOREIGN = """
title date layout permalink aliases categories draft weight slug description author cssclasses
publish created updated lastmod sidebar_position sidebar_label hide_title toc nav_order parent
has_children cssclass format bibliography template extra taxonomies Title lastUpdated
redirect_from keywords image excerpt
""".split()


@pytest.mark.parametrize("key", FOREIGN)
def test_a_key_of_another_tool_is_no_problem(key: str) -> None:
    found, problems = read(f"---\n{key}: x\n---\n")
    assert (found.unknown, problems) == ((), ())


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("tag", "tags"),
        ("Tags", "tags"),
        ("tgas", "tags"),
        ("dekc", "deck"),
        ("Deck", "deck"),
        ("decks", "deck"),
        ("cards-deck", "deck"),
        ("lnag", "lang"),
        ("tts-frnt", "tts-front"),
    ],
)
def test_a_typo_of_an_own_key_is_told_in_each_file(key: str, near: str) -> None:
    text = f"---\ntitle: {key}\n{key}: x\n---\n{CARD}"
    sources = [Source("a.md", text), Source("b.md", text.replace("Q", "R"))]
    problems = parse(sources, Settings()).diagnostics
    assert [(each.code, each.location.path) for each in problems] == [
        ("unknown-key", "a.md"),
        ("unknown-key", "b.md"),
    ]
    assert words(text, problems[0]) == key
    assert f'did you mean "{near}"?' in problems[0].message


@pytest.mark.parametrize("key", ["reverse", "typed"])
def test_an_attribute_that_only_a_card_has_is_told(key: str) -> None:
    (problem,) = read(f"---\n{key}: x\n---\n")[1]
    assert (problem.code, problem.message) == (
        "unknown-key",
        f'"{key}" says nothing in front matter',
    )


def test_all_other_keys_are_told_once_a_project() -> None:
    text = "---\nzig: 1\nzag: 2\n---\n" + CARD
    sources = [Source(f"{number}.md", text.replace("Q", f"Q{number}")) for number in range(9)]
    sources.append(Source("x.md", "---\nmore: 1\nmany: 2\n---\n" + CARD))
    (problem,) = parse(sources, Settings()).diagnostics
    assert problem.code == "unknown-key"
    assert (problem.location.path, words(text, problem)) == ("0.md", "zig")
    assert problem.message == (
        'ankipress reads no key "zig", "zag", "more" and 1 more in front matter,'
        " which 10 files have"
    )
