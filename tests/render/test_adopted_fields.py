"""What the fields of cards of learners' note types hold, and what matching reads of them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from adopted import learners_type
from ankipress.diagnostics import Diagnostic
from ankipress.identity.matching_texts import texts_of
from ankipress.lint.card_text import read_cards
from ankipress.model import CustomType, Source, TextMode, Texts
from ankipress.project.settings import Settings
from ankipress.render.fields import RenderedEntry, Renderer
from ankipress.syntax.entry_trees import EntryTrees
from parsing import parse

NAMES = ("Front", "Back", "Key", "Source", "Image")
PARAGRAPHS, LINES, BARE = TextMode.PARAGRAPHS, TextMode.LINES, TextMode.BARE
RAW = "```{=html}\n%s\n```"


def trees_of(text: str, custom: CustomType, dialect: str = "github") -> EntryTrees:
    parsed = parse([Source("cards.md", text)], Settings(dialect=dialect), {"geo": custom})
    assert parsed.diagnostics == ()
    [entry] = parsed.entries
    return EntryTrees(entry)


def rendered(
    text: str, modes: Mapping[str, TextMode] | None = None, hiding: tuple[str, ...] = ()
) -> RenderedEntry:
    custom = learners_type(*NAMES, modes=modes, hiding=hiding)
    return Renderer((), {"geo": custom}).render(trees_of(text, custom))


def fields(
    text: str, modes: Mapping[str, TextMode] | None = None, hiding: tuple[str, ...] = ()
) -> dict[str, str]:
    result = rendered(text, modes, hiding)
    assert result.problems == ()
    return dict(result.fields)


def back(text: str, mode: TextMode = LINES, hiding: tuple[str, ...] = ()) -> str:
    return fields(f"## Q {{kind=geo}}\n\n{text}\n", {"Back": mode}, hiding).get("Back", "")


@pytest.mark.parametrize(
    ("heading", "mode", "html"),
    [
        ("*a* & b", LINES, "<em>a</em> &amp; b"),
        ("*a* & b", PARAGRAPHS, "<p><em>a</em> &amp; b</p>"),
        ("*a* & <b>", BARE, "*a* &amp; &lt;b&gt;"),
        ("1\\. a", BARE, "1\\. a"),
    ],
)
def test_the_heading_is_the_first_field(heading: str, mode: TextMode, html: str) -> None:
    text = f"## {heading} {{kind=geo .tag}}\n"
    assert fields(text, {"Front": mode}) == {"Front": html}
    assert fields(text.replace(".tag", f"text={mode}")) == {"Front": html}


@pytest.mark.parametrize(
    ("text", "mode", "html"),
    [
        ("a\nb\n\nc", PARAGRAPHS, "<p>a\nb</p>\n<p>c</p>"),
        ("a\nb\n\nc", LINES, "a<br>b<br><br>c"),
        ("a\\\nb", LINES, "a<br>b"),
        ("a\n*b*\n\n- c", BARE, "a\n*b*\n\n- c"),
        ("a&amp;b\u00a0c \"d\" 'e'", BARE, "a&amp;amp;b&nbsp;c \"d\" 'e'"),
        ("$a<b$", LINES, "\\(a&lt;b\\)"),
        ("$$\na\n=b\n$$", LINES, "\\[a\n=b\\]"),
        ("==mark== {{c1::gap}}", LINES, "==mark== {{c1::gap}}"),
        ("{{c1::a}} b}} {{x}}", LINES, "{{c1::a}} b}} {{x}}"),
        ("שלום", PARAGRAPHS, "<p>שלום</p>"),
    ],
)
def test_a_field_is_as_its_mode_says(text: str, mode: TextMode, html: str) -> None:
    assert back(text, mode) == html


@pytest.mark.parametrize(
    ("text", "mode", "html"),
    [
        ("a {{c1::b::hint}} ==c==", LINES, "a {{c1::b::hint}} ==c=="),
        ("{{c1::a\n\nb}} c", LINES, "{{c1::a<br><br>b}} c"),
        ("{{c1::$x\n\\\\y$}}", LINES, "{{c1::\\(x\n\\\\y\\)}}"),
        ("{{c1::*a*}}", PARAGRAPHS, "<p>{{c1::<em>a</em>}}</p>"),
        ("{{c1::*a*}}", BARE, "{{c1::*a*}}"),
    ],
)
def test_deletions_stay_as_they_are_written(text: str, mode: TextMode, html: str) -> None:
    """A highlight hides nothing: it did not in the deck that the card came from."""
    assert back(text, mode, hiding=("Back", "Front")) == html
    heading = f"## {{kind=geo}}\n\n### Front\n\n{text}\n"
    assert fields(heading, {"Front": mode}, ("Back", "Front")) == {"Front": html}


def test_a_deletion_elsewhere_is_the_one_that_anki_counted_before() -> None:
    assert back("{{c2::a::b}} {{c3::x", hiding=("Front",)) == "{{c2::a::b}} {{c3::x"


def test_a_label_is_in_no_field_and_any_field_may_be_empty() -> None:
    text = "## Label {kind=geo}\n\n### Front\n\n### Back\n\n### Source\n\na\n"
    assert fields(text) == {"Source": "a"}
    assert fields("## {kind=geo}\n\nTODO\n") == {"Back": "TODO"}


def test_html_in_a_fence_is_packed_as_it_is() -> None:
    html = "<script>a</script>\n\n<B CLASS=x>[sound:a.mp3] {{c1::x}} [latex]y[/latex] ``` <br/>"
    text = f"## Q {{kind=geo}}\n\n````{{=html}}\n{html}\n````\n\n### Key\n\n{RAW % ''}\n"
    for mode in TextMode:
        modes = dict.fromkeys(NAMES, mode)
        assert fields(text, modes, ("Back",))["Back"] == html


@pytest.mark.parametrize(
    ("html", "kept"),
    [("e\u0301", "\u00e9"), ("a&#1;b", "a&#1;b"), ("  a\n\tb  ", "  a\n\tb  ")],
)
def test_html_in_a_fence_is_text_that_anki_can_store(html: str, kept: str) -> None:
    custom = learners_type(*NAMES)
    trees = trees_of(f"## Q {{kind=geo}}\n\n{RAW % html}\n", custom)
    assert Renderer((), {"geo": custom}).render(trees).fields["Back"] == kept


@pytest.mark.parametrize(
    "text",
    [
        f"a\n\n{RAW % '<script>x</script>'}",
        f"{RAW % '<script>x</script>'}\n\na",
        "- " + (RAW % "<script>x</script>").replace("\n", "\n  "),
        "```{=html} x\n<script>x</script>\n```",
        "```html\n<script>x</script>\n```",
    ],
)
def test_any_other_fence_is_code(text: str) -> None:
    html = rendered(f"## Q {{kind=geo}}\n\n{text}\n").fields["Back"]
    assert "<script" not in html
    assert "&lt;" in html


def test_of_cards_of_other_note_types_it_is_code() -> None:
    [entry] = parse([Source("a.md", f"## Q\n\n{RAW % '<script></script>'}\n")], Settings()).entries
    html = Renderer((), {}).render(EntryTrees(entry)).fields["Back"]
    assert "<script" not in html


def test_language_and_voice_are_those_that_the_card_says() -> None:
    text = f"## a {{kind=geo lang=fr tts-front=fr-FR}}\n\nb\n\n### Key\n\n{RAW % '<b>'}\n"
    assert fields(text) == {
        "Front": '<div lang="fr">a [anki:tts lang=fr_FR]a[/anki:tts]</div>',
        "Back": '<div lang="fr">b</div>',
        "Key": "<b>",
    }


def problems_of(text: str, mode: TextMode) -> tuple[Diagnostic, ...]:
    custom = {"geo": learners_type(*NAMES, modes={"Back": mode})}
    return parse([Source("a.md", f"## Q {{kind=geo}}\n\n{text}\n")], Settings(), custom).diagnostics


@pytest.mark.parametrize("text", ["==x== and [latex]y[/latex]", "##Heading", "{{c1:x}}"])
def test_what_is_no_markdown_is_nearly_none(text: str) -> None:
    assert problems_of(text, LINES)
    assert problems_of(text, BARE) == ()
    assert problems_of(RAW % text, LINES) == ()


# Matching


def texts(text: str, modes: Mapping[str, TextMode] | None = None) -> Texts:
    return texts_of(trees_of(text, learners_type(*NAMES, modes=modes)))


def test_matching_reads_the_first_field_and_all_others() -> None:
    read = texts("## *a* {kind=geo}\n\nb\n\n### Image\n\nc {{c1::d}}\n\n### Key\n\ne\n")
    assert (read.question, read.opening, read.hidden) == ("a", "b e c d", "d")


def test_a_label_or_another_mode_makes_no_other_card() -> None:
    text = "## Label {kind=geo}\n\n### Front\n\na b\n\n### Back\n\nc d\n"
    read = texts(text)
    assert read.question == "a b"
    assert texts(text.replace("Label", "Another")) == read
    assert texts("## a b {kind=geo}\n\nc d\n") == read
    raw = f"## L {{kind=geo}}\n\n### Front\n\n{RAW % 'a <b>b</b>'}\n\n### Back\n\nc d\n"
    assert texts(raw) == read


def test_of_what_is_no_markdown_all_signs_are_read() -> None:
    assert texts("## *a* {kind=geo}\n", {"Front": BARE}).question == "*a*"


def test_in_obsidian_a_highlight_is_a_highlight() -> None:
    custom = learners_type(*NAMES, hiding=("Back",))
    trees = trees_of("## Q {kind=geo}\n\n==a== {{c1::b}}\n", custom, "obsidian")
    fields = Renderer((), {"geo": custom}).render(trees).fields
    assert fields["Back"] == "<mark>a</mark> {{c1::b}}"


@pytest.mark.parametrize(("mode", "text"), [(BARE, "    {}"), (LINES, "```{{=html}}\n{}\n```")])
def test_advice_is_given_on_markdown_alone(mode: TextMode, text: str) -> None:
    custom = learners_type(*NAMES, modes={"Back": mode})
    wide = "x" * 200
    cards = {
        below: trees_of(f"## Q {{kind=geo}}\n\n{below}\n", custom).entry
        for below in (text.format(wide), f"```text\n{wide}\n```\n\nx")
    }
    for below, entry in cards.items():
        [card] = read_cards([entry])
        is_code = mode != BARE and below.endswith("x")
        assert [each.node.kind for each in card.nodes("code")] == ["code"] * is_code
