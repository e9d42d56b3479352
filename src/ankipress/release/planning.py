"""A release as a plan: what it would write, commit and tag, and why it cannot be made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ankipress.build.compilation import compile_workspace
from ankipress.build.many_retired import many_retired
from ankipress.build.pipeline import Compiled
from ankipress.diagnostics import Diagnostic, Severity, counted, has_errors, in_order
from ankipress.diff.difference import Difference, compare
from ankipress.diff.edition import compiled_edition
from ankipress.diff.editions import edition_of, places_of
from ankipress.diff.old_version import highest_version
from ankipress.diff.release_guard import guard
from ankipress.diff.version_steps import Bump, next_version
from ankipress.identity.lock import write_lock
from ankipress.identity.tombstones import write_tombstones
from ankipress.media.media_folder import Refusal
from ankipress.media.tombstone_media import kept_path
from ankipress.model import LoadedContent, MediaFile, Tombstone
from ankipress.project.clock import now
from ankipress.project.door import LARGEST_LOCK, is_file, is_there, read_file
from ankipress.project.location import shown_path
from ankipress.project.media_files import WithFiles
from ankipress.project.repository import Repository
from ankipress.project.settings import Settings
from ankipress.project.versions import version_key
from ankipress.project.workspace import Workspace
from ankipress.release.artifacts import make_artifacts, read_changelog
from ankipress.release.changelog import section_of, with_section
from ankipress.release.changelog_section import first_section, make_section
from ankipress.release.forgetting import long_retired
from ankipress.release.learner_base import base_of, first_base
from ankipress.release.next_tombstones import next_tombstones
from ankipress.release.settings_text import with_version
from ankipress.release.unfinished import cut_off

BUMPS: Mapping[str, Bump] = {"patch": Bump.PATCH, "minor": Bump.MINOR, "major": Bump.MAJOR}
_LABEL = "this release"


class CannotReleaseError(Exception):
    """No release can be made from this state; the message says why, `help` what to do."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.help = help


class BrokenDeckError(Exception):
    """The deck has errors, or learners would lose something; `diagnostics` say what."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__()
        self.diagnostics = diagnostics


@dataclass(frozen=True, slots=True)
class Plan:
    """A release that can be made.

    `contents` are the files that it commits, None for one that it deletes, and `artifacts` those
    that it leaves in the folder for packages. `steps` describe the files that change. `difference`
    is that from the last release, None for the first.
    """

    name: str
    version: str
    before: str
    branch: str
    tag: str
    difference: Difference | None
    section: str
    contents: Mapping[Path, bytes | None]
    artifacts: Mapping[Path, bytes]
    steps: Sequence[tuple[Path, str]]
    warnings: Sequence[Diagnostic]

    @property
    def message(self) -> str:
        """The message of the commit and of the tag."""
        return f"Release {self.name} {self.version}"


@dataclass(frozen=True, slots=True)
class _TextFile:
    """A file that a release writes, and what is said of it."""

    path: Path
    text: str
    step: str


def plan_release(
    workspace: Workspace,
    repository: Repository,
    asked: str,
    against: str | None,
) -> Plan:
    """The plan of a release.

    `asked` is a version, `patch`, `minor`, `major` or `auto`. `against` names the last release
    where no tag does. Raises CannotReleaseError, BrokenDeckError, EditionError, GitError and
    OSError.
    """
    return _Planner(workspace, repository, against).plan(asked)


class _Planner:
    def __init__(self, workspace: Workspace, repository: Repository, against: str | None) -> None:
        if workspace.settings_path is None:
            raise CannotReleaseError(
                "there are no settings to write the version into", "`ankipress init` writes some"
            )
        # What comes first keeps git from running a stranger's programs in what comes next.
        obstacle = repository.unwanted_programs() or cut_off(repository) or repository.obstacle()
        if obstacle:
            raise CannotReleaseError(*obstacle)
        self.workspace = workspace
        self.settings_path = workspace.settings_path
        self.project = workspace.project
        self.settings = workspace.project.settings
        self.repository = repository
        self.time = now()
        word = against or self._last_tag()
        self.old = None
        if word:
            self.old = edition_of(word, workspace, published=True)

    def _last_tag(self) -> str | None:
        """The tag of the last release, None if there was none."""
        if found := self.repository.last_release(self.settings):
            return found[0]
        if self.repository.is_shallow():
            raise CannotReleaseError(
                "this clone is shallow, and has no tag of a release: the last one cannot be told",
                "`git fetch --unshallow --tags`, or name the last release with --against",
            )
        versions = {self.settings.version}
        for record in self.project.lock.records:
            versions |= {record.since, record.changed}
        if len(versions) > 1:
            pattern = self.settings.release_tag
            raise CannotReleaseError(
                "the lock knows of earlier versions,"
                f' but no tag is named after the pattern "{pattern}"',
                "`git fetch --tags`, set `release_tag`,"
                " or name the last release with --against: a package or a revision",
            )
        return None

    def plan(self, asked: str) -> Plan:
        # The version depends on what differs, and tombstones and texts on the version.
        draft, warnings = self._compile(self.settings)
        version = self._version(asked, self._difference(draft))
        tag = self.settings.release_tag.format(name=self.settings.name, version=version)
        if self.repository.has_tag(tag):
            raise CannotReleaseError(
                f"the tag {tag} exists", "releases are for ever: choose the next version"
            )
        settings = replace(self.settings, version=version)
        tombstones = self._tombstones(draft, settings)
        kept = self._kept_media(tombstones)
        forgotten = self._forgotten(draft, settings, tombstones)
        self._forget(forgotten)
        compiled, _ = self._compile(settings, tombstones, kept)
        difference = self._difference(compiled)
        section = first_section(len(compiled.package.notes))
        if difference:
            self._guard(difference)
            section = make_section(difference)
        changelog = self._changelog(settings, section)
        texts = list(self._texts(compiled, settings, tombstones, changelog, len(forgotten)))
        contents = {self.workspace.root / path: content for path, content in kept.items()}
        contents.update((each.path, each.text.encode()) for each in texts)
        changed = {path: each for path, each in contents.items() if not self._holds(path, each)}
        artifacts = make_artifacts(
            self.workspace, compiled, settings, changelog.text if changelog else ""
        )
        return Plan(
            name=settings.name,
            version=version,
            before=self.old.version if self.old else "",
            branch=self.repository.branch(),
            tag=tag,
            difference=difference,
            section=section,
            contents={**changed, **dict.fromkeys(self._media_to_delete(tombstones))},
            artifacts={self.workspace.output / name: each for name, each in artifacts.items()},
            steps=[(each.path, each.step) for each in texts],
            warnings=warnings,
        )

    def _compile(
        self,
        settings: Settings,
        tombstones: tuple[Tombstone, ...] = (),
        kept: Mapping[str, bytes] | None = None,
    ) -> tuple[Compiled, Sequence[Diagnostic]]:
        """The deck, stamped against what learners have, and its warnings.

        A card that may be one of several notes is an error, as in a build.
        """
        files = {path: LoadedContent(content) for path, content in (kept or {}).items()}
        lock = self.project.lock
        base = first_base(lock, settings.version)
        if self.old:
            base = base_of(self.old, lock)
        project = replace(
            self.project,
            settings=settings,
            base=base,
            tombstones=tombstones,
            media=WithFiles(self.project.media, files),
        )
        workspace = replace(self.workspace, project=project)
        found = compile_workspace(workspace, self.time)
        if workspace.adoption is not None and workspace.adoption.rests:
            names = ", ".join(map(shown_path, sorted(workspace.adoption.rests)))
            raise CannotReleaseError(
                f"the cards go on with {names}, and {workspace.lock_path.name} does not say so yet",
                "run `ankipress build`, and commit the locks",
            )
        compiled = found.compiled
        diagnostics = [*found.diagnostics, *many_retired(found.workspace, compiled)]
        if has_errors(diagnostics):
            raise BrokenDeckError(
                [each for each in diagnostics if each.severity is not Severity.ADVICE]
            )
        return compiled, [each for each in diagnostics if each.severity is Severity.WARNING]

    def _difference(self, compiled: Compiled) -> Difference | None:
        """The difference from the last release, None for the first."""
        if self.old is None:
            return None
        return compare(self.old, compiled_edition(compiled, _LABEL))

    def _version(self, asked: str, difference: Difference | None) -> str:
        """The version that is asked for, or the smallest that the difference allows."""
        if difference is None:
            if asked == "auto" or asked in BUMPS:
                return self.settings.version
            self._refuse_lower(asked)
            return asked
        before = difference.old.version or self.settings.version
        bump = BUMPS.get(asked)
        if asked == "auto":
            bump = difference.bump
        if bump is Bump.NONE:
            next_patch = next_version(before, Bump.PATCH)
            raise CannotReleaseError(
                f"nothing that a learner would notice has changed since {before}",
                f"to release all the same, say so: `ankipress release {next_patch}`",
            )
        version = asked
        if bump:
            version = next_version(before, bump)
        if version_key(version) <= version_key(before):
            raise CannotReleaseError(
                f"{version} does not come after {before}, the last release",
                f"choose a larger version, such as {_next(before, difference.bump)}",
            )
        return version

    def _refuse_lower(self, version: str) -> None:
        """Refuse a first release with a lower version than that of the notes in the lock."""
        highest = highest_version(self.project.lock)
        if highest and version_key(version) < version_key(highest):
            raise CannotReleaseError(
                f"{version} comes before {highest}, which the lock knows of already",
                f"choose {highest} or a larger version",
            )

    def _guard(self, difference: Difference) -> None:
        """Refuse what `ankipress check --against` finds: too small a version, or a lost note."""
        places = places_of(self.workspace)
        forgets = self.settings.forget_retired > 0
        problems = in_order(guard(difference, places, forgets_retired=forgets))
        errors = [each for each in problems if each.severity is Severity.ERROR]
        if errors:
            raise BrokenDeckError(errors)

    def _tombstones(
        self,
        draft: Compiled,
        settings: Settings,
    ) -> tuple[Tombstone, ...]:
        if self.old is None:
            return ()
        olds = self.old.by_guid
        retired = [olds[guid] for guid in draft.stamped.retired if guid in olds]
        active = {each.guid for each in draft.stamped.lock.active}
        before = self.project.tombstones
        media = self.old.media.keys()
        return next_tombstones(before, retired, active, media, settings)

    def _forgotten(
        self,
        draft: Compiled,
        settings: Settings,
        tombstones: Sequence[Tombstone],
    ) -> frozenset[str]:
        """The guids of the retired notes that the lock forgets: none that the last release has
        packed.
        """
        if self.old is None:
            return frozenset()
        versions = [settings.version]
        for _, version in self.repository.releases(settings):
            versions.append(version)
        packed = set(self.old.by_guid)
        for tombstone in tombstones:
            packed.add(tombstone.guid)
        return long_retired(
            draft.stamped.lock.records,
            versions,
            packed,
            settings.forget_retired,
        )

    def _forget(self, guids: Collection[str]) -> None:
        """Go on without some records of the lock."""
        lock = self.project.lock
        records = tuple(each for each in lock.records if each.guid not in guids)
        self.project = replace(self.project, lock=replace(lock, records=records))

    def _kept_media(self, tombstones: Sequence[Tombstone]) -> Mapping[str, bytes]:
        """The files of tombstones, by path: as they are kept, else as the last release had them."""
        found = {}
        missing = []
        for name in sorted(_media_of(tombstones)):
            path = kept_path(name)
            content = self.project.media.find(path)
            if not isinstance(content, Refusal):
                found[path] = MediaFile(name, content).read()
            elif self.old and name in self.old.media:
                missing.append(name)
        if self.old and missing:
            files = self.old.read_files(missing)
            found.update({kept_path(name): content for name, content in files.items()})
        return found

    def _media_to_delete(self, tombstones: Sequence[Tombstone]) -> Iterator[Path]:
        """The files of tombstones that are gone."""
        for name in sorted(_media_of(self.project.tombstones) - _media_of(tombstones)):
            path = self.workspace.root / kept_path(name)
            if is_file(path, self.workspace.root):
                yield path

    def _texts(
        self,
        compiled: Compiled,
        settings: Settings,
        tombstones: Sequence[Tombstone],
        changelog: _TextFile | None,
        forgotten: int,
    ) -> Iterator[_TextFile]:
        """The texts that change, and what is said of each."""
        workspace = self.workspace
        stamped = compiled.stamped
        yield self._settings_file(settings.version)
        step = f"{len(compiled.package.notes)} notes"
        if self.old:
            step = (
                f"{len(stamped.new)} new, {len(stamped.changed)} changed,"
                f" {len(stamped.retired)} retired; stamped {self._date():%Y-%m-%d %H:%M:%S} UTC"
            )
        if forgotten:
            step += f"; {counted(forgotten, 'retired note')} forgotten"
        yield _TextFile(workspace.lock_path, write_lock(stamped.lock), step)
        if tombstones or is_there(workspace.tombstones_path, [workspace.root]):
            step = counted(len(tombstones), "tombstone")
            yield _TextFile(workspace.tombstones_path, write_tombstones(tombstones), step)
        if changelog:
            yield changelog

    def _date(self) -> datetime:
        return datetime.fromtimestamp(self.time, UTC)

    def _settings_file(self, version: str) -> _TextFile:
        path = self.settings_path
        text = with_version(self.workspace.read_again(path).decode(), path.name, version)
        if text is None:
            raise CannotReleaseError(
                f"the version cannot be written into {path.name}",
                f'write `version = "{version}"` there',
            )
        step = f"version {self.settings.version} → {version}"
        if version == self.settings.version:
            step = f"version {version}, as it is"
        return _TextFile(path, text, step)

    def _changelog(self, settings: Settings, section: str) -> _TextFile | None:
        """The changelog with a section for this version, None for a project without one."""
        if not settings.changelog:
            return None
        name = settings.name
        version = settings.version
        path = self.workspace.root / settings.changelog
        text = read_changelog(self.workspace, settings)
        step = f"a section on {version}"
        if self.old is None and section_of(text, name, version):
            # The author described the first version.
            return _TextFile(path, text, f"{step}, as it is")
        date = f"{self._date():%Y-%m-%d}"
        text = with_section(text, name, version, date, section)
        return _TextFile(path, text, step)

    def _holds(self, path: Path, content: bytes) -> bool:
        """Whether a file of the project has a content already."""
        root = self.workspace.root
        return is_file(path, root) and read_file(path, root, LARGEST_LOCK) == content


def _next(version: str, bump: Bump) -> str:
    """The version that comes after another one, at least a patch."""
    return next_version(version, bump or Bump.PATCH)


def _media_of(tombstones: Iterable[Tombstone]) -> set[str]:
    return {name for each in tombstones for name in each.media}
