"""A planned release, carried out: files written, committed and tagged, or everything as before."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ankipress.project.atomic import write_files
from ankipress.project.door import delete_file
from ankipress.project.file_states import FileState
from ankipress.project.git_program import GitError
from ankipress.project.location import shown_path
from ankipress.project.repository import Repository
from ankipress.project.workspace import Workspace
from ankipress.release.planning import Plan
from ankipress.release.unfinished import Unfinished, end


class NotUndoneError(Exception):
    """A release failed, and not all is as before. The message says what failed, and what is not."""


def carry_out(plan: Plan, repository: Repository, workspace: Workspace) -> None:
    """Do every step of a release, or none: after a failure or an interruption all is as before.

    Only what the release has done is undone, not what others did meanwhile. Nobody else may make a
    release here at the same time. Raises GitError and OSError, and NotUndoneError where something
    could not be undone.
    """
    contents = {**plan.contents, **plan.artifacts}
    root = workspace.root
    before = [FileState.of(path, root) for path in contents]
    head = repository.head()
    try:
        Unfinished(head, plan.tag, plan.message).begin(repository)
        written = {path: content for path, content in contents.items() if content is not None}
        write_files(written, workspace.as_read, inside=(root,))
        for path in contents.keys() - written.keys():
            delete_file(path, root)
        if plan.contents:
            repository.commit(plan.contents, plan.message)
        repository.tag(plan.tag, plan.message)
    except BaseException as error:
        with _uninterrupted():
            left = list(_undo(plan, repository, head, root, before))
            if not left:
                end(repository)
        if left:
            reason = "it was interrupted"
            if isinstance(error, Exception):
                reason = str(error)
            raise NotUndoneError(f"{reason}; {'; '.join(left)}") from error
        raise
    end(repository)


def _undo(
    plan: Plan,
    repository: Repository,
    head: str,
    root: Path,
    before: Sequence[FileState],
) -> Iterator[str]:
    """Undo what was done of a release, in an order that can be cut off, and say what is left."""
    try:
        _undo_in_git(plan, repository, head)
    except GitError as error:
        # The files are those of the commit, which is there.
        yield f"it could not be undone: {error}"
        return
    yield from _put_back(plan, root, before)


def _undo_in_git(plan: Plan, repository: Repository, head: str) -> None:
    commit = repository.commit_since(head, plan.message)
    repository.take_back_tag(plan.tag, commit or head, plan.message)
    if commit:
        repository.take_back_commit(plan.branch, head, commit)
    repository.take_back_index(head, list(plan.contents))


def _put_back(plan: Plan, root: Path, before: Iterable[FileState]) -> Iterator[str]:
    contents = {**plan.contents, **plan.artifacts}
    for state in before:
        try:
            state.put_back(contents[state.path], root)
        except OSError as error:
            reason = error.strerror or error
            yield f"{shown_path(state.path)} is not as it was: {reason}"


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
