"""The pages for authors and developers tell the truth: commands, options, settings, examples, links
and pictures.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from os import environ
from pathlib import Path

import click
import pytest

from ankipress.cli import main
from ankipress.model import KINDS
from ankipress.parse.attribute_tokens import KEYS
from ankipress.parse.cut_parts import FIELD_HEADINGS
from ankipress.parse.shapes.shapes import SHAPES
from ankipress.project.settings import Settings, parse_settings
from ankipress.syntax.media_endings import ENDINGS
from pages import DOCS, ROOT, Block, blocks, read_page, sections

PAGES = sorted(
    path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("*.md"), *DOCS.rglob("*.md"))
)
MEDIA = ("media/heart.svg", "media/heart-dark.svg", "media/first-sound.mp3", "media/valve.mp4")
"""The files that examples in docs/cards.md refer to."""


# README.md


def test_readme_lists_commands() -> None:
    """The table of commands in the README is what `ankipress --help` shows, in its order."""
    rows = re.findall(
        r"^\| \[`ankipress ([a-z]+)`\]\([^)]+\) \| (.+) \|$", read_page("README.md"), re.MULTILINE
    )
    assert dict(rows) == dict(main.COMMANDS)
    assert [name for name, _ in rows] == list(main.COMMANDS)


def test_readme_sets_up_with_two_commands() -> None:
    [setup] = [block.content for block in blocks(read_page("README.md")) if "make" in block.content]
    assert setup == "make deck\nmake test\n"


def test_readme_shows_a_card_in_light_and_dark() -> None:
    page = read_page("README.md")
    assert [
        name for name in ("card-light.png", "card-dark.png") if f'"docs/images/{name}"' not in page
    ] == []


def test_the_pictures_of_cards_are_small_and_all_of_them_are_shown() -> None:
    pictures = sorted((DOCS / "images").iterdir())
    pages = ("README.md", "docs/cards.md", "docs/importing-decks.md", "docs/preview.md")
    shown = {Path(link).name for page in pages for link in links(page) if "images/" in link}
    assert {picture.name for picture in pictures} == shown
    assert [
        picture.name for picture in pictures if not 1000 < picture.stat().st_size < 60_000
    ] == []
    assert sum(picture.stat().st_size for picture in pictures) < 750_000


@pytest.mark.parametrize("script", ["draw_cards.py", "draw_import.py"])
def test_without_chromium_no_picture_is_drawn_and_that_is_said(script: str, tmp_path: Path) -> None:
    pictures = {path: path.read_bytes() for path in (DOCS / "images").iterdir()}
    command = [sys.executable, str(ROOT / "scripts" / script)]
    done = subprocess.run(
        command, env={**environ, "PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "NO PICTURE WAS DRAWN" in done.stderr
    assert {path: path.read_bytes() for path in (DOCS / "images").iterdir()} == pictures


def test_readme_shows_a_card_of_the_first_deck() -> None:
    [card] = [
        block.content for block in blocks(read_page("README.md")) if block.language == "markdown"
    ]
    assert card in read_page("cards.md"), "this card was edited: let README.md show it as it is now"


# docs/cards.md

CARD_EXAMPLES = [
    block for block in blocks(read_page("docs/cards.md")) if block.language == "markdown"
]
CARD_FILES = {
    named[1]: block
    for block in blocks(read_page("docs/cards.md"))
    if block.language != "markdown"
    and (named := re.fullmatch(r"`(notetypes/[^`]+)`:", block.before))
}
"""What stands beside the examples: the note type of one of them."""


def _medium(name: str) -> bytes:
    """A file of this name that may be packed: a drawing, or no known kind of sound or video."""
    if name.endswith(".svg"):
        return f'<svg xmlns="http://www.w3.org/2000/svg"><desc>{name}</desc></svg>'.encode()
    return b"\0" + name.encode()


@pytest.mark.parametrize("example", CARD_EXAMPLES, ids=lambda block: f"line {block.line}")
def test_every_example_of_cards_builds_without_a_diagnostic(
    example: Block,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "media").mkdir()
    for name in MEDIA:
        (tmp_path / name).write_bytes(_medium(name))
    for name, block in CARD_FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(block.content, encoding="utf-8")
    (tmp_path / "cards.md").write_text(example.content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert (main.run(["build"]), capsys.readouterr().err) == (0, "")


OBSIDIAN_EXAMPLES = [
    block for block in blocks(read_page("docs/obsidian.md")) if block.language == "markdown"
]


@pytest.mark.parametrize("example", OBSIDIAN_EXAMPLES, ids=lambda block: f"line {block.line}")
def test_every_example_of_obsidian_builds_without_a_diagnostic(
    example: Block,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "ankipress.toml").write_text('dialect = "obsidian"\n', encoding="utf-8")
    (tmp_path / "cards.md").write_text(example.content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert (main.run(["build"]), capsys.readouterr().err) == (0, "")


def test_every_picture_of_cards_stands_below_an_example_and_says_what_it_shows() -> None:
    """scripts/draw_cards.py photographs the example above it."""
    page = read_page("docs/cards.md")
    below = re.findall(
        r"^`{3,}\n\n!\[[^\]]{20,}\]\((images/[a-z0-9-]+\.png)\)$", page, re.MULTILINE
    )
    assert below == [link for link in links("docs/cards.md") if link.startswith("images/")]


@pytest.mark.parametrize("shape", SHAPES)
def test_cards_shows_each_shape_by_an_example_and_a_picture(shape: str) -> None:
    page = read_page("docs/cards.md")
    [section] = [each for each in sections(page) if each.title == "Shapes"]
    examples = [each for each in section.blocks if f"shape: {shape}\n" in each.content]
    assert len(examples) == 1
    shown = f"{examples[0].content}```\n\n!["
    _, _, below = page.partition(shown)
    assert re.match(rf"[^\]]+\]\(images/shape-{shape}\.png\)$", below, re.MULTILINE)
    assert f"| [`{shape}`](#{shape}) |" in page


def test_cards_has_no_block_that_is_not_an_example() -> None:
    others = [block for block in blocks(read_page("docs/cards.md")) if block not in CARD_EXAMPLES]
    assert others == list(CARD_FILES.values())


def test_cards_names_every_attribute_kind_field_and_ending() -> None:
    page = read_page("docs/cards.md")
    table = "\n".join(line for line in page.split("\n") if line.startswith("| `"))
    assert [key for key in KEYS if f"`{key}" not in table] == []
    assert [kind for kind in KINDS if f"`kind={kind}`" not in table] == []
    assert [name for name in FIELD_HEADINGS.values() if f"`{name}`" not in page] == []
    listed = re.search(
        r"^- Pictures: (.+?)\.\s+Sound: (.+?)\.\s+Video: (.+?)\.$", page, re.MULTILINE | re.DOTALL
    )
    assert listed
    assert {ending for group in listed.groups() for ending in re.findall(r"\w+", group)} == ENDINGS


# docs/settings.md

SETTINGS = {section.title: section for section in sections(read_page("docs/settings.md"))}
DERIVED: Mapping[str, str] = {
    "name": "the name of the folder.",
    "uid": "made from the name and the first deck, and kept in the lock from the first build on.",
}
"""Settings whose default is no value: parse_settings is given the one of `name`, and identity makes
the uid.
"""


def test_every_setting_has_a_section_in_the_order_of_the_code() -> None:
    assert list(SETTINGS) == [each.name for each in fields(Settings)]


@pytest.mark.parametrize("key", [each.name for each in fields(Settings)])
def test_a_setting_states_its_default(key: str) -> None:
    stated = re.search(r"^Default: (.+)$", SETTINGS[key].prose, re.MULTILINE)
    assert stated
    if key in DERIVED:
        assert stated[1] == DERIVED[key]
    else:
        default = getattr(Settings(), key)
        value = tomllib.loads(f"value = {stated[1].strip('`')}")["value"]
        assert value == (list(default) if isinstance(default, tuple) else default)


@pytest.mark.parametrize("key", [each.name for each in fields(Settings)])
def test_the_example_of_a_setting_is_valid_and_sets_it(key: str) -> None:
    [example] = SETTINGS[key].blocks
    settings, problems = parse_settings(example.content, "ankipress.toml", name="folder")
    assert problems == ()
    assert getattr(settings, key) != getattr(Settings(name="folder"), key)
    assert list(tomllib.loads(example.content)) == [key]


def test_the_example_of_all_settings_is_valid() -> None:
    first = blocks(read_page("docs/settings.md"))[0]
    assert parse_settings(first.content, "ankipress.toml", name="folder")[1] == ()


# docs/commands.md

COMMANDS = {
    section.title.removeprefix("ankipress "): section
    for section in sections(read_page("docs/commands.md"))
}


def options(command: click.Command) -> Iterator[str]:
    """The long names of the options of a command."""
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            yield max(parameter.opts, key=len)


def test_every_command_has_a_section_in_the_order_of_the_help() -> None:
    assert [name for name in COMMANDS if name in main.COMMANDS] == list(main.COMMANDS)


@pytest.mark.parametrize("name", main.COMMANDS)
def test_the_section_of_a_command_has_its_usage_and_all_its_options(name: str) -> None:
    command = main.group.get_command(click.Context(main.group), name)
    assert command is not None
    section = COMMANDS[name]
    assert section.blocks[0].content.startswith(f"ankipress {name} ")
    listed = re.findall(r"^- .*?`(--[a-z-]+)", section.prose, re.MULTILINE)
    assert sorted(listed) == sorted(options(command))
    for option in options(command):
        short = {"--output": "-o"}.get(option, option)
        assert f"[{short}" in section.blocks[0].content


def test_the_options_of_ankipress_itself_are_listed() -> None:
    listed = re.findall(r"`(--[a-z-]+)`", COMMANDS["Options of ankipress itself"].prose)
    assert sorted(listed) == sorted([*options(main.group), "--help"])


def test_the_keys_of_the_json_listing_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.md").write_text("## Question\n\nAnswer\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main.run(["list", "--format", "json", "notes.md"]) == 0
    [note] = json.loads(capsys.readouterr().out)
    item = COMMANDS["list"].prose.partition("`--format json`")[2]
    assert [
        key for key in re.findall(r"`([a-z_]+)`", item) if key not in {"new", "active", "retired"}
    ] == list(note)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_line_for_completion_is_answered(shell: str) -> None:
    """The line on the page sets `_ANKIPRESS_COMPLETE`, for which ankipress prints what the shell is
    to run.
    """
    [line] = [
        block.content for block in COMMANDS["Shell completion"].blocks if block.language == shell
    ]
    assert f"_ANKIPRESS_COMPLETE={shell}_source ankipress" in line
    # The version of bash is asked for first, and there may be none.
    variables = {
        "_ANKIPRESS_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": "ankipress b",
        "COMP_CWORD": "1",
    }
    if shell == "fish":
        variables["COMP_CWORD"] = "b"
    done = subprocess.run(
        [sys.executable, "-m", "ankipress"],
        env={**environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "build" in done.stdout
    assert "check" not in done.stdout


# Every page


def anchors(page: Path) -> set[str]:
    """What a link can point to in a page, by GitHub's rule for headings."""
    headings = re.findall(r"^#{1,6} (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings
    }


def links(page: str) -> Iterator[str]:
    """The targets of a page's links and pictures, code aside."""
    text = read_page(page)
    for block in blocks(text):
        text = text.replace(block.content, "")
    text = re.sub(r"`[^`\n]+`", "``", text)
    yield from re.findall(r"\]\(([^)\s]+)\)", text)
    yield from re.findall(r"<img[^>]* src=\"([^\"]+)\"", text)
    yield from re.findall(r"<source[^>]* srcset=\"([^\"]+)\"", text)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    broken = []
    for link in links(page):
        if link.startswith(("https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_no_path_of_a_machine(page: str) -> None:
    assert re.findall(r"(?:/(?:home|Users|work|tmp)/|[A-Z]:\\)\S*", read_page(page)) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_target_of_make_that_a_page_names_is_there(page: str) -> None:
    targets = set(
        re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", read_page(page), re.MULTILINE))
    assert named - targets == set()
