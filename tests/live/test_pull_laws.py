"""Laws of pulls: whatever somebody has written into notes in Anki."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from author import files_of
from live.stranger import CARDS, Stranger

FRAGMENTS = (
    *(
        "air",
        " ",
        "<br>",
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<b>",
        "</b>",
        "&nbsp;",
        "&lt;",
        "&amp;",
    ),
    *(
        "## New? {#new}",
        "\n## New?\n\nYes.\n",
        "---",
        "```",
        "~~~",
        "[^1]: x",
        "[blood]: /evil",
        "[blood]",
    ),
    *(
        "{{c1::",
        "}}",
        "$",
        "$$",
        "\\(",
        "\\)",
        "\\[",
        "{.evil}",
        "<!--",
        "-->",
        "<script>",
        "</script>",
    ),
    *(
        "<ul><li>",
        "<table><tr><td>",
        "<pre>",
        "</pre>",
        "|",
        "\n",
        "\t",
        "    ",
        "# ",
        "1. ",
        "> ",
        "\\",
    ),
    *(
        '<img src="x.png" onerror="evil()">',
        "<style>*{}</style>",
        "\u202e",
        "\u2028",
        "\x0c",
        "&#13;",
        "Q: ",
    ),
)
TEXTS = st.lists(st.sampled_from(FRAGMENTS), max_size=6).map("".join)
EDITS = st.dictionaries(
    st.sampled_from(["What does the heart", "What does the lung"]),
    st.tuples(st.sampled_from(["Front", "Back", "Extra"]), TEXTS),
)
TAGS = st.lists(
    st.sampled_from(["organ", "a}b", "#x", '"', "k=v", ".", "leech", "a::b"]), max_size=2
)


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stranger]:
    with pytest.MonkeyPatch.context() as patch:
        folder: Path = tmp_path_factory.mktemp("stranger")
        yield Stranger(
            folder, patch, {"cards.md": CARDS, "cards/other.md": "# Other\n\n## Who?\n\nI.\n"}
        )


@settings(max_examples=10)
@given(EDITS, TEXTS, TEXTS, TAGS)
def test_a_pull_changes_no_other_note_and_a_second_one_nothing(
    stranger: Stranger,
    edits: dict[str, tuple[str, str]],
    front: str,
    back: str,
    tags: list[str],
) -> None:
    stranger.start_again()
    before = stranger.records()
    edited = {stranger.edit(words, **{name: html}) for words, (name, html) in edits.items()}
    edited.add(stranger.tag("Who", *tags))
    made = stranger.make("Body", Front=front, Back=back)
    status = stranger.pull()
    after = stranger.records()
    for guid, record in before.items():
        if guid not in edited:
            assert after[guid] == record
    assert after.keys() - before.keys() <= {made}
    files = files_of(stranger.author.folder)
    again = stranger.pull()
    assert again == status
    assert _written(files_of(stranger.author.folder)) == _written(files)
    stranger.build()
    built = stranger.records()
    assert {guid: each.digest for guid, each in built.items()} == {
        guid: each.digest for guid, each in after.items()
    }


def _written(files: dict[str, bytes]) -> dict[str, bytes]:
    """All but what could not be written."""
    return {path: content for path, content in files.items() if not path.startswith("build/")}
