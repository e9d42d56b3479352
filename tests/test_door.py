"""One door: a project is read and written inside its folder, and nowhere else."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from ankipress.cli.main import run
from ankipress.identity.tombstones import read_tombstones
from ankipress.project.door import LeadsOutError, RefusedFileError, open_file, read_file
from ankipress.project.output_folder import write_folder
from author import Author, files_of, lock_of, picture
from git_author import GitAuthor

POSIX = pytest.mark.skipif(os.name == "nt", reason="links and pipes of POSIX: NOT tested")
SECRET = "the-secret-outside"
CARDS = "# Deck\n\n## One?\n\n1\n\n## Two?\n\n2\n"
HEADER = '{"ankipress":4,"uid":"secret-uid-outside","note_types":{}}\n'

COMMANDS = (
    ["build"],
    ["build", "--locked"],
    ["check"],
    ["check", "--fix"],
    ["list"],
    ["ids"],
    ["ids", "--write"],
    ["site", "--no-package"],
    ["artifacts"],
    ["diff", "HEAD"],
    ["release", "--dry-run"],
    ["release"],
)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder beside the project, with files of every name that a project has."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "ankipress.toml").write_text(f'name = "{SECRET}"\n', encoding="utf-8")
    (folder / "pyproject.toml").write_text(f'[tool.ankipress]\nname = "{SECRET}"\n')
    (folder / "cards.md").write_text(f"## {SECRET}?\n\n{SECRET}\n", encoding="utf-8")
    (folder / "CHANGELOG.md").write_text(f"# Changelog\n\n{SECRET}\n", encoding="utf-8")
    (folder / "ankipress.lock").write_text(HEADER, encoding="utf-8")
    (folder / "ankipress.retired").write_text("", encoding="utf-8")
    (folder / "a.png").write_bytes(picture(7))
    return folder


@pytest.fixture
def author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitAuthor:
    author = GitAuthor(tmp_path / "deck", monkeypatch, {"name": "deck", "uid": "deck-1234"})
    author.write("cards.md", CARDS)
    author.write("CHANGELOG.md", "# Changelog\n")
    author.write(".gitignore", "build/\n")
    author.release("1.0.0")
    author.commit("one")
    return author


@pytest.fixture
def writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Author:
    """An author without git."""
    author = Author(tmp_path / "deck", monkeypatch, {"name": "deck", "uid": "deck-1234"})
    author.write("cards.md", CARDS)
    author.write("CHANGELOG.md", "# Changelog\n")
    author.release("1.0.0")
    return author


def _replace_by_link(author: Author, name: str, target: Path) -> None:
    (author.folder / name).unlink(missing_ok=True)
    (author.folder / name).symlink_to(target)


@POSIX
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ankipress.toml", "cannot-read"),
        ("ankipress.lock", "bad-lock"),
        ("ankipress.retired", "bad-lock"),
        ("cards.md", "cannot-read"),
    ],
)
def test_no_file_is_read_or_written_through_a_link_that_leads_out(
    *,
    name: str,
    code: str,
    words: list[str],
    author: GitAuthor,
    outside: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = files_of(outside)
    _replace_by_link(author, name, outside / name)
    author.commit("linked")
    capsys.readouterr()
    assert run(words) == 1
    said = "".join(capsys.readouterr())
    if "HEAD" in words and name == "cards.md":  # a link that leads out is left out of a checkout
        assert "there is no deck at HEAD" in said
    else:
        assert f"[{code}]" in said
        assert name in said
        assert "out of the project" in said
    assert SECRET not in said
    assert files_of(outside) == before
    assert (author.folder / name).is_symlink()


@POSIX
@pytest.mark.parametrize("words", [["site"], ["artifacts"], ["release"], ["release", "--dry-run"]])
@pytest.mark.parametrize("target", ["CHANGELOG.md", "missing.md"])
def test_no_changelog_is_read_through_a_link_that_leads_out(
    words: list[str],
    target: str,
    author: GitAuthor,
    outside: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = files_of(outside)
    _replace_by_link(author, "CHANGELOG.md", outside / target)
    author.write("cards.md", f"{CARDS}\n## Three?\n\n3\n")
    assert run(["build"]) == 0
    author.commit("linked")
    capsys.readouterr()
    assert run(words) == 1
    said = "".join(capsys.readouterr())
    assert "CHANGELOG.md" in said
    assert "a link leads from there out of the project" in said
    assert SECRET not in said
    assert files_of(outside) == before
    assert not (author.folder / "build" / "site").exists()


@POSIX
def test_the_settings_of_others_are_not_looked_into_through_a_link(
    writer: Author, outside: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (writer.folder / "ankipress.toml").unlink()
    _replace_by_link(writer, "pyproject.toml", outside / "pyproject.toml")
    assert run(["check"]) == 1
    assert "pyproject.toml cannot be read: a link leads" in capsys.readouterr().err


@POSIX
@pytest.mark.parametrize("name", ["notetypes", "notetypes/word", "notetypes/word/notetype.toml"])
def test_no_note_type_is_read_through_a_link_that_leads_out(
    name: str, writer: Author, outside: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    link = writer.folder / name
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(outside)
    capsys.readouterr()
    assert run(["build"]) == 1
    assert f"{name}: error[cannot-read]: this link leads out" in capsys.readouterr().err


@POSIX
@pytest.mark.parametrize("words", [["build"], ["site", "--no-package"]], ids=" ".join)
@pytest.mark.parametrize("name", ["build", "build/site", "build/cards-0.1.0.apkg"])
def test_what_is_written_beside_the_current_folder_goes_through_no_link(
    words: list[str],
    name: str,
    tmp_path: Path,
    outside: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A file without settings is built into the current folder, which may be a stranger's too."""
    (tmp_path / "deck" / "sub").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deck")
    (tmp_path / "deck" / "sub" / "cards.md").write_text(CARDS, encoding="utf-8")
    link = tmp_path / "deck" / name
    link.parent.mkdir(exist_ok=True)
    before = files_of(outside)
    link.symlink_to(outside / "new" if name.endswith(".apkg") else outside)
    leads = not (name == "build/site" and words == ["build"])
    leads = leads and not (name.endswith(".apkg") and words != ["build"])
    assert run([*words, "sub/cards.md"]) == (1 if leads else 0)
    assert files_of(outside) == before


@POSIX
def test_a_user_may_name_a_folder_behind_a_link(
    tmp_path: Path, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "deck" / "sub").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deck")
    (tmp_path / "deck" / "sub" / "cards.md").write_text(CARDS, encoding="utf-8")
    (tmp_path / "deck" / "dist").symlink_to(outside)
    assert run(["build", "sub/cards.md", "-o", "dist"]) == 0
    assert (outside / "cards-0.1.0.apkg").is_file()


@POSIX
def test_nothing_is_opened_through_a_link_that_has_replaced_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"x")
    (tmp_path / "link").symlink_to("secret")
    with pytest.raises(RefusedFileError, match="it is not a file"):
        open_file(tmp_path / "link")


def test_a_file_that_grows_is_read_to_its_end_or_refused(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"12345")
    assert read_file(file, tmp_path, 5) == b"12345"
    with pytest.raises(RefusedFileError, match="larger than 0 MB"):
        read_file(file, tmp_path, 4)


def test_no_file_of_a_folder_leads_out_of_it(tmp_path: Path) -> None:
    with pytest.raises(LeadsOutError):
        write_folder(tmp_path / "site", {"a.html": b"", "cards/../../x.html": b""}, ".marker")
    assert files_of(tmp_path) == {}


@POSIX
def test_links_that_stay_inside_are_followed(
    writer: Author, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the top of the project is itself reached by a link."""
    for name in ("ankipress.toml", "ankipress.lock", "cards.md", "CHANGELOG.md"):
        writer.rename(name, f"real/{name}")
        (writer.folder / name).symlink_to(f"real/{name}")
    (tmp_path / "way").symlink_to(writer.folder)
    monkeypatch.chdir(tmp_path / "way")
    before = lock_of(writer.folder / "real")
    assert run(["build", "--locked"]) == 0
    assert run(["site"]) == 0
    assert lock_of(writer.folder / "real") == before
    assert all((writer.folder / name).is_symlink() for name in ("ankipress.lock", "cards.md"))


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path.name)
    os.chdir(here)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


SPECIAL = [
    pytest.param(_pipe, "not a file", id="a pipe"),
    pytest.param(_socket, "not a file", id="a socket"),
    pytest.param(_device, "out of the project", id="a device"),
    pytest.param(_huge, "larger than", id="a terabyte of nothing"),
]


@POSIX
@pytest.mark.parametrize(("make", "reason"), SPECIAL)
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ankipress.toml", "cannot-read"),
        ("pyproject.toml", "cannot-read"),
        ("ankipress.lock", "bad-lock"),
        ("ankipress.retired", "bad-lock"),
        ("cards.md", "cannot-read"),
        ("notetypes/word/notetype.toml", "cannot-read"),
    ],
)
def test_what_is_no_plain_file_is_neither_read_nor_waited_for(
    *,
    name: str,
    code: str,
    make: Callable[[Path], None],
    reason: str,
    writer: Author,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = writer.folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    if name == "pyproject.toml":
        (writer.folder / "ankipress.toml").unlink()
    make(file)
    capsys.readouterr()
    assert run(["build"]) == 1
    said = capsys.readouterr().err
    assert f"[{code}]" in said
    assert name in said
    assert reason in said


@POSIX
@pytest.mark.parametrize(("make", "reason"), SPECIAL)
def test_a_changelog_that_is_no_plain_file_is_not_read(
    make: Callable[[Path], None],
    reason: str,
    writer: Author,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (writer.folder / "CHANGELOG.md").unlink()
    make(writer.folder / "CHANGELOG.md")
    capsys.readouterr()
    assert run(["site"]) == 1
    assert reason in capsys.readouterr().err


@POSIX
@pytest.mark.parametrize("name", ["Makefile", ".gitignore", ".gitattributes", "cards.md"])
@pytest.mark.parametrize("target", ["there", "missing"])
def test_init_writes_through_no_link_that_leads_out(
    name: str,
    target: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").write_text("mine\n", encoding="utf-8")
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / name).symlink_to(tmp_path / target)
    assert run(["init", "new"]) == 1
    said = capsys.readouterr().err
    assert f"cannot write new/{name}: a link leads from there out of the project" in said
    assert (tmp_path / "there").read_text(encoding="utf-8") == "mine\n"
    assert not (tmp_path / "missing").exists()
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [name]


@POSIX
@pytest.mark.parametrize("name", [".github", ".github/workflows", ".github/workflows/deck.yml"])
def test_init_writes_workflows_through_no_link_that_leads_out(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").mkdir()
    link = tmp_path / "new" / name
    link.parent.mkdir(parents=True)
    link.symlink_to(tmp_path / "there")
    assert run(["init", "new", "--github", "--action", "a/b@v1"]) == 1
    assert "a link leads from there out of the project" in capsys.readouterr().err
    assert list((tmp_path / "there").iterdir()) == []
    assert not (tmp_path / "new" / "cards.md").exists()


@POSIX
def test_init_writes_workflows_of_a_folder_below_through_no_link_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """They stand at the top of the repository."""
    repository = tmp_path / "repository"
    (repository / ".git").mkdir(parents=True)
    (repository / "deck").mkdir()
    (tmp_path / "there").mkdir()
    (repository / ".github").symlink_to(tmp_path / "there")
    monkeypatch.chdir(repository)
    assert run(["init", "deck", "--github", "--action", "a/b@v1"]) == 1
    assert "a link leads from there out of the project" in capsys.readouterr().err
    assert list((tmp_path / "there").iterdir()) == []
    assert list((repository / "deck").iterdir()) == []


@POSIX
def test_init_takes_no_uid_through_a_link_and_makes_none_up(
    tmp_path: Path, outside: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    (folder / "ankipress.lock").symlink_to(outside / "ankipress.lock")
    assert run(["init", str(folder)]) == 1
    said = capsys.readouterr().err
    assert "[bad-lock]" in said
    assert "a link leads from there out of the project" in said
    assert [path.name for path in folder.iterdir()] == ["ankipress.lock"]


@POSIX
def test_init_writes_into_a_folder_that_is_reached_by_a_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "real").mkdir()
    (tmp_path / "way").symlink_to("real")
    assert run(["init", "way"]) == 0
    assert (tmp_path / "real" / "cards.md").is_file()


NOT_NAMES = [
    "../../victim.png",
    "../victim.png",
    "/victim.png",
    "a/victim.png",
    "..\\victim.png",
    "C:victim.png",
    "C:\\victim.png",
    "\\\\host\\share\\a.png",
    "",
    ".",
    "..",
    "a\0.png",
    "a\n.png",
    "a\x1b[2J.png",
    "a\u0085.png",
    "a" * 300 + ".png",
    "ü" * 127 + ".png",
    "con",
    "CON.png",
    "nul.tar.png",
    "Com1.png",
    "lpt9",
    "a.png.",
    "a.png ",
    "a.png:stream",
    "a*.png",
]


@pytest.mark.parametrize("name", NOT_NAMES)
def test_a_tombstone_names_files_by_plain_names(name: str) -> None:
    good = '{"guid": "a"}'
    line = json.dumps(_tombstone("g", [name]))
    found, problems = read_tombstones(f"{good}\n{line}\n", "ankipress.retired")
    assert found == ()
    problem = problems[1]
    assert (problem.code, problem.location.line, problem.location.column) == ("bad-lock", 2, 1)
    assert problem.location.width == min(len(line), 100)
    assert "file" in problem.message


@pytest.mark.parametrize(
    "name",
    [
        "a.png",
        "_x.png",
        "Größe 1.png",
        "a-0123456789abcdef.svg",
        "...png",
        "console.png",
        "COM.png",
    ],
)
def test_plain_names_of_files_are_taken(name: str) -> None:
    line = json.dumps(_tombstone("g", [name]))
    found, problems = read_tombstones(line, "ankipress.retired")
    assert problems == ()
    assert found[0].media == (name,)


def _tombstone(guid: str, media: list[str]) -> dict[str, object]:
    return {
        "guid": guid,
        "note_type": "basic",
        "fields": ["", "", "", "", "", ""],
        "tags": [],
        "media": media,
        "version": "1.0.0",
        "releases": 1,
    }


def test_a_release_deletes_no_file_outside(
    author: GitAuthor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    victim = tmp_path / "victim.png"
    victim.write_bytes(b"mine")
    line = json.dumps(_tombstone("g", ["../../victim.png"]))
    author.write("ankipress.retired", f"{line}\n")
    author.write("cards.md", f"{CARDS}\n## Three?\n\n3\n")
    author.commit("attack")
    capsys.readouterr()
    assert run(["release"]) == 1
    assert "ankipress.retired:1:1: error[bad-lock]" in capsys.readouterr().err
    assert victim.read_bytes() == b"mine"


@POSIX
def test_a_release_deletes_nothing_through_a_folder_that_is_a_link(
    author: GitAuthor, outside: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files_of(outside)
    (author.folder / "retired").symlink_to(outside)
    line = json.dumps(_tombstone("g", ["a.png"]))
    author.write("ankipress.retired", f"{line}\n")
    author.write("cards.md", f"{CARDS}\n## Three?\n\n3\n")
    author.commit("attack")
    capsys.readouterr()
    assert run(["release"]) == 1
    said = capsys.readouterr().err
    assert "retired/a.png" in said
    assert "out of the project" in said
    assert files_of(outside) == before


@POSIX
@pytest.mark.parametrize("words", [["build"], ["site"]], ids=" ".join)
def test_files_of_tombstones_are_not_left_out_silently_where_a_link_leads_out(
    words: list[str], writer: Author, outside: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (writer.folder / "retired").symlink_to(outside)
    writer.set(retired="tombstone")
    writer.write("ankipress.retired", json.dumps(_tombstone("g", ["a.png"])) + "\n")
    assert run(words) == 1
    assert "retired/a.png: error[media-outside]" in capsys.readouterr().err


GUIDS = [
    "../../../../../index",
    "../index",
    "/etc/x",
    "..",
    ".",
    "a/b",
    "a\\b",
    "C:\\x",
    "con",
    "NUL",
    "a?&#<>\"'",
    "%2e%2e%2findex",
    "x" * 64,
    ".htaccess",
    "index.html",
]


@pytest.mark.parametrize("guid", GUIDS)
@pytest.mark.parametrize("state", ["active", "retired"])
def test_pages_of_a_site_have_names_that_are_safe(
    guid: str, state: str, writer: Author, tmp_path: Path
) -> None:
    """A guid of Anki's own may hold a slash, and a lock may hold anything."""
    target = tmp_path / "index.html"
    target.write_text("mine", encoding="utf-8")
    lines = (writer.folder / "ankipress.lock").read_text(encoding="utf-8").split("\n")
    record = json.loads(lines[1])
    mine = record["guid"]
    record["guid"] = guid
    if state == "retired":
        record |= {"state": "retired", "note_id": 77, "question": "Gone?", "id": None}
        lines.append("")
        lines[-2] = json.dumps(record, ensure_ascii=False)
    else:
        lines[1] = json.dumps(record, ensure_ascii=False)
    before = _all_files(tmp_path, but=writer.folder / "build")
    writer.write("ankipress.lock", "\n".join(lines))
    assert run(["build"]) == 0
    assert run(["site"]) == 0
    site = writer.folder / "build" / "site"
    pages = sorted(path.name for path in (site / "cards").iterdir())
    assert len(pages) == (3 if state == "retired" else 2)
    assert (f"{mine}.html" in pages) == (state == "retired")
    changed = {"deck/ankipress.lock"}
    after = _all_files(tmp_path, but=writer.folder / "build")
    assert {name for name in after if after[name] != before.get(name)} <= changed
    _assert_links_lead_to_files(site)


def _all_files(folder: Path, but: Path) -> dict[str, bytes]:
    hidden = folder / "deck" / ".git"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_relative_to(but) and not path.is_relative_to(hidden)
    }


def _assert_links_lead_to_files(site: Path) -> None:
    """Every relative link of every page leads to a file of the site, and every anchor to its
    element.
    """
    links: list[tuple[Path, str]] = []
    ids: dict[Path, set[str]] = {}

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            for key, value in attrs:
                if key in {"href", "src"} and value and ":" not in value:
                    links.append((page, value))
                elif key == "id" and value:
                    ids[page].add(value)

    for page in site.rglob("*.html"):
        ids[page] = set()
        Reader().feed(page.read_text(encoding="utf-8"))
    assert links
    for page, link in links:
        path, _, anchor = link.partition("#")
        target = page
        if path:
            target = (page.parent / unquote(path)).resolve()
        assert target.is_relative_to(site.resolve()), link
        assert target.exists(), link
        if anchor:
            assert anchor in ids[site / target.relative_to(site.resolve())], link


def test_pages_do_not_collide_where_case_makes_no_difference(writer: Author) -> None:
    lines = (writer.folder / "ankipress.lock").read_text(encoding="utf-8").split("\n")
    for number, guid in ((1, "aBcDeFgHiJ"), (2, "AbCdEfGhIj")):
        record = json.loads(lines[number])
        record["guid"] = guid
        lines[number] = json.dumps(record)
    writer.write("ankipress.lock", "\n".join(lines))
    assert run(["build"]) == 0
    assert run(["site"]) == 0
    pages = [path.name for path in (writer.folder / "build" / "site" / "cards").iterdir()]
    assert len({page.casefold() for page in pages}) == len(pages) == 2


def test_ordinary_guids_keep_the_addresses_of_their_pages(writer: Author) -> None:
    assert run(["site"]) == 0
    guids = {record.guid for record in lock_of(writer.folder).records}
    pages = {path.stem for path in (writer.folder / "build" / "site" / "cards").iterdir()}
    assert pages == guids


def test_a_locked_build_leaves_the_lock_as_it_is(writer: Author) -> None:
    """A checkout with other line ends has the same lock."""
    lock = writer.folder / "ankipress.lock"
    content = lock.read_bytes().replace(b"\n", b"\r\n")
    lock.write_bytes(content)
    (writer.folder / "build" / "deck-1.0.0.apkg").unlink()
    assert run(["build", "--locked"]) == 0
    assert lock.read_bytes() == content
    assert (writer.folder / "build" / "deck-1.0.0.apkg").is_file()


@pytest.mark.parametrize(
    "setting",
    [
        'output = "a\\u0000b"',
        'changelog = "a\\u0000b.md"',
        'sources = ["a\\u0000b.md"]',
        'fonts = { text = "a\\u0000b.ttf" }',
        'output = "a\\nb"',
    ],
)
def test_no_path_of_the_settings_holds_control_characters(
    setting: str, writer: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    writer.write("ankipress.toml", f'name = "deck"\nuid = "deck-1234"\n{setting}\n')
    assert run(["build"]) == 1
    assert "ankipress.toml:3:1: error[bad-settings]" in capsys.readouterr().err


def _folder_that_is_not_utf8(tmp_path: Path) -> Path:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/deck-\xff"))
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("no names of files here but UTF-8: NOT tested")
    return folder


@POSIX
@pytest.mark.parametrize(
    "words",
    [
        *COMMANDS,
        ["check", "--format", "json"],
        ["check", "--format", "github"],
        ["diff", "HEAD", "--format", "html", "-o", "a.html"],
        ["diff", "HEAD", "--format", "json"],
        ["list", "--format", "json"],
        ["init"],
        ["init", "--github", "--action", "a/b@v1"],
        ["recover", "old.apkg"],
        ["build", "HERE"],
        ["check", "HERE"],
        ["list", "HERE"],
        ["release", "HERE"],
        ["site", "--no-package", "HERE", "-o", "HERE/a"],
        ["diff", "HERE", "HERE"],
        ["init", "HERE"],
    ],
    ids=" ".join,
)
def test_a_folder_whose_name_is_not_utf8_is_no_bug(
    words: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = _folder_that_is_not_utf8(tmp_path)
    author = GitAuthor(folder, monkeypatch, {"name": "deck", "uid": "deck-1234"})
    author.write("cards.md", "# Deck\n\n## One?\n\n![](x.png)\n")
    author.write("x.png", picture(1))
    author.write("broken.md", "## Empty?\n")
    author.write(".gitignore", "build/\n*.apkg\n")
    package = author.release("1.0.0")
    author.write("old.apkg", package.read_bytes())
    author.commit("one")
    if any("HERE" in word for word in words):
        monkeypatch.chdir(tmp_path)
        words = [word.replace("HERE", os.fspath(folder)) for word in words]
    capsys.readouterr()
    status = run(words)
    said = "".join(capsys.readouterr())
    assert status in {0, 1, 2}
    assert "bug" not in said
    said.encode()


@POSIX
def test_a_project_in_a_folder_that_is_not_utf8_is_built_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From another process too, whose output is strict."""
    folder = _folder_that_is_not_utf8(tmp_path)
    author = Author(folder, monkeypatch, {"name": "deck", "uid": "deck-1234"})
    author.write("cards.md", "# Deck\n\n## One?\n\n1\n\n## Empty? {foo=1}\n\nYes\n")
    author.set()
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "ankipress", "build", os.fsencode(folder)],
            capture_output=True,
            check=False,
        )
        assert done.returncode == 1
        assert b"deck-\\udcff/cards.md:7:12: error[unknown-attribute]" in done.stderr
    author.write("cards.md", CARDS)
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "ankipress", "build", os.fsencode(folder)],
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"2 notes" in done.stdout
