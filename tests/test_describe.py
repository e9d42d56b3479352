"""The deck's description in Anki: what a version changed, in short."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ankipress.model import Record, State
from ankipress.package.description import changes_of, describe, plain_markdown
from ankipress.project.settings import Settings

RECORD = Record(
    guid="g1",
    note_id=1,
    id=None,
    kind="basic",
    deck="Deck",
    path="cards.md",
    section="",
    after=None,
    question="What is *it*?",
    answer="",
    digest="d",
    mod=1,
    since="1.0.0",
    changed="1.0.0",
)


def record(
    guid: str, since: str, changed: str, question: str = "Q?", state: State = State.ACTIVE
) -> Record:
    return replace(RECORD, guid=guid, since=since, changed=changed, question=question, state=state)


@pytest.mark.parametrize(
    "records",
    [
        pytest.param([], id="no cards"),
        pytest.param([record("a", "1.1.0", "1.1.0")], id="the first version"),
        pytest.param([record("a", "1.0.0", "1.0.0")], id="nothing changed"),
        pytest.param([record("a", "1.0.0", "1.0.0", state=State.RETIRED)], id="retired before"),
    ],
)
def test_where_there_is_nothing_to_say(records: list[Record]) -> None:
    assert changes_of("1.1.0", records) == ""


def test_what_a_version_changed() -> None:
    records = [
        record("a", "1.0.0", "1.0.0"),
        *(record(f"n{number}", "1.1.0", "1.1.0", f"New {number}?") for number in range(5)),
        record("b", "1.0.0", "1.1.0", "What does `x_y` do?"),
        record("c", "1.0.0", "1.1.0", state=State.RETIRED),
        record("d", "1.0.0", "1.1.0", state=State.RETIRED),
    ]
    assert describe("Biology", Settings(version="1.1.0"), records) == (
        "**Biology 1.1.0**\n\n"
        "In this version: 5 new, 1 updated, 2 retired.\n\n"
        "- New: New 0? · New 1? · New 2? · and 2 more\n"
        "- Updated: What does \\`x\\_y\\` do?\n\n"
        "Retired cards stay until you delete them. Search for them: Key:c OR Key:d\n\n"
        "Found an error? Please report it where you got this deck."
    )


def test_many_retired_cards_are_left_to_the_release_notes() -> None:
    records = [
        record("a", "1.0.0", "1.0.0"),
        *(record(f"r{n}", "1.0.0", "2.0.0", state=State.RETIRED) for n in range(11)),
    ]
    assert "Key:" not in changes_of("2.0.0", records)
    assert "The release notes say how to find them." in changes_of("2.0.0", records)


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("plain", "plain"),
        ("a  b\nc", "a b c"),
        ("*x* <b> & [y](z)", "\\*x\\* \\<b\\> &amp; \\[y\\](z)"),
        ("1. x", "1\\. x"),
        ("+ x", "\\+ x"),
        ("@octocat", "&#64;octocat"),
    ],
)
def test_plain_text_as_markdown(text: str, markdown: str) -> None:
    assert plain_markdown(text) == markdown
