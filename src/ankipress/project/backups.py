"""Folders for backups of what a user has in Anki, in the user's own folder for data."""

from __future__ import annotations

import re
import shutil
import stat
from datetime import datetime
from pathlib import Path

_KEPT = 20  # folders
_NAME = re.compile(r"\d{4}-\d\d-\d\d-\d\d\.\d\d\.\d\d(-\d+)?")


def backup_folder() -> Path:
    """A new folder for a backup, named by the time. The oldest ones are deleted. Raises OSError."""
    from platformdirs import user_data_path  # noqa: PLC0415 - takes a while

    base = user_data_path("ankipress", appauthor=False) / "backups"
    base.mkdir(parents=True, exist_ok=True)
    base.chmod(stat.S_IRWXU)
    _delete_old(base)
    name = datetime.now().astimezone().strftime("%Y-%m-%d-%H.%M.%S")
    folder = base / name
    number = 1
    while folder.exists():
        number += 1
        folder = base / f"{name}-{number}"
    folder.mkdir()
    return folder


def _delete_old(base: Path) -> None:
    found = sorted(path for path in base.iterdir() if _NAME.fullmatch(path.name))
    for path in found[: -(_KEPT - 1)]:
        shutil.rmtree(path, ignore_errors=True)
