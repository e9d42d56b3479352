"""The measure of a page finds what it is there to find: each case is a fault that a card could
have.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip(
    "playwright.sync_api",
    reason="NO CARD WAS LOOKED AT IN A BROWSER: pip install playwright, as requirements-dev.lock "
    "does",
)
pytest.importorskip(
    "anki.collection",
    reason="NO CARD WAS LOOKED AT IN A BROWSER: pip install anki, as requirements-dev.lock does",
)

from playwright.sync_api import Browser

from anki_cards import Card
from anki_pages import Frame
from lookout import Facts, Lookout

PHONE = Frame("android", "light", 320)
NIGHT = Frame("desktop", "dark", 390)


@pytest.fixture(scope="module")
def lookouts(browser: Browser) -> Iterator[dict[Frame, Lookout]]:
    """One on a phone by day, one on a desktop by night."""
    with Lookout(browser, {}, (PHONE,)) as phone, Lookout(browser, {}, (NIGHT,)) as night:
        yield {PHONE: phone, NIGHT: night}


@pytest.fixture
def phone(lookouts: dict[Frame, Lookout]) -> Lookout:
    lookouts[PHONE].site.forget()
    return lookouts[PHONE]


def seen(lookout: Lookout, html: str) -> Facts:
    """The facts of a card that is this HTML."""
    [facts] = lookout.look(Card("own", 0, {}, html, html), "front")
    return facts


@pytest.mark.parametrize("frame", [PHONE, NIGHT], ids=lambda frame: frame.name)
def test_a_card_with_nothing_wrong_has_no_problem(
    lookouts: dict[Frame, Lookout], frame: Frame
) -> None:
    facts = seen(lookouts[frame], "<p>Text, <b>bold</b> and \\(x\\)</p>")
    assert (facts.sideways, facts.clipped, facts.illegible, facts.formula_errors) == (0, (), (), ())
    assert (facts.formulas, facts.measured > 2) == (1, True)
    site = lookouts[frame].site
    assert (site.elsewhere, site.missing, site.errors) == ([], [], [])


def test_what_is_hidden_need_not_be_legible(phone: Lookout) -> None:
    facts = seen(
        phone,
        '<p>seen</p><p style="display: none; color: #eee">a</p><p style="visibility: hidden; '
        'color: #eee">b</p>',
    )
    assert (facts.illegible, facts.measured) == ((), 1)


@pytest.mark.parametrize(
    ("html", "place"),
    [
        pytest.param('<p style="color: #999">grey</p>', "p. grey: 2.", id="grey on white"),
        pytest.param('<p style="opacity: .4">pale</p>', "p. pale: ", id="half transparent"),
        pytest.param(
            '<p style="color: rgb(0 0 0 / 30%)">pale</p>', "p. pale: ", id="transparent colour"
        ),
        pytest.param(
            '<div style="background: #000a"><p>dark</p></div>',
            "p. dark: ",
            id="transparent background",
        ),
        pytest.param(
            "<style>p::before { content: 'x'; color: #ccc }</style><p>text</p>",
            'p.::before "x": ',
            id="made by a style",
        ),
        pytest.param(
            '<details><p style="color: #aaa">folded</p></details>', "p. folded: ", id="folded"
        ),
        pytest.param(
            '<input style="color: #888; background: #fff">',
            "input. INPUT text: 3.",
            id="what will be typed",
        ),
        pytest.param(
            '<svg><text y="20" fill="#ddd">drawn</text></svg>', "text. drawn: ", id="drawing"
        ),
        pytest.param(
            '<p style="background: linear-gradient(#fff, #000)">x</p>',
            "p. x: colours that cannot be told",
            id="gradient",
        ),
    ],
)
def test_a_text_that_cannot_be_read_is_found(phone: Lookout, html: str, place: str) -> None:
    [found] = seen(phone, html).illegible
    assert found.startswith(place)


def test_a_page_that_scrolls_sideways_is_found(phone: Lookout) -> None:
    facts = seen(phone, '<div style="width: 400px">wide</div>')
    assert facts.sideways > 0


def test_a_picture_that_sticks_out_is_found(phone: Lookout) -> None:
    drawing = '<div style="overflow: hidden"><svg width="400" height="10"></svg>text</div>'
    facts = seen(phone, drawing)
    assert (facts.sideways, facts.clipped) == (0, ("svg",))


def test_a_mask_beside_its_picture_is_found(phone: Lookout) -> None:
    picture = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEAAAAALAAAAAABAAEAAAIA"
    style = 'style="aspect-ratio: 2; width: 200px"'
    canvas = '<canvas id="image-occlusion-canvas" style="top: 20px"></canvas>'
    facts = seen(
        phone,
        f'<p>x</p><div id="image-occlusion-container" {style}><img src="{picture}">{canvas}</div>',
    )
    assert facts.astray == 20


def test_a_request_elsewhere_is_found(phone: Lookout) -> None:
    seen(phone, '<p>x</p><img src="https://example.org/x.png">')
    assert set(phone.site.elsewhere) == {"https://example.org/x.png"}
    assert any("broken picture" in error for error in phone.site.errors)


def test_a_missing_file_is_found(phone: Lookout) -> None:
    seen(phone, '<p>x</p><img src="x.png">')
    assert set(phone.site.missing) == {"x.png"}


def test_an_error_of_a_script_is_found(phone: Lookout) -> None:
    seen(phone, "<p>x</p><script>throw new Error('oh')</script>")
    assert any("oh" in error for error in phone.site.errors)


def test_mathematics_that_mathjax_cannot_read_is_found(phone: Lookout) -> None:
    facts = seen(phone, "<p>\\(\\frac{1}\\)</p>")
    assert facts.formulas == 1
    assert facts.formula_errors
