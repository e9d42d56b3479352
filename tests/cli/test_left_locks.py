"""A file without settings is renamed, moved, split or put into a project: learners notice nothing,
and what is not clear is asked.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ankipress.cli.main import run
from ankipress.identity.lock import read_lock
from ankipress.preview.serve.session import PreviewSession
from author import files_of
from git_author import GitAuthor

QUESTIONS = {
    "What is a cell?": "The smallest unit of life.",
    "What does a ribosome do?": "It makes proteins.",
    "Where is DNA kept?": "In the nucleus.",
    "Which molecule carries oxygen?": "Haemoglobin.",
    "What do mitochondria make?": "The energy of a cell.",
    "Which plant cells open and close stomata?": "Guard cells.",
}
OTHERS = {
    "When did the Thirty Years' War begin?": "In 1618.",
    "Which peace ended it?": "That of Westphalia.",
    "Who was thrown out of a window in Prague?": "Two governors and a secretary.",
}


def text_of(cards: dict[str, str], title: str = "Biology") -> str:
    """A file with cards."""
    return f"# {title}\n\n" + "".join(f"## {key}\n\n{value}\n\n" for key, value in cards.items())


def part(start: int, stop: int) -> dict[str, str]:
    """Some of the cards."""
    return dict(list(QUESTIONS.items())[start:stop])


def write(path: str, cards: dict[str, str], title: str = "Biology") -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes(text_of(cards, title).encode())


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "work" / "here"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


Listing = Callable[..., dict[str, str]]


@pytest.fixture
def guids(capsys: pytest.CaptureFixture[str]) -> Listing:
    """The guids of the cards of some paths, by question, as `list` tells them."""

    def listed(*paths: str) -> dict[str, str]:
        capsys.readouterr()
        assert run(["list", *paths, "--format", "json"]) == 0
        rows = json.loads(capsys.readouterr().out)
        return {row["question"]: row["guid"] for row in rows if row["state"] == "active"}

    return listed


def locks(folder: Path) -> set[str]:
    return {name for name in files_of(folder) if name.endswith(".lock")}


def built(*words: str) -> None:
    assert run(["build", *words]) == 0


@pytest.mark.parametrize(
    ("name", "new"),
    [
        pytest.param("notes.md", "notes.md", id="nothing"),
        pytest.param("notes.md", "other.md", id="another name"),
        pytest.param("notes.md", "sub/notes.md", id="moved down"),
        pytest.param("sub/notes.md", "notes.md", id="moved up"),
        pytest.param("one/notes.md", "two/notes.md", id="moved aside"),
        pytest.param("notes.md", "a/b/c/other.md", id="moved far, another name"),
        pytest.param("notes.md", "Notes.md", id="another case"),
        pytest.param("Übung 1.md", "Ü/生物 [1].md", id="not ASCII"),
        pytest.param("notes.md", "notes.txt", id="another ending"),
        pytest.param("notes.md", "notes.ankipress.md", id="a name like that of a lock"),
    ],
)
def test_a_renamed_or_moved_file_keeps_its_cards(
    name: str, new: str, here: Path, guids: Listing, capsys: pytest.CaptureFixture[str]
) -> None:
    write(name, QUESTIONS)
    built(name)
    before = guids(name)
    Path(new).parent.mkdir(parents=True, exist_ok=True)
    Path(name).rename(new)
    unbuilt = files_of(here)
    assert guids(new) == before
    assert run(["check", new, "--ignore", "advice"]) == 0
    assert files_of(here) == unbuilt, "who only looks writes nothing"
    capsys.readouterr()
    built(new)
    output = capsys.readouterr()
    assert "(0 new, 0 changed, 0 retired)" in output.out
    assert ("adopted-lock" in output.err) == (new != name)
    expected = f"{new.removesuffix('.md')}.ankipress.lock"
    assert locks(here) == {expected}
    assert guids(new) == before
    built(new, "--locked")
    assert "adopted-lock" not in capsys.readouterr().err


def test_there_and_back_again(here: Path, guids: Listing) -> None:
    write("notes.md", QUESTIONS)
    built("notes.md")
    before = guids("notes.md")
    for old, new in (("notes.md", "other.md"), ("other.md", "notes.md")):
        Path(old).rename(new)
        built(new)
    assert guids("notes.md") == before
    assert locks(here) == {"notes.ankipress.lock"}


def test_a_file_that_is_built_in_its_new_folder(
    here: Path, guids: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("notes.md", QUESTIONS)
    built("notes.md")
    before = guids("notes.md")
    (here / "sub").mkdir()
    Path("notes.md").rename("sub/notes.md")
    (here / ".git").mkdir()
    monkeypatch.chdir(here / "sub")
    built("notes.md")
    assert guids("notes.md") == before
    assert locks(here) == {"sub/notes.ankipress.lock"}


def test_nothing_above_is_taken_over_without_a_repository(
    here: Path, guids: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("notes.md", QUESTIONS)
    built("notes.md")
    (here / "sub").mkdir()
    Path("notes.md").rename("sub/notes.md")
    monkeypatch.chdir(here / "sub")
    built("notes.md")
    assert locks(here) == {"notes.ankipress.lock", "sub/notes.ankipress.lock"}


@pytest.mark.parametrize(
    ("edit", "kept"),
    [
        pytest.param(lambda text: text.replace("\n", "\r\n"), 6, id="other line ends"),
        pytest.param(lambda text: text.replace("of life", "of all life"), 6, id="an answer"),
        pytest.param(lambda text: text.replace("What is a", "What's a"), 6, id="a question"),
        pytest.param(lambda text: text + text_of(OTHERS)[10:], 6, id="more cards"),
        pytest.param(lambda _: text_of(dict(reversed(QUESTIONS.items()))), 6, id="order"),
        pytest.param(lambda _: text_of(part(0, 4)), 4, id="fewer cards"),
        pytest.param(lambda text: text.replace("# Biology", "# Life"), 6, id="another title"),
    ],
)
@pytest.mark.parametrize("new", ["other.md", "sub/other.md"])
def test_renamed_and_edited(
    edit: Callable[[str], str], kept: int, new: str, here: Path, guids: Listing
) -> None:
    write("notes.md", QUESTIONS)
    built("notes.md")
    before = set(guids("notes.md").values())
    Path("sub").mkdir()
    Path("notes.md").unlink()
    Path(new).write_bytes(edit(text_of(QUESTIONS)).encode())
    built(new)
    assert len(before & set(guids(new).values())) == kept
    lock, _ = read_lock(Path(new.replace(".md", ".ankipress.lock")).read_text("utf-8"))
    assert before <= {each.guid for each in lock.records}


def asked(words: list[str], capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The names of the locks that a command asks about."""
    capsys.readouterr()
    assert run(words) == 1
    output = capsys.readouterr()
    lines = [*output.out.splitlines(), *output.err.splitlines()]
    assert {line.split("[")[1].split("]")[0] for line in lines if ": error[" in line} == {
        "unclear-lock"
    }
    return [line.split("--take-lock ")[1].split()[0] for line in lines if "--take-lock" in line]


def test_a_file_that_was_split_is_asked_about_once(
    here: Path, guids: Listing, capsys: pytest.CaptureFixture[str]
) -> None:
    write("notes.md", QUESTIONS)
    built("notes.md")
    before = guids("notes.md")
    Path("notes.md").unlink()
    write("a.md", part(0, 3), "Cells")
    write("b.md", part(3, 6), "Life")
    unbuilt = files_of(here)
    assert asked(["build", "a.md"], capsys) == ["notes.ankipress.lock"]
    assert files_of(here) == unbuilt
    built("a.md", "--take-lock", "notes.ankipress.lock")
    assert locks(here) == {"a.ankipress.lock", "notes.ankipress.lock"}
    built("b.md")  # all that is left is here, so that it is clear
    assert locks(here) == {"a.ankipress.lock", "b.ankipress.lock"}
    assert guids("a.md") | guids("b.md") == before


def test_a_part_of_a_file_that_is_still_there(
    here: Path, guids: Listing, capsys: pytest.CaptureFixture[str]
) -> None:
    write("notes.md", QUESTIONS)
    built("notes.md")
    before = guids("notes.md")
    write("notes.md", part(0, 3))
    write("b.md", part(3, 6))
    assert asked(["build", "b.md"], capsys) == ["notes.ankipress.lock"]
    built("b.md", "--take-lock", "notes.ankipress.lock")
    built("notes.md")
    capsys.readouterr()
    assert guids("notes.md") | guids("b.md") == before
    lock, _ = read_lock(Path("notes.ankipress.lock").read_text("utf-8"))
    assert len(lock.records) == 3, "what is in another lock is not retired here"
    write("notes.md", part(0, 3) | OTHERS)
    write("b.md", part(3, 6) | OTHERS)
    built("notes.md")
    built("b.md")
    assert not set(guids("notes.md").values()) & set(guids("b.md").values())


def test_a_part_whose_cards_were_retired_first(
    here: Path, guids: Listing, capsys: pytest.CaptureFixture[str]
) -> None:
    write("notes.md", QUESTIONS)
    built("notes.md")
    before = guids("notes.md")
    write("notes.md", part(0, 3))
    built("notes.md")
    write("b.md", part(3, 6))
    assert asked(["build", "b.md"], capsys) == ["notes.ankipress.lock"]
    built("b.md", "--take-lock", "notes.ankipress.lock")
    assert guids("notes.md") | guids("b.md") == before


def test_the_parts_of_a_file_are_built_as_one(here: Path, guids: Listing) -> None:
    write("notes.md", QUESTIONS)
    built("notes.md")
    before = guids("notes.md")
    Path("notes.md").unlink()
    write("a.md", part(0, 3))
    write("b.md", part(3, 6))
    built("a.md", "b.md")
    assert guids("a.md", "b.md") == before


def test_files_that_became_one(here: Path, guids: Listing) -> None:
    write("a.md", part(0, 3), "Cells")
    write("b.md", part(3, 6), "Life")
    built("a.md")
    built("b.md")
    before = guids("a.md") | guids("b.md")
    Path("a.md").unlink()
    Path("b.md").unlink()
    write("notes.md", QUESTIONS)
    built("notes.md")
    assert guids("notes.md") == before
    assert locks(here) == {"notes.ankipress.lock"}
    built("notes.md", "--locked")


def test_two_locks_that_know_the_same_cards_are_asked_about(
    here: Path, guids: Listing, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.md", "b.md"):
        write(name, QUESTIONS)
        built(name)
    first = guids("a.md")
    assert not set(first.values()) & set(guids("b.md").values())
    Path("a.md").rename("c.md")
    Path("b.md").unlink()
    named = ["a.ankipress.lock", "b.ankipress.lock"]
    for words in (["build", "c.md"], ["check", "c.md"], ["build", "c.md", "--locked"]):
        assert asked(words, capsys) == named
    built("c.md", "--take-lock", "a.ankipress.lock")
    assert guids("c.md") == first
    assert locks(here) == {"b.ankipress.lock", "c.ankipress.lock"}


def test_new_cards_are_said_to_be_new(
    here: Path, guids: Listing, capsys: pytest.CaptureFixture[str]
) -> None:
    write("notes.md", QUESTIONS)
    built("notes.md")
    before = guids("notes.md")
    Path("notes.md").unlink()
    write("a.md", part(0, 2))
    assert asked(["build", "a.md"], capsys)
    built("a.md", "--new-lock")
    assert not set(guids("a.md").values()) & set(before.values())
    assert locks(here) == {"a.ankipress.lock", "notes.ankipress.lock"}
    built("a.md")


@pytest.mark.parametrize(
    ("left", "cards"),
    [
        pytest.param(OTHERS, QUESTIONS, id="nothing in common"),
        pytest.param(
            OTHERS | {"Definition": "Of a war."} | {f"Year {n}": f"{n}" for n in range(6)},
            QUESTIONS | {"Definition": "Of a cell."},
            id="one common heading",
        ),
    ],
)
def test_a_lock_of_something_else_is_left_alone(
    left: dict[str, str], cards: dict[str, str], here: Path, guids: Listing
) -> None:
    write("war.md", left, "War")
    built("war.md")
    lock = Path("war.ankipress.lock").read_bytes()
    Path("war.md").unlink()
    write("notes.md", cards)
    built("notes.md")
    assert Path("war.ankipress.lock").read_bytes() == lock


def test_cards_that_are_only_alike_are_asked_about(
    here: Path, guids: Listing, capsys: pytest.CaptureFixture[str]
) -> None:
    """Such as those of another chapter."""
    write("notes.md", {f"{question} (1)": answer for question, answer in QUESTIONS.items()})
    built("notes.md")
    Path("notes.md").unlink()
    write("other.md", {f"{question} (2)": answer for question, answer in QUESTIONS.items()})
    assert asked(["build", "other.md"], capsys) == ["notes.ankipress.lock"]


def test_several_locks_are_taken_where_they_are_named(
    here: Path, guids: Listing, capsys: pytest.CaptureFixture[str]
) -> None:
    write("a.md", part(0, 3) | {"A?": "a", "B?": "b", "C?": "c"}, "Cells")
    write("b.md", part(3, 6) | {"D?": "d", "E?": "e", "F?": "f"}, "Life")
    built("a.md")
    built("b.md")
    before = guids("a.md") | guids("b.md")
    Path("a.md").unlink()
    Path("b.md").unlink()
    write("c.md", QUESTIONS)
    names = ["a.ankipress.lock", "b.ankipress.lock"]
    assert asked(["build", "c.md"], capsys) == names
    assert asked(["build", "c.md", "--take-lock", names[0]], capsys) == names[1:]
    built("c.md", *(word for name in names for word in ("--take-lock", name)))
    assert guids("c.md").items() <= before.items()
    assert locks(here) == {*names, "c.ankipress.lock"}


def test_a_copy_is_a_file_of_its_own(here: Path, guids: Listing) -> None:
    write("notes.md", QUESTIONS)
    built("notes.md")
    before = guids("notes.md")
    write("copy.md", QUESTIONS)
    built("copy.md")
    assert not set(guids("copy.md").values()) & set(before.values())
    assert guids("notes.md") == before


def test_files_of_one_name_and_title_have_different_guids(here: Path, guids: Listing) -> None:
    found: set[str] = set()
    for folder in ("one", "two", "three"):
        write(f"{folder}/notes.md", QUESTIONS)
        built(f"{folder}/notes.md")
        found |= set(guids(f"{folder}/notes.md").values())
    assert len(found) == 3 * len(QUESTIONS)


def test_a_file_alone_has_the_guids_that_it_always_had(here: Path, guids: Listing) -> None:
    write("notes.md", {"What is a cell?": "The smallest unit of life."})
    built("notes.md")
    assert guids("notes.md") == {"What is a cell?": "wucgqbz47qgubg2w"}


def test_what_another_file_has_adopted_is_not_adopted_again(here: Path, guids: Listing) -> None:
    """Such as a lock that git brought back."""
    write("notes.md", QUESTIONS)
    built("notes.md")
    left = Path("notes.ankipress.lock").read_bytes()
    Path("notes.md").rename("other.md")
    built("other.md")
    before = guids("other.md")
    Path("notes.ankipress.lock").write_bytes(left)
    write("third.md", QUESTIONS)
    built("third.md")
    assert not set(guids("third.md").values()) & set(before.values())


@pytest.mark.parametrize("content", [b"", b"{}\n", b"\xff", b'{"ankipress": 99, "uid": "a"}\n'])
def test_a_left_lock_that_cannot_be_read_is_none(
    content: bytes, here: Path, guids: Listing
) -> None:
    Path("old.ankipress.lock").write_bytes(content)
    write("notes.md", QUESTIONS)
    built("notes.md")
    assert Path("old.ankipress.lock").read_bytes() == content


def test_no_lock_is_taken_through_a_link(here: Path, guids: Listing) -> None:
    outside = here.parent.parent / "outside"
    outside.mkdir()
    write(f"{outside}/notes.md", QUESTIONS)
    built(f"{outside}/notes.md")
    (outside / "notes.md").unlink()
    (here / "old.ankipress.lock").symlink_to(outside / "notes.ankipress.lock")
    (here / "linked").symlink_to(outside)
    before = files_of(outside)
    write("other.md", QUESTIONS)
    built("other.md")
    lock, _ = read_lock(Path("other.ankipress.lock").read_text("utf-8"))
    theirs, _ = read_lock((outside / "notes.ankipress.lock").read_text("utf-8"))
    assert lock.uid != theirs.uid
    assert files_of(outside) == before


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(
    here: Path, guids: Listing, capsys: pytest.CaptureFixture[str]
) -> None:
    write("old/notes.md", QUESTIONS)
    built("old/notes.md")
    Path("old/notes.md").rename("notes.md")
    Path("old").chmod(0o500)
    try:
        assert run(["build", "notes.md"]) == 1
    finally:
        Path("old").chmod(0o700)
    assert "cannot-write" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--take-lock", "war.ankipress.lock"], "knows none of these cards"),
        (["--take-lock", "war.md"], "is no lock"),
        (["--take-lock", "nothing.lock"], "does not exist"),
    ],
)
def test_a_lock_that_cannot_be_taken(
    words: list[str], message: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write("war.md", OTHERS, "War")
    built("war.md")
    write("notes.md", QUESTIONS)
    assert run(["build", "notes.md", *words]) == 2
    assert message in capsys.readouterr().err
    assert locks(here) == {"war.ankipress.lock"}


def test_a_file_that_has_a_lock_takes_no_other(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write("notes.md", QUESTIONS)
    built("notes.md")
    lock = Path("notes.ankipress.lock")
    (here / "old.ankipress.lock").write_bytes(lock.read_bytes())
    assert run(["build", "notes.md", "--take-lock", "old.ankipress.lock"]) == 2
    assert "there is notes.ankipress.lock already" in capsys.readouterr().err


def test_locked_adopts_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("notes.md", QUESTIONS)
    built("notes.md")
    Path("notes.md").rename("other.md")
    before = files_of(here)
    capsys.readouterr()
    assert run(["build", "other.md", "--locked"]) == 1
    error = capsys.readouterr().err
    assert "error[lock-outdated]: the cards go on with notes.ankipress.lock" in error
    assert "run `ankipress build other.md` without --locked" in error
    assert files_of(here) == before


def test_diff_sees_no_other_cards(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("notes.md", QUESTIONS)
    built("notes.md")
    Path("notes.md").rename("other.md")
    capsys.readouterr()
    assert run(["diff", "build/notes-0.1.0.apkg", "--project", "other.md"]) == 0
    output = capsys.readouterr().out
    assert "retired" not in output
    assert "added" not in output


def test_decisions_are_written_into_the_lock_of_the_new_name(here: Path, guids: Listing) -> None:
    write("notes.md", QUESTIONS)
    built("notes.md")
    before = guids("notes.md")
    Path("notes.md").rename("other.md")
    assert run(["ids", "--new", "other.md:3", "other.md"]) == 0
    assert locks(here) == {"other.ankipress.lock"}
    built("other.md")
    after = guids("other.md")
    assert [each for each in before if before[each] != after[each]] == ["What is a cell?"]


def started(*words: str) -> None:
    assert run(["init", *words]) == 0


@pytest.mark.parametrize("by", ["init", "hand"])
@pytest.mark.parametrize(
    "names",
    [
        pytest.param({"notes.md": "notes.md"}, id="one"),
        pytest.param({"notes.md": "other.md"}, id="one, renamed"),
        pytest.param({"notes.md": "part/other.md"}, id="one, moved"),
        pytest.param({"a [1].md": "a [1].md"}, id="a name like a pattern"),
        pytest.param({"a.md": "a.md", "b.md": "b.md"}, id="two"),
        pytest.param(
            {"one/notes.md": "one/notes.md", "two/notes.md": "two/notes.md"}, id="folders"
        ),
        pytest.param({"a.md": "one/a.md", "b.md": "two/b.md", "c.md": "c.md"}, id="three, moved"),
    ],
)
def test_files_become_a_project(
    names: dict[str, str], by: str, here: Path, guids: Listing, capsys: pytest.CaptureFixture[str]
) -> None:
    before = set()
    types = dict[str, int]()
    for number, name in enumerate(names):
        cards = {f"{question} ({number})": answer for question, answer in QUESTIONS.items()}
        write(name, cards | {"Gap": "A {{c1::cell}} lives."}, f"Part {number}")
        text = Path(name).read_text("utf-8").replace("## Gap", "## Gap {kind=cloze}")
        Path(name).write_text(text, encoding="utf-8")
        built(name)
        found = set(guids(name).values())
        before |= found
        lock, _ = read_lock(Path(name.replace(".md", ".ankipress.lock")).read_text("utf-8"))
        types |= {each.guid: lock.note_types[_key(each.kind)].id for each in lock.records}
    for name, new in names.items():
        Path(new).parent.mkdir(exist_ok=True)
        Path(name).rename(new)
    if by == "hand":
        settings = 'sources = ["**/*.md"]\n'
        Path("ankipress.toml").write_text(settings, encoding="utf-8")
    else:
        started()
        assert not Path("cards.md").exists()
    unbuilt = files_of(here)
    assert guid_set(capsys) == before
    assert run(["build", "--locked"]) == 1
    assert files_of(here) == unbuilt
    capsys.readouterr()
    built()
    output = capsys.readouterr()
    assert "(0 new, 0 changed, 0 retired)" in output.out
    assert output.err.count("adopted-lock]: ") == len(names)
    assert locks(here) == {"ankipress.lock"}
    lock, _ = read_lock(Path("ankipress.lock").read_text("utf-8"))
    now = {
        each.guid: lock.note_types[each.note_type or _key(each.kind)].id for each in lock.records
    }
    assert now == types, "Anki updates no note across note types"
    built("--locked")
    built()
    assert guid_set(capsys) == before


def _key(kind: str) -> str:
    return {"cloze": "cloze"}.get(kind, "basic")


def guid_set(capsys: pytest.CaptureFixture[str]) -> set[str]:
    """The guids of all cards of the project, as `list` tells them."""
    capsys.readouterr()
    assert run(["list", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    return {row["guid"] for row in rows if row["state"] == "active"}


def test_a_file_joins_a_project_that_is_there(
    here: Path, guids: Listing, capsys: pytest.CaptureFixture[str]
) -> None:
    write("war.md", OTHERS, "War")
    Path("ankipress.toml").write_text('sources = ["war.md"]\n', encoding="utf-8")
    built()
    first = guid_set(capsys)
    write("notes.md", QUESTIONS)
    built("notes.md")
    second = set(guids("notes.md").values())
    Path("ankipress.toml").write_text('sources = ["*.md"]\n', encoding="utf-8")
    assert guid_set(capsys) == first | second
    assert run(["build", "--locked"]) == 1
    built()
    assert guid_set(capsys) == first | second
    assert locks(here) == {"ankipress.lock"}
    Path("notes.ankipress.lock").write_text(Path("ankipress.lock").read_text("utf-8"), "utf-8")
    built()
    assert guid_set(capsys) == first | second


def test_two_files_with_one_guid_become_a_project(
    here: Path, guids: Listing, capsys: pytest.CaptureFixture[str]
) -> None:
    """As older versions built files of one name and title: learners have one note of the two."""
    for folder in ("one", "two"):
        write(f"{folder}/notes.md", QUESTIONS)
        built(f"{folder}/notes.md", "--new-lock")
        Path(f"{folder}/notes.ankipress.lock").replace(f"{folder}.saved")
    for folder in ("one", "two"):
        Path(f"{folder}.saved").replace(f"{folder}/notes.ankipress.lock")
    started()
    capsys.readouterr()
    built()
    output = capsys.readouterr()
    assert "(6 new, 0 changed, 0 retired)" in output.out
    assert "6 cards had the guid of a card in another file, and are new" in output.err
    assert len(guid_set(capsys)) == 12


def test_a_new_project_in_a_folder_of_other_projects_takes_nothing_of_theirs(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write("theirs/notes.md", QUESTIONS)
    built("theirs/notes.md")
    Path("theirs/ankipress.toml").write_text('sources = ["*.md"]\n', encoding="utf-8")
    started()
    assert "sources" not in Path("ankipress.toml").read_text("utf-8")
    assert Path("cards.md").exists()


def test_packages_of_files_bring_back_the_lost_lock_of_their_project(
    here: Path, guids: Listing, capsys: pytest.CaptureFixture[str]
) -> None:
    write("a.md", part(0, 3), "Cells")
    write("b.md", part(3, 6), "Life")
    built("a.md")
    built("b.md")
    before = guids("a.md") | guids("b.md")
    started()
    built()
    lock, _ = read_lock(Path("ankipress.lock").read_text("utf-8"))
    Path("ankipress.lock").unlink()
    for name in ("a", "b"):
        assert run(["recover", f"build/{name}-0.1.0.apkg"]) == 0
        assert "3 found again in the cards" in capsys.readouterr().out
    found, _ = read_lock(Path("ankipress.lock").read_text("utf-8"))
    assert {each.guid for each in found.records} == set(before.values())
    kinds = {each.guid: each.note_type for each in lock.records}
    assert {each.guid: each.note_type for each in found.records} == kinds
    assert {key: each.id for key, each in found.note_types.items()} == {
        key: each.id for key, each in lock.note_types.items()
    }
    built()
    assert "(0 new, 0 changed, 0 retired)" in capsys.readouterr().out
    Path("ankipress.lock").unlink()
    assert run(["recover", "build/here-1.0.0.apkg"]) == 0
    built()
    assert "(0 new, 0 changed, 0 retired)" in capsys.readouterr().out


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
def test_a_release_needs_the_locks_taken_over_first(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write("notes.md", QUESTIONS)
    built("notes.md")
    settings = {"name": "deck", "version": "1.0.0", "sources": ["notes.md"]}
    author = GitAuthor(here, monkeypatch, settings)
    author.git("add", "--all")
    author.git("commit", "--quiet", "--message=cards")
    before = files_of(here)
    capsys.readouterr()
    assert run(["release"]) == 1
    error = capsys.readouterr().err
    assert "error[cannot-release]: the cards go on with notes.ankipress.lock" in error
    assert "run `ankipress build`, and commit the locks" in error
    assert locks(here) == {"notes.ankipress.lock"}
    assert files_of(here).keys() == before.keys()
    built()
    author.git("add", "--all")
    author.git("commit", "--quiet", "--message=lock")
    write("notes.md", QUESTIONS | OTHERS)
    author.git("commit", "--quiet", "--all", "--message=more")
    assert run(["release", "--against", "build/notes-0.1.0.apkg"]) == 0
    assert "3 new, 0 changed, 0 retired" in capsys.readouterr().out
    assert locks(here) == {"ankipress.lock"}


def test_the_preview_has_the_same_identities_and_writes_nothing(here: Path, guids: Listing) -> None:
    write("notes.md", QUESTIONS)
    built("notes.md")
    before = guids("notes.md")
    Path("notes.md").rename("other.md")
    unbuilt = files_of(here)
    session = PreviewSession([Path("other.md")])
    session.build()
    assert {each.guid for each in session.workspace.project.lock.records} == set(before.values())
    assert files_of(here) == unbuilt
