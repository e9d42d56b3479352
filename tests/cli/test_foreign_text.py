"""What a stranger wrote commands neither a terminal nor a runner, wherever it stands and whichever
command shows it.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ankipress.cli.log_lines import print_errors
from ankipress.cli.main import run
from author import picture
from packages import edited_package

TITLE = "\x1b]0;title\x07"
HOSTILE = f"{TITLE}\x1b[2J\x9b31m\n::error::x\r##[add-mask]y\u202e"
ONE_LINE = HOSTILE.replace("\n", "")
OURS = re.compile("\x1b\\[[0-9;]*m|\x1b\\]8;;[!-~]*\x1b\\\\")
RAW = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]|\r(?!\n)"
)
COMMANDS = re.compile(r"^\s*::|##\[|##vso\[|##teamcity\[|section_(start|end):", re.MULTILINE)


def assert_harmless(text: str, *, colours: bool = False) -> None:
    """No character of a text commands a terminal, and no line a runner."""
    if colours:
        text = OURS.sub("", text)
    assert not RAW.search(text), repr(text)
    assert not COMMANDS.search(text), repr(text)


def quoted(text: object) -> str:
    """A value as JSON writes it, and a text as TOML and YAML do too."""
    return json.dumps(text)


CARDS = "# Deck\n\n## What is a tensor?\n\nAn array.\n\n## And a loss?\n\nA number.\n"
SETTINGS = 'name = "mine"\nversion = "1.0.0"\nuid = "mine-of-tests"\n'


def settings(line: str) -> Callable[[], None]:
    def write() -> None:
        Path("ankipress.toml").write_text(f"{SETTINGS}{line}\n", encoding="utf-8")

    return write


def cards(text: str) -> Callable[[], None]:
    def write() -> None:
        Path("cards.md").write_bytes(text.encode("utf-8", "surrogatepass"))

    return write


def file(name: str, content: bytes = CARDS.encode()) -> Callable[[], None]:
    def write() -> None:
        path = Path(os.fsdecode(name.encode("utf-8", "surrogateescape")))
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        settings('sources = ["**/*.md"]')()

    return write


def lock(change: Callable[[str], str]) -> Callable[[], None]:
    """A lock that somebody edited after a build."""

    def write() -> None:
        assert run(["build"]) == 0
        path = Path("ankipress.lock")
        path.write_bytes(change(path.read_text(encoding="utf-8")).encode("utf-8", "surrogatepass"))

    return write


def card(body: str, heading: str = "What?") -> str:
    return f"# Deck\n\n## {heading}\n\n{body}\n"


FROM_PERCENT = "".join(f"%{byte:02X}" for byte in HOSTILE.encode())
FROM_REFERENCES = "".join(f"&#{ord(each)};" for each in HOSTILE)
SOURCES: dict[str, Callable[[], None]] = {
    "a link target": cards(card(f"[a](other-{FROM_PERCENT}.md)")),
    "a picture's address": cards(card(f"![a]({FROM_PERCENT}.png)")),
    "a picture's address by references": cards(card(f"![a](<{FROM_REFERENCES}.png>)")),
    "a wiki link": cards(card(f"![[{ONE_LINE}.png]]")),
    "a question": cards(card("", ONE_LINE)),
    "a question that builds": cards(card("a", FROM_REFERENCES)),
    "an answer": cards(card(f"a ![x](none.png) {ONE_LINE}")),
    "many problems on a line": cards(card(f"{ONE_LINE} ![x](none.png) " * 3)),
    "an attribute": cards(card("a", f"What? {{.{ONE_LINE} x={ONE_LINE}}}")),
    "an id": cards(card("a", f"What? {{#{ONE_LINE}}}")),
    "a deck of a heading": cards(f"# {ONE_LINE}\n\n## Q?\n\na\n"),
    "a key of front matter": cards(f"---\n{quoted(HOSTILE)}: 1\n---\n{CARDS}"),
    "a value of front matter": cards(
        f"---\ndeck: {quoted(HOSTILE)}\ntags: [{quoted(HOSTILE)}]\n---\n{CARDS}"
    ),
    "front matter that is none": cards(f"---\n{ONE_LINE}: [\n---\n{CARDS}"),
    "half of a pair in front matter": cards(f'---\n"\\ud800": 1\ndeck: "\\udfff"\n---\n{CARDS}'),
    "NUL": cards(f'---\ndeck: "\\0"\n---\n{card("a", chr(0))}'),
    "a tag": cards(f"---\ntags: [{quoted('##[add-mask]x' + chr(0x202E))}]\n---\n{CARDS}"),
    "code that does not run": cards(card(f"```{ONE_LINE} {{.run}}\nx\n```")),
    "a language": cards(card(f"```pyhton{ONE_LINE}\nx\n```")),
    "HTML": cards(card(f"<{ONE_LINE} onclick=x><script>{ONE_LINE}</script>")),
    "a formula": cards(card(f"$\\nope{ONE_LINE}$")),
    "a footnote": cards(card(f"a[^{ONE_LINE}]")),
    "a command of GitHub": cards(
        card("a\n\n::error::x ![x](none.png)\n\n##[add-mask]y", "::warning::q")
    ),
    "a key of the settings": settings(f"{quoted(HOSTILE)} = 1"),
    "a table of the settings": settings(f"[{quoted(HOSTILE)}]\na = 1"),
    "settings that are none": settings(f"x = {ONE_LINE}"),
    "a prefix of decks": settings(f"deck_prefix = {quoted(HOSTILE)}"),
    "a source pattern": settings(f"sources = [{quoted(HOSTILE)}]"),
    "an extension": settings(f"extensions = [{quoted(HOSTILE)}]"),
    "an option of an extension": settings(
        f'extensions = [{{name = "toc", options = {{{quoted(HOSTILE)} = 1}}}}]'
    ),
    "a severity": settings(f"[severity]\n{quoted(HOSTILE)} = {quoted(HOSTILE)}"),
    "a note type": settings(f"[note_types.{quoted(HOSTILE)}]\nid = {quoted(HOSTILE)}"),
    "an address": settings(f"report_url = {quoted(HOSTILE)}"),
    "a changelog": settings(f"changelog = {quoted(HOSTILE)}"),
    "an output": settings(f"output = {quoted(HOSTILE)}"),
    "code that runs": settings(f"[run]\n{quoted(HOSTILE)} = {quoted(HOSTILE)}"),
    "a lock's guid": lock(lambda text: text.replace('"guid":"', f'"guid":{quoted(ONE_LINE)[:-1]}')),
    "a lock's question": lock(lambda text: text.replace("tensor", quoted(HOSTILE)[1:-1])),
    "a lock's key": lock(lambda text: text.replace('"guid"', f'{quoted(HOSTILE)}:1,"guid"')),
    "half of a pair in a lock": lock(lambda text: text.replace("tensor", "\\ud800")),
}
if sys.platform != "win32":
    NAME = HOSTILE.replace("/", "")
    SOURCES |= {
        "a file's name": file(f"{NAME}.md", card("![x](none.png)").encode()),
        "a file's name that builds": file(f"{NAME}.md"),
        "a folder's name": file(f"{NAME}/cards.md", card("![x](none.png)").encode()),
        "a name that is a command": file("\n::error::x.md", card("![x](none.png)").encode()),
    }
if sys.platform == "linux":
    SOURCES["a name that is not UTF-8"] = file("\udce9.md", card("![x](none.png)").encode())

CALLS = (
    ["check"],
    ["check", "--format", "json"],
    ["check", "--format", "sarif"],
    ["check", "--format", "markdown"],
    ["check", "--diff"],
    ["list"],
    ["list", "--format", "json"],
    ["build"],
    ["build"],  # says it again
    ["ids"],
    ["site"],
    ["artifacts"],
    ["diff", "."],
    ["check", "--fix"],
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project."""
    monkeypatch.chdir(tmp_path)
    Path("ankipress.toml").write_text(SETTINGS, encoding="utf-8")
    Path("cards.md").write_text(CARDS, encoding="utf-8")
    return tmp_path


def printed(capfd: pytest.CaptureFixture[str], *words: str) -> str:
    """What a command writes, to stdout and stderr. It never is a bug."""
    capfd.readouterr()
    status = run(list(words))
    shown = capfd.readouterr()
    assert status in {0, 1, 2}, shown.err
    return f"{shown.out}\n{shown.err}"


@pytest.mark.parametrize("source", SOURCES)
def test_what_is_in_a_project_commands_nothing(
    source: str, here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    SOURCES[source]()
    for words in CALLS:
        assert_harmless(printed(capfd, *words))


@pytest.mark.parametrize("source", SOURCES)
def test_annotations_hold_no_command_but_ours(
    source: str, here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    SOURCES[source]()
    for line in printed(capfd, "check", "--format", "github").split("\n"):
        ours = re.fullmatch(r"::(?:error|warning|notice) [^:\r]*::(.*)", line)
        assert_harmless(ours[1] if ours else line)


@pytest.mark.parametrize("source", SOURCES)
def test_with_colours_only_ours_command_a_terminal(
    source: str, here: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("FORCE_HYPERLINK", "1")
    SOURCES[source]()
    for words in (["check"], ["build"], ["list"], ["ids"], ["diff", "."]):
        shown = printed(capfd, *words)
        assert_harmless(shown, colours=True)


def edit_notes(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE notes SET tags = ?, flds = ? || flds", (f" {ONE_LINE} ", HOSTILE))
    connection.execute("UPDATE notes SET guid = ? || guid", (HOSTILE,))


def edit_names(connection: sqlite3.Connection) -> None:
    """Names of decks, note types, fields and cards."""
    [(decks, models)] = connection.execute("SELECT decks, models FROM col")
    changed = json.loads(models)
    for model in changed.values():
        model["name"] += HOSTILE
        for part in (*model["flds"], *model["tmpls"]):
            part["name"] += HOSTILE
    deck = json.loads(decks)
    for each in deck.values():
        each["name"] += HOSTILE
    connection.execute("UPDATE col SET decks = ?, models = ?", (quoted(deck), quoted(changed)))


def edit_templates(connection: sqlite3.Connection) -> None:
    [(models,)] = connection.execute("SELECT models FROM col")
    changed = json.loads(models)
    for model in changed.values():
        for part in model["tmpls"]:
            part["qfmt"] = f"{{{{{HOSTILE}}}}}{{{{#x}}}}"
    connection.execute("UPDATE col SET models = ?", (quoted(changed),))


EDITS: dict[str, Callable[[sqlite3.Connection], None]] = {
    "notes": edit_notes,
    "names": edit_names,
    "templates": edit_templates,
}


@pytest.fixture
def package(here: Path) -> bytes:
    """A package of the project, which has changed since."""
    Path("cards.md").write_text(f"{CARDS}\n![x](p.png)\n", encoding="utf-8")
    Path("p.png").write_bytes(picture(1))
    assert run(["build"]) == 0
    return Path("build/mine-1.0.0.apkg").read_bytes()


@pytest.mark.parametrize("colours", [False, True], ids=["plain", "colours"])
@pytest.mark.parametrize("edit", EDITS)
def test_what_is_in_a_package_commands_nothing(
    edit: str,
    colours: bool,
    package: bytes,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if colours:
        monkeypatch.setenv("FORCE_COLOR", "1")
    names = {"media": quoted({"0": f"{HOSTILE}.png"}).encode(), "0": b"x"}
    Path("x.apkg").write_bytes(edited_package(package, EDITS[edit], names))
    for words in (
        ["diff", "x.apkg"],
        ["diff", "build/mine-1.0.0.apkg", "x.apkg"],
        ["diff", "x.apkg", "--format", "json"],
        ["diff", "x.apkg", "--format", "markdown"],
        ["diff", "x.apkg", "--format", "html"],
        ["check", "--against", "x.apkg"],
        ["recover", "x.apkg", "--dry-run"],
        ["recover", "x.apkg", "--force"],
    ):
        assert_harmless(printed(capfd, *words), colours=colours)


@pytest.mark.parametrize(
    "words",
    [
        ["{}"],
        ["build", "{}"],
        ["build", "--{}"],
        ["build", "-o", "cards.md/{}"],
        ["check", "--select", "{}"],
        ["check", "--format", "{}"],
        ["check", "--against", "{}"],
        ["check", "--timeout", "{}"],
        ["diff", "{}"],
        ["diff", "HEAD", "-p", "{}"],
        ["explain", "{}"],
        ["ids", "--same", "{}"],
        ["ids", "--same", "{}=x"],
        ["ids", "--new", "{}"],
        ["ids", "--resolve", "cards.md:3={}"],
        ["init", "cards.md/{}"],
        ["init", ".", "--github", "--action", "{}"],
        ["release", "{}"],
        ["release", "--against", "{}"],
        ["recover", "{}"],
        ["serve", "--port", "{}"],
        ["verify", "{}"],
        ["--debug", "{}"],
    ],
    ids=" ".join,
)
def test_what_is_typed_commands_nothing(
    words: list[str], here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A shell's wildcard types names of files that are there."""
    typed = [word.replace("{}", f"{HOSTILE}\udce9") for word in words]
    assert_harmless(printed(capfd, *typed))


@pytest.mark.skipif(sys.platform == "win32", reason="no such names")
def test_files_that_are_written_have_names_on_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    name = HOSTILE.replace("/", "")
    printed_names = [printed(capfd, "init", name)]
    monkeypatch.chdir(tmp_path / name)
    printed_names += [
        printed(capfd, "build", "-o", f"../{name}2"),
        printed(capfd, "site", "-o", f"../{name}3"),
        printed(capfd, "artifacts", "-o", f"../{name}4"),
    ]
    for shown in printed_names:
        assert_harmless(shown)
        assert "\\n::error" in shown


def test_a_bug_shows_nothing_raw(
    here: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ValueError(HOSTILE)

    monkeypatch.setattr("ankipress.cli.list_command.compiled", fails)
    for words in (["list"], ["--debug", "list"]):
        assert run(words) == 3
        shown = capfd.readouterr()
        assert_harmless(shown.out + shown.err)


def test_what_a_server_logs_commands_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    logger = logging.getLogger()
    handlers = list(logger.handlers)
    print_errors()
    try:
        logging.getLogger("uvicorn.error").error("in %s", HOSTILE, exc_info=ValueError(HOSTILE))
    finally:
        logger.handlers[:] = handlers
    shown = capfd.readouterr().err
    assert "error::x" in shown
    assert_harmless(shown)


def test_what_git_says_commands_nothing(
    here: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    Path(".git/config").write_text(f"[{HOSTILE}\n", encoding="utf-8")
    for words in (["diff", "HEAD"], ["release", "--dry-run"], ["check", "--against", "HEAD"]):
        assert_harmless(printed(capfd, *words))


def test_what_code_prints_commands_nothing(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    settings(f"[run]\npython = {quoted(sys.executable)}")()
    code = f"print({HOSTILE!a})\nraise ValueError({HOSTILE!a})"
    cards(f"## Q?\n\nx\n\n```python {{.run}}\n{code}\n```\n")()
    assert_harmless(printed(capfd, "check", "--run"))
    assert "error::x" in printed(capfd, "check", "--run")


def test_what_is_asked_commands_nothing(
    here: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Questions and answers of cards, and what the lock says that they were."""
    cards(card(FROM_REFERENCES, f"What is {FROM_REFERENCES}? {{#one}}"))()
    assert run(["build"]) == 0
    cards(card(f"x {FROM_REFERENCES}", f"What is {FROM_REFERENCES} now? {{#two}}"))()
    asked = list[str]()

    def ask(question: str, _: object) -> str:
        asked.append(question)
        return "q"

    monkeypatch.setattr("ankipress.cli.ids_command.ask", ask)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert_harmless(printed(capfd, "ids"), colours=True)
    assert asked
