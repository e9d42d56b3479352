"""The showcase, examples/, built without a diagnostic and imported: Anki shows all of it, and finds
nothing to complain of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from learner import Learner  # isort: skip  (it skips where there is no Anki)
from anki_cards import compile_project
from ankipress.build.pipeline import make_package
from pages import ROOT


@pytest.fixture(scope="module")
def learner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Learner]:
    package, diagnostics = compile_project(ROOT / "examples")
    assert diagnostics == ()
    folder = tmp_path_factory.mktemp("showcase")
    (folder / "showcase.apkg").write_bytes(make_package(package))
    with Learner(folder / "collection") as learner:
        log = learner.import_package(folder / "showcase.apkg")
        assert len(log.new) == len(package.notes)
        yield learner


def test_anki_shows_every_side_without_an_error(learner: Learner) -> None:
    assert learner.template_errors() == []


def test_no_side_has_a_field_or_a_deletion_that_was_not_replaced(learner: Learner) -> None:
    faults = re.compile(r"\{\{|invalid|unknown field", re.IGNORECASE)
    left = []
    for key, shown in learner.shown().items():
        for side, html in (("front", shown.question), ("back", shown.answer)):
            text = re.sub(r"(?s)<(code|pre)\b.*?</\1>", "", html)
            left += [f"{key} {side}: {found[0]}" for found in faults.finditer(text)]
    assert left == []


def test_anki_misses_no_media_and_finds_none_unused(learner: Learner) -> None:
    assert learner.complaints() == []


def test_anki_finds_nothing_to_rewrite(learner: Learner) -> None:
    before = learner.notes()
    learner.save_all()
    after = learner.notes()
    assert {guid: (note.fields, note.ords) for guid, note in after.items()} == {
        guid: (note.fields, note.ords) for guid, note in before.items()
    }
