"""SVG: a picture that only shows stays as it is; of any other one goes what acts or reaches out,
and nothing else.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.media.svg import SvgError, clean_svg

NS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def svg(inner: str) -> str:
    return f"<svg {NS}>{inner}</svg>"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(svg(""), id="empty"),
        pytest.param(svg('<path d="M0 0h1"/>'), id="a path"),
        pytest.param(
            svg("<!-- <script>alert(1)</script> --><title>a &lt;script&gt; &#228;</title>"),
            id="a script in a comment",
        ),
        pytest.param(
            svg("<style><![CDATA[a > b { fill: url(#g); }]]></style>"),
            id="a style with a gradient of its own",
        ),
        pytest.param(
            svg("<style>@font-face { src: url(data:font/woff2;base64,AAAA); }</style>"),
            id="a font inside",
        ),
        pytest.param(
            svg('<use xlink:href="#a"/><use href=\'#a\'/><rect fill="url(#g)"/>'),
            id="references inside the picture",
        ),
        pytest.param(
            svg('<image href="data:image/png;base64,iVBORw0KGgo="/>'), id="a photo inside"
        ),
        pytest.param(svg('<a href="https://example.org/">x</a>'), id="a link"),
        pytest.param(
            svg('<text aria-label="a > b (c)">url(x) onclick= @import</text>'),
            id="words that only look so",
        ),
        pytest.param(svg('<animate attributeName="r" values="1;2"/>'), id="an animation"),
        pytest.param(
            svg(
                "<metadata><dc:source "
                'xmlns:dc="http://purl.org/dc/elements/1.1/">x</dc:source></metadata>'
            ),
            id="an element of another language that has a name of HTML",
        ),
        pytest.param(
            f'<?xml version="1.0" encoding="UTF-8"?>\r\n<!DOCTYPE svg>\r\n{svg("ä")}\r\n',
            id="a declaration, CRLF",
        ),
        pytest.param(
            '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
            '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">' + svg(""),
            id="a DOCTYPE that only names itself",
        ),
    ],
)
def test_a_picture_that_only_shows_stays(text: str) -> None:
    for content in (text.encode(), b"\xef\xbb\xbf" + text.encode(), text.encode("utf-16")):
        assert clean_svg(content).content == content
        assert clean_svg(content).removed == ()


@pytest.mark.parametrize(
    ("inner", "left", "removed"),
    [
        pytest.param("<script>alert('&lt;')</script><g/>", "<g/>", "<script>", id="a script"),
        pytest.param(
            "<g/><script href='x.js' /><g/>", "<g/><g/>", "<script>", id="an empty script"
        ),
        pytest.param(
            "<g><script/></g>", "<g></g>", "<script>", id="an empty script at the end of an element"
        ),
        pytest.param(
            "<s:script xmlns:s='http://www.w3.org/2000/svg'>x</s:script>",
            "",
            "<s:script>",
            id="a script with a prefix",
        ),
        pytest.param("<SCRIPT>x</SCRIPT>", "", "<SCRIPT>", id="a script in capitals"),
        pytest.param(
            "<foreignObject><body "
            "xmlns='http://www.w3.org/1999/xhtml'><script/></body></foreignObject>ä",
            "ä",
            "<foreignObject>",
            id="HTML",
        ),
        pytest.param(
            '<h:iframe xmlns:h="http://www.w3.org/1999/xhtml" src="x"/>',
            "",
            "<h:iframe>",
            id="a frame",
        ),
        pytest.param(
            '<g onload="alert(1)" id="a"/>',
            '<g id="a"/>',
            'onload="alert(1)"',
            id="an event handler",
        ),
        pytest.param(
            "<g ONCLICK = 'a > b'  id='ä'/>",
            "<g  id='ä'/>",
            'ONCLICK="a > b"',
            id="an event handler in capitals",
        ),
        pytest.param(
            '<use href="https://a.org/x.svg#a"/>',
            "<use/>",
            'href="https://a.org/x.svg#a"',
            id="a remote symbol",
        ),
        pytest.param(
            '<use xlink:href="other.svg#a"/>',
            "<use/>",
            'xlink:href="other.svg#a"',
            id="a symbol of another file",
        ),
        pytest.param(
            '<image href="//a.org/x.png"/>', "<image/>", 'href="//a.org/x.png"', id="a remote photo"
        ),
        pytest.param(
            '<image href="file:///etc/passwd"/>',
            "<image/>",
            'href="file:///etc/passwd"',
            id="a file",
        ),
        pytest.param(
            '<image href="data:image/svg+xml;base64,AAAA"/>',
            "<image/>",
            'href="data:image/svg+xml;base64,AAAA"',
            id="SVG in SVG",
        ),
        pytest.param(
            '<a href="java&#10;script:alert(1)">x</a>',
            "<a>x</a>",
            'href="java script:alert(1)"',
            id="a link that is a script",
        ),
        pytest.param(
            '<rect fill="url(https://a.org/#g)"/>',
            '<rect fill="none"/>',
            'fill="url(https://a.org/#g)"',
            id="a remote fill",
        ),
        pytest.param(
            "<rect style=\"fill: red; filter: URL('//a.org')\"/>",
            '<rect style="fill: red; filter: none"/>',
            "style=\"fill: red; filter: URL('//a.org')\"",
            id="a remote filter",
        ),
        pytest.param(
            "<style>@import 'https://a.org/a.css'; a { fill: red }</style>",
            "<style> a { fill: red }</style>",
            "addresses in <style>",
            id="an import",
        ),
        pytest.param(
            "<style>a > b { fill: u\\72l(//a.org) }</style>",
            "<style></style>",
            "addresses in <style>",
            id="an address in disguise",
        ),
        pytest.param(
            "<style>&#64;import '//a.org';a > b {}</style>",
            "<style>a &gt; b {}</style>",
            "addresses in <style>",
            id="an escaped import",
        ),
        pytest.param(
            "<style><![CDATA[b { background: url(x.png) } a > b {}]]></style>",
            "<style>b { background: none } a &gt; b {}</style>",
            "addresses in <style>",
            id="an address in CDATA",
        ),
        pytest.param(
            "<style>@im/**/port 'a'; @\\69mport 'b';</style>",
            "<style></style>",
            "addresses in <style>",
            id="an escape",
        ),
        pytest.param(
            '<g><set attributeName="onclick" to="x"/><animate attributeName="xlink:href" '
            'to="y"/></g>',
            "<g></g>",
            "<animate>",
            id="an animated address",
        ),
        pytest.param(
            "<?xml-stylesheet href='https://a.org/a.css'?><g/>",
            "<g/>",
            "<?xml-stylesheet?>",
            id="a style sheet from afar",
        ),
        pytest.param(
            '<g xml:base="https://a.org/"/>', "<g/>", 'xml:base="https://a.org/"', id="another base"
        ),
    ],
)
def test_what_acts_or_reaches_out_is_cut_and_told(inner: str, left: str, removed: str) -> None:
    cleaned = clean_svg(svg(inner).encode())
    assert cleaned.content.decode() == svg(left)
    assert removed in cleaned.removed
    assert clean_svg(cleaned.content).removed == ()


def test_a_mended_picture_is_utf8_whatever_it_was() -> None:
    text = f'<?xml version="1.0" encoding="ISO-8859-1"?>\n{svg("<script/>ä")}'
    assert (
        clean_svg(text.encode("latin-1")).content.decode() == f'<?xml version="1.0"?>\n{svg("ä")}'
    )


BOMB = (
    "<!DOCTYPE svg ["
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + "]>"
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "no element found", id="empty"),
        pytest.param(b"\x89PNG\r\n\x1a\n", "its text is not utf-8", id="another format"),
        pytest.param(b"<html/>", "it begins with <html>", id="HTML"),
        pytest.param(svg("<g>").encode(), "mismatched tag in its line 1, column 89", id="broken"),
        pytest.param(
            (BOMB + svg("&a11;")).encode(), "its DOCTYPE declares", id="entities that grow"
        ),
        pytest.param(
            b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>',
            "its DOCTYPE declares",
            id="an external entity",
        ),
        pytest.param(
            b'<!DOCTYPE svg [<!ATTLIST svg onload CDATA "alert(1)">]><svg/>',
            "its DOCTYPE declares",
            id="a handler by default",
        ),
        pytest.param(
            b'<?xml version="1.0" encoding="utf-7"?><svg/>',
            "its text is utf-7",
            id="an encoding that hides",
        ),
        pytest.param(
            b'<?xml version="1.0"' + b" " * 9000 + b'encoding="utf-7"?><svg/>',
            "its text is utf-7",
            id="and that far away",
        ),
        pytest.param(svg("&nbsp;").encode(), "undefined entity", id="an entity of HTML"),
        pytest.param(b"<svg/>", 'needs xmlns="http://www.w3.org/2000/svg"', id="no namespace"),
        pytest.param(b"<s:svg/>", 'needs xmlns:s="http://www', id="no namespace of its prefix"),
        pytest.param(
            b'<svg xmlns="http://www.w3.org/2000/SVG"/>', "needs xmlns=", id="another namespace"
        ),
        pytest.param(b"\0" * 50, "not well-formed", id="nothing but zeros"),
    ],
)
def test_what_is_no_svg_or_declares_entities_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(SvgError, match=message):
        clean_svg(content)


_NAMES = st.sampled_from(
    ["g", "script", "style", "a", "use", "s:script", "foreignObject", "set", "image", "title"]
)
_VALUES = st.sampled_from(
    [
        "#a",
        "https://a.org/",
        "javascript:x",
        "url(x)",
        "@import 'x';",
        "a &gt; &#60;",
        "url(#a)",
        "\\75rl(x)",
        "href",
    ]
)
_KEYS = st.sampled_from(
    ["href", "xlink:href", "onload", "style", "fill", "id", "attributeName", "to"]
)


@st.composite
def _elements(draw: st.DrawFn, depth: int = 3) -> str:
    name = draw(_NAMES)
    attributes = "".join(
        f' {key}="{value}"'
        for key, value in draw(st.dictionaries(_KEYS, _VALUES, max_size=3)).items()
    )
    inner = draw(
        st.one_of(
            st.just(""),
            _VALUES,
            st.just("<![CDATA[ url(x) > ]]>"),
            *([_elements(depth - 1)] * bool(depth)),
        )
    )
    return f"<{name}{attributes}>{inner}</{name}>" if inner else f"<{name}{attributes}/>"


@given(st.lists(_elements(), max_size=4).map("".join))
def test_cleaning_is_done_once_and_leaves_nothing_that_acts(inner: str) -> None:
    text = svg(inner).replace("<svg ", '<svg xmlns:s="http://www.w3.org/2000/svg" ')
    cleaned = clean_svg(text.encode()).content
    assert clean_svg(cleaned).removed == ()
    assert b"<script" not in cleaned
    assert b"<s:script" not in cleaned
    assert b"onload" not in cleaned
