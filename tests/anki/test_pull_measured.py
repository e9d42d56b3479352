"""Edits of every kind, made in the real Anki, come back into the sources of their cards.

`python scripts/measure_pull.py` makes thousands of them, also with Anki's own editor.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from anki_edits import EDITS, NO_EDITS
from measured_pull import MeasuredProject, MeasuredRound, Outcome
from pages import ROOT

EDITED = (ROOT / "tests" / "live" / "editor" / "cards.md").read_text("utf-8")


def generated(folder: Path) -> Path:
    """A file of cards in several styles, with the line ends of Windows."""
    text = EDITED.replace("# Cards", "# More cards")
    for old, new in (("* ", "+ "), ("**", "__"), ("~~~", "````"), ("1)", "1."), ("2)", "2.")):
        text = text.replace(old, new)
    file = folder / "styles.md"
    file.write_bytes(text.replace("3)", "3.").replace("\n", "\r\n").encode())
    return file


def assert_harmless(found: MeasuredRound) -> None:
    """Nothing is wrong, and nothing else changed: neither now nor after a build and an import."""
    wrong = [each.told() for each in found.judged if each.outcome is Outcome.WRONG]
    assert "\n".join(wrong) == ""
    assert [each.told() for each in found.judged if each.is_outside] == []
    assert list(found.others_changed) == []
    assert list(found.after_push) == []
    assert list(found.second_pull) == []


@pytest.fixture(scope="module", params=["cards.md", "examples", "styles"])
def project(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> MeasuredProject:
    """A project that is built and imported once; each test edits copies of it."""
    folder = tmp_path_factory.mktemp("measured")
    sources = {"cards.md": ROOT, "examples": ROOT / "examples"}
    source = sources.get(request.param) or generated(folder)
    return MeasuredProject(source, folder / "measured")


def test_edits_come_back(project: MeasuredProject) -> None:
    found = project.measure(EDITS, 25, Random(21), Counter())
    assert_harmless(found)
    # What a table of rows, a mask or a footnote cannot say is told, and stays in Anki.
    others = [each for each in found.judged if each.outcome is not Outcome.RIGHT]
    assert {each.outcome for each in others} <= {Outcome.UNWRITTEN}
    assert len(others) <= len(found.judged) / 5, [each.told() for each in others]


def test_what_an_editor_does_on_its_own_changes_nothing(project: MeasuredProject) -> None:
    found = project.measure(NO_EDITS, 25, Random(21), Counter())
    assert_harmless(found)
    assert [each.told() for each in found.judged if each.diff] == []
