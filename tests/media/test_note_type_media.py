"""Files that note types name: packed under names that Anki keeps, or told where they stand."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.diagnostics import Diagnostic
from ankipress.media.css_addresses import rewrite_css
from ankipress.media.note_type_media import NoteTypeMedia, read_note_type_media
from ankipress.media.template_addresses import rewrite_template
from author import picture
from stages import Files

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1"/></svg>'
FILES = {
    "media/a.png": picture(1),
    "media/b c.png": picture(2),
    "media/s.mp3": b"\0s",
    "notetypes/v/own.png": picture(3),
    "notetypes/v/größe.svg": SVG,
    "notetypes/v/evil.svg": SVG.replace(b"<path", b"<script>x()</script><path"),
    "notetypes/v/f.woff2": b"wOF2\0",
    "notetypes/v/x.js": b"let a = 1\n",
    "notetypes/v/more.css": b".m { background: url('img/d.png') }\n",
    "notetypes/v/charset.css": b'@charset "utf-8";\r\n.c { color: red }\r\n',
    "notetypes/v/img/d.png": picture(4),
    "notetypes/v/deep.css": b"@import 'more.css';\n.d { color: red }",
    "notetypes/v/loop.css": b".l { color: red }\n@import 'loop2.css';",
    "notetypes/v/loop2.css": b"@import 'loop.css';",
    "notetypes/v/latin.css": b".l { content: '\xe4' }",
    "notetypes/v/end.css": b"/* </style> */",
    "notetypes/v/lfs.png": b"version https://git-lfs.github.com/spec/v1\n",
    "notetypes/v/lfs.css": b"version https://git-lfs.github.com/spec/v1\n",
    "notetypes/v/secret.txt": b"secret",
}
A, OWN, S = "_ankipress-a-#.png", "_ankipress-own-#.png", "_ankipress-s-#.mp3"


def read(name: str, text: str, files: Mapping[str, bytes] = FILES) -> NoteTypeMedia:
    return read_note_type_media({f"notetypes/v/{name}": text}, Files(files))


def shown(found: NoteTypeMedia) -> str:
    """The one text, with `#` for each digest."""
    [text] = found.texts.values()
    return re.sub(r"[0-9a-f]{16}(?=\.)", "#", text)


def named(found: NoteTypeMedia) -> list[str]:
    files = found.of_types(["v"])
    return [re.sub(r"[0-9a-f]{16}(?=\.)", "#", each.name) for each in files]


def underlined(text: str, problem: Diagnostic) -> str:
    place = problem.location
    line = text.split("\n")[place.line - 1]
    return line[place.column - 1 : place.column - 1 + place.width]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param(".a { color: red }", id="no address"),
        pytest.param("/* url(a.png) */ .a { content: 'url(b.png)' }", id="comments and texts"),
        pytest.param("/* url(a.png)", id="a comment without an end"),
        pytest.param(".a { fill: url(#g); mask: url('#m') }", id="parts of the page"),
        pytest.param(".a { background: url(data:image/png;base64,AA==) }", id="data"),
        pytest.param('.a { background: url("data:image/svg+xml,<svg>") }', id="quoted data"),
        pytest.param("@namespace svg url(http://www.w3.org/2000/svg);", id="a namespace"),
        pytest.param(".a { src: local('Arial'); --my-url(x: 1 }", id="what looks alike"),
        pytest.param("@font-face { font-family: x; src: local(x) }", id="a font of the device"),
    ],
)
def test_a_style_sheet_without_files_stays_as_it_is(text: str) -> None:
    found = read("style.css", text)
    assert (shown(found), named(found), found.diagnostics) == (text, [], ())


@pytest.mark.parametrize(
    ("text", "expected", "files"),
    [
        pytest.param("a{b:url(own.png)}", f"a{{b:url({OWN})}}", [OWN], id="bare"),
        pytest.param("a{b:url( 'own.png' )}", f"a{{b:url( '{OWN}' )}}", [OWN], id="quoted"),
        pytest.param('a{b:URL("own.png")}', f'a{{b:URL("{OWN}")}}', [OWN], id="double, capitals"),
        pytest.param(
            "ä{b:url(../../media/a.png),url(/media/a.png)}",
            f"ä{{b:url({A}),url({A})}}",
            [A],
            id="two ways to one file, behind a letter",
        ),
        pytest.param(
            "a{b:url('../../media/b%20c.png') url('../../media/b c.png')}",
            "a{b:url('_ankipress-b-c-#.png') url('_ankipress-b-c-#.png')}",
            ["_ankipress-b-c-#.png"],
            id="a space",
        ),
        pytest.param(
            "a{b:url(größe.svg#x)}",
            "a{b:url(_ankipress-groe-#.svg#x)}",
            ["_ankipress-groe-#.svg"],
            id="a part of a drawing",
        ),
        pytest.param(r"a{b:url(\6fwn.png)}", f"a{{b:url({OWN})}}", [OWN], id="an escape"),
        pytest.param(
            "@font-face{src:url(f.woff2) format('woff2')}",
            "@font-face{src:url(_ankipress-f-#.woff2) format('woff2')}",
            ["_ankipress-f-#.woff2"],
            id="a font",
        ),
        pytest.param(
            "a{b:image-set('own.png' type('image/png') 1x, url(own.png) 2x)}",
            f"a{{b:image-set('{OWN}' type('image/png') 1x, url({OWN}) 2x)}}",
            [OWN],
            id="a choice of pictures",
        ),
        pytest.param(
            '@import "more.css";\na{}',
            ".m { background: url('_ankipress-d-#.png') }\na{}",
            ["_ankipress-d-#.png"],
            id="an import",
        ),
        pytest.param(
            "@import url(deep.css) (max-width: 9em);a{}",
            "@media (max-width: 9em) {\n.m { background: url('_ankipress-d-#.png') }\n"
            ".d { color: red }\n}a{}",
            ["_ankipress-d-#.png"],
            id="an import with imports, on a condition",
        ),
        pytest.param("@import 'charset.css'", ".c { color: red }", [], id="an import at the end"),
        pytest.param(
            "@import 'more.css';@import 'more.css';",
            ".m { background: url('_ankipress-d-#.png') }" * 2,
            ["_ankipress-d-#.png"],
            id="the same twice",
        ),
    ],
)
def test_the_files_of_a_style_sheet_are_packed(text: str, expected: str, files: list[str]) -> None:
    found = read("style.css", text)
    assert found.diagnostics == ()
    assert (shown(found), named(found)) == (expected, files)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{{Word}} <b class='url(a.png)'>src=own.png</b>", id="words"),
        pytest.param("<!-- <img src='own.png'> --><a href='own.png'>x</a>", id="no medium"),
        pytest.param("<script>let a = '<img src=\"own.png\">'</script>", id="a script"),
        pytest.param("<svg><use href='#a'/></svg><img src=''>", id="parts of the page"),
        pytest.param("<img src='data:image/png;base64,AA'>1 < 2 and 3 > 2", id="data"),
        pytest.param("<div style='color: {{Colour}}'>{{tts fr:Word}}</div>", id="a field"),
        pytest.param("<img src='own.png", id="a tag that never ends"),
    ],
)
def test_a_template_without_files_stays_as_it_is(text: str) -> None:
    found = read("card.front.html", text)
    assert (shown(found), named(found), found.diagnostics) == (text, [], ())


@pytest.mark.parametrize(
    ("text", "expected", "files"),
    [
        pytest.param("<img src='own.png'>", f"<img src='{OWN}'>", [OWN], id="a picture"),
        pytest.param("<IMG SRC=own.png alt=x>", f"<IMG SRC={OWN} alt=x>", [OWN], id="bare"),
        pytest.param(
            '{{#Word}}<img\n alt="a > b" src = "own.png" {{#Word}}width=1{{/Word}}>{{/Word}}',
            f'{{{{#Word}}}}<img\n alt="a > b" src = "{OWN}" '
            "{{#Word}}width=1{{/Word}}>{{/Word}}",
            [OWN],
            id="on two lines, with conditions",
        ),
        pytest.param(
            '<picture><source srcset="own.png 1x, /media/a.png 2x"><img src="own.png"></picture>',
            f'<picture><source srcset="{OWN} 1x, {A} 2x"><img src="{OWN}"></picture>',
            [A, OWN],
            id="a choice of pictures",
        ),
        pytest.param(
            "<audio src=/media/s.mp3></audio><video poster=own.png></video>[sound:/media/s.mp3]",
            f"<audio src={S}></audio><video poster={OWN}></video>[sound:{S}]",
            [OWN, S],
            id="sound and video",
        ),
        pytest.param(
            "<script src=x.js></script>",
            "<script src=_ankipress-x-#.js></script>",
            ["_ankipress-x-#.js"],
            id="a script",
        ),
        pytest.param(
            '<i style="background: url(own.png)"></i>',
            f'<i style="background: url({OWN})"></i>',
            [OWN],
            id="a style",
        ),
        pytest.param(
            '<i style="background: url(&quot;own.png&quot;)"></i>',
            f'<i style="background: url(&quot;{OWN}&quot;)"></i>',
            [OWN],
            id="a style with references of characters",
        ),
        pytest.param(
            "<style>\n.a { background: url(own.png) }\n</style><img src='own.png'>",
            f"<style>\n.a {{ background: url({OWN}) }}\n</style><img src='{OWN}'>",
            [OWN],
            id="an element of styles",
        ),
        pytest.param(
            '<link rel="stylesheet" media="print" href="more.css">x',
            "<style media=\"print\">\n.m { background: url('_ankipress-d-#.png') }\n</style>x",
            ["_ankipress-d-#.png"],
            id="a linked style sheet",
        ),
        pytest.param(
            '<svg><image xlink:href="own.png"/></svg>',
            f'<svg><image xlink:href="{OWN}"/></svg>',
            [OWN],
            id="a picture in a drawing",
        ),
    ],
)
def test_the_files_of_a_template_are_packed(text: str, expected: str, files: list[str]) -> None:
    found = read("card.front.html", text)
    assert found.diagnostics == ()
    assert (shown(found), named(found)) == (expected, files)


@pytest.mark.parametrize(
    ("name", "text", "code", "span", "message"),
    [
        pytest.param(
            "style.css",
            "a{}\nä{b:url(no.png)}",
            "missing-media",
            "no.png",
            "there is no file",
            id="missing",
        ),
        pytest.param(
            "style.css",
            "a{b:url(OWN.png)}",
            "missing-media",
            "OWN.png",
            "own.png",
            id="upper and lower case",
        ),
        pytest.param(
            "style.css",
            "a{b:url('../../../x.png')}",
            "media-outside",
            "../../../x.png",
            "lies outside the project",
            id="outside",
        ),
        pytest.param(
            "style.css",
            "@import url('https://a.org/x?y=z');",
            "note-type-media",
            "https://a.org/x?y=z",
            "lies on the network",
            id="an import from the network",
        ),
        pytest.param(
            "card.front.html",
            "x\n <img src=//a.org/x.png>",
            "note-type-media",
            "//a.org/x.png",
            "lies on the network",
            id="a picture of the network",
        ),
        pytest.param(
            "card.back.html",
            "<img src='flags/{{Land}}.png'>",
            "note-type-media",
            "flags/{{Land}}.png",
            "is made from a field",
            id="a field in a path",
        ),
        pytest.param(
            "card.back.html",
            "<i style='background:url({{Picture}})'>",
            "note-type-media",
            "{{Picture}}",
            "is made from a field",
            id="a field in a style",
        ),
        pytest.param(
            "card.back.html",
            "<img src='{{text:Picture}}'>",
            "note-type-media",
            "{{text:Picture}}",
            "is made from a field",
            id="a field alone",
        ),
        pytest.param(
            "card.back.html",
            "[sound:{{Word}}]",
            "note-type-media",
            "{{Word}}",
            "is made from a field",
            id="a sound of a field",
        ),
        pytest.param(
            "card.back.html",
            "<iframe src='secret.txt'>",
            "note-type-media",
            "secret.txt",
            "is no picture",
            id="another kind",
        ),
        pytest.param(
            "card.back.html",
            "<img src='own.png'><img src='lfs.png'>",
            "bad-media",
            "lfs.png",
            "is a pointer of Git LFS",
            id="a pointer",
        ),
        pytest.param(
            "style.css",
            "@import 'lfs.css';",
            "bad-media",
            "lfs.css",
            "is a pointer of Git LFS",
            id="a pointer for a style sheet",
        ),
        pytest.param(
            "style.css",
            "@import 'own.png';",
            "note-type-media",
            "own.png",
            "is no style sheet",
            id="no style sheet",
        ),
        pytest.param(
            "style.css",
            "@import 'style.css';",
            "missing-media",
            "style.css",
            "there is no",
            id="an import of a file that is not there",
        ),
        pytest.param(
            "style.css",
            "@import 'more.css' layer(x);",
            "note-type-media",
            "more.css",
            "layer(x)",
            id="a layer",
        ),
        pytest.param(
            "card.front.html",
            "<link rel=stylesheet href=end.css>",
            "note-type-media",
            "end.css",
            "cannot stand in a template",
            id="the end of an element in a style sheet",
        ),
        pytest.param(
            "card.front.html",
            "<img src='evil.svg'>",
            "unsafe-svg",
            "evil.svg",
            "is packed without <script>",
            id="a drawing with a script",
        ),
    ],
)
def test_what_cannot_be_packed_is_told_where_it_stands(
    name: str, text: str, code: str, span: str, message: str
) -> None:
    found = read(name, text)
    [problem] = found.diagnostics
    assert (problem.code, underlined(text, problem)) == (code, span)
    assert message in problem.message
    assert problem.help


def test_a_problem_of_an_imported_style_sheet_has_its_place_there() -> None:
    text = b"/* \xc3\xa4 */\n.m { background: url(no.png) }"
    found = read("style.css", "@import 'm.css';", {"notetypes/v/m.css": text})
    [problem] = found.diagnostics
    assert (problem.location.path, problem.location.line) == ("notetypes/v/m.css", 2)
    assert underlined(text.decode(), problem) == "no.png"


def test_style_sheets_that_import_each_other_end() -> None:
    found = read("style.css", "@import 'loop.css';")
    [problem] = found.diagnostics
    assert (problem.location.path, problem.message) == (
        "notetypes/v/loop2.css",
        '"loop.css" imports itself',
    )


def test_style_sheets_that_grow_without_bound_end() -> None:
    files = {
        f"notetypes/v/{number}.css": f"@import '{number + 1}.css';".encode() * 10
        for number in range(20)
    }
    files["notetypes/v/20.css"] = b".a { color: red }" * 1000
    found = read("style.css", "@import '0.css';", files)
    assert {each.code for each in found.diagnostics} == {"note-type-media"}
    assert len(found.texts["notetypes/v/style.css"]) < 10_000_000


def test_a_style_sheet_that_is_no_utf8_has_the_place_of_the_byte() -> None:
    found = read("style.css", "@import 'latin.css';")
    places = {each.code: each.location.path for each in found.diagnostics}
    assert places == {
        "not-utf8": "notetypes/v/latin.css",
        "note-type-media": "notetypes/v/style.css",
    }


def test_each_note_type_has_its_own_files_and_another_picture_has_another_name() -> None:
    texts = {
        "notetypes/v/style.css": "a{b:url(own.png)}",
        "notetypes/w/card.front.html": "<img src='../v/own.png'><img src='/media/a.png'>",
    }
    found = read_note_type_media(texts, Files(FILES))
    assert [len(found.of_types(keys)) for keys in (["v"], ["w"], ["v", "w"], [])] == [1, 2, 2, 0]
    assert found.paths == {"media/a.png", "notetypes/v/own.png"}
    other = read_note_type_media(texts, Files({**FILES, "notetypes/v/own.png": picture(9)}))
    assert other.texts["notetypes/v/style.css"] != found.texts["notetypes/v/style.css"]


_PIECES = st.sampled_from(
    """
    url( ) " ' /* */ @import a.png ; { } \\ <img src= > <style> </style> <!-- --> style= {{ }}
    [sound: ] image-set( ä <link rel=stylesheet href= &quot; srcset= ,
    """.split()
)


@given(st.lists(_PIECES, max_size=30).map(" ".join) | st.lists(_PIECES).map("".join))
def test_what_is_not_renamed_stays_and_every_address_stands_where_it_is_said(text: str) -> None:
    def check(start: int, end: int) -> None:
        assert 0 <= start <= end <= len(text)

    assert rewrite_css(text, lambda each: check(each.start, each.end), lambda _: None) == text
    template = rewrite_template(text, lambda each: check(each.start, each.end), lambda _: None)
    if "&" not in text:
        assert template == text


UNFINISHED = (
    "<img src=",
    "<img a='",
    '<a b="',
    "<a ",
    "<a/",
    "<a b =  ",
    "<img src='a\"",
    "<a b=c ",
)


@pytest.mark.parametrize("text", UNFINISHED)
def test_tags_without_an_end_take_no_square_of_the_time(text: str) -> None:
    started = time.process_time()
    rewrite_template(text * 30_000, lambda _: None, lambda _: None)
    assert time.process_time() - started < 3


def test_a_tag_ends_where_browsers_end_it() -> None:
    def renamed(text: str) -> str:
        return rewrite_template(text, lambda found: found.text.upper(), lambda _: None)

    assert renamed('<p class="a""><img src="b">') == '<p class="a""><img src="B">'
    assert renamed("<p it's><img src=b>") == "<p it's><img src=B>"
    assert renamed('<img alt="a > b" src="b">') == '<img alt="a > b" src="B">'
    assert renamed("<img src=b alt=it's><img src=c>") == "<img src=B alt=it's><img src=C>"
    assert renamed('<img src="b"> <p title="[sound:c] <img src=d>') == (
        '<img src="B"> <p title="[sound:C] <img src=d>'
    )
