"""Edits of fields as a learner makes them in Anki's editor: HTML before → HTML after.

The editor of Anki is an editable element of Chromium, and these edits leave the HTML that one
leaves; `test_editor_html.py` holds some of them against a real one. Each edit has a name, and gives
None where it does not apply. The same random numbers make the same edit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random

FieldEdit = Callable[[str, Random], str | None]
Span = tuple[int, int]

PICTURE = "paste-0d3a5f3b8e3c4f1a9b7c6d5e4f3a2b1c0d9e8f7a.png"
"""The name that Anki gives a picture that is pasted; its file must be put beside the collection."""

SOUND = "rec1700000000.mp3"
"""The name of a sound that was recorded or dropped."""

_PASTED = "color: rgb(32, 33, 34); font-family: sans-serif; background-color: rgb(255, 255, 255);"
_TAG = re.compile(r'<(?P<end>/?)(?P<name>[a-z][a-z0-9-]*)(?:"[^"]*"|[^">])*>')
_BLOCK_NAMES = "p|li|ul|ol|div|table|thead|tbody|tr|td|th|pre|blockquote|h[1-6]|figure|details|hr"
_NO_BLOCK = rf"(?:(?!</?(?:{_BLOCK_NAMES})\b).)*?"
_PARAGRAPH = re.compile(rf"<p>(?P<inner>(?!\s*</p>)(?!\\\[){_NO_BLOCK})</p>", re.DOTALL)
_ITEM = re.compile(rf"<li>(?P<inner>{_NO_BLOCK})</li>\n?", re.DOTALL)
_CELL = re.compile(rf"(?P<start><td\b[^>]*>)(?P<inner>{_NO_BLOCK})(?P<end></td>)", re.DOTALL)
_ROW = re.compile(r"<tr>(?:(?!<tr>).)*?<td.*?</tr>\n?", re.DOTALL)
_LINK = re.compile(r'<a href="(?P<address>[^"]*)">(?P<text>[^<]+)</a>')
_IMAGE = re.compile(r"<img\b[^>]*>")
_PRE = re.compile(r'<pre class="highlight"><code[^>]*>.*?</code></pre>', re.DOTALL)
_FORMULA = re.compile(r"\\\((?P<tex>(?:(?!\\\)).)+)\\\)|\\\[(?:(?!\\\]).)+\\\]", re.DOTALL)
_CLOZE = re.compile(r"\{\{c(?P<number>\d+)::(?P<text>[^{}<:]+)(?:::(?P<hint>[^{}<:]+))?\}\}")
_APART = re.compile(
    r"\[anki:.*?\[/anki:\w+\]|\\\(.*?\\\)|\\\[.*?\\\]|\{\{c[\d,]+::|::[^:{}]*\}\}|\}\}|\[[a-z]+:[^\]]*\]|&[#\w]+;|https?:\S+",
    re.DOTALL,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_NO_PROSE = {"pre", "code", "kbd", "script", "style", "ruby", "rt", "figcaption", "summary"}
_BOLD = frozenset({"b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"})
_ITALIC = frozenset({"i", "em"})
_NEW_WORDS = ("always", "rarely", "in practice", "mostly", "by default", "über", "größer", "often")
_SIGNS = (
    "2 * 3 * 4",
    "my_own_name",
    "a &lt; b &amp;&amp; c",
    "*not* strong",
    "# 1",
    "[x]",
    "`tick`",
    "5 $ or 6 $",
    "C:\\new",
    "a|b",
    "~~",
    "&lt;div&gt;",
)


# Where an edit can be.


def _texts(html: str, within: str = "", without: frozenset[str] = frozenset()) -> Iterator[Span]:
    """Where prose stands, in elements of the name `within` alone where one is given."""
    opened: list[str] = []
    done = 0
    for tag in [*_TAG.finditer(html), None]:
        end = tag.start() if tag else len(html)
        is_wanted = not within or within in opened
        if end > done and is_wanted and not (_NO_PROSE | without) & set(opened):
            yield done, end
        if tag is None:
            return
        done = tag.end()
        _follow(opened, tag)


def _follow(opened: list[str], tag: re.Match[str]) -> None:
    if tag["name"] in {"br", "img", "hr", "wbr", "input"}:
        return
    if tag["end"]:
        opened.pop()
    else:
        opened.append(tag["name"])


def _words(html: str, within: str = "", without: frozenset[str] = frozenset()) -> list[Span]:
    """Where words of prose stand that Anki gives no meaning of its own."""
    words = []
    for start, end in _texts(html, within, without):
        text = _APART.sub(lambda found: "\0" * len(found[0]), html[start:end])
        words += [(start + each.start(), start + each.end()) for each in _WORD.finditer(text)]
    return words


def _put(html: str, span: Span, text: str) -> str:
    return html[: span[0]] + text + html[span[1] :]


def _at_word(
    html: str,
    random: Random,
    change: Callable[[str], str],
    within: str = "",
    without: frozenset[str] = frozenset(),
) -> str | None:
    words = _words(html, within, without)
    if not words:
        return None
    span = random.choice(words)
    return _put(html, span, change(html[slice(*span)]))


def _chosen(pattern: re.Pattern[str], html: str, random: Random) -> re.Match[str] | None:
    found = list(pattern.finditer(html))
    return random.choice(found) if found else None


def _replaced(
    found: re.Match[str] | None, html: str, text: Callable[[re.Match[str]], str]
) -> str | None:
    if found is None:
        return None
    return _put(html, found.span(), text(found))


def _split(inner: str, random: Random) -> tuple[str, str] | None:
    """A paragraph in two, at a space of its own that is in no element."""
    places = [end for start, end in _words(inner) if inner[end : end + 1] == " "]
    outside = [each for each in places if _is_plain(inner[:each])]
    if not outside:
        return None
    place = random.choice(outside)
    return inner[:place], inner[place + 1 :]


def _is_plain(text: str) -> bool:
    """Whether no element, cloze or formula is open at its end."""
    opened: list[str] = []
    for tag in _TAG.finditer(text):
        _follow(opened, tag)
    rest = re.sub(r"\\\(.*?\\\)|\\\[.*?\\\]", "", text)
    marks = rest.count("{{") == rest.count("}}")
    return not opened and marks and "\\(" not in rest and "\\[" not in rest


# Typing.


def type_word(html: str, random: Random) -> str | None:
    """A word typed behind another one."""
    return _at_word(html, random, lambda word: f"{word} {random.choice(_NEW_WORDS)}")


def type_signs(html: str, random: Random) -> str | None:
    """Signs typed that Markdown has a meaning for."""
    return _at_word(html, random, lambda word: f"{word} {random.choice(_SIGNS)}")


def remove_word(html: str, random: Random) -> str | None:
    """A word deleted, with the space behind it."""
    words = [
        (start, end + 1)
        for start, end in _words(html)
        if html[end : end + 1] == " " and html[start - 1 : start] in {" ", ">"}
    ]
    return _put(html, random.choice(words), "") if words else None


def correct_word(html: str, random: Random) -> str | None:
    """Two letters of a word exchanged, as a typo is mended."""
    return _at_word(html, random, lambda word: word[1] + word[0] + word[2:])


def replace_word(html: str, random: Random) -> str | None:
    """A word in place of another one."""
    return _at_word(html, random, lambda _: random.choice(_NEW_WORDS))


def type_sentence(html: str, random: Random) -> str | None:
    """A sentence typed at the end of a paragraph."""
    found = _chosen(_PARAGRAPH, html, random)
    return _replaced(found, html, lambda each: f"<p>{each['inner']} It was added in Anki.</p>")


def type_at_end(html: str, random: Random) -> str | None:
    """A sentence typed at the end of a field without paragraphs."""
    if not html or re.search(rf"<(?:{_BLOCK_NAMES})\b", html):
        return None
    return f"{html} It was added in Anki."


# Lines and paragraphs.


def press_enter(html: str, random: Random) -> str | None:
    """A paragraph cut in two."""
    found = _chosen(_PARAGRAPH, html, random)
    parts = _split(found["inner"], random) if found else None
    if parts is None:
        return None
    return _replaced(found, html, lambda _: f"<p>{parts[0]}</p><p>{parts[1]}</p>")


def break_line(html: str, random: Random) -> str | None:
    """A line broken."""
    found = _chosen(_PARAGRAPH, html, random)
    parts = _split(found["inner"], random) if found else None
    if parts is None:
        return None
    return _replaced(found, html, lambda _: f"<p>{parts[0]}<br>{parts[1]}</p>")


def add_paragraph(html: str, random: Random) -> str | None:
    """Enter at the end of a paragraph, and a text."""
    found = _chosen(_PARAGRAPH, html, random)
    return _replaced(found, html, lambda each: f"{each[0]}<p>A paragraph of its own.</p>")


def add_line_below(html: str, random: Random) -> str | None:
    """A line typed below all that is there."""
    if not html:
        return None
    return f"{html}<div>A line below <i>all</i> of it.</div>"


def add_text_below(html: str, random: Random) -> str | None:
    """Text behind all that is there, in no element."""
    if not html or html.endswith("</div>"):
        return None
    return f"{html}<br>Bare text below."


def join_paragraphs(html: str, random: Random) -> str | None:
    """Two paragraphs joined."""
    paragraph = rf"<p>((?!\s*</p>)(?!\\\[){_NO_BLOCK})</p>"
    pattern = re.compile(rf"{paragraph}\n?{paragraph}", re.DOTALL)
    found = _chosen(pattern, html, random)
    return _replaced(found, html, lambda each: f"<p>{each[1]} {each[2]}</p>")


def delete_paragraph(html: str, random: Random) -> str | None:
    """A paragraph deleted, where something is left."""
    found = _chosen(_PARAGRAPH, html, random)
    edited = _replaced(found, html, lambda _: "")
    return edited if edited and _TAG.sub("", edited).strip() else None


def move_paragraph(html: str, random: Random) -> str | None:
    """A paragraph exchanged with the next one."""
    paragraph = rf"(<p>(?!\s*</p>){_NO_BLOCK}</p>)"
    pattern = re.compile(rf"{paragraph}(\n?){paragraph}", re.DOTALL)
    found = _chosen(pattern, html, random)
    if found is None or found[1] == found[3]:
        return None
    return _replaced(found, html, lambda each: f"{each[3]}{each[2]}{each[1]}")


# Emphasis.


def make_bold(html: str, random: Random) -> str | None:
    """A word in bold."""
    return _at_word(html, random, lambda word: f"<b>{word}</b>", without=_BOLD)


def make_italic(html: str, random: Random) -> str | None:
    """A word in italics."""
    return _at_word(html, random, lambda word: f"<i>{word}</i>", without=_ITALIC)


def make_underlined(html: str, random: Random) -> str | None:
    """A word underlined, which Markdown has no sign for."""
    return _at_word(html, random, lambda word: f"<u>{word}</u>")


def make_lower(html: str, random: Random) -> str | None:
    """A letter below the line."""
    return _at_word(html, random, lambda word: f"{word}<sub>2</sub>")


def take_emphasis(html: str, random: Random) -> str | None:
    """Emphasis taken off."""
    pattern = re.compile(r"<(strong|em|b|i|u)>([^<]*)</\1>")
    return _replaced(_chosen(pattern, html, random), html, lambda each: each[2])


def bold_part(html: str, random: Random) -> str | None:
    """A part of a word in bold."""
    long = [each for each in _words(html, without=_BOLD) if each[1] - each[0] > 4]
    if not long:
        return None
    start, end = random.choice(long)
    return _put(html, (start, end), f"{html[start : end - 2]}<b>{html[end - 2 : end]}</b>")


# Lists.


def add_item(html: str, random: Random) -> str | None:
    """An item added behind another one."""
    found = _chosen(_ITEM, html, random)
    if found is None:
        return None
    return _put(html, (found.end(), found.end()), "<li>an item of Anki</li>")


def remove_item(html: str, random: Random) -> str | None:
    """An item removed, where another one is left."""
    if len(_ITEM.findall(html)) < 2:
        return None
    edited = _replaced(_chosen(_ITEM, html, random), html, lambda _: "")
    return None if edited and re.search(r"<[uo]l>\s*</[uo]l>", edited) else edited


def move_item(html: str, random: Random) -> str | None:
    """An item exchanged with the next one."""
    pattern = re.compile(rf"(<li>{_NO_BLOCK}</li>)(\n?)(<li>{_NO_BLOCK}</li>)", re.DOTALL)
    found = _chosen(pattern, html, random)
    if found is None or found[1] == found[3]:
        return None
    return _replaced(found, html, lambda each: f"{each[3]}{each[2]}{each[1]}")


def nest_item(html: str, random: Random) -> str | None:
    """An item moved below the one before it, as Chromium does it: a list within the list."""
    pattern = re.compile(
        rf"(<(ul|ol)>(?:(?!</?[uo]l).)*?</li>\n?)(<li>{_NO_BLOCK}</li>)", re.DOTALL
    )
    found = _chosen(pattern, html, random)
    return _replaced(found, html, lambda each: f"{each[1]}<{each[2]}>{each[3]}</{each[2]}>")


def type_in_item(html: str, random: Random) -> str | None:
    """A word typed in an item."""
    return _at_word(html, random, lambda word: f"{word} as well", "li")


def make_list(html: str, random: Random) -> str | None:
    """A paragraph made a list."""
    found = _chosen(_PARAGRAPH, html, random)
    return _replaced(found, html, lambda each: f"<ul><li>{each['inner']}</li></ul>")


def add_list(html: str, random: Random) -> str | None:
    """A list typed below a paragraph."""
    found = _chosen(_PARAGRAPH, html, random)
    made = "<ol><li>one</li><li>two <b>and</b> more</li></ol>"
    return _replaced(found, html, lambda each: f"{each[0]}{made}")


# What is pasted.


def paste_colours(html: str, random: Random) -> str | None:
    """Text pasted from a page, in its colours."""
    pasted = f'<span style="{_PASTED}">pasted words</span>'
    return _at_word(html, random, lambda word: f"{word} {pasted}")


def paste_page(html: str, random: Random) -> str | None:
    """Blocks pasted from a page below all that is there."""
    if not html:
        return None
    return f'{html}<p>From a page:</p><ul><li><a href="https://example.org/a">one</a></li></ul>'


def paste_picture(html: str, random: Random) -> str | None:
    """A picture pasted at the end of a paragraph."""
    if found := _chosen(_PARAGRAPH, html, random):
        return _replaced(found, html, lambda each: f'<p>{each["inner"]}<img src="{PICTURE}"></p>')
    return f'{html}<img src="{PICTURE}">' if html else None


def add_sound(html: str, random: Random) -> str | None:
    """A sound put at the end of a paragraph."""
    if found := _chosen(_PARAGRAPH, html, random):
        return _replaced(found, html, lambda each: f"<p>{each['inner']} [sound:{SOUND}]</p>")
    return f"{html} [sound:{SOUND}]" if html else None


def remove_picture(html: str, random: Random) -> str | None:
    """A picture deleted."""
    edited = _replaced(_chosen(_IMAGE, html, random), html, lambda _: "")
    return edited and (edited if _TAG.sub("", edited).strip() else None)


# Clozes.


def add_cloze(html: str, random: Random) -> str | None:
    """A word made a gap."""
    if "{{c" not in html:
        return None
    numbers = [int(each["number"]) for each in _CLOZE.finditer(html)]
    outside = [each for each in _words(html) if _is_plain_of_gaps(html[: each[0]])]
    if not numbers or not outside:
        return None
    span = random.choice(outside)
    number = max(numbers) + random.choice((0, 1))
    return _put(html, span, f"{{{{c{number}::{html[slice(*span)]}}}}}")


def _is_plain_of_gaps(text: str) -> bool:
    return text.count("{{") == text.count("}}")


def change_cloze(html: str, random: Random) -> str | None:
    """The text of a gap changed."""
    return _replaced(_chosen(_CLOZE, html, random), html, _longer_gap)


def _longer_gap(gap: re.Match[str]) -> str:
    start, end = gap.span("text")
    text = gap["text"]
    return gap[0][: start - gap.start()] + f"{text} too" + gap[0][end - gap.start() :]


def add_hint(html: str, random: Random) -> str | None:
    """A gap given a hint."""
    gaps = [each for each in _CLOZE.finditer(html) if each["hint"] is None]
    found = random.choice(gaps) if gaps else None
    return _replaced(found, html, lambda each: f"{each[0][:-2]}::a hint}}}}")


def remove_cloze(html: str, random: Random) -> str | None:
    """A gap filled in, where another one is left."""
    gaps = list(_CLOZE.finditer(html))
    if len(gaps) < 2:
        return None
    return _replaced(random.choice(gaps), html, lambda each: each["text"])


# Code, mathematics, tables, links.


def change_code(html: str, random: Random) -> str | None:
    """A name in coloured code changed."""
    found = _chosen(_PRE, html, random)
    if found is None:
        return None
    names = list(re.finditer(r"(?<=>)([A-Za-z_]{2,})(?=</span>)", found[0]))
    if not names:
        return None
    name = random.choice(names)
    place = found.start() + name.start()
    return _put(html, (place, place + len(name[0])), f"{name[0]}_new")


def add_code_line(html: str, random: Random) -> str | None:
    """A line typed at the end of code."""
    found = _chosen(_PRE, html, random)
    if found is None or "data-line" in found[0]:
        return None
    return _replaced(
        found, html, lambda each: each[0].replace("</code>", "added(1) &lt; 2\n</code>")
    )


def remove_code_line(html: str, random: Random) -> str | None:
    """The first of several lines of code deleted."""
    found = _chosen(_PRE, html, random)
    if found is None or "data-line" in found[0]:
        return None
    head, start, rest = re.split(r"(<code[^>]*>)", found[0], maxsplit=1)
    first, _, others = rest.partition("\n")
    is_whole = len(re.findall("<span", first)) == len(re.findall("</span", first))
    if not is_whole or others.strip() in {"", "</code></pre>"}:
        return None
    return _put(html, found.span(), f"{head}{start}{others}")


def change_inline_code(html: str, random: Random) -> str | None:
    """Code in a line changed."""
    found = _chosen(re.compile(r"<code>([^<{}]+)</code>"), html, random)
    return _replaced(found, html, lambda each: f"<code>{each[1]}_x</code>")


def change_formula(html: str, random: Random) -> str | None:
    """A formula changed."""
    found = _chosen(_FORMULA, html, random)
    return _replaced(found, html, lambda each: f"{each[0][:-2]} + 1{each[0][-2:]}")


def add_formula(html: str, random: Random) -> str | None:
    """A formula typed behind a word."""
    return _at_word(html, random, lambda word: rf"{word} \(x_1 &lt; y^2\)")


def change_cell(html: str, random: Random) -> str | None:
    """A cell of a table changed."""
    found = _chosen(_CELL, html, random)
    return _replaced(found, html, lambda each: f"{each['start']}{each['inner']} or so{each['end']}")


def remove_row(html: str, random: Random) -> str | None:
    """A row of a table deleted, where another one is left."""
    if len(_ROW.findall(html)) < 2:
        return None
    return _replaced(_chosen(_ROW, html, random), html, lambda _: "")


def change_address(html: str, random: Random) -> str | None:
    """The address of a link changed."""
    links = [each for each in _LINK.finditer(html) if each["address"].startswith("http")]
    found = random.choice(links) if links else None
    if found is None:
        return None
    return _put(html, found.span("address"), "https://example.org/new?a=1&amp;b=2")


def change_link_text(html: str, random: Random) -> str | None:
    """The text of a link changed."""
    found = _chosen(_LINK, html, random)
    return found and _put(html, found.span("text"), f"{found['text']} (new)")


def add_link(html: str, random: Random) -> str | None:
    """A word made a link."""
    words = [
        span
        for span in _words(html)
        if not re.search(r"<a\b(?:(?!</a>).)*$", html[: span[0]], re.DOTALL)
    ]
    if not words:
        return None
    span = random.choice(words)
    return _put(html, span, f'<a href="https://example.org/w_x">{html[slice(*span)]}</a>')


def remove_link(html: str, random: Random) -> str | None:
    """A link taken off its text."""
    return _replaced(_chosen(_LINK, html, random), html, lambda each: each["text"])


FIELD_EDITS: Mapping[str, FieldEdit] = {
    each.__name__: each
    for each in (
        type_word,
        type_signs,
        remove_word,
        correct_word,
        replace_word,
        type_sentence,
        type_at_end,
        press_enter,
        break_line,
        add_paragraph,
        add_line_below,
        add_text_below,
        join_paragraphs,
        delete_paragraph,
        move_paragraph,
        make_bold,
        make_italic,
        make_underlined,
        make_lower,
        take_emphasis,
        bold_part,
        add_item,
        remove_item,
        move_item,
        nest_item,
        type_in_item,
        make_list,
        add_list,
        paste_colours,
        paste_page,
        paste_picture,
        add_sound,
        remove_picture,
        add_cloze,
        change_cloze,
        add_hint,
        remove_cloze,
        change_code,
        add_code_line,
        remove_code_line,
        change_inline_code,
        change_formula,
        add_formula,
        change_cell,
        remove_row,
        change_address,
        change_link_text,
        add_link,
        remove_link,
    )
}
"""The edits, by name."""


# What the editor does on its own.


def spaces_kept(html: str, random: Random) -> str | None:
    """A space that does not break, as Chromium leaves it where something was typed."""
    places = [end for _, end in _words(html) if html[end : end + 1] == " "]
    if not places:
        return None
    place = random.choice(places)
    return _put(html, (place, place + 1), "&nbsp;")


def end_broken(html: str, random: Random) -> str | None:
    """A break at the end of a paragraph, which shows nothing."""
    found = _chosen(_PARAGRAPH, html, random)
    if found is None:
        return None
    return _replaced(found, html, lambda each: f"<p>{each['inner']}<br></p>")


def lines_between_gone(html: str, random: Random) -> str | None:
    """Line ends between blocks lost."""
    edited = re.sub(r"(?<=</p>)\n(?=<p>)|(?<=</li>)\n(?=<li>)", "", html)
    return edited if edited != html else None


def emphasis_rewritten(html: str, random: Random) -> str | None:
    """Emphasis by the other names of the same elements."""
    edited = re.sub(r"(</?)strong>", r"\1b>", re.sub(r"(</?)em>", r"\1i>", html))
    return edited if edited != html else None


def colours_pasted(html: str, random: Random) -> str | None:
    """A word cut and pasted again, in the colours of the editor."""
    return _at_word(html, random, lambda word: f'<span style="{_PASTED}">{word}</span>')


NOISE: Mapping[str, FieldEdit] = {
    each.__name__: each
    for each in (spaces_kept, end_broken, lines_between_gone, emphasis_rewritten, colours_pasted)
}
"""What changes HTML and is no edit, by name."""


def without_colours(html: str) -> str:
    """HTML without the colours in which text was pasted."""
    return re.sub(rf'<span style="{re.escape(_PASTED)}">([^<]*)</span>', r"\1", html)


# Edits of notes.


@dataclass(frozen=True, slots=True)
class LearnersNote:
    """A note as it stands in Anki: its fields by name, in order, and its tags."""

    fields: Mapping[str, str]
    tags: tuple[str, ...]

    def with_field(self, name: str, html: str) -> LearnersNote:
        """The note with another field."""
        return replace(self, fields={**self.fields, name: html})


NoteEdit = Callable[[LearnersNote, Random], LearnersNote | None]

_NOT_TYPED_IN = re.compile(r"Key|Reserved \d|Typed|Reverse|Occlusion|Image")
_MADE = "Suggest an edit"
_MAY_BE_EMPTY = ("Hint", "Extra")


def is_empty(html: str) -> bool:
    """Whether a field shows nothing."""
    return not _TAG.sub(lambda tag: "x" if tag["name"] == "img" else "", html).strip()


def _editable(note: LearnersNote) -> list[str]:
    """The fields that have a text of their author's own."""
    return [
        name
        for name, html in note.fields.items()
        if html and not _NOT_TYPED_IN.fullmatch(name) and _MADE not in html
    ]


def of_field(edit: FieldEdit) -> NoteEdit:
    """The edit of one field of a note, of any in which it can be made."""

    def edited(note: LearnersNote, random: Random) -> LearnersNote | None:
        names = _editable(note)
        random.shuffle(names)
        for name in names:
            html = edit(note.fields[name], random)
            if html is None or (is_empty(html) and name not in _MAY_BE_EMPTY):
                continue
            if html != note.fields[name]:
                return note.with_field(name, html)
        return None

    return edited


def reword_question(note: LearnersNote, random: Random) -> LearnersNote | None:
    """Another word in the first field."""
    name = next(iter(note.fields))
    html = replace_word(note.fields[name], random)
    if name not in _editable(note) or html is None:
        return None
    return note.with_field(name, html)


def _filled(name: str, html: str) -> NoteEdit:
    """A field filled that is empty."""

    def edited(note: LearnersNote, random: Random) -> LearnersNote | None:
        if note.fields.get(name) != "":
            return None
        return note.with_field(name, html)

    return edited


def empty_section(note: LearnersNote, random: Random) -> LearnersNote | None:
    """A section emptied."""
    names = [name for name in _MAY_BE_EMPTY if note.fields.get(name)]
    return note.with_field(random.choice(names), "") if names else None


def add_tag(note: LearnersNote, random: Random) -> LearnersNote | None:
    """A tag added."""
    tags = (*note.tags, random.choice(("exam", "to-do::later", "größe")))
    return replace(note, tags=tags)


def remove_tag(note: LearnersNote, random: Random) -> LearnersNote | None:
    """A tag taken off."""
    if not note.tags:
        return None
    removed = random.choice(note.tags)
    return replace(note, tags=tuple(each for each in note.tags if each != removed))


def mark(note: LearnersNote, random: Random) -> LearnersNote | None:
    """The tags that Anki itself adds."""
    return replace(note, tags=(*note.tags, "leech", "marked"))


EDITS: Mapping[str, NoteEdit] = {
    **{name: of_field(edit) for name, edit in FIELD_EDITS.items()},
    "reword_question": reword_question,
    "fill_hint": _filled("Hint", "a hint"),
    "fill_extra": _filled("Extra", "One line<div>and <b>another</b> one</div>"),
    "fill_source": _filled("Source", '<a href="https://example.org/book">A book</a>, page 3'),
    "empty_section": empty_section,
    "add_tag": add_tag,
    "remove_tag": remove_tag,
}
"""All edits of a note that its source should take over, by name."""

NO_EDITS: Mapping[str, NoteEdit] = {
    **{name: of_field(edit) for name, edit in NOISE.items()},
    "mark": mark,
}
"""What changes a note and should change no source, by name."""
