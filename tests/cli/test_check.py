"""`ankipress check`: the formats that other programs read, the choice of codes, and fixes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from ankipress.cli import check_command
from ankipress.cli.main import run
from ankipress.cli.printing import in_colour
from ankipress.diagnostics import CODES, address
from ankipress.project import fixes
from author import picture

CARDS = (
    "# Déck\r\n\r\n## What\x07 is a tensor?\x07\r\n\r\n```pyhton\r\nx\r\n```\r\n\r\n"
    "## 50%, or: what? {foo=1}\r\n\r\nNo.\r\n"
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with three problems in a folder without settings."""
    (tmp_path / "a deck").mkdir()
    monkeypatch.chdir(tmp_path / "a deck")
    Path("my cards.md").write_bytes(CARDS.encode())
    return tmp_path / "a deck"


def check(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    capsys.readouterr()
    status = run(["check", "my cards.md", *arguments])
    return status, capsys.readouterr().out


def test_json_has_every_problem_with_every_key(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, text = check(capsys, "--format", "json")
    rows = json.loads(text)
    assert status == 1
    assert [
        (row["line"], row["column"], row["width"], row["code"], row["severity"], row["fix"])
        for row in rows
    ] == [
        (3, 8, 1, "control-character", "error", ""),
        (3, 22, 1, "control-character", "error", ""),
        (5, 4, 6, "unknown-language", "warning", None),
        (9, 20, 5, "unknown-attribute", "error", None),
    ]
    assert {row["path"] for row in rows} == {"my cards.md"}
    assert {tuple(row) for row in rows} == {
        ("code", "severity", "path", "line", "column", "width", "message", "help", "fix", "address")
    }
    assert rows[-1]["address"] == address("unknown-attribute")


def test_annotations_of_github_are_one_line_each_and_escaped(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("my cards.md").rename("50%, a:b.md")
    capsys.readouterr()
    assert run(["check", "50%, a:b.md", "--format", "github", "--select", "unknown-attribute"]) == 1
    assert capsys.readouterr().out == (
        "::error file=50%25%2C a%3Ab.md,line=9,col=20,endColumn=25,title=unknown-attribute::there "
        'is no attribute "foo"%0A'
        "help: `ankipress explain bad-attribute` says what the braces of a heading may hold%0A"
        f"{address('unknown-attribute')}\n"
    )


def test_a_sarif_log_has_a_rule_for_every_code_and_a_result_for_every_problem(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, text = check(capsys, "--format", "sarif")
    log = json.loads(text)
    [log_run] = log["runs"]
    rules = log_run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(CODES)
    assert all(
        rule["help"]["markdown"] and not rule["fullDescription"]["text"].startswith("*")
        for rule in rules
    )
    assert [rule["helpUri"] for rule in rules] == list(map(address, CODES))
    assert not any("](#" in rule["help"]["markdown"] for rule in rules)
    assert [(each["ruleId"], each["level"]) for each in log_run["results"]] == [
        ("control-character", "error"),
        ("control-character", "error"),
        ("unknown-language", "warning"),
        ("unknown-attribute", "error"),
    ]
    assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in log_run["results"])
    assert log_run["results"][2]["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "my%20cards.md"},
                "region": {"startLine": 5, "startColumn": 4, "endColumn": 10},
            }
        }
    ]


@pytest.mark.parametrize("form", ["json", "github", "sarif"])
def test_no_problems_are_none_in_every_format(
    form: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("my cards.md").write_text("## What?\n\nThis.\n", encoding="utf-8")
    status, text = check(capsys, "--format", form)
    assert status == 0
    found = json.loads(text) if form != "github" else []
    assert not (found["runs"][0]["results"] if isinstance(found, dict) else found)
    assert form != "github" or text == ""


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        pytest.param([], ["control-character", "unknown-language", "unknown-attribute"], id="all"),
        pytest.param(
            ["--select", "unknown-attribute,unknown-language"],
            ["unknown-language", "unknown-attribute"],
            id="two codes",
        ),
        pytest.param(["--select", "warning"], ["unknown-language"], id="a severity"),
        pytest.param(["--ignore", "error"], ["unknown-language"], id="without a severity"),
        pytest.param(
            ["--select", "error", "--ignore", "unknown-attribute"],
            ["control-character"],
            id="some of some",
        ),
        pytest.param(["--select", "advice"], [], id="nothing"),
    ],
)
def test_what_is_chosen_is_shown_and_decides_the_exit_status(
    arguments: list[str], codes: list[str], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, text = check(capsys, *arguments)
    assert list(dict.fromkeys(re.findall(r"(?:error|warning)\[(.*?)\]", text))) == codes
    assert status == int(any(CODES[code] == "error" for code in codes))


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_a_code_that_is_none_is_told_with_the_nearest(
    option: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", option, "empty-anwser"]) == 2
    assert (
        "there is no code 'empty-anwser'; did you mean \"empty-answer\"?" in capsys.readouterr().err
    )


def test_the_page_is_in_the_wheel(tmp_path: Path) -> None:
    """Who installs ankipress from a wheel has no folder docs/."""
    root = Path(__file__).parents[2]
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(root / name, tmp_path)
    for name in ("src", "docs"):
        shutil.copytree(root / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    build = [sys.executable, "-c", "import hatchling.build; hatchling.build.build_wheel('dist')"]
    subprocess.run(build, cwd=tmp_path, check=True, capture_output=True)
    [wheel] = (tmp_path / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert (
            archive.read("ankipress/docs/checks.md") == (root / "docs" / "checks.md").read_bytes()
        )


FIXED = CARDS.replace("\x07", "")


def test_a_difference_is_shown_and_nothing_written(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, text = check(capsys, "--diff")
    assert status == 1
    assert "-## What\\x07 is a tensor?\\x07\r\n+## What is a tensor?\r\n" in text
    assert text.startswith("--- a/my cards.md\n+++ b/my cards.md\n")
    assert Path("my cards.md").read_bytes() == CARDS.encode()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["no mark", "a byte order mark"])
def test_what_is_safe_is_mended_and_every_other_byte_kept(
    mark: bytes, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("my cards.md").write_bytes(mark + CARDS.encode())
    status, text = check(capsys, "--fix")
    assert Path("my cards.md").read_bytes() == mark + FIXED.encode()
    assert status == 1, "an attribute is still wrong"
    assert "control-character" not in text
    assert "unknown-attribute" in text
    assert check(capsys, "--diff") == (0, "")


@pytest.mark.parametrize(
    "becomes", [pytest.param("## Less?\n", id="another file"), pytest.param(None, id="no file")]
)
@pytest.mark.parametrize("option", ["--fix", "--diff"])
def test_a_file_that_changes_meanwhile_is_not_mended(
    becomes: str | None,
    option: str,
    here: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def changing(*arguments: Any) -> Any:
        Path("my cards.md").unlink()
        if becomes is not None:
            Path("my cards.md").write_text(becomes, encoding="utf-8")
        return fixed_text(*arguments)

    fixed_text = fixes.fixed
    monkeypatch.setattr(check_command, "fixed", changing)
    assert run(["check", "my cards.md", option]) == 1
    told = (
        "something else changed it meanwhile: run the command again"
        if becomes
        else "No such file or directory"
    )
    assert told in capsys.readouterr().err
    assert (
        not Path("my cards.md").exists()
        or Path("my cards.md").read_text(encoding="utf-8") == becomes
    )


def test_what_is_not_chosen_is_not_mended(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check(capsys, "--fix", "--ignore", "control-character")
    assert Path("my cards.md").read_bytes() == CARDS.encode()


def test_a_difference_goes_with_no_other_format(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", "--diff", "--format", "json"]) == 2
    assert "--diff is a text of its own" in capsys.readouterr().err


def project(folder: Path, text: str) -> None:
    """A project with one file of cards and a picture."""
    (folder / "ankipress.toml").write_text("", encoding="utf-8")
    (folder / "media").mkdir()
    (folder / "media" / "Heart.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "cards.md").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("reference", "fixed_text"),
    [
        pytest.param(
            "![A heart](media/Heart.svg)", "![A heart](media/Heart.svg)", id="right as it is"
        ),
        pytest.param("![A heart](media/hart.svg)", "![A heart](media/hart.svg)", id="another name"),
        pytest.param("![A heart](media/heart.SVG)", "![A heart](media/Heart.svg)", id="the case"),
        pytest.param(
            "![A heart](MEDIA/heart.svg)", "![A heart](media/Heart.svg)", id="the case of a folder"
        ),
        pytest.param(
            '<img src="media/heart.svg" alt="A heart">',
            '<img src="media/Heart.svg" alt="A heart">',
            id="HTML",
        ),
    ],
)
def test_a_reference_is_mended_where_its_case_alone_is_wrong(
    reference: str, fixed_text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    project(tmp_path, f"## Which organ?\n\n{reference}\n")
    run(["check", "--fix"])
    assert (tmp_path / "cards.md").read_text(
        encoding="utf-8"
    ) == f"## Which organ?\n\n{fixed_text}\n"


@pytest.mark.parametrize(
    ("text", "code", "meant"),
    [
        pytest.param(
            "---\ndeck: A\ndeck: B\n---\n## Q\n\nA\n",
            "bad-front-matter",
            (3, "deck"),
            id="a key twice",
        ),
        pytest.param(
            "---\ntags: {a: b}\n---\n## Q\n\nA\n",
            "bad-front-matter",
            (2, "{a: b}"),
            id="a value",
        ),
        pytest.param(
            "---\ndeck: A\n\n## Q\n\nA\n",
            "bad-front-matter",
            (1, "---"),
            id="front matter without an end",
        ),
        pytest.param(
            "## Q {#a}\n\nA\n\n## R {.b #a}\n\nB\n", "duplicate-id", (5, "#a"), id="an id"
        ),
        pytest.param(
            "## {{c1::Q}} is A\n\n### Hint\n\nx {{c2::y}} z\n",
            "deletion-outside-text",
            (5, "{{c2::y}}"),
            id="a deletion",
        ),
        pytest.param(
            "## {{c1::Q}} is A\n\nB\n\n---\n\nx {{c2::y}}\n",
            "deletion-outside-text",
            (7, "{{c2::y}}"),
            id="below a rule",
        ),
        pytest.param(
            "## Q {drfat}\n\nA\n", "misspelt-attribute", (1, "{drfat}"), id="a misspelt flag"
        ),
    ],
)
def test_the_very_words_are_meant(
    text: str, code: str, meant: tuple[int, str], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project(here, text)
    run(["check", "--format", "json", "--select", code])
    [row] = json.loads(capsys.readouterr().out)
    words = text.split("\n")[row["line"] - 1][row["column"] - 1 : row["column"] - 1 + row["width"]]
    assert (row["line"], words) == meant


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        pytest.param({}, None, id="nothing"),
        pytest.param(
            {"NO_COLOR": "", "FORCE_COLOR": "0", "CLICOLOR": "1", "TERM": "xterm"},
            None,
            id="nothing that counts",
        ),
        pytest.param({"NO_COLOR": "1"}, False, id="none"),
        pytest.param({"TERM": "dumb"}, False, id="a terminal without colours"),
        pytest.param({"CLICOLOR": "0"}, False, id="none, in another way"),
        pytest.param({"FORCE_COLOR": "1", "TERM": "dumb"}, True, id="forced"),
        pytest.param({"CLICOLOR_FORCE": "1"}, True, id="forced in another way"),
        pytest.param({"FORCE_COLOR": "3", "NO_COLOR": "1"}, False, id="none goes first"),
    ],
)
def test_the_environment_may_ask_for_colours(
    environment: dict[str, str], expected: bool | None
) -> None:
    assert in_colour(environment) is expected


def test_colours_that_are_forced_reach_a_pipe(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, is_coloured in (("TERM", False), ("FORCE_COLOR", True), ("NO_COLOR", False)):
        monkeypatch.setenv(name, "1")
        assert ("\x1b[" in check(capsys)[1]) is is_coloured


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_slips_in_attributes_are_fixed_and_every_other_byte_is_kept(
    end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    before = (
        "\ufeff---\nlang: jp # jp\ntags: #a\n---\n## {#es, .b} or? {#es, .b}\n\na\n\n"
        "## Ä {lang=jp}? {reverse, typed}\n\na\n\n## R {.a} {#b} ##\n\na\n\n"
        "| `{#x, .y}` |\n|--|\n\n## S {reverse}?\n\na\n\n## T {draft}?\n\na\n"
    )
    after = (
        "\ufeff---\nlang: ja # jp\ntags: [a]\n---\n## {#es, .b} or? {#es .b}\n\na\n\n"
        "## Ä {lang=jp}? {reverse typed}\n\na\n\n## R {.a #b} ##\n\na\n\n"
        "| `{#x, .y}` |\n|--|\n\n## S? {reverse}\n\na\n\n## T {draft}?\n\na\n"
    )
    Path("cards.md").write_bytes(before.replace("\n", end).encode())
    assert run(["check", "--fix"]) == 0
    assert Path("cards.md").read_bytes().decode() == after.replace("\n", end)
    capsys.readouterr()
    assert run(["check", "--format", "json", "--ignore", "advice"]) == 0
    assert [row["code"] for row in json.loads(capsys.readouterr().out)] == ["misspelt-attribute"]


def test_the_language_of_a_project_is_fixed_in_its_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("cards.md").write_text("## Q\n\na\n")
    Path("ankipress.toml").write_text('name = "jp"\nlang = "jp" # "jp"\n')
    assert run(["check"]) == 1
    assert run(["check", "--fix"]) == 0
    assert Path("ankipress.toml").read_text() == 'name = "jp"\nlang = "ja" # "jp"\n'


def test_a_published_id_with_a_comma_is_asked_about_after_the_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It could not be published today. Where it was, nothing becomes another note by itself."""
    monkeypatch.chdir(tmp_path)
    Path("cards.md").write_text("## Q {#es .europe}\n\na\n")
    assert run(["build"]) == 0
    lock = Path("ankipress.lock").read_text()
    Path("ankipress.lock").write_text(lock.replace('"id":"es"', '"id":"es,"'))
    Path("cards.md").write_text("## Q {#es, .europe}\n\na\n")
    run(["check", "--fix"])
    assert Path("cards.md").read_text() == "## Q {#es .europe}\n\na\n"
    capsys.readouterr()
    assert run(["build"]) == 1
    assert "error[ambiguous-identity]" in capsys.readouterr().err
    assert run(["ids", "--accept-likely"]) == 0
    assert run(["build"]) == 0
    guids = [
        json.loads(text.split("\n")[1])["guid"]
        for text in (lock, Path("ankipress.lock").read_text())
    ]
    assert guids[0] == guids[1]


@pytest.mark.parametrize("settings", ["", 'sources = ["samples/*.md"]\n'])
@pytest.mark.parametrize("reference", ["../samples/res/a.png", "res/a.png"])
def test_a_picture_beside_a_file_lies_inside_however_it_is_named(
    settings: str,
    reference: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("samples/res").mkdir(parents=True)
    Path("samples/res/a.png").write_bytes(picture(1))
    Path("samples/c.md").write_text(f"## Q\n\n![a]({reference})\n")
    if settings:
        Path("ankipress.toml").write_text(settings)
    assert run(["check", "samples/c.md"]) == 0
    assert "1 problem" not in capsys.readouterr().err


@pytest.mark.parametrize("reference", ["../res/a.png", "../samples/../res/a.png", "../../a.png"])
def test_a_picture_in_the_folder_above_lies_outside(
    reference: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("res/a.png", "a.png"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_bytes(picture(1))
    Path("samples").mkdir()
    Path("samples/c.md").write_text(f"## Q\n\n![a]({reference})\n")
    assert run(["check", "samples/c.md"]) == 1
    output = capsys.readouterr()
    assert "error[media-outside]" in output.out + output.err
