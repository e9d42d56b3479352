"""`ankipress init`: a deck that builds at once, and never touches what is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ankipress.cli import init_command
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
