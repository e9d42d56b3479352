"""A build says once which decks were renamed, and what Anki makes of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ankipress.cli.main import run


def cards(*words: str) -> str:
    return "".join(f"## What is {word}?\n\nIt is called {word}.\n\n" for word in words)


FIRST = {"cards/a.md": f"# Plants\n\n{cards('moss', 'fern')}"}
SECTIONS = 'sections = "subdeck"\ncard_level = 3\n'
NESTED = "# Plants\n\n## Old\n\n### Moss?\n\nSmall.\n\n## New\n\n### Rose?\n\nRed.\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, files: dict[str, str], settings: str = "") -> None:
    for path in folder.rglob("*.md"):
        path.unlink()
    files = {**files, "ankipress.toml": f'name = "deck"\n{settings}'}
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def said(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, int, str]]:
    """The file, the line and the message of each renamed deck, up to the colon."""
    capsys.readouterr()
    run(["check", "--format", "json", "--select", "deck-renamed"])
    return [
        (each["path"], each["line"], each["message"].partition(":")[0])
        for each in json.loads(capsys.readouterr().out.replace("::", "/"))
    ]


RENAMED = 'the deck "Plants" is now "Botany"'


@pytest.mark.parametrize(
    ("files", "settings", "expected"),
    [
        ((FIRST, FIRST), ("", ""), []),
        # An edited card, another file, a deck that only got cards: no deck is gone.
        ((FIRST, {"cards/b.md": FIRST["cards/a.md"]}), ("", ""), []),
        (
            (
                FIRST,
                {
                    "cards/a.md": f"# Plants\n\n{cards('moss')}",
                    "cards/b.md": f"# Trees\n\n{cards('fern')}",
                },
            ),
            ("", ""),
            [],
        ),
        # Anki compares names without case.
        ((FIRST, {"cards/a.md": f"# PLANTS\n\n{cards('moss', 'fern')}"}), ("", ""), []),
        # A heading, front matter, the name of a file.
        (
            (FIRST, {"cards/a.md": f"# Botany\n\n{cards('moss', 'fern')}"}),
            ("", ""),
            [("cards/a.md", 1, RENAMED)],
        ),
        (
            (FIRST, {"cards/a.md": f"---\ndeck: Botany\n---\n# Plants\n\n{cards('moss', 'fern')}"}),
            ("", ""),
            [("cards/a.md", 2, RENAMED)],
        ),
        (
            (
                {"cards/Plants.md": cards("moss", "fern")},
                {"cards/Botany.md": cards("moss", "fern")},
            ),
            ("", ""),
            [("cards/Botany.md", 0, RENAMED)],
        ),
        # Two files of one deck, and a deck that is cut into two: one message.
        (
            (
                {f"cards/{each}.md": f"# Plants\n\n{cards(each)}" for each in ("moss", "fern")},
                {f"cards/{each}.md": f"# Botany\n\n{cards(each)}" for each in ("moss", "fern")},
            ),
            ("", ""),
            [("cards/fern.md", 1, RENAMED)],
        ),
        (
            (
                {"cards/a.md": f"# Plants\n\n{cards('moss', 'fern', 'rose')}"},
                {
                    "cards/a.md": f"# Trees\n\n{cards('moss')}",
                    "cards/b.md": f"# Botany\n\n{cards('fern', 'rose')}",
                },
            ),
            ("", ""),
            [("cards/b.md", 1, RENAMED)],
        ),
        # Decks below a deck that was renamed are not named again.
        (
            ({"cards/a.md": NESTED}, {"cards/a.md": NESTED.replace("Plants", "Botany")}),
            (SECTIONS, SECTIONS),
            [("cards/a.md", 3, RENAMED)],
        ),
        (
            ({"cards/a.md": NESTED}, {"cards/a.md": NESTED.replace("Old", "Ancient")}),
            (SECTIONS, SECTIONS),
            [("cards/a.md", 3, 'the deck "Plants/Old" is now "Plants/Ancient"')],
        ),
        # All decks are put below another, and taken out of it.
        (
            (
                {**FIRST, "cards/b.md": f"# Trees\n\n{cards('oak')}"},
                {**FIRST, "cards/b.md": f"# Trees\n\n{cards('oak')}"},
            ),
            ("", 'deck_prefix = "Life"'),
            [("cards/a.md", 1, 'the decks are below "Life" now')],
        ),
        (
            (FIRST, FIRST),
            ('deck_prefix = "Life"', ""),
            [("cards/a.md", 1, 'the decks are no longer below "Life"')],
        ),
    ],
)
def test_each_deck_that_was_renamed_is_named(
    files: tuple[dict[str, str], dict[str, str]],
    settings: tuple[str, str],
    expected: list[tuple[str, int, str]],
    here: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(here, files[0], settings[0])
    assert run(["build"]) == 0
    assert "deck-renamed" not in capsys.readouterr().err
    write(here, files[1], settings[1])
    assert said(capsys) == expected
    assert run(["build"]) == 0
    assert capsys.readouterr().err.count("deck-renamed]") == len(expected)
    assert run(["build"]) == 0
    assert "deck-renamed" not in capsys.readouterr().err, "a build says it once"


def test_it_says_where_cards_stay_and_where_they_come(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, FIRST)
    assert run(["build"]) == 0
    write(here, {"cards/a.md": f"# Botany\n\n{cards('moss', 'fern', 'oak')}"})
    capsys.readouterr()
    run(["check", "--format", "json", "--select", "deck-renamed"])
    [problem] = json.loads(capsys.readouterr().out)
    assert problem["severity"] == "warning"
    assert problem["message"].endswith(
        'learners keep the cards that they have in "Plants" (2 notes),'
        ' and new cards come into "Botany"'
    )
    assert 'rename "Plants" to "Botany" in Anki before they import' in problem["help"]
