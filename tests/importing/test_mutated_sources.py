"""Any package either becomes a project or is refused with a sentence, in little time."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from ankipress.importing.new_project import DeckImport
from ankipress.importing.readers.source_error import SourceError
from ankipress.importing.readers.sources import read_source
from mutated_packages import mutated


@pytest.mark.parametrize("seed", range(20))
def test_any_package_is_imported_or_refused(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    path = tmp_path / "a.apkg"
    path.write_bytes(mutated(chance.randbytes(chance.randrange(2, 60))))
    started = time.process_time()
    said = ""
    try:
        importing = DeckImport(read_source(path), "deck", "abcdefgh")
        importing.convert()
        importing.keep_html()
        texts = importing.project(1_700_000_000).texts
        assert all(text.encode() for path, text in texts.items() if path.endswith(".md"))
    except SourceError as error:
        said = str(error)
    assert not said or said.startswith(("a.apkg ", "no project ")), said
    assert time.process_time() - started < 10
