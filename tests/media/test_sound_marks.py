"""Anki's own mark of a sound packs the file that it names, as a link to it does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pytest

from ankipress.build.pipeline import compile_deck
from ankipress.model import Lock, Source
from ankipress.project.deck import Project
from ankipress.project.settings import Settings
from ankipress.syntax.markdown_reading import read_markdown
from ankipress.syntax.tree import Node, walk
from near import under, unmarked
from stages import Files

FILES = {"media/s.mp3": b"ID3\3\0\0\0\0\0\0"}


def sounds(text: str) -> list[Node]:
    return [node for node in walk(read_markdown(text).nodes) if node.kind == "sound"]


@pytest.mark.parametrize(
    "marked",
    [
        "[sound:«a.mp3»]",
        "x [sound:«media/a b.ogg»] y",
        "[sound:«음.MP3»] **[sound:«b.wav»]**",
        "- [sound:«a.mp3»]\n  - [sound:«a.mp3»]",
        "> [sound:«a.mp3»]",
        "|a|\n|-|\n|[sound:«a.mp3»]|",
        "### [sound:«a.mp3»]",
        "{{c1::[sound:«a.mp3»]}}",
        "[sound:a] [sound:] [sound:a b] [Sound:a.mp3] [sound: .]",
        "\\[sound:a.mp3] [sound\\:a.mp3]",
        "`[sound:a.mp3]` $[sound:a.mp3]$ <!-- [sound:a.mp3] -->",
        "```\n[sound:a.mp3]\n```",
        "![[sound:x]] [[sound:«a.mp3»]]",
    ],
)
def test_the_mark_names_a_file(marked: str) -> None:
    text, files = unmarked(marked)
    found = sounds(text)
    assert [each.url for each in found] == files
    assert [text[slice(*each.target)] for each in found if each.target] == files
    assert all(text[each.start : each.end] == f"[sound:{each.url}]" for each in found)


class Built(NamedTuple):
    """The fields of all notes, the codes with what they point at, and the names of the files."""

    fields: str
    told: list[tuple[str, str]]
    files: list[str]


def built(text: str, files: Mapping[str, bytes]) -> Built:
    source = Source("cards.md", text)
    project = Project(Settings(name="deck"), [source], Lock(), Files(files))
    result = compile_deck(project, 1_700_000_000)
    return Built(
        "".join(field for note in result.package.notes for field in note.fields),
        [(each.code, under(each, text)) for each in result.diagnostics],
        [file.name for file in result.package.media],
    )


def test_the_file_is_packed_and_the_mark_has_its_name_in_anki() -> None:
    deck = built("## Which?\n\nThis: [sound:media/s.mp3] `[sound:media/t.mp3]`", FILES)
    [name] = deck.files
    assert name.startswith("s-")
    assert f"[sound:{name}]" in deck.fields
    assert deck.told == []


def test_so_it_is_in_a_question_and_on_a_cloze_card() -> None:
    deck = built("## Hear [sound:media/s.mp3]\n\n{{c1::[sound:media/s.mp3]}}", FILES)
    assert deck.fields.count(f"[sound:{deck.files[0]}]") == 2


def test_a_file_that_is_not_there_is_told_at_its_name() -> None:
    deck = built("## Which?\n\na.mp3: [sound:a.mp3], **[sound:a.mp3]**", FILES)
    assert deck.told == [("sound-mark", "a.mp3"), ("sound-mark", "a.mp3")]


def test_a_mark_without_an_ending_is_text() -> None:
    deck = built("## What does [sound:x] do?\n\nIt plays.", {})
    assert "[<wbr>sound:x]" in deck.fields
    assert deck.told == []
