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
        ("@octocat", "&#64;&#8203;octocat"),
        ("a @ b", "a @ b"),
    ],
)
def test_plain_text_as_markdown(text: str, markdown: str) -> None:
    assert plain_markdown(text) == markdown


def test_a_description_has_what_the_settings_say() -> None:
    settings = Settings(version="2.0.0", description="All *cells*.", report_url="https://e.org/x")
    assert describe("Bio", settings, []) == (
        "**Bio 2.0.0**\n\nAll *cells*.\n\nFound an error? Please report it: <https://e.org/x>"
    )


OLD = record("z", "1.0.0", "1.0.0")


@pytest.mark.parametrize(
    ("records", "counts"),
    [
        pytest.param([record("a", "1.0.0", "1.1.0")], "1 updated.", id="updated"),
        pytest.param([record("a", "1.1.0", "1.1.0")], "1 new.", id="new is not updated"),
        pytest.param(
            [record("a", "1.0.0", "1.1.0"), record("b", "0.9.0", "1.0.5")],
            "1 updated.",
            id="an earlier update",
        ),
        pytest.param(
            [record("a", "1.0.0", "1.1.0", state=State.RETIRED), record("b", "1.1.0", "1.1.0")],
            "1 new, 1 retired.",
            id="retired is not updated",
        ),
        pytest.param(
            [record("a", "1.1.0", "1.1.0", state=State.RETIRED)],
            "1 retired.",
            id="retired is not new",
        ),
    ],
)
def test_what_counts_as_what(records: list[Record], counts: str) -> None:
    shown = changes_of("1.1.0", [OLD, *records])
    assert shown.startswith(f"In this version: {counts}")


@pytest.mark.parametrize(
    ("number", "end"),
    [
        (1, "- New: Q0?"),
        (3, "- New: Q0? · Q1? · Q2?"),
        (4, "- New: Q0? · Q1? · Q2? · and 1 more"),
    ],
)
def test_three_questions_are_shown(number: int, end: str) -> None:
    several = [record(f"n{each}", "1.1.0", "1.1.0", f"Q{each}?") for each in range(number)]
    assert changes_of("1.1.0", [OLD, *reversed(several)]) == (
        f"In this version: {number} new.\n\n{end}"
    )


def test_questions_stand_in_the_order_of_files_then_of_questions() -> None:
    several = [
        replace(record("a", "1.1.0", "1.1.0", "A?"), path="z.md"),
        replace(record("b", "1.1.0", "1.1.0", "C?"), path="a.md"),
        replace(record("c", "1.1.0", "1.1.0", "B?"), path="a.md"),
    ]
    assert "- New: B? · C? · A?" in changes_of("1.1.0", [OLD, *several])


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        pytest.param("x" * 70, "x" * 70, id="as long as fits"),
        pytest.param("x" * 71, "x" * 69 + "…", id="one more"),
        pytest.param("a \n b", "a b", id="on one line"),
    ],
)
def test_a_long_question_is_cut(question: str, shown: str) -> None:
    changes = changes_of("1.1.0", [OLD, record("n", "1.1.0", "1.1.0", question)])
    assert changes.endswith(f"\n- New: {shown}")


def test_ten_retired_cards_are_named_and_nothing_else_is_listed() -> None:
    gone = [record(f"r{n}", "1.0.0", "2.0.0", state=State.RETIRED) for n in range(10)]
    keys = " OR ".join(f"Key:r{n}" for n in range(10))
    assert changes_of("2.0.0", [OLD, *gone]) == (
        "In this version: 10 retired.\n\n"
        f"Retired cards stay until you delete them. Search for them: {keys}"
    )
    more = [*gone, record("r10", "1.0.0", "2.0.0", state=State.RETIRED)]
    assert changes_of("2.0.0", [OLD, *more]).endswith(
        "\n\nRetired cards stay until you delete them. The release notes say how to find them."
    )


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("12) x", "12\\) x"),
        ("x 1. y", "x 1. y"),
        ("x + y", "x + y"),
        ("a|b~c$d#e!f-g", "a\\|b\\~c\\$d\\#e\\!f\\-g"),
        ("`a_b`", "\\`a\\_b\\`"),
        ("\\", "\\\\"),
        ("  a\u00a0 b ", "a b"),
    ],
)
def test_more_plain_text_as_markdown(text: str, markdown: str) -> None:
    assert plain_markdown(text) == markdown
