"""The files of tombstones: pictures and sounds of retired notes, in a folder of the project."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ankipress.diagnostics import Diagnostic, Location
from ankipress.media.content_check import check_content
from ankipress.media.media_folder import MediaFolder, Refusal
from ankipress.media.refusals import Unpackable, explain_refusal
from ankipress.model import MediaContent, MediaFile, Tombstone

KEPT_FOLDER = "retired"


@dataclass(frozen=True, slots=True)
class KeptMedia:
    """The files of the cards and of tombstones, sorted by name, and what is wrong with these."""

    files: tuple[MediaFile, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


def kept_path(name: str) -> str:
    """Where the file of a tombstone is kept, by the name that Anki knows it by."""
    return f"{KEPT_FOLDER}/{name}"


def kept_media(
    files: Sequence[MediaFile], tombstones: Iterable[Tombstone], folder: MediaFolder
) -> KeptMedia:
    """The files of the cards and of tombstones.

    A file of a tombstone that is missing is left out: learners who have the card have its files.
    """
    by_name = {each.name: each for each in files}
    names = {name for each in tombstones for name in each.media}
    problems = []
    for name in sorted(names - by_name.keys()):
        content = folder.find(kept_path(name))
        if content is Refusal.MISSING:
            continue
        checked = _checked(name, content)
        if isinstance(checked, Unpackable):
            problems.append(_problem(kept_path(name), checked))
        else:
            by_name[name] = MediaFile(name, checked)
    in_order = [by_name[name] for name in sorted(by_name)]
    return KeptMedia(tuple(in_order), tuple(problems))


def _checked(name: str, content: MediaContent | Refusal) -> MediaContent | Unpackable:
    """The content of a file, or why it is not packed."""
    if isinstance(content, Refusal):
        return explain_refusal(content)
    try:
        return check_content(name, content) or content
    except OSError:
        return explain_refusal(Refusal.CHANGING)


def _problem(path: str, wrong: Unpackable) -> Diagnostic:
    message = f"this file of a retired note {wrong.reason}"
    help = f"{wrong.help}; or delete it, since learners who have the card have its files"
    return Diagnostic(wrong.code, Location(path), message, help)
