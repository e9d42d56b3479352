"""Why a file is not packed: the code of the problem, what its message says, and what helps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ankipress.media.media_folder import LARGEST, Refusal

HELP: Mapping[str, str] = {
    "bad-svg": "save it anew as plain SVG, in UTF-8",
    "cannot-read": "check that it is a file, that you may read it, and that nothing writes to it",
    "local-link": "link to its address on the web, or leave the link out",
    "media-outside": (
        "copy the file into the project, for example into media/, and refer to it there;"
        " or make a project of the folder that holds both, with an `ankipress.toml`"
    ),
    "media-too-large": "make it smaller",
    "missing-media": "references are relative to the file they stand in",
    "remote-media": "learners see it only online, and its host sees them: copy it into media/",
    "sound-mark": "write it between back-ticks if it is text, or put the file beside this one",
    "unsafe-svg": "save it without scripts and without references to other files",
    "wiki-link": (
        "write ![what it shows](path/of/the/file);"
        ' the setting `dialect = "obsidian"` reads it as Obsidian does'
    ),
}
"""What helps against the problems of references, by code."""
_MOST_REMOVED = 3  # things that one message names


@dataclass(frozen=True, slots=True)
class Unpackable:
    """Why a file cannot be packed.

    `reason` follows the file in a message, as in `"a.png" is empty`.
    """

    code: str
    reason: str
    help: str


_REASONS = {
    Refusal.MISSING: ("missing-media", "is not there"),
    Refusal.OUTSIDE: (
        "media-outside",
        "lies outside the project, or is no picture, sound or video",
    ),
    Refusal.TOO_LARGE: (
        "media-too-large",
        f"has more than {LARGEST // 2**20} MiB, which Anki does not sync",
    ),
    Refusal.UNREADABLE: ("cannot-read", "cannot be read"),
    Refusal.CHANGING: ("cannot-read", "changed while it was read"),
}


def explain_refusal(refusal: Refusal) -> Unpackable:
    """Why a file that is not read is not packed."""
    code, reason = _REASONS[refusal]
    return Unpackable(code, reason, HELP[code])


def removal_message(reference: str, removed: tuple[str, ...]) -> str:
    """What `unsafe-svg` says of a picture without the things that were removed."""
    shown = ", ".join(removed[:_MOST_REMOVED])
    more = len(removed) - _MOST_REMOVED
    if more > 0:
        shown += f" and {more} more"
    return f'"{reference}" holds what a picture on a card may not do, and is packed without {shown}'
