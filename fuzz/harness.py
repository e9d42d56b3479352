"""What the fuzz targets share: the way from a law to atheris, and Anki's own engine as the judge of
clozes.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))


def fuzz(law: Callable[[bytes], object]) -> None:
    """Run a law on what libFuzzer makes, with the arguments of the command line; never returns."""
    atheris.Setup(sys.argv, law)
    atheris.Fuzz()


def decoded(content: bytes) -> str:
    """A text out of any bytes: what is not UTF-8 would get no further than the decoder."""
    return content.decode("utf-8", "replace")


class AnkiEngine:
    """The deletions that Anki finds, read by its backend with an empty collection open."""

    def __init__(self) -> None:
        from anki.collection import Collection  # noqa: PLC0415

        from anki import lang  # noqa: PLC0415 - not to be instrumented with the rest

        lang.set_lang("en")
        self._folder = tempfile.TemporaryDirectory()
        collection = Collection(str(Path(self._folder.name) / "collection.anki2"))
        self._backend = collection._backend  # noqa: SLF001

    def numbers(self, text: str) -> set[int]:
        """The numbers of the deletions in a field."""
        from anki.notes_pb2 import Note  # noqa: PLC0415

        return set(self._backend.cloze_numbers_in_note(Note(fields=[text])))

    def hidden(self, text: str, number: int) -> str:
        """What is hidden under a number."""
        return str(self._backend.extract_cloze_for_typing(text=text, ordinal=number))
