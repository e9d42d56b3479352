"""A verification as bytes: Anki imports packages in one process, and another shows what came of it.

The package of a stranger is given to Anki's engine only there, where time and memory are limited.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from ankipress.diff.edition import package_edition
from ankipress.package.package_reading import read_contents
from ankipress.package.unpacking import PackageError
from ankipress.project.limited_process import Limits, run_limited
from ankipress.verify.engine import NoEngineError, RefusedPackageError
from ankipress.verify.formats import FORMATS
from ankipress.verify.verification import Released, verify

_FUNCTION = "ankipress.verify.verification_answer:verification_answer"
_SECONDS = 600  # of the processor for each package
_MEMORY = 4 * 1024**3
_FILE = 4 * 1024**3  # bytes of the collection, or of a file among the media
_ANSWER = 256 * 1024**2


class VerificationAnswer(msgspec.Struct, frozen=True):
    """The formatted verification; or why there is none: the engine is missing, or it refuses the
    package of a number, from 0.
    """

    text: str = ""
    has_failures: bool = False
    missing: str = ""
    refused: str = ""
    number: int = 0


def verify_in_process(packages: Sequence[Path], folder: Path, form: str) -> VerificationAnswer:
    """Verify packages, in a folder that is empty. Raises LimitError and OSError."""
    limits = Limits(_SECONDS * len(packages), _MEMORY, _ANSWER, _FILE)
    paths = [str(path.resolve()) for path in packages]
    answer = run_limited(_FUNCTION, limits, None, form, str(folder), *paths)
    return msgspec.msgpack.decode(answer, type=VerificationAnswer)


def verification_answer(_: BinaryIO, form: str, folder: str, *paths: str) -> bytes:
    """Verify the packages at some paths, and give a VerificationAnswer."""
    packages = [Path(path) for path in paths]
    return msgspec.msgpack.encode(_answer(packages, Path(folder), form))


def _answer(packages: Sequence[Path], folder: Path, form: str) -> VerificationAnswer:
    released = []
    for number, path in enumerate(packages):
        try:
            with path.open("rb") as file:
                edition = package_edition(read_contents(file), path.name)
        except PackageError as error:  # it has changed since it was looked at
            return VerificationAnswer(refused=str(error), number=number)
        released.append(Released(path, edition))
    try:
        found = verify(released, folder)
    except NoEngineError as error:
        return VerificationAnswer(missing=str(error))
    except RefusedPackageError as error:
        return VerificationAnswer(refused=str(error), number=packages.index(error.path))
    return VerificationAnswer(FORMATS[form](found), has_failures=bool(found.failures))
