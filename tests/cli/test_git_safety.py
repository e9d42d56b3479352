"""Repositories of strangers: whatever their settings name, no command of ankipress runs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from ankipress.cli.main import run
from ankipress.preview.serve.session import PreviewSession
from ankipress.project.git import work_tree_of
from ankipress.project.git_program import GitError, git_program
from author import DAY, FIRST_RELEASE
from git_author import GitAuthor

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None or sys.platform == "win32",
    reason="git and a shell are not both here: NO REPOSITORY OF A STRANGER IS TRIED",
)

CARDS = "# Cells\n\n## What is a cell?\n\nA unit.\n"
SETTINGS = {"name": "bio", "version": "1.0.0", "uid": "bio-uid", "severity.old-version": "off"}


@pytest.fixture
def author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitAuthor:
    """An author whose last release was 1.0.0, and who has changed a card since."""
    author = GitAuthor(tmp_path / "bio", monkeypatch, SETTINGS)
    author.write("cards.md", CARDS)
    author.commit("Begin")
    assert run(["release"]) == 0
    author.at(FIRST_RELEASE + DAY)
    author.write("cards.md", CARDS.replace("A unit", "The smallest unit"))
    assert run(["build"]) == 0
    author.commit("Edit")
    return author


class Canary:
    """A program that leaves a file when it runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.program = folder / "canary"
        self._ran = folder / "ran"
        text = f"#!/bin/sh\necho \"$0 $*\" >> '{self._ran}'\n"
        self.program.write_text(text, encoding="utf-8")
        self.program.chmod(0o755)

    def hooks_in(self, folder: Path) -> None:
        """Let every hook in a folder be the program."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in HOOKS:
            shutil.copy(self.program, folder / name)

    def ran(self) -> str:
        """What ran since this was asked last."""
        if not self._ran.exists():
            return ""
        text = self._ran.read_text(encoding="utf-8")
        self._ran.unlink()
        return text


@pytest.fixture
def canary(tmp_path: Path) -> Canary:
    return Canary(tmp_path)


HOOKS = (
    "applypatch-msg commit-msg fsmonitor-watchman post-checkout post-commit post-index-change"
    " post-merge post-rewrite pre-auto-gc pre-commit prepare-commit-msg reference-transaction"
).split()
COMMANDS: Sequence[Sequence[str]] = (
    ["diff", "v1.0.0"],
    ["diff", "v1.0.0", "HEAD"],
    ["check", "--against", "v1.0.0", "--ignore", "version-too-small"],
    ["site", "--no-package"],
    ["list"],
    ["ids"],
    ["artifacts"],
    ["release", "--dry-run"],
    ["release"],
)


def run_all() -> dict[str, int]:
    """Every command for which git may be asked, with its exit status."""
    PreviewSession([Path()]).build()
    return {" ".join(words): run(list(words)) for words in COMMANDS}


READING = {" ".join(words): 0 for words in COMMANDS if "release" not in words}
RELEASED = {**READING, "release --dry-run": 0, "release": 0}
REFUSED = {**READING, "release --dry-run": 1, "release": 1}

# Settings that name a program, `{}`; a git command that runs it; and what the commands give.
ATTACKS = {
    "a monitor of files": ({"core.fsmonitor": "{}"}, ["status"], REFUSED),
    "a filter for what is written": ({"filter.x.smudge": "{}"}, ["archive", "HEAD"], REFUSED),
    "a filter for what is read": ({"filter.x.clean": "{}"}, ["status"], REFUSED),
    "a filter that stays": ({"filter.x.process": "{}"}, ["archive", "HEAD"], REFUSED),
    "a filter with a trap in its name": (
        {"filter.a=b.smudge": "{}"},
        ["archive", "HEAD"],
        REFUSED,
    ),
    "a filter in the place of git-lfs": (
        {"filter.lfs.smudge": "{}", "filter.lfs.process": "{}"},
        ["archive", "HEAD"],
        REFUSED,
    ),
    "a program of git-lfs": ({"lfs.extension.x.clean": "{}"}, [], REFUSED),
    "a program that checks signatures": (
        {"log.showSignature": "true", "gpg.program": "{}", "format.pretty": "%G?"},
        ["log"],
        REFUSED,
    ),
    "a program that signs": (
        {"commit.gpgSign": "true", "tag.gpgSign": "true", "gpg.program": "{}"},
        ["tag", "--message=x", "x"],
        REFUSED,
    ),
    "a program for keys": (
        {
            "commit.gpgSign": "true",
            "gpg.format": "ssh",
            "gpg.ssh.defaultKeyCommand": "{}",
            "gpg.ssh.program": "{}",
        },
        ["tag", "--sign", "--message=x", "x"],
        REFUSED,
    ),
    "a program that compares": ({"diff.external": "{}"}, ["diff", "v1.0.0"], RELEASED),
    "a program that shows": (
        {"diff.x.textconv": "{}"},
        ["show", "--textconv", "HEAD:cards.md"],
        RELEASED,
    ),
    "programs for people": (
        {
            "alias.status": "!{}",
            "alias.x": "!{}",
            "core.askPass": "{}",
            "core.pager": "{}",
            "credential.helper": "{}",
            "pager.rev-list": "{}",
            "sequence.editor": "{}",
        },
        ["x"],
        REFUSED,
    ),
    "an editor": ({"core.editor": "{}"}, ["commit", "--amend"], REFUSED),
    "hooks elsewhere": ({"core.hooksPath": "{}s"}, ["tag", "x"], REFUSED),
    "hooks as settings": ({"hook.x.event": "pre-commit", "hook.x.command": "{}"}, [], REFUSED),
    "settings in another file": ({"include.path": "{}.config"}, ["status"], REFUSED),
    "settings of the work tree": (
        {"extensions.worktreeConfig": "true", "core.fsmonitor": "{}"},
        ["status"],
        REFUSED,
    ),
    "other files": (
        {"core.worktree": "{}s"},
        [],
        {
            **REFUSED,
            **dict.fromkeys(
                [
                    "diff v1.0.0",
                    "diff v1.0.0 HEAD",
                    "check --against v1.0.0 --ignore version-too-small",
                ],
                1,
            ),
        },
    ),
}


def set_up(author: GitAuthor, canary: Canary, settings: dict[str, str]) -> None:
    """A repository as it is unpacked, with settings of a stranger's."""
    attributes = "*.md filter=x diff=x\nankipress.lock filter=a=b diff=x\n*.toml filter=lfs\n"
    author.write(".gitattributes", attributes)
    signer = canary.folder / "signer"
    signer.write_text(
        "#!/bin/sh\ncat >/dev/null\necho '[GNUPG:] SIG_CREATED ' >&2\n"
        "printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n'\n",
        encoding="utf-8",
    )
    signer.chmod(0o755)
    author.git("add", "--all")
    author.git("-c", f"gpg.program={signer}", "commit", "--quiet", "-S", "--message=Signed")
    canary.hooks_in(canary.folder / "canarys")
    (canary.folder / "canary.config").write_text(
        f'[core]\n  fsmonitor = "{canary.program}"\n', encoding="utf-8"
    )
    for key, value in settings.items():
        place = "--local"
        if "extensions.worktreeConfig" in settings and key != "extensions.worktreeConfig":
            place = "--worktree"
        author.git("config", place, key, value.replace("{}", str(canary.program)))
    for path in author.folder.rglob("*"):
        if ".git" not in path.parts and path.is_file():
            os.utime(path, (FIRST_RELEASE, FIRST_RELEASE))


def check_that_it_bites(author: GitAuthor, canary: Canary, proof: Sequence[str]) -> None:
    """Git itself runs the program, in a copy of the repository."""
    if proof:
        copy = author.folder.parent / "copy"
        shutil.copytree(author.folder, copy, copy_function=shutil.copy)
        subprocess.run(
            ["git", *proof], cwd=copy, check=False, capture_output=True, stdin=subprocess.DEVNULL
        )
        assert canary.ran(), "git does not run it, so this tests nothing"


@pytest.mark.parametrize("name", ATTACKS)
def test_nothing_that_a_repository_names_runs(name: str, author: GitAuthor, canary: Canary) -> None:
    settings, proof, expected = ATTACKS[name]
    set_up(author, canary, settings)
    check_that_it_bites(author, canary, proof)
    assert run_all() == expected
    assert canary.ran() == ""


@pytest.mark.parametrize("hook", HOOKS)
def test_no_hook_of_a_repository_runs(hook: str, author: GitAuthor, canary: Canary) -> None:
    (author.folder / ".git/hooks").mkdir(exist_ok=True)
    shutil.copy(canary.program, author.folder / ".git/hooks" / hook)
    assert run_all() == REFUSED
    assert canary.ran() == ""


def test_hooks_run_where_the_user_says_so(author: GitAuthor, canary: Canary) -> None:
    canary.hooks_in(author.folder / ".git/hooks")
    assert run(["release", "--hooks"]) == 0
    ran = canary.ran()
    assert all(name in ran for name in ("pre-commit", "commit-msg", "post-commit"))


def test_what_the_user_has_for_all_repositories_runs(
    author: GitAuthor, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    canary.hooks_in(canary.folder / "canarys")
    config = canary.folder / "global"
    config.write_text(f'[core]\n  hooksPath = "{canary.folder}/canarys"\n', encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    assert run(["diff", "v1.0.0"]) == run(["release", "--dry-run"]) == 0
    assert canary.ran() == ""
    assert run(["release"]) == 0
    assert "pre-commit" in canary.ran()


@pytest.mark.parametrize(
    ("settings", "url"),
    [
        pytest.param({"protocol.ext.allow": "always"}, "ext::{} %S", id="any program"),
        pytest.param({"remote.origin.uploadpack": "{}"}, "file:///nowhere", id="a folder"),
        pytest.param({"core.sshCommand": "{}"}, "ssh://host/x", id="ssh"),
    ],
)
def test_files_that_a_partial_clone_lacks_are_not_fetched(
    settings: dict[str, str],
    url: str,
    author: GitAuthor,
    canary: Canary,
    capsys: pytest.CaptureFixture[str],
) -> None:
    blob = author.git("rev-parse", "v1.0.0:cards.md")
    (author.folder / ".git/objects" / blob[:2] / blob[2:]).unlink()
    wanted = {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": url,
        **settings,
    }
    for key, value in wanted.items():
        author.git("config", key, value.replace("{}", str(canary.program)))
    check_that_it_bites(author, canary, ["show", "v1.0.0:cards.md"])
    capsys.readouterr()
    statuses = run_all()
    assert statuses["diff v1.0.0"] == statuses["release"] == 1
    assert canary.ran() == ""
    assert "cards.md is missing in this clone" in capsys.readouterr().err


def bare_repository(folder: Path, canary: Canary) -> None:
    """A repository as plain files, which a stranger can commit."""
    subprocess.run(["git", "init", "--quiet", "--bare", str(folder)], check=True)
    for key, value in {
        "core.bare": "false",
        "core.worktree": str(folder),
        "core.fsmonitor": str(canary.program),
        "core.hooksPath": str(canary.folder / "canarys"),
        "log.showSignature": "true",
    }.items():
        config = str(folder / "config")
        subprocess.run(["git", "config", "--file", config, key, value], check=True)
    canary.hooks_in(canary.folder / "canarys")


def test_a_deck_that_is_a_repository_of_a_strangers(author: GitAuthor, canary: Canary) -> None:
    """The repository around it is the user's own, and so the one that is asked."""
    deck = author.folder / "deck"
    deck.mkdir()
    author.git("mv", "cards.md", "ankipress.toml", "ankipress.lock", "CHANGELOG.md", "deck")
    author.commit("A deck in a folder")
    author.git("tag", "--force", "v1.0.0")
    bare_repository(deck, canary)
    subprocess.run(["git", "status"], cwd=deck, check=True, capture_output=True)
    assert canary.ran(), "git does not run it, so this tests nothing"
    os.chdir(deck)
    statuses = run_all()
    assert statuses["diff v1.0.0"] == 0
    assert statuses["release"] == 1  # there are files that are not committed
    assert canary.ran() == ""


def test_a_deck_that_is_a_repository_in_no_other_one(
    author: GitAuthor, canary: Canary, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(author.folder / ".git")
    bare_repository(author.folder, canary)
    statuses = run_all()
    assert statuses == {**REFUSED, **dict.fromkeys((w for w in READING if "v1.0.0" in w), 1)}
    assert canary.ran() == ""
    assert "this project is in no git repository" in capsys.readouterr().err


@pytest.mark.parametrize(
    "link",
    [
        pytest.param("gitdir: deck\n", id="files of the project"),
        pytest.param("gitdir: ../other/.git\n", id="another repository of the user"),
        pytest.param("gitdir: ../other/.git/worktrees/none\n", id="nothing"),
        pytest.param("", id="an empty file"),
        pytest.param("no words of git\n" * 10_000, id="a large file"),
    ],
)
def test_a_repository_elsewhere_that_does_not_name_the_folder(
    link: str, author: GitAuthor, canary: Canary, capsys: pytest.CaptureFixture[str]
) -> None:
    bare_repository(author.folder / "deck", canary)
    (author.folder / ".git").rename(author.folder.parent / "moved")
    other = author.folder.parent / "other"
    subprocess.run(["git", "init", "--quiet", str(other)], check=True)
    (author.folder / ".git").write_text(link, encoding="utf-8")
    statuses = run_all()
    assert statuses == {**REFUSED, **dict.fromkeys((w for w in READING if "v1.0.0" in w), 1)}
    assert canary.ran() == ""
    assert "names a repository elsewhere, which does not name this folder" in (
        capsys.readouterr().err
    )


def test_a_link_to_another_repository(author: GitAuthor) -> None:
    other = author.folder.parent / "other"
    (author.folder / ".git").rename(other)
    (author.folder / ".git").symlink_to(other)
    with pytest.raises(GitError, match="names a repository elsewhere"):
        work_tree_of(author.folder)


def test_linked_work_trees_and_submodules_are_the_users_own(author: GitAuthor) -> None:
    linked = author.folder.parent / "linked"
    author.git("worktree", "add", "--quiet", str(linked), "-b", "more")
    os.chdir(linked)
    assert run(["diff", "v1.0.0"]) == run(["release", "--dry-run"]) == 0
    outer = author.folder.parent / "outer"
    subprocess.run(["git", "init", "--quiet", str(outer)], check=True)
    words = ["-c", "protocol.file.allow=always", "submodule", "add", "--quiet", str(author.folder)]
    subprocess.run(["git", *words], cwd=outer, check=True, capture_output=True)
    os.chdir(outer / "bio")
    assert run(["diff", "v1.0.0"]) == run(["release", "--dry-run"]) == 0


def test_no_submodule_is_looked_into(author: GitAuthor, canary: Canary) -> None:
    inner = author.folder / "inner"
    subprocess.run(["git", "init", "--quiet", str(inner)], check=True)
    for words in (
        ["commit", "--quiet", "--allow-empty", "--message=x"],
        ["config", "core.fsmonitor", str(canary.program)],
    ):
        subprocess.run(["git", *words], cwd=inner, check=True)
    author.commit("A submodule")
    canary.ran()
    check_that_it_bites(author, canary, ["status"])
    assert run_all() == RELEASED
    assert canary.ran() == ""


def test_variables_that_name_another_repository_are_ignored(
    author: GitAuthor, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = author.folder.parent / "other"
    bare_repository(other, canary)
    for name in ("GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE"):
        monkeypatch.setenv(name, str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / "index"))
    monkeypatch.setenv("GIT_CONFIG", str(other / "config"))
    assert run_all() == RELEASED
    assert canary.ran() == ""


@pytest.mark.parametrize("entry", ["", ".", "deck", "{}"])
def test_a_git_of_the_project_does_not_run(
    entry: str, author: GitAuthor, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("git", "git.exe", "deck/git"):
        author.write(name, canary.program.read_bytes())
        (author.folder / name).chmod(0o755)
    author.git("add", "--all")
    author.git("commit", "--quiet", "--message=Programs")
    entry = entry.replace("{}", str(author.folder))
    monkeypatch.setenv("PATH", os.pathsep.join([entry, os.environ["PATH"]]))
    assert run_all() == RELEASED
    assert canary.ran() == ""
    assert not Path(git_program(author.folder)).is_relative_to(author.folder)


def test_a_git_that_never_ends_is_stopped(
    author: GitAuthor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("ankipress.project.git_program._SECONDS", 0.5)
    os.mkfifo(author.folder / ".git/pipe")
    author.git("config", "extensions.x", "1")  # a line after which another one is written
    with (author.folder / ".git/config").open("a", encoding="utf-8") as file:
        file.write("[include]\n  path = pipe\n")
    assert run(["diff", "v1.0.0"]) == run(["release", "--dry-run"]) == 1
    assert "git rev-parse took more than 0.5 seconds" in capsys.readouterr().err
    assert run(["site", "--no-package"]) == 0
