"""Which files are sources: those that the patterns mean, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankipress.project.location import relative
from ankipress.project.media_files import DiskMedia
from ankipress.project.settings import Settings
from ankipress.project.source_patterns import sources_of

CARD = "## Q\n\na\n"


def found(folder: Path, files: list[str], *patterns: str) -> list[str]:
    """The sources among some files."""
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(CARD, encoding="utf-8")
    return [relative(path, folder) for path in sources_of(folder, patterns or Settings().sources)]


@pytest.mark.parametrize(
    "file",
    [
        "cards/.hidden.md",
        "cards/._x.md",
        "cards/.trash/x.md",
        "cards/.obsidian/x.md",
        "cards/.git/x.md",
        "cards/a/.ipynb_checkpoints/x.md",
        "cards/node_modules/a/README.md",
        "cards/site-packages/x.md",
        "cards/a/__pycache__/x.md",
        "cards/x.txt",
        "cards/x.mdx",
        "cards/x.md.bak",
        "cards/md",
        "other.md",
        "Cards.md",
    ],
)
def test_what_the_patterns_do_not_mean(file: str, tmp_path: Path) -> None:
    assert found(tmp_path, ["cards/a.md", file]) == ["cards/a.md"]


@pytest.mark.parametrize(
    "file",
    ["cards.md", "cards/b.MD", "cards/c.markdown", "cards/d.Markdown", "cards/größe/e.Md"],
)
def test_what_they_mean(file: str, tmp_path: Path) -> None:
    assert found(tmp_path, ["cards/a.md", file]) == sorted(["cards/a.md", file])


@pytest.mark.parametrize(
    ("pattern", "files", "expected"),
    [
        (".notes/*.md", [".notes/a.md", ".notes/.b.md"], [".notes/a.md"]),
        (".*/*.md", [".notes/a.md", "b/c.md"], [".notes/a.md"]),
        (".notes/.b.md", [".notes/.b.md"], [".notes/.b.md"]),
        ("node_modules/*.md", ["node_modules/a.md"], ["node_modules/a.md"]),
        ("**/*.md", ["a.md", "b/.c/d.md", "b/e.MD"], ["a.md", "b/e.MD"]),
        ("*.markdown", ["a.md", "b.markdown"], ["b.markdown"]),
        ("*.txt", ["a.txt", "a.md"], ["a.txt"]),
        ("deck.md", ["deck.md", "deck.markdown", "deck.MD"], ["deck.md"]),
        ("deck.md", ["deck.markdown"], ["deck.markdown"]),
        ("chapter-[12].md", ["chapter-1.MD", "chapter-3.md"], ["chapter-1.MD"]),
    ],
)
def test_patterns(pattern: str, files: list[str], expected: list[str], tmp_path: Path) -> None:
    assert found(tmp_path, files, pattern) == expected


def test_an_exclusion_means_all_endings_too(tmp_path: Path) -> None:
    files = ["a.md", "drafts/b.md", "drafts/c.markdown", "drafts/d.MD"]
    assert found(tmp_path, files, "**/*.md", "!drafts/*.md") == ["a.md"]


def test_a_project_may_lie_in_a_hidden_folder(tmp_path: Path) -> None:
    assert found(tmp_path / ".decks" / "node_modules", ["cards.md"]) == ["cards.md"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.png", "a.png"),
        ("..a.png", "..a.png"),
        ("../deck/a.png", "a.png"),
        ("../deck/res/ä.png", "res/ä.png"),
        ("../../above/deck/res/a.png", "res/a.png"),
        ("../deck/../deck/a.png", "a.png"),
        ("../deck", None),
        ("../decks/a.png", None),
        ("../a.png", None),
        ("../../deck/a.png", None),
        ("..", None),
        ("../../../../../../../../../../etc/passwd", None),
    ],
)
def test_a_path_may_lead_out_of_the_project_and_back(
    path: str, expected: str | None, tmp_path: Path
) -> None:
    root = tmp_path / "above" / "deck"
    root.mkdir(parents=True)
    assert DiskMedia(root).inside(path) == expected


def test_pictures_in_hidden_folders_are_suggested_to_nobody(tmp_path: Path) -> None:
    for name in ("a.png", ".trash/a.png", "b/.obsidian/c.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert list(DiskMedia(tmp_path).names()) == ["a.png"]
    assert DiskMedia(tmp_path).has(".trash/a.png")
