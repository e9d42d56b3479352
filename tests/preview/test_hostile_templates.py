"""Templates of a stranger's are rendered in no time, or say why not."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from ankipress.model import Field, NoteType, Template
from ankipress.package.card_generation import card_ords
from ankipress.preview.sounds import take_sounds
from ankipress.preview.templates import Filling, show_sides
from ankipress.preview.text import without_tags

WORDS = "word " * 20_000


def side(template: str, value: str = "x") -> str:
    return show_sides(template, "", Filling({"A": value}, 0, cloze=False)).front


def ords(front: str) -> tuple[int, ...]:
    fields = (Field("A", 1),)
    templates = (Template("T", 2, front, ""),)
    return card_ords(NoteType("t", 1, "T", fields, templates, ""), {"A": "x"})


TOO_MUCH = "It would show more than 2,000,000 characters"
TOO_DEEP = "More than 50 conditions stand in each other"


@pytest.mark.parametrize(
    ("template", "value", "shown"),
    [
        pytest.param("{{A}}" * 19, WORDS, WORDS * 19, id="much"),
        pytest.param("{{A}}" * 5_000, WORDS, TOO_MUCH, id="too much"),
        pytest.param("{{text:A}}" * 5_000, f"<b {WORDS}>", TOO_MUCH, id="nothing of too much"),
        pytest.param("{{furigana:kana:A}}" * 5_000, WORDS, TOO_MUCH, id="too much by filters"),
        pytest.param("{{#A}}" * 50 + "x{{A}}" + "{{/A}}" * 50, "y", "xy", id="deep"),
        pytest.param("{{#A}}" * 5_000 + "{{A}}" + "{{/A}}" * 5_000, "y", TOO_DEEP, id="too deep"),
    ],
)
def test_what_a_side_shows_at_most(template: str, value: str, shown: str) -> None:
    assert shown in side(template, value)


@pytest.mark.parametrize(
    "read",
    [
        pytest.param(lambda: side("{{A}}" + "{{" * 200_000), id="braces that never end"),
        pytest.param(lambda: side("{{A}}" + "<!--" * 200_000), id="comments that never end"),
        pytest.param(lambda: side("{{A}}" + "<!--{{" * 100_000), id="both"),
        pytest.param(lambda: ords("{{A}}" + "<!--" * 200_000), id="comments in a front"),
        pytest.param(lambda: ords("{{" + " " * 200_000), id="spaces in braces"),
        pytest.param(lambda: ords("{{^B}}" * 50_000 + "{{B}}" * 50_000), id="sections in a front"),
        pytest.param(lambda: side("{{furigana:A}}", "a" * 200_000 + "["), id="a long reading"),
        pytest.param(lambda: side("{{kana:A}}", "[" * 200_000), id="many readings"),
        pytest.param(lambda: without_tags("<!--x>" * 200_000), id="comments in a text"),
        pytest.param(lambda: without_tags("<style" * 200_000), id="style sheets in a text"),
        pytest.param(lambda: without_tags("<style>" * 200_000), id="style sheets without an end"),
        pytest.param(lambda: without_tags("<" * 200_000), id="tags that never end"),
        pytest.param(lambda: take_sounds("[sound:" * 100_000, "q"), id="sounds that never end"),
        pytest.param(lambda: take_sounds("[anki:tts" * 100_000, "q"), id="speech that never ends"),
        pytest.param(
            lambda: take_sounds("[/anki:tts]" + "[anki:tts]" * 100_000, "q"), id="speech reversed"
        ),
    ],
)
def test_what_never_ends_is_read_once(read: Callable[[], object]) -> None:
    """Where each opening is followed to the end of the text, these take minutes."""
    began = time.process_time()
    read()
    assert time.process_time() - began < 8
