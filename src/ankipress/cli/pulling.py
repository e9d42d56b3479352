"""What `ankipress pull` does, from an Anki to files on disk."""

from __future__ import annotations

from collections.abc import (
    Iterable,
    Mapping,
    Sequence,
)
from pathlib import Path

from ankipress.build.cards import Resources
from ankipress.build.compilation import (
    CompiledProject,
    compile_leaving_out,
    compile_with,
)
from ankipress.build.memo import open_memo
from ankipress.cli.diagnostics_text import show
from ankipress.cli.import_report import contents_of as counts_of
from ankipress.cli.main import OK, PROBLEMS
from ankipress.cli.printing import (
    can_ask,
    confirm,
    echo,
    lines_of,
)
from ankipress.cli.progress import (
    run_with_progress,
    waiting,
    with_bar,
)
from ankipress.cli.pull_branch import BranchPull
from ankipress.cli.pull_conflicts import decisions
from ankipress.cli.pull_files import PulledFiles, patch_path
from ankipress.cli.pull_outcome import PullOutcome, PullRequest
from ankipress.cli.pull_patch import PullPatch
from ankipress.cli.pull_report import (
    left_over,
    sorts_of,
    written_counts,
)
from ankipress.cli.pull_source import contents_of
from ankipress.cli.saying import say, say_cannot_write
from ankipress.diagnostics import counted, has_errors
from ankipress.diff.editions import EditionError
from ankipress.diff.packed_versions import PackedVersions
from ankipress.importing.readers.source_error import SourceError
from ankipress.live.anki_contents import AnkiContents, LiveError
from ankipress.live.comparing.anki_comparison import compare_with_anki
from ankipress.live.editing.card_editing import CardEditor
from ankipress.live.note_differences import AnkiDifferences
from ankipress.live.pulled.edit_trials import ProjectNow
from ankipress.live.pulled.pulled_project import ProjectPull
from ankipress.live.pulled.taken_notes import taken_notes
from ankipress.live.wanted_note import (
    CardEdit,
    UnwrittenEdit,
    WantedNote,
)
from ankipress.project.atomic import write_files
from ankipress.project.clock import now
from ankipress.project.file_digests import FileDigests
from ankipress.project.fixes import difference
from ankipress.project.git_program import GitError
from ankipress.project.location import location_of_project, shown_path
from ankipress.project.new_branch import NewBranch
from ankipress.project.programs import programs_fingerprint
from ankipress.project.reading import read_workspace
from ankipress.project.workspace import Workspace


def pull(request: PullRequest) -> int:
    """Take what was edited in Anki into the sources, and give the exit status."""
    paths = [request.project] if request.project else []
    run = run_with_progress()
    with open_memo(location_of_project(paths).root, programs_fingerprint()) as memo:
        workspace = read_workspace(paths, FileDigests(memo.file_stamps()))
        found = compile_leaving_out(workspace, now(), memo, run)
        if has_errors(found.diagnostics):
            show(found.diagnostics, workspace)
            return PROBLEMS
        if found.forgives:
            # The cards that a build leaves out stand between the others.
            found = compile_with(workspace, now(), memo, run)
        adoption = workspace.adoption
        if not workspace.project.lock.packed or (adoption is not None and adoption.rests):
            return _say_unbuilt()
        resources = Resources(memo, run, found.extension_code)
        return _told(_Pulling(request, found, resources), workspace)


def _told(pulling: _Pulling, workspace: Workspace) -> int:
    """Pull, and say why where that is not possible."""
    try:
        return pulling.run()
    except (LiveError, EditionError) as error:
        return say(error.code, str(error), error.help)
    except SourceError as error:
        return say("bad-source", str(error), error.help)
    except GitError as error:
        return say("not-pulled", str(error), error.help)
    except OSError as error:
        return say_cannot_write(error, workspace.root)


def _say_unbuilt() -> int:
    message = "nothing was built here under this name yet, so Anki can have none of its notes"
    help = "`ankipress push` builds it and brings it into Anki; what is edited there can be pulled"
    return say("not-pulled", message, help)


class _Pulling:
    """One pull."""

    def __init__(
        self,
        request: PullRequest,
        found: CompiledProject,
        resources: Resources,
    ) -> None:
        self._request = request
        self._found = found
        self._workspace = found.workspace
        self._resources = resources
        self._now = ProjectNow(found.workspace.project, found.compiled, now(), resources)

    def run(self) -> int:
        """Read, compare, ask, show and write. A branch that cannot be made is refused before."""
        branch = self._new_branch()
        outcome = self._outcome()
        files = PulledFiles(outcome.pulled, self._workspace)
        echo(lines_of(difference(files.texts, self._workspace)), nl=False)
        for path in files.others:
            echo(f"+ {self._workspace.display(path)}")
        patch = self._patch(outcome)
        self._say_what_is_left(outcome, patch)
        if files.is_empty and not patch:
            echo("There is nothing to pull.")
        elif self._request.is_dry or not self._agrees():
            return PROBLEMS
        else:
            self._write(outcome, files, patch, branch)
        return PROBLEMS if outcome.is_left else OK

    def _outcome(self) -> PullOutcome:
        """What differs, what is taken of it, and what becomes of that."""
        contents = contents_of(self._request.source, self._request.deck, self._found)
        echo(f"{contents.label}: {counts_of(contents.deck)}")
        differences = self._differences(contents)
        for line in (*contents.deck.warnings, *sorts_of(differences)):
            echo(f"  {line}")
        taken = taken_notes(differences, decisions(differences, self._request.always))
        pulled = ProjectPull(self._now, contents, _edits).project(taken)
        return PullOutcome(contents, differences, taken, pulled)

    def _differences(self, contents: AnkiContents) -> AnkiDifferences:
        said: list[str] = []
        versions = PackedVersions(self._workspace, self._request.base, said.append)
        lock = self._workspace.project.lock
        with waiting("Comparing", is_long=True):
            differences = compare_with_anki(contents, self._found.compiled, lock, versions)
        for line in said:
            echo(f"  {line}")
        return differences

    def _patch(self, outcome: PullOutcome) -> Mapping[Path, bytes]:
        """The file of what cannot be written; none where all can."""
        if not outcome.pulled.unwritten:
            return {}
        text = PullPatch(outcome, self._found).text()
        return {patch_path(self._workspace, self._now.time): text.encode()}

    def _say_what_is_left(
        self,
        outcome: PullOutcome,
        patch: Iterable[Path],
    ) -> None:
        kept = "write it by hand"
        for path in patch:
            if not self._request.is_dry:
                kept = f"write it by hand: {shown_path(path)} has it as a text"
        problems = list(left_over(outcome, kept))
        if problems:
            show(problems, self._workspace)

    def _write(
        self,
        outcome: PullOutcome,
        files: PulledFiles,
        patch: Mapping[Path, bytes],
        branch: NewBranch | None,
    ) -> None:
        if files.is_empty:
            files.write(patch)
            echo("Nothing of it can be written here.")
            return
        where = ""
        if branch is None:
            files.write(patch)
        else:
            where = f" into {self._commit(outcome, branch)}"
            write_files(patch, {}, self._workspace.folders_written())
        echo(f"Pulled{where}: {written_counts(outcome.pulled)}.")

    def _new_branch(self) -> NewBranch | None:
        if self._request.branch is None:
            return None
        return NewBranch(self._workspace.root, self._request.branch)

    def _commit(
        self,
        outcome: PullOutcome,
        branch: NewBranch,
    ) -> str:
        """Commit to a new branch, and say which it is."""
        commits = BranchPull(branch, self._workspace, self._found.compiled, outcome)
        number = commits.commit(each=self._request.commits_each)
        return f"the branch {self._request.branch} ({counted(number, 'commit')}, not checked out)"

    def _agrees(self) -> bool:
        """Whether somebody says that it may be written."""
        if self._request.agrees:
            return True
        if not can_ask():
            say("bad-usage", "there is no terminal to ask at", "--yes writes what is shown")
            return False
        question = "Write this?"
        if self._request.branch is not None:
            question = f"Commit this to the branch {self._request.branch}?"
        return confirm(question)


def _edits(now: ProjectNow, wanted: Sequence[WantedNote]) -> Sequence[CardEdit | UnwrittenEdit]:
    editor = CardEditor(now.project, now.compiled, now.resources)
    return editor.edits(with_bar(wanted, len(wanted), "Writing"))
