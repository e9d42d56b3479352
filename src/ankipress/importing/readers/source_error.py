"""Why a deck from elsewhere cannot be read."""

from __future__ import annotations


class SourceError(Exception):
    """A source cannot be read. The message is a sentence that says why; `help` says what to do."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.help = help
