"""Templates, filters and deletions as the real Anki renders them, to the character."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip(
    "anki.collection", reason="THE PREVIEW WAS NOT COMPARED WITH THE REAL ANKI: pip install anki"
)

from anki.collection import Collection
from anki.lang import set_lang

from ankipress.preview.sounds import Sound, Speech, take_sounds
from ankipress.preview.templates import FRONT_SIDE, Filling, show_sides

FIELDS = {
    "Front": "F <b>x</b> &amp; é",
    "Back": "日本[にほん] x[sound:y&amp;z.mp3] &nbsp;漢字[かんじ]<br>",
}
EMPTY = {"Front": "F", "Back": "<br> "}


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    set_lang("en")
    collection = Collection(str(tmp_path_factory.mktemp("rules") / "collection.anki2"))
    yield collection
    collection.close()


Shown = tuple[str, str, list[Sound | Speech], list[Sound | Speech]]


def by_anki(collection: Collection, filling: Filling, front: str, back: str) -> Shown:
    """Both sides and their sounds, by Anki's own engine."""
    note_type = collection.models.by_name("Cloze" if filling.cloze else "Basic")
    assert note_type
    note = collection.new_note(note_type)
    for name in note.keys():  # noqa: SIM118 - a note is no mapping
        note[name] = filling.fields[name]
    note.tags = filling.fields["Tags"].split()
    template = {
        **note_type["tmpls"][0],
        "qfmt": front,
        "afmt": back,
        "name": filling.fields["Card"],
    }
    output = note.ephemeral_card(filling.ord, custom_template=template).render_output()
    sounds = (output.question_av_tags, output.answer_av_tags)
    front_sounds, back_sounds = ([_sound(each) for each in side] for side in sounds)
    return numbered(output.question_text), numbered(output.answer_text), front_sounds, back_sounds


def numbered(html: str) -> str:
    """The HTML with the digests in the ids of hints counted: they are any that differ."""
    digests = list(dict.fromkeys(re.findall(r"hint([0-9a-f]{16})", html)))
    return re.sub(r"hint([0-9a-f]{16})", lambda found: f"hint{digests.index(found[1])}", html)


def _sound(tag: Any) -> Sound | Speech:
    if hasattr(tag, "filename"):
        return Sound(tag.filename)
    return Speech(tag.field_text, tag.lang, tuple(tag.voices), round(tag.speed, 4))


def by_ankipress(filling: Filling, front: str, back: str) -> Shown:
    sides = show_sides(front, back, filling)
    front, front_sounds = take_sounds(sides.front, "q")
    back, back_sounds = take_sounds(sides.back, "a")
    return (
        numbered(front),
        numbered(back.replace(FRONT_SIDE, front)),
        list(front_sounds),
        list(back_sounds),
    )


def filled(fields: dict[str, str], ord: int = 0, *, cloze: bool = False) -> Filling:
    special = {
        "Tags": "a b::c",
        "Type": "Cloze" if cloze else "Basic",
        "Deck": "(Deck)",
        "Subdeck": "(Deck)",
    }
    return Filling(fields | special | {"Card": "Card 1", "CardFlag": "flag0"}, ord, cloze)


@pytest.mark.parametrize(
    "fields", [pytest.param(FIELDS, id="filled"), pytest.param(EMPTY, id="empty back")]
)
@pytest.mark.parametrize(
    "template",
    [
        pytest.param("", id="nothing"),
        pytest.param("text", id="text alone"),
        pytest.param("{{Front}}", id="field"),
        pytest.param("{{ Front }}}} { {", id="spaces and braces"),
        pytest.param("{{{Front}}}", id="three braces"),
        pytest.param("{{Front}}<!-- {{Nope}} {{#x}} -->{{Back}}", id="comment"),
        pytest.param("{{Front}}{{#Back}}1{{/Back}}{{^Back}}2{{/Back}}", id="sections"),
        pytest.param("{{# Front }}{{Front}}{{^Tags}}no{{/Tags}}{{/ Front }}", id="nested"),
        pytest.param("{{#Back}}{{Front}}{{/Back}}", id="front that may be blank"),
        pytest.param("{{#Tags}}T{{/Tags}}{{#Front}}x{{/Front}}", id="a condition shows nothing"),
        pytest.param(
            "{{Front}}{{#c1}}one{{/c1}}{{^c1}}not one{{/c1}}{{#c2}}two{{/c2}}",
            id="cloze conditions",
        ),
        pytest.param(
            "{{Tags}}|{{Type}}|{{Deck}}|{{Subdeck}}|{{Card}}|{{CardFlag}}", id="special fields"
        ),
        pytest.param("{{Front}}{{FrontSide}}x", id="front side"),
        pytest.param(
            "{{Front}}{{text:FrontSide}}{{foo:FrontSide}}", id="filters of the front side"
        ),
        pytest.param("{{text:Front}}|{{text:Back}}", id="text"),
        pytest.param("{{hint:Front}}{{hint:Back}}", id="hint"),
        pytest.param(
            "{{Front}}{{furigana:Back}}{{kanji:Back}}{{kana:Back}}{{kana:text:Back}}", id="furigana"
        ),
        pytest.param(
            "{{type:Front}}{{type:nc:Front}}{{type:cloze:Front}}{{nc:type:Front}}", id="typed"
        ),
        pytest.param("{{Front}}{{cloze:Back}}{{cloze-only:Back}}", id="cloze of another note type"),
        pytest.param(
            "{{Front}}{{foo:Back}}{{text:foo:Front}}{{foo:text:Front}}{{::Front}}{{text:}}",
            id="unknown filters",
        ),
        pytest.param("{{Front}}[sound:a.mp3][sound:][sound:a&b.mp3]", id="sounds"),
        pytest.param("{{tts en_US voices=A,B speed=0.8:Front}}{{tts de_DE:Back}}", id="speech"),
        pytest.param(
            "{{tts en_US:Front}}[anki:tts lang=fr_FR]a<br>b<div>c</div><li>d</li>[/anki:tts]",
            id="speech in lines",
        ),
        pytest.param("{{Front", id="never closed"),
        pytest.param("{{Front}}{{Nope}}", id="no such field"),
        pytest.param("{{Front}}{{text:hint:Nope}}", id="no such field, with filters"),
        pytest.param("{{Front}}{{#Nope}}x{{/Nope}}", id="no such condition"),
        pytest.param("{{Front}}{{^Nope}}x{{/Nope}}", id="no such negated condition"),
        pytest.param("{{Front}}{{^Front}}{{Nope}}{{/Front}}", id="no such field in what is hidden"),
        pytest.param("{{Front}}{{}}", id="no name"),
        pytest.param("{{#Front}}x", id="open section"),
        pytest.param("{{Front}}{{/Front}}", id="closed and not opened"),
        pytest.param("{{#Front}}a{{/Back}}", id="crossed sections"),
        pytest.param("{{<b>}}", id="a name to escape"),
    ],
)
def test_a_template_is_rendered_as_by_anki(
    collection: Collection, template: str, fields: dict[str, str]
) -> None:
    filling = filled(fields)
    for front, back in (
        (template, "{{FrontSide}}|{{Back}}"),
        ("{{Front}}", f"{{{{FrontSide}}}}{template}"),
    ):
        assert by_ankipress(filling, front, back) == by_anki(collection, filling, front, back)


CLOZE_FRONT = "{{cloze:Text}}|{{cloze-only:Text}}|{{text:cloze:Text}}{{#c1}}1{{/c1}}"
CLOZE_BACK = "{{cloze:Text}}|{{cloze-only:Text}}|{{type:cloze:Text}}|{{tts en_US:cloze:Text}}"


@pytest.mark.parametrize("ord", [0, 1])
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("nothing to guess", id="no deletion"),
        pytest.param("{{c3::another}}", id="none of this card"),
        pytest.param("{{c1::a::h}} b {{c2::x {{c1::y::z}} w}}", id="nested, with hints"),
        pytest.param("x {{c1::a {{c2::b::c}} d::hint::more}}", id="a hint with colons"),
        pytest.param("{{c1::}}{{c2::a::}}", id="empty"),
        pytest.param(
            "{{c1,2::both}}{{c1,::a}}{{c,2::b}}{{c99999::c}}{{c2,99999::d}}{{c,::e}}",
            id="several numbers",
        ),
        pytest.param("{{c01::a}}{{c0::b}}{{c2::c}}", id="zeros"),
        pytest.param("{{c1::a}} }} {{c2::b}} {{c1::open", id="never closed"),
        pytest.param(
            "\\({{c1::x <b>y</b> &lt; }}\\) {{c2::a}} \\[ {{c1::\\frac{1}{2} }} \\]",
            id="mathematics",
        ),
        pytest.param(
            "{{c1::\"q\" 'a' <i>&amp;</i>=/\n\t}}{{c2::é\xa0ü中Ж\x85ñ’–😀}}",
            id="characters to escape",
        ),
        pytest.param("{{c1::[sound:a.mp3]}}{{c2::b}}", id="sound"),
        pytest.param("{{c1::std<wbr>::vector}}{{c2::b}}", id="colons"),
        pytest.param("{{c1::" * 12 + "deep" + "}}" * 12 + "{{c2::b}}", id="too deep"),
        pytest.param(
            "{{c1::image-occlusion:rect:left=.1:top=.2:width=.25:height=.3:oi=1}}<br>"
            "{{c2::image-occlusion:polygon:points=0,0 1,1:angle=5:fill=#f00:nope=1:left=}}"
            "{{c0::image-occlusion:text:left=.1:text=a\\:b<x>"
            "é:scale=1:fs=.2}}{{c1::image-occlusion:ellipse:rx=1:ry=2}}",
            id="image occlusion",
        ),
        pytest.param(
            "{{c1::image-occlusion:}}{{c2::image-occlusion}}{{c1::image-occlusion::left=1}}",
            id="odd occlusion",
        ),
    ],
)
def test_deletions_are_shown_as_by_anki(collection: Collection, text: str, ord: int) -> None:
    filling = filled({"Text": text, "Back Extra": ""}, ord, cloze=True)
    shown = by_ankipress(filling, CLOZE_FRONT, CLOZE_BACK)
    assert shown == by_anki(collection, filling, CLOZE_FRONT, CLOZE_BACK)


PIECES = st.sampled_from(
    [
        "{{c1::",
        "{{c2::",
        "{{c1,2::",
        "{{c",
        "}}",
        "}",
        "::",
        ":",
        "a",
        " ",
        "<b>",
        "</b>",
        "\\(",
        "\\)",
        "é",
        "&lt;",
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join))
@settings(max_examples=300, deadline=None)
def test_whatever_deletions_are_made_of_they_are_shown_as_by_anki(
    collection: Collection, text: str
) -> None:
    filling = filled({"Text": text, "Back Extra": ""}, cloze=True)
    assert by_ankipress(filling, CLOZE_FRONT, CLOZE_BACK) == by_anki(
        collection, filling, CLOZE_FRONT, CLOZE_BACK
    )


TAGS = [
    "{{Front}}",
    "{{#Back}}",
    "{{/Back}}",
    "{{^Back}}",
    "{{#Front}}",
    "{{/Front}}",
    "{{text:Front}}",
    "{{Nope}}",
    "{{",
    "}}",
    "a",
    "<!--",
    "-->",
]


@given(st.lists(st.sampled_from(TAGS), max_size=12).map("".join))
@settings(max_examples=300, deadline=None)
def test_whatever_a_template_is_made_of_it_is_rendered_as_by_anki(
    collection: Collection, template: str
) -> None:
    filling = filled(FIELDS)
    back = "{{FrontSide}}{{Back}}"
    assert by_ankipress(filling, template, back) == by_anki(collection, filling, template, back)
