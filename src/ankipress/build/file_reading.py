"""How files without settings are read: as their lock says, or as it is sure that they are written.

An edit of a file never changes that: the lock keeps what was chosen.
"""

from __future__ import annotations

import json
from dataclasses import replace

from ankipress.model import FileReading
from ankipress.project.location import UsageError
from ankipress.project.workspace import Workspace
from ankipress.syntax.dialect import GITHUB

_USUAL = FileReading()
_NAMES = {
    "headings": "headings of level {level}",
    "file": "a card in each file",
    "numbered": "numbered lists",
    "prefix": "lines with Q: and A:",
    "summary": "<details> whose <summary> asks",
    "bold": "lines in bold",
    "inline": "lines with ::",
    "table": "rows of tables",
}


def ask_reading(workspace: Workspace, reading: FileReading | None) -> None:
    """Read files without settings as a user says. Raises UsageError for a project, whose settings
    say it.
    """
    if reading is not None and workspace.has_settings:
        settings = f'`shape = "{reading.shape}"`'
        if reading.card_level != _USUAL.card_level:
            settings += f" and `card_level = {json.dumps(reading.card_level)}`"
        raise UsageError(f"--shape is for files without settings: a project sets {settings}")
    workspace.asked_reading = reading


def choose_reading(workspace: Workspace) -> None:
    """Set the shape and the level by which the files of a workspace without settings are read."""
    project = workspace.project
    if workspace.has_settings:
        return
    reading = workspace.asked_reading or project.lock.reading
    if reading is None and not project.lock.records:
        reading = _detected(workspace)
        workspace.found_reading = reading
    if reading is None or reading == _USUAL:
        return
    settings = replace(
        project.settings,
        shape=reading.shape,
        card_level=reading.card_level,
        kind=reading.kind,
        dialect=reading.dialect,
    )
    workspace.project = replace(
        project,
        settings=settings,
        reading=reading,
    )


def _detected(workspace: Workspace) -> FileReading | None:
    """The reading of files in which it is sure and not the usual one."""
    # Most builds know it.
    from ankipress.parse.shapes.detection import detect  # noqa: PLC0415

    detected = detect(workspace.project.sources)
    best = detected.best
    if best is None or not detected.is_sure:
        return None
    reading = best.reading(GITHUB)
    if reading == _USUAL:
        return None
    return reading


def name_of_reading(reading: FileReading) -> str:
    """A shape in words."""
    level = reading.card_level
    if reading.kind:
        return f"{name_of_reading(replace(reading, kind=''))} of kind {reading.kind}"
    if level == "auto":
        return "headings of the level that asks in each file"
    return _NAMES[reading.shape].format(level=level)
