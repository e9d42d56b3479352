"""Fields as browsers leave them, and fields that were edited on both sides."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ankipress.importing.fields.appearance import looks_same
from ankipress.live.comparing.editor_styles import is_colourful
from ankipress.live.comparing.field_merge import FieldCase, MergedField, merge_field, merge_value
from ankipress.live.comparing.field_pieces import pieces_of

P = "<p>It is hot, and <em>very</em> dry.</p>"
TWO = "<p>First one.</p>\n<p>Second one.</p>"
LIST = "<p>Intro.</p>\n<ul>\n<li>one item</li>\n<li>two <strong>bold</strong></li>\n</ul>"
CODE = (
    '<pre class="highlight"><code class="language-python"><span class="n">words</span>'
    '<span class="p">[</span><span class="mi">1</span><span class="p">]</span>\n</code></pre>'
)
PASTED = (
    "color: rgb(31, 35, 40); font-family: -apple-system, &quot;Segoe UI&quot;; font-size: 16px;"
    " font-style: normal; font-variant-ligatures: normal; font-weight: 400;"
    " letter-spacing: normal; orphans: 2; text-align: start; text-indent: 0px;"
    " text-transform: none; white-space: normal; background-color: rgb(255, 255, 255);"
    " display: inline !important; float: none; caret-color: rgb(0, 0, 0);"
)


def there_only(here: str, there: str, *, in_paragraphs: bool = True) -> MergedField:
    return merge_field(here, here, there, in_paragraphs=in_paragraphs)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (P, P),
        ("", "<br>"),
        ("", "<div><br></div>"),
        (P, f"{P}<br>"),
        (P, f"<p><br></p>{P}"),
        (P, f"{P}<div><br></div>"),
        (P, P.replace("hot, and", "hot,&nbsp;and")),
        (P, P.replace("hot, and", "hot,&nbsp; and")),
        (P, P.replace("dry.", "dry.&nbsp;")),
        (P, P.replace("dry.", "dry.<br>")),
        (P, P.replace("em>", "i>")),
        (P, P.replace("hot", "<span>hot</span>")),
        (P, P.replace("hot", f'<span style="{PASTED}">hot</span>')),
        (P, P.replace("hot", '<font color="#333333">hot</font>')),
        (P, P.replace("hot", '<font face="Arial" size="3">hot</font>')),
        (P, P.replace("hot", '<span style="color: var(--fg);">hot</span>')),
        (P, P.replace("hot", '<b style="font-weight: normal;" id="docs-internal">hot</b>')),
        (P, P.replace("<em>very</em>", "<em>ve</em><em>ry</em>")),
        (P, P.replace("hot", "hot<b></b>")),
        (P, P.replace("hot", "hot<b> </b>").replace("<b> </b>, ", ",<b> </b>")),
        (P, f'<div class="css-1x" data-x="1">{P}</div>'),
        (P, P.replace("<p>", "<div>").replace("</p>", "</div>")),
        (P, P.removeprefix("<p>").removesuffix("</p>")),
        (P, P.replace("<p>", '<p dir="ltr" style="margin: 0px; line-height: 1.5;">')),
        (TWO, TWO.replace("\n", "")),
        (TWO, TWO.replace("</p>\n<p>", "<br><br>")),
        (TWO, "First one.<div><br></div><div>Second one.</div>"),
        (LIST, LIST.replace("\n</ul>", "<li><strong><br></strong></li>\n</ul>")),
        (LIST, f"{LIST}<ul>\n</ul>"),
        (LIST, LIST.replace("one item", "one item<br>")),
        (LIST, LIST.replace("one item", "<div>one item</div>")),
        (CODE, CODE.replace('<span class="n">words</span>', "words")),
        (CODE, CODE.replace("words", "wo<span>r</span>ds")),
        (CODE, CODE.replace("\n</code>", "<br></code>")),
        (
            "<pre><code>one\ntwo\n</code></pre>",
            "<pre><code><div>one</div><div>two</div></code></pre>",
        ),
        (TWO, '<b style="font-weight:normal;"><p>First one.</p><p>Second one.</p></b>'),
        (CODE, CODE.replace('<span class="n">', '<span class="n" style="color: red">')),
        (
            '<p><a href="https://example.org/">there</a></p>',
            '<p><a href="https://example.org/" rel="x"><font color="blue">there</font></a></p>',
        ),
        (
            '<p><img src="a.png" alt="A"></p>',
            '<p><img alt="A" src="a.png" data-editor-shrink=""></p>',
        ),
        ("<p>5&nbsp;km</p>", "<p>5 km</p>"),
        ('<div lang="de"><p>Wien</p></div>', '<div lang="de">Wien</div>'),
    ],
)
def test_what_an_editor_leaves_is_no_edit(here: str, there: str) -> None:
    assert there_only(here, there) == MergedField(FieldCase.SAME)
    # Nor is it one of a field that was edited here.
    edited = f"{here}\n<p>More.</p>"
    assert merge_field(here, edited, there, in_paragraphs=True).wanted is None


@pytest.mark.parametrize(
    ("here", "there", "wanted"),
    [
        # What Chromium made of these fields, key by key.
        (P, P.replace("dry.", "dry.&nbsp; More&nbsp;"), P.replace("dry.", "dry. More")),
        (P, P.replace("dry.", "dry.<br>New."), P.replace("dry.", "dry.<br>New.")),
        (P, P.replace("dry.", "dry.<br><br>New."), f"{P}<p>New.</p>"),
        (P, "<p>It is&nbsp;</p><p>hot.</p>", "<p>It is</p>\n<p>hot.</p>"),
        (P, "Brand new", "<p>Brand new</p>"),
        (P, "<p><br></p>", ""),
        ("", "one<div>two</div><div><br></div><div>three</div>", "<p>one<br>two</p>\n<p>three</p>"),
        (
            P,
            P.replace("dry.", "dry.<b>&nbsp;strong</b>&nbsp;weak"),
            P.replace("dry.", "dry. <b>strong</b> weak"),
        ),
        (
            P,
            P.replace("hot", '<font color="#ff0000">hot</font>'),
            P.replace("hot", '<span style="color: #ff0000">hot</span>'),
        ),
        (
            P,
            P.replace("hot", '<span style="background-color: rgb(255, 255, 0);">hot</span>'),
            P.replace("hot", '<span style="background-color: rgb(255,255,0)">hot</span>'),
        ),
        (P, P.replace("hot", f'<span style="{PASTED}">warm</span>'), P.replace("hot", "warm")),
        (P, f"<p></p><ul><li>{P[3:-4]}</li></ul><p></p>", f"<ul><li>{P[3:-4]}</li></ul>"),
        (
            P,
            f'<blockquote style="margin: 0 0 0 40px; border: none; padding: 0px;">{P}</blockquote>',
            f"<blockquote>{P}</blockquote>",
        ),
        (LIST, LIST + "<div><b>after</b></div>", f"{LIST}<p><b>after</b></p>"),
        (LIST, f"{LIST}below", f"{LIST}<p>below</p>"),
        (
            TWO,
            f"<b><p>First one.</p><ul><li>item</li></ul></b>{TWO[18:]}",
            "<p><b>First one.</b></p>\n<ul><li><b>item</b></li></ul>\n<p>Second one.</p>",
        ),
        (
            LIST,
            LIST.replace("\n</ul>", "<li>three</li>\n</ul>"),
            LIST.replace("\n</ul>", "\n<li>three</li>\n</ul>"),
        ),
        (
            LIST,
            LIST.replace("\n</ul>", "<ul><li>below</li></ul>\n</ul>"),
            LIST.replace("</strong></li>", "</strong><ul><li>below</li></ul></li>"),
        ),
        (
            LIST,
            LIST.replace("<li>two <strong>bold</strong></li>\n</ul>", "</ul>two<ul>\n</ul>"),
            "<p>Intro.</p>\n<ul>\n<li>one item</li>\n</ul><p>two</p>",
        ),
        (CODE, CODE.replace("words", "words<br>y"), CODE.replace("words", "words\ny")),
        (
            "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>",
            "<table><tbody><tr><td><br></td><td>b</td></tr></tbody></table>",
            "<table><tbody><tr><td></td><td>b</td></tr></tbody></table>",
        ),
    ],
)
def test_an_edit_there_is_wanted_without_the_noise(here: str, there: str, wanted: str) -> None:
    assert there_only(here, there) == MergedField(FieldCase.THERE, wanted, wanted)


@pytest.mark.parametrize(
    ("here", "there", "wanted"),
    [
        ("a<br>b", "<div>a</div><div>b</div>", None),
        ("a<br><br>b", "a<div><br></div><div>b</div>", None),
        ("a<br>b", "a<br>b<div>c</div>", "a<br>b<br>c"),
        ("a<br>\nb<br>\nc", "a<div>B</div>c", "a<br>\nB<br>c"),
        ("word", "other word", "other word"),
        ("\\[a<br>b\\]<br>c", "\\[a<br>b\\]<br>d", "\\[a<br>b\\]<br>d"),
    ],
)
def test_a_field_without_paragraphs_keeps_its_lines(
    here: str, there: str, wanted: str | None
) -> None:
    assert there_only(here, there, in_paragraphs=False).wanted == wanted


@pytest.mark.parametrize(
    ("base", "here", "there", "wanted"),
    [
        (
            TWO,
            TWO.replace("First", "1st"),
            TWO.replace("Second", "2nd"),
            "<p>1st one.</p>\n<p>2nd one.</p>",
        ),
        (
            LIST,
            LIST.replace("one", "ONE"),
            LIST.replace("<strong>bold</strong>", "bold"),
            LIST.replace("one", "ONE").replace("<strong>bold</strong>", "bold"),
        ),
        (
            "<blockquote>\n<p>A a a</p>\n<p>B b b</p>\n</blockquote>",
            "<blockquote>\n<p>A a x</p>\n<p>B b b</p>\n</blockquote>",
            "<blockquote>\n<p>A a a</p>\n<p>B b y</p>\n</blockquote>",
            "<blockquote>\n<p>A a x</p>\n<p>B b y</p>\n</blockquote>",
        ),
        (
            "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>",
            "<table><tbody><tr><td>A</td><td>b</td></tr></tbody></table>",
            "<table><tbody><tr><td>a</td><td>B</td></tr></tbody></table>",
            "<table><tbody><tr><td>A</td><td>B</td></tr></tbody></table>",
        ),
        (
            '<div lang="de"><p>Wien</p><p>Graz</p></div>',
            '<div lang="de"><p>Wien!</p><p>Graz</p></div>',
            '<div lang="de"><p>Wien</p><p>Graz?</p></div>',
            '<div lang="de"><p>Wien!</p><p>Graz?</p></div>',
        ),
    ],
)
def test_edits_of_different_blocks_are_merged(
    base: str, here: str, there: str, wanted: str
) -> None:
    found = merge_field(base, here, there, in_paragraphs=True)
    assert found == MergedField(FieldCase.MERGED, wanted, wanted)


def test_edits_of_one_block_are_in_conflict_and_the_others_are_merged() -> None:
    here = TWO.replace("First", "1st")
    there = TWO.replace("First", "Premier") + "<p>Third.</p>"
    found = merge_field(TWO, here, there, in_paragraphs=True)
    assert found.case is FieldCase.CONFLICT
    assert found.wanted == f"{here}<p>Third.</p>"
    assert found.theirs == there


def test_without_a_base_everything_that_differs_is_in_conflict() -> None:
    found = merge_field(None, TWO, TWO.replace("First", "1st"), in_paragraphs=True)
    assert found == MergedField(FieldCase.CONFLICT, None, TWO.replace("First", "1st"))
    assert merge_field(None, TWO, f"{TWO}<br>", in_paragraphs=True).case is FieldCase.SAME


@pytest.mark.parametrize(
    ("base", "here", "there", "case"),
    [
        ("1", "1", "1", FieldCase.SAME),
        ("1", "1", "<div>1</div>", FieldCase.SAME),
        ("1", "1", "", FieldCase.THERE),
        ("1", "", "1", FieldCase.HERE),
        ("1", "2", "2", FieldCase.SAME),
        ("1", "2", "3", FieldCase.CONFLICT),
        (None, "2", "3", FieldCase.CONFLICT),
    ],
)
def test_a_value_is_taken_as_a_whole(
    base: str | None, here: str, there: str, case: FieldCase
) -> None:
    assert merge_value(base, here, there).case is case


@pytest.mark.parametrize(
    ("colour", "colourful"),
    [
        ("black", False),
        ("rgb(0,0,0)", False),
        ("rgb(55,53,47)", False),
        ("rgba(15,15,15,.8)", False),
        ("#1f2328", False),
        ("#333", False),
        ("var(--fg)", False),
        ("windowtext", False),
        ("hsl(210,8%,15%)", False),
        ("red", True),
        ("#ff0000", True),
        ("#00f", True),
        ("rgb(255,255,0)", True),
        ("hsl(210,80%,45%)", True),
    ],
)
def test_a_colour_that_somebody_chose_is_none_of_a_page(colour: str, colourful: bool) -> None:
    assert is_colourful(colour) is colourful


WORDS = st.text("abcdefghijklmnop", min_size=2, max_size=6)
BLOCKS = st.one_of(
    WORDS.map("<p>{}</p>".format),
    WORDS.map("<h3>{}</h3>".format),
    st.lists(WORDS, min_size=1, max_size=4).map(
        lambda words: "<ul>\n" + "".join(f"<li>{word}</li>\n" for word in words) + "</ul>"
    ),
    WORDS.map('<pre class="highlight"><code>{}\n</code></pre>'.format),
    WORDS.map("<blockquote>\n<p>{}</p>\n</blockquote>".format),
)
FIELDS = st.lists(BLOCKS, max_size=5).map("\n".join)


@given(FIELDS, FIELDS)
def test_what_only_one_side_edited_is_as_there(base: str, edited: str) -> None:
    assert merge_field(base, edited, base, in_paragraphs=True).wanted is None
    found = merge_field(base, base, edited, in_paragraphs=True)
    assert found.case in {FieldCase.THERE, FieldCase.SAME}
    assert looks_same(edited, base if found.wanted is None else found.wanted)
    assert merge_field(base, edited, edited, in_paragraphs=True) == MergedField(FieldCase.SAME)


@given(st.lists(BLOCKS, min_size=2, max_size=5), st.data())
def test_edits_of_two_blocks_are_both_made(blocks: list[str], data: st.DataObject) -> None:
    numbers = data.draw(st.permutations(range(len(blocks))))[:2]
    here = list(blocks)
    there = list(blocks)
    both = list(blocks)
    here[numbers[0]] = both[numbers[0]] = "<p>EDITED HERE</p>"
    there[numbers[1]] = both[numbers[1]] = "<p>EDITED THERE</p>"
    # Where a block stands twice, nobody can tell which of them was edited.
    assume(len(set(blocks)) == len(blocks))
    versions = ["\n".join(each) for each in (blocks, here, there)]
    found = merge_field(*versions, in_paragraphs=True)
    assert found == MergedField(FieldCase.MERGED, "\n".join(both), "\n".join(both))


@given(FIELDS, FIELDS, FIELDS)
def test_nothing_new_is_lost_without_a_conflict(base: str, here: str, there: str) -> None:
    found = merge_field(base, here, there, in_paragraphs=True)
    if found.case is FieldCase.CONFLICT:
        return
    result = here if found.wanted is None else found.wanted
    before = _blocks(base)
    for side in (here, there):
        for block in _blocks(side) - before:
            assert _words(block) <= _words(result)


@given(FIELDS, FIELDS, FIELDS)
def test_in_a_conflict_each_side_has_its_way(base: str, here: str, there: str) -> None:
    found = merge_field(base, here, there, in_paragraphs=True)
    assume(found.case is FieldCase.CONFLICT)
    assert found.theirs is not None
    ours = here if found.wanted is None else found.wanted
    before = _blocks(base)
    for block in _blocks(here) - before:
        assert _words(block) <= _words(ours)
    for block in _blocks(there) - before:
        assert _words(block) <= _words(found.theirs)


def _blocks(html: str) -> set[str]:
    return {each.html for each in pieces_of(html, by_line=False)}


def _words(html: str) -> set[str]:
    return set(html.replace("<", " <").replace(">", "> ").split()) - {"", "</ul>", "<ul>"}


SOUP = st.lists(
    st.sampled_from(
        """
        <p> </p> <div> </div> <br> <b> </b> <span> </span> <ul> <li> </li> </ul> <pre> <code>
        </code> </pre> &nbsp; a word <table> <tr> <td> </td> </tr> </table> <blockquote>
        </blockquote> \\( \\)
        \\[ \\] {{c1:: }} <font> </font> <a> </a> <img> [sound:a.mp3] < > & <h2> </h2> <script>
        </script> <!-- --> <svg> </svg> <o:p> </o:p> <details> <summary> </summary> </details> <hr>
        """.split()
    ),
    max_size=25,
).map("".join)


@given(SOUP, st.booleans())
def test_any_html_can_be_merged(there: str, in_paragraphs: bool) -> None:
    """What is wanted is wanted as it is: another comparison makes nothing else of it."""
    found = merge_field(LIST, LIST, there, in_paragraphs=in_paragraphs)
    if found.wanted is None:
        return
    again = merge_field(LIST, LIST, found.wanted, in_paragraphs=in_paragraphs)
    assert again.case is FieldCase.THERE
    pieces = pieces_of(found.wanted, by_line=False)
    assert "".join(f"{each.html}{each.gap}" for each in pieces).strip() == found.wanted.strip()


@pytest.mark.parametrize(
    "there",
    [
        "\xa0" + " " * 300_000 + "x",
        "\\[" * 100_000,
        "<br>" * 20_000,
        "<p>a</p>" * 3_000,
        "<b>a</b>" * 20_000,
        "<div>" * 40 + "a" + "</div>" * 40,
        "<li>" * 10_000,
    ],
    ids=lambda text: text[:6],
)
def test_a_field_of_a_stranger_takes_no_long_time(there: str) -> None:
    for in_paragraphs in (True, False):
        merge_field(LIST, LIST, there, in_paragraphs=in_paragraphs)
