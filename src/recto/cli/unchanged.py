"""Nothing changed: where all files are as the last build read and left them, a build has nothing to do but to say so.

What a build read and wrote is remembered beside the cache, with digests, and sealed as that is. Whether it still holds is found
out by reading the same files: no time of a file is trusted. Nothing here imports a stage, and so it takes a blink.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from recto.archive import write_files
from recto.cli.cache import generation, seal
from recto.cli.found import Found, read_settings, relative, sources_of

if TYPE_CHECKING:
    from recto.cli.files import Workspace

_FILE = "build-1"
WORTH_IT = 200
"""Notes; fewer are built as fast as a memory is read."""


@dataclass(frozen=True, slots=True)
class _Build:
    """A build that had nothing to complain of.

    `output` is the folder that it was asked for; `patterns` are its sources, and `sources` what they meant. `files` are digests
    of all that it read and wrote, and `line` is what it says where nothing changed.
    """

    output: str
    patterns: Sequence[str]
    sources: Sequence[str]
    files: Mapping[str, str]
    line: str


def remember(output: Path | None, workspace: Workspace, line: str, written: Mapping[Path, bytes]) -> None:
    """Remember a build of a whole project, where that is possible."""
    root, patterns = workspace.root, (*workspace.project.settings.sources, "notetypes/*/*")
    # What was built is what was read then: a file may be another one by now.
    known = {path: _digest(content) for path, content in workspace.as_read.items() if content is not None}
    read = {path: known.get(path) or _digest_of(path) for path in (*workspace.files_read(), *root.glob("notetypes/*/*"))}
    files = {**read, **{path: _digest(content) for path, content in written.items()}}
    build = _Build(_name(output), patterns, _sources(root, patterns), {str(path): digest for path, digest in files.items()}, line)
    text = json.dumps(asdict(build)).encode()
    with suppress(OSError):
        write_files({_place(workspace.output): seal(_owner(root), text) + b"\n" + text})


def up_to_date(output: Path | None) -> str | None:
    """What to say where a build of the project around here would change nothing; None where it must be run to know."""
    found = Found.around(Path.cwd())
    build = _recall(found)
    if build is None or build.output != _name(output) or _sources(found.root, build.patterns) != build.sources:
        return None
    holds = all(_digest_of(Path(path)) == digest for path, digest in build.files.items())
    return build.line if holds else None


def _recall(found: Found) -> _Build | None:
    if found.file is None:
        return None
    try:
        settings = tomllib.loads(read_settings(found.file).decode())
        settings = settings if found.file.name == "recto.toml" else settings["tool"]["recto"]
        given, _, text = _place(found.root / settings.get("output", "build")).read_bytes().partition(b"\n")
        return _Build(**json.loads(text)) if given == seal(_owner(found.root), text) else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None  # whatever is wrong, the build itself says


def _place(output: Path) -> Path:
    return output / ".cache" / _FILE


def _name(output: Path | None) -> str:
    return "" if output is None else str(output.absolute())


def _sources(root: Path, patterns: Iterable[str]) -> list[str]:
    return [relative(path, root) for path in sources_of(root, list(patterns))]


def _owner(root: Path) -> bytes:
    """Whose memory it is: that of these programs, in this place."""
    return generation(str(root))


def _digest_of(path: Path) -> str:
    """A digest of what is in a file, empty where it cannot be read."""
    try:
        return _digest(path.read_bytes())
    except OSError:
        return ""


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=20).hexdigest()
