"""What Anki refuses is a bad package to `ankipress verify`, and what it imports is no bug."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankipress.cli.main import run
from ankipress.package.unpacking import PackageError
from learner import Learner
from packages import contents_of, listing, old_package

REFUSED = {
    "a note type without a name": "UPDATE col SET models = replace(models, 'deck Basic', '')",
    "a queue that is none": "UPDATE cards SET queue = 99",
    "bytes in the field to sort by": "UPDATE notes SET sfld = x'ff'",
    "no review log": "DROP TABLE revlog",
    "decks within decks": "UPDATE col SET decks = replace(decks, '\"Deck\"', '\"%s\"')"
    % ("d::" * 200),
}
IMPORTED = {
    "cards in a deck that is not there": "UPDATE cards SET did = 77",
    "cards in no deck": "UPDATE cards SET did = 0",
    "a guid that repeats": "UPDATE notes SET guid = 'x'",
    "no guid": "UPDATE notes SET guid = '' WHERE id = 11",
    "numbers below zero": "UPDATE notes SET id = -id, mod = -mod",
    "no cards": "DELETE FROM cards",
    "a deck without a name": "UPDATE col SET decks = replace(decks, '\"Deck\"', '\"\"')",
}


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED)
def test_what_only_anki_refuses_is_a_bad_package(
    statement: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.apkg"
    path.write_bytes(old_package(statement))
    assert run(["verify", str(path)]) == 1
    assert "error[bad-package]" in capsys.readouterr().err


@pytest.mark.parametrize("statement", IMPORTED.values(), ids=IMPORTED)
def test_what_anki_imports_is_no_bug(
    statement: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "strange.apkg"
    path.write_bytes(old_package(statement))
    assert run(["verify", str(path)]) in {0, 1}
    assert capsys.readouterr().out.startswith("Anki ")


PACKAGES = {
    "a path": old_package(media=listing("../../x")),
    "a path from the top": old_package(media=listing("/etc/x")),
    "a path below": old_package(media=listing("a/b")),
    "no name": old_package(media=listing("")),
    "the folder itself": old_package(media=listing(".")),
    "a number for a name": old_package(media=b'{"0": 5}'),
    "a word for a number": old_package(media=b'{"x": "a"}', x=b""),
    "half of a surrogate pair": old_package(media=rb'{"0": "\ud800"}'),
    "fields of bytes": old_package("UPDATE notes SET flds = x'611f62'"),
    "too few fields": old_package("UPDATE notes SET flds = 'a'"),
    "a time between seconds": old_package("UPDATE notes SET mod = 5.5"),
    "a card before the first": old_package("UPDATE cards SET ord = -1"),
    "a card beyond 65,535": old_package("UPDATE cards SET ord = 70000"),
    "a note type that is not there": old_package("UPDATE notes SET mid = 77"),
    "a newer collection without its mark": old_package(meta=b"\x08\x04"),
}


@pytest.mark.parametrize("package", PACKAGES.values(), ids=PACKAGES)
def test_what_anki_refuses_is_refused_before(package: bytes, tmp_path: Path) -> None:
    (tmp_path / "bad.apkg").write_bytes(package)
    with Learner(tmp_path / "learner") as learner, pytest.raises(Exception):  # noqa: B017, PT011
        learner.import_package(tmp_path / "bad.apkg")
    with pytest.raises(PackageError):
        contents_of(package)
