"""`ankipress init`: a deck that builds at once, and never touches what is there."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ankipress.cli import found_notes, init_command
from ankipress.cli.main import INTERRUPTED, run
from ankipress.project.atomic import write_files
from ankipress.project.github import action_of_origin
from author import files_of
from cut_off import cut_off_after

WRITTEN = {"ankipress.toml", "cards.md", ".gitignore", ".gitattributes", "Makefile"}


def test_a_new_deck_builds_without_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", str(tmp_path / "Mein Deck")]) == 0
    monkeypatch.chdir(tmp_path / "Mein Deck")
    assert files_of(Path()).keys() == WRITTEN
    capsys.readouterr()
    assert run(["build"]) == 0
    output = capsys.readouterr()
    assert output.out.startswith(
        "Mein-Deck 1.0.0: 4 notes (4 new, 0 changed, 0 retired), 0 media, "
        "build/Mein-Deck-1.0.0.apkg"
    )
    assert output.err == ""


def test_two_decks_of_one_name_have_different_identities(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        assert run(["init", str(tmp_path / folder / "deck")]) == 0
    settings = [
        (tmp_path / folder / "deck" / "ankipress.toml").read_text(encoding="utf-8")
        for folder in ("one", "two")
    ]
    assert settings[0] != settings[1]


def test_a_file_that_is_there_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "cards.md").write_text("mine", encoding="utf-8")
    assert run(["init", str(tmp_path)]) == 0
    assert (tmp_path / "cards.md").read_text(encoding="utf-8") == "mine"
    assert "kept " in capsys.readouterr().out


def test_a_project_is_not_started_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ankipress.toml").write_text("", encoding="utf-8")
    assert run(["init", str(tmp_path)]) == 1
    assert "is an ankipress project already" in capsys.readouterr().err
    assert files_of(tmp_path).keys() == {"ankipress.toml"}


@pytest.mark.parametrize("number", range(len(WRITTEN)))
def test_a_start_that_was_cut_off_is_completed(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cut_off_after(number, monkeypatch):
        assert run(["init", str(tmp_path)]) == INTERRUPTED
    assert run(["init", str(tmp_path)]) == 0
    assert files_of(tmp_path).keys() == WRITTEN


def test_one_of_two_starts_at_once_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second one has seen an empty folder too, and would give the deck another uid."""

    def second(*arguments: Any, **options: Any) -> None:
        monkeypatch.setattr(init_command, "write_files", write_files)
        assert run(["init", str(tmp_path)]) == 0
        write_files(*arguments, **options)

    monkeypatch.setattr(init_command, "write_files", second)
    assert run(["init", str(tmp_path)]) == 1
    assert "something else changed it meanwhile: run the command again" in capsys.readouterr().err


def test_a_file_in_place_of_the_folder_is_an_error_of_usage(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert run(["init", str(tmp_path / "file")]) == 2


# --github

ACTION = "owner/ankipress@v1.0.0"
WORKFLOWS = {
    f".github/workflows/{name}" for name in ("deck.yml", "deck-comment.yml", "deck-pages.yml")
}


def test_workflows_are_written_where_they_are_asked_for(tmp_path: Path) -> None:
    assert run(["init", str(tmp_path), "--github", "--action", ACTION]) == 0
    assert files_of(tmp_path).keys() == WRITTEN | WORKFLOWS
    text = (tmp_path / ".github/workflows/deck.yml").read_text(encoding="utf-8")
    assert text.count(f"      - uses: {ACTION}\n") == 3
    assert not re.search(r"\$(?!\{\{)", text), "nothing is left to be filled in"


def test_a_deck_that_is_there_gets_the_workflows_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ankipress.toml").write_text(
        'name = "bio"\nrelease_tag = "{name}+{version}"\n', encoding="utf-8"
    )
    assert run(["init", str(tmp_path), "--github", "--action", ACTION]) == 0
    assert files_of(tmp_path).keys() == {"ankipress.toml"} | WORKFLOWS
    workflow = yaml.safe_load((tmp_path / ".github/workflows/deck.yml").read_text(encoding="utf-8"))
    assert workflow[True]["push"]["tags"] == ["bio\\+*"], (
        "the tags of this deck, their signs as they are"
    )
    assert "Next:" not in capsys.readouterr().out


def test_a_deck_in_a_folder_of_a_repository_has_workflows_of_its_own_at_the_top(
    tmp_path: Path,
) -> None:
    (tmp_path / ".git").mkdir()
    assert (
        run(["init", str(tmp_path / "decks" / "my biology"), "--github", "--action", ACTION]) == 0
    )
    written = {path.name for path in (tmp_path / ".github/workflows").iterdir()}
    assert written == {f"deck-my-biology{end}.yml" for end in ("", "-comment", "-pages")}
    workflow = yaml.safe_load(
        (tmp_path / ".github/workflows/deck-my-biology.yml").read_text(encoding="utf-8")
    )
    assert {job["steps"][-1]["with"]["path"] for job in workflow["jobs"].values()} == {
        "decks/my biology"
    }


@pytest.mark.parametrize(
    "action",
    [
        "ankipress",
        "owner/ankipress",
        "owner/ankipress@",
        "owner/ankipress@v1 # x",
        "../x@y\nrun: z",
    ],
)
def test_what_is_no_action_is_refused(
    tmp_path: Path, action: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", str(tmp_path / "deck"), "--github", "--action", action]) == 2
    assert "--action takes OWNER/REPO@REF" in capsys.readouterr().err
    assert files_of(tmp_path).keys() == set()


def test_where_ankipress_came_from_must_be_said_where_pip_does_not_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(init_command, "action_of_installation", lambda: None)
    assert run(["init", str(tmp_path / "deck"), "--github"]) == 2
    assert (
        "say where ankipress is kept on GitHub, such as --action owner/ankipress@v1.0.0"
        in capsys.readouterr().err
    )
    assert files_of(tmp_path).keys() == set()


COMMIT = "0123456789" * 4


@pytest.mark.parametrize(
    ("url", "vcs", "action"),
    [
        pytest.param("file:///home/me/ankipress", {}, None, id="a folder"),
        pytest.param("https://example.org/ankipress-0.1.0.tar.gz", {}, None, id="an archive"),
        pytest.param(
            "https://github.com/owner/ankipress/archive/main.zip",
            {},
            None,
            id="an archive of GitHub",
        ),
        pytest.param(
            "https://gitlab.com/owner/ankipress", {"commit_id": COMMIT}, None, id="another host"
        ),
        pytest.param(
            "https://github.com.example.org/owner/ankipress",
            {"commit_id": COMMIT},
            None,
            id="a host that looks alike",
        ),
        pytest.param(
            "https://github.com/owner/ankipress",
            {"commit_id": COMMIT},
            f"owner/ankipress@{COMMIT}",
            id="https",
        ),
        pytest.param(
            "ssh://git@github.com/owner/my.ankipress.git",
            {"commit_id": COMMIT},
            f"owner/my.ankipress@{COMMIT}",
            id="ssh",
        ),
    ],
)
def test_the_action_is_the_commit_that_pip_installed(
    url: str, vcs: dict[str, str], action: str | None
) -> None:
    assert (
        action_of_origin({"url": url, **({"vcs_info": {"vcs": "git", **vcs}} if vcs else {})})
        == action
    )


# Folders with notes


def _numbered(count: int = 12, answer: str = "   It is {}.") -> str:
    cards = (f"{each}. What is {each}?\n\n{answer.format(each)}\n" for each in range(1, count + 1))
    return "# Numbers\n\n" + "\n".join(cards)


def _init(*arguments: str) -> int:
    return run(["init", *arguments])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "notes").mkdir()
    monkeypatch.chdir(tmp_path / "notes")
    return tmp_path / "notes"


def test_notes_become_a_deck_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "numbers.md").write_text(_numbered(), encoding="utf-8")
    assert _init("--yes") == 0
    shown = capsys.readouterr().out
    assert shown.startswith("1 file, numbered lists · 12 cards\n")
    assert "  Q What is 1?\n  A It is 1.\n" in shown
    assert "notes 1.0.0: 12 notes (12 new, 0 changed, 0 retired)" in shown
    written = set(files_of(folder)) - {"numbers.md"}
    assert {name for name in written if not name.startswith("build/")} == {
        "ankipress.toml",
        "ankipress.lock",
    }
    settings = (folder / "ankipress.toml").read_text(encoding="utf-8")
    assert 'sources = ["numbers.md"]\nshape = "numbered"\n' in settings


def test_nothing_is_written_where_nobody_agreed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "numbers.md").write_text(_numbered(), encoding="utf-8")
    assert _init() == 1
    assert "`--yes` agrees to it" in capsys.readouterr().err
    assert set(files_of(folder)) == {"numbers.md"}


TOPICS = "".join(f"## Topic {each}\n\nA text.\n\n" for each in range(12))


@pytest.mark.parametrize(
    "text",
    [TOPICS, _numbered() + "".join(f"\n## What is {each}?\n\nIt.\n" for each in range(20, 33))],
    ids=["headings that ask nothing", "two shapes"],
)
def test_what_is_not_sure_is_a_proposal_that_yes_does_not_take(
    text: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "notes.md").write_text(text, encoding="utf-8")
    assert _init("--yes") == 1
    said = capsys.readouterr()
    assert "error[unclear-shape]" in said.err
    assert "--shape headings:2" in said.err
    assert set(files_of(folder)) == {"notes.md"}


def test_a_shape_that_is_named_is_not_doubted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "notes.md").write_text(TOPICS, encoding="utf-8")
    assert _init("--shape", "headings:2") == 0
    assert "12 notes (12 new" in capsys.readouterr().out
    assert "shape" not in (folder / "ankipress.toml").read_text(encoding="utf-8")


def test_a_shape_that_is_named_and_not_there_is_an_error(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "notes.md").write_text(TOPICS, encoding="utf-8")
    assert _init("--shape", "prefix") == 1
    assert "hold no cards as lines with Q: and A:" in capsys.readouterr().err


def test_translations_readmes_and_copies_are_left_out(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("en", "fr"):
        (folder / name).mkdir()
        text = "".join(f"### What is {each} ({name})?\n\nIt.\n\n" for each in range(12))
        (folder / name / "cards.md").write_text(text, encoding="utf-8")
    english = (folder / "en" / "cards.md").read_text(encoding="utf-8")
    (folder / "copy.md").write_text(english, encoding="utf-8")
    (folder / "README.md").write_text(f"# All\n\n{english}", encoding="utf-8")
    assert _init("--yes") == 0
    shown = capsys.readouterr().out
    assert "12 notes (12 new" in shown
    assert "3 files that are copies or translations" in shown


def test_a_folder_of_texts_without_questions_gets_no_example_cards(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "essay.md").write_text("# Essay\n\nOnly text.\n", encoding="utf-8")
    assert _init() == 1
    assert "nothing in them looks like questions" in capsys.readouterr().err
    assert set(files_of(folder)) == {"essay.md"}


def test_a_folder_without_settings_says_what_its_notes_hold(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "numbers.md").write_text(_numbered(), encoding="utf-8")
    for command in ("build", "check"):
        assert run([command]) == 1
        said = "".join(capsys.readouterr())
        assert "help: 1 file, numbered lists · 12 cards" in said
        assert "`ankipress init` makes a deck of them" in said
        assert "What is 1?" not in said


def test_multiple_choice_is_a_kind_of_the_whole_deck(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = "   - A. one\n   - B. two\n\n   <details>\n\n   Answer: B\n\n   </details>"
    (folder / "exam.md").write_text(_numbered(answer=options), encoding="utf-8")
    assert _init("--yes") == 0
    assert 'with options: kind = "choice"' in capsys.readouterr().out
    assert 'kind = "choice"\n' in (folder / "ankipress.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    [
        *("a[b].md", "ü ber.md", "#x.md", "- y.md", "!a.md", "!!a.md", "*.md", "a\\b.md"),
        *("C: a.md", "\\a.md", "a\u3000b.md", "!x/a.md", "\u202ea.md"),
    ],
)
def test_a_name_with_odd_characters_is_a_source(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if os.name == "nt" and set(name) & set("*\\:"):
        pytest.skip("no name on Windows")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(_numbered(), encoding="utf-8")
    assert _init("--yes") == 0
    assert "12 notes (12 new" in capsys.readouterr().out


def test_a_vault_of_obsidian_is_read_as_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = folder / ".obsidian" / "plugins" / "obsidian-spaced-repetition" / "data.json"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"settings": {"singleLineCardSeparator": ";;"}}', encoding="utf-8")
    lines = "".join(f"What is [[{each}]];;It is {each}.\n\n" for each in range(12))
    (folder / "notes.md").write_text(f"#flashcards\n\n{lines}", encoding="utf-8")
    assert _init("--yes") == 0
    assert "12 notes (12 new" in capsys.readouterr().out
    written = (folder / "ankipress.toml").read_text(encoding="utf-8")
    assert 'shape = "inline"\ndialect = "obsidian"\n' in written


def _asking(topic: str, number: int = 12) -> str:
    cards = (f"## What is {topic} {each}?\n\nThe {topic} {each}.\n\n" for each in range(number))
    return "".join(cards)


def test_files_that_are_left_out_are_none_of_a_folder_that_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for topic in ("heraldry", "falconry", "joinery", "pottery", "bakery"):
        (folder / f"{topic}.md").write_text(_asking(topic), encoding="utf-8")
    changes = "## 1.0\n\nNew.\n\n## 0.9\n\nOld.\n"
    (folder / "CHANGELOG.md").write_text(changes, encoding="utf-8")
    (folder / "latin.md").write_bytes("## Wie heißt es?\n".encode("latin-1"))
    assert _init("--yes") == 0
    shown = capsys.readouterr().out
    assert "60 notes (60 new" in shown
    assert "left out: 1 file that cannot be read" in shown


def test_notebooks_beside_notes_are_sources(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for topic in ("heraldry", "falconry", "joinery", "pottery"):
        (folder / f"{topic}.md").write_text(_asking(topic), encoding="utf-8")
    cells = [{"cell_type": "markdown", "source": _asking("joust")}]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "joust.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    assert _init("--yes") == 0
    assert "60 notes (60 new" in capsys.readouterr().out


def test_a_folder_of_files_that_cannot_be_read_gets_no_example_cards(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "wide.md").write_text(_asking("joust"), encoding="utf-16")
    assert _init("--yes") == 1
    assert "1 file here" in capsys.readouterr().err
    assert set(files_of(folder)) == {"wide.md"}


@pytest.mark.parametrize("mark", ["\x7f", "\x1b[31m", "\u202e", "\U000e0041"])
def test_a_heading_of_answers_with_odd_characters_is_written_so_that_it_is_read(
    mark: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cards = _asking("heraldry", 20).replace(".\n\n", f".\n\n## Further{mark}texts\n\nA.\n\n")
    (folder / "cards.markdown").write_text(cards, encoding="utf-8")
    assert _init("--shape", "headings") == 0
    output = capsys.readouterr()
    assert mark not in output.out + output.err
    assert run(["config"]) == 0


def test_too_many_files_to_name_are_refused(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(found_notes, "MOST_PATTERNS", 3)
    for topic in ("heraldry", "falconry", "joinery", "pottery"):
        (folder / f"{topic}.md").write_text(_asking(topic), encoding="utf-8")
        (folder / f"no {topic}.md").write_text(f"About {topic}.\n", encoding="utf-8")
    assert _init("--yes") == 1
    assert "4 files with cards are mixed with as many others" in capsys.readouterr().err
    assert not (folder / "ankipress.toml").exists()
