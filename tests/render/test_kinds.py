"""What each kind of card puts into which field."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recto.identity import assign
from recto.model import Lock, Source
from recto.parse import parse
from recto.project import Settings
from recto.render import Rendered, render

SETTINGS = Settings(uid="kinds-of-cards")


def rendered(text: str, path: str = "cards.md", **settings: object) -> Rendered:
    chosen = replace(SETTINGS, **settings)  # type: ignore[arg-type]
    parsed = parse([Source(path, text)], chosen)
    assert parsed.diagnostics == ()
    return render(assign(parsed.entries, Lock(), chosen).notes, chosen, {})


def fields(text: str) -> dict[str, str]:
    result = rendered(text)
    assert result.diagnostics == ()
    [note] = result.notes
    return {name: value for name, value in note.fields.items() if value and name != "Key"}


def options(*items: str, tag: str = "ul") -> str:
    return f'<{tag} class="choices">{"".join(items)}</{tag}>'


OPEN = '<li><input type="checkbox" disabled=""> {}</li>'
RIGHT = '<li class="right"><input type="checkbox" checked="" disabled=""> {}</li>'


# Multiple choice


def test_a_task_list_alone_is_an_answer_like_any_other() -> None:
    """Who writes a list of tasks is not surprised: only `kind=choice` hides the ticks."""
    assert "choices" not in fields("## Q\n\n- [x] a\n- [ ] b\n")["Back"]


@pytest.mark.parametrize(
    ("body", "front", "back"),
    [
        pytest.param(
            "- [x] a\n- [ ] b",
            options(OPEN.format("a"), OPEN.format("b")),
            options(RIGHT.format("a"), OPEN.format("b")),
            id="a list",
        ),
        pytest.param(
            "Look.\n\n1. [ ] *a*\n2. [X] `b`\n\nSince c.",
            "<p>Look.</p>" + options(OPEN.format("<em>a</em>"), OPEN.format("<code>b</code>"), tag="ol"),
            options(OPEN.format("<em>a</em>"), RIGHT.format("<code>b</code>"), tag="ol") + "<p>Since c.</p>",
            id="text above and below",
        ),
        pytest.param(
            "* [x] $a<b$\n* [ ] b\n\nWhich?\n\n---\n\nSince c.",
            options(OPEN.format("\\(a&lt;b\\)"), OPEN.format("b")) + "<p>Which?</p>",
            options(RIGHT.format("\\(a&lt;b\\)"), OPEN.format("b")) + "<p>Since c.</p>",
            id="above a rule, all is the question",
        ),
        pytest.param(
            "Text.\n\n---\n\n- [x] a\n- [ ] b",
            "\n<p>Text.</p>" + options(OPEN.format("a"), OPEN.format("b")),
            options(RIGHT.format("a"), OPEN.format("b")),
            id="below a rule",
        ),
        pytest.param(
            "- [x] a\n  - c\n- [ ] b\n\n  ```\n  \tx\n  ```",
            options(
                OPEN.format("<p>a</p>\n<ul>\n<li>c</li>\n</ul>"),
                OPEN.format('<p>b</p>\n<pre class="highlight"><code>\tx\n</code></pre>'),
            ),
            None,
            id="blocks in an option",
        ),
    ],
)
def test_options_are_ticked_on_the_back_alone(body: str, front: str, back: str | None) -> None:
    found = fields(f"## Q {{kind=choice}}\n\n{body}\n")
    assert found["Front"] == f"<p>Q</p>{front}"
    assert back is None or found["Back"] == back


@pytest.mark.parametrize(
    ("body", "message", "line"),
    [
        pytest.param("Some text.", "this card has no list of options", 1, id="no list"),
        pytest.param("- a\n- b", "this card has no list of options", 1, id="no boxes"),
        pytest.param("> - [x] a\n> - [ ] b", "this card has no list of options", 1, id="a list in a quote"),
        pytest.param("- [ ] a\n- [ ] b", "no option of this list is right", 3, id="none is right"),
        pytest.param("- [x] a", "one option is no choice", 3, id="one option"),
        pytest.param("Text\n\n- [x] a\n- b", "an option of this list has no box", 5, id="an option without a box"),
    ],
)
def test_a_list_that_is_no_choice_is_an_error(body: str, message: str, line: int) -> None:
    [problem] = rendered(f"## Q {{kind=choice}}\n\n{body}\n").diagnostics
    assert (problem.code, problem.message, problem.location.line) == ("bad-choices", message, line)


def test_all_options_may_be_right() -> None:
    assert fields("## Q {kind=choice}\n\n- [x] a\n- [x] b\n")["Back"] == options(RIGHT.format("a"), RIGHT.format("b"))


# Rows


def test_a_row_shows_its_heading_small_above_the_question() -> None:
    found = fields("## Say it in *French* {kind=rows}\n\n|a|b|c|\n|-|-|-|\n|dog|`chien`|m.|\n")
    assert found == {
        "Front": '<p class="context">Say it in <em>French</em></p><p>dog</p>',
        "Back": "<p><code>chien</code></p>",
        "Extra": "<p><strong>c:</strong> m.</p>",
    }


@pytest.mark.parametrize(
    ("row", "code"),
    [pytest.param("|  | b |", "empty-question", id="first"), pytest.param("| a |  |", "empty-answer", id="second")],
)
def test_an_empty_cell_is_an_error_at_its_row(row: str, code: str) -> None:
    [problem] = rendered(f"## A {{kind=rows}}\n\n|a|b|\n|-|-|\n|c|d|\n{row}\n").diagnostics
    assert (problem.code, problem.location.line) == (code, 6)


# The link to the source


def test_without_the_setting_there_is_no_link() -> None:
    assert "Source" not in fields("## Q\n\nA\n")


def test_the_link_leads_to_the_heading_and_follows_what_is_written() -> None:
    [note] = rendered(
        "## Was heißt „Größe“? {lang=de}\n\nA\n\n### Source\n\nA book\n",
        "kapitel 1/ü&?.md",
        source_url="https://example.org/{path}?x=1&y#{anchor}",
        source_label="Verbessern <3",
    ).notes
    address = "https://example.org/kapitel%201/%C3%BC%26%3F.md?x=1&amp;y#was-hei%C3%9Ft-gr%C3%B6%C3%9Fe-langde"
    assert note.fields["Source"] == f'<div lang="de"><p>A book</p></div><p><a href="{address}">Verbessern &lt;3</a></p>'


def test_a_link_may_hold_the_guid() -> None:
    [note] = rendered("## Q\n\nA\n", source_url="https://example.org/?card={guid}").notes
    assert f"?card={note.note.guid}" in note.fields["Source"]


def test_a_row_links_to_the_heading_of_its_table() -> None:
    text = "## A b {kind=rows}\n\n|a|b|\n|-|-|\n|c|d|\n|e|f|\n"
    links = {note.fields["Source"] for note in rendered(text, source_url="https://example.org/#{anchor}").notes}
    assert links == {'<p><a href="https://example.org/#a-b-kindrows">Suggest an edit</a></p>'}
