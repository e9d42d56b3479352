"""The laws can fail: each is broken by a command that is bad on purpose, and kept by a good one."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from author import picture
from security.arena import LAUNCHER, TOKEN, Arena, Listener, remove
from security.commands import Row
from security.laws import acts_of, breaches, is_strict
from security.running import Outcome, outcome_of

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="its pipes, names and limits are those of Linux"
)
ROW = Row(("fake",), ("build", "build/**", "~/.config/fake", "~/.config/fake/**"))
GUARD = '<meta http-equiv="Content-Security-Policy" content="{}">'
STRICT = "default-src 'none'; script-src 'nonce-a'; base-uri 'none'; form-action 'none'"
LAX = f"{STRICT}; img-src https:"


@pytest.fixture
def arena(tmp_path: Path) -> Iterator[Arena]:
    """A small arena: a project, and a file of the user's own."""
    arena = Arena(tmp_path / "arena", Listener())
    folders = ("tmp", "canaries", "outside/folder", "home/.cache/ankipress", "home/.config")
    for name in (*folders, "downloads", "work/deck/build"):
        (arena.top / name).mkdir(parents=True)
    (arena.outside / "secret.txt").write_text(TOKEN, encoding="utf-8")
    (arena.outside / "secret.png").write_bytes(picture(1) + TOKEN.encode())
    arena.write("cards.md", "# Deck\n")
    yield arena
    remove(arena.top)


def _outcome(arena: Arena, code: str, row: Row = ROW) -> Outcome:
    """What becomes of a command that is this program. `OUT`, `URL` and `TOKEN` stand for values."""
    values = {"OUT": str(arena.outside), "TOP": str(arena.top), "URL": arena.url}
    for name, value in values.items():
        code = code.replace(name, value)
    return outcome_of(arena, row, [sys.executable, "-c", code])


@pytest.mark.parametrize(
    ("code", "row"),
    [
        pytest.param("", ROW, id="a command that does nothing"),
        pytest.param("raise SystemExit(2)", ROW, id="a refusal"),
        pytest.param("print('cards.md:1:1: error: – x é 😀\\n\\t::')", ROW, id="text"),
        pytest.param("open('build/a.txt', 'w').write('a')", ROW, id="a file that it may write"),
        pytest.param(
            "import os; os.mkdir('TOP/home/.config/fake'); open('TOP/home/.config/fake/a', 'w')",
            ROW,
            id="a file of the user's that it may write",
        ),
        pytest.param(
            "import tempfile; tempfile.TemporaryFile().write(b'a')", ROW, id="a temporary file"
        ),
        pytest.param("print('[]')", replace(ROW, form="json"), id="JSON"),
        pytest.param(
            "print('::error file=a.md,line=1,title=empty-answer::x')",
            replace(ROW, form="github"),
            id="an annotation of its own",
        ),
        pytest.param(
            "print('`@victim` a@victim.org <code>@victim</code>\\n```\\n@victim #1\\n```\\n')",
            replace(ROW, form="markdown"),
            id="names in code",
        ),
        pytest.param(
            "print('````\\n```\\n@victim\\n```\\n````\\n<code>@victim</code>')",
            replace(ROW, form="markdown"),
            id="names in code with fences in it",
        ),
        pytest.param("print('<p dir=rtl>\\u202ea')", replace(ROW, form="html"), id="a page"),
    ],
)
def test_a_good_command_keeps_the_laws(code: str, row: Row, arena: Arena) -> None:
    outcome = _outcome(arena, code, row)
    assert breaches(outcome) == [], outcome.output


@pytest.mark.parametrize(
    ("code", "law"),
    [
        ("open('TOP/canaries/a', 'w')", "runs_nothing: it ran a"),
        ("open('OUT/new', 'w')", "stays_inside: it changed outside/new, outside the project"),
        (
            "open('OUT/secret.txt', 'r+').close(); import os; os.utime('OUT/secret.txt')",
            "stays_inside: it changed outside/secret.txt",
        ),
        ("import os; os.remove('OUT/secret.txt')", "stays_inside: it changed outside/secret.txt"),
        ("import os; os.chmod('OUT/folder', 0o700)", "stays_inside: it changed outside/folder"),
        ("import os; os.rmdir('OUT/folder')", "stays_inside: it changed outside/folder"),
        ("import os; os.symlink('a', 'OUT/b')", "stays_inside: it changed outside/b"),
        ("open('TOP/home/.bashrc', 'w')", "stays_inside: it changed home/.bashrc"),
        ("open('TOP/home/.config/other', 'w')", "stays_inside: it changed home/.config/other"),
        ("import tempfile; tempfile.mkstemp()", "stays_inside: it changed tmp/"),
        ("open('cards.md', 'a').write('a')", "stays_inside: it changed cards.md, which is not"),
        ("import os; os.chmod('cards.md', 0o777)", "stays_inside: it changed cards.md"),
        ("print(open('OUT/secret.txt').read())", "tells_no_secret: the content of a file outside"),
        (
            "import base64; print(base64.b64encode(open('OUT/secret.png', 'rb').read()).decode())",
            "tells_no_secret:",
        ),
        (
            "import sys; print(open('OUT/secret.txt').read(), file=sys.stderr)",
            "tells_no_secret: the content of a file outside stands in stderr",
        ),
        (
            "import shutil; shutil.copy('OUT/secret.png', 'build/a.png')",
            "tells_no_secret: the content of a file outside stands in work/deck/build/a.png",
        ),
        (
            "import zipfile as z; z.ZipFile('build/a.apkg', 'w', 8).write('OUT/secret.png', '0')",
            "tells_no_secret: the content of a file outside stands in a.apkg:0",
        ),
        (
            "import shutil; shutil.copy('OUT/secret.txt', 'TOP/home/.cache/ankipress/memo')",
            "tells_no_secret: the content of a file outside stands in home/.cache",
        ),
        (
            "import urllib.request; urllib.request.urlopen('URL')",
            "connects_nowhere: 1 connections",
        ),
        ("raise SystemExit(3)", "ends_well: its exit status is 3"),
        ("import os; os.kill(os.getpid(), 9)", "ends_well: its exit status is -9"),
        ("raise ValueError", "ends_well: it printed a traceback"),
        ("a = bytearray(1_100_000_000)", "ends_well: it took 1"),
        ("print('error[system-error]: there is not enough memory')", "ends_well: it ran out of"),
        ("print('\\x1b[31ma')", "prints_text: stdout holds '\\x1b'"),
        ("print('a\\x9bb')", "prints_text: stdout holds '\\x9b'"),
        ("print('a\\u202eb')", "prints_text: stdout holds '\\u202e'"),
        ("print('a\\rb')", "prints_text: stdout holds '\\r'"),
        ("import sys; print('\\x07', file=sys.stderr)", "prints_text: stderr holds '\\x07'"),
        ("import os; os.write(1, b'a\\xff')", "prints_text: stdout is not UTF-8"),
        ("print('a\\n ::error::e')", "prints_text: stdout holds a line for a CI runner"),
        ("print('a ##[error]e')", "prints_text: stdout holds a line for a CI runner"),
        ("print('a ##vso[task.x]e')", "prints_text: stdout holds a line for a CI runner"),
        ("print('Next: git push origin main$(x)')", "prints_text: stdout holds a line that is to"),
    ],
)
def test_a_bad_command_breaks_a_law(code: str, law: str, arena: Arena) -> None:
    found = breaches(_outcome(arena, code))
    assert [each for each in found if each.startswith(law)] != [], found


@pytest.mark.parametrize(
    ("code", "form", "law"),
    [
        ("print('@victim')", "markdown", "prints_text: stdout would notify '@victim'"),
        ("print('a &#64;victim')", "markdown", "prints_text: stdout would notify '@victim'"),
        ("print('` @victim ``')", "markdown", "prints_text: stdout would notify '@victim'"),
        ("print('```\\n```\\n@victim')", "markdown", "prints_text: stdout would notify '@victim'"),
        ("print('<details>&#64;victim')", "markdown", "prints_text: stdout would notify '@victim'"),
        ("print('see #1')", "markdown", "prints_text: stdout would notify '#1'"),
        ("print('{')", "json", "prints_text: stdout is not JSON"),
        ("print('::add-mask::a')", "github", "prints_text: stdout holds a line for a CI runner"),
        ("print('<p>\\x1b')", "html", "prints_text: stdout holds '\\x1b'"),
        (
            "print('<meta http-equiv=Refresh content=\"0; url=x\">')",
            "html",
            "shows_quietly: stdout holds a page that leads on",
        ),
        (
            "open('build/a.html', 'w').write('<img src=//x>')",
            "site",
            "shows_quietly: build/a.html holds <img",
        ),
    ],
)
def test_a_bad_format_breaks_a_law(code: str, form: str, law: str, arena: Arena) -> None:
    found = breaches(_outcome(arena, code, replace(ROW, form=form)))
    assert [each for each in found if each.startswith(law)] != [], found


def test_what_does_not_end_is_ended(arena: Arena, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("security.running._PATIENCE", 0.5)
    assert breaches(_outcome(arena, "import time; time.sleep(60)")) == ["ends_well: it did not end"]


def test_what_computes_for_ever_is_ended() -> None:
    outcome = Outcome(ROW, seconds=21.0)
    assert breaches(outcome) == ["ends_well: it computed for 21 seconds"]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("while True: pass", "-24"),  # SIGXCPU
        ("bytearray(2_000_000_000)", "MemoryError"),
    ],
)
def test_the_launcher_limits_time_and_memory(code: str, message: str, arena: Arena) -> None:
    head = LAUNCHER.partition("from ankipress")[0].replace(
        "RLIMIT_CPU, (20, 22)", "RLIMIT_CPU, (1, 2)"
    )
    outcome = _outcome(arena, f"{head}\n{code}")
    assert message in f"{outcome.status} {outcome.errors}"


def test_a_server_that_fails_breaks_a_law() -> None:
    row = replace(ROW, form="web")
    outcome = Outcome(row, served=(("/compare", 500, "oops"), ("/deck", 0, "refused")))
    assert [each.partition(" by ")[0] for each in breaches(outcome)] == [
        "ends_well: it answered /compare",
        "ends_well: it answered /deck",
    ]


@pytest.mark.parametrize(
    ("status", "said", "breach"),
    [
        (0, "cards.md:1:1: error[empty-answer]: x", "it was not refused: its exit status is 0"),
        (1, "error[empty-answer]: x", "it names none of cards.md"),
        (1, "cards.md: this is wrong", "it names no code"),
    ],
)
def test_an_invalid_project_must_be_refused_by_name(status: int, said: str, breach: str) -> None:
    good = Outcome(ROW, status=1, stdout=b"cards.md:1:1: error[empty-answer]: x")
    assert breaches(good, ("cards.md",)) == []
    bad = Outcome(ROW, status=status, stdout=said.encode())
    assert breaches(bad, ("cards.md",)) == [f"names_the_file: {breach}"]


@pytest.mark.parametrize(
    ("page", "number"),
    [
        ("", 0),
        ('<a href="https://a.org">a</a><img src="a.png"><link href="data:,">', 0),
        ('<script>const own = "";</script><script type="x">{"a": "canary"}</script>', 0),
        ("<p>&lt;script&gt;canary()&lt;/script&gt;</p>", 0),
        ('<meta HTTP-EQUIV="refresh" content="0">', 1),
        ("<p onclick='x'>", 1),
        ("<img src='//a.org/a.png'>", 1),
        ("<img srcset='https://a.org/a.png 2x'>", 1),
        ("<video poster='https://a.org/a.png'>", 1),
        ("<link rel=stylesheet href='https://a.org/a.css'>", 1),
        ("<base href='https://a.org/'>", 1),
        ("<iframe src='https://a.org/'></iframe>", 1),
        ("<iframe srcdoc='x'></iframe><object data='https://a.org/'></object>", 1),
        ("<a href=' javascript:x'>", 1),
        ("<form action='javascript:x'>", 1),
        ("<p style='background: url(https://a.org/a.png)'>", 1),
        ("<style>@import 'https://a.org/a.css';</style>", 1),
        ("<script>canary()</script>", 1),
        (GUARD.format(STRICT) + "<script>canary()</script>", 0),
        (GUARD.format(STRICT) + "<img src='//a.org/a'>", 0),
        (GUARD.format(LAX) + "<img src='//a.org/a'>", 1),
        (GUARD.format(STRICT) + "<meta http-equiv=refresh content=0>", 1),
    ],
)
def test_what_a_page_does_by_itself_is_found(page: str, number: int) -> None:
    assert len(acts_of(page)) == number, acts_of(page)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("", False),
        (STRICT, True),
        (LAX, False),
        (f"{STRICT}; img-src *", False),
        (STRICT.replace("'nonce-a'", "'unsafe-inline'"), False),
        (STRICT.replace("base-uri 'none'; ", ""), False),
        (STRICT.replace("default-src 'none'", "default-src 'self'"), False),
    ],
)
def test_a_policy_is_strict_or_not(policy: str, expected: bool) -> None:
    assert is_strict(policy) is expected


@pytest.mark.parametrize(("policy", "number"), [(STRICT, 0), (LAX, 2)])
def test_cards_are_judged_by_the_frame_that_shows_them(policy: str, number: int) -> None:
    front = "<meta http-equiv=refresh content=0><img src=//a.org/a>"
    deck = json.dumps({"contents": {"a": {"front": front, "back": ""}}})
    frame = GUARD.format(policy)
    served = (("/frame", 200, frame), ("/deck", 200, deck))
    outcome = Outcome(replace(ROW, form="web"), served=served)
    assert len(breaches(outcome)) == number


def test_an_arena_is_copied_with_its_links_and_pipes(arena: Arena, tmp_path: Path) -> None:
    arena.link("a", arena.outside)
    shutil.copytree(arena.top, tmp_path / "copy", symlinks=True)
    assert (tmp_path / "copy" / "work" / "deck" / "a").is_symlink()
