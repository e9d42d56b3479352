"""What holds of the tree of every text: nodes stand where they say, and reading never fails."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it.common.utils import unescapeAll

from ankipress.syntax.markdown_reading import Tree, read_heading, read_markdown
from ankipress.syntax.prose import prose
from ankipress.syntax.tree import Node, Span, walk

LINES = st.lists(
    st.sampled_from(
        (
            *("", "", "a", "é b", "- a", "-", "  - b", "1. c", "2) d", "   e", "\tf", "    g"),
            *("> h", "> - i", ">", "> > j", "- > k", "[^1]: l", "[^1]:", "    m", "[n]: /o 'p'"),
            *("[n]:", "</o>", "  'p'", "```", "```py", "  ~~~", "~~~", "> ```", "- ```", "$$"),
            *("$$ x", "y $$", "\\[ x^2", "\\]", "> $$", "\t$$", "  z $$  ", "<div>", "</div>"),
            *("<!--", "-->", "<b>", "- <pre>", "> <!-- q", "<details>", "</details>", "# r"),
            *("## s ##", "===", "---", "***", "- ---", "| t | u |", "|-|-|", "|v\\|w|", ":-"),
            *("x | y | z", "> |-|", "  |-|-|", "> [!NOTE]", "> [!tip] a", "- [ ] b", "- [x]"),
            *("1. [X] `c`", "`d", "e`", "*f", "g*", "[h", "i](j", "k)", "{{c1::", "l}}", "<m"),
            *(" n='o'>", "p  ", "q\\", "&amp;", "\u00a0", "- \t```", ">\tx", "\t- y", "-\t\tz"),
            *("> \t\tq", "  [s]: <t>", "[u]: v\\*w (x)"),
        )
    ),
    max_size=12,
).map("\n".join)
PIECES = st.lists(
    st.sampled_from(
        (
            *"ab 1\n\t*_`~$\\<>[]()!|#-+.:{}&\"'=/@éא中\x00\x0c\u2028\u00a0",
            *("**", "``", "~~", "](", "](b)", "![", "[a]", "[^1]", "http://a.b", "www.c", "d@e.f"),
            *("&amp;", "&#35;", "<b>", "</b>", "<!--", "-->", "<http:g>", "\\|", "\\*", "$h$"),
            *("\\(", "\\)", "{{c1::", "}}", "::", "[sound:i.mp3]", "  \n", "\n\n", "\n- ", "\n> "),
            *("\n|-|\n", "mailto:"),
        )
    ),
    max_size=24,
).map("".join)
TEXTS = (LINES | PIECES | st.text(max_size=40)).map(
    lambda text: re.sub("[\x00\x02\x03]", "\ufffd", text)
)

# What stands under a node of each kind.
WRITTEN = {
    "bullets": r"[-+*].*",
    "escape": r"\\.|&.*;",
    "emphasis": r"([*_]).*\1",
    "footnote": r"\[\^[^\s\]]+\]:.*",
    "footnote_reference": r"\[\^[^\s\]]+\]",
    "hardbreak": r"\\?\n",
    "html": r"<.*>",
    "html_block": r"<.*",
    "image": r"!\[.*[\])]",
    "item": r"(?:[-+*]|[0-9]{1,9}[.)]).*",
    "link": r"\[.*[\])]|<.*>|[^\s\[].*",
    "math": r"\$.*\$|\\\(.*\\\)|\\\[.*\\\]",
    "math_block": r"\$\$.*\$\$\s*|\\\[.*\\\]\s*",
    "missing_footnote": r"\[\^[^\s\]]+\]",
    "numbers": r"[0-9]{1,9}[.)].*",
    "quote": r">.*",
    "alert": r">[\s>]*\[!.*",
    "rule": r"[-*_].*",
    "softbreak": r"\n",
    "sound": r"\[sound:.*\]",
    "strike": r"(~~?).*\1",
    "strong": r"(\*\*|__).*\1",
    "task": r"\[[ xX]\]",
}


def read(text: str) -> Tree:
    return read_markdown(text, {"A": {"href": "/x", "title": "y"}}, ["1"], hides="{{c" in text)


def check_spans(nodes: Sequence[Node], around: Span) -> None:
    """Nodes stand in order, none in another, all of them in what is around them."""
    position = around.start
    for node in nodes:
        assert position <= node.start <= node.end <= around.end, node
        position = node.end
        check_spans(node.children, node.span)


def check_node(node: Node, text: str) -> None:
    """What stands under a node is what the node says."""
    under = text[node.start : node.end]
    # In a table, a bar that is text has a backslash of its own.
    unbarred = under.replace("\\|", "|")
    pattern = WRITTEN.get(node.kind, ".*")
    assert any(re.fullmatch(pattern, each, re.DOTALL) for each in (under, unbarred)), (node, under)
    if node.kind in {"text", "missing_footnote", "sound"}:
        assert node.text in {under, unbarred}, (node, under)
    elif node.kind == "code_span":
        ticks = re.escape(node.markup)
        assert re.fullmatch(f"{ticks}[^`].*[^`]{ticks}|{ticks}[^`]{ticks}", under, re.DOTALL), node
    elif node.kind == "escape":
        assert node.markup in {under, unbarred}, (node, under)
    elif node.kind == "heading":
        assert under[0] == "#" or under.rstrip()[-1] == node.info, (node, under)
    elif node.kind == "code" and node.markup:
        assert under.startswith(node.markup), (node, under)
        assert under.rstrip().endswith(node.markup) or not node.is_closed, (node, under)
    if node.kind == "text":
        assert node.text == under or "|" in under, (node, under)


def check_content(node: Node, text: str) -> None:
    """Each character of a text that is cut out stands where it says. A container may take a part of
    a tab, whose rest are blanks.
    """
    if node.content is None:
        return
    for position, sign in enumerate(node.content.text):
        offset = node.content.offset(position)
        there = text[offset : offset + 1]
        same = {"\n": {"\n", ""}, " ": {" ", "\t"}}.get(sign, {sign})
        assert there in same, (node, position, there)


def check_target(node: Node, text: str) -> None:
    """The address of a link is what stands under its target, but for escapes and a scheme."""
    if node.target is None:
        return
    assert node.start <= node.target.start <= node.target.end <= node.end, node
    under = text[node.target.start : node.target.end]
    urls: set[str] = set()
    for written in (under, under.replace("\\|", "|")):
        url = unescapeAll(written)
        urls |= {url, f"mailto:{url}", f"http://{written}", written}
    assert node.url in urls, (node, under)


def check(nodes: Sequence[Node], text: str) -> None:
    check_spans(nodes, Span(0, len(text)))
    for node in walk(nodes):
        check_node(node, text)
        check_content(node, text)
        check_target(node, text)
    found = prose(nodes, text)
    assert len(found) == len(text)
    assert all(one in {other, " "} for one, other in zip(found, text, strict=True))


@settings(max_examples=500)
@example("- ```\n\tx\n  ```")
@example("$$  \n\n\t a\nb\n  $$")
@example("|a\\|b c@d\\|e.f `\\|` \\\\|\n|-|")
@example("|é\\|\n|-|\n||\n|a|b|")
@example("a\\_b@c.d &amp;@e.f [^g@h.i]")
@example("> [!NOTE]\n> a\n> - [x] b")
@example("#\t\u00a0a")
@example("> `a\n> b` <b\n> c> $d\n> e$ *f\n> g*")
@given(TEXTS)
def test_every_node_stands_where_it_says(text: str) -> None:
    check(read(text).nodes, text)


@given(TEXTS)
def test_every_node_of_a_heading_stands_where_it_says(text: str) -> None:
    heading = text.replace("\n", " ")
    check(read_heading(heading, footnotes=["1"]).nodes, heading)


@given(TEXTS)
def test_definitions_stand_where_they_say(text: str) -> None:
    for each in read(text).definitions:
        assert text[each.span.start] == "["
        assert each.span.start < each.target.start <= each.target.end <= each.span.end
        under = text[each.target.start : each.target.end]
        assert unescapeAll(under) == each.url


@given(st.text(st.characters(codec="utf-8"), max_size=60) | st.text(max_size=60))
def test_any_text_at_all_can_be_read(text: str) -> None:
    check_spans(read(text).nodes, Span(0, len(text)))


@pytest.mark.parametrize("sign", ["\x00", "\x02", "\x03"])
def test_a_sign_that_no_source_may_hold_is_replaced(sign: str) -> None:
    [paragraph] = read(f"a{sign}b").nodes
    assert [node.text for node in paragraph.children] == ["a\ufffdb"]
