"""What a user lets a project do: run code, and read beyond its own files.

Trust is the user's own. It is kept in the user's folder for settings, a file for each project, by
the folder of the project and by digests of what was allowed. Nothing in a project can give it.
docs/markdown.md says what needs trust.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import msgspec

from ankipress.diagnostics import Diagnostic, Location
from ankipress.project.atomic import write_private
from ankipress.project.folder_locks import alone_in
from ankipress.project.location import shown_path
from ankipress.visible_text import one_line

VARIABLE = "ANKIPRESS_TRUST"
"""The variable of the environment that allows everything, where it is 1."""


@dataclass(frozen=True, slots=True)
class Want:
    """Something that a project asks for, and that only a user can allow.

    `what` names it in a few words, and `words` says it in a sentence that begins with "this project
    wants to run". `details` is all of it that must stay as it was allowed.
    """

    what: str
    words: str
    location: Location
    details: str

    @property
    def digest(self) -> str:
        """Equal for two wants of which one may do no more than the other."""
        text = self.details.encode("utf-8", "surrogateescape")
        return blake2b(text, digest_size=16).hexdigest()


class Trusted(msgspec.Struct):
    """What is kept of a project that a user trusts: its folder, and what was allowed, by digest."""

    folder: str
    allowed: dict[str, str] = {}


class DamagedTrustError(Exception):
    """A file in which trust is kept cannot be read. The message says which, and why."""


def not_allowed(wants: Iterable[Want], root: Path) -> list[Want]:
    """Those wants of the project in a folder that its user has not allowed."""
    wants = list(wants)
    if not wants or _allows_everything():
        return []
    return not_kept(wants, root)


def not_kept(wants: Iterable[Want], root: Path) -> list[Want]:
    """Those wants that are not kept as allowed, whatever the environment allows."""
    allowed: Iterable[str] = ()
    with suppress(DamagedTrustError):
        allowed = _allowed(root)
    return [each for each in wants if each.digest not in allowed]


def are_allowed(digests: Sequence[str], root: Path) -> bool:
    """Whether the user still allows what once was allowed, by its digests."""
    if not digests or _allows_everything():
        return True
    with suppress(DamagedTrustError):
        return set(digests) <= set(_allowed(root))
    return False


def untrusted(wants: Sequence[Want], root: Path) -> list[Diagnostic]:
    """An error for each want that was not allowed."""
    help = _help(root)
    return [
        Diagnostic("not-trusted", each.location, f"this project wants to run {each.words}", help)
        for each in wants
    ]


def _help(root: Path) -> str:
    command = "ankipress trust"
    if root.resolve() != Path.cwd().resolve():
        command += f" {shlex.quote(shown_path(root))}"
    help = (
        f"if you trust it, `{command}` shows what it is and allows it;"
        f" {VARIABLE}=1 in the environment allows it for one run, as in a CI"
    )
    try:
        _allowed(root)
    except DamagedTrustError as error:
        return f"{error}, so nothing is trusted; {help}"
    return help


def _allows_everything() -> bool:
    return os.environ.get(VARIABLE) == "1"


def allow(wants: Iterable[Want], root: Path) -> None:
    """Keep that a user allows some wants, beside what was allowed before. Raises OSError."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone_in([folder]):
        allowed: dict[str, str] = {}
        with suppress(DamagedTrustError):
            allowed = _allowed(root)
        for each in wants:
            allowed[each.digest] = each.what
        content = msgspec.json.encode(Trusted(_shown(root), allowed))
        write_private(_file(root), msgspec.json.format(content))


def revoke(root: Path) -> bool:
    """Take all trust from the project in a folder; False where it had none. Raises OSError."""
    try:
        _file(root).unlink()
    except FileNotFoundError:
        return False
    return True


def all_trusted() -> Iterator[Trusted | DamagedTrustError]:
    """What is kept of every project, sorted by folder; an error for each file that is damaged."""
    found: list[Trusted] = []
    for file in sorted(_folder().glob("*.json")):
        try:
            found.append(_read(file))
        except DamagedTrustError as error:
            yield error
    yield from sorted(found, key=lambda each: each.folder)


def _folder() -> Path:
    from platformdirs import user_config_path  # noqa: PLC0415 - takes a while

    return user_config_path("ankipress", appauthor=False) / "trust"


def _file(root: Path) -> Path:
    path = os.fsencode(root.resolve())
    return _folder() / f"{blake2b(path, digest_size=16).hexdigest()}.json"


def _shown(root: Path) -> str:
    return os.fsencode(root.resolve()).decode("utf-8", "backslashreplace")


def _allowed(root: Path) -> dict[str, str]:
    """What is allowed in the project of a folder, by digest. Raises DamagedTrustError."""
    file = _file(root)
    if not file.exists():
        return {}
    trusted = _read(file)
    if trusted.folder != _shown(root):
        raise DamagedTrustError(f"{shown_path(file)} is about another folder")
    return trusted.allowed


def _read(file: Path) -> Trusted:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Trusted)
    except OSError as error:
        raise DamagedTrustError(f"{shown_path(file)} cannot be read: {error.strerror}") from None
    except msgspec.MsgspecError as error:
        raise DamagedTrustError(f"{shown_path(file)} is damaged: {one_line(str(error))}") from None
