"""What the last build read and made, remembered beside the cache, with digests, and sealed as that
is.

Whether it still holds is found out by reading the same files: no time of a file is trusted. Nothing
here imports a stage, and so it takes a blink to see that nothing changed, or what.
"""

from __future__ import annotations

import json
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from itertools import accumulate, pairwise
from pathlib import Path

from ankipress.cli.cache import generation, read_plain, seal
from ankipress.cli.summary import Packed, Summary
from ankipress.project.atomic import digest
from ankipress.project.containment import leads_out
from ankipress.project.location import (
    Found,
    memory_in,
    read_settings,
    real_path,
    relative,
    sources_of,
)

_FILE, _TEXTS = "build-2", "texts-2"
WORTH_IT = 200
"""Notes; fewer are built as fast as a memory is read."""


@dataclass(frozen=True, slots=True)
class LastBuild:
    """A build of a whole project that had nothing to complain of.

    `output` is the folder that it was asked for; `patterns` are its sources, and `sources` what
    they meant, with their `sizes`. `files` are digests of all that it read and wrote, by path;
    among them are the `lock` and the packages of the `summary`. `there` is what links look up in
    the project, and whether there is such a file or folder. `others` are, for each source, the
    lines that look like the heading of a card and are none, by their order; `pieces` are the
    lengths of those in which the collection is compressed, none where there are several packages.
    `same_tools` says whether the tools that the lock names are those of now.
    """

    output: str
    patterns: Sequence[str]
    sources: Sequence[str]
    sizes: Sequence[int]
    files: Mapping[str, str]
    lock: str
    summary: Summary
    there: Mapping[str, bool] = field(default_factory=dict)
    others: Mapping[str, Sequence[int]] = field(default_factory=dict)
    pieces: Sequence[int] = ()
    same_tools: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """The last build, which of its files differ now, and the contents of its settings, sources,
    lock and packages.
    """

    found: Found
    folder: Path  # of the memory
    owner: bytes  # whose memory it is
    last: LastBuild
    changed: frozenset[str]
    contents: Mapping[str, bytes]

    @property
    def is_edited(self) -> bool:
        """Whether sources changed and nothing else, in a project that one package was made of by
        these very tools.
        """
        return (
            bool(self.last.pieces)
            and self.last.same_tools
            and self.changed <= {self.path(source) for source in self.last.others}
        )

    def path(self, source: str) -> str:
        """The whole path of a source."""
        return str(self.found.root / source)

    def sources_before(self) -> Mapping[str, bytes] | None:
        """What was in the sources, by path; None where that is not known for sure."""
        try:
            text = read_plain(self.folder / _TEXTS)
        except OSError:
            return None
        contents = {
            self.path(source): text[start:end]
            for source, (start, end) in zip(
                self.last.sources, pairwise(accumulate(self.last.sizes, initial=0)), strict=True
            )
        }
        return (
            contents
            if all(digest(contents[path]) == self.last.files[path] for path in self.changed)
            else None
        )


def remember(owner: bytes, folder: Path, last: LastBuild, sources: Iterable[bytes]) -> None:
    """Remember a build, where that is possible. Its memory proves itself: no disk need be waited
    for.
    """
    text = json.dumps(asdict(last)).encode()
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        _put(folder / _TEXTS, sources)
        _put(folder / _FILE, (seal(owner, text), b"\n", text))


def look_around(output: Path | None) -> Seen | None:
    """What became of the last build of the project around here; None where there is none to compare
    with.
    """
    found = Found.around(Path.cwd())
    folder = _folder_of(found)
    owner = owner_of(found.root) if folder else b""
    last = _recall(owner, folder) if folder else None
    if (
        folder is None
        or last is None
        or last.output != name_of(output)
        or sources_in(found.root, last.patterns) != last.sources
    ):
        return None
    if str(found.file) not in last.files or not _is_there_still(found.root, last.there):
        return None
    own = {str(found.file), last.lock, *(each.path for each in last.summary.packages)}
    if _lead_out(map(Path, last.files.keys() - own), found.root):
        return None
    kept = {*own, *(str(found.root / source) for source in last.sources)}
    contents: dict[str, bytes] = {}
    changed = set[str]()
    for path, known in last.files.items():
        content = read(Path(path))
        if (digest(content) if content is not None else "") != known:
            changed.add(path)
        if path in kept and content is not None:
            contents[path] = content
    return Seen(found, folder, owner, last, frozenset(changed), contents)


def _is_there_still(root: Path, there: Mapping[str, bool]) -> bool:
    """Whether what was there is, and what was not is not: a folder, too, makes another card of a
    link to it.
    """
    if not there:
        return True
    # Few cards link to files of the project.
    from ankipress.project.media_files import DiskMedia  # noqa: PLC0415

    media = DiskMedia(root)
    return all(media.has(path) == known for path, known in there.items())


def _lead_out(files: Iterable[Path], root: Path) -> bool:
    """Whether a link leads out of the project now, to a file or to the folder of some: a build
    refuses these.
    """
    folders: dict[Path, bool] = {}
    for file in files:
        for place in (file.parent, file):
            if place not in folders and (place != file or file.is_symlink()):
                with suppress(OSError):  # it is gone
                    folders[place] = real_path(place, root) is None
            if folders.get(place):
                return True
    return False


def _recall(owner: bytes, folder: Path) -> LastBuild | None:
    try:
        given, _, text = read_plain(folder / _FILE).partition(b"\n")
        if given != seal(owner, text):
            return None
        values = json.loads(text)
        packages = [Packed(**each) for each in values["summary"]["packages"]]
        return LastBuild(
            **{**values, "summary": Summary(**{**values["summary"], "packages": packages})}
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None  # whatever is wrong, the build itself says


def _folder_of(found: Found) -> Path | None:
    """Where a project with settings has its memory."""
    if found.file is None:
        return None
    try:
        settings = tomllib.loads(read_settings(found.file).decode())
        settings = (
            settings if found.file.name == "ankipress.toml" else settings["tool"]["ankipress"]
        )
        folder = memory_in(found.root / settings.get("output", "build"))
        return None if leads_out(folder, found.root) else folder
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def name_of(output: Path | None) -> str:
    """What stands for the folder that a build was asked for."""
    return "" if output is None else str(output.absolute())


def sources_in(root: Path, patterns: Iterable[str]) -> list[str]:
    """The files that some patterns mean, as the project calls them."""
    return [relative(path, root) for path in sources_of(root, list(patterns))]


def owner_of(root: Path) -> bytes:
    """Whose memory it is: that of these programs, in this place."""
    return generation(str(root))


def read(path: Path) -> bytes | None:
    """What is in a file, None where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def _put(path: Path, content: Iterable[bytes]) -> None:
    """Write a file at once or not at all. What a killed build left beside it goes; who still writes
    there, writes in vain.
    """
    for left in path.parent.glob(f".{path.name}.*"):
        left.unlink(missing_ok=True)
    # Closed at once.
    file = tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False)  # noqa: SIM115
    try:
        with file:
            file.writelines(content)
        Path(file.name).replace(path)
    except BaseException:
        Path(file.name).unlink(missing_ok=True)
        raise
