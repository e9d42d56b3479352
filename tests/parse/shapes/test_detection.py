"""Which shape a folder is written in, and whether that is sure."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ankipress.model import Source
from ankipress.parse.shapes.copies import without_copies
from ankipress.parse.shapes.detection import detect

THINGS = (
    "tree river cloud stone bread paper glass engine window garden bridge candle mirror ladder"
).split()
ANSWER = "It is a thing that many people know, and it has a use of its own."


def headings(marks: str = "##", count: int = 14, form: str = "What is a {}?") -> str:
    return "\n\n".join(f"{marks} {form.format(each)}\n\n{ANSWER}" for each in THINGS[:count])


def numbered(count: int = 14, form: str = "What is a {}?") -> str:
    return "\n\n".join(
        f"{number}. {form.format(each)}\n\n   {ANSWER}"
        for number, each in enumerate(THINGS[:count], 1)
    )


def prefix(count: int = 14) -> str:
    return "\n\n".join(f"Q: What is a {each}?\nA: {ANSWER}" for each in THINGS[:count])


def summary(count: int = 14) -> str:
    return "\n\n".join(
        f"<details>\n<summary>What is a {each}?</summary>\n\n{ANSWER}\n\n</details>"
        for each in THINGS[:count]
    )


def bold(count: int = 14) -> str:
    return "\n\n".join(f"**What is a {each}?**\n\n{ANSWER}" for each in THINGS[:count])


def options(count: int = 14) -> str:
    lines = "- [ ] A thing.\n- [x] Another thing.\n- [ ] No thing at all."
    return "\n\n".join(
        f"#### Q{number}. {each}\n\n{lines}" for number, each in enumerate(THINGS[:count], 1)
    )


README = (
    "# Tool\n\n## Installation\n\n1. Get it.\n2. Unpack it.\n3. Run it.\n\n## Usage\n\n"
    "Call it with `tool::run`.\n\n| Option | Meaning |\n|---|---|\n| a | all |\n| b | both |\n\n"
    "## Configuration\n\nIt reads a file.\n\n## Contributing\n\nSend a patch.\n"
)


@pytest.mark.parametrize(
    ("files", "shape", "level"),
    [
        ({"a.md": headings()}, "headings", 2),
        ({"a.md": headings("###")}, "headings", 3),
        (
            {"a.md": headings("###", 7), "b.md": "# T\n\n" + headings("###", 7, "Why a {}?")},
            "headings",
            3,
        ),
        ({"a.md": headings("##"), "b.md": headings("####", 14, "Why a {}?")}, "headings", "auto"),
        ({"a.md": numbered()}, "numbered", 2),
        ({"a.md": prefix()}, "prefix", 2),
        ({"a.md": summary()}, "summary", 2),
        ({"a.md": bold()}, "bold", 2),
        ({"a.md": options()}, "headings", 4),
        ({f"{each}.md": f"# What is a {each}?\n\n{ANSWER}" for each in THINGS}, "file", 2),
    ],
)
def test_a_shape_is_sure(files: Mapping[str, str], shape: str, level: object) -> None:
    detected = detect(sources(files))
    assert detected.best
    assert (detected.best.shape, detected.best.level) == (shape, level)
    assert detected.is_sure


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"a.md": numbered(5)}, id="too few"),
        pytest.param(
            {"a.md": numbered(), "b.md": prefix().replace("What is", "Why is")}, id="two shapes"
        ),
        pytest.param({"a.md": headings(form="The {}")}, id="headings that ask nothing"),
        pytest.param({"a.md": numbered(form="Take the {}.")}, id="steps"),
        pytest.param({"README.md": README}, id="a README"),
        pytest.param({f"{each}/README.md": README + each for each in THINGS}, id="many READMEs"),
        pytest.param({"a.md": "```\n" + numbered() + "\n```\n"}, id="code"),
        pytest.param({"a.md": f"{ANSWER}\n\n" * 80 + numbered()}, id="a part of a text"),
        pytest.param(
            {"a.md": "\n".join(f"## What is a {each}?\n" for each in THINGS)}, id="no answers"
        ),
        pytest.param({"a.md": "\n".join(f"std::{each} is" for each in THINGS)}, id="paths"),
    ],
)
def test_no_shape_is_sure(files: Mapping[str, str]) -> None:
    assert not detect(sources(files)).is_sure


@pytest.mark.parametrize("files", [{}, {"a.md": ""}, {"a.md": "Some text.\n"}])
def test_nothing_looks_like_a_question(files: Mapping[str, str]) -> None:
    detected = detect(sources(files))
    assert detected.best is None or detected.best.shape == "file"
    assert not detected.is_sure


def test_headings_that_repeat_belong_to_answers() -> None:
    text = headings().replace(ANSWER, f"### Answer\n\n{ANSWER}\n\n## References\n\nA book.")
    detected = detect(sources({"a.md": text}))
    assert detected.best
    assert (detected.best.shape, len(detected.best.cards)) == ("headings", 14)
    names = {name for name, _ in map(named, detected.answer_headings)}
    assert "References" in names


def named(heading: object) -> tuple[str, object]:
    """A heading of answers as its name and the rest."""
    assert isinstance(heading, tuple)
    return heading[0], heading[1:]


@pytest.mark.parametrize(
    ("paths", "kept"),
    [
        (["a.md", "b.md"], ["a.md", "b.md"]),
        (["a.md", "a.de.md", "a_fr.md"], ["a.md"]),
        (["en/a.md", "de/a.md", "zh-CN/a.md"], ["en/a.md"]),
        (["a-en.md", "a-de.md"], ["a-en.md"]),
        (["c.md", "go.md", "js/is.md"], ["c.md", "go.md", "js/is.md"]),
    ],
)
def test_translations_are_copies(paths: list[str], kept: list[str]) -> None:
    files = {path: f"{path} {ANSWER}" for path in paths}
    assert [each.path for each in without_copies(sources(files)).kept] == kept


def test_files_of_the_same_text_are_copies() -> None:
    copies = without_copies(sources({"a.md": ANSWER, "b/a.md": f"\n{ANSWER}\n", "c.md": "Other."}))
    assert [each.path for each in copies.kept] == ["a.md", "c.md"]
    assert list(copies.left_out) == ["b/a.md"]


def test_empty_files_are_no_copies_of_each_other() -> None:
    assert len(without_copies(sources({"a.md": "", "b.md": "\n"})).kept) == 2


def sources(files: Mapping[str, str]) -> list[Source]:
    return [Source(path, text) for path, text in files.items()]
