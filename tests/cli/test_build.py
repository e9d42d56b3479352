"""`ankipress build`, `check` and `list` as an author uses them."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from ankipress.cli.main import run
from ankipress.diagnostics import address
from author import files_of

CARDS = "# Deck\n\n## One?\n\n1\n\n## Two? {.t}\n\n2\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1760000000")
    return folder


def project(folder: Path, settings: str = "", **files: str) -> None:
    (folder / "ankipress.toml").write_text(
        f'name = "deck"\nversion = "1.0.0"\n{settings}', encoding="utf-8"
    )
    for name, text in files.items() or {"cards": CARDS}.items():
        path = folder / f"{name.replace('__', '/')}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, object]]:
    capsys.readouterr()
    assert run(["list", "--format", "json", *arguments]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert isinstance(rows, list)
    return rows


def test_a_build_says_what_it_made_in_one_line(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project(here)
    assert run(["build"]) == 0
    size = -(-(here / "build/deck-1.0.0.apkg").stat().st_size // 1000)
    assert capsys.readouterr() == (
        (
            f"deck 1.0.0: 2 notes (2 new, 0 changed, 0 retired), 0 media, build/deck-1.0.0.apkg "
            f"({size} kB)\n"
        ),
        "",
    )
    assert files_of(here).keys() == {
        "ankipress.toml",
        "cards.md",
        "ankipress.lock",
        "build/deck-1.0.0.apkg",
    }


def test_a_second_build_changes_nothing(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project(here)
    assert run(["build"]) == 0
    before = files_of(here)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    capsys.readouterr()
    assert run(["build"]) == 0
    assert "2 notes (0 new, 0 changed, 0 retired)" in capsys.readouterr().out
    assert files_of(here) == before


def test_an_edit_raises_the_mod_of_its_note_alone(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project(here)
    run(["build"])
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    project(here, cards=CARDS.replace("\n1\n", "\nuno\n"))
    assert run(["build"]) == 0
    assert {row["question"]: row["mod"] for row in listed(capsys)} == {
        "One?": 1790000000,
        "Two?": 1760000000,
    }


def test_a_clock_that_goes_back_never_lowers_a_mod(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project(here)
    run(["build"])
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "5")
    project(here, cards=CARDS.replace("\n1\n", "\nuno\n"))
    assert run(["build"]) == 0
    assert {row["question"]: row["mod"] for row in listed(capsys)} == {
        "One?": 1760000001,
        "Two?": 1760000000,
    }


def test_a_list_has_every_key(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project(here)
    run(["build"])
    rows = listed(capsys)
    keys = [
        "guid",
        "note_id",
        "id",
        "kind",
        "deck",
        "path",
        "line",
        "question",
        "was",
        "tags",
        "mod",
        "digest",
        "state",
    ]
    assert [list(row) for row in rows] == [keys, keys]
    assert [(row["question"], row["line"], row["tags"], row["state"]) for row in rows] == [
        ("One?", 3, [], "active"),
        ("Two?", 7, ["t"], "active"),
    ]


def test_retired_notes_are_listed_with_all(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project(here)
    run(["build"])
    project(here, cards=CARDS[: CARDS.index("## Two")])
    run(["build"])
    assert [row["question"] for row in listed(capsys)] == ["One?"]
    assert [(row["question"], row["state"], row["line"]) for row in listed(capsys, "--all")] == [
        ("One?", "active", 3),
        ("Two?", "retired", None),
    ]


def test_what_is_not_built_yet_is_listed_as_new_and_nothing_is_written(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project(here)
    assert {(row["state"], row["mod"]) for row in listed(capsys)} == {("new", None)}
    assert files_of(here).keys() == {"ankipress.toml", "cards.md"}


def test_an_error_writes_nothing_and_all_problems_are_shown(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project(
        here,
        cards="# Deck\n\n## What is a *tensor*?\n\n## 中文 {foo=1}\n\n![x](no.png)\n\n## What?\n\n"
        "```pyhton\nx\n```\n",
    )
    assert run(["build"]) == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert (
        output.err
        == """\
cards.md:3:1: warning[empty-answer]: this question has no answer, so its card is left out
  3 | ## What is a *tensor*?
    | ^^^^^^^^^^^^^^^^^^^^^^
  help: write the answer below it

cards.md:5:8: error[unknown-attribute]: there is no attribute "foo"
  5 | ## 中文 {foo=1}
    |          ^^^^^
  help: `ankipress explain bad-attribute` says what the braces of a heading may hold

cards.md:7:6: error[missing-media]: there is no file "no.png"
  7 | ![x](no.png)
    |      ^^^^^^
  help: references are relative to the file they stand in

cards.md:11:4: warning[unknown-language]: the language "pyhton" of this code is not known, \
so it is shown plain
  11 | ```pyhton
     |    ^^^^^^
  help: did you mean "python"? write `text` for code without colours

2 errors, 2 warnings
`ankipress explain CODE` says more, as does {address}
""".replace("{address}", address("CODE"))
    )
    assert files_of(here).keys() == {"ankipress.toml", "cards.md"}
    assert run(["check"]) == 1
    assert capsys.readouterr().out == output.err


def test_a_file_without_settings_is_built_alone(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = here.parent / "other"
    other.mkdir()
    (other / "My notes.md").write_text(CARDS, encoding="utf-8")
    (other / "more.md").write_text(CARDS, encoding="utf-8")
    project(here)
    assert run(["build", "../other/My notes.md"]) == 0
    assert "My-notes 0.1.0: 2 notes" in capsys.readouterr().out
    assert files_of(here).keys() == {"ankipress.toml", "cards.md", "build/My-notes-0.1.0.apkg"}
    assert files_of(other).keys() == {"My notes.md", "more.md", "My notes.ankipress.lock"}


def test_some_files_of_a_project_are_a_part_that_retires_nothing(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project(here, cards__a="## A?\n\na", cards__b="## B?\n\nb")
    run(["build"])
    before = (here / "ankipress.lock").read_bytes()
    capsys.readouterr()
    assert run(["build", "cards/a.md"]) == 0
    assert (
        "1 note (0 new, 0 changed, 0 retired), 0 media, build/deck-1.0.0-only-a.apkg"
        in capsys.readouterr().out
    )
    assert (here / "ankipress.lock").read_bytes() == before


def test_files_of_a_project_and_others_are_not_built_together(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On their own, cards of the project would get other guids than those that learners have."""
    project(here, cards=CARDS, other=CARDS)
    assert run(["build", "cards.md", "other.md"]) == 2
    assert "sources of the project ., but not other.md" in capsys.readouterr().err
    assert files_of(here).keys() == {"ankipress.toml", "cards.md", "other.md"}


def test_a_file_given_twice_is_built_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "notes.md").write_text(CARDS, encoding="utf-8")
    assert run(["build", "notes.md", "./notes.md"]) == 0
    assert capsys.readouterr().out.startswith("notes 0.1.0: 2 notes")


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"\xef\xbb\xbf", b"<<<<<<< a\n=======\n>>>>>>> b\n"]
)
def test_an_emptied_lock_is_an_error_and_not_a_new_beginning(
    content: bytes, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project(here)
    run(["build"])
    (here / "ankipress.lock").write_bytes(content)
    capsys.readouterr()
    assert run(["build"]) == 1
    assert "ankipress.lock: error[bad-lock]: the lock is empty" in capsys.readouterr().err
    assert (here / "ankipress.lock").read_bytes() == content


def test_two_files_never_share_a_lock(here: Path) -> None:
    """Their packages may have one name; what learners have of each is remembered apart."""
    for name in ("my notes.md", "my-notes.md", "a.txt", "a.md", "backup.md", "collection.md"):
        (here / name).write_text(CARDS.replace("One?", f"{name}?"), encoding="utf-8")
        assert run(["build", name]) == 0
    assert len([name for name in files_of(here) if name.endswith(".ankipress.lock")]) == 6
    assert all(
        run(["build", name, "--locked"]) == 0
        for name in ("my notes.md", "my-notes.md", "a.txt", "a.md")
    )


def test_settings_that_come_later_keep_the_identities(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "cards.md").write_text(CARDS, encoding="utf-8")
    assert run(["build"]) == 0
    before = [row["guid"] for row in listed(capsys)]
    assert run(["init"]) == 0
    assert run(["build"]) == 0
    assert [row["guid"] for row in listed(capsys)] == before


@pytest.mark.parametrize("patterns", ['["."]', '["**.md"]', '["*.md", "!."]'])
def test_patterns_that_mean_nothing_are_no_bug(patterns: str, here: Path) -> None:
    project(here, f"sources = {patterns}\n")
    assert run(["build"]) in {0, 1, 2}


def test_a_folder_is_a_project(here: Path) -> None:
    project(here / ".." / "here")
    os.chdir(here.parent)
    assert run(["build", "here"]) == 0
    assert "build/deck-1.0.0.apkg" in files_of(here)


def test_another_folder_for_the_package(here: Path) -> None:
    project(here)
    assert run(["build", "-o", "a/b"]) == 0
    assert "a/b/deck-1.0.0.apkg" in files_of(here)


def test_a_file_that_is_no_source_is_not_taken_for_one(here: Path) -> None:
    project(here)
    assert run(["build", "ankipress.toml"]) == 1
    assert files_of(here).keys() == {"ankipress.toml", "cards.md"}


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        pytest.param(
            lambda text: text.replace("\n1\n", "\nuno\n"),
            'One?" has changed since the lock was written',
            id="an edit",
        ),
        pytest.param(
            lambda text: text + "\n## Three?\n\n3\n", 'Three?" is not in the lock', id="a new card"
        ),
        pytest.param(
            lambda text: text[: text.index("## Two")],
            'Two?" is gone from the cards, and active in the lock',
            id="a card that went",
        ),
        pytest.param(
            lambda text: text.replace("# Deck", "# Decks"),
            'One?" stands elsewhere than the lock says',
            id="another deck",
        ),
    ],
)
def test_locked_refuses_to_change_the_lock(
    edit: object, message: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project(here)
    run(["build"])
    assert run(["build", "--locked"]) == 0
    before = files_of(here)
    project(here, cards=edit(CARDS))  # type: ignore[operator]
    capsys.readouterr()
    assert run(["build", "--locked"]) == 1
    assert message in capsys.readouterr().err
    del before["cards.md"]
    assert {name: (here / name).read_bytes() for name in before} == before


def test_without_a_lock_locked_says_what_is_missing(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project(here)
    assert run(["build", "--locked"]) == 1
    assert capsys.readouterr().err.count("is not in the lock") == 2
    assert files_of(here).keys() == {"ankipress.toml", "cards.md"}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('nmae = "x"', 'there is no setting "nmae"; did you mean "name"?'),
        ('tags = "x"', '"tags" must be a list of tags'),
        ("card_level = 7", '"card_level" must be a number from 1 to 6, or "auto", not 7'),
        ("card_level = true", '"card_level" must be a number from 1 to 6, or "auto", not True'),
        ('sources = ["../x.md"]', '"sources" must be a list of patterns inside the project'),
        ('output = "/tmp"', '"output" must be a folder inside the project'),
        ("tags = [", "this is not TOML"),
    ],
)
def test_settings_are_checked_with_their_place(
    settings: str, message: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project(here, settings)
    assert run(["build"]) == 1
    shown = capsys.readouterr().err
    assert message in shown
    assert shown.startswith("ankipress.toml:3:")
    assert "build" not in {name.split("/")[0] for name in files_of(here)}


@pytest.mark.parametrize("name", ["collection", "backup-1", "backup", "a/b", "con", "", "x."])
def test_a_name_that_anki_or_windows_takes_for_something_else_is_refused(
    name: str, here: Path
) -> None:
    (here / "cards.md").write_text(CARDS, encoding="utf-8")
    (here / "ankipress.toml").write_text(f"name = {json.dumps(name)}\n", encoding="utf-8")
    assert run(["build"]) == 1


@pytest.mark.parametrize("name", ["backup-of-mine", "collection", "con", "..."])
def test_a_file_of_such_a_name_gets_another(
    name: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / f"{name}.md").write_text(CARDS, encoding="utf-8")
    assert run(["build", f"{name}.md"]) == 0
    assert capsys.readouterr().out.startswith("cards 0.1.0: 2 notes")


def test_settings_in_pyproject(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "cards.md").write_text(CARDS, encoding="utf-8")
    (here / "pyproject.toml").write_text(
        '[project]\nversion = "9"\n[tool.ankipress]\nname = "mine"\n', encoding="utf-8"
    )
    (here / "deeper").mkdir()
    os.chdir(here / "deeper")
    assert run(["build"]) == 0
    assert "mine 0.1.0: 2 notes" in capsys.readouterr().out
    assert "build/mine-0.1.0.apkg" in files_of(here)


def test_an_empty_folder_says_what_to_do(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["build"]) == 1
    shown = capsys.readouterr().err
    assert "error[no-sources]" in shown
    assert "`ankipress init` starts a deck" in shown
    assert files_of(here).keys() == set()


def test_a_source_that_cannot_be_read_is_an_error(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project(here)
    (here / "cards.md").write_bytes(b"## A\n\n\xff\n")
    assert run(["build"]) == 1
    assert "cards.md:3:1: error[not-utf8]" in capsys.readouterr().err


@pytest.mark.skipif(
    sys.platform == "win32", reason="links need rights on Windows: NOT tested there"
)
def test_a_source_outside_the_project_is_refused(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project(here)
    (here.parent / "secret.md").write_text(CARDS, encoding="utf-8")
    (here / "cards.md").unlink()
    (here / "cards.md").symlink_to(here.parent / "secret.md")
    assert run(["build"]) == 1
    assert "this link leads out of the project" in capsys.readouterr().err


@pytest.mark.parametrize("epoch", ["x", "-1", "0", "9" * 20])
def test_a_wrong_epoch_is_an_error_of_usage(
    epoch: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(here)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert run(["build"]) == 2
    assert files_of(here).keys() == {"ankipress.toml", "cards.md"}


def test_where_the_package_cannot_be_written_the_lock_is_not_either(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project(here)
    (here / "build").write_text("a file", encoding="utf-8")
    assert run(["build"]) == 1
    assert "error[cannot-write]: cannot write build/deck-1.0.0.apkg: " in capsys.readouterr().err
    assert files_of(here).keys() == {"ankipress.toml", "cards.md", "build"}


def test_a_picture_that_is_defined_elsewhere_in_the_file_is_packed(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "p.png").write_bytes(b"\0p")
    (here / "cards.md").write_text(
        "## A ![x][p]\n\n[y][p]\n\n## B\n\nb\n\n[p]: p.png\n", encoding="utf-8"
    )
    assert run(["build", "cards.md"]) == 0
    assert "1 media" in capsys.readouterr().out
