"""The part of a changelog that concerns the deck, as HTML."""

from __future__ import annotations

import pytest

from ankipress.preview.site.changelog_html import changelog_html


@pytest.mark.parametrize(
    ("changelog", "html"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("Some text.\n", "<p>Some text.</p>", id="no heading"),
        pytest.param(
            "# Changelog\n\n## 1.1.0\n\n- x\n",
            "<h2>1.1.0</h2>\n<ul>\n<li>x</li>\n</ul>",
            id="of the deck alone",
        ),
        pytest.param(
            "# Changelog\n\n## Tool\n\nno\n\n## The deck my-deck\n\n"
            "### my-deck 1.1.0\n\nyes\n\n### my-deck 1.0.0\n\n#### Added\n\n## Other\n\nno\n",
            "<h2>my-deck 1.1.0</h2>\n<p>yes</p>\n<h2>my-deck 1.0.0</h2>\n<h3>Added</h3>",
            id="a section of it",
        ),
        pytest.param(
            "# Changelog\n\n## other 2.0.0\n\nno\n\n## my-deck 1.1.0\n\nyes\n\n"
            "## my-deck 1.0.0\n\ntoo\n\n## other 1.0.0\n\nno\n",
            "<h2>my-deck 1.1.0</h2>\n<p>yes</p>\n<h2>my-deck 1.0.0</h2>\n<p>too</p>",
            id="versions of several things",
        ),
        pytest.param(
            "## 1.0.0\r\n\r\n```\r\n## my-deck\r\n```\r\n",
            "<h2>1.0.0</h2>\n<pre><code>## my-deck\n</code></pre>",
            id="a fence",
        ),
        pytest.param(
            "## my-decks\n\nx\n\n## my-deck-2\n\ny\n",
            "<h2>my-decks</h2>\n<p>x</p>\n<h2>my-deck-2</h2>\n<p>y</p>",
            id="other names",
        ),
        pytest.param(
            "a [b](docs/x.md) ![c](x.png) [d](https://example.org) <script>x</script>",
            '<p>a <a rel="noopener noreferrer">b</a> <img alt="c"> '
            '<a href="https://example.org" rel="noopener noreferrer">d</a> </p>',
            id="nothing acts",
        ),
    ],
)
def test_what_concerns_the_deck_is_shown(changelog: str, html: str) -> None:
    assert changelog_html(changelog, "my-deck").strip() == html
