"""`ankipress diff` and `ankipress check --against`, on packages, revisions and files."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ankipress.cli.main import run
from author import picture
from calls import calls, html_of
from packages import edited_package

FIRST = """# Deck

## What is a tensor?

A regular array of numbers.

## What is a loss good for?

It says how wrong a model is. ![curve](p.png)

## Which card goes?

This one.
"""
SECOND = FIRST.replace("What is a tensor?", "What exactly is a tensor?").replace(
    "## Which card goes?\n\nThis one.\n", ""
) + ("## Is <b>this</b> | @new?\n\nYes, see https://example.org and `a*b`.\n")


class Repository:
    """A deck in a git repository, in a folder below its top."""

    def __init__(self, top: Path) -> None:
        self.top, self.deck = top, top / "decks" / "mine"
        self.deck.mkdir(parents=True)
        self.git("init", "-q")
        self.git("config", "user.name", "Author")
        self.git("config", "user.email", "author@example.org")
        self.git("config", "core.autocrlf", "false")

    def git(self, *words: str) -> str:
        return subprocess.run(
            ["git", *words], cwd=self.top, check=True, capture_output=True, text=True
        ).stdout

    def write(self, text: str, version: str, shade: int = 1) -> None:
        (self.deck / "ankipress.toml").write_text(
            f'name = "mine"\nversion = "{version}"\nuid = "mine-of-tests"\n', encoding="utf-8"
        )
        (self.deck / "cards.md").write_text(text, encoding="utf-8")
        (self.deck / "p.png").write_bytes(picture(shade))

    def release(self, text: str, version: str, shade: int = 1) -> Path:
        """Build, commit and tag a version."""
        self.write(text, version, shade)
        assert run(["build"]) == 0
        self.git("add", "-A")
        self.git("commit", "-qm", version)
        self.git("tag", f"v{version}")
        return self.deck / "build" / f"mine-{version}.apkg"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    repository = Repository(tmp_path / "repository")
    (repository.top / ".gitignore").write_text("build/\n", encoding="utf-8")
    monkeypatch.chdir(repository.deck)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    return repository


def document(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    capsys.readouterr()
    assert run(["diff", *words, "--format", "json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_nothing_differs(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    package = repository.release(FIRST, "1.0.0")
    for words in (
        ["v1.0.0"],
        ["HEAD"],
        [str(package)],
        [str(package), "v1.0.0"],
        ["v1.0.0", str(package)],
        ["v1.0.0", "."],
    ):
        found = document(capsys, *words)
        assert (found["changes"], found["bump"], found["too_small"]) == ([], "none", False), words


def test_packages_revisions_and_files_tell_the_same(
    repository: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = repository.release(FIRST, "1.0.0")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1710000000")
    repository.write(SECOND, "2.0.0", shade=2)
    files = document(capsys, "v1.0.0")
    new = repository.release(SECOND, "2.0.0", shade=2)
    repository.write("# Nothing of this is asked\n", "9.0.0")
    ways = [document(capsys, a, b) for a in ("v1.0.0", str(old)) for b in ("v2.0.0", str(new))]
    assert [sorted(each["what"]) for each in files["changes"]] == [
        ["reworded"],
        ["media changed"],
        ["new"],
        ["retired"],
    ]
    for way in ways:
        for key in (
            "forecast",
            "bump",
            "reasons",
            "needed_version",
            "too_small",
            "new_decks",
            "renamed_decks",
            "note_types",
        ):
            assert way[key] == files[key], key
        changes = [
            [{**each, "path": None, "line": None} for each in found["changes"]]
            for found in (way, files)
        ]
        assert changes[0] == changes[1]
    assert (files["bump"], files["needed_version"]) == ("major", "2.0.0")


def test_a_branch_goes_before_a_folder_of_its_name(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.release(FIRST, "1.0.0")
    repository.git("branch", "media")
    (repository.deck / "media").mkdir()
    assert document(capsys, "media")["old"]["label"] == "media"
    assert document(capsys, "./media")["old"]["name"] == "mine", (
        "a folder in a project means that project"
    )


def test_the_repository_stays_as_it_is(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.release(FIRST, "1.0.0")
    repository.write(SECOND, "2.0.0")
    repository.git("add", "decks/mine/cards.md")
    before = (
        repository.git("status", "--porcelain"),
        (repository.top / ".git" / "index").read_bytes(),
    )
    document(capsys, "v1.0.0", "HEAD")
    assert (
        repository.git("status", "--porcelain"),
        (repository.top / ".git" / "index").read_bytes(),
    ) == before


def test_a_file_without_settings_has_a_difference_too(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository.deck / "notes.md").write_text(FIRST, encoding="utf-8")
    (repository.deck / "p.png").write_bytes(picture(1))
    assert run(["build", "notes.md"]) == 0
    repository.git("add", "-A")
    repository.git("commit", "-qm", "notes")
    (repository.deck / "notes.md").write_text(FIRST.replace("regular", "plain"), encoding="utf-8")
    found = document(capsys, "HEAD", "--project", "notes.md")
    assert [each["what"] for each in found["changes"]] == [["answer changed"]]


def test_text_marks_words_and_tells_the_forecast(
    repository: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.release(FIRST, "1.0.0")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1710000000")
    repository.write(SECOND, "1.0.1")
    capsys.readouterr()
    assert run(["diff", "v1.0.0"]) == 0
    shown = re.sub(r"[a-z2-7]{16}", "GUID", capsys.readouterr().out)
    assert (
        shown
        == """\
mine: 1.0.0 (v1.0.0) → 1.0.1 (the files as they are)

New: 1 note
  cards.md:11  GUID
    + Front: Is this | @new?
    + Back: Yes, see https://example.org and a*b.

Retired: 1 note
  cards.md:11  GUID
    - Front: Which card goes?
    - Back: This one.

Reworded: 1 note
  cards.md:3  GUID
    - Front: What is a tensor?
    + Front: What {+exactly +}is a tensor?

What Anki does for a learner who has 1.0.0
  1 new
  1 updated, reviews kept
  1 retired: Anki keeps it
  1 unchanged

Version: at least 2.0.0, major: 1 retired: Anki keeps it; 1.0.1 is too small
"""
    )


def test_what_no_word_tells_is_told_by_markup_and_names(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.release(FIRST, "1.0.0")
    repository.write(FIRST.replace("regular", "*regular*"), "1.0.1", shade=2)
    capsys.readouterr()
    assert run(["diff", "v1.0.0"]) == 0
    shown = capsys.readouterr().out
    assert re.search(
        r"- media: p-\[-[0-9a-f]{16}-\]\.png\n    \+ media: p-\{\+[0-9a-f]{16}\+\}\.png\n", shown
    )
    assert "    + Back: <p>A {+<em>+}regular{+</em>+} array of numbers.</p>\n" in shown


def test_colours_stand_for_the_marks(
    repository: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.release(FIRST, "1.0.0")
    repository.write(SECOND, "2.0.0")
    monkeypatch.setenv("FORCE_COLOR", "1")
    capsys.readouterr()
    assert run(["diff", "v1.0.0"]) == 0
    shown = capsys.readouterr().out
    assert "\x1b[32m\x1b[1mexactly \x1b[0m" in shown
    assert "{+" not in shown


def test_markdown_lets_no_card_speak_for_itself(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.release(FIRST, "1.0.0")
    repository.write(SECOND, "2.0.0")
    capsys.readouterr()
    assert run(["diff", "v1.0.0", "--format", "markdown"]) == 0
    shown = capsys.readouterr().out
    rows = [line for line in shown.splitlines() if line.startswith("| <code>cards.md")]
    assert [row.count("|") for row in rows] == [4, 4, 4]
    assert "What <ins>exactly </ins>is a tensor?" in shown
    assert not re.search(r"@new|https://example|<b>", shown)


CALLING = (
    "@octocat org/team@x a@b.org #1 GH-2 org/repo#3 0123456789abcdef https://t.example"
    " www.t.example ![](https://t/x.png) [a](https://t) <img src=x> `@code` | &#64;ref </code>"
    " @last \\ $x$"
)


def test_markdown_notifies_nobody_and_loads_nothing(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the deck, the question, the answer, the tags and the deck's name."""
    settings = repository.deck / "ankipress.toml"
    repository.release(FIRST, "1.0.0")
    told = CALLING.replace("\\", "\\\\").replace("<", "&lt;").replace("[", "\\[")
    changed = FIRST.replace("# Deck", f"# {told}").replace("is a tensor", f"is {told}")
    repository.write(changed.replace("A regular", f"{told} regular"), "2.0.0")
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f"{text}deck_prefix = {json.dumps(CALLING)}\n", encoding="utf-8")
    capsys.readouterr()
    assert run(["diff", "v1.0.0", "--format", "markdown"]) == 0, capsys.readouterr().err
    shown = capsys.readouterr().out
    assert calls(shown) == []
    assert "@\u200boctocat" in html_of(shown)
    assert html_of(shown).count("<td>") == shown.count("\n| <code>") * 3


def test_markdown_is_cut_where_a_comment_would_not_hold_it(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.release(FIRST, "1.0.0")
    many = "".join(
        f"## Is number {number} a number of its own?\n\nYes, {'and on ' * 20}{number}.\n\n"
        for number in range(400)
    )
    repository.write(f"{FIRST}\n{many}", "1.1.0")
    capsys.readouterr()
    assert run(["diff", "v1.0.0", "--format", "markdown"]) == 0
    shown = capsys.readouterr().out
    assert len(shown) < 65_000
    assert re.search(r"… and \d+ more", shown)
    assert "New: 400 notes" in shown


def test_html_shows_the_cards_and_fetches_nothing(repository: Repository) -> None:
    repository.release(FIRST, "1.0.0")
    repository.write(SECOND + "\n## Sound?\n\n![a](a.mp3)\n", "2.0.0", shade=2)
    (repository.deck / "a.mp3").write_bytes(b"ID3 no sound")
    assert run(["diff", "v1.0.0", "--format", "html", "-o", "page.html"]) == 0
    page = (repository.deck / "page.html").read_text(encoding="utf-8")
    assert (
        len(re.findall(r'<section class="question">(?:<p>)?What exactly is a tensor\?', page)) == 1
    )
    assert len(re.findall(r'src="data:image/png;base64,[^"]+"', page)) == 2, (
        "the picture of before, and that of now"
    )
    assert re.search(r"▶ a-[0-9a-f]{16}\.mp3", page)
    assert "What <ins>exactly </ins>is a tensor?" in page
    assert re.findall(r'(?:src|href)="(?!data:|https://example\.org)[^"]*"', page) == []
    assert "default-src 'none'" in page
    assert "<script" not in page


def test_a_page_of_many_notes_shows_the_first_as_cards_and_tells_of_all(
    repository: Repository,
) -> None:
    repository.release(FIRST, "1.0.0")
    many = "".join(
        f"## Is number {number} a number of its own?\n\nYes, {number}.\n\n" for number in range(520)
    )
    repository.write(f"{FIRST}\n{many}", "1.1.0")
    assert run(["diff", "v1.0.0", "--format", "html", "-o", "page.html"]) == 0
    page = (repository.deck / "page.html").read_text(encoding="utf-8")
    assert (page.count("<template"), page.count('class="note"'), page.count("<table>")) == (
        500,
        520,
        20,
    )


def test_a_card_that_is_unclear_is_told_and_stops_nothing(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody without ankipress opens a pull request: it is shown what is new, and what cannot be
    told yet.
    """
    repository.release(FIRST.replace("tensor?", "tensor? {#tensor}"), "1.0.0")
    repository.write(FIRST.replace("tensor?", "tensor? {#what-is-a-tensor}"), "1.0.1")
    found = document(capsys, "v1.0.0")
    [unclear] = found["unclear"]
    assert (unclear["path"], unclear["line"], unclear["question"]) == (
        "cards.md",
        3,
        "What is a tensor?",
    )
    assert [each["question"] for each in unclear["candidates"]] == ["What is a tensor?"]
    for form, shown in (
        ("text", "\nUnclear: cards.md:3 What is a tensor? (new until"),
        ("markdown", "**Unclear:**"),
        ("html", "<b>Unclear:</b>"),
    ):
        assert run(["diff", "v1.0.0", "--format", form]) == 0
        assert shown in capsys.readouterr().out


UNKNOWN = [
    pytest.param(["nowhere"], "no-edition", id="no revision"),
    pytest.param(["--", "--output=x"], "no-edition", id="an option of git"),
    pytest.param(["HEAD:decks"], "no-edition", id="a tree"),
    pytest.param(["v1.0.0", "ankipress.toml"], "bad-package", id="no package"),
    pytest.param(["v0.1.0"], "no-sources", id="before there was a deck"),
]


@pytest.mark.parametrize(("words", "code"), UNKNOWN)
def test_what_is_no_edition_is_said(
    words: list[str], code: str, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.git("commit", "-qm", "empty", "--allow-empty")
    repository.git("tag", "v0.1.0")
    repository.release(FIRST, "1.0.0")
    capsys.readouterr()
    assert run(["diff", *words]) == 1
    assert f"error[{code}]" in capsys.readouterr().err
    assert not (repository.deck / "x").exists()


def test_files_that_do_not_build_have_no_difference(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.release(FIRST, "1.0.0")
    repository.write(FIRST + "\n## Empty? {foo=1}\n\nYes.\n", "1.0.1")
    assert run(["diff", "v1.0.0"]) == 1
    assert "error[unknown-attribute]" in capsys.readouterr().err


def test_without_git_packages_can_be_compared(
    repository: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    package = repository.release(FIRST, "1.0.0")
    monkeypatch.setenv("PATH", str(repository.deck / "nowhere"))
    assert run(["diff", str(package)]) == 0
    capsys.readouterr()
    assert run(["diff", "v1.0.0"]) == 1
    assert "git is not installed" in capsys.readouterr().err


def test_a_package_of_one_deck_is_compared_with_that_deck(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.write(FIRST, "1.0.0")
    settings = repository.deck / "ankipress.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8") + 'packages = "deck"\nsources = ["*.md"]\n',
        encoding="utf-8",
    )
    (repository.deck / "other.md").write_text(
        "# Other\n\n## Another deck?\n\nYes.\n", encoding="utf-8"
    )
    assert run(["build"]) == 0
    [package] = (repository.deck / "build").glob("*Deck-1.0.0.apkg")
    assert document(capsys, str(package))["changes"] == []
    (repository.deck / "other.md").write_text(
        "# Other\n\n## Another deck?\n\nNo.\n", encoding="utf-8"
    )
    assert document(capsys, str(package))["changes"] == []
    (repository.deck / "cards.md").write_text(FIRST.replace("regular", "plain"), encoding="utf-8")
    assert [each["what"] for each in document(capsys, str(package))["changes"]] == [
        ["answer changed"]
    ]
    assert check(capsys, "--against", str(package), "--ignore", "version-too-small") == (0, [])


# The guard.


def check(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str]]:
    capsys.readouterr()
    status = run(["check", *words])
    return status, re.findall(r"(?:error|warning)\[([a-z-]+)\]", capsys.readouterr().out)


def test_what_was_published_and_stays_is_fine(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    package = repository.release(FIRST, "1.0.0")
    for old in ("v1.0.0", str(package)):
        assert check(capsys, "--against", old) == (0, [])
    repository.write(SECOND, "2.0.0")
    for old in ("v1.0.0", str(package)):
        assert check(capsys, "--against", old) == (0, [])
        assert check(capsys, "--against", old, "cards.md") == (0, [])


def test_a_guid_broken_on_purpose_is_caught(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    package = repository.release(FIRST, "1.0.0")
    lock = repository.deck / "ankipress.lock"
    guid = json.loads(lock.read_text(encoding="utf-8").splitlines()[1])["guid"]
    lock.write_text(
        lock.read_text(encoding="utf-8").replace(guid, "broken2purpose33"), encoding="utf-8"
    )
    for old in ("v1.0.0", str(package)):
        status, codes = check(capsys, "--against", old, "--ignore", "version-too-small")
        assert (status, codes) == (1, ["guid-lost"])


def test_a_retired_note_that_is_forgotten_is_caught(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.release(FIRST, "1.0.0")
    repository.release(SECOND, "2.0.0")
    lock = repository.deck / "ankipress.lock"
    lines = lock.read_text(encoding="utf-8").splitlines(keepends=True)
    lock.write_text("".join(line for line in lines if '"retired"' not in line), encoding="utf-8")
    assert check(capsys, "--against", "v2.0.0") == (1, ["guid-lost"])


def test_a_lost_lock_is_caught_where_it_matters(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    package = repository.release(FIRST, "1.0.0")
    (repository.deck / "ankipress.lock").unlink()
    repository.write(SECOND, "2.0.0")
    status, codes = check(capsys, "--against", str(package))
    assert status == 1
    assert set(codes) == {"guid-lost"}, (
        "the card that was reworded got another guid, and the one that is gone is not remembered"
    )


VERSIONS = [
    pytest.param(FIRST, "1.0.0", [], id="nothing changed"),
    pytest.param(FIRST.replace("regular", "plain"), "1.0.1", [], id="a patch for a change"),
    pytest.param(
        FIRST.replace("regular", "plain"),
        "1.0.0",
        ["version-too-small"],
        id="the same version for a change",
    ),
    pytest.param(
        FIRST + "\n## New?\n\nYes.\n", "1.0.1", ["version-too-small"], id="a patch for a new card"
    ),
    pytest.param(FIRST + "\n## New?\n\nYes.\n", "1.1.0", [], id="a minor version for a new card"),
    pytest.param(SECOND, "1.1.0", ["version-too-small"], id="a minor version for a retired card"),
    pytest.param(SECOND, "2.0.0-rc.1", [], id="a candidate for a major version"),
    pytest.param(FIRST, "0.9.0", ["version-too-small"], id="a lower version"),
]


@pytest.mark.parametrize(("text", "version", "codes"), VERSIONS)
def test_a_version_says_what_changed(
    text: str,
    version: str,
    codes: list[str],
    repository: Repository,
    capsys: pytest.CaptureFixture[str],
) -> None:
    repository.release(FIRST, "1.0.0")
    repository.write(text, version)
    assert check(capsys, "--against", "v1.0.0") == (1 if codes else 0, codes)


def test_a_field_id_that_changed_is_caught(
    repository: Repository, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A package whose note type has another field id: as if an author had published with another
    ankipress.
    """
    package = repository.release(FIRST, "1.0.0")
    other = tmp_path / "other-1.0.0.apkg"
    other.write_bytes(edited_package(package.read_bytes(), _change_field_ids))
    status, codes = check(capsys, "--against", str(other), "--ignore", "version-too-small")
    assert (status, codes) == (1, ["schema-changed"])


def _change_field_ids(database: sqlite3.Connection) -> None:
    models = json.loads(database.execute("SELECT models FROM col").fetchone()[0])
    for model in models.values():
        model["flds"][1]["id"] += 1
    database.execute("UPDATE col SET models = ?", (json.dumps(models),))
