"""Who is answered, and with what."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from ankipress.preview.serve.broadcaster import Broadcaster
from ankipress.preview.serve.view import View
from loops import finished
from preview_server import HOST, OWN, VIEW, Answer, Server


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 200, id="typed into the address bar"),
        pytest.param({"origin": OWN}, 200, id="the page itself"),
        pytest.param(
            {"host": "evil.example:8000"}, 403, id="a name that was made to mean this computer"
        ),
        pytest.param({"host": "127.0.0.1:8001"}, 403, id="another port"),
        pytest.param({"host": "127.0.0.1"}, 403, id="no port"),
        pytest.param({"host": ""}, 403, id="no host"),
        pytest.param({"origin": "http://evil.example"}, 403, id="another page"),
        pytest.param(
            {"origin": "http://127.0.0.1:8001"}, 403, id="another program on this computer"
        ),
        pytest.param({"origin": "https://127.0.0.1:8000"}, 403, id="another scheme"),
        pytest.param({"origin": "null"}, 403, id="a page without an origin"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/deck", "/cards?key=g-0", "/events2"])
def test_who_is_answered(server: Server, path: str, headers: dict[str, str], status: int) -> None:
    expected = 404 if status == 200 and path == "/events2" else status
    answer = server.ask(path, **headers)
    assert answer.status == expected
    assert (b"softmax" in answer.body or b"Q?" in answer.body) is (
        expected == 200 and path == "/deck"
    )


@pytest.mark.parametrize("headers", [{}, {"origin": "null"}, {"origin": "http://evil.example"}])
def test_nothing_is_opened_for_another_page(server: Server, headers: dict[str, str]) -> None:
    assert (
        server.ask("/open", body={"path": "cards.md", "line": 3, "column": 1}, **headers).status
        == 403
    )
    assert server.opened == []


@pytest.mark.parametrize(
    ("asked", "opened"),
    [
        pytest.param(
            {"path": "cards.md", "line": 3, "column": 2}, [("cards.md", 3, 2)], id="a card"
        ),
        pytest.param({"path": "/etc/passwd", "line": 1, "column": 1}, [], id="a file elsewhere"),
        pytest.param({"path": "../cards.md", "line": 1, "column": 1}, [], id="a file above"),
        pytest.param({"path": ["cards.md"], "line": 1, "column": 1}, [], id="no path"),
        pytest.param({"path": "cards.md", "line": "3; rm", "column": 1}, [], id="no line"),
        pytest.param({}, [], id="nothing"),
        pytest.param([], [], id="no object"),
    ],
)
def test_what_may_be_opened(
    server: Server, asked: object, opened: list[tuple[str, int, int]]
) -> None:
    assert server.ask("/open", body=asked, origin=OWN).status == (200 if opened else 404)
    assert server.opened == opened


@pytest.mark.parametrize(
    "path",
    [
        "/media/a-1.png",
        "/media/x/a-1.png",
        "/etc/passwd",
        "/part/../app.py",
        "/part/app.py",
        "/style/x",
        "/cards.md",
    ],
)
def test_nothing_else_is_there(server: Server, path: str) -> None:
    assert server.ask(path).status == 404


def test_a_file_is_shown_to_frames_alone(server: Server) -> None:
    assert server.media("a-1.png", origin="null").body == b"0123456789"
    assert server.media("a-1.png", origin="http://evil.example").status == 403
    assert server.media("..%2Fcards.md", origin="null").status == 404
    assert "access-control-allow-origin" not in server.media("a-1.png", origin="null").headers


def test_a_drawing_cannot_act_by_itself(server: Server) -> None:
    answer = server.media("e.svg")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("asked", "status", "body"),
    [
        ("bytes=2-4", 206, b"234"),
        ("bytes=7-", 206, b"789"),
        ("bytes=2-400", 206, b"23456789"),
        ("bytes=10-", 416, b""),
        ("bytes=-3", 200, b"0123456789"),
        ("lines=1-2", 200, b"0123456789"),
    ],
)
def test_a_player_may_ask_for_a_part(server: Server, asked: str, status: int, body: bytes) -> None:
    answer = server.media("a-1.png", range=asked)
    assert (answer.status, answer.body) == (status, body)


def test_every_page_has_a_policy_of_its_own(server: Server) -> None:
    first, second = server.ask("/"), server.ask("/")
    policy = first.headers["content-security-policy"]
    nonce = policy.partition("'nonce-")[2].partition("'")[0]
    assert f'nonce="{nonce}"' in first.body.decode()
    assert "unsafe-inline" not in policy
    assert "{{" not in first.body.decode()
    assert policy != second.headers["content-security-policy"]


def test_a_frame_has_no_origin_even_by_itself(server: Server) -> None:
    policy = server.ask("/frame").headers["content-security-policy"]
    assert policy.startswith("sandbox ")
    assert "allow-same-origin" not in policy
    assert "connect-src" not in policy, "the default, nothing, holds for requests"


def test_a_style_sheet_holds_its_fonts(server: Server) -> None:
    assert b'url("data:font/woff2;base64,Zm9udA==")' in server.ask("/style/s").body


def test_an_answer_is_compared(server: Server) -> None:
    answer = server.ask("/compare", body={"key": "g-0", "typed": "softmax"}, origin=OWN)
    assert json.loads(answer.body) == {
        "html": "<code id=typeans><span class=typeGood>softmax</span></code>"
    }
    assert server.ask("/compare", body={"key": "other", "typed": ""}, origin=OWN).status == 404
    assert server.ask("/compare", body=[1], origin=OWN).status == 404


def test_pages_hear_of_changes_until_the_broadcaster_is_closed() -> None:
    async def hear() -> list[Any]:
        broadcaster = Broadcaster()
        broadcaster.show(VIEW, str)
        heard: list[Any] = []

        with broadcaster.page() as messages:
            # What is shown before the page asks for its first message is heard, too.
            broadcaster.show(View(name="other"), str)
            heard.append(json.loads(await anext(messages)))
            broadcaster.close()
            heard += [json.loads(message) async for message in messages]
        return heard

    [message] = finished(hear())
    assert (message["from"], message["number"], message["name"], message["order"]) == (
        1,
        2,
        "other",
        [],
    )


def test_the_page_is_loaded_while_the_project_is_read() -> None:
    """What shows no card is answered at once, what does when there is one."""

    async def load() -> list[Answer]:
        server = Server(view=None)
        deck, cards = (
            asyncio.create_task(server.answer(path, None, {"host": HOST}))
            for path in ("/deck", "/cards?key=g-0")
        )
        early = [
            await server.answer(path, None, {"host": HOST})
            for path in ("/", "/frame", "/mathematics", "/part/page.js")
        ]
        assert not deck.done()
        server.broadcaster.show(VIEW, str)
        return [*early, await deck, await cards]

    answers = finished(load())
    assert [each.status for each in answers] == [200] * 6
    deck = json.loads(answers[4].body)
    assert (deck["number"], list(deck["contents"]), list(deck["styles"])) == (1, ["g-0"], ["s"])


def test_a_page_that_waits_is_told_when_there_will_be_no_card() -> None:
    async def load() -> Answer:
        server = Server(view=None)
        deck = asyncio.create_task(server.answer("/deck", None, {"host": HOST}))
        await asyncio.sleep(0)
        server.broadcaster.close()
        return await deck

    assert finished(load()).status == 503
