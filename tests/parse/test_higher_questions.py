"""Questions above the level of cards, whose answers would be on no card."""

from __future__ import annotations

import pytest

from ankipress.model import Source
from ankipress.project.settings import Settings
from parsing import parse

CARD = "### What is a tensor?\n\nAn array.\n\n"
ANSWER = "A number.\n\n"


def lines(text: str) -> list[int]:
    """The lines of the problems."""
    found = parse([Source("cards.md", text)], Settings(card_level=3)).diagnostics
    return [each.location.line for each in found if each.code == "higher-question"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"# What is it?\n\n{ANSWER}{CARD}", id="the title"),
        pytest.param(f"# D\n\n## What is it?\n\n{ANSWER}## E\n\n{CARD}", id="above the first card"),
        pytest.param(f"{CARD}## What is it?\n\n{ANSWER}{CARD}", id="a section with an opening"),
        pytest.param(f"{CARD}# What?\n\n{ANSWER}## Part\n\n{CARD}", id="a part with sections"),
        pytest.param(f"{CARD}## Losses\n\n{ANSWER}", id="no question"),
        pytest.param(f"{CARD}## What is it?\n\n## Next\n\n{CARD}", id="no text"),
        pytest.param(f"{CARD}## What is it?\n\n<!-- later -->\n", id="a comment"),
        pytest.param(f"{CARD}```\n## What is it?\n\nx\n```\n", id="in code"),
        pytest.param(f"{CARD}> ## What is it?\n>\n> x\n", id="in a quote"),
        pytest.param(f"{CARD}<details>\n\n## Why?\n\nSo.\n\n</details>\n", id="in details"),
        pytest.param(f"{CARD}#### Why?\n\nSo.\n", id="below the level of cards"),
    ],
)
def test_nothing_is_lost(text: str) -> None:
    assert lines(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"{CARD}## What is it?\n\n{ANSWER}", [5], id="at the end"),
        pytest.param(f"{CARD}## What is it?\n{ANSWER}## A\n\n{CARD}", [5], id="between cards"),
        pytest.param(f"{CARD}# What is it?\n\n{ANSWER}## B?\n\n{ANSWER}", [5, 9], id="two levels"),
        pytest.param(f"{CARD}什么？\n---\n\n{ANSWER}", [5], id="underlined, another mark"),
        pytest.param(f"{CARD}## **What is it?** {{.tag}}\n\n{ANSWER}", [5], id="bold, with a tag"),
        pytest.param(f"{CARD}## Why?\n\n#### Because\n\nSo.\n", [5], id="text below a deeper one"),
        pytest.param(f"{CARD}## Why?\n\nx\n\n#### Because\n\nSo.\n", [5], id="a deeper one in it"),
    ],
)
def test_what_would_be_on_no_card_is_an_error(text: str, expected: list[int]) -> None:
    assert lines(text) == expected
