"""What an author nearly wrote is told where it stands, and most of it is fixed."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.diagnostics import CODES, Severity
from ankipress.model import Source
from ankipress.project.settings import Settings
from near import codes, problems, told, unmarked
from parsing import parse

QUESTION = "## Which one?\n\n"
NEAR = (
    "deletion-outside-text",
    "empty-deletion",
    "foreign-markup",
    "misspelt-deletion",
    "near-formula",
    "near-heading",
    "near-media",
    "tex-as-text",
    "unused-definition",
)

DELETIONS = {
    "one colon": ("«{{c1:x}}»", "{{c1::x}}"),
    "a large letter": ("«{{C1::x}}»", "{{c1::x}}"),
    "a space before": ("«{{ c1::x}}»", "{{c1::x}}"),
    "spaces everywhere": ("«{{ c1 :: x }}»", "{{c1::x}}"),
    "a space before the number": ("«{{c 1::x}}»", "{{c1::x}}"),
    "no number": ("«{{c::x}}»", "{{c1::x}}"),
    "no letter": ("«{{1::x}}»", "{{c1::x}}"),
    "a small L as number": ("«{{cl::x}}»", "{{c1::x}}"),
    "a large I as number": ("«{{cI::x}}»", "{{c1::x}}"),
    "semicolons": ("«{{c1;;x}}»", "{{c1::x}}"),
    "single braces": ("«{c1::x}»", "{{c1::x}}"),
    "one brace before": ("«{c1::x}}»", "{{c1::x}}"),
    "a Cyrillic letter": ("«{{\u04411::x}}»", "{{c1::x}}"),
    "a large Cyrillic letter": ("«{{\u04211::x}}»", "{{c1::x}}"),
    "a wide letter": ("«{{\uff431::x}}»", "{{c1::x}}"),
    "wide colons": ("«{{c1：：x}}»", "{{c1::x}}"),
    "a wide colon": ("«{{c1：x}}»", "{{c1::x}}"),
    "a wide number": ("«{{c１::x}}»", "{{c1::x}}"),
    "Arabic digits": ("«{{c\u0661\u0662::x}}»", "{{c12::x}}"),
    "several numbers": ("«{{c1,2:x}}»", "{{c1,2::x}}"),
    "a hint": ("«{{C1::x::y}}»", "{{c1::x::y}}"),
    "a hint behind semicolons": ("«{{c1;;x;;y}}»", "{{c1::x::y}}"),
    "Korean": ("앞 «{{c1:김치}}» 뒤", "앞 {{c1::김치}} 뒤"),
    "an emoji before": ("🇫🇷 «{{c1:x}}»", "🇫🇷 {{c1::x}}"),
    "code in it": ("«{{c1:`a`}}»", "{{c1::`a`}}"),
    "mathematics in it": (r"«{{c1:$\frac{a}{b}$}}»", r"{{c1::$\frac{a}{b}$}}"),
    "emphasis in it": ("«{{c1: **a** b}}»", "{{c1::**a** b}}"),
    "emphasis around": ("a **«{{c1:x}}»** b", "a **{{c1::x}}** b"),
    "two in a line": ("«{{c1:x}}», «{{c2:x}}»", "{{c1::x}}, {{c2::x}}"),
    "two equal ones": ("«{{c1:x}}» and «{{c1:x}}»", "{{c1::x}} and {{c1::x}}"),
    "two without a number": ("«{{c::x}}», «{{c::y}}»", "{{c1::x}}, {{c2::y}}"),
    "beside a right one": ("{{c1::x}}, «{{c::y}}»", "{{c1::x}}, {{c2::y}}"),
    "in a list": ("- a\n- «{{c1:x}}»\n  - «{{c2:y}}»", "- a\n- {{c1::x}}\n  - {{c2::y}}"),
    "in a quote": ("> a\n> «{{c1:x}}»", "> a\n> {{c1::x}}"),
    "in a table": ("|a|b|\n|-|-|\n|c|«{{c1:x}}»|", "|a|b|\n|-|-|\n|c|{{c1::x}}|"),
    "in a heading of the answer": ("#### «{{c1:x}}»", "#### {{c1::x}}"),
    "in HTML": ("<div>\n«{{c1:x}}»\n</div>", "<div>\n{{c1::x}}\n</div>"),
    "beside its look-alike in code": ("`{{c1:x}}` «{{c1:x}}»", "`{{c1:x}}` {{c1::x}}"),
}

HEADINGS = {
    "no space": ("«##»Second question", "## Second question"),
    "no space, deeper": ("«####»Q50. Who?", "#### Q50. Who?"),
    "at the start of the file": ("«##»First\n\nAnswer", "## First\n\nAnswer"),
    "below the title": ("# Title\n\n«##»First\n\nAnswer", "# Title\n\n## First\n\nAnswer"),
    "between chapters": (
        "# A\n\n## Q\n\nx\n\n# B\n\n«##»Second\n\ny",
        "# A\n\n## Q\n\nx\n\n# B\n\n## Second\n\ny",
    ),
    "in a later line": ("## Q\n\na\n«##»b\nc", "## Q\n\na\n## b\nc"),
    "in a list": ("## Q\n\n- «##»b", "## Q\n\n- ## b"),
    "in a quote": ("## Q\n\n> a\n> «###»b", "## Q\n\n> a\n> ### b"),
    "twice": ("## Q\n\n«##»b\n\n«##»b", "## Q\n\n## b\n\n## b"),
    "Korean": ("## Q\n\n«##»두 번째?", "## Q\n\n## 두 번째?"),
    "emphasis in it": ("## Q\n\n«##»a **b**", "## Q\n\n## a **b**"),
    "a space that does not break": ("## Q\n\n«##\u00a0»b", "## Q\n\n## b"),
    "one hash and such a space": ("«#\u00a0»Title\n\n## Q\n\nx", "# Title\n\n## Q\n\nx"),
    "a wide space": ("## Q\n\n«##\u3000»b", "## Q\n\n## b"),
    "wide hashes": ("## Q\n\n«\uff03\uff03 »b", "## Q\n\n## b"),
    "a mark of byte order before it": ("## Q\n\nx\n\n«\ufeff## »b", "## Q\n\nx\n\n## b"),
    "an unseen space before it": ("## Q\n\nx\n\n«\u200b## »b", "## Q\n\nx\n\n## b"),
    "four spaces before it": ("## Q\n\nx\n\n    «## b?»\n\ny", None),
    "a tab before it": ("## Q\n\nx\n\n\t«## b?»\n\ny", None),
    "four spaces at the start": ("    «## a?»\n\n## Q\n\nx", None),
    "right below a tag": ("## Q\n\nx\n\n<br>\n«## b?»\n\ny", None),
    "right below the end of an answer": (
        "## Q\n\n<details>\n\nx\n\n</details>\n«## b? {.c}»\n\ny",
        None,
    ),
    "right below HTML at the start": ("<img src='https://a.b/c.png'>\n«## b?»\n\ny", None),
    "Hints": ("## Q\n\nx\n\n### «Hints»\n\ny", "## Q\n\nx\n\n### Hint\n\ny"),
    "a colon": ("## Q\n\nx\n\n### «Hint:»\n\ny", "## Q\n\nx\n\n### Hint\n\ny"),
    "small letters": ("## Q\n\nx\n\n### «sources»\n\ny", "## Q\n\nx\n\n### Source\n\ny"),
    "strong": ("## Q\n\nx\n\n### «**Extra**»\n\ny", "## Q\n\nx\n\n### Extra\n\ny"),
    "Hint at card level": ("## Q\n\nx\n\n## «Hint»\n\ny", None),
    "source at card level": ("## Q\n\nx\n\n## «source» {.a}\n\ny", None),
    "too deep": ("## Q\n\nx\n\n#### «Source»\n\ny", None),
}

MEDIA = {
    "a space": ("«![map](img/world map.png)»", "![map](<img/world map.png>)"),
    "no text": ("«![](a b.svg)»", "![](<a b.svg>)"),
    "a title": ('«![a](a b.png "t")»', '![a](<a b.png> "t")'),
    "a number in brackets": ("«![a](image (1).png)»", "![a](<image (1).png>)"),
    "large letters": ("«![a](A B.PNG)»", "![a](<A B.PNG>)"),
    "Japanese": ("前«![図](図 一.png)»後", "前![図](<図 一.png>)後"),
    "a sound": ("«[Listen](s s.mp3)»", "[Listen](<s s.mp3>)"),
    "a space between the brackets": ("«![a] (x.png)»", "![a](x.png)"),
    "a sound with such a space": ("«[a] (x.mp3)»", "[a](x.mp3)"),
    "two in a line": ("«![a](b c.png)» «![a](b c.png)»", "![a](<b c.png>) ![a](<b c.png>)"),
    "in a list": ("- a\n  - «![b](c d.png)»", "- a\n  - ![b](<c d.png>)"),
    "in a table": ("|a|\n|-|\n|«![b](c d.png)»|", "|a|\n|-|\n|![b](<c d.png>)|"),
    "in a quote": ("> «![b](c d.png)»", "> ![b](<c d.png>)"),
    "beside its look-alike in code": ("`![b](c d.png)` «![b](c d.png)»", None),
}

FORMULAS = {
    "a dollar that never closes": ("«$»x^2 is a square", None),
    "two such paragraphs": ("«$»x^2\n\n«$»x^2", None),
    "a command": (r"where «$»\alpha is small", None),
    "in a list": ("- a\n- «$»x_1 is", None),
    "in a quote": ("> «$»e^{x}", None),
    "in a table": ("|a|\n|-|\n|«$»x^2|", None),
    "behind money": ("$5 and «$»x^2", None),
    "beside mathematics": ("$a$ and «$»x^2 and $b$", None),
    "two dollars": ("«$$» x", None),
    "two dollars on a line of their own": ("«$$»\nx^2 + 1\n\nmore", None),
    "a space before the end": (r"«$\mu $» is", r"$\mu$ is"),
    "a space behind the start": ("«$ x_1$» is", "$x_1$ is"),
    "spaces on both sides": (r"«$ \sum x $», so", r"$\sum x$, so"),
    "a letter behind it": ("all «$p_i$»s", "all $`p_i`$s"),
    "a digit behind it": ("«$x^2$»3", "$`x^2`$3"),
    "Korean behind it": (r"«$\theta$»는 각", r"$`\theta`$는 각"),
    "a digit before it": (r"a 2«$\times$» return", r"a 2$`\times`$ return"),
    "two in a line": ("«$a_i$»s and «$b_i$»s", "$`a_i`$s and $`b_i`$s"),
    "two that touch": ("«$C_5$»$^*$", None),
    "an environment": ("«\\begin{align}»\na &= b\n\\end{align}", None),
    "an environment in another": (
        "«\\begin{gather*}»\n\\begin{pmatrix} a \\end{pmatrix}\n\\end{gather*}",
        None,
    ),
    "two environments": ("«\\begin{align}»a\\end{align}\n\n«\\begin{align}»a\\end{align}", None),
    "latex": ("«[latex]x[/latex]»", None),
    "a dollar in brackets": ("a «[$]x^2[/$]» b", "a $x^2$ b"),
    "a letter behind such a one": ("«[$]x[/$]»s", "$`x`$s"),
    "two dollars in brackets": ("«[$$]x^2[/$$]»", "$$x^2$$"),
    "two of the old ones": ("«[$]x[/$]» «[$]x[/$]»", "$x$ $x$"),
    "beside its look-alike in code": ("`$x^2` «$»x^2", None),
}

FOREIGN = {
    "a link": "see «[[Tensors]]»",
    "two equal links": "«[[Tensors]]», «[[Tensors]]»",
    "a link with other words": "«[[Tensors#Rank|the rank]]»",
    "a link to a heading": "«[[#Rank of it]]»",
    "a Korean link": "«[[텐서 의]]» 가",
    "a link in strong text": "**«[[Tensors]]»**",
    "a link in a list": "- a\n  - «[[Tensors]]»",
    "a link in a table": "|a|\n|-|\n|«[[Tensors]]»|",
    "a highlight": "an «==array==» of",
    "a highlight of a sentence": "> «==It is what it is.==»",
    "two highlights": "«==a==» «==a==»",
    "a highlight in a heading": "### «==a==»",
    "a Chinese highlight": "他«==很好==»",
    "the id of a block": "some text «^12c8c3»",
    "a written id": "some text «^my-quote»",
    "an id below a list": "- a\n\n«^list»",
    "a box": "«:::note»\na\n«:::»",
    "a box with a space": "«::: warning Beware»\n\na\n\n«:::»",
    "a box in a list": "- a\n\n  «:::tip»\n  b\n  «:::»",
}

BRACKETS = {
    "a range": "Takes «\\[2,1:2\\]» of it",
    "words": "It is «\\(slide it\\)».",
    "two equal ones": "«\\(slide it\\)» «\\(slide it\\)»",
    "at the start": "«\\[sic\\]» it says",
    "a name with an underscore": "a «\\[file\\_name\\]» b",
    "options": "run «\\[--all|--none\\]»",
    "in a list": "- «\\(see below\\)»",
    "in strong text": "**«\\[piano\\]»**",
    "Korean": "그 «\\(슬라이드\\)» 는",
}

DEFINITIONS = {
    "an answer": "«[Answer]: Paris»\n",
    "with a title": '«[Answer]: Paris "of France"»\n',
    "a full stop": "«[Answer]: Paris.»\n",
    "Korean": "x\n\n«[답]: 파리»\n",
    "two of one label": "«[A]: one»\n«[A]: two»\n",
    "beside one that is used": "[b][]\n\n[b]: c.png\n«[A]: one»\n",
}


def rows(code: str, table: Mapping[str, tuple[str, str | None]]) -> list[object]:
    return [pytest.param(code, *row, id=f"{code}: {name}") for name, row in table.items()]


def body(table: Mapping[str, tuple[str, str | None]]) -> dict[str, tuple[str, str | None]]:
    return {name: (QUESTION + one, two and QUESTION + two) for name, (one, two) in table.items()}


def unfixed(table: Mapping[str, str]) -> dict[str, tuple[str, str | None]]:
    return {name: (QUESTION + text, None) for name, text in table.items()}


EVERY = [
    *rows("misspelt-deletion", body(DELETIONS)),
    *rows("near-heading", HEADINGS),
    *rows("near-media", body(MEDIA)),
    *rows("near-formula", body(FORMULAS)),
    *rows("foreign-markup", unfixed(FOREIGN)),
    *rows("tex-as-text", unfixed(BRACKETS)),
    *rows("unused-definition", unfixed(DEFINITIONS)),
]


@pytest.mark.parametrize(("code", "marked", "fixed"), EVERY)
def test_a_near_miss_is_told_where_it_stands_and_by_no_other_code(
    code: str, marked: str, fixed: str | None
) -> None:
    text, spans = unmarked(marked)
    assert told(text, code).spans == spans
    assert {each for each in codes(text) if each in NEAR} == {code}


@pytest.mark.parametrize(("code", "marked", "fixed"), EVERY)
def test_its_fix_makes_it_what_was_meant(code: str, marked: str, fixed: str | None) -> None:
    text, _ = unmarked(marked)
    if fixed is None:
        return
    assert told(text, code).fixed == fixed
    assert told(fixed, code).spans == []


@pytest.mark.parametrize(("code", "marked", "fixed"), EVERY)
def test_text_above_it_moves_its_place_and_nothing_else(
    code: str, marked: str, fixed: str | None
) -> None:
    text, spans = unmarked(f"# A title\n\n## First\n\nx\n\n{marked}")
    assert told(text, code).spans == spans


@pytest.mark.parametrize(
    ("marked", "code"),
    [
        ("{{c1::a}} and «{{c2::}}»", "empty-deletion"),
        ("{{c1::a}} and «{{c2:: }}», «{{c2:: }}»", "empty-deletion"),
        ("{{c1::a}} and «{{c2::::a hint}}»", "empty-deletion"),
        ("- {{c1::a}}\n- «{{c2::}}»", "empty-deletion"),
        ("{{c1::a}} ![«{{c2::b}}»](https://a.b/c.png)", "deletion-outside-text"),
        ('{{c1::a}} ![b](https://a.b/c.png "«{{c2::b}}»")', "deletion-outside-text"),
        ("{{c1::a}} ![«{{c2::b}}» «{{c2::b}}»](https://a.b/c.png)", "deletion-outside-text"),
        ("{{c1::`x[]`}} {{c2::![a](https://a.b/c.png)}}", ""),
        ("`{{c2::}}` {{c1::a}}", ""),
    ],
)
def test_a_deletion_that_hides_nothing(marked: str, code: str) -> None:
    text, spans = unmarked(QUESTION + marked)
    found = [each for each in codes(text) if each in NEAR]
    assert set(found) == ({code} if code else set())
    assert told(text, code).spans == spans


ALL = "$x^2 [[b c]] ==d== {{c1:e}} ![f](g h.png) \\(j k\\) \\begin{l} [latex]m[/latex]"
"""Text in which much would be told."""

SILENT = {
    "Jinja": "{{ count }} {% if x %} {{ a|b }} {{ a.b }} {{ x:y }}",
    "Handlebars": "{{#if x}} a {{else}} b {{/if}} {{> part}} {{{raw}}}",
    "Vue": '{{ message }} {{ ok ? "YES" : "NO" }} {{ c: 1 }}',
    "GitHub Actions": "${{ github.ref }} ${{ matrix.os }} ${{ secrets.A_B }}",
    "Go templates": "{{ .Values.a_b }} {{- range $i, $e := .List }}",
    "shell": "$HOME $? $$ $! $@ $PATH:$HOME/bin/$USER, echo $$ and $$$",
    "shell with braces": "${HOME} ${x^y} ${x^^} ${a_b} $(echo a_b) $1_$2",
    "a test of the shell": '[[ $a == "b" ]] && [[ -f x ]]',
    "PowerShell": r"$env:USERPROFILE\Documents\a $_.Name $HOME\bin",
    "PHP": "$a_long_name = $b; $this->foo_bar",
    "jQuery": "$('#a_b').on('x'), $(\"#c_d\")",
    "comparison": "a == b, c == d, a === b, x==y and y==z, ====",
    "C++": "std::vector, a::b::c, ::global, [[nodiscard]] int f()",
    "prices": "$5, 5$, $5-$10, $1,000.00 and $2.50, US$3, $3/kg, $5^ and 6$",
    "prices of dollars": "costs $$$, it is $$ or $$$$ here",
    "regular expressions": "^abc$, ^$, /^x_y$/ and [^abc]",
    "hashtags": "#hashtag #1 #a-b and C#, F##, a ##b",
    "footnotes": "a[^1]\n\n[^1]: b",
    "powers": "x^2 and 10^-3, a_b, snake_case, a^b^c",
    "addresses": "me@a.b http://a.b/c_d?e=$f&g=$h http://[::1]/ https://a.b/#c==d==",
    "CSS": "a::before { content: 'x' } and li:nth-child(2n+1)",
    "slices": "a[::2] a[1:2] a[:, 1] x[[0]] x[[1, 2]]",
    "generics": "Map<string, List<T>> and Array<$x>",
    "tasks": "- [ ] a\n- [x] b\n- \\[x\\] c\n- \\[ \\] d",
    "escaped indices": "list\\[i\\] list\\[i+1\\] a\\[1\\]\\[x\\] f\\(x\\) file\\(s\\)",
    "escaped brackets in a path": "\\[app\\]/x.py and /\\[app\\]",
    "escaped references": "[\\[Smith 99\\]](https://a.b) and \\[1\\]",
    "mathematics": r"$x$ $x^2$ $$y_1$$ \(a_b\) $`x`$s, $\begin{pmatrix}a\end{pmatrix}$ $x$, $y$",
    "a block of mathematics": "$$\n\\begin{align}\na &= b ==c== \\\\\n[[x y]]\n\\end{align}\n$$",
    "a block of brackets": "\\[\n\\begin{align}\na\n\\end{align}\n\\]",
    "pictures": "![a](https://a.b/c.png) ![a](<https://a.b/c d.png> 'e') [a](https://a.b/c.mp3)",
    "a picture of Obsidian": "![[heart.svg]] ![[a b.png|100]]",
    "brackets and words": "see [a] (b) and [1] (2), f [x](y z)",
    "escaped dollars": r"\$x^2 and \$\alpha",
    "escaped braces": r"\{{c1:x}} \{{C1::x}} \{{c1::x}}",
    "escaped marks": r"\==a== \[[b c]] \^12c8c3 \##a",
    "an answer": "a [link][l]\n\n[l]: https://a.b",
    "a comment by definition": "[//]: # (a comment)\n\n[comment]: <> (another)",
    "a definition of a path": "[a]: b/c\n[d]: e.md\n[f]: #g",
    "a used word": "[a b][c]\n\n[c]: d",
    "arithmetic of sets": "{1, 2} {{1}, {2}} {a: 1} {{1: 2}} {x::y} {::}",
    "a table of contents": "[TOC] and [toc]",
    "a box of nothing": "a ::: b :::: c",
    "a row of signs": "== == == ^^^^ ::: x",
    "Python": "@a_b **c_d** __e__ `f`",
    "indented code": "a\n\n    ## b\n    x = 1\n\n    # c\n",
    "a fence": f"```\n##a\n:::i\n[L]: m\n{ALL}\n```",
    "a code span": f"`{ALL}`",
    "a comment": f"<!-- ##a {ALL}\n\n##b\n\n[L]: m\n-->",
    "a comment in a line": f"a <!-- {ALL} --> b",
    "hashes in preformatted HTML": "<pre>\n## b\n</pre>",
    "hashes in a comment of HTML": "<div>\n<!--\n## b\n-->\n</div>",
    "an attribute": '<span title="$x^2 [[b c]] ==d== {{c1:e}} ![f](g h.png) \\begin{l}">a</span>',
    "an attribute in a block": '<div title="$x^2 [[b c]] ==d== {{c1:e}}">\na\n</div>',
    "an alternative text": "![$x^2 [[b c]] ==d== {{c1:e}}](https://a.b/c.png)",
}


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
@pytest.mark.parametrize("frame", ["{}", "# T\n\n{}", "- a\n\n{}\n\nz", "> q\n\n{}"])
def test_what_is_right_or_something_else_is_silent(text: str, frame: str) -> None:
    shown = QUESTION + frame.replace("{}", text)
    assert [each for each in problems(shown) if each.code in NEAR] == []


def test_a_sort_of_foreign_marks_is_told_once_a_file() -> None:
    """An author who uses a tool has hundreds of them."""
    document = parse([Source("cards.md", "## A\n\n==a== ==b==\n\n## B\n\n==c==")], Settings())
    assert [each.code for each in document.diagnostics] == ["foreign-markup"]


def test_kind_basic_keeps_braces_as_text() -> None:
    assert codes("## Which? {kind=basic}\n\n{{c1:x}} {{c::}}") == []


def test_a_highlight_is_a_deletion_where_the_kind_is_cloze() -> None:
    assert codes("## Which? {kind=cloze}\n\n==x==") == []


PIECES = st.sampled_from(
    ["{{", "}}", "c1", "::", ":", " ", "\n", "\n\n", "$", "$$", "\\(", "\\)", "\\[", "x^2", "\\a",
     "##", "## ", "[", "]", "(", ")", "a b.png", "!", "==", "[[", "]]", "^12c8c3", ":::", "`", "- ",
     "> ", "|", "é", "글", "🇫🇷", "<b>", "<!--", "-->", "\\begin{a}", "[latex]", "[/latex]",
     "[A]: b", "\u00a0", "\ufeff", "\\", "*", "_", "    "]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=40).map("".join)


@given(TEXTS)
def test_every_fix_changes_its_span_and_no_more(text: str) -> None:
    text = QUESTION + text
    for each in problems(text):
        place = each.location
        line = text.split("\n")[place.line - 1]
        assert 1 <= place.column <= len(line) + 1
        assert place.column - 1 + place.width <= max(len(line), 1)
        if each.fix is not None and each.code in NEAR:
            words = line[place.column - 1 : place.column - 1 + place.width]
            assert words == words.strip("\n")
            assert "\n" not in each.fix
            assert words != each.fix


WORDS = st.sampled_from(["word", "é", "글", "**strong**", "`code`", "1,5", "(a)", "and", "🇫🇷"])
RIGHT = st.builds(
    lambda number, text, hint: f"{{{{c{number}::{text}{hint}}}}}",
    st.integers(1, 9),
    WORDS,
    st.sampled_from(["", "::hint", "::글"]),
)


@given(st.lists(st.one_of(WORDS, RIGHT), max_size=12).map(" ".join))
def test_right_deletions_are_silent(text: str) -> None:
    assert [each for each in codes(f"## Q\n\n{text}") if each in NEAR] == []


def test_all_are_warnings_but_for_brackets() -> None:
    """An error would refuse files that build today."""
    assert {code for code in NEAR if CODES[code] is not Severity.WARNING} == {"tex-as-text"}
