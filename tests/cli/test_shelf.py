"""A shelf gives back what was put on it, and takes no memory that a disk has."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.cli import shelf
from ankipress.cli.shelf import Shelf, ShelvedSources, ShelvedTexts
from ankipress.model import Source
from ankipress.scratch import Scratch

# Half characters and NUL too: what an extension makes of a card may hold anything.
texts = st.text(st.characters(), max_size=40) | st.sampled_from(
    ["\0", "a\0b", "\ud800", "", "ä" * 70_000]
)
lines = st.lists(st.lists(texts, max_size=4).map(tuple), max_size=12)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "_SMALL", 64)


@given(lines)
def test_what_is_put_away_is_there_whenever_it_is_read(each: Sequence[tuple[str, ...]]) -> None:
    put = Shelf().put
    away = [put(one) for one in each]
    for one, other in [*zip(each, away, strict=True), *reversed([*zip(each, away, strict=True)])]:
        assert tuple(other) == one
        assert (len(other), list(reversed(other)), other[:2]) == (
            len(one),
            list(reversed(one)),
            one[:2],
        )
        assert other == one
        assert one == other
        assert hash(other) == hash(one)
        assert other != (*one, "more")


def test_a_text_is_no_sequence_of_texts() -> None:
    assert Shelf().put(("a", "b")) != "ab"


def test_little_touches_no_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/there/is/none")
    monkeypatch.setattr(shelf, "Scratch", pytest.fail)
    assert tuple(Shelf().put(("a", "b"))) == ("a", "b")


@pytest.mark.parametrize("room", [0, 1, 200])
def test_where_a_disk_refuses_it_stays_in_memory(
    room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def append(self: Scratch, content: bytes) -> None:
        real(self, content[: max(0, room - self.size)])
        if self.size >= room:
            raise OSError(28, "No space left on device")

    real = Scratch.append
    monkeypatch.setattr(Scratch, "append", append)
    put = Shelf().put
    away = [put((str(number), "x" * number)) for number in range(100)]
    assert [tuple(each) for each in away] == [(str(number), "x" * number) for number in range(100)]


def test_texts_by_name() -> None:
    shelved = ShelvedTexts()
    shelved.update({"a.md": "# A\n" * 50, "b.md": ""})
    shelved["a.md"] = "anew " * 50
    assert (
        dict(shelved) == dict(shelved) == {"a.md": "anew " * 50, "b.md": ""}
    )  # the first time and after that
    del shelved["a.md"]
    assert (list(shelved), len(shelved), shelved.get("a.md")) == (["b.md"], 1, None)


def test_sources_are_those_that_were_put_there() -> None:
    shelved = ShelvedTexts()
    shelved.update({"a.md": "A", "b.md": "B", "ankipress.lock": "{}", "c.md": "C"})
    sources = ShelvedSources(shelved, ["a.md", "b.md", "c.md"])
    expected = [Source("a.md", "A"), Source("b.md", "B"), Source("c.md", "C")]
    assert list(sources) == list(sources) == expected
    assert (len(sources), sources[-1], list(sources[:2])) == (3, expected[-1], expected[:2])
    with pytest.raises(IndexError):
        sources[3]
