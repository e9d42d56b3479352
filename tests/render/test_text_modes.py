"""Fields of lines: no `<p>`, and a `<br>` for each end of a line."""

from __future__ import annotations

import pytest

from ankipress.render.html import canonical
from ankipress.render.text_modes import in_lines
from stages import rendered


@pytest.mark.parametrize(
    ("markdown", "lines"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("a *b*", "a <em>b</em>", id="one line"),
        pytest.param("a\nb", "a<br>b", id="two lines"),
        pytest.param("a\\\nb  \nc", "a<br>b<br>c", id="hard breaks"),
        pytest.param("a\n\nb\nc", "a<br><br>b<br>c", id="two paragraphs"),
        pytest.param("\\\na", "<br>a", id="an empty line above"),
        pytest.param("*a*\n*b*", "<em>a</em><br><em>b</em>", id="marks at the ends"),
        pytest.param("*a\nb*", "<em>a<br>b</em>", id="marks over the end"),
        pytest.param("a\n- b\n  c\n- d\n\ne", "a<ul><li>b<br>c</li><li>d</li></ul>e", id="a list"),
        pytest.param(
            "- a\n\n  b\n- c", "<ul><li>a<br><br>b</li><li>c</li></ul>", id="a loose list"
        ),
        pytest.param("> a\n> b", "<blockquote>a<br>b</blockquote>", id="a quote"),
        pytest.param(
            "a\n```\nb\n\nc\n```",
            'a<pre class="highlight"><code>b\n\nc\n</code></pre>',
            id="code keeps its lines",
        ),
        pytest.param("a $x\n+y$ b", "a \\(x\n+y\\) b", id="mathematics keeps its lines"),
        pytest.param("a\n$$x$$\nb", "a<br>\\[x\\]b", id="a displayed formula is a line"),
        pytest.param("$$x$$\n\n$$y$$", "\\[x\\]\\[y\\]", id="two of them"),
        pytest.param("$$a$$b\n\n$$c$$", "\\[a\\]b<br>\\[c\\]", id="one that begins a line"),
        pytest.param("$$x$$\n&nbsp;\nb", "\\[x\\]&nbsp;<br>b", id="an empty line below one"),
        pytest.param("- $$x$$\n  b", "<ul><li>\\[x\\]b</li></ul>", id="one above a line of a list"),
        pytest.param("- a\n  $$x$$", "<ul><li>a<br>\\[x\\]</li></ul>", id="one in a list"),
        pytest.param(
            '<div class="a">\n\nb\nc\n\n</div>', '<div class="a">b<br>c</div>', id="HTML around it"
        ),
        pytest.param('<p class="a">b</p>\n\nc', '<p class="a">b</p>c', id="a paragraph of HTML"),
        pytest.param(
            '<img src="a.png">\n\nb', '<img src="a.png"><br><br>b', id="HTML that is in a line"
        ),
        pytest.param("a\n\n<b>b</b>", "a<br><br><b>b</b>", id="a tag that begins a paragraph"),
    ],
)
def test_markdown_in_lines(markdown: str, lines: str) -> None:
    field = in_lines(rendered(markdown))
    assert field == lines
    assert canonical(field) == field
