"""The files of a release: packages, release notes, manifest and checksums, out of a compiled
project.
"""

from __future__ import annotations

from collections.abc import Mapping

from ankipress.build.pipeline import Compiled, make_package, packages_of
from ankipress.project.settings import Settings
from ankipress.project.tool_versions import tool_versions
from ankipress.project.workspace import Workspace
from ankipress.release.manifest import Artifact, make_checksums, make_manifest
from ankipress.release.notes import make_notes

NOTES, MANIFEST, CHECKSUMS = "RELEASE-NOTES.md", "manifest.json", "SHA256SUMS"


def make_artifacts(
    workspace: Workspace, compiled: Compiled, settings: Settings, changelog: str
) -> Mapping[str, bytes]:
    """The files by name, packages first. The same project gives the same bytes with the same tools,
    which the manifest names.
    """
    lock = compiled.stamped.lock
    packages = [
        Artifact(workspace.package_name(each), each, make_package(each))
        for each in packages_of(compiled, settings)
    ]
    files = {each.file: each.content for each in packages}
    files[NOTES] = make_notes(settings, lock, changelog, [each.file for each in packages]).encode()
    files[MANIFEST] = make_manifest(packages, lock, tool_versions()).encode()
    return {**files, CHECKSUMS: make_checksums(files).encode()}


def read_changelog(workspace: Workspace, settings: Settings) -> str:
    """The text of the project's changelog, empty where there is none. Raises OSError and
    UnicodeDecodeError.
    """
    path = workspace.root / settings.changelog
    return path.read_bytes().decode() if settings.changelog and path.exists() else ""
