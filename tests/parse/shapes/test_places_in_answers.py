"""A problem in an answer stands where its words are, in each shape."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ankipress.cli.main import run

ANSWER = "Größe\n\n- x ![n](no.png)\n\n  \u00e4 \U0001f600 ![n](no.png)\n\n> ![n](no.png) y\n"


def indented(text: str, blanks: str) -> str:
    return "\n".join(f"{blanks}{line}" if line else "" for line in text.split("\n"))


FILES = {
    "headings": f"## A?\n\n{ANSWER}",
    "numbered": f"10. A?\n\n{indented(ANSWER, '    ')}",
    "prefix": f"- Q: A?\n  A: {indented(ANSWER, '  ').strip()}\n",
    "summary": f"<details><summary><b>A?</b></summary>\n\n{ANSWER}\n</details>\n",
    "bold": f"**A?**\n{ANSWER}",
    "inline": "A?::Größe ![n](no.png) ![n](no.png) ä ![n](no.png)\n",
    "file": f"A?\n\nmore\n\n---\n\n{ANSWER}",
    "table": "| a | b |\n|-|-|\n| A? | Größe ![n](no.png) ![n](no.png) \\| ![n](no.png) |\n",
}


@pytest.mark.parametrize("shape", FILES)
@pytest.mark.parametrize("before", ["", "---\r\ndeck: D\r\n---\r\n", "\ufeff\r\n"])
def test_a_picture_that_is_missing_is_placed_at_its_address(
    shape: str,
    before: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    text = before + FILES[shape].replace("\n", "\r\n")
    (tmp_path / "ankipress.toml").write_text(f'shape = "{shape}"\n', encoding="utf-8")
    (tmp_path / "cards.md").write_bytes(text.encode())
    run(["check", "--format", "json"])
    rows = [each for each in json.loads(capsys.readouterr().out) if each["code"] == "missing-media"]
    lines = text.removeprefix("\ufeff").split("\r\n")
    found = [
        (each["line"], lines[each["line"] - 1][each["column"] - 1 :][: each["width"]])
        for each in rows
    ]
    expected = [
        (number, "no.png")
        for number, line in enumerate(lines, 1)
        for _ in range(line.count("no.png"))
    ]
    assert found == expected
    assert len({(each["line"], each["column"]) for each in rows}) == len(rows)
