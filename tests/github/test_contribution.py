"""A pull request by someone without ankipress, from the web editor to the lock on the main branch,
by the workflows' own commands.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import report_changes
from action import git, needs_git_and_bash, task
from ankipress.cli.main import run
from ankipress.model import Record, State
from author import lock_of

pytestmark = needs_git_and_bash

OLD, NEW = (
    "What does the learner do with one batch of images?",
    "How does the learner go through the batches of images?",
)
TENSOR = "## What is a tensor?\n\nAn array.\n"
EPOCH = "## What is an epoch?\n\nOne pass through all items.\n"
BASE = f"# Deck\n\n## {OLD}\n\nIt computes a loss.\n\n{TENSOR}\n{EPOCH}"
REWORDED = BASE.replace("What is an epoch?", "What is an epoch of training?")
ADDED = "\n## What is a loss?\n\nA number that says how wrong the model is.\n"
UNCLEAR = (
    f"# Deck\n\n## {NEW}\n\nOne after another, and it computes a loss for them.\n\n{EPOCH}\n"
    f"{TENSOR}"
)


def commit(folder: Path, text: str, branch: str) -> None:
    """Edit the cards as GitHub's web editor does: the file, and nothing else."""
    git(folder, "checkout", "-q", "-B", branch)
    (folder / "cards.md").write_text(text, encoding="utf-8")
    git(folder, "commit", "-q", "-a", "-m", "Edit cards.md")


def merge(folder: Path, text: str) -> None:
    """A pull request with these cards, merged and pushed."""
    commit(folder, text, "patch-1")
    git(folder, "checkout", "-q", "main")
    git(folder, "merge", "-q", "--no-ff", "-m", "Merge", "patch-1")
    git(folder, "push", "-q", "origin", "main")


def records(folder: Path) -> dict[str, Record]:
    """The active notes of the lock, by their questions."""
    lock = lock_of(folder)
    return {record.question: record for record in lock.records if record.state is State.ACTIVE}


def tip(folder: Path) -> str:
    return git(folder, "ls-remote", "origin", "refs/heads/main").split()[0]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of the main branch of a deck, with a lock, and the repository that it is pushed
    to, side by side.
    """
    top = tmp_path_factory.mktemp("start")
    folder = top / "deck"
    assert run(["init", str(folder)]) == 0
    (folder / "cards.md").write_text(BASE, encoding="utf-8")
    assert run(["build", str(folder)]) == 0
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Start")
    git(top, "init", "-q", "--bare", "-b", "main", "origin.git")
    git(folder, "remote", "add", "origin", "../origin.git")
    git(folder, "push", "-q", "-u", "origin", "main")
    return top


@pytest.fixture
def deck(start: Path, tmp_path: Path) -> Path:
    shutil.copytree(start, tmp_path, dirs_exist_ok=True)
    return tmp_path / "deck"


def base(folder: Path) -> dict[str, str]:
    return {"github.event.pull_request.base.sha": git(folder, "rev-parse", "main")}


def test_a_lock_that_is_up_to_date_is_not_pushed(deck: Path) -> None:
    before = tip(deck)
    done = task("lock", deck)
    assert (done.status, tip(deck)) == (0, before), done.output
    assert "ankipress.lock is up to date already" in done.output


def test_a_pull_request_without_a_lock_passes_and_writes_nothing(deck: Path) -> None:
    commit(deck, REWORDED + ADDED, "patch-1")
    done = task("check", deck, base(deck))
    assert done.status == 0, done.output
    assert git(deck, "status", "--porcelain") == ""
    assert done.report == done.summary
    assert done.report.startswith("## What changes for learners\n\n")
    for line in (
        "\n1 new\n",
        "\n1 updated, reviews kept\n",
        "| *<code>Front</code>:* <code>What is an epoch<ins> of training</ins>?</code> |",
    ):
        assert line in done.report
    assert "cannot be compared" not in done.report
    assert done.report.endswith("## The cards\n\nNo problems in the cards.\n")


def test_the_main_branch_gets_the_lock_of_a_merged_pull_request(deck: Path) -> None:
    before = records(deck)
    merge(deck, REWORDED + ADDED)
    done = task("lock", deck)
    assert done.status == 0, done.output
    git(deck.parent, "clone", "-q", "origin.git", "clone")
    clone = deck.parent / "clone"
    assert run(["build", "--locked", str(clone)]) == 0
    after = records(clone)
    assert after["What is an epoch of training?"].guid == before["What is an epoch?"].guid
    assert "What is a loss?" in after
    assert (
        git(clone, "show", "--name-only", "--format=%an %s")
        == "github-actions[bot] Bring ankipress.lock up to date\n\nankipress.lock"
    )


@pytest.mark.parametrize("name", ["check", "lock"])
def test_a_module_in_the_checkout_is_not_taken_for_ankipress(deck: Path, name: str) -> None:
    (deck / "ankipress.py").write_text("raise SystemExit('hijacked')\n", encoding="utf-8")
    done = task(name, deck)
    assert done.status == 0, done.output
    assert "hijacked" not in done.output + done.report


def test_a_guid_that_is_broken_in_the_lock_fails_a_pull_request(deck: Path) -> None:
    git(deck, "checkout", "-q", "-b", "patch-1")
    lock = deck / "ankipress.lock"
    lock.write_text(
        lock.read_text(encoding="utf-8").replace(records(deck)[OLD].guid, "a" * 16),
        encoding="utf-8",
    )
    git(deck, "commit", "-q", "-a", "-m", "Edit the lock")
    done = task("check", deck, base(deck))
    assert done.status == 1
    assert "title=guid-lost::" in done.output


def test_the_pull_request_that_brings_the_deck_has_nothing_to_be_compared_with(deck: Path) -> None:
    git(deck, "checkout", "-q", "--orphan", "empty")
    git(deck, "rm", "-q", "-r", "--cached", ".")
    git(deck, "commit", "-q", "--allow-empty", "-m", "Nothing yet")
    before = git(deck, "rev-parse", "HEAD")
    git(deck, "checkout", "-q", "-f", "main")
    done = task("check", deck, {"github.event.pull_request.base.sha": before})
    assert done.status == 0, done.output
    assert "They cannot be compared:" in done.report


def test_an_error_in_the_cards_fails_a_pull_request(deck: Path) -> None:
    """Also where `ankipress build` would leave a new card out."""
    commit(deck, BASE + "\n## What is a loss?\n\n![A](no.png)\n", "patch-1")
    done = task("check", deck, base(deck))
    assert done.status == 1
    assert (
        "::error file=cards.md,line=17,col=6,endColumn=12,title=missing-media::there is no file"
        in done.output
    )
    assert "error[missing-media]: there is no file" in done.report


def test_what_only_a_maintainer_can_decide_is_asked_and_fails_no_pull_request(deck: Path) -> None:
    guid = records(deck)[OLD].guid
    commit(deck, UNCLEAR, "patch-1")
    done = task("check", deck, base(deck))
    assert done.status == 0, done.output
    assert "::warning file=cards.md,line=3," in done.output
    assert "**To be decided by a maintainer: 1**" in done.report
    for line in (
        f"{guid}  was: {OLD}",
        f"now: {NEW}",
        "whoever merges this says which",
        f"ankipress ids --same cards.md:3={guid}",
        "ankipress ids --new cards.md:3",
    ):
        assert line in done.report


@pytest.mark.parametrize("is_new", [False, True], ids=["the same card", "a new card"])
def test_after_the_merge_a_maintainer_answers_in_the_form_of_the_workflow(
    deck: Path, is_new: bool
) -> None:
    guid = records(deck)[OLD].guid
    merge(deck, UNCLEAR)
    before = tip(deck)
    asked = task("lock", deck)
    assert (asked.status, tip(deck)) == (1, before)
    assert "start this workflow by hand" in asked.summary
    assert f"ankipress ids --same cards.md:3={guid}" in asked.output
    done = task("lock", deck, {"inputs.answers": f"cards.md:3={'new' if is_new else guid}"})
    assert done.status == 0, done.output
    assert tip(deck) != before
    assert run(["build", "--locked", str(deck)]) == 0
    assert (records(deck)[NEW].guid == guid) is not is_new


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param("cards.md:3", id="no answer"),
        pytest.param("$(touch hacked)=new", id="a command of the shell"),
        pytest.param("--write=new", id="an option"),
    ],
)
def test_answers_that_are_none_settle_nothing(deck: Path, answers: str) -> None:
    merge(deck, UNCLEAR)
    before = tip(deck)
    done = task("lock", deck, {"inputs.answers": answers})
    assert (done.status, tip(deck)) == (2, before)
    assert git(deck, "status", "--porcelain") == ""


def test_a_branch_that_has_moved_on_is_left_to_the_next_run(deck: Path) -> None:
    merge(deck, REWORDED)
    git(deck.parent, "clone", "-q", "origin.git", "clone")
    merge(deck, REWORDED + ADDED)
    before = tip(deck)
    done = task("lock", deck.parent / "clone")
    assert (done.status, tip(deck)) == (0, before), done.output
    assert "the branch has moved on meanwhile" in done.output


def test_a_branch_that_takes_no_push_is_named_with_help(deck: Path) -> None:
    merge(deck, REWORDED)
    hook = deck.parent / "origin.git" / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    done = task("lock", deck)
    assert done.status == 1
    assert "The branch does not take the lock." in done.summary


def test_a_text_that_looks_like_markup_stays_in_its_fence(deck: Path) -> None:
    commit(deck, BASE + "\n## What is ``` @someone <img src=x> ````?\n\n![](no.png)\n", "patch-1")
    done = task("check", deck, base(deck))
    assert done.status == 1
    report = done.report.partition("## The cards")[2]
    assert "`````text\n" in report
    assert report.rstrip().count("\n`````") == 2


@pytest.mark.parametrize("base", ["", "0" * 40, "--output=x", "main; touch x"])
def test_without_a_revision_to_compare_with_that_is_said(base: str) -> None:
    assert report_changes.changes(base) == "There is no earlier version to compare with."


@pytest.mark.parametrize(
    ("report", "end"),
    [
        pytest.param(
            "a line\n" * 20_000, "a line\n\n… and more: the report is cut here.\n", id="prose"
        ),
        pytest.param(
            "````text\n" + "```\n" * 20_000,
            "```\n````\n\n… and more: the report is cut here.\n",
            id="in a fence",
        ),
        pytest.param(
            "<details>\n" + "x\n" * 40_000,
            "x\n</details>\n\n… and more: the report is cut here.\n",
            id="in details",
        ),
    ],
)
def test_a_long_report_is_cut_at_a_line_with_all_closed(report: str, end: str) -> None:
    cut = report_changes.cut(report)
    assert cut.endswith(end)
    assert len(cut) < 65_000
    assert report_changes.cut("short\n") == "short\n"


def test_the_pages_are_written_of_a_lock_that_is_up_to_date_alone(deck: Path) -> None:
    done = task("site", deck)
    assert done.status == 0, done.output
    site = deck.parent / "temp" / "ankipress-site"
    assert (site / "index.html").exists()
    assert list(site.rglob("*.apkg")), "with the package"
    merge(deck, BASE + ADDED)
    done = task("site", deck)
    assert done.status == 1
    assert "lock-outdated" in done.output
