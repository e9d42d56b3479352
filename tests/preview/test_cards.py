"""Every card of the showcase, front and back, as the real Anki renders it: the same text, to the
character.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from learner import Learner  # isort: skip  (it skips where there is no Anki)
from ankipress.build.pipeline import Compiled, compile_deck, make_package
from ankipress.preview.preview_cards import PreviewCard, preview_cards
from ankipress.project.reading import read_workspace
from pages import ROOT


def compiled(folder: Path) -> Compiled:
    return compile_deck(read_workspace([folder]).project, time=1)


@pytest.mark.parametrize("folder", ["examples", "."], ids=["showcase", "first deck"])
def test_every_card_is_shown_as_by_anki(folder: str, tmp_path: Path) -> None:
    result = compiled(ROOT / folder)
    (tmp_path / "deck.apkg").write_bytes(make_package(result.package))
    with Learner(tmp_path / "collection") as learner:
        learner.import_package(tmp_path / "deck.apkg")
        expected = learner.shown()
        order = learner.new_cards()
    cards = preview_cards(result)
    assert len(cards) > 10
    assert {(card.guid, card.ord): (card.front, card.back) for card in cards} == {
        key: (shown.question, shown.answer) for key, shown in expected.items()
    }
    assert [(card.guid, card.ord) for card in cards] == order


def card(folder: Path, text: str, ord: int = 0) -> PreviewCard:
    (folder / "cards.md").write_text(text, encoding="utf-8")
    return preview_cards(compiled(folder))[ord]


def test_a_card_knows_where_it_comes_from(tmp_path: Path) -> None:
    seen = card(tmp_path, "# Deck\n\n### x\n\n## What is it? {.tag}\n\nThis.\n")
    assert (seen.deck, seen.path, seen.line, seen.tags, seen.name) == (
        "Deck",
        "cards.md",
        5,
        ("tag",),
        "Card 1",
    )
    assert (seen.kind, seen.note_type, seen.question, seen.typed) == (
        "basic",
        "basic",
        "What is it?",
        "",
    )


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        pytest.param("## Q\n\nanswer\n", "", id="nothing is typed"),
        pytest.param("## Q {typed}\n\n*Wien* & more\n", "Wien & more", id="the answer"),
        pytest.param('## Q {typed="a < b"}\n\nx\n', "a < b", id="other text"),
    ],
)
def test_a_card_knows_what_must_be_typed(tmp_path: Path, text: str, typed: str) -> None:
    assert card(tmp_path, text).typed == typed
