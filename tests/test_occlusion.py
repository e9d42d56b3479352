"""Image occlusions: their parts in the source, and shapes in the form that Anki keeps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ankipress.diagnostics import Diagnostic
from ankipress.identity.assign import assign
from ankipress.media.occlusion_shapes import Occluded, occlude, picture_size
from ankipress.media.resolve import resolve_media
from ankipress.model import Entry, Lock, Source
from ankipress.project.settings import Settings
from author import picture
from parsing import parse
from stages import Files, render_notes

SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"/>'
BOXED = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"/>'
SETTINGS = Settings(uid="occlusions")


FILES = {
    "a.svg": SVG,
    "boxed.svg": BOXED,
    "dot.png": picture(3),
    "odd.svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
}


def card(block: str, image: str = "![A](a.svg)", kind: str = " {kind=occlusion}") -> str:
    return f"## Name it{kind}\n\nAbove.\n\n{image}\n\n```occlusion\n{block}\n```\n\nBelow.\n"


def entry(text: str) -> Entry:
    [found] = parse([Source("cards.md", text)], SETTINGS).entries
    return found


def occluded(text: str) -> Occluded:
    parsed = parse([Source("cards.md", text)], SETTINGS)
    rendered = render_notes(assign(parsed.entries, Lock(), SETTINGS).notes, SETTINGS)
    resolved = resolve_media(rendered.notes, Files(FILES))
    result = occlude(resolved.notes, {file.name: file for file in resolved.files})
    return replace(
        result,
        diagnostics=(
            *parsed.diagnostics,
            *rendered.diagnostics,
            *resolved.diagnostics,
            *result.diagnostics,
        ),
    )


def told(diagnostics: tuple[Diagnostic, ...]) -> list[tuple[str, int, str]]:
    return [(each.code, each.location.line, each.message) for each in diagnostics]


def parts(found: Entry) -> dict[str, tuple[str, int]]:
    return {name: (part.text, part.line) for name, part in found.parts.items()}


# The parts of the card


def test_picture_and_block_are_parts_and_the_text_around_them_is_front_and_back() -> None:
    assert parts(entry(card("1: rect 0 0 1 1"))) == {
        "Front": ("Above.", 3),
        "Back": ("Below.", 11),
        "Occlusion": ("1: rect 0 0 1 1", 8),
        "Image": ("![A](a.svg)", 5),
    }


def test_a_block_of_shapes_makes_a_card_an_occlusion() -> None:
    assert entry(card("1: rect 0 0 1 1", kind="")).kind == "occlusion"
    assert entry("## Q\n\n> ```occlusion\n> 1: rect 0 0 1 1\n> ```\n").kind == "basic"
    assert entry(card("1: rect 0 0 1 1", kind=" {kind=basic}")).kind == "basic"


@pytest.mark.parametrize(
    ("body", "image"),
    [
        pytest.param("![a](a.svg)\n\n![b](b.svg)\n\nB", "![b](b.svg)", id="the nearest above"),
        pytest.param("B\n\n![a](a.svg)\n\n![b](b.svg)", "![a](a.svg)", id="else the first below"),
        pytest.param('<img src="a.svg" alt="a">\n\nB', '<img src="a.svg" alt="a">', id="as HTML"),
        pytest.param("text ![a](a.svg)\n\n![b](b.svg)\nB", "![b](b.svg)", id="not one in a text"),
    ],
)
def test_the_picture_is_one_that_stands_alone(body: str, image: str) -> None:
    text = f"## Q\n\n{body}".replace("B", "```occlusion\n1: rect 0 0 1 1\n```")
    assert entry(text).part("Image") == image


def test_all_above_a_rule_is_the_question() -> None:
    found = entry(
        "## Q\n\n![a](a.svg)\n\n```occlusion\n1: rect 0 0 1 1\n```\n\nWhich?\n\n---\n\nBack.\n"
    )
    assert (found.part("Front"), found.part("Back")) == ("Which?", "Back.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "## Q {kind=occlusion}\n\n![a](a.svg)\n",
            [("bad-occlusion", 1, "this card has no block of shapes")],
            id="no block",
        ),
        pytest.param(
            card("1: rect 0 0 1 1", image="text"),
            [("bad-occlusion", 7, "there is no picture to hide parts of")],
            id="no picture",
        ),
        pytest.param(
            card("\n 1: rext 0 0 1 1"),
            [("bad-occlusion", 9, 'there is no shape "rext"; did you mean "rect"?')],
            id="a mistake",
        ),
        pytest.param(
            card(""), [("bad-occlusion", 7, "this block hides nothing")], id="an empty block"
        ),
        pytest.param(
            card("1: rect 0 0 1 1", image="![a](b.svg)"),
            [("missing-media", 5, 'there is no file "b.svg"; did you mean "a.svg"?')],
            id="a picture that is not there",
        ),
        pytest.param(
            card("1: rect 0 0 1 1", kind=" {kind=occlusion typed}"),
            [("bad-attribute", 1, 'a card of kind occlusion has no "typed"')],
            id="an attribute of other kinds",
        ),
    ],
)
def test_what_is_missing_is_told_at_its_line(
    text: str, expected: list[tuple[str, int, str]]
) -> None:
    assert told(occluded(text).diagnostics) == expected


# Shapes


@pytest.mark.parametrize(
    ("block", "field"),
    [
        pytest.param(
            "1: rect 10% 20% 25% 30%",
            "{{c1::image-occlusion:rect:left=.1:top=.2:width=.25:height=.3:oi=1}}",
            id="percent",
        ),
        pytest.param(
            "1: rect 20 20 50 30px",
            "{{c1::image-occlusion:rect:left=.1:top=.2:width=.25:height=.3:oi=1}}",
            id="pixels",
        ),
        pytest.param(
            "1: rect 0 0 200 100",
            "{{c1::image-occlusion:rect:left=0:top=0:width=1:height=1:oi=1}}",
            id="all of it",
        ),
        pytest.param(
            "1: rect 1 1 66.67 1",
            "{{c1::image-occlusion:rect:left=.005:top=.01:width=.3334:height=.01:oi=1}}",
            id="four digits",
        ),
        pytest.param(
            "4: ellipse 20 20 50 30",
            "{{c4::image-occlusion:ellipse:left=.1:top=.2:rx=.125:ry=.15:oi=1}}",
            id="an ellipse",
        ),
        pytest.param(
            "2: polygon 20,50 60,10 100,90",
            "{{c2::image-occlusion:polygon:left=.1:top=.1:points=.1,.5 .3,.1 .5,.9:oi=1}}",
            id="a polygon with the left and top of its corners",
        ),
        pytest.param(
            "hide: one\n1: rect 0 0 1% 1%\n1: rect 0 0 2% 2%",
            "{{c1::image-occlusion:rect:left=0:top=0:width=.01:height=.01}}<br>"
            "{{c1::image-occlusion:rect:left=0:top=0:width=.02:height=.02}}",
            id="one at a time",
        ),
    ],
)
@pytest.mark.parametrize("image", ["a.svg", "boxed.svg"])
def test_shapes_are_fractions_of_the_picture(block: str, field: str, image: str) -> None:
    result = occluded(card(block, image=f"![A]({image})"))
    assert result.diagnostics == ()
    assert result.notes[0].fields["Occlusion"] == field


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        pytest.param(
            "rect 190 0 20 10",
            "this shape leaves the picture: it ends at 105%, beyond the right edge",
            id="right",
        ),
        pytest.param(
            "ellipse 0 50% 10 60%",
            "this shape leaves the picture: it ends at 110%, beyond the bottom edge",
            id="bottom",
        ),
        pytest.param(
            "polygon 0,0 1,1 0,101",
            "this shape leaves the picture: it ends at 101%, beyond the bottom edge",
            id="a corner",
        ),
    ],
)
def test_a_shape_outside_the_picture_is_an_error(shape: str, message: str) -> None:
    result = occluded(card(f"1: rect 0 0 1 1\n 2: {shape}"))
    assert told(result.diagnostics) == [("shape-outside", 9, message)]
    assert result.diagnostics[0].help == "the picture has 200 × 100 pixels"


def test_pixels_of_a_picture_of_unknown_size_are_an_error_and_percent_are_none() -> None:
    message = "the size of this picture is not known, so pixels mean nothing"
    assert told(occluded(card("1: rect 0 0 1 1", image="![a](odd.svg)")).diagnostics) == [
        ("bad-occlusion", 8, message)
    ]
    assert occluded(card("1: rect 0% 0% 1% 1%", image="![a](odd.svg)")).diagnostics == ()


def test_the_other_fields() -> None:
    text = (
        card("1: rect 0 0 1 1 the *left* one\n2: rect 0 0 1 1\n3: rect 1 1 1 1 {{c9::x}}")
        + "\n### Hint\n\nH\n\n### Extra\n\nE\n"
    )
    [note] = occluded(text).notes
    fields = note.fields
    assert fields["Header"] == "<p>Name it</p>\n<p>Above.</p>"
    assert fields["Image"].startswith('<img alt="A" src="a-')
    assert (fields["Back Extra"], fields["Hint"]) == ("<p>Below.</p><p>E</p>", "<p>H</p>")
    assert (
        fields["Comments"]
        == "<ul>\n<li>1: the <em>left</em> one</li>\n<li>3: {<wbr>{c9::x}}</li>\n</ul>"
    )


@pytest.mark.parametrize(
    ("content", "size"),
    [
        pytest.param(b"", None, id="nothing"),
        pytest.param(b"\x89PNG\r\n\x1a\n", None, id="a damaged picture"),
        pytest.param(b"<svg viewBox='0 0 1.2.3 4'/>", None, id="a damaged drawing"),
        pytest.param(b"<svg viewBox='0 0 0 4'/>", None, id="a drawing without width"),
        pytest.param(picture(1), (1, 1), id="PNG"),
        pytest.param(b"GIF89a\x02\x00\x03\x00\x00\x00\x00", (2, 3), id="GIF"),
        pytest.param(SVG, (200, 100), id="SVG"),
        pytest.param(b"<svg width='100%' viewBox='-5,-5, 20 30'/>", (20, 30), id="SVG with a box"),
    ],
)
def test_the_size_of_a_picture(content: bytes, size: tuple[float, float] | None) -> None:
    assert picture_size(content) == size


@pytest.mark.parametrize("text", [card("1: rect 0 0 1 1", image="text"), card("")])
def test_what_is_wrong_with_a_whole_block_is_told_at_its_opening(text: str) -> None:
    [problem] = [each for each in occluded(text).diagnostics if each.code == "bad-occlusion"]
    line = text.split("\n")[problem.location.line - 1]
    begin = problem.location.column - 1
    assert line[begin : begin + problem.location.width] == "```occlusion"
