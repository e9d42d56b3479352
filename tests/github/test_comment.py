"""The comment on a pull request: one, edited at each push, and nobody is notified."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import post_comment

SHA = "a" * 40
RUN = {
    "head_sha": SHA,
    "head_branch": "patch-1&state=all",
    "head_repository": {"owner": {"login": "contributor"}},
}
PULLS = "/repos/owner/deck/pulls?state=open&head=contributor:patch-1%26state%3Dall"
BOT = {"login": "github-actions[bot]"}


class GitHub(NamedTuple):
    """A stand-in for GitHub's interface: what it answers by address, and what it was sent."""

    answers: dict[str, Any]
    sent: list[tuple[str, str, str]]


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
    (tmp_path / "event.json").write_text(json.dumps({"workflow_run": RUN}), encoding="utf-8")
    (tmp_path / "report.md").write_text("### Report for @someone\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_API_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("GITHUB_REPOSITORY", "owner/deck")
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(tmp_path / "event.json"))
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
    assert post_comment.main(tmp_path / "report.md") == 0
    assert github.sent == []
    assert "nothing to comment on" in capsys.readouterr().out


COMMENT = f"{post_comment.MARK}\n### Report for @{post_comment.BREAK}someone\n"


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
    assert post_comment.main(tmp_path / "report.md") == 0
    assert github.sent == [(*written, COMMENT)]


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
