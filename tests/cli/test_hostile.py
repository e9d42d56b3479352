"""Files that nobody means well: a build answers within seconds, by a package or by diagnostics, and
never by a bug.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ankipress.cli.main import run
from ankipress.identity.lock import read_lock
from ankipress.model import Source
from ankipress.project.settings import Settings
from ankipress.render.time_limit import limited
from parsing import parse

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
        pytest.param(
            "".join(f"## Q{number} {{#a}}\n\nx\n\n" for number in range(1_000)), id="one id for all"
        ),
        pytest.param(
            "".join(f"Q{number}\n---\n\nx\n\n" for number in range(2_000)), id="underlined headings"
        ),
        pytest.param(
            "---\n" + "a: [" * 10_000 + "\n---\n" + Q + "a",
            id="front matter nested beyond the stack",
        ),
        pytest.param(
            "---\n"
            + "".join(f"a{n}: &a{n} [*a{n - 1},*a{n - 1}]\n" for n in range(1, 99))
            + "---\n"
            + Q
            + "a",
            id="front matter that doubles and doubles",
        ),
        pytest.param(
            "---\na: " + "1" * 6_000 + "\n---\n" + Q + "a",
            id="a number beyond what Python converts",
        ),
        pytest.param(Q + "a\u202e\u2028\u0085\ufeff😀" * 5_000, id="odd characters"),
        pytest.param(
            Q + "".join(f"![]({number}.png) " for number in range(5_000)),
            id="pictures that are not there",
        ),
        pytest.param(
            Q + "<picture>" * 3_000 + "<audio>" * 3_000 + "<a href=x>" * 3_000,
            id="media that never ends",
        ),
        pytest.param(Q + "![[" * 20_000, id="wiki links that never end"),
        pytest.param(Q + "> - \u0627a\n" * 5_000, id="both directions"),
        pytest.param(
            "## Q {tts=fr-FR}\n\n" + "[sound:x] [/anki:tts] " * 5_000, id="what Anki would play"
        ),
        pytest.param("\n" * 200_000, id="empty lines"),
        pytest.param(Q + "word " * 2_000_000, id="a line of 10 MB"),
        pytest.param("## " + "a " * 500_000 + "\n\nx", id="a question of 1 MB"),
        pytest.param(
            Q + "\n".join("  " * depth + "- a" for depth in range(1_000)),
            id="a list in a list, a thousand times",
        ),
        pytest.param(Q + "> " * 10_000 + "x", id="deep quotes with spaces"),
        # Of cmark's pathological tests, and of its kin:
        pytest.param(
            Q + "*a **a " * 5_000 + "b" + " a** a*" * 5_000, id="strong emphasis in emphasis"
        ),
        pytest.param(Q + "a_ " * 20_000, id="emphasis that only ends"),
        pytest.param(Q + "_a " * 20_000, id="emphasis that only begins"),
        pytest.param(Q + "a]" * 20_000, id="links that only end"),
        pytest.param(Q + "[a" * 8_000, id="links that only begin"),
        pytest.param(Q + "*a_ " * 20_000, id="emphasis of two marks"),
        pytest.param(Q + "a**b" + "c* " * 20_000, id="emphasis of lengths that do not fit"),
        pytest.param(Q + "[ a_" * 10_000, id="links that begin and emphasis that ends"),
        pytest.param(Q + "[ (](" * 10_000, id="brackets and parentheses"),
        pytest.param(Q + "![[]()" * 4_000, id="pictures of links"),
        pytest.param(Q + "**x [a*b**c*](d)" * 2_000, id="emphasis across links"),
        pytest.param(Q + "[" * 8_000 + "a" + "]" * 8_000, id="brackets in brackets"),
        pytest.param(Q + "abc\0de\0" * 2_000, id="NUL"),
        pytest.param(
            Q + "".join("e" + "`" * number for number in range(1, 400)), id="ticks of every number"
        ),
        pytest.param(Q + "</" + "<!--" * 20_000, id="comments that never end"),
        pytest.param(Q + "</" + "<?" * 20_000, id="instructions that never end"),
        pytest.param(Q + "</" + "<![CDATA[" * 3_000, id="CDATA that never ends"),
        pytest.param(Q + "</" + "<!A " * 20_000, id="declarations that never end"),
        pytest.param(Q + "[]: a\n" * 10_000, id="definitions of nothing"),
        pytest.param(Q + "[a]: /u\n" * 10_000 + "[a] " * 10_000, id="one definition many times"),
        pytest.param(
            Q + "\n".join(f"[{each}]: /u" for each in range(5_000)) + "\n\n" + "[0] " * 5_000,
            id="many definitions",
        ),
        pytest.param(
            Q + f"|{'a|' * 2_000}\n|{'-|' * 2_000}\n|{'b|' * 2_000}", id="a table of many columns"
        ),
        pytest.param(Q + "|a|b|\n|-|-|\n" + "|x|y|\n" * 5_000, id="a table of many rows"),
        pytest.param(
            Q + f"|{'a|' * 100}\n|{'-|' * 100}\n" + "|a\n" * 100, id="a table whose rows are short"
        ),
        pytest.param(Q + "***\n" * 10_000, id="rules and nothing else"),
        pytest.param(Q + "a@" * 20_000, id="addresses that never end"),
        pytest.param(Q + "http://a" * 10_000, id="links in links"),
        pytest.param(Q + "&#1" * 20_000, id="references that never end"),
        pytest.param(
            Q + "".join(f"x[^{number}]\n\n[^{number}]: y\n\n" for number in range(500)),
            id="footnotes",
        ),
        pytest.param(Q + "<span>" * 10_000, id="tags that never end"),
        pytest.param(Q + " " * 500_000 + "a", id="spaces"),
        pytest.param(Q + "\\" * 100_000 + "a", id="backslashes"),
        pytest.param(
            "---\n? " + "{a: " * 10_000 + "\n---\n" + Q + "a", id="front matter of maps in maps"
        ),
        pytest.param("---\n<<: {deck: x}\n---\n" + Q + "a", id="front matter that merges"),
        pytest.param(
            "---\ntags: !!python/object/apply:os.system [exit]\n---\n" + Q + "a",
            id="front matter that runs a command",
        ),
    ],
)
def test_no_text_is_slow_or_a_bug(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cards.md").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with limited(60):
        assert run(["build", "cards.md"]) in {0, 1}


def test_a_file_of_100_000_cards_is_parsed() -> None:
    text = "# Deck\n\n" + "".join(
        f"## Question {number}?\n\nAnswer {number}.\n\n" for number in range(100_000)
    )
    with limited(60):
        parsed = parse([Source("cards.md", text)], Settings())
    assert len(parsed.entries) == 100_000
    assert parsed.diagnostics == ()


def truth(text: str) -> str:
    """The lock as it is."""
    return text


def lying(**values: object) -> Callable[[str], str]:
    """A lock whose lines, but for the header, say these things."""

    def change(text: str) -> str:
        header, *records = text.splitlines()
        return "".join(
            f"{line}\n"
            for line in (header, *(json.dumps({**json.loads(line), **values}) for line in records))
        )

    return change


@pytest.mark.parametrize(
    ("change", "status"),
    [
        pytest.param(truth, 0, id="the truth"),
        pytest.param(lambda text: text * 2, 0, id="everything twice"),
        pytest.param(
            lambda text: text.replace('"mod":', '"mod":9'), 0, id="mods far in the future"
        ),
        pytest.param(lying(mod=2**63 - 1), 0, id="the last mod of all"),
        pytest.param(lying(mod=2**63), 1, id="a mod beyond what Anki can store"),
        pytest.param(lying(mod=-1), 1, id="a mod before the beginning"),
        pytest.param(lying(mod=1.5), 1, id="half a second"),
        pytest.param(lying(mod=float("nan")), 1, id="a mod that is no number"),
        pytest.param(lying(mod=float("inf")), 1, id="a mod that never ends"),
        pytest.param(lying(note_id=0), 1, id="a note id of 0"),
        pytest.param(lying(note_id=1), 1, id="one note id for all"),
        pytest.param(lying(guid="a" * 64), 0, id="one guid for all"),
        pytest.param(lying(guid="\x1b[31m"), 1, id="a guid that commands the terminal"),
        pytest.param(lying(path="../../etc/passwd"), 0, id="a path outside the project"),
        pytest.param(lying(kind="nonsense"), 0, id="a kind that is none"),
        pytest.param(lying(kind="cloze"), 0, id="the kind of another note type"),
        pytest.param(lying(state="retired"), 0, id="all retired"),
        pytest.param(lying(id="same"), 0, id="one explicit id for all"),
        pytest.param(lying(after="zzzz"), 0, id="a neighbour that is not there"),
        pytest.param(lying(digest="", question="", answer=""), 0, id="nothing known of any note"),
        pytest.param(lying(question="a" * 1_000_000), 0, id="a question of a megabyte"),
        pytest.param(
            lambda text: text + "[" * 100_000 + "\n", 1, id="JSON nested beyond the stack"
        ),
        pytest.param(
            lambda text: text + '{"guid": ' + "9" * 10_000 + "}\n",
            1,
            id="a number beyond what Python converts",
        ),
        pytest.param(
            lambda text: text + '"' + "a" * 10_000_000, 1, id="a line of 10 MB that never ends"
        ),
        pytest.param(lambda text: text.replace("Question", "\\ud800"), 1, id="half of a character"),
        pytest.param(lambda text: text[: len(text) // 2], 1, id="half of the lock"),
        pytest.param(
            lambda text: "\ufeff" + text.replace("\n", "\r\n"), 0, id="an editor of another system"
        ),
        pytest.param(lambda text: text.partition("\n")[2], 1, id="no header"),
        pytest.param(lambda text: text.replace('"id":1', '"id":2', 1), 0, id="another note type"),
    ],
)
def test_a_lock_that_lies(
    change: Callable[[str], str],
    status: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It is healed or an error of its own, and no mod falls below one that it names."""
    (tmp_path / "cards.md").write_text(
        "# D\n\n## Question 1?\n\nA.\n\n## Question 2?\n\nB.\n", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    assert run(["build", "cards.md"]) == 0
    lock = tmp_path / "cards.ankipress.lock"
    text = lock.read_text(encoding="utf-8")
    lie = change(text)
    assert lie != text or change is truth
    lock.write_bytes(lie.encode())
    capsys.readouterr()
    with limited(60):
        assert run(["build", "cards.md"]) == status
    shown = capsys.readouterr().err
    assert "\x1b" not in shown
    if status:
        assert "error[bad-lock]" in shown
        assert lock.read_bytes() == lie.encode()
        return
    records = read_lock(lock.read_text(encoding="utf-8"))[0].records
    for line in lie.splitlines()[1:]:
        told = json.loads(line)
        assert "ankipress" in told or any(
            each.guid == told["guid"] and each.mod >= told["mod"] for each in records
        )


@pytest.mark.skipif(
    sys.platform == "win32", reason="links need a permission on Windows: NOT tested there"
)
def test_a_lock_that_is_a_link_stays_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cards.md").write_text(Q + "A.\n", encoding="utf-8")
    (tmp_path / "cards.ankipress.lock").symlink_to("real.lock")
    monkeypatch.chdir(tmp_path)
    assert run(["build", "cards.md"]) == 0
    assert (tmp_path / "cards.ankipress.lock").is_symlink()
    assert (tmp_path / "real.lock").read_text(encoding="utf-8").startswith('{"ankipress":')


def test_no_memory_is_kept_behind_a_link_that_leads_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, outside = tmp_path / "project", tmp_path / "outside"
    project.mkdir()
    outside.mkdir()
    (project / "build").symlink_to(outside)
    (project / "cards.md").write_text(
        "".join(f"## Q{number}?\n\nA.\n\n" for number in range(300)), encoding="utf-8"
    )
    (project / "ankipress.toml").write_text('name = "deck"\nversion = "1.0.0"\n', encoding="utf-8")
    monkeypatch.chdir(project)
    assert run(["build"]) == 1
    assert run(["site", "--no-package"]) == 1
    assert run(["build", "-o", "../elsewhere"]) == 0
    assert (tmp_path / "elsewhere/deck-1.0.0.apkg").exists()
    assert not any(outside.iterdir())


@pytest.mark.parametrize("link", ["ankipress.lock", "build/deck-1.0.0.apkg", "build"])
@pytest.mark.parametrize("is_there", [True, False], ids=["to what is there", "to what is not"])
def test_nothing_is_written_through_a_link_that_leads_out(
    link: str,
    is_there: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    project, outside = tmp_path / "project", tmp_path / "outside"
    (project / link).parent.mkdir(parents=True)
    (project / "cards.md").write_text(Q + "A.\n", encoding="utf-8")
    (project / "ankipress.toml").write_text('name = "deck"\nversion = "1.0.0"\n', encoding="utf-8")
    if is_there:
        outside.mkdir() if link == "build" else outside.write_bytes(b"")
    (project / link).symlink_to(outside)
    monkeypatch.chdir(project)
    assert run(["build"]) == 1
    said = capsys.readouterr().err
    assert (
        "a link leads from there out of the project" in said
        or "error[bad-lock]: the lock is empty" in said
    )
    assert outside.exists() is is_there
    assert (
        not is_there
        or (outside.is_dir() and not any(outside.iterdir()))
        or outside.read_bytes() == b""
    )


@pytest.mark.parametrize(
    "line",
    [
        pytest.param('output = "/tmp"', id="an output at the top of the disk"),
        pytest.param('output = "../.."', id="an output above the project"),
        pytest.param('output = "C:\\\\x"', id="an output on another drive"),
        pytest.param('output = "\\\\\\\\host\\\\share"', id="an output on another machine"),
        pytest.param('sources = ["/etc/*"]', id="sources at the top of the disk"),
        pytest.param('sources = ["../*.md"]', id="sources above the project"),
        pytest.param('name = "../x"', id="a name that leads out"),
        pytest.param('name = "con"', id="a name that Windows keeps for itself"),
        pytest.param('name = "collection"', id="a name that Anki takes for a backup"),
        pytest.param('name = "a\\u0000b"', id="a name with NUL"),
        pytest.param('version = "1.0.0/../../x"', id="a version that leads out"),
        pytest.param("card_level = 99999999999999999999999", id="a level beyond all"),
        pytest.param("tags = [" * 5_000, id="lists in lists"),
        pytest.param("'' = 1", id="a key of no characters"),
    ],
)
def test_settings_that_lie(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "cards.md").write_text(Q + "A.\n", encoding="utf-8")
    (tmp_path / "project" / "ankipress.toml").write_text(f"{line}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "project")
    assert run(["build"]) == 1
    assert "error[bad-settings]" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.rglob("*")) == [
        "ankipress.toml",
        "cards.md",
        "project",
    ]
