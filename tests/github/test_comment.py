"""The comment on a pull request: one, edited at each push, and nobody is notified."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

import post_comment
from ankipress.visible_text import fenced
from calls import calls, html_of
from pages import read_page

SHA = "a" * 40
RUN = {
    "head_sha": SHA,
    "head_branch": "patch-1&state=all",
    "head_repository": {"owner": {"login": "contributor"}},
}
OTHER_RUN = {
    "head_sha": "c" * 40,
    "head_branch": "theirs",
    "head_repository": {"owner": {"login": "victim"}},
    "pull_requests": [{"number": 666}],
}
VARIABLES: Mapping[str, str] = next(
    step["env"]
    for step in yaml.safe_load(read_page("action.yml"))["runs"]["steps"]
    if "post_comment.py" in step.get("run", "")
)
[UNPACKED] = [
    step["with"]["path"]
    for step in yaml.safe_load(read_page("action.yml"))["runs"]["steps"]
    if step.get("uses", "").startswith("actions/download-artifact")
]
PULLS = "/repos/owner/deck/pulls?state=open&head=contributor:patch-1%26state%3Dall"
BOT = {"login": "github-actions[bot]"}


class GitHub(NamedTuple):
    """A stand-in for GitHub's interface: what it answers by address, and what it was sent."""

    answers: dict[str, Any]
    sent: list[tuple[str, str, str]]


def unpacked(temp: Path) -> Path:
    """Where the action unpacks the report, in a folder for temporary files."""
    return Path(UNPACKED.replace("${{ runner.temp }}", str(temp)))


def value_of(expression: str) -> str:
    """What the runner puts in the place of an expression: it keeps the event in its memory."""
    names = expression.removeprefix("${{ github.").removesuffix(" }}").split(".")
    value: Any = {"token": "secret", "event": {"workflow_run": RUN}}
    for name in names:
        value = value[name]
    return str(value)


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHub]:
    hub = GitHub({}, [])

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            assert self.headers["Authorization"] == "Bearer secret"
            length = int(self.headers.get("Content-Length") or 0)
            if length:
                hub.sent.append(
                    (self.command, self.path, json.loads(self.rfile.read(length))["body"])
                )
            content = json.dumps(hub.answers.get(self.path, [])).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = answer  # noqa: N815 - the names that the server calls

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: a test prints no log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    event = tmp_path / "_github_workflow" / "event.json"
    event.parent.mkdir()
    event.write_text(json.dumps({"workflow_run": RUN}), encoding="utf-8")
    folder = unpacked(tmp_path)
    folder.mkdir()
    (folder / "ankipress-comment.md").write_text("### Report for @someone\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_API_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("GITHUB_REPOSITORY", "owner/deck")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    for name, expression in VARIABLES.items():
        monkeypatch.setenv(name, value_of(expression))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    yield hub
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    "pulls",
    [
        pytest.param([], id="it was closed"),
        pytest.param([{"number": 7, "head": {"sha": "b" * 40}}], id="it has a newer commit"),
    ],
)
def test_nothing_is_written(
    github: GitHub, tmp_path: Path, pulls: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    github.answers[PULLS] = pulls
    assert post_comment.main(unpacked(tmp_path)) == 0
    assert github.sent == []
    assert "nothing to comment on" in capsys.readouterr().out


COMMENT = f"{post_comment.MARK}\n### Report for &#64;{post_comment.BREAK}someone\n"


@pytest.mark.parametrize(
    ("comments", "written"),
    [
        pytest.param([], ("POST", "/repos/owner/deck/issues/7/comments"), id="the first"),
        pytest.param(
            [
                {"id": 1, "user": {"login": "someone"}, "body": COMMENT},
                {"id": 2, "user": BOT, "body": f"See {COMMENT}"},
            ],
            ("POST", "/repos/owner/deck/issues/7/comments"),
            id="the mark in others' comments",
        ),
        pytest.param(
            [{"id": 3, "user": BOT, "body": f"{post_comment.MARK}\nold"}],
            ("PATCH", "/repos/owner/deck/issues/comments/3"),
            id="edited",
        ),
    ],
)
def test_one_comment_is_written(
    github: GitHub, tmp_path: Path, comments: Any, written: tuple[str, str]
) -> None:
    github.answers[PULLS] = [
        {"number": 6, "head": {"sha": "b" * 40}},
        {"number": 7, "head": {"sha": SHA}},
    ]
    github.answers[f"/repos/owner/deck/issues/7/comments?per_page={post_comment.PAGE}&page=1"] = (
        comments
    )
    assert post_comment.main(unpacked(tmp_path)) == 0
    assert github.sent == [(*written, COMMENT)]


@pytest.mark.parametrize(
    "member",
    [
        pytest.param("_github_workflow/event.json", id="the event"),
        pytest.param("_runner_file_commands/set_env_1", id="variables of later steps"),
        pytest.param("scripts/post_comment.py", id="a script"),
        pytest.param("json.py", id="a module"),
        pytest.param("ankipress-comment.md/x", id="a folder of that name"),
        pytest.param("Ankipress-comment.md", id="another name"),
    ],
)
def test_who_fills_the_artifact_chooses_nothing(
    github: GitHub, tmp_path: Path, member: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An artifact with a file that is not the report is left alone. Wherever it were unpacked, no
    file of the runner is written over.
    """
    github.answers["/repos/owner/deck/pulls?state=open&head=victim:theirs"] = [
        {"number": 666, "head": {"sha": "c" * 40}}
    ]
    github.answers[PULLS] = [{"number": 7, "head": {"sha": SHA}}]
    folder = unpacked(tmp_path)
    if member.startswith("ankipress-comment.md"):
        (folder / "ankipress-comment.md").unlink()
    file = folder / member
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"workflow_run": OTHER_RUN}), encoding="utf-8")
    own = tmp_path / "_github_workflow" / "event.json"
    assert json.loads(own.read_text(encoding="utf-8")) == {"workflow_run": RUN}
    assert post_comment.main(folder) == 1
    assert github.sent == []
    assert "the artifact is not" in capsys.readouterr().out.lower()


def test_the_event_of_the_runner_is_not_read(github: GitHub, tmp_path: Path) -> None:
    event = tmp_path / "_github_workflow" / "event.json"
    event.write_text(json.dumps({"workflow_run": OTHER_RUN}), encoding="utf-8")
    github.answers["/repos/owner/deck/pulls?state=open&head=victim:theirs"] = [
        {"number": 666, "head": {"sha": "c" * 40}}
    ]
    github.answers[PULLS] = [{"number": 7, "head": {"sha": SHA}}]
    assert post_comment.main(unpacked(tmp_path)) == 0
    assert [path for _, path, _ in github.sent] == ["/repos/owner/deck/issues/7/comments"]


@pytest.mark.parametrize(
    ("content", "is_report"),
    [
        pytest.param(b"", True, id="nothing"),
        pytest.param(b"x" * post_comment.MOST_BYTES, True, id="as large as may be"),
        pytest.param(b"x" * (post_comment.MOST_BYTES + 1), False, id="larger"),
        pytest.param(b"\xff\x00", True, id="no text"),
    ],
)
def test_what_is_a_report(tmp_path: Path, content: bytes, is_report: bool) -> None:
    (tmp_path / post_comment.REPORT).write_bytes(content)
    assert (post_comment.report_in(tmp_path) is not None) is is_report


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="this system has no links")
def test_a_link_is_no_report(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / post_comment.REPORT).symlink_to(tmp_path / "secret")
    assert post_comment.report_in(folder) is None


def test_the_comment_is_found_behind_many_others(github: GitHub) -> None:
    for page, rows in (
        (1, [{"id": 1, "user": BOT, "body": "x"}]),
        (2, [{"id": 9, "user": BOT, "body": COMMENT}]),
    ):
        github.answers[
            f"/repos/owner/deck/issues/7/comments?per_page={post_comment.PAGE}&page={page}"
        ] = rows
    assert post_comment.existing(7) == 9


def test_a_comment_is_never_longer_than_github_takes() -> None:
    assert len(post_comment.comment("@a" * 60_000)) < 65_536


CALLING = [
    pytest.param("thanks @someone and @org/team", id="a name"),
    pytest.param("thanks &#64;someone &#x40;a &commat;b", id="a name by a reference"),
    pytest.param("thanks \\@someone", id="a name behind a backslash"),
    pytest.param("a@example.org", id="an address"),
    pytest.param("see #1, &#35;2, org/repo#3, GH-4, G&#72;-5, gh&#45;6, JIRA-7", id="numbers"),
    pytest.param("since 0123456789abcdef0123 and o/r@0123456", id="commits"),
    pytest.param("https://tracker.example www.tracker.example HTTP://x", id="bare links"),
    pytest.param("[x](https://t) <https://t> [y]\n\n[y]: https://t", id="links"),
    pytest.param("![](https://t/x.png) ![a]\n\n[a]: x.png", id="pictures"),
    pytest.param("&#33;&#91;a&#93;(https&#58;//t)", id="a picture by references"),
    pytest.param("<img src=https://t> <a href=https://t>x</a> <IMG SRC=x>", id="HTML"),
    pytest.param("<details ontoggle=x><img src=https://t></details>", id="attributes"),
    pytest.param("<code>@a</code> | `@b` | <code> @c\n\n</code> @d", id="behind code"),
    pytest.param("\\<code>@a\\</code>", id="code that is none"),
    pytest.param("```text\n```\n@a", id="behind a fence"),
    pytest.param("```text\nx\n````\n```\n@a", id="behind a longer fence"),
    pytest.param("- ```text\n@a\n```text\n@b\n```", id="fences in a list"),
    pytest.param("<!--\n```text\n-->\n@a\n```\n@b", id="a fence in a comment"),
    pytest.param("<pre>\n```text\n</pre>@a\n```\n@b", id="a fence in HTML"),
    pytest.param("| a |\n| - |\n```text\n@a\n```\n| @b |", id="a fence in a table"),
    pytest.param("x\n```text\r@a\r```\r\n@b", id="other ends of lines"),
    pytest.param("~~~\n```text\n~~~\n@a", id="a fence in a fence"),
    pytest.param("$`@a`$ [^1]\n\n[^1]: @b", id="formulas and footnotes"),
]


@pytest.mark.parametrize("report", CALLING)
def test_a_report_notifies_nobody_and_loads_nothing(report: str) -> None:
    assert calls(f"@somebody\n\n{report}"), "the judge sees names"
    assert calls(post_comment.comment(report)) == []


def test_what_a_report_holds_can_still_be_read() -> None:
    held = "cards.md:2:1: error[x]: see `a` & <b> @c\n  2 | ```"
    table = "| A | B |\n| - | - |\n| <code>x&#58;</code><br>**y** | z |"
    report = f"### <code>a&#124;b</code>\n\n{table}\n\n"
    html = html_of(post_comment.comment(report + fenced(held)))
    assert "<h3><code>a|b</code></h3>" in html
    assert "<td><code>x:</code><br><strong>y</strong></td>" in html
    assert "cards.md:2:1: error[x]: see `a` &amp; &lt;b&gt; @c\n  2 | ```\n</code>" in html
