"""What changes though nobody wrote anything else is told from what an author changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from ankipress.build.pipeline import compile_deck
from ankipress.cli.main import run
from ankipress.identity.drift import Drift, drift_of
from ankipress.identity.lock import read_lock
from ankipress.model import Lock
from author import Author, picture
from releases import Deck, project

TEXT = "# Deck\n\n## Q one?\n\nA `one`. ![p](p.png)\n\n## Q two? {.tag}\n\nA two.\n"
MEDIA = {"p.png": picture(1)}


def made_by_others(lock: Lock) -> Lock:
    """The lock of tools that gave another HTML of every note."""
    records = tuple(replace(each, digest=each.digest[::-1]) for each in lock.records)
    return replace(lock, records=records, tools={"Pygments": "2.0"})


def stamped(
    lock: Lock, text: str = TEXT, media: Mapping[str, bytes] = MEDIA, **settings: object
) -> Drift:
    asked = replace(
        project(lock, (text,), media, settings), tools={"Pygments": "2.1", "nh3": "0.3"}
    )
    return compile_deck(asked, 1_800_000_000).stamped.drift


@pytest.fixture
def lock() -> Lock:
    deck = Deck()
    deck.release(TEXT, media=MEDIA)
    return deck.lock


def test_the_same_content_of_other_tools_is_no_drift(lock: Lock) -> None:
    assert stamped(replace(lock, tools={"Pygments": "2.0"})) == Drift()


def test_other_content_of_the_same_source_is_drift(lock: Lock) -> None:
    drift = stamped(made_by_others(lock))
    assert drift.guids == {each.guid for each in lock.records}
    assert drift.versions == (("Pygments", "2.0", "2.1"), ("nh3", None, "0.3"))
    assert drift.cause == "Pygments 2.0 → 2.1, nh3 ? → 0.3"


def test_another_dialect_is_no_drift() -> None:
    text = "# Deck\n\n## Q one?\n\nA ==one==.\n"
    deck = Deck()
    deck.release(text)
    assert stamped(deck.lock, text, {}, dialect="obsidian") == Drift()


EDITS = [
    pytest.param({"text": TEXT.replace("A two", "A 2")}, 1, id="an answer"),
    pytest.param({"text": TEXT.replace("{.tag}", "{.other}")}, 1, id="a tag"),
    pytest.param({"text": TEXT.replace("{.tag}", "{.tag reverse}")}, 1, id="an attribute"),
    pytest.param({"media": {"p.png": picture(2)}}, 1, id="a picture"),
    pytest.param(
        {"source_url": "https://example.org/{path}"}, 0, id="a setting that every card shows"
    ),
    pytest.param({"lang": "de"}, 0, id="a language"),
    pytest.param(
        {"text": f"{TEXT}\n## Q three?\n\nA three.\n"}, 2, id="a new card, which is not of before"
    ),
]


@pytest.mark.parametrize(("change", "drifted"), EDITS)
def test_what_an_author_changes_is_no_drift(
    change: Mapping[str, object], drifted: int, lock: Lock
) -> None:
    assert len(stamped(made_by_others(lock), **change).guids) == drifted  # type: ignore[arg-type]


def test_a_lock_that_does_not_know_the_sources_names_no_drift(lock: Lock) -> None:
    old = replace(lock, records=tuple(replace(each, source="") for each in lock.records))
    assert stamped(made_by_others(old)) == Drift()


def test_no_version_differs() -> None:
    assert (
        "no version of a tool differs" in drift_of(frozenset("a"), {"nh3": "1"}, {"nh3": "1"}).cause
    )


def built(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Author:
    author = Author(folder, monkeypatch, {"name": "drift", "uid": "drift-of-tools"})
    author.write("cards.md", TEXT)
    author.write("p.png", MEDIA["p.png"])
    author.release("1.0.0")
    return author


def test_other_tools_alone_write_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another Pygments that gives the same HTML must not make the lock of every contributor another
    one.
    """
    author = built(tmp_path, monkeypatch)
    lock = author.folder / "ankipress.lock"
    found, _ = read_lock(lock.read_text(encoding="utf-8"))
    assert "Pygments" in found.tools
    text = lock.read_text(encoding="utf-8").replace(
        f'"Pygments":"{found.tools["Pygments"]}"', '"Pygments":"1.0"'
    )
    lock.write_text(text, encoding="utf-8")
    assert run(["build", "--locked"]) == 0
    assert lock.read_text(encoding="utf-8") == text


def test_a_comment_writes_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    author = built(tmp_path, monkeypatch)
    author.write("cards.md", TEXT.replace("A two.", "<!-- of two -->\n\nA two."))
    assert run(["build", "--locked"]) == 0


def test_build_and_diff_say_how_many_and_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    author = built(tmp_path, monkeypatch)
    package = author.folder / "build" / "drift-1.0.0.apkg"
    lock = author.folder / "ankipress.lock"
    found, _ = read_lock(lock.read_text(encoding="utf-8"))
    # As if another Pygments had given another HTML of the one card.
    text = lock.read_text(encoding="utf-8").replace(found.records[0].digest, "0" * 32)
    lock.write_text(
        text.replace(f'"Pygments":"{found.tools["Pygments"]}"', '"Pygments":"1.0"'),
        encoding="utf-8",
    )
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    capsys.readouterr()
    assert run(["diff", str(package)]) == 0
    cause = f"Pygments 1.0 → {found.tools['Pygments']}"
    assert (
        f"1 of the updated ones though their source did not change: {cause}"
        in capsys.readouterr().out
    )
    assert run(["build"]) == 0
    message = (
        f"warning[toolchain-drift]: learners would see 1 note updated whose source did not "
        f"change: {cause}"
    )
    assert message in capsys.readouterr().err
    assert run(["build"]) == 0
    assert "toolchain-drift" not in capsys.readouterr().err, "what was built is remembered"
