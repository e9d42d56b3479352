"""docs/markdown.md is right: its examples build without a diagnostic, and look as on GitHub."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ankipress.cli.main import run
from ankipress.project.settings import parse_settings
from ankipress.render.allowed import ATTRIBUTES, STYLES, TAGS
from ankipress.render.extension_loading import load_extensions
from ankipress.syntax.schemes import SCHEMES
from author import picture
from bench_markdown import by_ankipress, by_github
from pages import Block, blocks, read_page, sections

PAGE = read_page("docs/markdown.md")
EXAMPLES = [block for block in blocks(PAGE) if block.language == "markdown"]
ALERT = re.compile(r"^> .*\n", re.MULTILINE)
"""cmark-gfm knows no alerts."""


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda block: f"line {block.line}")
def test_an_example_builds_without_a_diagnostic(
    example: Block,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "keys.png").write_bytes(picture(1))
    (tmp_path / "cards.md").write_text(example.content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert (run(["build"]), capsys.readouterr().err) == (0, "")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda block: f"line {block.line}")
def test_an_example_looks_as_on_github(example: Block) -> None:
    text = ALERT.sub("", example.content) if "[!" in example.content else example.content
    assert by_ankipress(text) == by_github(text)


def test_the_page_lists_what_is_kept() -> None:
    rows = dict(re.findall(r"^\| ([A-Z][\w ]+) \| (.+) \|$", PAGE, re.MULTILINE))
    headings = {f"h{level}" for level in range(1, 7)}
    assert set(re.findall(r"`(\w+)`", rows["Tags"])) | headings == TAGS
    assert set(re.findall(r"`(\w+)`", rows["Attributes of all tags"])) == ATTRIBUTES["*"]
    some = set().union(*(names for tag, names in ATTRIBUTES.items() if tag != "*"))
    assert set(re.findall(r"`([\w-]+)`", rows["Attributes of some"])) == some
    assert set(re.findall(r"`([\w-]+)`", rows["Styles"])) == STYLES
    assert set(re.findall(r"`(\w+):`", rows["Addresses"])) == SCHEMES


def test_the_extensions_of_the_example_load() -> None:
    [example] = [
        block for section in sections(PAGE) for block in section.blocks if block.language == "toml"
    ]
    settings, problems = parse_settings(example.content, "ankipress.toml", name="deck")
    assert problems == ()
    assert settings
    loaded = load_extensions(settings.extensions)
    assert (len(loaded.extensions), loaded.diagnostics) == (4, [])
