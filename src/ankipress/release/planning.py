"""A release as a plan: what it would write, commit and tag, and what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ankipress.build.pipeline import Compiled
from ankipress.cli.compiling import compile_workspace
from ankipress.diagnostics import Diagnostic, Location, Severity, has_errors, in_order
from ankipress.diff.difference import Difference, compare
from ankipress.diff.edition import compiled_edition
from ankipress.diff.editions import published_edition
from ankipress.diff.release_guard import Places, guard
from ankipress.diff.versions import Bump, next_version, version_key
from ankipress.identity.lock import write_lock
from ankipress.identity.tombstones import write_tombstones
from ankipress.media.tombstone_media import kept_path
from ankipress.model import State, Tombstone
from ankipress.project.clock import now
from ankipress.project.media_files import WithFiles
from ankipress.project.repository import Repository
from ankipress.project.settings import Settings, place_of
from ankipress.project.workspace import Workspace
from ankipress.release.artifacts import make_artifacts, read_changelog
from ankipress.release.changelog import section_of, with_section
from ankipress.release.changelog_section import first_section, make_section
from ankipress.release.learner_base import base_of, first_base
from ankipress.release.next_tombstones import next_tombstones
from ankipress.release.settings_text import with_version
from ankipress.release.unfinished import cut_off

BUMPS: Mapping[str, Bump] = {"patch": Bump.PATCH, "minor": Bump.MINOR, "major": Bump.MAJOR}


class CannotReleaseError(Exception):
    """There is no release out of this state; the message says why, `help` the way out."""

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
    that it leaves in the folder for packages. `steps` tell of each of them. `difference` is the one
    from the last release, None for the first.
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
        """What commit and tag say."""
        return f"Release {self.name} {self.version}"


def plan_release(
    workspace: Workspace, repository: Repository, asked: str, against: str | None
) -> Plan:
    """The plan for a release: `asked` is a version, `patch`, `minor`, `major`, or `auto`; `against`
    names the last release where no tag does. Raises CannotReleaseError, BrokenDeckError,
    EditionError, GitError and OSError.
    """
    return _Planner(workspace, repository, against).plan(asked)


class _Planner:
    def __init__(self, workspace: Workspace, repository: Repository, against: str | None) -> None:
        self.workspace, self.repository, self.time = workspace, repository, now()
        self.settings = workspace.project.settings
        if workspace.settings_path is None:
            raise CannotReleaseError(
                "there are no settings to write the version into", "`ankipress init` writes some"
            )
        if obstacle := cut_off(repository) or repository.obstacle():
            raise CannotReleaseError(*obstacle)
        word = against or self._last_tag()
        self.old = published_edition(word, workspace) if word else None

    def _last_tag(self) -> str | None:
        """The tag of the last release, None where there was none."""
        if found := self.repository.last_release(self.settings):
            return found[0]
        if self.repository.is_shallow():
            raise CannotReleaseError(
                "this clone is shallow, and has no tag of a release: the last one cannot be told",
                "`git fetch --unshallow --tags`, or name the last release with --against",
            )
        records = self.workspace.project.lock.records
        if any(
            self.settings.version not in {each.since, each.changed} or each.since != each.changed
            for each in records
        ):
            tag = self.settings.release_tag
            raise CannotReleaseError(
                f'the lock knows of earlier versions, but no tag is named after the pattern "{tag}"',
                "`git fetch --tags`, set `release_tag`, or name the last release with --against: a package or a revision",
            )
        return None

    def plan(self, asked: str) -> Plan:
        draft, warnings = self._compile(self.settings, ())
        difference = (
            compare(self.old, compiled_edition(draft, "this release")) if self.old else None
        )
        version = self._version(asked, difference)
        tag = self.settings.release_tag.format(name=self.settings.name, version=version)
        if self.repository.has_tag(tag):
            raise CannotReleaseError(
                f"the tag {tag} exists", "releases are for ever: choose the next version"
            )
        settings = replace(self.settings, version=version)
        tombstones = self._tombstones(draft, settings)
        kept = self._kept_media(tombstones)
        compiled, _ = self._compile(settings, tombstones, kept)
        if self.old:
            difference = compare(self.old, compiled_edition(compiled, "this release"))
            self._guard(difference)
        section = (
            make_section(difference) if difference else first_section(len(compiled.package.notes))
        )
        texts, steps = self._texts(compiled, settings, tombstones, section)
        gone = self._media_to_delete(tombstones)
        root = self.workspace.root
        contents: dict[Path, bytes | None] = {
            root / path: content for path, content in kept.items()
        }
        contents |= {path: text.encode() for path, text in texts.items()} | dict.fromkeys(gone)
        artifacts = make_artifacts(
            self.workspace, compiled, settings, texts.get(self._changelog, "")
        )
        return Plan(
            name=settings.name,
            version=version,
            before=self.old.version if self.old else "",
            branch=self.repository.branch(),
            tag=tag,
            difference=difference,
            section=section,
            contents={
                path: content for path, content in contents.items() if not _holds(path, content)
            },
            artifacts={
                self.workspace.output / name: content for name, content in artifacts.items()
            },
            steps=steps,
            warnings=warnings,
        )

    def _compile(
        self,
        settings: Settings,
        tombstones: tuple[Tombstone, ...],
        kept: Mapping[str, bytes] | None = None,
    ) -> tuple[Compiled, Sequence[Diagnostic]]:
        """The deck with what learners have as the base, and its warnings. An open case is an error,
        as everywhere.
        """
        media = WithFiles(self.workspace.project.media, kept or {})
        lock = self.workspace.project.lock
        base = base_of(self.old, lock) if self.old else first_base(lock, settings.version)
        project = replace(
            self.workspace.project, settings=settings, base=base, tombstones=tombstones, media=media
        )
        workspace = replace(self.workspace, project=project)
        compiled, diagnostics = compile_workspace(workspace, self.time, workspace.memory)
        if has_errors(diagnostics):
            raise BrokenDeckError(
                [each for each in diagnostics if each.severity is not Severity.ADVICE]
            )
        return compiled, [each for each in diagnostics if each.severity is Severity.WARNING]

    def _version(self, asked: str, difference: Difference | None) -> str:
        """The version that is asked for, or the smallest that says enough."""
        if self.old is None or difference is None:
            return self.settings.version if asked == "auto" or asked in BUMPS else asked
        before = self.old.version or self.settings.version
        if asked == "auto" and difference.bump is Bump.NONE:
            raise CannotReleaseError(
                f"nothing that a learner would notice has changed since {before}",
                f"to release all the same, say so: `ankipress release {next_version(before, Bump.PATCH)}`",
            )
        version = (
            next_version(before, difference.bump if asked == "auto" else BUMPS[asked])
            if asked in {*BUMPS, "auto"}
            else asked
        )
        if version_key(version) <= version_key(before):
            raise CannotReleaseError(
                f"{version} does not come after {before}, the last release",
                "choose a larger version",
            )
        return version

    def _guard(self, difference: Difference) -> None:
        """What `ankipress check --against` would find: a version that is too small, or something
        that learners would lose.
        """
        path = self.workspace.settings_path
        assert path is not None
        text = self.workspace.texts.get(path.name, "")
        places = Places(
            Location(self.workspace.lock_path.name), place_of(text, path.name, "version")
        )
        if problems := [
            each for each in in_order(guard(difference, places)) if each.severity is Severity.ERROR
        ]:
            raise BrokenDeckError(problems)

    def _tombstones(self, draft: Compiled, settings: Settings) -> tuple[Tombstone, ...]:
        if self.old is None:
            return ()
        olds = self.old.by_guid
        retired = [olds[guid] for guid in sorted(draft.stamped.retired) if guid in olds]
        active = {each.guid for each in draft.stamped.lock.records if each.state is State.ACTIVE}
        return next_tombstones(
            self.workspace.project.tombstones, retired, active, self.old.media.keys(), settings
        )

    def _kept_media(self, tombstones: Sequence[Tombstone]) -> Mapping[str, bytes]:
        """The files of tombstones, by path: those that are kept already, and those that the last
        release had.
        """
        media, old = self.workspace.project.media, self.old.media if self.old else {}
        found = {}
        for name in sorted({name for each in tombstones for name in each.media}):
            content = media.read(kept_path(name))
            if isinstance(content, bytes):
                found[kept_path(name)] = content
            elif name in old:
                found[kept_path(name)] = old[name]
        return found

    def _media_to_delete(self, tombstones: Sequence[Tombstone]) -> list[Path]:
        """The files of tombstones that are gone."""
        names = {name for each in tombstones for name in each.media}
        before = {name for each in self.workspace.project.tombstones for name in each.media}
        return [
            path
            for name in sorted(before - names)
            if (path := self.workspace.root / kept_path(name)).is_file()
        ]

    @property
    def _changelog(self) -> Path:
        return self.workspace.root / (self.settings.changelog or "CHANGELOG.md")

    def _texts(
        self, compiled: Compiled, settings: Settings, tombstones: Sequence[Tombstone], section: str
    ) -> tuple[dict[Path, str], list[tuple[Path, str]]]:
        """The texts of the files that change, and what is told of each."""
        workspace, stamped = self.workspace, compiled.stamped
        assert workspace.settings_path is not None
        counts = f"{len(stamped.new)} new, {len(stamped.changed)} changed, {len(stamped.retired)} retired"
        notes = f"{len(compiled.package.notes)} notes"
        stamped_at = datetime.fromtimestamp(self.time, UTC)
        texts = {
            workspace.settings_path: self._settings_text(settings.version),
            workspace.lock_path: write_lock(stamped.lock),
        }
        steps = [
            (workspace.settings_path, _step_in_version(self.settings.version, settings.version)),
            (
                workspace.lock_path,
                f"{counts}; stamped {stamped_at:%Y-%m-%d %H:%M:%S} UTC" if self.old else notes,
            ),
        ]
        if tombstones or workspace.tombstones_path.exists():
            texts[workspace.tombstones_path] = write_tombstones(tombstones)
            steps.append(
                (
                    workspace.tombstones_path,
                    f"{len(tombstones)} tombstone{'s' * (len(tombstones) != 1)}",
                )
            )
        if settings.changelog:
            text = read_changelog(workspace, settings)
            # Of the first version its author may have said enough.
            is_told = self.old is None and section_of(text, settings.name, settings.version)
            dated = with_section(
                text, settings.name, settings.version, f"{stamped_at:%Y-%m-%d}", section
            )
            texts[self._changelog] = text if is_told else dated
            steps.append(
                (
                    self._changelog,
                    f"a section on {settings.version}{', as it is' if is_told else ''}",
                )
            )
        return texts, steps

    def _settings_text(self, version: str) -> str:
        path = self.workspace.settings_path
        assert path is not None
        text = with_version(path.read_bytes().decode(), path.name, version)
        if text is None:
            raise CannotReleaseError(
                f"the version cannot be written into {path.name}",
                f'write `version = "{version}"` there',
            )
        return text


def _step_in_version(before: str, after: str) -> str:
    return f"version {before} → {after}" if before != after else f"version {after}, as it is"


def _holds(path: Path, content: bytes | None) -> bool:
    return content is not None and path.is_file() and path.read_bytes() == content
