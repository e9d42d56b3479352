"""The clock."""

from __future__ import annotations

import os
import time

import click

_LATEST = 10**11  # seconds, in the year 5138: Anki keeps milliseconds of it in 64 bits


def now() -> int:
    """The time of a build in seconds: SOURCE_DATE_EPOCH if it is set, else that of the clock."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return int(time.time())
    if not epoch.isdecimal() or not 1 <= int(epoch[:12]) < _LATEST:
        raise click.UsageError(f"SOURCE_DATE_EPOCH must be seconds since 1970, not {epoch!r}")
    return int(epoch)
