"""A sanitized side shows what the card shows, cannot act, and asks no host for anything."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.preview.preview_cards import PreviewCard
from ankipress.preview.sanitize import sanitize_side, sanitize_text
from ankipress.preview.sounds import Sound, Speech

CARD = PreviewCard(
    guid="g",
    ord=0,
    name="Card 1",
    note_type="basic",
    kind="basic",
    deck="D",
    section="",
    path="cards.md",
    line=1,
    question="Q",
    tags=(),
    front="front",
    back="back",
    answer="answer",
    css="",
    typed="a < b",
    front_sounds=(Sound("a b.mp3"), Sound("film.mp4"), Speech('say "it"', "fr_FR")),
    back_sounds=(Sound("c.mp3"),),
)


def sanitized(html: str) -> str:
    return sanitize_side(html, CARD, "../media/")


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("", id="nothing"),
        pytest.param("text", id="text"),
        pytest.param(
            '<article class="ankipress" id="front"><section '
            'class="question"><p>x</p></section></article>',
            id="card",
        ),
        pytest.param(
            '<details class="hint"><summary>Hint</summary>x</details><hr id="answer">', id="hint"
        ),
        pytest.param(
            '<p lang="ar" dir="rtl" style="color: red" title="t" data-x="1">x \\(a &lt; b\\)</p>',
            id="attributes",
        ),
        pytest.param("<style>.a > .b { color: red }</style>", id="style"),
        pytest.param('<a href="#note-fn1" rel="noopener noreferrer">1</a>', id="link inside"),
        pytest.param('<img src="data:image/png;base64,AAAA" alt="x">', id="picture in the text"),
    ],
)
def test_what_is_harmless_stays(html: str) -> None:
    assert sanitized(html) == html


@pytest.mark.parametrize(
    ("html", "left"),
    [
        pytest.param("a<script>alert(1)</script>b", "ab", id="script"),
        pytest.param(
            '<img src="x.png" onerror="alert(1)">', '<img src="../media/x.png">', id="handler"
        ),
        pytest.param(
            '<a class="hint" onclick="x()" href="javascript:x">h</a>',
            '<a class="hint" rel="noopener noreferrer">h</a>',
            id="code in a link",
        ),
        pytest.param("</template></div></main>x", "x", id="closings of the page"),
        pytest.param("<template><p>x</p></template>y", "y", id="template"),
        pytest.param("<!-- x", "", id="open comment"),
        pytest.param("<textarea>x", "x", id="open text area"),
        pytest.param("<p><b>x", "<p><b>x</b></p>", id="never closed"),
        pytest.param(
            '<iframe src="https://example.org"></iframe><object></object><embed><form><base '
            'href="x"><meta>',
            "",
            id="frames",
        ),
        pytest.param('<img src="https://example.org/x.png">', "<img>", id="picture from afar"),
        pytest.param(
            '<img src="//example.org/x.png">', "<img>", id="picture from afar without a scheme"
        ),
        pytest.param(
            '<img src="/\\example.org/x.png">',
            '<img src="../media//%5Cexample.org/x.png">',
            id="a backslash",
        ),
        pytest.param('<img src="data:image/svg+xml,x">', "<img>", id="SVG in the text"),
        pytest.param(
            '<a href="other.md">x</a>',
            '<a rel="noopener noreferrer">x</a>',
            id="link inside the project",
        ),
        pytest.param(
            '<img src="a b&amp;ü.png">',
            '<img src="../media/a%20b%26%C3%BC.png">',
            id="name to escape",
        ),
    ],
)
def test_what_acts_or_reaches_out_is_gone(html: str, left: str) -> None:
    assert sanitized(html) == left


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        pytest.param(
            "[anki:play:q:0]",
            '<audio controls="" preload="none" src="../media/a%20b.mp3"></audio>',
            id="sound",
        ),
        pytest.param(
            "[anki:play:q:1]",
            '<video controls="" preload="none" src="../media/film.mp4"></video>',
            id="video",
        ),
        pytest.param(
            "[anki:play:a:0]",
            '<audio controls="" preload="none" src="../media/c.mp3"></audio>',
            id="sound of the back",
        ),
        pytest.param("[anki:play:a:7]", "", id="none of that number"),
        pytest.param(
            "[anki:play:q:2]",
            '<span class="speech" data-language="fr-FR" data-speech="say &quot;it&quot;"></span>',
            id="speech",
        ),
        pytest.param("[[type:Typed]]", '<code id="typeans">a &lt; b</code>', id="expected answer"),
    ],
)
def test_what_anki_plays_and_asks_for_is_shown(html: str, shown: str) -> None:
    assert sanitized(html) == shown


@pytest.mark.parametrize(
    ("html", "left"),
    [
        pytest.param('<p id="a" lang="de">x</p>', '<p id="a" lang="de">x</p>', id="harmless"),
        pytest.param('<p class="top" data-script="">x</p>', "<p>x</p>", id="a class of the page"),
        pytest.param("<style>.top { color: red }</style>x", "x", id="a style sheet"),
        pytest.param('<img src="x.png" alt="x">', '<img alt="x">', id="a file"),
    ],
)
def test_a_text_has_nothing_of_the_page_around_it(html: str, left: str) -> None:
    assert sanitize_text(html) == left


def test_a_box_to_tick_has_a_name() -> None:
    boxes = '<input type="checkbox" disabled=""> <input aria-label="mine" type="checkbox">'
    assert (
        sanitized(boxes)
        == '<input aria-label="Option" type="checkbox" disabled=""> <input aria-label="mine" '
        'type="checkbox">'
    )


def test_the_front_has_a_box_in_place_of_the_answer() -> None:
    card = replace(CARD, front="[[type:Typed]]")
    shown = sanitize_side(card.front, card, "")
    assert (
        shown
        == '<input type="text" id="typeans" disabled="" aria-label="The answer is typed here">'
    )


def test_masks_lie_on_the_picture() -> None:
    shapes = (
        '<div class="cloze" data-ordinal="1" data-shape="rect" data-left=".1" data-top=".2"'
        ' data-width=".25" data-height=".3" ></div>'
        '<div class="cloze-inactive" data-ordinal="2" data-shape="ellipse" data-left="0" '
        'data-rx=".1" data-ry=".2"'
        ' data-occludeInactive="1" ></div>'
        '<div class="cloze-inactive" data-ordinal="3" data-shape="rect" data-left="0" ></div>'
        '<div class="cloze-highlight" data-ordinal="4" data-shape="polygon" data-points="0,0 '
        '1,.5" ></div>'
    )
    canvas = (
        '<div id="image-occlusion-container"><img src="x.png"><canvas '
        'id="image-occlusion-canvas"></canvas></div>'
    )
    shown = sanitized(shapes + canvas).partition("image-occlusion-container")[2]
    assert 'class="mask asked" style="left: 10%; top: 20%; width: 25%; height: 30%; "' in shown
    assert (
        'class="mask other" style="left: 0%; top: 0%; width: 20%; height: 40%; border-radius: 50%;"'
        in shown
    )
    assert (
        'class="mask shown" style="inset: 0; border: 0; clip-path: polygon(0% 0%, 100% 50%);"'
        in shown
    )
    assert shown.count('class="mask') == 3


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


PIECES = [
    "<",
    ">",
    "</",
    "script",
    "template",
    "img",
    " src=",
    "https://a",
    '"',
    "'",
    "<!--",
    "-->",
    "<style>",
    "</style>",
    "p",
    " onload=x",
    "/",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_whatever_is_sanitized_stays_the_same(html: str) -> None:
    once = sanitized(html)
    parser = _Tags()
    parser.feed(once)
    assert not {tag for tag, _ in parser.seen} & {
        "script",
        "template",
        "iframe",
        "object",
        "embed",
        "base",
        "meta",
        "link",
    }
    assert not [
        name for _, attributes in parser.seen for name in attributes if name.startswith("on")
    ]
    assert sanitize_text(sanitize_text(html)) == sanitize_text(html)
