"""Obsidian's dialect: what it adds to GitHub's, and what it leaves alone."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

import pytest
from hypothesis import example, given

from ankipress.syntax.dialect import Dialect
from ankipress.syntax.markdown_reading import read_heading, read_markdown
from ankipress.syntax.obsidian_comments import without_comments
from ankipress.syntax.plain_text import plain
from ankipress.syntax.tree import Node, walk
from obsidian import TEXTS


def shown(markdown: str, dialect: Dialect = Dialect.OBSIDIAN) -> str:
    """The plain text of a text in a dialect."""
    return plain(read_markdown(markdown, dialect=dialect))


def kinds(markdown: str, dialect: Dialect = Dialect.OBSIDIAN) -> list[tuple[str, str, str]]:
    """The nodes of a text: their kinds, what they are, and what stands under them."""
    nodes = walk(read_markdown(markdown, dialect=dialect).nodes)
    return [(node.kind, node.info, markdown[node.start : node.end]) for node in nodes]


@pytest.mark.parametrize(
    "text",
    [
        "`[[a]] ==b== #c %%d%%`",
        "$x == [[y]] %% z %%$",
        "a \\[[b]]",
        "a \\#b",
        "<!-- ==a== -->b",
        "[a](http://b.c/#d)",
        "http://b.c/#d",
        "C# and a#b",
        "#1984",
        "# a",
        "a==b and c==d",
        "a == b == c",
        "===a===",
        "100% and 50%",
        "a %% b",
        "x ^2",
        "2^10",
        "^abc in the middle",
        "[a] [b]",
        "[[]] [[ ]",
        "> [a]",
    ],
)
def test_what_is_no_mark_is_read_as_on_github(text: str) -> None:
    assert kinds(text) == kinds(text, Dialect.GITHUB)
    assert shown(text) == shown(text, Dialect.GITHUB)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("see [[note]].", "see note."),
        ("[[note|the words]]", "the words"),
        ("[[note#heading]]", "note > heading"),
        ("[[note#one#two|words]]", "words"),
        ("[[#heading]]", "heading"),
        ("[[folder/note|]]", "folder/note"),
        ("{{c1::[[note|Paris]]}}", "Paris"),
        ("| a |\n|---|\n| [[b\\|c]] |", "| a | | c |"),
        ("==a== b", "a b"),
        ("==**a** `b`== c", "a b c"),
        ("東==京==都", "東京都"),
        ("a %%b%% c", "a c"),
        ("a %%b\nc%% d", "a d"),
        ("%%[[b]] ==c==%%", ""),
        ("a #b c", "a #b c"),
        ("a #b/c #d", "a"),
        ("#a #b\nc\n#d\ne", "c e"),
        ("#a", ""),
        ("a ^b1c2d3", "a"),
        ("a\n\n^abc", "a"),
        ("- a\n- b ^abcd", "a b"),
        ("a #b ^1665131487417", "a"),
        ("a\n^id", "a"),
    ],
)
def test_a_card_shows_what_obsidian_shows(text: str, words: str) -> None:
    assert shown(text) == words


def test_a_highlight_is_left_to_the_cloze() -> None:
    assert shown("==a== [[b]]", Dialect.OBSIDIAN_CLOZE) == "==a== b"


@pytest.mark.parametrize(
    ("text", "url", "size", "words"),
    [
        ("![[a b.png]]", "a b.png", "", "a b"),
        ("![[x/y.PNG|300]]", "x/y.PNG", "300", "y"),
        ("![[a.png|center|400]]", "a.png", "400", "a"),
        ("![[a.png|a map|400x30]]", "a.png", "400x30", "a map"),
        ("![[a.mp4#t=10]]", "a.mp4#t=10", "", "a"),
        ("|a|\n|-|\n|![[a.png\\|300]]|", "a.png", "300", "a"),
    ],
)
def test_an_embedded_file_is_a_picture(text: str, url: str, size: str, words: str) -> None:
    nodes = walk(read_markdown(text, dialect=Dialect.OBSIDIAN).nodes)
    [picture] = [node for node in nodes if node.kind == "image"]
    assert (picture.url, picture.info) == (url, size)
    assert [child.text for child in picture.children] == [words]
    assert picture.target is not None
    assert text[picture.target.start : picture.target.end] == url


@pytest.mark.parametrize("text", ["![[note]]", "![[note#heading]]", "![[a.pdf]]"])
def test_a_note_is_no_picture(text: str) -> None:
    assert shown(text) == shown(text, Dialect.GITHUB)


@pytest.mark.parametrize(
    ("text", "type", "fold", "title"),
    [
        ("> [!tip]\n> a", "tip", "", ""),
        ("> [!FAQ]- Is *it*?\n> a", "faq", "-", "Is *it*?"),
        ("> [!my-own|x]+ T", "my-own", "+", "T"),
        ("- > [!note] In a list\n  > a", "note", "", "In a list"),
        ("> > [!bug]\n> > a", "bug", "", ""),
    ],
)
def test_a_callout_has_a_type_a_fold_and_a_title(
    text: str, type: str, fold: str, title: str
) -> None:
    nodes = walk(read_markdown(text, dialect=Dialect.OBSIDIAN).nodes)
    [callout] = [node for node in nodes if node.kind == "alert"]
    assert (callout.info, callout.markup) == (type, fold)
    titles = [each for each in callout.children if each.info == "title"]
    assert [text[each.start : each.end] for each in titles] == [title] * bool(title)


@given(TEXTS)
@example("==a== `==b==` ==c")
@example("[[a#b|c]] #d ^efgh")
def test_every_letter_is_on_the_card_or_in_a_mark(text: str) -> None:
    tree = read_heading(text, dialect=Dialect.OBSIDIAN)
    covered = {offset for node in leaves(tree.nodes) for offset in range(node.start, node.end)}
    letters = {offset for offset, sign in enumerate(text) if sign in string.ascii_letters}
    assert letters <= covered
    for node in walk(tree.nodes):
        if node.kind == "text":
            assert text[node.start : node.end] == node.text
        elif node.kind == "unseen":
            assert re.fullmatch(
                r"#[\w/-]+|\^[\w-]+|%%.*%%|\[\[[^\]]*|\]\]|\\?\|[^\]]*\]\]",
                text[node.start : node.end],
                re.DOTALL,
            )


def leaves(nodes: list[Node]) -> Iterator[Node]:
    """The nodes that hold text, or an address."""
    for node in walk(nodes):
        if not node.children or node.kind in {"link", "image"}:
            yield node


@given(TEXTS)
def test_text_in_code_is_untouched(text: str) -> None:
    line = text.replace("`", "").replace("\n", " ")
    for code in (f"``{line}.``", f"~~~\n{text}.\n~~~", f"    {line}."):
        assert kinds(code) == kinds(code, Dialect.GITHUB)


@given(TEXTS)
def test_text_without_its_signs_is_read_as_on_github(text: str) -> None:
    plain_text = re.sub(r"[%=#^]|\[\[", "", text)
    plain_text = plain_text.replace("[[", "")
    if "[[" not in plain_text:
        assert kinds(plain_text) == kinds(plain_text, Dialect.GITHUB)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a\n%%\n## b\n%%\nc", "a\n\n\n\nc"),
        ("a %%b\n\n# c\nd%% e", "a\n\n\n    e"),
        ("%% one line %%\n## a", "%% one line %%\n## a"),
        ("```\n%%\n```\n%%\na", "```\n%%\n```\n%%\na"),
        ("- ~~~\n  %%\n  ~~~\n%%", "- ~~~\n  %%\n  ~~~\n%%"),
        ("$$\na %% b\n$$\nc\n%%", "$$\na %% b\n$$\nc\n%%"),
        ("`%%` a\nb %% c", "`%%` a\nb %% c"),
        ("%%a%% b %%c\nd%%", "%%a%% b\n"),
        ("$$ a\n%%\n## b\n%%", "$$ a\n\n\n"),
        ("%%\n## a", "%%\n## a"),
        ("%%\n```\n%%\n## a", "\n\n\n## a"),
    ],
)
def test_a_comment_of_several_lines_is_blank(text: str, left: str) -> None:
    assert "\n".join(without_comments(text.split("\n"))) == left


@given(TEXTS)
def test_what_stands_beside_comments_keeps_its_place(text: str) -> None:
    lines = text.split("\n")
    kept = without_comments(lines)
    assert len(kept) == len(lines)
    for before, after in zip(lines, kept, strict=True):
        assert len(after) <= len(before)
        assert all(sign in {" ", before[column]} for column, sign in enumerate(after))
