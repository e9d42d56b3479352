"""The walk that finds sources means what pathlib's `glob` means, in a time that patterns cannot
multiply.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.cli.main import run
from ankipress.project import source_patterns
from ankipress.project.door import Found, entries_in
from ankipress.project.location import UsageError, relative
from ankipress.project.source_patterns import sources_of

POSIX = pytest.mark.skipif(os.name == "nt", reason="links of POSIX: NOT tested")
_OF_TOOLS = {"__pycache__", "node_modules", "site-packages"}


def globbed(root: Path, patterns: Sequence[str]) -> list[str]:
    """The sources as pathlib finds them, pattern by pattern."""
    wanted: set[Path] = set()
    for pattern in patterns:
        found = _matched(root, pattern.removeprefix("!"))
        wanted = wanted - found if pattern.startswith("!") else wanted | found
    return sorted(relative(path, root) for path in wanted)


def _matched(root: Path, pattern: str) -> set[Path]:
    found = _files(root, root.glob(pattern), pattern)
    name = PurePosixPath(pattern).name
    is_exact = not any(each in name for each in "*?[")
    if not name.lower().endswith(".md") or (is_exact and found):
        return found
    others = root.glob(f"{pattern[:-3]}.[mM]*")
    markdown = [path for path in others if path.suffix.lower() in {".md", ".markdown"}]
    return found | _files(root, markdown, pattern)


def _files(root: Path, paths: Iterable[Path], pattern: str) -> set[Path]:
    named = PurePosixPath(pattern).parts
    return {path for path in paths if not _is_unnamed(path, root, named) and path.is_file()}


def _is_unnamed(path: Path, root: Path, named: Sequence[str]) -> bool:
    for part in path.relative_to(root).parts:
        if part.startswith("."):
            dotted = [each for each in named if each.startswith(".")]
            if not any(fnmatchcase(part, each) for each in dotted):
                return True
        elif part in _OF_TOOLS and part not in named:
            return True
    return False


names = st.sampled_from(
    ["a", "b", "ab", "x.md", "y.MD", "z.markdown", ".h", ".h.md", "n.txt", "node_modules", "[q].md"]
)
files = st.lists(st.lists(names, min_size=1, max_size=4), max_size=12)
parts = st.sampled_from(
    ["**", "*", "a", "b", "a*", "?", "[ab]", "[!a]*", ".*", ".h", "node_modules", "*b", "x.md"]
)
lasts = st.sampled_from(
    [
        "*.md",
        "x.md",
        "*.MD",
        "*.markdown",
        "*",
        "[xy].md",
        "n.txt",
        ".*.md",
        "y.md",
        "a",
        "[[]q].md",
    ]
)
patterns = st.builds(
    lambda exclusion, folders, last: f"{exclusion}{'/'.join([*folders, last])}",
    st.sampled_from(["", "", "", "!"]),
    st.lists(parts, max_size=4),
    lasts,
)


@given(files, st.lists(patterns, min_size=1, max_size=4), st.lists(names, max_size=2))
def test_the_walk_finds_what_glob_finds(
    tmp_path_factory: pytest.TempPathFactory,
    files: list[list[str]],
    patterns: list[str],
    links: list[str],
) -> None:
    root = tmp_path_factory.mktemp("tree")
    try:
        _plant(root, files, links)
        expected = globbed(root, patterns)
        assert [relative(path, root) for path in sources_of(root, patterns)] == sorted(expected)
    finally:
        shutil.rmtree(root)


def _plant(root: Path, files: Iterable[Sequence[str]], links: Iterable[str]) -> None:
    """Create some files; where a file stands in the way of a folder, it is left out. A link leads
    to a folder beside all of them.
    """
    for path in files:
        file = root.joinpath(*path)
        above = [each for each in file.parents if each.is_relative_to(root)]
        if not file.exists() and not any(each.is_file() for each in above):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("", encoding="utf-8")
    if os.name == "nt":
        return
    for name in links:
        if not os.path.lexists(root / name) and (root / "a").is_dir():
            (root / name).symlink_to("a")


@POSIX
def test_a_folder_is_found_through_each_link_that_stays_inside(tmp_path: Path) -> None:
    (tmp_path / "cards" / "a").mkdir(parents=True)
    (tmp_path / "cards" / "a" / "x.md").write_text("", encoding="utf-8")
    (tmp_path / "cards" / "b").symlink_to("a")
    found = [relative(path, tmp_path) for path in sources_of(tmp_path, ["cards/*/*.md"])]
    assert found == ["cards/a/x.md", "cards/b/x.md"]
    found = [relative(path, tmp_path) for path in sources_of(tmp_path, ["cards/**/*.md"])]
    assert found == ["cards/a/x.md"]


@POSIX
@pytest.mark.parametrize("target", ["x" * 300, "missing", "bad.md", "/root/x"])
def test_a_link_to_nothing_is_reported_and_hides_no_other_file(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cards").mkdir()
    for name in ("a", "c"):
        (tmp_path / "cards" / f"{name}.md").write_text("## Q {foo=1}\n\nA\n", encoding="utf-8")
    (tmp_path / "cards" / "bad.md").symlink_to(target)
    monkeypatch.chdir(tmp_path)
    assert run(["build"]) == 1
    said = capsys.readouterr().err
    assert "cards/bad.md: error[cannot-read]" in said
    assert "cards/a.md:1:7: error[unknown-attribute]" in said
    assert "cards/c.md:1:7: error[unknown-attribute]" in said


def _folders(root: Path, number: int) -> None:
    for index in range(number):
        folder = root / f"d{index}" / "inner"
        folder.mkdir(parents=True)
        (folder / "x.md").write_text("", encoding="utf-8")


def _nested(root: Path, depth: int) -> None:
    folder = root
    for _ in range(depth):
        folder /= "d"
        folder.mkdir()
        (folder / "x.md").write_text("", encoding="utf-8")


@pytest.mark.parametrize(
    "patterns",
    [
        pytest.param(["**/" * 7 + "*.md"], id="any folder, repeated"),
        pytest.param(["**/" * 30 + "*.md"], id="any folder, often repeated"),
        pytest.param(["**/*/" * 12 + "*.md"], id="any folder and some folder, in turns"),
        pytest.param(["**/d/" * 12 + "**/*.md"], id="any folder and a name, in turns"),
        pytest.param(["**/*d*/" * 12 + "x.md"], id="any folder and a pattern, in turns"),
        pytest.param([f"**/{index}*.md" for index in range(500)], id="many patterns"),
        pytest.param(["**/*.md", "!**/*.md"] * 500, id="the same patterns again and again"),
        pytest.param(["**/" + "*a" * 100 + ".md"], id="many stars in a name"),
    ],
)
def test_no_folder_is_looked_into_twice(
    patterns: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pathlib takes minutes for some of them: it looks into a folder once for each way there."""
    _nested(tmp_path, 40)
    _folders(tmp_path, 60)
    folders = _listed(monkeypatch)
    sources_of(tmp_path, patterns)
    assert len(folders) == len(set(folders)) == 1 + 40 + 2 * 60


def _listed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders that a walk lists, in order."""
    folders = []

    def entries(folder: Path) -> Iterator[Found]:
        folders.append(folder)
        return entries_in(folder)

    monkeypatch.setattr(source_patterns, "entries_in", entries)
    return folders


@POSIX
@pytest.mark.parametrize(
    "links",
    [
        pytest.param({f"l{index}": "." for index in range(10)}, id="to the folder itself"),
        pytest.param({"a/l": "../b", "b/l": "../a", "a/m": "../b", "b/m": "../a"}, id="crosswise"),
    ],
)
def test_links_in_circles_end(
    links: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, target in links.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).symlink_to(target)
    (tmp_path / "x.md").write_text("", encoding="utf-8")
    folders = _listed(monkeypatch)
    with suppress(UsageError):
        sources_of(tmp_path, ["*/" * 30 + "*.md", "**/*.md"])
    assert len(folders) < 1100


@POSIX
def test_too_many_links_are_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "links").mkdir()
    for index in range(1001):
        (tmp_path / "links" / f"l{index}").symlink_to("../a")
    (tmp_path / "ankipress.toml").write_text('sources = ["links/*/*.md"]\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["build"]) == 2
    assert "the sources lead through more than 1000 links" in capsys.readouterr().err


@POSIX
@pytest.mark.parametrize("pattern", ["away/*.md", "*/*.md", "*/**/*.md", "away/x.md"])
def test_a_folder_outside_is_reported_and_not_looked_into(
    pattern: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x.md").write_text("## Q\n\nsecret\n", encoding="utf-8")
    deck = tmp_path / "deck"
    deck.mkdir()
    (deck / "away").symlink_to(tmp_path / "outside")
    (deck / "ankipress.toml").write_text(f'sources = ["{pattern}"]\n', encoding="utf-8")
    monkeypatch.chdir(deck)
    assert run(["build"]) == 1
    said = capsys.readouterr().err
    assert "away: error[cannot-read]: this link leads out of the project" in said
    assert "x.md" not in said.replace(pattern, "")


@POSIX
def test_a_folder_outside_may_be_excluded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "outside").mkdir()
    deck = tmp_path / "deck"
    (deck / "a").mkdir(parents=True)
    (deck / "a" / "x.md").write_text("## Q\n\na\n", encoding="utf-8")
    (deck / "away").symlink_to(tmp_path / "outside")
    settings = 'sources = ["*/*.md", "!away/*.md"]\n'
    (deck / "ankipress.toml").write_text(settings, encoding="utf-8")
    monkeypatch.chdir(deck)
    assert run(["build"]) == 0


@pytest.mark.parametrize(
    "setting",
    [f"sources = {['a.md'] * 1001}", f'sources = ["{"a/" * 32}x.md"]'],
    ids=["many patterns", "a long pattern"],
)
def test_patterns_are_limited(
    setting: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "ankipress.toml").write_text(f"{setting}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["build"]) == 1
    assert "ankipress.toml:1:1: error[bad-settings]" in capsys.readouterr().err
