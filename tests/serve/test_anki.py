"""How the cards compare with Anki: when it is asked, what pages are told, and who may send."""

from __future__ import annotations

import asyncio
import json
import tempfile
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from ankipress.preview.serve.scheduler import Scheduler
from ankipress.preview.serve.session import PreviewSession
from board import Board
from loops import finished
from preview_server import HOST, OWN, Server

ONE = "# Deck\n\n## One?\n\nIt is 1.\n\n"
TWO = "## Two?\n\nIt is 2.\n\n"
THREE = "## Three?\n\nIt is 3.\n\n"
DOORS = ["/anki/compare", "/anki/plan", "/anki/send"]


class Previewed:
    """A project and its preview, without a network."""

    def __init__(self, folder: Path, board: Board) -> None:
        self.folder, self.board = folder, board
        (folder / "ankipress.toml").write_text('name = "deck"\n', encoding="utf-8")
        self.write(ONE + TWO + THREE)
        self.session = PreviewSession([folder])
        self.session.build()
        self.server = Server(None, board)
        self.page = self.server.token()
        self.scheduler = Scheduler(self.session, self.show)
        self.server.desk.open(self.session, self.scheduler)
        self.show()

    def show(self) -> None:
        self.server.broadcaster.show(self.session.view, str)

    def write(self, text: str) -> None:
        """Save the file of the cards."""
        (self.folder / "cards.md").write_text(text, encoding="utf-8")

    def hold(self) -> None:
        """Let Anki hold what is shown."""
        assert self.session.found
        packed = self.session.found.compiled.package.notes
        self.board.notes = {each.guid: list(each.fields) for each in packed}

    def guid(self, question: str) -> str:
        """The guid of a card that is shown."""
        cards = (each.card for each in self.session.view.cards)
        return next(each.guid for each in cards if each.question == question)

    async def post(self, path: str, body: Mapping[str, object] | None = None) -> Any:
        """What a page is answered."""
        headers = {"host": HOST, "origin": OWN, "x-ankipress-token": self.page}
        answer = await self.server.answer(path, body or {}, headers)
        assert answer.status == 200
        return json.loads(answer.body)

    async def deck(self) -> Any:
        """What a page is told that was just opened."""
        return json.loads((await self.server.answer("/deck", None, {"host": HOST})).body)

    async def states(self) -> Sequence[str]:
        """How the cards compare, in order."""
        found: Sequence[str] = (await self.deck())["states"]
        return found


@asynccontextmanager
async def previewed() -> AsyncIterator[Previewed]:
    with tempfile.TemporaryDirectory() as name:
        yield Previewed(Path(name), Board())


def test_anki_is_not_asked_before_a_page_does() -> None:
    async def run() -> None:
        async with previewed() as preview:
            await preview.scheduler.saved()
            deck = await preview.deck()
            assert (deck["anki"], deck["states"]) == (None, [])
            assert preview.board.asked == []

    finished(run())


def test_a_card_has_the_state_of_its_note() -> None:
    async def run() -> None:
        async with previewed() as preview:
            preview.hold()
            del preview.board.notes[preview.guid("Three?")]
            preview.board.notes[preview.guid("Two?")][1] = "It was 2."
            assert await preview.post("/anki/compare") == {}
            assert await preview.states() == ["same", "differs", "absent"]
            preview.board.edited = frozenset({preview.guid("One?")})
            await preview.post("/anki/compare")
            assert await preview.states() == ["edited", "differs", "absent"]
            anki = (await preview.deck())["anki"]
            assert (anki["label"], anki["refusal"], anki["help"]) == ("Anki", "", "")
            assert anki["time"] > 0

    finished(run())


def test_an_edit_is_compared_with_what_was_read_before() -> None:
    async def run() -> None:
        async with previewed() as preview:
            preview.hold()
            await preview.post("/anki/compare")
            with preview.server.broadcaster.page() as messages:
                preview.write(ONE + TWO.replace("is 2", "is two") + THREE)
                await preview.scheduler.saved()
                text, state = [json.loads(await anext(messages)) for _ in range(2)]
            assert "states" not in text
            assert [row["text"] for row in text["rows"]] == ["Two? Two? It is two."]
            assert state["states"] == ["same", "differs", "same"]
            assert (state["rows"], state["contents"]) == ([], {})
            preview.write(ONE + TWO + THREE + "## Four?\n\nIt is 4.\n")
            await preview.scheduler.saved()
            assert await preview.states() == ["same", "same", "same", "absent"]
            assert preview.board.asked == ["read"]

    finished(run())


def test_a_save_that_changes_no_state_is_told_once() -> None:
    async def run() -> None:
        async with previewed() as preview:
            preview.hold()
            await preview.post("/anki/compare")
            shown = (await preview.deck())["number"]
            preview.write(ONE + "\n" + TWO + THREE)
            await preview.scheduler.saved()
            assert (await preview.deck())["number"] == shown + 1

    finished(run())


def test_what_anki_had_stays_where_it_does_not_answer() -> None:
    async def run() -> None:
        async with previewed() as preview:
            preview.board.answers = False
            await preview.post("/anki/compare")
            deck = await preview.deck()
            assert deck["states"] == [""] * 3
            assert deck["anki"]["refusal"] == "Anki does not answer"
            assert deck["anki"]["help"].startswith("start it")
            assert deck["anki"]["time"] == 0
            preview.board.answers = True
            await preview.post("/anki/compare")
            read = await preview.deck()
            assert read["states"] == ["absent"] * 3
            preview.board.answers = False
            await preview.post("/anki/compare")
            kept = await preview.deck()
            assert kept["states"] == ["absent"] * 3
            assert kept["anki"] == read["anki"] | {
                "refusal": "Anki does not answer",
                "help": "start it, and press the button again",
            }

    finished(run())


def test_cards_are_shown_and_built_while_anki_takes_its_time() -> None:
    async def run() -> None:
        async with previewed() as preview:
            preview.board.gate = threading.Event()
            comparing = asyncio.create_task(preview.post("/anki/compare"))
            assert await asyncio.to_thread(preview.board.is_asked.wait, 60)
            preview.write(ONE + TWO)
            await preview.scheduler.saved()
            assert len((await preview.deck())["rows"]) == 2
            assert not comparing.done()
            preview.board.gate.set()
            await comparing
            assert await preview.states() == ["absent"] * 2

    finished(run())


def test_a_page_that_asks_early_waits_for_all_cards() -> None:
    async def run() -> None:
        async with previewed() as preview:
            early = Server(None, preview.board)
            asking = asyncio.create_task(early.desk.compare())
            await asyncio.sleep(0.01)
            assert (asking.done(), preview.board.asked) == (False, [])
            early.desk.open(preview.session, preview.scheduler)
            await asking
            assert preview.board.asked == ["read"]

    finished(run())


def test_what_was_shown_is_sent_and_compared() -> None:
    async def run() -> None:
        async with previewed() as preview:
            plan = await preview.post("/anki/plan")
            assert plan["lines"] == ["3 new"]
            sent = await preview.post("/anki/send", {"number": plan["number"]})
            assert sent == {"lines": ["3 new", "No review was lost."]}
            assert await preview.states() == ["same"] * 3
            assert (await preview.post("/anki/plan"))["lines"] == []

    finished(run())


@pytest.mark.parametrize("number", [0, 2, "1", None, [1], 1.5])
def test_what_was_not_shown_is_not_sent(number: object) -> None:
    async def run() -> None:
        async with previewed() as preview:
            assert (await preview.post("/anki/plan"))["number"] == 1
            sent = await preview.post("/anki/send", {"number": number})
            assert sent["refusal"] == "the cards changed since this was shown"
            assert "send" not in preview.board.asked

    finished(run())


def test_a_plan_is_of_no_use_twice_or_after_a_save() -> None:
    async def run() -> None:
        async with previewed() as preview:
            plan = await preview.post("/anki/plan")
            preview.write(ONE)
            await preview.scheduler.saved()
            assert "refusal" in await preview.post("/anki/send", {"number": plan["number"]})
            plan = await preview.post("/anki/plan")
            assert "lines" in await preview.post("/anki/send", {"number": plan["number"]})
            assert "refusal" in await preview.post("/anki/send", {"number": plan["number"]})
            assert preview.board.asked.count("send") == 1

    finished(run())


def test_edits_there_are_not_lost() -> None:
    async def run() -> None:
        async with previewed() as preview:
            preview.hold()
            preview.board.edited = frozenset({preview.guid("One?")})
            plan = await preview.post("/anki/plan")
            assert plan == {
                "refusal": "1 note was edited in Anki",
                "help": "bring it back: ankipress pull",
                "lines": ["One?"],
            }
            assert "refusal" in await preview.post("/anki/send", {"number": 1})
            assert preview.board.asked == ["plan"]

    finished(run())


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"x-ankipress-token": ""}, id="who does not know the token"),
        pytest.param({"x-ankipress-token": "é"}, id="who guesses"),
        pytest.param({"origin": "http://evil.example"}, id="another page"),
        pytest.param({"origin": "null"}, id="a card"),
        pytest.param({"host": "evil.example:8000"}, id="another name"),
    ],
)
@pytest.mark.parametrize("path", DOORS)
def test_who_may_not_ask_anki(path: str, headers: dict[str, str]) -> None:
    board = Board()
    server = Server(board=board)
    sent = {"host": HOST, "origin": OWN, "x-ankipress-token": server.token()} | headers
    # Who is let in waits for the cards, of which there are none.
    answer = finished(asyncio.wait_for(server.answer(path, {}, sent), 10))
    assert answer.status == 403
    assert board.asked == []


def test_a_link_asks_nothing() -> None:
    async def run() -> None:
        async with previewed() as preview:
            headers = {"host": HOST, "x-ankipress-token": preview.page}
            for path in DOORS:
                answer = await preview.server.answer(path, None, headers)
                assert answer.status == 405
            assert preview.board.asked == []

    finished(run())


def test_the_token_is_another_one_in_each_server() -> None:
    first, second = Server(), Server()
    assert len(first.token()) > 16
    assert first.token() != second.token()
    assert first.token() == first.token()
