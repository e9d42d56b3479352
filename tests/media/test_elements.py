"""What becomes of the elements of a field: names of files, Anki's own words for sound, and links
that lead nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ankipress.diagnostics import Location
from ankipress.media.html_elements import html_tags
from ankipress.media.resolve import ResolvedMedia, resolve_media
from ankipress.media.unused import unused_media
from ankipress.model import Attributes, Entry, Note, Part, RenderedNote, Source
from ankipress.render.html import canonical
from stages import Files

FILES: Mapping[str, bytes] = {
    "a.png": b"\0a",
    "b c.png": b"\0b",
    "s.mp3": b"\0s",
    "v.mp4": b"\0v",
    "dark.png": b"\0d",
    "x/only.png": b"\0o",
    "x.pdf": b"",
    "other.md": b"",
}
A, B, S, V, D = (
    "a-022a6979e6dab7aa.png",
    "b-c-57eb35615d47f34e.png",
    "s-deec6e140d80ed38.mp3",
    "v-3a7d613e4be9748f.mp4",
    "dark-d070dc5b8da9aea7.png",
)


def resolve(html: str, text: str = "") -> ResolvedMedia:
    entry = Entry(
        Location("cards.md", 1, 1, 4),
        "Q",
        {"Back": Part(text or html, 3)},
        "basic",
        Attributes(),
        (),
        "Deck",
        "",
    )
    return resolve_media(
        [RenderedNote(Note("guid", 1, entry, "Q", ""), {"Back": html})], Files(FILES)
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<p>text</p>", "<p>text</p>", id="no element"),
        pytest.param(
            '<p title="&lt;img src=x&gt;">x</p>',
            '<p title="&lt;img src=x&gt;">x</p>',
            id="an element in a title",
        ),
        pytest.param(
            '<a href="https://a.org/x.mp3">x</a>',
            '<a href="https://a.org/x.mp3">x</a>',
            id="a link to the web",
        ),
        pytest.param(
            '<a href="mailto:a@b.c">x</a>',
            '<a href="mailto:a@b.c">x</a>',
            id="a link to an address of mail",
        ),
        pytest.param(
            '<a href="tel:1">x</a>',
            '<a href="tel:1">x</a>',
            id="a link to a telephone",
        ),
        pytest.param(
            '<a href="#a">x</a><a id="a">y</a>',
            '<a href="#a">x</a><a id="a">y</a>',
            id="a link inside the card",
        ),
        pytest.param(
            '<img alt="1 &lt; 2" src="a.png" width="20">',
            f'<img alt="1 &lt; 2" src="{A}" width="20">',
            id="a picture",
        ),
        pytest.param(
            '<img src="b%20c.png"><img src="b c.png">',
            f'<img src="{B}"><img src="{B}">',
            id="a space",
        ),
        pytest.param(
            '<table><tbody><tr><td><a href="https://a.org"><img '
            'src="a.png"></a></td></tr></tbody></table>',
            f'<table><tbody><tr><td><a href="https://a.org"><img '
            f'src="{A}"></a></td></tr></tbody></table>',
            id="in a link in a table",
        ),
        pytest.param(
            '<p>x <audio controls="" src="s.mp3">no <b>sound</b></audio> y</p>',
            f"<p>x [sound:{S}] y</p>",
            id="sound",
        ),
        pytest.param('<video src="v.mp4" width="9"></video>', f"[sound:{V}]", id="video"),
        pytest.param(
            '<audio><source src="s.mp3" type="audio/mpeg"><source src="none.ogg"></audio>',
            f"[sound:{S}]",
            id="sound in formats",
        ),
        pytest.param(
            '<video autoplay="" loop="" muted="" src="v.mp4"></video>',
            f'<video autoplay="" loop="" muted="" src="{V}"></video>',
            id="a picture that moves",
        ),
        pytest.param(
            '<video loop="" muted=""><source src="v.mp4"></video>',
            f'<video loop="" muted=""><source src="{V}"></video>',
            id="a picture that moves, in formats",
        ),
        pytest.param(
            '<img alt="Listen" src="s.mp3">', f"[sound:{S}]", id="sound written as a picture"
        ),
        pytest.param(
            '<a href="s.mp3"><b>Listen</b></a>.',
            f"<b>Listen</b> [sound:{S}].",
            id="a link to sound",
        ),
        pytest.param(
            '<a href="v.mp4#t=3"><img src="a.png"></a>',
            f'<img src="{A}"> [sound:{V}]',
            id="a picture that links to video",
        ),
        pytest.param(
            '<picture><source media="(prefers-color-scheme: dark)" srcset="dark.png 1x, '
            'd"><img alt="" src="a.png"></picture>',
            f'<img class="light-only" alt="" src="{A}"><img class="dark-only" alt="" src="{D}">',
            id="a picture for dark ground",
        ),
        pytest.param(
            '<picture><source media="(prefers-color-scheme: light)" srcset="a.png"><img '
            'class="x" src="dark.png"></picture>',
            f'<img class="x light-only" src="{A}"><img class="x dark-only" src="{D}">',
            id="a picture for light ground",
        ),
        pytest.param(
            '<picture><source srcset="big.avif" media="(min-width: 9px)"><img '
            'src="a.png"></picture>',
            f'<img src="{A}">',
            id="a picture in formats",
        ),
        pytest.param(
            '{{c1::<audio src="s.mp3"></audio>}}', f"{{{{c1::[sound:{S}]}}}}", id="in a deletion"
        ),
    ],
)
def test_elements(html: str, expected: str) -> None:
    resolved = resolve(html)
    assert resolved.notes[0].fields["Back"] == expected
    assert resolved.diagnostics == ()


@pytest.mark.parametrize(
    "markdown_html",
    [
        '<p><img src="a.png"></p>',
        "<p>x [sound:a.mp3]</p>",
        f'<img class="dark-only" alt="" src="{A}">',
    ],
)
def test_what_is_made_is_canonical(markdown_html: str) -> None:
    once = resolve(markdown_html).notes[0].fields["Back"]
    assert canonical(once).replace("[<wbr>", "[") == once


@pytest.mark.parametrize(
    ("html", "text", "code", "message", "fix"),
    [
        pytest.param(
            '<a href="x.pdf">the <img src="a.png"></a>',
            "[the](x.pdf)",
            "local-link",
            'the link to "x.pdf" leads',
            None,
            id="a link to a file",
        ),
        pytest.param(
            '<a href="other.md">x</a>',
            "[x](other.md)",
            "local-link",
            'the link to "other.md" leads',
            None,
            id="a link to another page",
        ),
        pytest.param(
            '<a href="no.mp3">x</a>',
            "[x](no.mp3)",
            "missing-media",
            'there is no file "no.mp3"',
            None,
            id="a link to no sound",
        ),
        pytest.param(
            '<audio src="https://a.org/x.mp3"></audio>',
            "",
            "remote-media",
            '"https://a.org/x.mp3" lies',
            None,
            id="remote sound",
        ),
        pytest.param(
            '<audio controls=""></audio>',
            "",
            "media-outside",
            "this audio has no address",
            None,
            id="sound without an address",
        ),
        pytest.param(
            '<picture><source srcset="a.png"></picture>',
            "",
            "media-outside",
            "this picture has no address",
            None,
            id="a picture without an img",
        ),
        pytest.param(
            '<img alt="x">',
            "![x](file:///etc/passwd)",
            "media-outside",
            '"file:///etc/passwd" is no address',
            None,
            id="file:",
        ),
        pytest.param(
            '<img alt="x">',
            "![x](data:image/png;base64,AA)",
            "media-outside",
            '"data:image/png;base64,AA" is',
            None,
            id="data:",
        ),
        pytest.param(
            "<p>![[a.png]]</p>",
            "![[a.png]]",
            "wiki-link",
            '"![[a.png]]" is shown as text',
            "![a](a.png)",
            id="a wiki link",
        ),
        pytest.param(
            "<p>![[only.png|200]]</p>",
            "![[only.png|200]]",
            "wiki-link",
            '"![[only.png|200]]"',
            "![only](x/only.png)",
            id="with a size",
        ),
        pytest.param(
            "<p>![[no.png]]</p>",
            "![[no.png]]",
            "wiki-link",
            '"![[no.png]]" is shown as text',
            None,
            id="to no file",
        ),
    ],
)
def test_what_is_wrong_is_told(
    html: str, text: str, code: str, message: str, fix: str | None
) -> None:
    [found] = resolve(html, text).diagnostics
    assert (found.code, found.fix) == (code, fix)
    assert found.message.startswith(message)


def test_a_wiki_link_in_code_is_code() -> None:
    assert resolve("<pre><code>![[a.png]]</code></pre><code>![[a.png]]</code>").diagnostics == ()


@pytest.mark.parametrize(
    ("html", "text", "columns"),
    [
        pytest.param("<p>\\(![[a.png]]\\)</p>", "$![[a.png]]$", [], id="in a formula"),
        pytest.param(
            "<p>\\(![[a.png]]\\) ![[a.png]] ![[a.png]]</p>",
            "$![[a.png]]$ ![[a.png]] ![[a.png]]",
            [14, 25],
            id="a formula, and twice as text",
        ),
        pytest.param("<p>![[ä&amp;b.png]]</p>", "![[ä&b.png]]", [1], id="signs that HTML escapes"),
    ],
)
def test_each_wiki_link_is_told_where_it_stands(html: str, text: str, columns: list[int]) -> None:
    found = resolve(html, text).diagnostics
    assert [(each.code, each.location.column) for each in found] == [
        ("wiki-link", column) for column in columns
    ]


@pytest.mark.parametrize(
    ("used", "text", "unused"),
    [
        pytest.param({"media/a.png", "d/media/b c.png"}, "", [], id="all are shown"),
        pytest.param(
            set(), "{draft} ![x](media/a.png) ![](media/b%20c.png)", [], id="named in a draft"
        ),
        pytest.param({"media/a.png"}, "a.png", ["d/media/b c.png"], id="one beside a source"),
        pytest.param(set(), "", ["d/media/b c.png", "media/a.png"], id="none is shown"),
    ],
)
def test_unused_files_in_media_are_told(used: set[str], text: str, unused: list[str]) -> None:
    names = ("assets/c.png", "d/media/b c.png", "media/a.png", "other/media/e.png")
    folder = Files(dict.fromkeys(names, b""))
    found = unused_media(folder, used, [Source("cards.md", text), Source("d/more.md", "")])
    assert [each.location.path for each in found] == unused


def test_a_tag_with_another_address_is_canonical() -> None:
    [tag] = html_tags('<img alt="x" src="a.png">')
    changed = tag.with_attribute("src", 'media</a>&"b.png')
    assert canonical(changed) == changed
