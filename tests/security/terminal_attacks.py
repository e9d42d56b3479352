"""Attacks by texts that a terminal, a log, or a comment on GitHub would obey."""

from __future__ import annotations

import json

from security.arena import Arena
from security.attack import Family

TERMINAL = Family(
    "terminal",
    (
        *("build", "check", "check --format github", "check --format markdown", "diff v1.0.0"),
        *("list --all", "release"),
    ),
)
SERVE = "serve --no-open --port 0"
_EVERY = (
    *("artifacts", "check --format json", "check --format sarif", "check --fix", "check --diff"),
    *("check --run", "check --against v1.0.0", "diff --format markdown v1.0.0"),
    *("diff --format json v1.0.0", "diff --format html v1.0.0", "ids", "ids --write"),
    *("list --format json", "recover PACKAGE", "release --dry-run", "site", SERVE, "trust"),
)
"""The commands beside them, for attacks that stand for their kind."""
ESCAPE = "\x1b]0;owned\x07\x1b[31m"
C1 = "\x9b31m\x9d0;owned\x9c"
TURN = "\u202egnp.exe\u2066"
LINE = "a\n::error::e\n::add-mask::e\n##[error]e\n##vso[task.setvariable]e\nb"
ALL = f"x{ESCAPE}{C1}{TURN}{LINE}"
_EMPTY = "# More\n\n## What has no answer?\n\n## What has a picture?\n\n![](none.png)\n"


def _in_json(text: str) -> str:
    """A text as JSON, TOML and YAML alike write it, with all that is hostile written as escapes."""
    return json.dumps(text, ensure_ascii=True)


@TERMINAL.attack("names of files with escapes", also=_EVERY)
def _file_names(arena: Arena) -> None:
    """Sources with problems have names with ESC, C1 and a turned direction in them."""
    for name in (f"e{ESCAPE}", f"c{C1}", f"t{TURN}"):
        arena.write(f"cards/{name}.md", _EMPTY)


@TERMINAL.attack("names of files with lines for CI", also=("check --format json", SERVE))
def _file_lines(arena: Arena) -> None:
    """Sources with problems have names with newlines and commands of CI runners in them."""
    arena.write(f"cards/{LINE}.md", _EMPTY)
    arena.write("cards/\r::error::e\r.md", _EMPTY)
    arena.write("::error::e.md", _EMPTY)
    arena.add("ankipress.toml", 'sources = ["cards.md", "*.md", "cards/*.md"]\n')


@TERMINAL.attack("names of files that are not UTF-8", also=("ids --write", "site", SERVE))
def _file_bytes(arena: Arena) -> None:
    """A source, a picture and a folder have names that are not UTF-8."""
    names = (b"cards/\xff\xfe.md", b"media/\x80.png", b"cards/\xc3\x28/a.md")
    for name in names:
        place = bytes(arena.project) + b"/" + name
        arena.write(place.decode("utf-8", "surrogateescape"), _EMPTY)


@TERMINAL.attack("names of media with escapes", also=("artifacts", SERVE))
def _media_names(arena: Arena) -> None:
    """Pictures that are there, and pictures that are missing, have such names."""
    picture = (arena.project / "media" / "a.png").read_bytes()
    for name in (f"e{ESCAPE}", f"c{C1}", f"t{TURN}", LINE):
        arena.write(f"media/{name}.png", picture)
    escaped = "![one](media/e%1B]0;owned%07.png) ![two](media/t\u202egnp.exe.png)"
    entities = "![three](media/c&#x9b;31m.png) ![four](media/a%0A::error::e.png)"
    arena.add("cards.md", f"\n## Which pictures?\n\nThese: {escaped} {entities}\n")


@TERMINAL.attack(
    "keys of settings with escapes",
    names=["ankipress.toml"],
    also=("check --format json", "check --format sarif", SERVE, "trust"),
)
def _keys(arena: Arena) -> None:
    """Keys that no setting has hold escapes and lines for CI."""
    arena.add("ankipress.toml", f"{_in_json(ALL)} = 1\n")


@TERMINAL.attack(
    "values of settings with escapes", names=["ankipress.toml"], also=("check --format json", SERVE)
)
def _values(arena: Arena) -> None:
    """Values that no setting may have hold escapes and lines for CI."""
    text = _in_json(ALL)
    arena.add(
        "ankipress.toml",
        f"lang = {text}\nreport_url = {text}\nsections = {text}\nrelease_tag = {text}\n"
        f"tags = [{text}]\ndescription = {text}\nfonts = {{{text} = {text}}}\n"
        f"severity = {{{text} = {text}}}\ntheme = {{light = {text}}}\n",
    )


@TERMINAL.attack("extensions and patterns with escapes")
def _names(arena: Arena) -> None:
    """Patterns of sources that match nothing, a style and a language hold what is hostile."""
    arena.add(
        "ankipress.toml",
        f'sources = ["cards.md", {_in_json(f"none{ESCAPE}{TURN}*.md")}, {_in_json(LINE)}]\n'
        f"theme = {{light = {_in_json(f'none{TURN}')}}}\n",
    )


@TERMINAL.attack(
    "settings that are no TOML, with escapes", names=["ankipress.toml"], also=("config",)
)
def _no_toml(arena: Arena) -> None:
    """The line that cannot be read holds escapes, which an excerpt would show."""
    arena.add("ankipress.toml", f"a = b{ESCAPE}{C1}{TURN}\n::error::e\n")


@TERMINAL.attack("keys of front matter with escapes", also=("check --format json", SERVE))
def _front_matter(arena: Arena) -> None:
    """Front matter has keys, decks, tags and values with escapes and lines for CI."""
    text = _in_json(ALL)
    for number, line in enumerate(
        (f"{text}: 1", f"deck: {text}", f"tags: [{text}]", f"kind: {text}", f"lang: {text}")
    ):
        arena.write(f"cards/front{number}.md", f"---\n{line}\n---\n{_EMPTY}")


@TERMINAL.attack("front matter that is no YAML, with escapes")
def _no_yaml(arena: Arena) -> None:
    """Aliases, anchors, tags and keys that are there twice hold a turned direction and C1."""
    text = f'"{TURN}a"'
    lines = (f"a: *{'b' * 50}", f"{text}: 1\n{text}: 2", f"!!{'c' * 50} a: b", "a: !<::error::e> b")
    for number, line in enumerate(lines):
        arena.write(f"cards/front{number}.md", f"---\n{line}\n---\n{_EMPTY}")


@TERMINAL.attack("targets of links with escapes")
def _links(arena: Arena) -> None:
    """Links to headings and files that are missing hold escapes, written as such."""
    targets = "%1B%5D0;owned%07.md", "%E2%80%AE.md", "a%0A::error::e.md", "&#27;[31m.md", "#%1B[31m"
    links = "\n\n".join(f"- [a]({target})\n- ![b]({target}.png)" for target in targets)
    more = f"\n\n[c](<t{TURN}.md>) [[w{TURN}]] ![[w{TURN}.png]] <img src='&#27;[31m.png'>"
    arena.add("cards.md", f"\n## Where to?\n\n{links}{more}\n")


@TERMINAL.attack("fields with escapes", also=_EVERY)
def _fields(arena: Arena) -> None:
    """Questions, answers and decks hold escapes as characters and as entities."""
    entities = "&#27;[31m &#x9b;31m &#x202e; &#10;::error::e"
    arena.write(
        "cards/fields.md",
        f"# Deck {entities} {TURN}\n\n## What {entities} {TURN}?\n\n{entities} {TURN} {C1}\n\n"
        f"## {ESCAPE} what?\n\n{ESCAPE}\n\n## ::error::e\n\n::error::e\n\n## ##[error]e\n\nx\n\n"
        f"## What\u2028::error::e\u2028?\n\nx\n\n## \r::error::e\n\nx\n",
    )


@TERMINAL.attack("attributes with escapes")
def _attributes(arena: Arena) -> None:
    """Attributes, ids, kinds, tags and languages of code hold what is hostile."""
    cards = [
        f"## One? {{#a{TURN}}}\n\nx\n",
        f"## Two? {{.tag{TURN} .::error::e}}\n\nx\n",
        f'## Three? {{kind="{TURN}{C1}"}}\n\nx\n',
        f'## Four? {{{TURN}="{ESCAPE}"}}\n\nx\n',
        f"## Five?\n\n```py{TURN}{C1} {{.run}}\nx\n```\n",
        f"## Six? {{lang={TURN}}}\n\n$\\{TURN}$ $$\\no{C1}$$ [^{TURN}]\n",
    ]
    arena.write("cards/attributes.md", "# More\n\n" + "\n".join(cards))


@TERMINAL.attack("note types with escapes", also=("artifacts", "site", SERVE))
def _note_types(arena: Arena) -> None:
    """Folder, name, fields and templates of a note type hold what is hostile."""
    folder = f"notetypes/n{TURN}{ESCAPE}"
    text = _in_json(ALL)
    arena.write(
        f"{folder}/notetype.toml", f"name = {text}\nfields = [{text}, {text}]\n{text} = 1\n"
    )
    arena.write(f"{folder}/{TURN}.front.html", f"{{{{{TURN}{ESCAPE}}}}} {{{{#x}}}}")
    arena.write(f"{folder}/{TURN}.back.html", f"{{{{x{C1}}}}}")
    arena.write("notetypes/fine/notetype.toml", f'name = {text}\nfields = [{text}, "Back"]\n')
    arena.write("notetypes/fine/Card.front.html", "{{Back}}")
    arena.write("notetypes/fine/Card.back.html", "{{Back}}")
    arena.add("cards.md", "\n## A question of its own? {kind=fine}\n\nYes.\n")


@TERMINAL.attack(
    "a folder with escapes",
    folder=f"d{ESCAPE}{TURN}",
    also=("artifacts", "check --format sarif", "init", "site", SERVE),
)
def _folder(arena: Arena) -> None:
    """The folder of the project has a name with escapes, and no settings name the deck."""
    arena.write("ankipress.toml", 'uid = "deck-of-the-matrix"\n')


@TERMINAL.attack(
    "a folder with a line for CI", folder="d\n::error::e\nf", also=("artifacts", "init")
)
def _folder_line(arena: Arena) -> None:
    """The folder of the project has a name of three lines, of which one is for a CI runner."""
    arena.write("ankipress.toml", 'uid = "deck-of-the-matrix"\n')


@TERMINAL.attack(
    "a folder that is not UTF-8",
    folder=b"d\xff\xfe".decode("utf-8", "surrogateescape"),
    also=(*_EVERY, "init", "init --github --action a/b@v1"),
)
def _folder_bytes(arena: Arena) -> None:
    """The folder of the project has a name that is not UTF-8."""
    arena.write("ankipress.toml", 'uid = "deck-of-the-matrix"\n')


@TERMINAL.attack(
    "a changelog with escapes", rows=("artifacts", "release --dry-run", "release", "site", SERVE)
)
def _changelog(arena: Arena) -> None:
    """The changelog has a section on this version, with escapes and lines for CI."""
    arena.write(
        "CHANGELOG.md",
        f"# Changelog {ESCAPE}\n\n## Unreleased\n\n- {ESCAPE}{C1}{TURN}\n\n::error::e\n\n"
        f"## 2.0.0 - 2026-11-30\n\n- {ESCAPE}{C1}{TURN} @victim\n\n::error::e\n",
    )


@TERMINAL.attack(
    "cards that are right",
    also=("diff --format markdown v1.0.0", "list --format json", "site --no-package"),
)
def _right(arena: Arena) -> None:
    """Nothing is wrong with cards whose file, deck and texts turn around or look like CI."""
    arena.write(
        f"cards/t{TURN}.md",
        f'---\ntags: ["t{TURN}", "::error::e"]\n---\n# Deck {TURN}\n\n## What {TURN} is it?\n\n'
        f"It {TURN} is.\n\n## ::error::e\n\n::error::e\n\n## &#58;:add-mask::e\n\nx\n\n"
        "## What of ##[error]e?\n\n##[error]e\n\n## What &#x202e; and &#x2066; are?\n\n&#x202e;\n",
    )
    cards = (arena.project / "cards.md").read_text(encoding="utf-8")
    hostile = f"An array {TURN} of\n::error::e\n##[error]e\nnumbers"
    arena.write("cards.md", cards.replace("An array of numbers", hostile))


@TERMINAL.attack("names of people in what is wrong", rows=["check --format markdown"])
def _people_in_problems(arena: Arena) -> None:
    """Questions, answers, decks and targets that are wrong name people and issues."""
    names = "@victim #1 &#64;victim @victim/team owner/name#1 GH-1 ` @victim"
    arena.write(
        "cards/people.md",
        f"---\n'@victim #1': 1\n---\n# Deck {names}\n\n## None {names}?\n\n"
        f"## Link?\n\n[@victim](@victim.md) ![#1](@victim.png)\n\n## Kind? {{kind=@victim}}\n\n"
        "```\n````\n@victim\n\n## A fence?\n\n````\n```\n@victim\n```\n````\n",
    )
    arena.write("@victim.md", "# x\n\n## None?\n")
    arena.add("ankipress.toml", 'sources = ["cards.md", "cards/*.md", "@*.md"]\n')


@TERMINAL.attack("names of people", rows=["diff --format markdown v1.0.0"])
def _people(arena: Arena) -> None:
    """Questions, answers and decks that are new and edited name people and issues."""
    names = "@victim #1 &#64;victim @victim/team owner/name#1 GH-1"
    text = f"**@victim** <b>@victim</b> {names} ` @victim` ``@victim`"
    arena.write(
        "cards/people.md",
        f"# Deck {names}\n\n## What {text}?\n\n{text}\n\n## A fence?\n\n"
        "````\n```\n@victim\n```\n````\n",
    )
    cards = (arena.project / "cards.md").read_text(encoding="utf-8")
    arena.write("cards.md", cards.replace("An array of numbers", f"An array {text} ``` @victim"))
