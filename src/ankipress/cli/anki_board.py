"""The Anki that runs, as the page of `ankipress serve` asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ankipress.build.compilation import CompiledProject
from ankipress.cli.anki_connection import running_anki
from ankipress.cli.anki_reading import AnkiAsRead
from ankipress.cli.push_program import PlannedPush, PushProgram, plan_by_program
from ankipress.live.anki_contents import LiveError
from ankipress.live.running.connected_contents import project_scope, read_running_anki
from ankipress.model import FileReading
from ankipress.preview.serve.anki_states import AnkiRefusalError


@dataclass(frozen=True, slots=True)
class RunningAnkiBoard:
    """An Anki that answers by AnkiConnect, and the project that some paths mean."""

    paths: Sequence[Path]
    reading: FileReading | None = None

    def read(self, found: CompiledProject) -> AnkiAsRead:
        """Ask Anki for what it has of a project. Raises AnkiRefusalError."""
        try:
            contents = read_running_anki(running_anki(), project_scope(found.compiled))
        except LiveError as error:
            raise AnkiRefusalError(str(error), error.help) from error
        except OSError as error:
            help = "look whether there is space for temporary files"
            raise AnkiRefusalError(f"Anki cannot be read: {error}", help) from error
        return AnkiAsRead(contents)

    def plan(self, found: CompiledProject) -> PlannedPush:
        """What a push would do. Raises AnkiRefusalError where it would refuse."""
        if len(self.paths) > 1 or self.reading is not None:
            message = "only a project with settings is sent from here"
            raise AnkiRefusalError(message, "`ankipress init` makes settings")
        path = next(iter(self.paths), None)
        return plan_by_program(PushProgram(path))
