"""What each kind of card puts into which field."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from ankipress.diagnostics import Location
from ankipress.identity.assign import assign
from ankipress.model import Lock, Source
from ankipress.project.settings import Settings
from ankipress.render.completing import Rendered
from parsing import parse
from stages import render_notes

SETTINGS = Settings(uid="kinds-of-cards")


def rendered(text: str, path: str = "cards.md", **settings: object) -> Rendered:
    chosen = replace(SETTINGS, **settings)  # type: ignore[arg-type]
    parsed = parse([Source(path, text)], chosen)
    assert parsed.diagnostics == ()
    return render_notes(assign(parsed.entries, Lock(), chosen).notes, chosen)


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
            "<p>Look.</p>"
            + options(OPEN.format("<em>a</em>"), OPEN.format("<code>b</code>"), tag="ol"),
            options(OPEN.format("<em>a</em>"), RIGHT.format("<code>b</code>"), tag="ol")
            + "<p>Since c.</p>",
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
        pytest.param("- a\n- b", "nothing says which of these options is right", 3, id="no boxes"),
        pytest.param(
            "> - [x] a\n> - [ ] b", "this card has no list of options", 1, id="a list in a quote"
        ),
        pytest.param("- [ ] a\n- [ ] b", "no option of this list is right", 3, id="none is right"),
        pytest.param("- [x] a", "one option is no choice", 3, id="one option"),
        pytest.param(
            "Text\n\n- [x] a\n- b",
            "this option has no box",
            6,
            id="an option without a box",
        ),
    ],
)
def test_a_list_that_is_no_choice_is_an_error(body: str, message: str, line: int) -> None:
    [problem] = rendered(f"## Q {{kind=choice}}\n\n{body}\n").diagnostics
    assert (problem.code, problem.message, problem.location.line) == ("bad-choices", message, line)


def test_all_options_may_be_right() -> None:
    assert fields("## Q {kind=choice}\n\n- [x] a\n- [x] b\n")["Back"] == options(
        RIGHT.format("a"), RIGHT.format("b")
    )


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
    [
        pytest.param("|  | b |", "empty-question", id="first"),
        pytest.param("| a |  |", "empty-answer", id="second"),
    ],
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
    address = (
        "https://example.org/kapitel%201/%C3%BC%26%3F.md?x=1&amp;"
        "y#was-hei%C3%9Ft-gr%C3%B6%C3%9Fe-langde"
    )
    assert (
        note.fields["Source"]
        == f'<div lang="de"><p>A book</p></div><p><a href="{address}">Verbessern &lt;3</a></p>'
    )


def test_a_link_may_hold_the_guid() -> None:
    [note] = rendered("## Q\n\nA\n", source_url="https://example.org/?card={guid}").notes
    assert f"?card={note.note.guid}" in note.fields["Source"]


def test_a_row_links_to_the_heading_of_its_table() -> None:
    text = "## A b {kind=rows}\n\n|a|b|\n|-|-|\n|c|d|\n|e|f|\n"
    links = {
        note.fields["Source"]
        for note in rendered(text, source_url="https://example.org/#{anchor}").notes
    }
    assert links == {'<p><a href="https://example.org/#a-b-kindrows">Suggest an edit</a></p>'}


# Footnotes from elsewhere in the file, and numbers of deletions

NOTES = "\n# Notes\n\n[^1]: about *it*\n"


@pytest.mark.parametrize(
    ("text", "shown_in"),
    [
        pytest.param(
            "## Q\n\na\n\n[^1]: x\n\n## R\n\nb [^1]\n", {"Back"}, id="defined in another card"
        ),
        pytest.param(f"## Q[^1]\n\na\n{NOTES}", {"Front"}, id="the heading"),
        pytest.param(
            f"## Q\n\nf[^1]\n\n---\n\na[^1]\n{NOTES}", {"Front", "Back"}, id="question and answer"
        ),
        pytest.param(f"## Q\n\na\n\n### Hint\n\nh[^1]\n{NOTES}", {"Hint"}, id="the hint"),
        pytest.param(
            f"## Q {{kind=rows}}\n\n| a | b |\n|---|---|\n| c | d[^1] |\n{NOTES}",
            {"Back"},
            id="a cell",
        ),
        pytest.param(
            f"## Q {{kind=choice}}\n\n- [x] a[^1]\n- [ ] b\n{NOTES}",
            {"Front", "Back"},
            id="an option",
        ),
        pytest.param(f"## {{{{c1::Q}}}}\n\na[^1]\n{NOTES}", {"Text"}, id="a cloze"),
    ],
)
def test_a_footnote_stands_where_the_text_refers_to_it(text: str, shown_in: set[str]) -> None:
    note = rendered(text).notes[-1]
    assert {name for name, html in note.fields.items() if 'class="footnotes"' in html} == shown_in


def test_footnotes_are_neither_typed_nor_spoken() -> None:
    found = fields(f"## Q {{typed tts-back=de-DE}}\n\na[^1]\n{NOTES}")
    assert found["Typed"] == "a"
    assert found["Back"].endswith("[anki:tts lang=de_DE]a[/anki:tts]")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        pytest.param("## A {{c1::b}} {{c500::c}}\n\n{{c2,3::d}}", [], id="numbers from 1 to 500"),
        pytest.param("## A {{c1::b}}\n\nc {{c0::d}} {{c1,0::e}}", [(3, 3), (3, 13)], id="0"),
        pytest.param("## A {{c0::b}} {{c1::c}}\n\nd", [(1, 6)], id="in the heading"),
        pytest.param(
            "## A {kind=cloze}\n\n```\n{{c1::b}} {{c501::c}}\n```",
            [(4, 11)],
            id="above 500, in code",
        ),
    ],
)
def test_numbers_that_anki_does_not_count_are_told(
    text: str, places: list[tuple[int, int]]
) -> None:
    found = [each for each in rendered(text).diagnostics if each.code == "deletion-number"]
    assert [(each.location.line, each.location.column) for each in found] == places


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        pytest.param(
            "## Q {kind=rows tts=de-DE}\n\n| a | b |\n|---|---|\n| c | d |\n",
            {"Front": "c", "Back": "d"},
            id="rows",
        ),
        pytest.param(
            "## Q {tts=de-DE}\n\n![p](p.png)\n\n```occlusion\n1: rect 0 0 9 9\n```\n\nb\n",
            {"Header": "Q", "Back Extra": "b"},
            id="an image occlusion",
        ),
    ],
)
def test_every_kind_is_read_aloud(text: str, spoken: dict[str, str]) -> None:
    [note] = rendered(text).notes
    found = {
        name: re.findall(r"\[anki:tts lang=de_DE\](.*?)\[", html)
        for name, html in note.fields.items()
    }
    assert {name: texts for name, texts in found.items() if texts} == {
        name: [text] for name, text in spoken.items()
    }


def test_rows_take_what_their_heading_says() -> None:
    [note] = rendered(
        "## Q {kind=rows dir=rtl lang=ar}\n\n| a | b |\n|---|---|\n| c {lang=he} | d |\n"
    ).notes
    assert (note.note.entry.attributes.dir, note.note.entry.attributes.lang) == ("rtl", "he")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        pytest.param(
            "## A\n\n`[^2]` \\[^3] [^4](u) $[^5]$\n\n    [^6]\n\n```\n[^7]\n```\n",
            [],
            id="no references",
        ),
        pytest.param("## A[^x]\n\na", [(1, 5)], id="in a heading"),
        pytest.param("## A\n\na\n\n### Hint\n\nb [^x]", [(7, 3)], id="in a hint"),
        pytest.param("## {{c1::A}}\n\n- b [^x]\n- c [^y]", [(3, 5), (4, 5)], id="two, in a cloze"),
    ],
)
def test_footnotes_that_are_not_there_are_told(text: str, places: list[tuple[int, int]]) -> None:
    found = [each for each in rendered(text).diagnostics if each.code == "missing-footnote"]
    assert [(each.location.line, each.location.column) for each in found] == places


def test_what_is_wrong_with_the_heading_of_a_table_is_told_in_it() -> None:
    result = rendered(
        "# A\n\n## `<blink>` <blink> [^x] {kind=rows}\n\n| a | b |\n|-|-|\n| c | d |\n| e | f |\n"
    )
    places = {(each.code, each.location) for each in result.diagnostics}
    assert places == {
        ("dropped-html", Location("cards.md", 3, 14, 7)),
        ("missing-footnote", Location("cards.md", 3, 22, 4)),
    }


IN_HINT = "## {{c1::A}}\n\nb\n\n### Hint\n\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"{IN_HINT}{{{{c1::b}}}}", [(7, "{{c1::b}}")], id="one"),
        pytest.param(
            f"{IN_HINT}> - ä `{{{{c1::b}}}}` {{{{c1::b}}}} {{{{c1::b}}}}",
            [(7, "{{c1::b}}")] * 2,
            id="two, and code",
        ),
        pytest.param(
            f"{IN_HINT}{{{{c1::b {{{{c2::c}}}}}}}}",
            [(7, "{{c1::b {{c2::c}}}}"), (7, "{{c2::c}}")],
            id="one in another",
        ),
        pytest.param(
            f"{IN_HINT}${{{{c1::b}}}}$ `{{{{c1::b}}}}`", [(7, "{{c1::b}}")], id="in a formula"
        ),
        pytest.param(f"{IN_HINT}a {{{{c1::b", [(7, "{{c1::")], id="one that never ends"),
        pytest.param(
            "## {{c1::A}}\n\nb\n\n---\n\n{{c2::c}}\n\n### Extra\n\n{{c3::d}}",
            [(7, "{{c2::c}}"), (11, "{{c3::d}}")],
            id="below a rule, and in the extra",
        ),
        pytest.param(
            f"{IN_HINT}a[^1]\n\n[^1]: {{{{c1::b}}}}", [(9, "{{c1::b}}")], id="in a footnote"
        ),
        pytest.param(
            f"{IN_HINT}a <img alt='{{{{c1::b}}}}' src='c.png'>",
            [(1, "## {{c1::A}}")],
            id="in a tag",
        ),
        pytest.param(
            "## {{c1::Q}} {kind=occlusion}\n\n{{c1::a}}\n\n![p](p.png)\n\n```occlusion\n"
            "1: rect 0 0 9 9\n```\n\n{{c1::b}}\n",
            [(1, "{{c1::Q}}"), (3, "{{c1::a}}"), (11, "{{c1::b}}")],
            id="around a picture",
        ),
    ],
)
def test_each_deletion_outside_the_text_has_its_place(
    text: str, expected: list[tuple[int, str]]
) -> None:
    found = [each for each in rendered(text).diagnostics if each.code == "deletion-outside-text"]
    words = []
    for each in found:
        place = each.location
        line = text.split("\n")[place.line - 1]
        words.append((place.line, line[place.column - 1 : place.column - 1 + place.width]))
    assert words == expected
    assert len({each.location for each in found}) == len(expected)


# Cards without an answer


@pytest.mark.parametrize(
    ("text", "front"),
    [
        pytest.param("## What is it?\n", "<p>What is it?</p>", id="a question"),
        pytest.param("## What is it? {reverse}\n", "<p>What is it?</p>", id="a reverse card"),
        pytest.param("## What is it? {typed}\n", "<p>What is it?</p>", id="a typed answer"),
        pytest.param("## Rows {kind=rows}\n\n| a | b |\n|---|---|\n| c |  |\n", None, id="a row"),
    ],
)
def test_a_question_alone_is_a_card_with_nothing_to_type(text: str, front: str | None) -> None:
    result = rendered(text)
    [problem] = result.diagnostics
    assert problem.code == "empty-answer"
    [note] = result.notes
    assert not note.fields.get("Back")
    assert not note.fields.get("Typed")
    if front is not None:
        assert note.fields["Front"] == front


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("## \n\nAn answer.\n", "empty-question", id="no question"),
        pytest.param("## What? {kind=choice}\n", "bad-choices", id="a choice of nothing"),
    ],
)
def test_all_else_that_is_missing_is_still_an_error(text: str, code: str) -> None:
    codes = {each.code for each in rendered(text).diagnostics}
    assert code in codes
