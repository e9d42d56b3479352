"""What libraries log, such as the server of `ankipress serve`: printed as all else is."""

from __future__ import annotations

import logging

from ankipress.cli.printing import echo, lines_of


class LogLines(logging.Handler):
    """Prints records to stderr, none of which commands the terminal."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print a record."""
        echo(lines_of(self.format(record)), err=True)


def print_errors() -> None:
    """From now on, print the errors that any library logs."""
    logging.getLogger().addHandler(LogLines(logging.ERROR))
