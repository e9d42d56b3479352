"""What matching reads of an entry."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ankipress.identity.matching_texts import texts_of
from ankipress.identity.signature import sign
from ankipress.model import Source
from ankipress.parse.document import read_document
from ankipress.parse.section import read_section
from ankipress.project.settings import Settings
from ankipress.render.fields import Renderer
from ankipress.syntax import entry_trees
from ankipress.syntax.entry_trees import EntryTrees


def entries(text: str) -> Iterator[EntryTrees]:
    """The entries of a file, with their trees."""
    document = read_document(Source("cards.md", text), Settings(), {})
    for section in document.sections:
        yield from read_section(section, document.context).trees


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        pytest.param("## *What*?\n\n`a` **b**", "What?", "a b", id="markup"),
        pytest.param("## A\n\n> b\n\n---\n\nc", "A b", "c", id="text below the heading"),
        pytest.param("## 1. A {#id}\n\n1. b", "1. A", "1. b", id="numbers"),
        pytest.param("## What is [A][a]?\n\nb\n\n[a]: c.md", "What is A?", "b", id="a definition"),
        pytest.param("## Is a ==b==?\n\nc ==d==", "Is a ==b==?", "c ==d==", id="marked text"),
        pytest.param(
            "## Is a ==b==? {kind=cloze}\n\nc ==d==", "Is a b?", "c d", id="marked text hides"
        ),
        pytest.param("## A {{c1::b::hint}}\n\nc", "A b", "c", id="a cloze card"),
        pytest.param("## Größe \\_x\\_\n\n~~e\u0301~~\n", "Größe _x_", "é", id="accents"),
        pytest.param("## A\n\n```x\nb *c*", "A", "`b *c*`", id="code at the end of the file"),
        pytest.param(
            "## Rows {kind=rows}\n\n| a | b |\n|---|---|\n| *c* | `d` |", "c", "d", id="a row"
        ),
    ],
)
def test_texts(text: str, question: str, answer: str) -> None:
    (trees,) = entries(text)
    texts = texts_of(trees)
    assert (texts.question, texts.answer, texts.opening) == (question, sign(answer), answer)


def test_the_shapes_of_an_occlusion_belong_to_its_answer() -> None:
    shapes = "```occlusion\n1: rect 10% 20% 30% 15% *x*\n```"
    (trees,) = entries(f"## Heart {{kind=occlusion}}\n\n![h](heart.png)\n\n{shapes}\n")
    texts = texts_of(trees)
    assert texts.question == "Heart"
    assert texts.opening == "h heart.png 1: rect 10% 20% 30% 15% x"


def test_no_text_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plain text is that of the trees from which the fields were made."""
    (trees,) = entries("## *A*?\n\nb\n\n---\n\n| c |\n|---|\n| $d$ |\n")
    Renderer((), {}).render(trees)
    monkeypatch.setattr(entry_trees, "read_markdown", pytest.fail)
    monkeypatch.setattr(entry_trees, "read_heading", pytest.fail)
    assert texts_of(trees).question == "A? b"
