"""`ankipress ids --write` in files of every shape: the id goes behind the question, and every other
byte stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.build.identities import Identities
from ankipress.cli.main import run
from ankipress.parse.id_insertion import end_of_question, insert_ids
from ankipress.project.reading import read_workspace
from shaped import entries


def with_ids(text: str, shape: str) -> str:
    """A text with an id, `a`, `b` and so on, for each of its cards."""
    ends = {end_of_question(each): f"i{number}" for number, each in enumerate(entries(text, shape))}
    return insert_ids(text, {}, {end: name for end, name in ends.items() if end})


@pytest.mark.parametrize(
    ("shape", "text", "expected"),
    [
        ("numbered", "1. A?\n\n   a\n", "1. A? {#i0}\n\n   a\n"),
        ("numbered", "1. ### A? ###\n\n   a\n", "1. ### A? {#i0} ###\n\n   a\n"),
        ("numbered", "1. A\n   b?\n   a\n", "1. A\n   b? {#i0}\n   a\n"),
        ("numbered", "1. A? {.t}\n", "1. A? {#i0 .t}\n"),
        ("numbered", "1. A? {: .t}\n", "1. A? {:#i0 .t}\n"),
        ("numbered", "1. A?\n   {.t}\n", "1. A?\n   {#i0 .t}\n"),
        ("numbered", "1. A? {y}\n2. B?\n", "1. A? {y} {#i0}\n2. B? {#i1}\n"),
        ("numbered", "1. A  \n   a\n", "1. A {#i0}  \n   a\n"),
        ("prefix", "Q: A?\nA: a\n", "Q: A? {#i0}\nA: a\n"),
        ("prefix", "Q:\nA?\nA: a\n", "Q:\nA? {#i0}\nA: a\n"),
        ("prefix", "C: The [a] b.\n", "C: The [a] b. {#i0}\n"),
        ("prefix", "C: The [a]\n\nQ: A?\n", "C: The [a] {#i0}\n\nQ: A? {#i1}\n"),
        (
            "summary",
            "<details><summary><b>A?</b></summary>a</details>\n",
            "<details><summary><b>A? {#i0}</b></summary>a</details>\n",
        ),
        ("bold", "**A?**\n\na\n", "**A? {#i0}**\n\na\n"),
        ("bold", "**A**?\n\na\n", "**A**? {#i0}\n\na\n"),
        ("bold", "**A?** {.t}\n\na\n", "**A?** {#i0 .t}\n\na\n"),
        ("inline", "A?::a\n", "A? {#i0}::a\n"),
        ("inline", "A? {.t}:::a\nB ::: b\n", "A? {#i0 .t}:::a\nB {#i1} ::: b\n"),
        ("inline", "A?\n?\na\n", "A? {#i0}\n?\na\n"),
        ("file", "# A?\n\na\n", "# A? {#i0}\n\na\n"),
        ("file", "A\n=\n\na\n", "A {#i0}\n=\n\na\n"),
        ("file", "---\nquestion: A?\n---\n\na\n", "---\nquestion: A? {#i0}\n---\n\na\n"),
        ("file", "---\nfront: 'A?'\n---\n\na\n", "---\nfront: 'A? {#i0}'\n---\n\na\n"),
        ("file", "notes are\n\nhere\n", "notes are\n\nhere\n"),
    ],
)
def test_an_id_stands_behind_the_question(shape: str, text: str, expected: str) -> None:
    assert with_ids(text, shape) == expected


CARDS: Mapping[str, tuple[str, ...]] = {
    "numbered": ("1. A{}?\n\n   a\n", "1. A{}\n   b? {{.t}}\n   - x\n", "1. A{} `#`\n"),
    "prefix": (
        "Q: A{}?\nA: a\n",
        "**Q:** A{} #\n\n**A:** a\n",
        "C: A{} [x] {{.t}}\n",
        "C: A{} [y]\n",
    ),
    "summary": (
        "<details>\n<summary>A{}?</summary>\n\na\n\n</details>\n",
        "<details><summary><i>A{} {{kind=basic}}</i></summary>a</details>\n",
    ),
    "bold": ("**A{}?**\n\na\n", "**A{}**? {{.t}}\na\n", "__A{}__\n\na\n"),
    "inline": ("A{}::a\n", "- A{} {{.t}} ::: a\n", "A{}?\n?\na\n"),
}


@pytest.mark.parametrize("shape", CARDS)
@given(st.data())
def test_each_entry_has_the_id_and_asks_the_same(shape: str, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(CARDS[shape]), min_size=1, max_size=5))
    text = "\n".join(each.format("ä" * number) for number, each in enumerate(chosen, 1))
    before = entries(text, shape)
    after = entries(with_ids(text, shape), shape)
    assert [each.heading for each in after] == [each.heading for each in before]
    assert [each.parts["Back"].text for each in after] == [
        each.parts["Back"].text for each in before
    ]
    assert [each.attributes.id for each in after] == [f"i{number}" for number in range(len(before))]
    assert [each.tags for each in after] == [each.tags for each in before]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_all_other_bytes_of_a_file_stay(project: Path) -> None:
    text = "\ufeff---\r\ndeck: X\r\n---\r\n\r\n1. Größe?\r\n\r\n\ta\r\n2. B? {.t}\r\n   - b"
    (project / "notes.md").write_bytes(text.encode())
    assert run(["build", "notes.md", "--shape", "numbered"]) == 0
    assert run(["ids", "notes.md", "--write"]) == 0
    expected = text.replace("Größe?", "Größe? {#größe}").replace("{.t}", "{#b .t}")
    assert (project / "notes.md").read_bytes().decode() == expected
    identities = Identities(read_workspace([project / "notes.md"]))
    ids = {each.guid: each.id for each in identities.lock.records}
    assert sorted(ids.values(), key=str) == ["b", "größe"]
    assert run(["build", "notes.md", "--locked"]) == 0


def test_rows_of_tables_have_ids_in_their_first_cells(project: Path) -> None:
    text = "## Words\n\n| a | b |\n|---|---|\n| x | y |\n| z | w |\n"
    (project / "notes.md").write_text(text, encoding="utf-8")
    assert run(["build", "notes.md", "--shape", "table"]) == 0
    assert run(["ids", "notes.md", "--write"]) == 0
    expected = text.replace("| x |", "| x {#x} |").replace("| z |", "| z {#z} |")
    assert (project / "notes.md").read_text(encoding="utf-8") == expected


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ("numbered", "1. A? {lang=german}\n\n   a\n"),
        ("prefix", "Q: A? {lang=german}\nA: a\n"),
        ("summary", "<details>\n<summary><b>A? {lang=german}</b></summary>\n\na\n\n</details>\n"),
        ("bold", "**A?** {lang=german}\n\na\n"),
        ("inline", "- A? {lang=german}::a\n"),
        ("file", "---\nfront: 'A? {lang=german}'\n---\n\na\n"),
    ],
)
def test_a_fix_replaces_its_words(project: Path, shape: str, text: str) -> None:
    (project / "ankipress.toml").write_text(f'shape = "{shape}"\n', encoding="utf-8")
    (project / "cards.md").write_bytes(text.replace("\n", "\r\n").encode())
    run(["check", "--fix"])
    fixed = (project / "cards.md").read_bytes().decode()
    assert fixed == text.replace("german", "de").replace("\n", "\r\n")
