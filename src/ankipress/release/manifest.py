"""What stands beside the packages of a release: checksums, and a manifest that a machine reads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from ankipress.model import Lock, Package

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Artifact:
    """A package as a file: what it is called, what it holds, and its bytes."""

    file: str
    package: Package
    content: bytes


def make_manifest(artifacts: Sequence[Artifact], lock: Lock, tools: Mapping[str, str]) -> str:
    """The manifest as JSON: what went into each package, and the versions of the tools that shape
    its bytes.
    """
    first = artifacts[0].package
    manifest = {
        "manifest": FORMAT,
        "version": first.version,
        "uid": lock.uid,
        "tools": dict(sorted(tools.items())),
        "packages": [_package(each, lock) for each in artifacts],
    }
    return json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"


def _package(artifact: Artifact, lock: Lock) -> Mapping[str, object]:
    package = artifact.package
    digests = {each.guid: each.digest for each in lock.records}
    return {
        "file": artifact.file,
        "sha256": sha256(artifact.content).hexdigest(),
        "size": len(artifact.content),
        "name": package.name,
        "decks": sorted({note.deck for note in package.notes if note.ords}),
        "note_types": [
            {
                "key": each.key,
                "id": each.id,
                "name": each.name,
                "mod": each.mod,
                "digest": lock.note_types[each.key].digest,
                "fields": [{"name": field.name, "id": field.id} for field in each.fields],
                "templates": [
                    {"name": template.name, "id": template.id} for template in each.templates
                ],
            }
            for each in package.note_types
        ],
        "notes": [
            {
                "guid": note.guid,
                "note_id": note.note_id,
                "note_type": note.note_type,
                "deck": note.deck,
                "mod": note.mod,
                "digest": digests[note.guid],
                "cards": len(note.ords),
            }
            for note in package.notes
        ],
        "media": [
            {
                "name": each.name,
                "sha256": each.content.digest,
                "size": each.content.size,
            }
            for each in package.media
        ],
    }


def make_checksums(files: Mapping[str, bytes]) -> str:
    """The checksums as `sha256sum --check` reads them, sorted by name."""
    return "".join(
        f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())
    )
