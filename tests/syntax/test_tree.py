"""The tree of a text: which nodes there are, and where each stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from ankipress.syntax.markdown_reading import read_markdown
from ankipress.syntax.tree import Content, Node, Span, walk

BLOCKS = frozenset(
    (
        "alert bullets cell code extra_cell footnote heading html_block item math_block numbers"
        " paragraph quote row rule table task"
    ).split()
)


def shown(nodes: Iterable[Node], text: str, depth: int = 0) -> Iterator[str]:
    """Each node with the text under it, indented as deep as it stands."""
    for node in nodes:
        yield f"{'  ' * depth}{node.kind} {text[node.start : node.end]!r}"
        yield from shown(node.children, text, depth + 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("\n \n\t\n", [], id="blank lines"),
        pytest.param(
            "  a\n  b  \n\nc", ["paragraph 'a\\n  b  '", "paragraph 'c'"], id="paragraphs"
        ),
        pytest.param(" ## a *b* ##", ["heading '## a *b* ##'"], id="a heading with hashes"),
        pytest.param(
            "#\n\n##\t\n### #",
            ["heading '#'", "heading '##\\t'", "heading '### #'"],
            id="headings without text",
        ),
        pytest.param(
            "   a\n b\n  ===\nc\n-",
            ["heading 'a\\n b\\n  ==='", "heading 'c\\n-'"],
            id="underlined",
        ),
        pytest.param("***\n\n - - -", ["rule '***'", "rule '- - -'"], id="rules"),
        pytest.param(
            "```py x\na\n\n b\n```\n~~~",
            ["code '```py x\\na\\n\\n b\\n```'", "code '~~~'"],
            id="fences",
        ),
        pytest.param(
            "> ~~~\n> a\n\nb",
            ["quote '> ~~~\\n> a'", "  code '~~~\\n> a'", "paragraph 'b'"],
            id="a fence in a quote that ends with it",
        ),
        pytest.param(
            "- ```\n  a\n\n  b\n  ```  \n- c",
            [
                "bullets '- ```\\n  a\\n\\n  b\\n  ```  \\n- c'",
                "  item '- ```\\n  a\\n\\n  b\\n  ```  '",
                "    code '```\\n  a\\n\\n  b\\n  ```  '",
                "  item '- c'",
                "    paragraph 'c'",
            ],
            id="a fence in a list",
        ),
        pytest.param(
            "    a\n\n     b\n\nc", ["code 'a\\n\\n     b'", "paragraph 'c'"], id="indented code"
        ),
        pytest.param(
            "\ta\n- b\n\n\t\tc",
            [
                "code 'a'",
                "bullets '- b\\n\\n\\t\\tc'",
                "  item '- b\\n\\n\\t\\tc'",
                "    paragraph 'b'",
                "    code 'c'",
            ],
            id="code indented by tabs",
        ),
        pytest.param(
            "<div>\n a\n</div>\n\nb",
            ["html_block '<div>\\n a\\n</div>'", "paragraph 'b'"],
            id="HTML",
        ),
        pytest.param(
            "> <!-- a\n> b -->\nc",
            ["quote '> <!-- a\\n> b -->'", "  html_block '<!-- a\\n> b -->'", "paragraph 'c'"],
            id="a comment in a quote",
        ),
        pytest.param(
            "- <b>\n  c",
            ["bullets '- <b>\\n  c'", "  item '- <b>\\n  c'", "    html_block '<b>\\n  c'"],
            id="HTML in a list",
        ),
        pytest.param(
            "> a\nb\n> - c",
            [
                "quote '> a\\nb\\n> - c'",
                "  paragraph 'a\\nb'",
                "  bullets '- c'",
                "    item '- c'",
                "      paragraph 'c'",
            ],
            id="a quote with a lazy line",
        ),
        pytest.param(
            ">a\n>>b\n>>\n>c",
            [
                "quote '>a\\n>>b\\n>>\\n>c'",
                "  paragraph 'a'",
                "  quote '>b\\n>>'",
                "    paragraph 'b'",
                "  paragraph 'c'",
            ],
            id="quotes in quotes without blanks",
        ),
        pytest.param(
            "- a\n- b\n\n1) c\n   d\n\n   e\n2) f",
            [
                "bullets '- a\\n- b'",
                "  item '- a'",
                "    paragraph 'a'",
                "  item '- b'",
                "    paragraph 'b'",
                "numbers '1) c\\n   d\\n\\n   e\\n2) f'",
                "  item '1) c\\n   d\\n\\n   e'",
                "    paragraph 'c\\n   d'",
                "    paragraph 'e'",
                "  item '2) f'",
                "    paragraph 'f'",
            ],
            id="lists",
        ),
        pytest.param(
            "-\ta\n\n\tb",
            [
                "bullets '-\\ta\\n\\n\\tb'",
                "  item '-\\ta\\n\\n\\tb'",
                "    paragraph 'a'",
                "    paragraph 'b'",
            ],
            id="a list with tabs",
        ),
        pytest.param(
            "-\n  a\n-",
            ["bullets '-\\n  a\\n-'", "  item '-\\n  a'", "    paragraph 'a'", "  item '-'"],
            id="an item that begins on its second line",
        ),
        pytest.param(
            "- - a\n- b\n  - c\n\nd",
            [
                "bullets '- - a\\n- b\\n  - c'",
                "  item '- - a'",
                "    bullets '- a'",
                "      item '- a'",
                "        paragraph 'a'",
                "  item '- b\\n  - c'",
                "    paragraph 'b'",
                "    bullets '- c'",
                "      item '- c'",
                "        paragraph 'c'",
                "paragraph 'd'",
            ],
            id="lists in lists",
        ),
        pytest.param(
            "- [ ] a\n- [x]  *b*\n1. [X] c",
            [
                "bullets '- [ ] a\\n- [x]  *b*'",
                "  item '- [ ] a'",
                "    paragraph '[ ] a'",
                "      task '[ ]'",
                "  item '- [x]  *b*'",
                "    paragraph '[x]  *b*'",
                "      task '[x]'",
                "numbers '1. [X] c'",
                "  item '1. [X] c'",
                "    paragraph '[X] c'",
                "      task '[X]'",
            ],
            id="tasks",
        ),
        pytest.param(
            "> [!NOTE]\n> a\n\n> [!tip]  \n>\n> - b",
            [
                "alert '> [!NOTE]\\n> a'",
                "  paragraph 'a'",
                "alert '> [!tip]  \\n>\\n> - b'",
                "  bullets '- b'",
                "    item '- b'",
                "      paragraph 'b'",
            ],
            id="alerts",
        ),
        pytest.param(
            "|a| *b* |\n|-|:-:|\n|`c\\|d`||\n| e | f | g |",
            [
                "table '|a| *b* |\\n|-|:-:|\\n|`c\\\\|d`||\\n| e | f | g |'",
                "  row '|a| *b* |'",
                "    cell 'a'",
                "    cell '*b*'",
                "  row '|`c\\\\|d`||'",
                "    cell '`c\\\\|d`'",
                "    cell ''",
                "  row '| e | f | g |'",
                "    cell 'e'",
                "    cell 'f'",
                "    extra_cell 'g'",
            ],
            id="tables",
        ),
        pytest.param(
            "a|b\n-|-\nc",
            [
                "table 'a|b\\n-|-\\nc'",
                "  row 'a|b'",
                "    cell 'a'",
                "    cell 'b'",
                "  row 'c'",
                "    cell 'c'",
                "    cell ''",
            ],
            id="a table without outer bars",
        ),
        pytest.param(
            "> | a |\n> |-|\n>   |b|",
            [
                "quote '> | a |\\n> |-|\\n>   |b|'",
                "  table '| a |\\n> |-|\\n>   |b|'",
                "    row '| a |'",
                "      cell 'a'",
                "    row '|b|'",
                "      cell 'b'",
            ],
            id="a table in a quote",
        ),
        pytest.param(
            "|é\\|b|\n|-|\n| \\| |",
            [
                "table '|é\\\\|b|\\n|-|\\n| \\\\| |'",
                "  row '|é\\\\|b|'",
                "    cell 'é\\\\|b'",
                "  row '| \\\\| |'",
                "    cell '|'",
            ],
            id="escaped bars",
        ),
        pytest.param(
            "$$\na\n$$\n\\[ b^2\n\\]",
            ["math_block '$$\\na\\n$$'", "math_block '\\\\[ b^2\\n\\\\]'"],
            id="mathematics",
        ),
        pytest.param(
            "> $$ a\n>  b $$",
            ["quote '> $$ a\\n>  b $$'", "  math_block '$$ a\\n>  b $$'"],
            id="mathematics in a quote",
        ),
        pytest.param(
            "[^x]:\ta\n[^y]: b\n\n    c\n\nd[^x]",
            [
                "footnote '[^x]:\\ta'",
                "  paragraph 'a'",
                "footnote '[^y]: b\\n\\n    c'",
                "  paragraph 'b'",
                "  paragraph 'c'",
                "paragraph 'd[^x]'",
            ],
            id="footnotes",
        ),
        pytest.param(
            "> [^q]: a",
            ["quote '> [^q]: a'", "  footnote '[^q]: a'", "    paragraph 'a'"],
            id="a footnote in a quote",
        ),
        pytest.param("[a]: /b 'c'\n[d]:\n  <e>\nf [a]", ["paragraph 'f [a]'"], id="definitions"),
        pytest.param(
            "日本\n\n- 中*é*",
            ["paragraph '日本'", "bullets '- 中*é*'", "  item '- 中*é*'", "    paragraph '中*é*'"],
            id="other scripts",
        ),
        pytest.param(
            "> 1. > b\n>    c",
            [
                "quote '> 1. > b\\n>    c'",
                "  numbers '1. > b\\n>    c'",
                "    item '1. > b\\n>    c'",
                "      quote '> b\\n>    c'",
                "        paragraph 'b\\n>    c'",
            ],
            id="deep",
        ),
    ],
)
def test_blocks(text: str, expected: list[str]) -> None:
    nodes = read_markdown(text).nodes
    found = [line for line in shown(nodes, text) if line.split()[0] in BLOCKS]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "a *b* __c__ d",
            [
                "text 'a '",
                "emphasis '*b*'",
                "  text 'b'",
                "text ' '",
                "strong '__c__'",
                "  text 'c'",
                "text ' d'",
            ],
            id="emphasis",
        ),
        pytest.param(
            "***a***",
            ["emphasis '***a***'", "  strong '**a**'", "    text 'a'"],
            id="emphasis in emphasis",
        ),
        pytest.param(
            "*a **b***",
            ["emphasis '*a **b***'", "  text 'a '", "  strong '**b**'", "    text 'b'"],
            id="emphasis that ends together",
        ),
        pytest.param(
            "~a~ ~~b~~",
            ["strike '~a~'", "  text 'a'", "text ' '", "strike '~~b~~'", "  text 'b'"],
            id="strike",
        ),
        pytest.param("a*b *c", ["text 'a*b *c'"], id="marks that are text"),
        pytest.param(
            "> *a\n> b*",
            ["emphasis '*a\\n> b*'", "  text 'a'", "  softbreak '\\n'", "  text 'b'"],
            id="across lines of a quote",
        ),
        pytest.param(
            "`a` `` ` `` ` b `",
            ["code_span '`a`'", "text ' '", "code_span '`` ` ``'", "text ' '", "code_span '` b `'"],
            id="code",
        ),
        pytest.param("- `a\n  b`", ["code_span '`a\\n  b`'"], id="code across lines"),
        pytest.param(
            "\\*a &amp;\\a &nope;",
            ["escape '\\\\*'", "text 'a '", "escape '&amp;'", "text '\\\\a &nope;'"],
            id="escapes and references",
        ),
        pytest.param(
            "<b>a</b><!-- c -->",
            ["html '<b>'", "text 'a'", "html '</b>'", "html '<!-- c -->'"],
            id="HTML",
        ),
        pytest.param(
            "> a <b\n> c>d", ["text 'a '", "html '<b\\n> c>'", "text 'd'"], id="HTML across lines"
        ),
        pytest.param(
            '[a *b*](c "d") []() [e](<f g>)',
            [
                "link '[a *b*](c \"d\")'",
                "  text 'a '",
                "  emphasis '*b*'",
                "    text 'b'",
                "text ' '",
                "link '[]()'",
                "text ' '",
                "link '[e](<f g>)'",
                "  text 'e'",
            ],
            id="links",
        ),
        pytest.param(
            "![a `b`](c 'd')",
            ["image \"![a `b`](c 'd')\"", "  text 'a '", "  code_span '`b`'"],
            id="pictures",
        ),
        pytest.param(
            "[![a](b)](c)",
            ["link '[![a](b)](c)'", "  image '![a](b)'", "    text 'a'"],
            id="a picture in a link",
        ),
        pytest.param(
            "[a][b] [B] [b][] [c]\n\n[b]: /x",
            [
                "link '[a][b]'",
                "  text 'a'",
                "text ' '",
                "link '[B]'",
                "  text 'B'",
                "text ' '",
                "link '[b][]'",
                "  text 'b'",
                "text ' [c]'",
            ],
            id="references",
        ),
        pytest.param(
            "(http://a.b/c). www.d.e!",
            [
                "text '('",
                "link 'http://a.b/c'",
                "  text 'http://a.b/c'",
                "text '). '",
                "link 'www.d.e'",
                "  text 'www.d.e'",
                "text '!'",
            ],
            id="bare addresses",
        ),
        pytest.param(
            "<http://a.b> <x@y.z>",
            [
                "link '<http://a.b>'",
                "  text 'http://a.b'",
                "text ' '",
                "link '<x@y.z>'",
                "  text 'x@y.z'",
            ],
            id="autolinks",
        ),
        pytest.param(
            "x@y.z, a\\_b@c.d",
            [
                "link 'x@y.z'",
                "  text 'x@y.z'",
                "text ', '",
                "link 'a\\\\_b@c.d'",
                "  text 'a'",
                "  escape '\\\\_'",
                "  text 'b@c.d'",
            ],
            id="mail",
        ),
        pytest.param(
            "a $b$ $$c$$ $`d`$ \\(e^f\\)",
            [
                "text 'a '",
                "math '$b$'",
                "text ' '",
                "math '$$c$$'",
                "text ' '",
                "math '$`d`$'",
                "text ' '",
                "math '\\\\(e^f\\\\)'",
            ],
            id="mathematics",
        ),
        pytest.param("> $a\n> b$", ["math '$a\\n> b$'"], id="mathematics across lines"),
        pytest.param(
            "a[^1] [^X]\n\n[^1]: c",
            ["text 'a'", "footnote_reference '[^1]'", "text ' '", "missing_footnote '[^X]'"],
            id="footnotes",
        ),
        pytest.param("[sound:a b.mp3]", ["sound '[sound:a b.mp3]'"], id="sounds"),
        pytest.param(
            "{{c1::https://a.b}}",
            ["text '{{c1::'", "link 'https://a.b'", "  text 'https://a.b'", "text '}}'"],
            id="a deletion",
        ),
        pytest.param(
            "a  \nb\\\nc",
            ["text 'a'", "hardbreak '\\n'", "text 'b'", "hardbreak '\\\\\\n'", "text 'c'"],
            id="breaks",
        ),
        pytest.param(
            "|`a\\|b` $x\\|y$ [c\\|d](e\\|f)|\n|-|",
            [
                "code_span '`a\\\\|b`'",
                "text ' '",
                "math '$x\\\\|y$'",
                "text ' '",
                "link '[c\\\\|d](e\\\\|f)'",
                "  text 'c'",
                "  text '|d'",
            ],
            id="cells",
        ),
    ],
)
def test_the_text_in_a_block(text: str, expected: list[str]) -> None:
    nodes = walk(read_markdown(text, hides="{{c" in text).nodes)
    holder = next(node for node in nodes if node.kind in {"paragraph", "cell"})
    assert list(shown(holder.children, text)) == expected


@pytest.mark.parametrize(
    ("text", "kind", "name", "expected"),
    [
        pytest.param("### a", "heading", "level", 3, id="a level"),
        pytest.param("a\n---", "heading", "level", 2, id="the level of an underline"),
        pytest.param("a\n---", "heading", "info", "-", id="an underline"),
        pytest.param("## a", "heading", "info", "", id="no underline"),
        pytest.param("> ~~~ py x\n> a", "code", "info", " py x", id="an info string"),
        pytest.param("> ~~~ py x\n> a\n>  b", "code", "text", "a\n b\n", id="code"),
        pytest.param("~~~~\na", "code", "markup", "~~~~", id="the marks of code"),
        pytest.param("    a", "code", "markup", "", id="code without marks"),
        pytest.param("```\na", "code", "is_closed", False, id="code that never ends"),
        pytest.param("```\n```", "code", "is_closed", True, id="empty code"),
        pytest.param("> ```\na", "code", "is_closed", False, id="code that ends with its quote"),
        pytest.param("<!-- a", "html_block", "is_closed", False, id="a comment that never ends"),
        pytest.param("<!-- a\n-->", "html_block", "is_closed", True, id="a comment"),
        pytest.param("<div>", "html_block", "is_closed", True, id="HTML that ends with a line"),
        pytest.param("7. a", "numbers", "info", "7", id="the number of a list"),
        pytest.param("- [X] a", "item", "info", "X", id="the box of a task"),
        pytest.param("- a", "item", "info", "", id="no box"),
        pytest.param("> [!Tip]\n> a", "alert", "info", "tip", id="the kind of an alert"),
        pytest.param("|a|\n|-:|", "cell", "info", "right", id="an alignment"),
        pytest.param("|a|\n|-|", "cell", "info", "", id="no alignment"),
        pytest.param("- a\n- b", "paragraph", "is_tight", True, id="a tight list"),
        pytest.param("- a\n\n- b", "paragraph", "is_tight", False, id="a loose list"),
        pytest.param("[^Aé]: b", "footnote", "text", "Aé", id="the label of a footnote"),
        pytest.param("> $$ a\n>  b $$", "math_block", "text", " a\n b ", id="mathematics"),
        pytest.param("a $$b$$", "math", "info", "display", id="displayed"),
        pytest.param("a $b$", "math", "info", "", id="not displayed"),
        pytest.param("a $`b`$", "math", "text", "b", id="mathematics of GitHub"),
        pytest.param("`` a` ``", "code_span", "text", "a`", id="code in a line"),
        pytest.param("&auml;", "escape", "text", "ä", id="a reference"),
        pytest.param("&auml;", "escape", "markup", "&auml;", id="how a reference is written"),
        pytest.param("[a](<b c> 'd&amp;')", "link", "url", "b c", id="an address"),
        pytest.param("[a](<b c> 'd&amp;')", "link", "title", "d&", id="a title"),
        pytest.param("é [a](<b c> 'd')", "link", "target", Span(7, 10), id="its place"),
        pytest.param("> [a\n> b](c)", "link", "target", Span(10, 11), id="in a quote"),
        pytest.param("[a]()", "link", "target", Span(4, 4), id="an empty address"),
        pytest.param("[a]\n\n[a]: b", "link", "target", None, id="a defined address"),
        pytest.param("|a|\n|-|\n|![b](c\\|d)|", "image", "target", Span(14, 18), id="in a cell"),
        pytest.param("<http://a.b>", "link", "target", Span(1, 11), id="in angle brackets"),
        pytest.param("see www.a.b.", "link", "url", "http://www.a.b", id="without a scheme"),
        pytest.param("see www.a.b.", "link", "target", Span(4, 11), id="a bare address"),
        pytest.param("a@b.c", "link", "url", "mailto:a@b.c", id="a mail address"),
        pytest.param("[sound:a.mp3]", "sound", "url", "a.mp3", id="a sound"),
        pytest.param("[sound:a.mp3]", "sound", "target", Span(7, 12), id="the place of a sound"),
        pytest.param("a[^B] \n\n[^b]: c", "footnote_reference", "info", "b", id="a footnote"),
    ],
)
def test_what_a_node_says(text: str, kind: str, name: str, expected: object) -> None:
    node = next(node for node in walk(read_markdown(text).nodes) if node.kind == kind)
    assert getattr(node, name) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[A  b]: <c d> 'e'", [("A B", "c d", "e", "c d")], id="a title"),
        pytest.param("[a]:\n  b\n  (c\n  d)", [("A", "b", "c\nd", "b")], id="of several lines"),
        pytest.param(
            "> [a]: b\\*\n[a]: c", [("A", "b*", "", "b\\*"), ("A", "c", "", "c")], id="two"
        ),
        pytest.param("[a]: b c", [], id="text"),
        pytest.param("```\n[a]: b\n```", [], id="code"),
    ],
)
def test_definitions_of_links(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    tree = read_markdown(text)
    found = [
        (each.label, each.url, each.title, text[each.target.start : each.target.end])
        for each in tree.definitions
    ]
    assert found == expected
    assert all(text[each.span.start] == "[" for each in tree.definitions)


def test_a_text_that_is_cut_out_knows_where_it_stands() -> None:
    [quote] = read_markdown("> - a\n>   bc\nd").nodes
    content = next(node.content for node in walk([quote]) if node.kind == "paragraph")
    assert content is not None
    assert content.text == "a\nbc\nd"
    assert [content.offset(place) for place in range(len(content.text) + 1)] == [
        *(4, 5, 10, 11, 12, 13, 14)
    ]
    assert content.span(2, 4) == Span(10, 12)
    assert list(content.pieces(0, 6)) == [(0, 2), (2, 5), (5, 6)]
    assert content.part(3, 6) == Content("c\nd", [(0, 11), (2, 13)])
    assert content.without_start(2) == content.part(2, 6)
