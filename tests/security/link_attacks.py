"""Attacks by what stands in the place of a file: a link out, a pipe, a device, a circle."""

from __future__ import annotations

import os
import shutil

from security.arena import Arena, remove
from security.attack import Family

LINKS = Family("links", ())

SERVE = "serve --no-open --port 0"
_INIT_GITHUB = "init --github --action a/b@v1"
_SETTINGS = (
    "build",
    "check",
    "diff v1.0.0",
    _INIT_GITHUB,
    "list --all",
    "release",
    "site",
    "trust",
)
_LOCK = ("build", "check", "diff v1.0.0", "ids --write", "release", "site")
_RETIRED = ("build", "check", "diff v1.0.0", "release", "site")
_EVERY = (
    *("artifacts", "build --locked", "check --fix", "check --against PACKAGE", "list --all"),
    *("push", "push --dry-run", "recover --dry-run PACKAGE", "release --dry-run", SERVE),
)
"""The commands beside them, for attacks that stand for their kind."""
_CHANGELOG = ("artifacts", "release --dry-run", "release", "site")
_SOURCES = ("build", "check --fix", "diff v1.0.0", "ids --write", "site")
_MEDIA = ("build", "check --fix", "release", "site")
_EXPORT = ("export --text", "export --crowdanki")
_OUTPUT = ("artifacts", "build", *_EXPORT, "release", "site")
_INIT = ("init", _INIT_GITHUB)
_NO_TRUST = tuple(row for row in (*_SETTINGS, *_EVERY) if row not in {"trust", _INIT_GITHUB})


def _start_anew(arena: Arena) -> None:
    """Leave nothing of the project but its repository, so that `init` starts a deck."""
    for place in arena.project.iterdir():
        if place.name != ".git":
            remove(place)


# Links that lead out.


@LINKS.attack(
    "settings that are a link",
    rows=_SETTINGS,
    also=[row for row in _EVERY if row not in _SETTINGS],
    names=["ankipress.toml"],
    noticed_by=_NO_TRUST,
)
def _settings(arena: Arena) -> None:
    """`ankipress.toml` is a link to a file outside."""
    arena.link("ankipress.toml", arena.outside / "secret.toml")


@LINKS.attack("settings of Python that are a link", rows=["build", "check", "list --all", "site"])
def _pyproject(arena: Arena) -> None:
    """There is no `ankipress.toml`, and `pyproject.toml` is a link to a file outside."""
    text = (arena.outside / "secret.toml").read_text(encoding="utf-8")
    (arena.outside / "secret.toml").write_text(f"[tool.ankipress]\n{text}", encoding="utf-8")
    remove(arena.project / "ankipress.toml")
    arena.link("pyproject.toml", arena.outside / "secret.toml")


@LINKS.attack("a lock that is a link", rows=_LOCK, also=_EVERY, names=["ankipress.lock"])
def _lock(arena: Arena) -> None:
    """`ankipress.lock` is a link to a lock outside."""
    arena.link("ankipress.lock", arena.outside / "secret.lock")


@LINKS.attack(
    "a lock that is to be written through a link",
    rows=["build", "recover PACKAGE", "release", "ids --write"],
)
def _lock_to_write(arena: Arena) -> None:
    """`ankipress.lock` is a link to a file outside that is not there yet."""
    arena.link("ankipress.lock", arena.outside / "new.lock")


@LINKS.attack("tombstones that are a link", rows=_RETIRED, names=["ankipress.retired"])
def _retired(arena: Arena) -> None:
    """`ankipress.retired` is a link to a file outside."""
    arena.link("ankipress.retired", arena.outside / "secret.retired")


@LINKS.attack("a changelog that is a link", rows=_CHANGELOG, names=["CHANGELOG.md"])
def _changelog(arena: Arena) -> None:
    """`CHANGELOG.md` is a link to a file outside."""
    arena.link("CHANGELOG.md", arena.outside / "secret-changelog.md")


@LINKS.attack(
    "a source that is a link",
    rows=_SOURCES,
    also=["check", "list --all", SERVE],
    names=["cards.md"],
)
def _source(arena: Arena) -> None:
    """`cards.md` is a link to a file outside."""
    arena.link("cards.md", arena.outside / "secret.md")


@LINKS.attack(
    "a folder of sources that is a link", rows=_SOURCES, also=["check", "list --all", SERVE]
)
def _sources(arena: Arena) -> None:
    """`cards/` is a link to a folder outside, in which is Markdown."""
    arena.link("cards", arena.outside)


@LINKS.attack("a picture that is a link", rows=_MEDIA, also=["check", SERVE], names=["cards.md"])
def _picture(arena: Arena) -> None:
    """`media/a.png` is a link to a picture outside."""
    arena.link("media/a.png", arena.outside / "secret.png")


@LINKS.attack("a folder of pictures that is a link", rows=_MEDIA, names=["cards.md"])
def _pictures(arena: Arena) -> None:
    """`media/` is a link to a folder outside, in which is the picture of a card."""
    shutil.copy(arena.outside / "secret.png", arena.outside / "a.png")
    arena.link("media", arena.outside)


@LINKS.attack("a note type that is a link", rows=_MEDIA)
def _note_type(arena: Arena) -> None:
    """`notetypes/evil/` is a link to a folder outside, and a card has this note type."""
    arena.link("notetypes/evil", arena.outside / "notetype")
    arena.add("cards.md", "\n## A question of its own? {kind=evil}\n\nYes.\n")


@LINKS.attack("a template that is a link", rows=_MEDIA)
def _template(arena: Arena) -> None:
    """A template of a note type is a link to a file outside."""
    note_type = arena.outside / "notetype"
    arena.write("notetypes/evil/notetype.toml", (note_type / "notetype.toml").read_bytes())
    arena.write("notetypes/evil/Card.back.html", "{{Back}}\n")
    arena.link("notetypes/evil/Card.front.html", note_type / "Card.front.html")
    arena.add("cards.md", "\n## A question of its own? {kind=evil}\n\nYes.\n")


@LINKS.attack("a folder for packages that is a link", rows=_OUTPUT, names=["build"])
def _output(arena: Arena) -> None:
    """`build/` is a link to a folder outside."""
    arena.link("build", arena.outside / "empty")


@LINKS.attack("packages that are links", rows=_OUTPUT)
def _package(arena: Arena) -> None:
    """Every file that is written into `build/` is a link to a file outside."""
    names = (
        "deck-2.0.0.apkg",
        "deck-2.0.1.apkg",
        "deck-2.0.0.txt",
        "deck-crowdanki/deck.json",
        "RELEASE-NOTES.md",
        "manifest.json",
        "SHA256SUMS",
    )
    for name in names:
        arena.link(f"build/{name}", arena.outside / "index.html")


@LINKS.attack("a site that is a link", rows=["site"], names=["build/site"])
def _site(arena: Arena) -> None:
    """`build/site/` is a link to an empty folder outside."""
    arena.link("build/site", arena.outside / "empty")


@LINKS.attack("a site that is a link to a site", rows=["site"], names=["build/site"])
def _other_site(arena: Arena) -> None:
    """`build/site/` is a link to a folder outside that holds another site of ankipress."""
    (arena.outside / "folder" / ".ankipress-site").touch()
    arena.link("build/site", arena.outside / "folder")


@LINKS.attack("a folder for CrowdAnki with links in it", rows=["export --crowdanki"])
def _in_crowdanki(arena: Arena) -> None:
    """`deck.json` and `media/` in it are links to what lies outside."""
    name = "build/deck-crowdanki"
    (arena.project / name).mkdir(parents=True)
    arena.link(f"{name}/deck.json", arena.outside / "secret.toml")
    arena.link(f"{name}/media", arena.outside / "empty")


@LINKS.attack("a site with a link in it", rows=["site"])
def _in_site(arena: Arena) -> None:
    """`build/site/` was written by ankipress, and a folder in it is a link to one outside."""
    (arena.project / "build" / "site").mkdir(parents=True)
    (arena.project / "build" / "site" / ".ankipress-site").touch()
    arena.link("build/site/cards", arena.outside / "folder")
    arena.link("build/site/index.html", arena.outside / "index.html")


@LINKS.attack("what killed commands left behind, as links", rows=_OUTPUT)
def _leftovers(arena: Arena) -> None:
    """Names that ankipress gives to its temporary files and folders are links that lead out."""
    for folder in ("", "build/"):
        arena.link(f"{folder}.site.folder-abcdefgh.tmp", arena.outside / "folder")
        arena.link(f"{folder}.ankipress.lock.abcdefgh.tmp", arena.outside / "index.html")
        arena.link(f"{folder}.deck-2.0.0.apkg.abcdefgh.tmp", arena.outside / "index.html")
        arena.link(f"{folder}.ankipress.tmp", arena.outside / "index.html")


@LINKS.attack("files of a new deck that are links to nothing", rows=_INIT)
def _start(arena: Arena) -> None:
    """All files that `init` writes are links to files outside that are not there yet."""
    _start_anew(arena)
    for name in ("ankipress.toml", "cards.md", ".gitignore", ".gitattributes", "Makefile"):
        arena.link(name, arena.outside / f"new-{name.strip('.')}")


@LINKS.attack("a Makefile that is a link", rows=_INIT, names=["Makefile"])
def _makefile(arena: Arena) -> None:
    """`Makefile` is a link to a file outside that is not there yet."""
    _start_anew(arena)
    arena.link("Makefile", arena.outside / "new")


@LINKS.attack("a .gitignore that is a link", rows=_INIT, names=[".gitignore"])
def _gitignore(arena: Arena) -> None:
    """`.gitignore` is a link to a file outside that is not there yet."""
    _start_anew(arena)
    arena.link(".gitignore", arena.outside / "new")


@LINKS.attack("workflows behind a link", rows=[_INIT_GITHUB], names=[".github"])
def _github(arena: Arena) -> None:
    """`.github/` is a link to a folder outside."""
    arena.link(".github", arena.outside / "empty")


@LINKS.attack("workflows that are links", rows=[_INIT_GITHUB], names=[".github"])
def _workflow(arena: Arena) -> None:
    """The files of the workflows are links to files outside that are not there yet."""
    for name in ("deck-check", "deck-comment", "deck-lock", "deck-pages", "deck-release", "deck"):
        for ending in (".yml", ".yaml"):
            arena.link(f".github/workflows/{name}{ending}", arena.outside / f"new-{name}")


@LINKS.attack("a link to a link to a link", rows=_SOURCES)
def _chain(arena: Arena) -> None:
    """A source is a link to a link in the project that leads out, by a relative path."""
    arena.link("cards/one.md", "two.md")
    arena.link("cards/two.md", "../three.md")
    arena.link("three.md", "../../outside/secret.md")


# What never ends.


@LINKS.attack("circles in the place of files", rows=_SOURCES)
def _circles(arena: Arena) -> None:
    """A folder of sources holds a link to itself, and one to the project."""
    (arena.project / "cards").mkdir()
    arena.link("cards/loop", ".")
    arena.link("cards/up", "..")
    arena.link("cards/one.md", "two.md")
    arena.link("cards/two.md", "one.md")


def _circle(arena: Arena, path: str) -> None:
    place = arena.project / path
    remove(place)
    arena.link(path, f"{place.name}.other")
    arena.link(f"{path}.other", place.name)


@LINKS.attack("a circle as settings", rows=_SETTINGS)
def _circle_settings(arena: Arena) -> None:
    """`ankipress.toml` and another file are links to each other."""
    _circle(arena, "ankipress.toml")


@LINKS.attack(
    "a circle as lock", rows=("build", "check", "release", "site"), names=["ankipress.lock"]
)
def _circle_lock(arena: Arena) -> None:
    """`ankipress.lock` and another file are links to each other."""
    _circle(arena, "ankipress.lock")


@LINKS.attack("circles as picture, changelog and packages", rows=("site", "release", "build"))
def _circle_others(arena: Arena) -> None:
    """Picture, changelog, tombstones and the folder for packages are links to each other."""
    for path in ("media/a.png", "CHANGELOG.md", "ankipress.retired", "build"):
        _circle(arena, path)


def pipe(arena: Arena, path: str) -> None:
    """Put a named pipe in the place of a file: who opens it waits for ever."""
    place = arena.project / path
    remove(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    if (arena.project / ".git").is_dir():
        # Git keeps no pipes: they come with an archive.
        arena.git("rm", "-r", "--cached", "--quiet", "--ignore-unmatch", "--", path)
    os.mkfifo(place)


@LINKS.attack("a pipe as settings", rows=_SETTINGS, also=["explain empty-answer", SERVE])
def _pipe_settings(arena: Arena) -> None:
    """`ankipress.toml` is a named pipe, and so is `pyproject.toml`."""
    pipe(arena, "ankipress.toml")
    pipe(arena, "pyproject.toml")


@LINKS.attack("a pipe as lock", rows=_LOCK, also=["list --all", SERVE], names=["ankipress.lock"])
def _pipe_lock(arena: Arena) -> None:
    """`ankipress.lock` is a named pipe."""
    pipe(arena, "ankipress.lock")


@LINKS.attack("a pipe as tombstones", rows=_RETIRED, names=["ankipress.retired"])
def _pipe_retired(arena: Arena) -> None:
    """`ankipress.retired` is a named pipe."""
    pipe(arena, "ankipress.retired")


@LINKS.attack("a pipe as changelog", rows=_CHANGELOG)
def _pipe_changelog(arena: Arena) -> None:
    """`CHANGELOG.md` is a named pipe."""
    pipe(arena, "CHANGELOG.md")


@LINKS.attack("a pipe as source", rows=_SOURCES)
def _pipe_source(arena: Arena) -> None:
    """`cards.md` is a named pipe, and so is a file in `cards/`."""
    pipe(arena, "cards.md")
    pipe(arena, "cards/more.md")


@LINKS.attack("a pipe as picture", rows=_MEDIA, names=["cards.md"])
def _pipe_picture(arena: Arena) -> None:
    """`media/a.png` is a named pipe."""
    pipe(arena, "media/a.png")


@LINKS.attack("pipes as a note type", rows=_MEDIA)
def _pipe_note_type(arena: Arena) -> None:
    """The files of a note type are named pipes, and a card has this note type."""
    for name in ("notetype.toml", "style.css", "Card.front.html", "Card.back.html"):
        pipe(arena, f"notetypes/evil/{name}")
    arena.add("cards.md", "\n## A question of its own? {kind=evil}\n\nYes.\n")


@LINKS.attack("a pipe as folder for packages", rows=_OUTPUT, names=["build"])
def _pipe_output(arena: Arena) -> None:
    """`build` is a named pipe."""
    pipe(arena, "build")


@LINKS.attack("pipes as packages and site", rows=_OUTPUT)
def _pipe_packages(arena: Arena) -> None:
    """The package, the lists beside it and the folder of the site are named pipes."""
    names = ("deck-2.0.0.apkg", "RELEASE-NOTES.md", "manifest.json", "SHA256SUMS", "site")
    for name in names:
        pipe(arena, f"build/{name}")


@LINKS.attack("pipes as files of a new deck", rows=_INIT)
def _pipe_init(arena: Arena) -> None:
    """`Makefile`, `.gitignore`, `.gitattributes` and a workflow are named pipes."""
    _start_anew(arena)
    # Git itself would wait for them.
    remove(arena.project / ".git")
    for name in ("Makefile", ".gitignore", ".gitattributes", ".github"):
        pipe(arena, name)


@LINKS.attack(
    "a device without end as lock",
    rows=("build", "check", "release", "site"),
    names=["ankipress.lock"],
)
def _zero_lock(arena: Arena) -> None:
    """`ankipress.lock` is a link to `/dev/zero`."""
    arena.link("ankipress.lock", "/dev/zero")


@LINKS.attack("a device without end as changelog", rows=_CHANGELOG)
def _zero_changelog(arena: Arena) -> None:
    """`CHANGELOG.md` is a link to `/dev/zero`."""
    arena.link("CHANGELOG.md", "/dev/zero")


@LINKS.attack(
    "a device without end as tombstones",
    rows=("build", "release", "site"),
    names=["ankipress.retired"],
)
def _zero_retired(arena: Arena) -> None:
    """`ankipress.retired` is a link to `/dev/zero`."""
    arena.link("ankipress.retired", "/dev/zero")


@LINKS.attack("devices as settings, source and picture", rows=_SOURCES)
def _zero_others(arena: Arena) -> None:
    """`pyproject.toml`, a source and a picture are links to `/dev/zero`."""
    arena.link("pyproject.toml", "/dev/zero")
    arena.link("cards/more.md", "/dev/zero")
    arena.link("media/a.png", "/dev/zero")


@LINKS.attack(
    "a folder in the place of each file", rows=("build", "check", "site", "release", SERVE)
)
def _folders(arena: Arena) -> None:
    """Lock, tombstones, changelog, picture and a source are folders."""
    names = ("ankipress.lock", "ankipress.retired", "CHANGELOG.md", "media/a.png", "cards/more.md")
    for path in names:
        remove(arena.project / path)
        (arena.project / path).mkdir(parents=True)


@LINKS.attack("the folder below a link", rows=_INIT, folder="deck")
def _deep_link(arena: Arena) -> None:
    """Of `.github/workflows/` the inner folder is a link to a folder outside."""
    _start_anew(arena)
    arena.link(".github/workflows", arena.outside / "empty")


_LARGE = 6_000_000_000  # bytes, more than a command may have


def large(arena: Arena, path: str) -> None:
    """Put a file of zeros in the place of a file. Git keeps such a file in a few megabytes."""
    remove(arena.project / ".git")
    arena.write(path, "")
    with (arena.project / path).open("r+b") as file:
        file.truncate(_LARGE)


@LINKS.attack("a large source", rows=("build", "check", "list --all", "ids --write"))
def _large_source(arena: Arena) -> None:
    """A source has 6 GB of zeros."""
    large(arena, "cards/large.md")


@LINKS.attack("large settings", rows=("build", "check", "trust"))
def _large_settings(arena: Arena) -> None:
    """`ankipress.toml` has 6 GB of zeros."""
    large(arena, "ankipress.toml")


@LINKS.attack("a large lock", rows=("build", "check", "recover --dry-run PACKAGE", "ids --write"))
def _large_lock(arena: Arena) -> None:
    """`ankipress.lock` has 6 GB of zeros."""
    large(arena, "ankipress.lock")


@LINKS.attack("large tombstones", rows=("build", "check"))
def _large_retired(arena: Arena) -> None:
    """`ankipress.retired` has 6 GB of zeros."""
    large(arena, "ankipress.retired")


@LINKS.attack("a large changelog", rows=("site", "artifacts"))
def _large_changelog(arena: Arena) -> None:
    """`CHANGELOG.md` has 6 GB of zeros."""
    large(arena, "CHANGELOG.md")


@LINKS.attack("a large picture and a large template", rows=("build", "check", "site"))
def _large_others(arena: Arena) -> None:
    """A picture and a file of a note type have 6 GB of zeros."""
    large(arena, "media/a.png")
    large(arena, "notetypes/evil/style.css")
    arena.write("notetypes/evil/notetype.toml", 'fields = ["Front", "Back"]\n')


@LINKS.attack("a large package", rows=("diff PACKAGE", "recover PACKAGE", "verify PACKAGE"))
def _large_package(arena: Arena) -> None:
    """The package has 6 GB of zeros."""
    with arena.package.open("r+b") as file:
        file.truncate(_LARGE)
