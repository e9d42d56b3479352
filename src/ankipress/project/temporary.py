"""A folder for temporary files that nobody else can read, and that does not stay for ever.

A killed process cannot delete its folder, so the next one does. Who uses a folder has a lock on
it, which the system releases when the process ends, however it ends.
"""

from __future__ import annotations

import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from ankipress.project.folder_locks import SomebodyElseError, alone_in, only_user_of

_PREFIX = "files-"


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """An empty folder in the user's own cache folder, until the end.

    Those of killed processes are deleted. Raises OSError.
    """
    try:
        base = _own_base()
    except OSError:  # no home, a disk that refuses: the system's folder, which is cleared by it
        with tempfile.TemporaryDirectory(prefix="ankipress-") as name:
            yield Path(name)
        return
    with ExitStack() as stack:
        # Nobody clears up between the making of a folder and its lock.
        with alone_in([base]):
            _clear_leftovers(base)
            folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=base))
            stack.callback(_delete, folder)
            stack.enter_context(only_user_of(folder))
        yield folder


def _own_base() -> Path:
    from platformdirs import user_cache_path  # noqa: PLC0415 - takes a while

    base = user_cache_path("ankipress", appauthor=False) / "temporary"
    base.mkdir(parents=True, exist_ok=True)
    base.chmod(stat.S_IRWXU)
    return base


def _clear_leftovers(base: Path) -> None:
    for folder in base.glob(f"{_PREFIX}*"):
        with suppress(SomebodyElseError, OSError):
            with only_user_of(folder) as is_certain:
                pass
            if is_certain:
                _delete(folder)


def _delete(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
