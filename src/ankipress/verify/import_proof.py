"""What learners notice of an imported deck: its first releases, over the package that they have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import msgspec

from ankipress.project.limited_process import Limits, run_limited
from ankipress.verify.engine import (
    Engine,
    LearnerState,
    Log,
    NoEngineError,
    RefusedPackageError,
    as_stored,
    refusals_told,
)
from ankipress.verify.state_comparison import losses

_FUNCTION = "ankipress.verify.import_proof:proof_answer"
_LIMITS = Limits(1200, 4 * 1024**3, 64 * 1024**2, 4 * 1024**3)
_STUDIED = 500  # cards


class ProofStep(msgspec.Struct, frozen=True):
    """What Anki did with a release: the numbers of notes, and what must not happen, a sentence
    each.
    """

    new: int
    updated: int
    conflicting: int
    lost: tuple[str, ...]


class ImportProof(msgspec.Struct, frozen=True):
    """What the real Anki, of a version, did with two releases over the old package: one of the deck
    as it was imported, and one with a card edited. Or why nobody knows: the engine is `missing`, or
    it `refused` a package.

    `reviews` is the number of reviews that a learner had. `is_as_meant` tells that the edited note
    has the fields that were packed.
    """

    anki: str = ""
    notes: int = 0
    reviews: int = 0
    first: ProofStep | None = None
    edited: ProofStep | None = None
    is_as_meant: bool = False
    missing: str = ""
    refused: str = ""


def prove_import(
    packages: Sequence[Path],
    guid: str,
    fields: Sequence[str],
    folder: Path,
) -> ImportProof:
    """Import the old package and the two releases into a new collection in a folder, in a process
    of its own. `guid` is the note that the last one changed, and `fields` are those that it packed.
    Raises LimitError and OSError.
    """
    paths = [str(path.resolve()) for path in packages]
    digest = _digest(map(as_stored, fields))
    answer = run_limited(_FUNCTION, _LIMITS, None, guid, digest, str(folder), *paths)
    return msgspec.msgpack.decode(answer, type=ImportProof)


def proof_answer(_: BinaryIO, guid: str, digest: str, folder: str, *paths: str) -> bytes:
    """Prove with the packages at some paths, and give an ImportProof."""
    packages = [Path(path) for path in paths]
    try:
        with closing(Engine(Path(folder) / "learner")) as engine:
            proof = _proof(engine, packages, guid, digest)
    except NoEngineError as error:
        proof = ImportProof(missing=str(error))
    except RefusedPackageError as error:
        proof = ImportProof(refused=f"{error.path.name}: {error}")
    return msgspec.msgpack.encode(proof)


def _proof(
    engine: Engine,
    packages: Sequence[Path],
    guid: str,
    digest: str,
) -> ImportProof:
    old, first, second = packages
    with refusals_told(old):
        engine.import_package(old)
    cards = sorted(engine.state().cards)
    step = max(1, len(cards) // _STUDIED)
    engine.answer(cards[::step])
    before = engine.state()
    first_step, middle = _step(engine, first, before)
    second_step, after = _step(engine, second, middle)
    fields, _ = after.notes.get(guid, ((), ()))
    return ImportProof(
        engine.version,
        len(before.notes),
        sum(len(card.reviews) for card in before.cards.values()),
        first_step,
        second_step,
        _digest(fields) == digest,
    )


def _step(engine: Engine, package: Path, before: LearnerState) -> tuple[ProofStep, LearnerState]:
    with refusals_told(package):
        log: Log = engine.import_package(package)
    after = engine.state()
    step = ProofStep(
        len(log["new"]),
        len(log["updated"]),
        len(log["conflicting"]),
        tuple(losses(before, after)),
    )
    return step, after


def _digest(fields: Iterable[str]) -> str:
    return sha256("\x1f".join(fields).encode()).hexdigest()
