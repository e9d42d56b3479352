"""The media of a newer version of a deck, beside those of the project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ankipress.media.media_folder import MediaFolder, Refusal
from ankipress.media.own_names import MEDIA
from ankipress.model import MediaContent


class MergedFolder:
    """The files of a project, and some of the folder `media/` that are to be written, by name."""

    def __init__(self, ours: MediaFolder, files: Mapping[str, MediaContent]) -> None:
        self._ours = ours
        self._files = {f"{MEDIA}/{name}": content for name, content in files.items()}

    def find(self, path: str) -> MediaContent | Refusal:
        """The content of a file, that which is to be written first."""
        return self._files.get(path) or self._ours.find(path)

    def has(self, path: str) -> bool:
        """Whether there is such a file."""
        return path in self._files or self._ours.has(path)

    def inside(self, path: str) -> str | None:
        """A path as one inside the project; None where it leads out."""
        return self._ours.inside(path)

    def names(self) -> Sequence[str]:
        """All files, sorted."""
        return sorted({*self._files, *self._ours.names()})


@dataclass(frozen=True, slots=True)
class MergedMedia:
    """What becomes of the files of a newer deck.

    `here` are digests of the files of the project, by name, of those names that the deck or the
    lock has; empty for one that is not there. `new` are not in the project yet, `changed` have
    another content there and the old one here, and `clashing` have another content in both.
    """

    here: Mapping[str, str]
    new: Mapping[str, MediaContent]
    changed: Mapping[str, MediaContent]
    clashing: frozenset[str]


def compare_media(
    theirs: Mapping[str, MediaContent],
    ours: MediaFolder,
    learners: Mapping[str, str],
) -> MergedMedia:
    """What becomes of the files of a newer deck. `learners` are the files of the lock."""
    here = dict(_digests({*theirs, *learners}, ours))
    new: dict[str, MediaContent] = {}
    changed: dict[str, MediaContent] = {}
    clashing = set()
    for name, content in theirs.items():
        if not here[name]:
            new[name] = content
        elif here[name] == content.digest:
            continue
        elif here[name] == learners.get(name):
            changed[name] = content
        elif learners.get(name) != content.digest:
            clashing.add(name)
    return MergedMedia(here, new, changed, frozenset(clashing))


def _digests(names: Iterable[str], ours: MediaFolder) -> Iterable[tuple[str, str]]:
    for name in names:
        content = ours.find(f"{MEDIA}/{name}")
        if isinstance(content, Refusal):
            yield name, ""
        else:
            yield name, content.digest
