"""The programs that a repository names itself, and that git runs when a release is committed.

A clone has none of them: each is what its user has set up there. Who unpacks a stranger's archive
with a `.git` in it may get some. Programs that the user's own settings name, for all repositories,
are not among them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ankipress.project.git import WorkTree
from ankipress.project.git_program import run_git

_OF_REPOSITORY = frozenset({"local", "worktree"})
_BOOLEANS = frozenset({"", "0", "1", "false", "no", "off", "on", "true", "yes"})
# A key has a section, perhaps a name of any text, and a last part. Git writes the first and the
# last in lower case.
_PROGRAM = re.compile(
    r"core\.(?:alternaterefscommand|askpass|editor|fsmonitor|gitproxy|hookspath|sshcommand)"
    r"|filter\..*\.(?:clean|process|smudge)"
    r"|gc\.recentobjectshook"
    r"|gpg\.(?:.*\.)?(?:defaultkeycommand|program)"
    r"|hook\..*"
    r"|lfs\.(?:customtransfer|extension)\..*|lfs\.standalonetransferagent"
    r"|trailer\..*\.(?:cmd|command)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Setting:
    scope: str
    key: str
    value: str

    @property
    def is_of_repository(self) -> bool:
        return self.scope in _OF_REPOSITORY


def repository_programs(tree: WorkTree) -> Iterator[str]:
    """The keys of the settings and the hooks by which programs of the repository's own would run.

    Raises GitError.
    """
    hooks = tree.common_dir / "hooks"
    for setting in _settings(tree):
        if setting.is_of_repository and _names_program(setting):
            yield setting.key
        if setting.key == "core.hookspath":
            hooks = tree.top / Path(setting.value).expanduser()
    # Hooks that the user has for all repositories stand outside of them.
    if _is_inside(hooks, tree.top) or _is_inside(hooks, tree.common_dir):
        yield from _hooks(hooks)


def _settings(tree: WorkTree) -> Iterator[_Setting]:
    words = run_git(tree.top, "config", "--list", "--show-scope", "-z").split(b"\0")
    for scope, setting in zip(words[::2], words[1::2], strict=False):
        key, _, value = os.fsdecode(setting).partition("\n")
        if scope != b"command":  # that is how ankipress calls git
            yield _Setting(scope.decode(), key, value)


def _names_program(setting: _Setting) -> bool:
    if setting.key == "core.fsmonitor" and setting.value.lower() in _BOOLEANS:
        return False  # git's own monitor
    return _PROGRAM.fullmatch(setting.key) is not None


def _is_inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _hooks(folder: Path) -> Iterator[str]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        is_hook = path.suffix != ".sample" and os.access(path, os.X_OK)
        if is_hook and not path.is_dir():
            yield f"hooks/{path.name}"
