"""A difference as one self-contained page: every card as Anki shows it, before and now."""

from __future__ import annotations

import base64
import mimetypes
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from html import escape
from urllib.parse import unquote

from ankipress.diff.changes import Change, NoteChange
from ankipress.diff.difference import Difference
from ankipress.diff.edition import Edition, hides_templates
from ankipress.diff.marked_words import Marked
from ankipress.diff.wording import (
    field_texts,
    forecast_lines,
    group_title,
    grouped,
    notices,
    place_text,
    title,
    version_line,
)
from ankipress.model import NoteType, PackedNote
from ankipress.package.unpacking import FoundFile
from ankipress.preview.sanitize import card_cleaner
from ankipress.preview.sounds import Sound, take_sounds
from ankipress.preview.styles import split_themes
from ankipress.preview.templates import FRONT_SIDE, fill_card, show_sides

# A package may come from a stranger: whatever a card holds, no script runs and nothing is fetched.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:; font-src data:;"
    " form-action 'none'; base-uri 'none'"
)
_MOST_CARDS = 4  # that are shown of one note
# Notes that are shown as cards, each with its style sheet. Of the others the words are shown.
_MOST_NOTES = 500
_PLAYED = re.compile(r"\[anki:play:[qa]:\d+\]")
_URL = re.compile(r"""url\((["']?)([^"'()]+)\1\)""")
_LARGEST_FILES = 100 * 1024**2  # bytes of all files on the page, each as often as it is there
# Stands for a file until all are read at once: its digest.
_FILE_MARK = re.compile("\x1e([0-9a-f]{64})\x1e")
_FRONT_MARK = "\x1f"  # no escaping and no rewriting of addresses changes it
_STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 1200px; padding: 1rem;
  color: #1b1b1b; background: #fff; }
h1 { font-size: 1.4rem; }
h2 { font-size: 1.15rem; margin-top: 2rem; border-bottom: 1px solid #ccc; }
.note { margin: 1rem 0 2rem; }
.place { color: #555; font-size: .875rem; overflow-wrap: anywhere; }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
.side { min-width: 0; } .side > b { font-size: .8rem; color: #555; }
.card-box { border: 1px solid #bbb; border-radius: 6px; padding: .5rem; overflow: auto;
  margin: .25rem 0; contain: layout paint style; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; margin: .5rem 0; }
tr > th:first-child { width: 7rem; }
th, td { border: 1px solid #ddd; padding: .3rem .5rem; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; }
del { background: #ffd7d5; } ins { background: #c8f2d0; text-decoration: none; }
.none { color: #777; }
@media (max-width: 640px) {
  .sides { grid-template-columns: 1fr; } tr > th:first-child { width: 4rem; }
}
"""


def as_html(difference: Difference) -> str:
    """The page, with the pictures of its cards. A sound is named where it would play."""
    heading = escape(title(difference))
    lines = "".join(f"<li>{escape(line)}</li>" for line in forecast_lines(difference))
    others = "".join(
        f"<p><b>{label}:</b> {escape(text)}</p>\n" for label, text in notices(difference)
    )
    old = escape(difference.old.version_or_label)
    page = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{heading}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{heading}</h1>
<p><b>What Anki does for a learner who has {old}:</b></p>
<ul>{lines}</ul>
<p><b>Version:</b> {escape(version_line(difference))}</p>
{others}
{"".join(_groups(difference))}
</body>
</html>
"""
    return _with_contents(page, difference)


def _with_contents(page: str, difference: Difference) -> str:
    """The page with its files in their places. Those that would make it too large are empty."""
    sizes: dict[str, int] = {}
    for edition in (difference.old, difference.new):
        sizes.update({each.digest: each.size for each in edition.media.values()})
    wanted = set()
    left = _LARGEST_FILES
    for digest, number in Counter(_FILE_MARK.findall(page)).items():
        size = number * sizes.get(digest, 0)
        if size <= left:
            left -= size
            wanted.add(digest)
    contents: dict[str, str] = {}
    for edition in (difference.old, difference.new):
        missing = wanted - contents.keys()
        names = {
            each.digest: name for name, each in edition.media.items() if each.digest in missing
        }
        files = edition.read_files(names.values())
        for digest, name in names.items():
            contents[digest] = base64.b64encode(files[name]).decode()
    return _FILE_MARK.sub(lambda found: contents.get(found[1], ""), page)


def _groups(difference: Difference) -> Iterator[str]:
    shown = 0
    for way, notes in grouped(difference):
        yield f"<h2>{group_title(way, notes)}</h2>\n"
        for note in notes:
            yield _note(note, difference, as_cards=shown < _MOST_NOTES)
            shown += 1


def _note(change: NoteChange, difference: Difference, *, as_cards: bool) -> str:
    place = escape(place_text(change.place))
    what = ", ".join(change.what)
    sides = table = ""
    if as_cards:
        every = Change.CARDS in change.what
        before = _cards(difference.before(change), difference.old, every=every)
        now = _cards(change.new, difference.new, every=every)
        sides = _side("Before", before) + _side("Now", now)
    # A card that is new or gone can be read as it is.
    is_compared = change.new and (change.old or change.counterpart)
    if is_compared or not as_cards:
        table = _table(change, difference)
    return (
        f'<div class="note"><p class="place">{place} <code>{escape(change.guid)}</code> {what}</p>'
        f'<div class="sides">{sides}</div>{table}</div>\n'
    )


def _side(name: str, cards: str) -> str:
    return f'<div class="side"><b>{name}</b>{cards}</div>'


def _table(change: NoteChange, difference: Difference) -> str:
    rows = [
        f"<tr><th>{escape(row.name)}</th>"
        f"<td>{_marked(row.old, 'del')}</td><td>{_marked(row.new, 'ins')}</td></tr>"
        for row in field_texts(change, difference)
    ]
    if not rows:
        return ""
    return f"<table><tr><th></th><th>Before</th><th>Now</th></tr>{''.join(rows)}</table>"


def _marked(marked: Marked, tag: str) -> str:
    words = []
    for span in marked:
        text = escape(span.text)
        if span.marked:
            text = f"<{tag}>{text}</{tag}>"
        words.append(text)
    return "".join(words)


def _cards(note: PackedNote | None, edition: Edition, *, every: bool) -> str:
    """The back of the first card, or of all, which shows the front too."""
    if note is None:
        return '<p class="none">not there</p>'
    note_type = edition.type_of(note)
    if hides_templates(note_type):
        return '<p class="none">this package hides its templates</p>'
    most = 1
    if every:
        most = _MOST_CARDS
    cards = [_card(note, note_type, ord, edition.media) for ord in note.ords[:most]]
    return "".join(cards) or '<p class="none">no card</p>'


def _card(
    note: PackedNote,
    note_type: NoteType,
    ord: int,
    media: Mapping[str, FoundFile],
) -> str:
    template = note_type.template(ord)
    filling = fill_card(note, note_type, ord)
    sides = show_sides(template.front, template.back, filling)
    front = _with_sounds(sides.front, "q")
    # The front has its own sounds, so that it comes in after those of the back are named.
    back = _with_sounds(sides.back, "a").replace(FRONT_SIDE, _FRONT_MARK)
    clean = card_cleaner(lambda name: _data_address(name, media))
    body = clean(back.replace(_FRONT_MARK, front))
    # The page is light, and so are its cards. A shadow root keeps each style sheet to its card,
    # but for the element around it. So a box stands around that.
    css = _with_files(split_themes(note_type.css).light, media).replace("</", "<\\/")
    return (
        '<div class="card-box"><div><template shadowrootmode="open">'
        f'<style>{css}</style><div class="card card{ord + 1}">{body}</div>'
        "</template></div></div>"
    )


def _with_sounds(text: str, side: str) -> str:
    """A side with the names of its sounds in their places."""
    shown, sounds = take_sounds(text, side)
    names = []
    for each in sounds:
        if isinstance(each, Sound):
            names.append(f"▶ {escape(each.name)}")
        else:
            names.append(f"▶ {escape(each.text)}")
    remaining = iter(names)
    return _PLAYED.sub(lambda _: next(remaining, "▶"), shown)


def _with_files(css: str, media: Mapping[str, FoundFile]) -> str:
    """A style sheet with its files put into it as data. Other addresses stay, and are not
    fetched.
    """

    def embed(found: re.Match[str]) -> str:
        address = _data_address(found[2], media)
        if address is None:
            return found[0]
        return f'url("{address}")'

    return _URL.sub(embed, css)


def _data_address(name: str, media: Mapping[str, FoundFile]) -> str | None:
    # Anki takes a name as it is, and as one of the web.
    file = media.get(name, media.get(unquote(name)))
    if file is None:
        return None
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"data:{kind};base64,\x1e{file.digest}\x1e"
