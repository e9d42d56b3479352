"""A planned release, carried out: files written, committed and tagged, or everything as before."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ankipress.project.atomic import write_files
from ankipress.project.repository import Repository
from ankipress.release.planning import Plan
from ankipress.release.unfinished import Unfinished, end


def carry_out(plan: Plan, repository: Repository, root: Path) -> None:
    """Do every step of a release, or none: after a failure or an interruption all is as before.

    Raises GitError and OSError.
    """
    contents = {**plan.contents, **plan.artifacts}
    before = {path: _content(path) for path in contents}
    head = repository.head()
    try:
        Unfinished(head, plan.tag, plan.message).begin(repository)
        _write(contents, inside=root)
        if plan.contents:
            repository.commit(plan.contents, plan.message)
        repository.tag(plan.tag, plan.message)
    except BaseException:
        with _uninterrupted():
            _write(before)
            files = list(plan.contents)
            repository.go_back(head, files, plan.tag)
            end(repository)
        raise
    end(repository)


def _content(path: Path) -> bytes | None:
    if path.is_file():
        return path.read_bytes()
    return None


def _write(contents: Mapping[Path, bytes | None], inside: Path | None = None) -> None:
    """Write the files, and delete those without content."""
    written = {path: content for path, content in contents.items() if content is not None}
    write_files(written, inside=inside)
    for path, content in contents.items():
        if content is None:
            path.unlink(missing_ok=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ignore interruptions and terminations meanwhile."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may set handlers, and only it is interrupted
        return
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, signal.SIG_IGN) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
