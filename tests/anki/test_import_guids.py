"""Learners of a package that another tool made of an author's Markdown: ankipress updates their
notes, and none comes twice.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ankipress.cli.main import run
from author import DAY
from foreign_tool import MADE, guid_of, save_package
from learner import Learner

NOTES = """\
---
tags: [bio]
---
# Biology

## What is a **cell**?

The smallest unit of *life*.

## What does DNA store?

- genes
- more

## Where is RNA made?

In the nucleus of a cell.

## What is new?

This one.
"""
SAME = ("What is a <strong>cell</strong>?", "<p>The smallest unit of <em>life</em>.</p>")
LIST = ("What does DNA store?", "<ul>\n<li>genes</li>\n<li>more</li>\n</ul>")
EDITED = ("Where is RNA made?", "<p>In the nucleus.</p>")
GONE = ("Who discovered penicillin?", "<p>Alexander Fleming.</p>")


def test_learners_get_what_is_edited_and_new_and_keep_their_reviews(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = save_package(tmp_path / "old.apkg", (SAME, LIST, EDITED, GONE))
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "bio.md").write_text(NOTES)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(MADE + 10 * DAY))
    call = ["import", str(notes), "--guids-from", str(old), "--shape", "headings:2", "--yes"]
    assert run(call) == 0
    assert run(["build", str(notes)]) == 0
    [built] = (notes / "build").glob("*.apkg")
    with Learner(tmp_path / "learner") as learner:
        assert len(learner.import_package(old).new) == 4
        for question, _ in (SAME, LIST, EDITED, GONE):
            learner.answer(guid_of(question))
        before = learner.snapshot()
        log = learner.import_package(built)
        after = learner.snapshot()
        fields = learner.notes()[guid_of(EDITED[0])].fields
    assert log.updated == (guid_of(EDITED[0]),)
    assert len(log.new) == 1
    assert log.conflicting == ()
    assert {key: after[key] for key in before} == before
    assert len(after) == len(before) + 1
    assert fields["Answer"] == "<p>In the nucleus of a cell.</p>"
