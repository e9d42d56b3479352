"""Attacks by git: what a repository can run, and what its history holds."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

from security.arena import Arena, remove
from security.attack import Family

GIT = Family(
    "git",
    (
        *("check --against v1.0.0", "diff v1.0.0", "release --dry-run", "release", "site"),
        "pull --yes --branch pulled PACKAGE",
    ),
)
_EVERY = (
    *("artifacts", "build", "check", "init --github --action a/b@v1", "list --all"),
    *("recover --dry-run PACKAGE", "serve --no-open --port 0", "trust"),
)
"""The commands beside them, for attacks that stand for their kind."""
_HISTORY = (
    *("check --against v1.0.0", "diff v1.0.0", "diff --format html v1.0.0", "release --dry-run"),
    "release",
)
_SIGNING = "[commit]\ngpgSign = true\n[tag]\ngpgSign = true\n[log]\nshowSignature = true\n"
# Git runs each of these at some time: after the index was written, before a commit, and so on.
_HOOKS = (
    *("post-index-change", "post-checkout", "reference-transaction", "pre-commit", "commit-msg"),
    *(
        "prepare-commit-msg",
        "post-commit",
        "pre-auto-gc",
        "sendemail-validate",
        "fsmonitor-watchman",
    ),
)


def _script(arena: Arena, name: str) -> str:
    """A program of the stranger's that is a canary, and passes on what git gives it."""
    place = arena.project / "tools" / name
    place.parent.mkdir(exist_ok=True)
    place.write_text(f"#!/bin/sh\n{arena.canary(name)}\ncat\n", encoding="utf-8")
    place.chmod(0o755)
    return shlex.quote(str(place))


def _hooks(arena: Arena, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in _HOOKS:
        hook = folder / name
        hook.write_text(f"#!/bin/sh\n{arena.canary(f'hook-{name}')}\n", encoding="utf-8")
        hook.chmod(0o755)


def _configure(config: Path, text: str) -> None:
    with config.open("a", encoding="utf-8") as file:
        file.write(text)


def _filters(arena: Arena) -> str:
    """A configuration with filters and ways to show files, which attributes ask for."""
    run = _script(arena, "filter")
    attributes = "* filter=evil diff=evil merge=evil\n"
    arena.write(".gitattributes", attributes)
    return (
        f'[filter "evil"]\nsmudge = {run}\nclean = {run}\nprocess = {run}\nrequired = false\n'
        f'[diff "evil"]\ncommand = {run}\ntextconv = {run}\n'
        f'[merge "evil"]\ndriver = {run}\n'
    )


def _programs(arena: Arena) -> str:
    """A configuration with all other programs that git may start."""
    run = _script(arena, "program")
    return (
        f"[core]\npager = {run}\neditor = {run}\nsshCommand = {run}\naskPass = {run}\n"
        f"alternateRefsCommand = {run}\ngitProxy = {run}\n"
        f"[diff]\nexternal = {run}\n[sequence]\neditor = {run}\n[interactive]\ndiffFilter = {run}\n"
        f'[credential]\nhelper = !{run}\n[trailer "x"]\ncommand = {run}\nifExists = replace\n'
        f"[pager]\nstatus = {run}\nlog = {run}\ntag = {run}\nshow = {run}\ndiff = {run}\n"
        f"[alias]\nstatus = !{run}\n[gc]\nauto = 1\n[maintenance]\nauto = true\n"
    )


def _own(arena: Arena) -> Path:
    """The configuration of the project's own repository, as it comes with a downloaded folder."""
    # What the attack has written is committed, so that nothing looks as if it were edited.
    arena.commit()
    return arena.project / ".git" / "config"


def _embedded(arena: Arena) -> Path:
    """Let the deck's folder be a repository that is committed in the user's own; its configuration.

    Git takes a folder with `HEAD`, `objects` and `refs` for a repository of its own.
    """
    repository = arena.project / ".git"
    for each in sorted(repository.iterdir()):
        if each.name != "index":
            shutil.move(each, arena.project / each.name)
    shutil.rmtree(repository)
    config = arena.project / "config"
    config.write_text(
        f"[core]\nrepositoryformatversion = 0\nbare = false\nworktree = {arena.project}\n",
        encoding="utf-8",
    )
    return config


def _enclose(arena: Arena) -> None:
    """Commit the folder of the deck in a repository of the user's own around it."""
    arena.git("init", "--quiet", folder=arena.project.parent)
    # By its files, since git would take the folder itself for a repository too.
    environment = dict(arena.environment()) | {"GIT_DIR": str(arena.project.parent / ".git")}
    environment |= {"GIT_WORK_TREE": str(arena.project.parent)}
    for words in (("add", "--all"), ("commit", "--quiet", "-m", "A deck"), ("tag", "v1.0.0")):
        subprocess.run(
            ["git", "-c", "core.hooksPath=/dev/null", *words],
            cwd=arena.project.parent,
            env=environment,
            check=True,
            capture_output=True,
        )


@GIT.attack("a repository in the repository: fsmonitor", also=["build", "init", "trust"])
def _embedded_fsmonitor(arena: Arena) -> None:
    """The folder of the deck is a repository too, whose `core.fsmonitor` is a command."""
    _configure(_embedded(arena), f"fsmonitor = {_script(arena, 'fsmonitor')}\n")
    _enclose(arena)


@GIT.attack("a repository in the repository: filters")
def _embedded_filters(arena: Arena) -> None:
    """The folder of the deck is a repository too, with filters for every file."""
    _configure(_embedded(arena), _filters(arena))
    _enclose(arena)


@GIT.attack("a repository in the repository: signatures")
def _embedded_gpg(arena: Arena) -> None:
    """The folder of the deck is a repository too, whose `gpg.program` is a command."""
    _configure(_embedded(arena), f"[gpg]\nprogram = {_script(arena, 'gpg')}\n{_SIGNING}")
    _enclose(arena)


@GIT.attack("a repository in the repository: hooks")
def _embedded_hooks(arena: Arena) -> None:
    """The folder of the deck is a repository too, with hooks."""
    config = _embedded(arena)
    _hooks(arena, arena.project / "hooks")
    _configure(config, f"hooksPath = {arena.project}/hooks\n")
    _enclose(arena)


@GIT.attack("a repository in the repository: programs")
def _embedded_programs(arena: Arena) -> None:
    """The folder of the deck is a repository too, with a pager, an editor and other programs."""
    _configure(_embedded(arena), _programs(arena))
    _enclose(arena)


@GIT.attack("a repository in the repository: another work tree")
def _embedded_tree(arena: Arena) -> None:
    """The folder of the deck is a repository too, whose work tree is a folder of the user's."""
    config = _embedded(arena)
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace(str(arena.project), str(arena.outside)), encoding="utf-8")
    _enclose(arena)


@GIT.attack("a work tree of the user's")
def _tree_elsewhere(arena: Arena) -> None:
    """`.git/config` names a folder of the user's as work tree."""
    text = f"[core]\nworktree = {arena.outside}\n"
    _configure(_own(arena), text)


@GIT.attack("a configuration: fsmonitor")
def _fsmonitor(arena: Arena) -> None:
    """`core.fsmonitor` in `.git/config` is a command."""
    text = f"[core]\nfsmonitor = {_script(arena, 'fsmonitor')}\n"
    _configure(_own(arena), text)


@GIT.attack("a configuration: filters")
def _own_filters(arena: Arena) -> None:
    """`.git/config` has filters, and `.gitattributes` asks for them."""
    text = _filters(arena)
    _configure(_own(arena), text)


@GIT.attack("a configuration: signatures")
def _gpg(arena: Arena) -> None:
    """`gpg.program` in `.git/config` is a command, and signatures are asked for and shown."""
    text = f"[gpg]\nprogram = {_script(arena, 'gpg')}\n{_SIGNING}"
    _configure(_own(arena), text)


@GIT.attack("a configuration: hooks", rows=[row for row in GIT.rows if row != "release"])
def _own_hooks(arena: Arena) -> None:
    """`.git/hooks` has programs. Those of a commit may run where one's own release is committed."""
    _hooks(arena, arena.project / ".git" / "hooks")


@GIT.attack("a configuration: programs", also=_EVERY)
def _own_programs(arena: Arena) -> None:
    """`.git/config` has a pager, an editor and other programs."""
    text = _programs(arena)
    _configure(_own(arena), text)


@GIT.attack("a file that leads to another repository")
def _gitfile(arena: Arena) -> None:
    """`.git` is a file that names a folder of the project, whose configuration has commands."""
    arena.write(".gitignore", "/build/\n/gitdir/\n")
    text = f"[core]\nfsmonitor = {_script(arena, 'fsmonitor')}\n{_programs(arena)}"
    _configure(_own(arena), text)
    shutil.move(arena.project / ".git", arena.project / "gitdir")
    arena.write(".git", "gitdir: gitdir\n")


@GIT.attack("a configuration that includes another")
def _include(arena: Arena) -> None:
    """`.git/config` includes a file of the project, in which are commands and a work tree."""
    text = f"[core]\nfsmonitor = {_script(arena, 'fsmonitor')}\n{_filters(arena)}"
    arena.write("evil.config", text)
    text = f"[include]\npath = {arena.project}/evil.config\n"
    _configure(_own(arena), text)


@GIT.attack("a module with a configuration")
def _submodule(arena: Arena) -> None:
    """A folder is a module of git whose own configuration has commands."""
    module = arena.project / "module"
    module.mkdir()
    (module / "a.txt").write_text("a\n", encoding="utf-8")
    arena.git("init", "--quiet", folder=module)
    arena.git("add", "--all", folder=module)
    arena.git("commit", "--quiet", "--message=A module", folder=module)
    arena.write(".gitmodules", '[submodule "module"]\npath = module\nurl = ./module\n')
    text = f"[core]\nfsmonitor = {_script(arena, 'module')}\n"
    arena.commit()
    _configure(module / ".git" / "config", text)


def _history(arena: Arena) -> None:
    """Let both releases be what the project is now, and the project what it was before."""
    arena.git("add", "--all")
    arena.git("commit", "--quiet", "--message=A hostile release")
    for tag in ("v1.0.0", "v2.0.0"):
        arena.git("tag", "--force", "--annotate", "--message=Hostile", tag)
    arena.git("rm", "-r", "--quiet", "--force", ".")
    arena.git("checkout", "--quiet", "HEAD~1", "--", ".")
    arena.commit()


@GIT.attack("a release of links", rows=_HISTORY)
def _revision_links(arena: Arena) -> None:
    """In an earlier commit, source, lock, settings and picture are links that lead out."""
    arena.link("cards.md", arena.outside / "secret.md")
    arena.link("ankipress.lock", arena.outside / "secret.lock")
    arena.link("media/a.png", arena.outside / "secret.png")
    arena.link("CHANGELOG.md", arena.outside / "secret-changelog.md")
    _history(arena)


@GIT.attack("a release whose settings lead out", rows=_HISTORY)
def _revision_settings(arena: Arena) -> None:
    """In an earlier commit, the file of the settings is a link that leads out."""
    arena.link("ankipress.toml", arena.outside / "secret.toml")
    _history(arena)


@GIT.attack("a release with an extension", rows=_HISTORY)
def _revision_extension(arena: Arena) -> None:
    """In an earlier commit, the settings name `subprocess:Popen` as an extension."""
    words = ", ".join(f'"{word}"' for word in shlex.split(arena.canary("revision")))
    arena.add(
        "ankipress.toml",
        f'extensions = [{{name = "subprocess:Popen", options = {{args = [{words}]}}}}]\n',
    )
    _history(arena)


@GIT.attack("a release whose lock leads out", rows=_HISTORY)
def _revision_lock(arena: Arena) -> None:
    """In an earlier commit, guids of the lock lead out, and hold escapes."""
    text = (arena.project / "ankipress.lock").read_text(encoding="utf-8")
    text = text.replace('{"guid":"', '{"guid":"../../../\\u001b[31m\\n::error::e')
    arena.write("ankipress.lock", text)
    _history(arena)


@GIT.attack("a release whose files lead out", rows=_HISTORY)
def _revision_tree(arena: Arena) -> None:
    """The tree of an earlier commit holds a file `../../index.html`, and one below a link."""
    arena.link("link", arena.outside)
    _history(arena)
    blob = _git_output(arena, "hash-object", "-w", "--stdin", stdin=b"hostile")
    tree = _git_output(arena, "cat-file", "tree", "v1.0.0^{tree}", is_text=False)
    evil = _tree(arena, b"100644 index.html\0" + bytes.fromhex(blob.decode()))
    up = _tree(arena, b"40000 ..\0" + bytes.fromhex(evil.decode()))
    hostile = b"40000 ..\0" + bytes.fromhex(up.decode())
    hostile += b"40000 link\0" + bytes.fromhex(evil.decode()) + tree
    top = _tree(arena, hostile)
    commit = _git_output(arena, "commit-tree", "-m", "Hostile", top.decode())
    for tag in ("v1.0.0", "v2.0.0"):
        arena.git("tag", "--force", tag, commit.decode())


def _tree(arena: Arena, content: bytes) -> bytes:
    words = ("hash-object", "-w", "-t", "tree", "--literally", "--stdin")
    return _git_output(arena, *words, stdin=content)


def _git_output(arena: Arena, *words: str, stdin: bytes = b"", is_text: bool = True) -> bytes:
    done = subprocess.run(
        ["git", *words],
        cwd=arena.project,
        env=arena.environment(),
        input=stdin,
        check=True,
        capture_output=True,
    )
    return done.stdout.strip() if is_text else done.stdout


@GIT.attack(
    "a branch that is a command", rows=["release --dry-run", "release", "check", "diff v1.0.0"]
)
def _branch(arena: Arena) -> None:
    """The branch is called `main$(canary)`, and the last line of a release is to be copied."""
    arena.git("branch", "--move", f"main$(touch${{IFS}}{arena.canaries.name}`x`;x|y)\u202e")


@GIT.attack("tags that are options")
def _tags(arena: Arena) -> None:
    """Tags are called like options, like numbers beyond all, and with a turned direction."""
    packed = arena.project / ".git" / "packed-refs"
    head = _git_output(arena, "rev-parse", "HEAD").decode()
    names = ("-x", "--output=x", f"v{'9' * 5000}.0.0", "v3.0.0-a\u202e", "v3.0.0-\x9b")
    with packed.open("a", encoding="utf-8") as file:
        for name in sorted(names):
            file.write(f"{head} refs/tags/{name}\n")


@GIT.attack("a repository that is damaged")
def _damaged(arena: Arena) -> None:
    """`HEAD` names a branch with escapes in it, and the index is noise."""
    (arena.project / ".git" / "HEAD").write_text("ref: refs/heads/\x1b[31m::error::e\n")
    (arena.project / ".git" / "index").write_bytes(b"noise" * 100)


@GIT.attack("a repository of pipes", rows=("release --dry-run", "diff v1.0.0", "site"))
def _pipes(arena: Arena) -> None:
    """`.git` is a named pipe."""
    remove(arena.project / ".git")
    os.mkfifo(arena.project / ".git")


@GIT.attack("pipes that git reads", rows=("release --dry-run", "diff v1.0.0", "site"))
def _pipe_attributes(arena: Arena) -> None:
    """`.gitattributes` is a named pipe, and so is `.mailmap`."""
    for name in (".gitattributes", ".mailmap"):
        os.mkfifo(arena.project / name)
