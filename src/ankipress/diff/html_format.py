"""A difference as one page that needs no other file: every card as Anki shows it, before and now,
side by side.
"""

from __future__ import annotations

import base64
import html
import mimetypes
import re
from collections.abc import Iterator, Mapping

from ankipress.diff.changes import Change, NoteChange
from ankipress.diff.difference import Difference
from ankipress.diff.edition import Edition
from ankipress.diff.marked_words import Marked
from ankipress.diff.wording import (
    TITLES,
    counted,
    field_texts,
    forecast_lines,
    grouped,
    title,
    version_line,
)
from ankipress.model import NoteType, PackedNote
from ankipress.preview.sounds import Sound, take_sounds
from ankipress.preview.templates import FRONT_SIDE, fill_card, show_sides

# No script runs and nothing is fetched, whatever stands in a card: a package may come from a
# stranger.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:; font-src data:; form-action 'none';"
    " base-uri 'none'"
)
_UNWANTED = re.compile(
    r"</?(?:template|meta|base|link|iframe|object|embed|html|head|body)\b[^>]*>", re.IGNORECASE
)
_MOST_CARDS = 4  # of one note
_MOST_NOTES = (
    500  # that are shown as cards, each with its style sheet: of more than these the words are told
)
_PLAYED = re.compile(r"\[anki:play:[qa]:\d+\]")
_NAMED = re.compile(r'\b(src|data|poster)="([^"]+)"')
_URL = re.compile(r"""url\((["']?)([^"'()]+)\1\)""")
_STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 1200px; padding: 1rem; color: #1b1b1b; background: #fff; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; margin-top: 2rem; border-bottom: 1px solid #ccc; }
.note { margin: 1rem 0 2rem; } .place { color: #555; font-size: .875rem; overflow-wrap: anywhere; }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
.side { min-width: 0; } .side > b { font-size: .8rem; color: #555; }
.card-box { border: 1px solid #bbb; border-radius: 6px; padding: .5rem; overflow: auto; margin: .25rem 0; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; margin: .5rem 0; }
tr > th:first-child { width: 7rem; }
th, td { border: 1px solid #ddd; padding: .3rem .5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
del { background: #ffd7d5; } ins { background: #c8f2d0; text-decoration: none; } .none { color: #777; }
@media (max-width: 640px) { .sides { grid-template-columns: 1fr; } tr > th:first-child { width: 4rem; } }
"""


def as_html(difference: Difference) -> str:
    """The page. It holds the pictures of the cards that it shows; a sound is named where it would
    play.
    """
    heading = html.escape(title(difference))
    lines = "".join(f"<li>{html.escape(line)}</li>" for line in forecast_lines(difference))
    old = html.escape(difference.old.version or difference.old.label)
    return f"""<!DOCTYPE html>
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
<p><b>Version:</b> {html.escape(version_line(difference))}</p>
{"".join(_others(difference))}
{"".join(_groups(difference))}
</body>
</html>
"""


def _others(difference: Difference) -> Iterator[str]:
    for rename in difference.renames:
        yield f"<p><b>Deck renamed:</b> {html.escape(rename.old)} → {html.escape(rename.new)}</p>\n"
    for each in difference.note_types:
        yield f"<p><b>Note type</b> {html.escape(each.name)}: {', '.join(each.what)}</p>\n"
    for unclear in difference.new.unclear:
        may_be = "; ".join(html.escape(question) for _, question in unclear.candidates)
        place = html.escape(f"{unclear.path}:{unclear.line}")
        yield f"<p><b>Unclear:</b> {place} {html.escape(unclear.question)} — may be: {may_be}</p>\n"


def _groups(difference: Difference) -> Iterator[str]:
    left = _MOST_NOTES
    for change, notes in grouped(difference):
        yield f"<h2>{TITLES[change]}: {counted(len(notes), 'note')}</h2>\n"
        for note in notes:
            yield _note(note, difference, shown=left > 0)
            left -= 1


def _note(change: NoteChange, difference: Difference, *, shown: bool) -> str:
    place = f"{change.path}:{change.line}" if change.line else change.path
    # A card that is new or gone is there to be read.
    told = (
        field_texts(change, difference)
        if not shown or (change.new and (change.old or change.counterpart))
        else ()
    )
    rows = "".join(
        f"<tr><th>{html.escape(row.name)}</th><td>{_marked(row.old, 'del')}</td><td>{_marked(row.new, 'ins')}</td></tr>"
        for row in told
    )
    table = f"<table><tr><th></th><th>Before</th><th>Now</th></tr>{rows}</table>" if rows else ""
    before = change.old or (
        difference.old.by_guid.get(change.counterpart) if change.counterpart else None
    )
    every = Change.CARDS in change.what
    sides = "".join(
        f'<div class="side"><b>{name}</b>{_cards(note, edition, every=every)}</div>'
        for name, note, edition in (
            ("Before", before, difference.old),
            ("Now", change.new, difference.new),
        )
        if shown
    )
    what = ", ".join(change.what)
    return (
        f'<div class="note"><p class="place">{html.escape(place)} <code>{html.escape(change.guid)}</code> {what}</p>'
        f'<div class="sides">{sides}</div>{table}</div>\n'
    )


def _marked(marked: Marked, tag: str) -> str:
    return "".join(
        f"<{tag}>{html.escape(text)}</{tag}>" if is_marked else html.escape(text)
        for text, is_marked in marked
    )


def _cards(note: PackedNote | None, edition: Edition, *, every: bool) -> str:
    """The backs of the first card, or of all, which show the fronts too."""
    if note is None:
        return '<p class="none">not there</p>'
    note_type = edition.note_types[note.note_type]
    if not all(each.front for each in note_type.templates):
        return '<p class="none">this package hides its templates</p>'
    ords = note.ords[:_MOST_CARDS] if every else note.ords[:1]
    return (
        "".join(_card(note, note_type, ord, edition.media) for ord in ords)
        or '<p class="none">no card</p>'
    )


def _card(note: PackedNote, note_type: NoteType, ord: int, media: Mapping[str, bytes]) -> str:
    template = note_type.template(ord)
    sides = show_sides(template.front, template.back, fill_card(note, note_type, ord))
    front, back = (
        _with_sounds(sides.front, "q"),
        _with_sounds(sides.back, "a").replace(FRONT_SIDE, "\x1f"),
    )
    shown = back.replace("\x1f", front)
    # What applies to the page of Anki's reviewer applies to the box; a shadow root keeps each style
    # sheet to its card.
    css = re.sub(
        r"(?<![\w.#-])(?:html|body|:root)(?![\w-])",
        ":host",
        _with_files(note_type.css, media, _URL, "css"),
    )
    css = css.replace("</", "<\\/")
    body = _with_files(_UNWANTED.sub("", shown), media, _NAMED, "html")
    return (
        f'<div class="card-box"><template shadowrootmode="open"><style>{css}</style>'
        f'<div class="card card{ord + 1}">{body}</div></template></div>'
    )


def _with_sounds(text: str, side: str) -> str:
    shown, sounds = take_sounds(text, side)
    names = iter(
        f"▶ {html.escape(each.name if isinstance(each, Sound) else each.text)}" for each in sounds
    )
    return _PLAYED.sub(lambda _: next(names, "▶"), shown)


def _with_files(text: str, media: Mapping[str, bytes], pattern: re.Pattern[str], where: str) -> str:
    """A text with the files that it names put into it; other addresses stay, and are not fetched."""

    def put(found: re.Match[str]) -> str:
        content = media.get(html.unescape(found[2]))
        if content is None:
            return found[0]
        kind = mimetypes.guess_type(found[2])[0] or "application/octet-stream"
        address = f"data:{kind};base64,{base64.b64encode(content).decode()}"
        return f'{found[1]}="{address}"' if where == "html" else f'url("{address}")'

    return pattern.sub(put, text)
