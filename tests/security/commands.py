"""The rows of the matrix: every command of ankipress in its useful forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from security.arena import Arena, remove

PACKAGE = "PACKAGE"
"""In the words of a row, the package that was downloaded."""


@dataclass(frozen=True)
class Row:
    """A command in one of its forms.

    `words` are what is typed after `ankipress`. `writes` are patterns of the paths in the project
    that it may change, and of those in the arena with `~` for the home. `prepare` is done after the
    attack is built, before the command runs. `form` is the format of what it prints.
    """

    words: tuple[str, ...]
    writes: tuple[str, ...] = ()
    prepare: Callable[[Arena], None] | None = None
    form: str = "text"
    is_module: bool = False

    @property
    def command(self) -> str:
        """The name of the command."""
        return self.words[0]

    @property
    def line(self) -> str:
        """The row as attacks name it, and as it is typed after `ankipress`."""
        words = " ".join(self.words)
        if self.is_module:
            return f"-m {words}"
        return words


def _row(line: str, *writes: str, **more: object) -> Row:
    return Row(tuple(line.split()), writes, **more)  # type: ignore[arg-type]


def _lose_lock(arena: Arena) -> None:
    """Let the lock be lost, as for `ankipress recover`."""
    remove(arena.project / "ankipress.lock")


LOCK = "ankipress.lock"
# What a killed command left behind, as an attack imitates it, may be deleted.
_LEFTOVERS = (".*abcdefgh.tmp", "build/.*abcdefgh.tmp")
_ARTIFACTS = ("build", "build/**", *_LEFTOVERS)
_BUILD = (*_ARTIFACTS, LOCK)
_SITE = ("build", "build/site", "build/site/**", *_LEFTOVERS)
# `.git` is a file that names the folder `gitdir` in one of the attacks.
_GIT = (".git", ".git/**", "gitdir", "gitdir/**")
_PULL = (
    "cards.md",
    "cards/**",
    "media",
    "media/**",
    "notetypes",
    "notetypes/**",
    LOCK,
    *_ARTIFACTS,
)
_RELEASE = (
    *("ankipress.toml", LOCK, "ankipress.retired", "retired", "retired/**", "CHANGELOG.md"),
    *_ARTIFACTS,
    *_GIT,
)
_START = ("ankipress.toml", "cards.md", ".gitignore", ".gitattributes", "Makefile")
_WORKFLOWS = (".github", ".github/**")

ROWS = (
    _row("artifacts", *_ARTIFACTS),
    _row("build", *_BUILD),
    _row("build", *_BUILD, is_module=True),
    _row("build --locked", *_ARTIFACTS),
    _row("check"),
    _row("check --format json", form="json"),
    _row("check --format github", form="github"),
    _row("check --format sarif", form="sarif"),
    _row("check --format markdown", form="markdown"),
    _row("check --fix", "cards.md", "cards/**"),
    _row("check --diff"),
    _row("check --run"),
    _row(f"check --against {PACKAGE}"),
    _row("check --against v1.0.0"),
    _row("config"),
    _row("config --format json", form="json"),
    _row("config --format toml"),
    _row("diff v1.0.0"),
    _row("diff --format json v1.0.0", form="json"),
    _row("diff --format markdown v1.0.0", form="markdown"),
    _row("diff --format html v1.0.0", form="html"),
    _row(f"diff {PACKAGE}"),
    _row(f"diff --format markdown {PACKAGE}", form="markdown"),
    _row(f"diff --format html {PACKAGE}", form="html"),
    _row("explain empty-answer"),
    _row("export --text", *_ARTIFACTS),
    _row("export --crowdanki", *_ARTIFACTS),
    _row("ids"),
    _row("ids --write", "cards.md", "cards/**", LOCK),
    _row(f"import {PACKAGE} new", "new", "new/**"),
    _row(f"import --dry-run {PACKAGE} new"),
    _row("init", *_START),
    _row("init --yes", *_START, *_BUILD),
    _row("init --shape numbered", *_START, *_BUILD),
    _row("init --github --action a/b@v1", *_START, *_WORKFLOWS),
    _row("list --all"),
    _row("list --format json", form="json"),
    _row(f"pull --diff {PACKAGE}"),
    _row(f"pull --yes --theirs {PACKAGE}", *_PULL),
    _row(f"pull --yes --branch pulled {PACKAGE}", *_ARTIFACTS, *_GIT),
    _row("push", *_BUILD),
    _row("push --dry-run"),
    _row(f"recover --dry-run {PACKAGE}"),
    _row(f"recover {PACKAGE}", LOCK, prepare=_lose_lock),
    _row("release --dry-run"),
    _row("release", *_RELEASE),
    _row(f"release --against {PACKAGE} 3.0.0", *_RELEASE),
    _row("serve --no-open --port 0", form="web"),
    _row("site", *_SITE, form="site"),
    _row("site --no-package", *_SITE, form="site"),
    _row("trust", "~/.config/ankipress", "~/.config/ankipress/**"),
    _row(f"verify {PACKAGE}"),
)

COMING = frozenset({"trust"})
"""Commands that are being built. Their rows join as soon as the command is there."""
