"""The files of a release: packages, release notes, manifest and checksums."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ankipress.build.pipeline import Compiled, make_package, packages_of
from ankipress.model import Field, Lock, Package, Template
from ankipress.project.door import LARGEST_TEXT, read_file
from ankipress.project.settings import Settings
from ankipress.project.tool_versions import tool_versions
from ankipress.project.workspace import Workspace
from ankipress.release.notes import make_notes

NOTES = "RELEASE-NOTES.md"
MANIFEST = "manifest.json"
CHECKSUMS = "SHA256SUMS"
FORMAT = 1  # of the manifest


@dataclass(frozen=True, slots=True)
class Artifact:
    """A package as a file: its name, what it holds, and its bytes."""

    file: str
    package: Package
    content: bytes


def make_artifacts(
    workspace: Workspace,
    compiled: Compiled,
    settings: Settings,
    changelog: str,
) -> Mapping[str, bytes]:
    """The files by name, packages first.

    The same project gives the same bytes with the same tools, which the manifest names.
    """
    lock = compiled.stamped.lock
    packages = [
        Artifact(workspace.package_name(each), each, make_package(each))
        for each in packages_of(compiled, settings)
    ]
    files = {each.file: each.content for each in packages}
    files[NOTES] = make_notes(settings, lock, changelog, list(files)).encode()
    files[MANIFEST] = make_manifest(packages, lock, tool_versions()).encode()
    files[CHECKSUMS] = _checksums(files).encode()
    return files


def read_changelog(workspace: Workspace, settings: Settings) -> str:
    """The text of the project's changelog, empty where there is none.

    Raises OSError and UnicodeDecodeError.
    """
    if not settings.changelog:
        return ""
    path = workspace.root / settings.changelog
    try:
        return read_file(path, workspace.root, LARGEST_TEXT).decode()
    except FileNotFoundError:
        return ""


def make_manifest(artifacts: Sequence[Artifact], lock: Lock, tools: Mapping[str, str]) -> str:
    """What is in each package, and which tools made it, as JSON."""
    manifest = {
        "manifest": FORMAT,
        "version": artifacts[0].package.version,
        "uid": lock.uid,
        "tools": dict(sorted(tools.items())),
        "packages": [_package(each, lock) for each in artifacts],
    }
    return json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"


def _package(artifact: Artifact, lock: Lock) -> dict[str, Any]:
    package = artifact.package
    digests = {each.guid: each.digest for each in lock.records}
    return {
        "file": artifact.file,
        **_content(artifact.content),
        "name": package.name,
        "decks": sorted({note.deck for note in package.notes if note.ords}),
        "note_types": [
            {
                "key": each.key,
                "id": each.id,
                "name": each.name,
                "mod": each.mod,
                "digest": lock.note_types[each.key].digest,
                "fields": _named(each.fields),
                "templates": _named(each.templates),
            }
            for each in package.note_types
        ],
        "notes": [
            {
                "guid": each.guid,
                "note_id": each.note_id,
                "note_type": each.note_type,
                "deck": each.deck,
                "mod": each.mod,
                "digest": digests[each.guid],
                "cards": len(each.ords),
            }
            for each in package.notes
        ],
        "media": [
            {"name": each.name, "sha256": each.content.digest, "size": each.content.size}
            for each in package.media
        ],
    }


def _content(content: bytes) -> dict[str, Any]:
    return {"sha256": sha256(content).hexdigest(), "size": len(content)}


def _named(parts: Sequence[Field | Template]) -> list[dict[str, Any]]:
    return [{"name": each.name, "id": each.id} for each in parts]


def _checksums(files: Mapping[str, bytes]) -> str:
    """The checksums as `sha256sum --check` reads them."""
    lines = [f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())]
    return "".join(lines)
