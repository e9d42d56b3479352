"""Files that nobody means well: a build answers within seconds, by a package or by diagnostics, and never by a bug."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from recto.cli.main import run

Q = "## Q\n\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("## " + "{" * 100_000 + "\n\na", id="braces in a heading"),
        pytest.param("## a {" + ".a " * 30_000 + "}\n\na", id="attributes without number"),
        pytest.param(Q + "- " * 10_000 + "x", id="deep lists"),
        pytest.param(Q + ">" * 10_000 + "x", id="deep quotes"),
        pytest.param(Q + "a" * 2_000_000, id="a long line"),
        pytest.param(Q + "`" * 20_000 + " a", id="ticks"),
        pytest.param(Q + "` " * 10_000 + "`` a", id="ticks that close each other"),
        pytest.param(Q + "<details>\n\n" * 2_000, id="details that never end"),
        pytest.param(Q + "---\n\n" * 10_000 + "a", id="rules"),
        pytest.param(Q + "{{c1::" * 5_000 + "x" + "}}" * 5_000, id="deletions in deletions"),
        pytest.param(Q + "{{c" + "1" * 5_000 + "::x}}", id="a deletion with a large number"),
        pytest.param(Q + "\\(a" * 10_000, id="mathematics that never ends"),
        pytest.param(Q + "\\[" * 10_000, id="mathematics in mathematics"),
        pytest.param(Q + "**_" * 3_000 + "a", id="emphasis that never ends"),
        pytest.param(Q + "&" * 50_000, id="ampersands"),
        pytest.param(Q + "<" * 50_000, id="angles"),
        pytest.param(Q + "> - <!-- a\n>", id="what markdown-it-py 4.3 raises an error on"),
        pytest.param("".join(f"## Q{number} {{#a}}\n\nx\n\n" for number in range(1_000)), id="one id for all"),
        pytest.param("".join(f"Q{number}\n---\n\nx\n\n" for number in range(2_000)), id="underlined headings"),
        pytest.param("---\n" + "a: [" * 10_000 + "\n---\n" + Q + "a", id="front matter nested beyond the stack"),
        pytest.param(
            "---\n" + "".join(f"a{n}: &a{n} [*a{n - 1},*a{n - 1}]\n" for n in range(1, 99)) + "---\n" + Q + "a",
            id="front matter that doubles and doubles",
        ),
        pytest.param("---\na: " + "1" * 6_000 + "\n---\n" + Q + "a", id="a number beyond what Python converts"),
        pytest.param(Q + "a\u202e\u2028\u0085\ufeff😀" * 5_000, id="odd characters"),
        pytest.param(Q + "".join(f"![]({number}.png) " for number in range(5_000)), id="pictures that are not there"),
        pytest.param(Q + "<picture>" * 3_000 + "<audio>" * 3_000 + "<a href=x>" * 3_000, id="media that never ends"),
        pytest.param(Q + "![[" * 20_000, id="wiki links that never end"),
        pytest.param(Q + "> - \u0627a\n" * 5_000, id="both directions"),
        pytest.param("## Q {tts=fr-FR}\n\n" + "[sound:x] [/anki:tts] " * 5_000, id="what Anki would play"),
        pytest.param("\n" * 200_000, id="empty lines"),
    ],
)
def test_no_text_is_slow_or_a_bug(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cards.md").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    start = time.process_time()
    assert run(["build", "cards.md"]) in {0, 1}
    assert time.process_time() - start < 5
