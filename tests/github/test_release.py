"""A tag on GitHub: what the workflow proves, publishes and refuses, by its own commands and the
real engine of Anki.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from action import Done, git, needs_git_and_bash, task
from ankipress.cli.main import run
from ankipress.identity.lock import read_lock
from author import lock_of

pytestmark = needs_git_and_bash

CARDS = (
    "# Deck\n\n## What is an epoch?\n\nOne pass through all items.\n\n## What is a tensor?\n\n"
    "An array.\n"
)
ADDED = "\n## What is a loss?\n\nA number that says how wrong the model is.\n"
# Stands for GitHub's program: a release is a folder, and the newest is listed first.
GH = f"""#!{sys.executable}
import json, os, pathlib, shutil, subprocess, sys
top, (_, what, *words) = pathlib.Path(os.environ["RELEASES"]), sys.argv[1:]
assert os.environ["GH_TOKEN"] == "secret"
if what == "list":
    assert "--exclude-drafts" in words and "--exclude-pre-releases" in words
    full = [each for each in top.iterdir() if not (each / "prerelease").exists()]
    known = sorted(full, key=lambda each: each.stat().st_mtime_ns, reverse=True)
    print(json.dumps([{{"tagName": each.name}} for each in known][:2]))
elif what == "download":
    patterns = [words[place + 1] for place, word in enumerate(words) if word == "--pattern"]
    for pattern in patterns:
        for path in (top / words[0]).glob(pattern):
            shutil.copy(path, words[words.index("--dir") + 1])
elif what == "create":
    subprocess.run(["git", "rev-parse", "--verify", "--quiet", "refs/tags/" + words[0]], check=True)
    (top / words[0]).mkdir()
    for word in words[words.index("--notes-file") + 2:]:
        if word == "--prerelease":
            (top / words[0] / "prerelease").touch()
        else:
            shutil.copy(word, top / words[0])
"""


def release(folder: Path, tag: str) -> Done:
    """The task `release`, for a tag of a checkout."""
    top = folder.parent
    extra: Mapping[str, str] = {
        "GITHUB_REF_NAME": tag,
        "RELEASES": str(top / "releases"),
        "PATH": os.pathsep.join(
            (str(top / "bin"), str(Path(sys.executable).parent), os.environ["PATH"])
        ),
    }
    return task("release", folder, {"github.token": "secret"}, extra)


def commit(folder: Path, text: str, version: str) -> None:
    (folder / "cards.md").write_text(text, encoding="utf-8")
    (folder / "ankipress.toml").write_text(
        f'name = "deck"\nversion = "{version}"\nuid = "deck-abcd"\n', encoding="utf-8"
    )
    assert run(["build", str(folder)]) == 0
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", version)


def tag(folder: Path, name: str) -> None:
    git(folder, "tag", "-a", name, "-m", name)


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    """A checkout of a deck of which nothing is released, and a GitHub beside it."""
    folder = tmp_path / "deck"
    assert run(["init", str(folder)]) == 0
    git(folder, "init", "-q", "-b", "main")
    commit(folder, CARDS, "1.0.0")
    (tmp_path / "releases").mkdir()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "gh").write_text(GH, encoding="utf-8")
    (tmp_path / "bin" / "gh").chmod(0o755)
    return folder


def published(folder: Path) -> dict[str, set[str]]:
    return {
        each.name: {path.name for path in each.iterdir()}
        for each in (folder.parent / "releases").iterdir()
    }


def files(version: str) -> set[str]:
    return {f"deck-{version}.apkg", "RELEASE-NOTES.md", "SHA256SUMS", "manifest.json"}


def test_two_releases_are_proved_and_published_one_after_the_other(deck: Path) -> None:
    tag(deck, "v1.0.0")
    first = release(deck, "v1.0.0")
    assert first.status == 0, first.output
    assert "v1.0.0 is the first release" in first.output
    commit(deck, CARDS.replace("An array.", "An array of numbers.") + ADDED, "1.1.0-rc.1")
    tag(deck, "v1.1.0-rc.1")
    trial = release(deck, "v1.1.0-rc.1")
    assert trial.status == 0, trial.output
    commit(deck, CARDS.replace("An array.", "An array of numbers.") + ADDED, "1.1.0")
    tag(deck, "v1.1.0")
    second = release(deck, "v1.1.0")
    assert second.status == 0, second.output
    assert "Proving v1.1.0 against v1.0.0" in second.output, "learners who want no trial have 1.0.0"
    assert published(deck) == {
        "v1.0.0": files("1.0.0"),
        "v1.1.0-rc.1": files("1.1.0-rc.1") | {"prerelease"},
        "v1.1.0": files("1.1.0"),
    }
    for line in (
        (deck.parent / "releases/v1.1.0/SHA256SUMS").read_text(encoding="utf-8").splitlines()
    ):
        digest, _, name = line.partition("  ")
        assert (
            hashlib.sha256((deck.parent / "releases/v1.1.0" / name).read_bytes()).hexdigest()
            == digest
        )
    manifest = json.loads(
        (deck.parent / "releases/v1.1.0/manifest.json").read_text(encoding="utf-8")
    )
    assert (manifest["version"], len(manifest["packages"][0]["notes"])) == ("1.1.0", 3)


def test_the_whole_way_from_a_pull_request_to_learners(
    deck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Merged without a lock, locked by the workflow, released: what changed has the time of the
    release, not of the merge.
    """
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "A")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "a@example.org")
    git(deck.parent, "init", "-q", "--bare", "-b", "main", "origin.git")
    git(deck, "remote", "add", "origin", "../origin.git")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    assert run(["release", str(deck)]) == 0
    assert release(deck, "v1.0.0").status == 0
    before = {each.question: each for each in lock_of(deck).records}
    (deck / "cards.md").write_text(
        CARDS.replace("What is a tensor?", "What is a tensor made of?") + ADDED, encoding="utf-8"
    )
    git(deck, "commit", "-q", "-a", "-m", "Edit cards.md")
    git(deck, "push", "-q", "-u", "origin", "main", "--tags")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800100000")
    assert task("lock", deck).status == 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800200000")
    assert run(["release", str(deck)]) == 0
    after = {each.question: each for each in lock_of(deck).records}
    assert after["What is a tensor made of?"].guid == before["What is a tensor?"].guid
    told = {question: (each.mod, each.since, each.changed) for question, each in after.items()}
    assert told == {
        "What is an epoch?": (before["What is an epoch?"].mod, "1.0.0", "1.0.0"),
        "What is a tensor made of?": (1800200000, "1.0.0", "1.1.0"),
        "What is a loss?": (1800200000, "1.1.0", "1.1.0"),
    }
    done = release(deck, "v1.1.0")
    assert done.status == 0, done.output
    assert published(deck)["v1.1.0"] == files("1.1.0")


def test_a_tag_that_the_settings_do_not_say_is_refused(deck: Path) -> None:
    tag(deck, "v1.0.1")
    done = release(deck, "v1.0.1")
    assert (done.status, published(deck)) == (1, {})
    assert "The tag is v1.0.1, and the settings say v1.0.0" in done.output


def test_a_lock_that_is_not_up_to_date_is_refused(deck: Path) -> None:
    (deck / "cards.md").write_text(CARDS + ADDED, encoding="utf-8")
    git(deck, "commit", "-q", "-a", "-m", "No lock")
    tag(deck, "v1.0.0")
    done = release(deck, "v1.0.0")
    assert (done.status, published(deck)) == (1, {})
    assert "lock-outdated" in done.output


@pytest.mark.parametrize(
    ("version", "breaks", "code"),
    [
        pytest.param("1.0.1", False, "version-too-small", id="a patch that adds a card"),
        pytest.param("1.1.0", True, "guid-lost", id="a guid that was broken"),
    ],
)
def test_what_learners_would_lose_is_refused(
    deck: Path, version: str, breaks: bool, code: str
) -> None:
    tag(deck, "v1.0.0")
    assert release(deck, "v1.0.0").status == 0
    if breaks:
        path = deck / "ankipress.lock"
        guid = read_lock(path.read_text(encoding="utf-8"))[0].records[0].guid
        path.write_text(
            path.read_text(encoding="utf-8").replace(guid, "aaaaaaaaaaaaaaaa"), encoding="utf-8"
        )
    commit(deck, CARDS + ADDED, version)
    tag(deck, f"v{version}")
    done = release(deck, f"v{version}")
    assert (done.status, set(published(deck))) == (1, {"v1.0.0"})
    assert code in done.output
