"""The story of docs/live.md, in Anki's real engine: what it shows is what is printed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from ankipress.cli.main import run
from both_sides import Both

PAGE = Path(__file__).parents[2] / "docs" / "live.md"
BLOCK = re.compile(r"^```(markdown|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EDITED = "three ventricles", "two ventricles"
WRITTEN = "lungs.", "lungs. The left side sends it to the body."


def test_the_story_of_the_page_is_what_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    (_, card), (_, pulled), (_, pushed) = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    both = Both(tmp_path, monkeypatch)
    both.build({"cards.md": card})
    with both.user() as user:
        note = user.notes()[user.guid("Which chambers")]
        back = str(note.fields["Back"])
        assert EDITED[0] in back
        user.edit("Which chambers", Back=back.replace(*EDITED))
    both.replace(*WRITTEN)
    capsys.readouterr()
    both.pull("--yes")
    assert _said(capsys) == _shown(pulled)
    assert both.text() == card.replace(*EDITED).replace(*WRITTEN)
    assert run(["push", str(both.collection), "--yes"]) == 0
    assert _said(capsys)[: len(_shown(pushed))] == _shown(pushed)


def _shown(block: str) -> list[str]:
    """The lines of a block that stay the same in every Anki, and where nobody is asked."""
    lines = [line.rstrip() for line in block.splitlines()]
    return [line for line in lines[2:] if not line.endswith("[y/N]: y")]


def _said(capsys: Any) -> list[str]:
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()[1:]]
