"""What the page of `ankipress serve` is told of a push."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ankipress.build.compilation import compile_project
from ankipress.cli.anki_board import RunningAnkiBoard
from ankipress.cli.push_program import PushProgram
from ankipress.model import FileReading
from ankipress.preview.serve.anki_states import AnkiRefusalError


class _Granting(BaseHTTPRequestHandler):
    """An AnkiConnect that grants, and can do nothing."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answers = {
            "requestPermission": {"permission": "granted", "version": 6, "requireApikey": False},
            "version": 6,
        }
        result = answers.get(asked["action"])
        error = None if result else "unsupported action"
        body = json.dumps({"result": result, "error": error}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def granting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Granting)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("ANKICONNECT_URL", f"http://127.0.0.1:{server.server_port}")
    yield
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.usefixtures("granting")
def test_what_a_push_refuses_is_told_with_what_helps(tmp_path: Path) -> None:
    (tmp_path / "ankipress.toml").write_text('name = "a name"\n', encoding="utf-8")
    (tmp_path / "cards.md").write_text("# A\n\n## What?\n\nThis.\n", encoding="utf-8")
    with pytest.raises(AnkiRefusalError, match='"name" must be a short file name') as refused:
        PushProgram(tmp_path).run("--dry-run")
    assert refused.value.help.endswith("settings.md#name describes this setting")


def test_nothing_is_opened_where_no_anki_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANKICONNECT_URL", "http://127.0.0.1:9")
    with pytest.raises(AnkiRefusalError, match="no Anki with AnkiConnect is running") as refused:
        PushProgram(tmp_path).run("--yes")
    assert refused.value.help.startswith("start Anki")


@pytest.mark.parametrize("number", [1, 2])
def test_what_cannot_be_pushed_by_one_word_is_not_sent(tmp_path: Path, number: int) -> None:
    cards = tmp_path / "cards.md"
    cards.write_text("# A\n\n## What?\n\nThis.\n", encoding="utf-8")
    board = RunningAnkiBoard([cards] * number, FileReading("headings") if number == 1 else None)
    with pytest.raises(AnkiRefusalError, match="only a project with settings"):
        board.plan(compile_project([cards]))
