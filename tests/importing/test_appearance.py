"""What looks the same on a card, and what does not."""

from __future__ import annotations

import pytest

from ankipress.importing.fields.appearance import looks_same, lost_parts

SAME = [
    ("e\N{COMBINING ACUTE ACCENT}", "\N{LATIN SMALL LETTER E WITH ACUTE}"),
    ("a\x08b", "ab"),
    ("<b>a</b>", "<strong>a</strong>"),
    ("<i>a</i>", "<em>a</em>"),
    ("<b>a</b><b>b</b>", "<strong>ab</strong>"),
    ("<b><i>a</i></b>", "<em><strong>a</strong></em>"),
    ("<b>a </b>b", "<strong>a</strong> b"),
    ("<b>a<br>b</b>", "<strong>a</strong><br><strong>b</strong>"),
    ("<div>a</div><div>b</div>", "a<br>b"),
    ("a<div>b</div>", "a<br>b"),
    ("<div>a</div>\n<div>b</div>", "a<br>b"),
    ("<div>a</div><div><br></div><div>b</div>", "a<br><br>b"),
    ("a<br>", "a"),
    ("<span>a<div>b</div></span>", "a<br>b"),
    ("a&nbsp;b", "a b"),
    ("a<div>&nbsp;</div>b", "a<br><br>b"),
    ("a  \n b", "a b"),
    ("a<br><ul><li>b<br></li></ul>", "a<ul>\n<li>b</li>\n</ul>"),
    ("<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
    ("<h4 id='x'>a</h4>", "<h4>a</h4>"),
    ("<img src='my pic.png'>", '<img alt="" src="my%20pic.png">'),
    (
        "<pre>x = 1</pre>",
        '<pre class="highlight"><code class="language-c"><span class="n">x</span> = 1</code></pre>',
    ),
    ("<pre><span style='color: red'>x</span><br>y</pre>", "<pre><code>x\ny\n</code></pre>"),
    ("\\[a<br>b\\]", "\\[a\nb\\]"),
    ("\\(a&nbsp;b\\)", "\\(a b\\)"),
    ("[$]x^2[/$]", "\\(x^2\\)"),
    ("[$$]x^2[/$$]", "\\[x^2\\]"),
    ("[latex]\\begin{equation*}x\\end{equation*}[/latex]", "\\[x\\]"),
    ("[latex]$\\frac{1}{2}$[/latex]", "\\(\\frac{1}{2}\\)"),
    ("<p>\\[x\\]</p>", "\\[x\\]"),
    ("<div>\\[x\\]</div>b", "\\[x\\]b"),
    ("a<br>\\[x\\]", "a\\[x\\]"),
    ("\\[x\\]<br>b", "\\[x\\]&nbsp;<br>b"),
    ("\\[x\\]<br>", "\\[x\\]"),
    ("a \\[x\\]&nbsp;", "a \\[x\\]"),
    ("a &lt; b &amp; c", "a &#60; b & c"),
    ("<!-- a -->b", "b"),
    ('<a href="https://a.b" target="_blank" rel="x">c</a>', '<a href="https://a.b">c</a>'),
    ('<span style="color:RED">a</span>', '<span style="color: red;">a</span>'),
    ('<font color="red">a</font>', '<span style="color: red">a</span>'),
    ('<span style="font-weight: bold">a</span>', "<strong>a</strong>"),
    ('<span style="text-align: left; font-size: inherit">a</span>', "a"),
    ("<table><tr><th>a</th></tr></table>", "<table><thead><tr><th>a</th></tr></thead></table>"),
    ("a<b></b>", "a"),
    ("<link>a", "a"),
    ("docker run <image-id>", "docker run"),
    ("", "<br>"),
    ("<div></div>", ""),
]
DIFFERENT = [
    ("a", "b"),
    ("a", "A"),
    ("<b>a</b>", "a"),
    ("<b>a</b>", "<u>a</u>"),
    ("<u>a </u>b", "<u>a</u> b"),
    ("a<br><br>b", "a<br>b"),
    ("<p>a</p>", "a"),
    ("a&nbsp; b", "a b"),
    ("&nbsp;a", "a"),
    ("&nbsp;", ""),
    ("<b></b>", ""),
    ("a<br>b", "a b"),
    ("<span style='font-size: 20px'>a</span>", "a"),
    ("<span style='color: red'>a</span>", "<span style='color: blue'>a</span>"),
    ("<span class='x'>a</span>", "a"),
    ("<div class='x'>a</div>", "a"),
    ("<div data-x='1'>a</div>", "<div>a</div>"),
    ("<img src='a.png' width='1'>", "<img src='a.png'>"),
    ("<img src='a.png'>", "<img src='b.png'>"),
    ("<table border='1'><tr><td>a</td></tr></table>", "<table><tr><td>a</td></tr></table>"),
    ("<style>.card {color: red}</style>a", "a"),
    ("<pre>a  b</pre>", "a b"),
    ("<pre>a  b</pre>", "<pre>a b</pre>"),
    ("<pre>a <img src='b.png'></pre>", "<pre>a </pre>"),
    ("<ol><li>a</li></ol>", "<ul><li>a</li></ul>"),
    ("<ol start='2'><li>a</li></ol>", "<ol><li>a</li></ol>"),
    ("<a href='https://a.b'>a</a>", "a"),
    ("<h4>a</h4>", "<h5>a</h5>"),
    ("\\(x\\)", "\\<wbr>(x\\<wbr>)"),
    ("\\(x\\)", "\\[x\\]"),
    ("\\(x\\)", "\\(y\\)"),
    ("<div>\\[x\\]</div>b", "\\[x\\]<br>b"),
    ("<div class='y'>\\[x\\]<br></div>b", "<div class='y'>\\[x\\]</div>b"),
    ("<p>\\[x\\]<br></p>b", "<p>\\[x\\]</p>b"),
    ("<div>\\[x\\]</div><div>\\[y\\]</div>", "\\[x\\]<br>\\[y\\]"),
    ("[sound:a.mp3]", "[<wbr>sound:a.mp3]"),
    ("[latex]\\chemfig{A-B}[/latex]", "[<wbr>latex]\\chemfig{A-B}[/latex]"),
    ("[$]\\unknown[/$]", "\\(\\unknown\\)"),
    ("{{c1::a}}", "{<wbr>{c1::a}}"),
    ("<svg><path d='M0 0'></path></svg>a", "a"),
    ("x<p></p>y", "x<br>y"),
    ("<script src='a.js'></script>a", "a"),
    ("<iframe src='a.html'></iframe>a", "a"),
    ("<link rel='stylesheet' href='a.css'>a", "a"),
    ("<hl>a</hl>", "a"),
]


@pytest.mark.parametrize(("original", "rendered"), SAME)
def test_these_look_the_same(original: str, rendered: str) -> None:
    assert looks_same(original, rendered)
    assert looks_same(rendered, original)


@pytest.mark.parametrize(("original", "rendered"), DIFFERENT)
def test_these_look_different(original: str, rendered: str) -> None:
    assert not looks_same(original, rendered)
    assert looks_same(original, original)


@pytest.mark.parametrize(
    ("field", "lost"),
    [
        ("<b>a</b>", ()),
        ("<!-- a -->b", ()),
        ("<img src='a.png' data-editor-shrink='true'>", ()),
        ("<div data-x='1'>a</div>", ("the attribute data-x of <div>",)),
        ("<b style='zoom: 2'>a</b>", ("the style zoom",)),
        ("<style>b {color: red}</style><b>a</b>", ("the tag <style>",)),
        ("<link>a", ()),
    ],
)
def test_what_no_markdown_keeps_is_named(field: str, lost: tuple[str, ...]) -> None:
    assert lost_parts(field) == lost


def test_a_script_that_holds_the_end_of_another_one_can_be_read() -> None:
    field = "<script>a<!--<script></script>b</script>c"
    assert looks_same(field, field + "<br>") is looks_same(field + "<br>", field)
    assert not looks_same(field, "d")
