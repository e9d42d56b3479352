"""Every card of the showcase, front and back, in the pages of Anki's apps: on phones and a desktop,
light and dark.
"""

from __future__ import annotations

import re

import pytest

pytest.importorskip(
    "playwright.sync_api",
    reason="NO CARD WAS LOOKED AT IN A BROWSER: pip install playwright, as requirements-dev.lock "
    "does",
)
pytest.importorskip(
    "anki.collection",
    reason="NO CARD WAS LOOKED AT IN A BROWSER: pip install anki, as requirements-dev.lock does",
)

from anki_cards import SIDES, Cards
from lookout import FRAMES, Sight


def formulas(html: str) -> int:
    """How many formulas MathJax should find: it leaves out code and styles."""
    text = re.sub(r"(?s)<(style|pre|code)\b.*?</\1>", "", html)
    return len(re.findall(r"\\\(.+?\\\)|\\\[.+?\\\]", text, re.DOTALL))


def test_every_side_was_seen_in_every_frame(sight: Sight, showcase: Cards) -> None:
    assert len(sight.facts) == len(showcase.cards) * len(SIDES) * len(FRAMES)
    assert [
        facts.place for facts in sight.facts if not facts.text.strip() or not facts.measured
    ] == []


def test_no_card_scrolls_sideways(sight: Sight) -> None:
    assert sight.problems(lambda facts: facts.sideways) == []


def test_nothing_sticks_out_of_the_page(sight: Sight) -> None:
    assert sight.problems(lambda facts: facts.clipped) == []


def test_masks_lie_on_their_picture(sight: Sight, showcase: Cards) -> None:
    assert [card.name for card in showcase.cards if "image-occlusion-canvas" in card.front]
    assert sight.problems(lambda facts: facts.astray) == []


def test_every_text_can_be_read(sight: Sight) -> None:
    assert sight.problems(lambda facts: facts.illegible) == []


def test_no_card_asks_any_host(sight: Sight) -> None:
    assert sight.site.elsewhere == []


def test_every_file_that_a_card_asks_for_is_there(sight: Sight) -> None:
    assert sight.site.missing == []


def test_no_card_makes_the_console_complain(sight: Sight) -> None:
    assert sight.site.errors == []


def test_mathjax_draws_every_formula(sight: Sight) -> None:
    drawn = [facts for facts in sight.facts if formulas(facts.card.side(facts.side))]
    assert drawn, "the showcase has mathematics"
    assert [
        facts.place
        for facts in sight.facts
        if facts.formulas != formulas(facts.card.side(facts.side))
    ] == []
    assert sight.problems(lambda facts: facts.formula_errors) == []
