"""A push, from what was compiled to what Anki has of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from ankipress.build.compilation import CompiledProject
from ankipress.build.memo import Memo
from ankipress.build.pipeline import packages_of, write_package
from ankipress.cli.building import BuildRequest, packages_by_path
from ankipress.cli.main import OK, PROBLEMS
from ankipress.cli.open_package import open_packages
from ankipress.cli.printing import can_ask, confirm, echo
from ankipress.cli.progress import waiting
from ankipress.cli.push_report import show_forecast
from ankipress.cli.saying import say
from ankipress.diagnostics import counted
from ankipress.diff.collection import ImportOutcome
from ankipress.diff.edition import compiled_edition
from ankipress.diff.editions import FILES
from ankipress.diff.packed_versions import PackedVersions
from ankipress.live.comparing.anki_comparison import compare_with_anki
from ankipress.live.pushed.push_plan import PushPlan, not_arrived, plan_push, surprises, tool_tags
from ankipress.live.pushed.push_target import PushTarget
from ankipress.project.atomic import write_files
from ankipress.project.location import UsageError
from ankipress.project.temporary import temporary_folder

_NOTHING_DONE = "nothing was written, and nothing changed there"
_NO_ANKI = (
    "No Anki with the add-on AnkiConnect (2055492159) answers, so nothing tells what was edited"
    " there."
)
_MOST_SAID = 10  # surprises


@dataclass(frozen=True, slots=True)
class PushRequest:
    """What a user wants of a push: to overwrite what was edited there, to suspend or delete what is
    retired, to be asked nothing, or only to see what would happen.
    """

    force: bool
    suspends: bool
    deletes: bool
    agrees: bool
    is_dry: bool


class Push:
    """One push. `prepare` is called when the deck is compiled, and `finish` when it is written, if
    it `goes_on`.
    """

    def __init__(
        self,
        build: BuildRequest,
        memo: Memo,
        target: PushTarget | None,
        request: PushRequest,
    ) -> None:
        self.goes_on = False
        self._build = build
        self._memo = memo
        self._target = target
        self._request = request
        self._built: CompiledProject | None = None
        self._plan: PushPlan | None = None

    def prepare(self, built: CompiledProject) -> int | None:
        """Show what would happen, and ask. None where the deck is to be built, else the exit
        status.
        """
        self._built = built
        if self._target is None:
            return self._prepare_opening()
        self._plan = self._planned(built, self._target)
        show_forecast(self._plan, self._target.label)
        if self._plan.lost and not self._request.force:
            return self._refuse(self._plan)
        if self._request.is_dry:
            echo("Nothing was written, because of --dry-run.")
            return OK
        status = self._ask(self._plan)
        self.goes_on = status is None
        return status

    def finish(self) -> int:
        """Import what was built, and say whether Anki did what was predicted."""
        assert self._built is not None
        if self._target is None:
            packages = packages_by_path(self._build, self._built)
            open_packages(list(packages), agrees=self._request.agrees)
            return OK
        assert self._plan is not None
        return self._push(self._target, self._plan, self._built)

    def _prepare_opening(self) -> int | None:
        echo(_NO_ANKI)
        if self._request.is_dry:
            echo("The package would be built, and opened with Anki.")
            return OK
        self.goes_on = True
        return None

    def _planned(self, built: CompiledProject, target: PushTarget) -> PushPlan:
        edition = compiled_edition(built.compiled, FILES)
        workspace = built.workspace
        versions = PackedVersions(workspace)
        with waiting(f"Comparing with {target.label}", is_long=True):
            contents = target.contents(edition)
            differences = compare_with_anki(
                contents, built.compiled, workspace.project.lock, versions
            )
            files = target.files_there(edition.media.keys())
        overwrites = self._request.force
        return plan_push(edition, contents, differences, files, overwrites=overwrites)

    def _refuse(self, plan: PushPlan) -> int:
        notes = counted(len(plan.lost), "note")
        message = f"{notes} would lose what was edited in Anki; {_NOTHING_DONE}"
        help = "`ankipress pull` brings the edits into the sources first; --force overwrites them"
        return say("edits-in-anki", message, help)

    def _ask(self, plan: PushPlan) -> int | None:
        """Ask what there is to ask; None where all is agreed to."""
        if self._request.agrees:
            return None
        for question in self._questions(plan):
            if not can_ask():
                raise UsageError(f"nobody can be asked here, and --yes is missing: {question}")
            if not confirm(question):
                return PROBLEMS
        return None

    def _questions(self, plan: PushPlan) -> Iterator[str]:
        assert self._target is not None
        label = self._target.label
        if not plan.changes_nothing:
            if plan.there:
                yield f"Push into {label}?"
            else:
                new = plan.counts()[ImportOutcome.ADDED]
                notes = counted(new, "note")
                absent = f"None of these notes is in {label}: is it the right profile?"
                yield f"{absent} Add {notes} there?"
        retired = counted(len(plan.retired), "retired note")
        if plan.retired and self._request.suspends:
            yield f"Suspend the cards of {retired}?"
        if plan.retired and self._request.deletes:
            yield f"Delete {retired} in Anki, with all reviews of their cards?"

    def _push(self, target: PushTarget, plan: PushPlan, built: CompiledProject) -> int:
        acts_on_retired = self._request.suspends or self._request.deletes
        if plan.changes_nothing and not (plan.retired and acts_on_retired):
            echo(f"{target.label} has all that was built: nothing was imported.")
            self._remember(built)
            return OK
        with waiting("Backing up", is_long=True):
            backup = target.back_up(plan.decks_there)
        if backup:
            echo(f"Backup: {backup}")
        if not plan.changes_nothing:
            status = self._import(target, plan, built)
            if status != OK:  # what happened there is to be looked at before more does
                return status
        self._end_retired(target, plan)
        self._remember(built)
        return OK

    def _import(self, target: PushTarget, plan: PushPlan, built: CompiledProject) -> int:
        with waiting("Importing", is_long=True), self._packages(plan, built) as packages:
            logs = [target.import_package(path) for path in packages]
        if target.to_do and not self._has_done(target.to_do):
            return PROBLEMS
        known = [log for log in logs if log is not None]
        if len(known) == len(logs):
            unexpected = surprises(plan, known)
        else:
            unexpected = not_arrived(plan, target.contents(plan.edition))
        target.add_tags(tool_tags(plan))
        for line in target.remarks():
            echo(line)
        if unexpected:
            return _say_unexpected(unexpected)
        counts = plan.counts()
        new = counts[ImportOutcome.ADDED]
        updated = counts[ImportOutcome.UPDATED]
        echo(f"{target.label}: {new} new, {updated} updated, as predicted.")
        return OK

    def _has_done(self, to_do: str) -> bool:
        """Whether the user has done something in Anki."""
        if can_ask():
            return confirm(f"{to_do}. Is it done?")
        echo(f"{to_do}. The next push says whether all of it has arrived.")
        return False

    @contextmanager
    def _packages(self, plan: PushPlan, built: CompiledProject) -> Iterator[Sequence[Path]]:
        """The packages that were built; where times of notes are raised for this Anki, others."""
        if not plan.raised:
            yield list(packages_by_path(self._build, built))
            return
        package = replace(built.compiled.package, notes=plan.edition.notes)
        compiled = replace(built.compiled, package=package)
        with temporary_folder() as folder:
            contents = {}
            for each in packages_of(compiled, built.workspace.project.settings):
                # The folder itself is locked, so that nobody clears it up.
                path = folder / "raised" / built.workspace.package_name(each)
                contents[path] = partial(write_package, each, self._memo)
            write_files(contents)
            yield list(contents)

    def _remember(self, built: CompiledProject) -> None:
        """Keep what Anki has now beside the packages: the next build overwrites them, and without
        it nobody could tell what is edited in Anki.
        """
        workspace = built.workspace
        contents = {}
        for each in packages_of(built.compiled, workspace.project.settings):
            path = workspace.output / f"pushed-{each.name}.apkg"
            contents[path] = partial(write_package, each, self._memo)
        with suppress(OSError):  # git may know it, too
            write_files(contents, {}, workspace.folders_written())

    def _end_retired(self, target: PushTarget, plan: PushPlan) -> None:
        """Suspend or delete the retired notes, if that was asked for."""
        guids = [note.guid for note in plan.retired]
        if not guids:
            return
        notes = counted(len(guids), "retired note")
        if self._request.suspends:
            target.suspend(guids)
            echo(f"Suspended the cards of {notes}.")
        if self._request.deletes:
            target.delete(guids)
            echo(f"Deleted {notes}.")


def _say_unexpected(unexpected: Sequence[str]) -> int:
    for line in unexpected[:_MOST_SAID]:
        echo(f"    {line}")
    message = f"Anki did otherwise than was predicted, in {counted(len(unexpected), 'case')}"
    help = "look at these notes in Anki; the backup has what was there before"
    return say("unexpected-import", message, help)
