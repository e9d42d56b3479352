"""Notebooks of Jupyter are sources: their cells are read as Markdown, and problems stand where the
words are in the notebook.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.cli import main
from ankipress.diagnostics import Diagnostic, Location
from ankipress.project.notebook_reading import read_notebook
from ankipress.project.notebooks import Notebook
from author import picture
from packages import members_of

PNG = base64.b64encode(picture(1)).decode()


TABLE = '<table class="a">\n\n  <td colspan="2" onclick="x">1</td></table>'


def lines(text: str) -> list[str]:
    """A text as Jupyter writes it: a list of lines with their ends."""
    return text.splitlines(keepends=True)


def markdown(text: str, **more: object) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": lines(text), **more}


def code(text: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    cell = {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": list(outputs)}
    return {**cell, "source": lines(text)}


def stream(text: str) -> dict[str, Any]:
    return {"name": "stdout", "output_type": "stream", "text": lines(text)}


def display(**data: object) -> dict[str, Any]:
    types = {"png": "image/png", "svg": "image/svg+xml", "html": "text/html", "text": "text/plain"}
    shown = {types.get(key, f"text/{key}"): value for key, value in data.items()}
    return {"data": shown, "metadata": {}, "output_type": "display_data"}


def notebook(*cells: dict[str, Any], **more: object) -> str:
    content = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def read(*cells: dict[str, Any], **more: object) -> Notebook:
    found = read_notebook(notebook(*cells, **more), "a.ipynb")
    assert isinstance(found, Notebook), found
    return found


def refused(raw: str) -> Diagnostic:
    found = read_notebook(raw, "a.ipynb")
    assert isinstance(found, Diagnostic)
    assert found.code == "bad-notebook"
    assert found.help
    return found


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param(markdown(""), id="empty"),
        pytest.param(markdown(" \n"), id="spaces"),
        pytest.param(code(""), id="empty code"),
        pytest.param({"cell_type": "raw", "metadata": {}, "source": ["x"]}, id="raw"),
        pytest.param({"cell_type": "new", "source": "x"}, id="unknown"),
    ],
)
def test_cells_that_say_nothing(cell: dict[str, Any]) -> None:
    assert read(cell).text == ""


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        pytest.param([markdown("# A\n\nb")], "# A\n\nb\n\n", id="markdown"),
        pytest.param([{**markdown(""), "source": "# A\nb"}], "# A\nb\n\n", id="source is a text"),
        pytest.param([markdown("a"), markdown("b")], "a\n\nb\n\n", id="two cells"),
        pytest.param([code("x = 1")], "```python\nx = 1\n```\n\n", id="code"),
        pytest.param([code("'''```'''")], "````python\n'''```'''\n````\n\n", id="a fence"),
        pytest.param(
            [code("1", stream("\x1b[31m1\x1b[0m\n0%\r99%\r\n"))],
            "```python\n1\n```\n\n```text\n1\n99%\n```\n\n",
            id="output with colours and a bar",
        ),
        pytest.param(
            [code("1", display(text=["<DataFrame>"], html=["<p>x"]))],
            "```python\n1\n```\n\n```text\n<DataFrame>\n```\n\n",
            id="html without a table is shown as text",
        ),
        pytest.param(
            [code("1", display(html=f"<div>\n<style>x</style>\n{TABLE}</div>"))],
            '```python\n1\n```\n\n<table>\n<td colspan="2">1</td></table>\n\n',
            id="table",
        ),
        pytest.param(
            [code("1", display(latex=["$\\frac{1}{2}$"], text=["1/2"]))],
            "```python\n1\n```\n\n$\\frac{1}{2}$\n\n",
            id="mathematics",
        ),
        pytest.param(
            [code("1", {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["x"]})],
            "```python\n1\n```\n\n```text\nE: v\n```\n\n",
            id="error",
        ),
        pytest.param(
            [code("1", display(markdown="## No card"))],
            "```python\n1\n```\n\n```text\n## No card\n```\n\n",
            id="an output makes no card",
        ),
        pytest.param(
            [code("1", display(text="a\n```\n## No card"))],
            "```python\n1\n```\n\n````text\na\n```\n## No card\n````\n\n",
            id="an output ends no fence",
        ),
        pytest.param(
            [{"cell_type": "raw", "source": ["---\n", "deck: D\n", "---"]}, markdown("## A")],
            "---\ndeck: D\n---\n\n## A\n\n",
            id="front matter in a raw cell",
        ),
    ],
)  # fmt: skip
def test_the_markdown_of_cells(cells: Sequence[dict[str, Any]], text: str) -> None:
    assert read(*cells).text == text


@pytest.mark.parametrize(
    ("text", "end"),
    [
        pytest.param("a", "", id="no fence"),
        pytest.param("```\na\n```", "", id="closed"),
        pytest.param("```\na\n`````  ", "", id="closed by a longer one"),
        pytest.param("~~~\n```\na\n~~~", "", id="another fence in it"),
        pytest.param("    ```\na", "", id="indented code"),
        pytest.param("``` `a\nb", "", id="inline code"),
        pytest.param("- a\n\n    ```\n    b", "", id="in a list, which ends it"),
        pytest.param("```python\na", "```", id="open"),
        pytest.param("  ~~~~\na\n~~~\n~~~~ x", "~~~~", id="a shorter one, and one with words"),
    ],
)
def test_a_fence_ends_with_its_cell(text: str, end: str) -> None:
    """As in Jupyter, where no cell can swallow the next one."""
    closed = f"{text}\n{end}" if end else text
    assert read(markdown(text), markdown("## B?")).text == f"{closed}\n\n## B?\n\n"


@pytest.mark.parametrize(
    ("metadata", "language"),
    [
        ({"language_info": {"name": "julia"}}, "julia"),
        ({"kernelspec": {"language": "R"}}, "r"),
        ({"language_info": {"name": "python {.run}"}}, ""),
        ({"language_info": {"name": "a\n## b"}}, ""),
        ({"language_info": 1}, "python"),
        ([], "python"),
    ],
)
def test_code_has_the_language_of_the_kernel(metadata: object, language: str) -> None:
    assert read(code("1"), metadata=metadata).text == f"```{language}\n1\n```\n\n"


def test_a_picture_in_an_output_is_a_picture_of_the_card() -> None:
    found = read(code("plot()", display(png=[PNG + "\n"], text=["<Figure>"])))
    [(path, content)] = found.pictures.items()
    assert found.text.endswith(f"```\n\n![output]({path})\n\n")
    assert content.data == picture(1)


def test_an_attachment_of_a_cell_is_a_picture_of_the_card() -> None:
    cell = markdown(
        "a ![p](attachment:my%20p.png) and ![q](attachment:q.png)",
        attachments={"my p.png": {"image/png": PNG}},
    )
    found = read(cell)
    [path] = found.pictures
    assert found.text == f"a ![p]({path}) and ![q](attachment:q.png)\n\n"
    assert words_at(found, "and") == "and"
    assert words_at(found, "attachment:q") == "attachment:q"


def test_nbformat_3() -> None:
    cells = [
        {"cell_type": "heading", "level": 2, "source": ["Question"]},
        {
            "cell_type": "code",
            "language": "R",
            "input": ["1\n", "2"],
            "outputs": [
                {"output_type": "pyout", "text": ["2"]},
                {"output_type": "stream", "stream": "stdout", "text": ["3"]},
                {"output_type": "display_data", "png": PNG},
                {"output_type": "pyerr", "ename": "E", "evalue": "v"},
            ],
        },
    ]
    raw = json.dumps({"nbformat": 3, "metadata": {}, "worksheets": [{"cells": cells}]})
    found = read_notebook(raw, "a.ipynb")
    assert isinstance(found, Notebook)
    [path] = found.pictures
    assert found.text == (
        "## Question\n\n```r\n1\n2\n```\n\n```text\n2\n```\n\n```text\n3\n```\n\n"
        f"![output]({path})\n\n```text\nE: v\n```\n\n"
    )


HALF = '{"nbformat": 4, "cells": [{"cell_type": "markdown", "source": "a\\ud83d"}]}'


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("", "not JSON"),
        ("[]", "no notebook"),
        ("{}", "no notebook"),
        ('{"nbformat": "4"}', "no notebook"),
        ('{"nbformat": 2}', "nbformat 2"),
        ('{"nbformat": 9, "cells": []}', "nbformat 9"),
        ('{"nbformat": 4}', "no list of cells"),
        ('{"nbformat": 4, "cells": {}}', "no list of cells"),
        ('{"nbformat": 3, "worksheets": [1]}', "no list of cells"),
        ('{"nbformat": 4, "cells": [1]}', "cell 1"),
        ('{"nbformat": 4, "cells": [{}, {"source": 1}]}', "cell 2"),
        ('{"nbformat": 4, "cells": [{"source": [1]}]}', "cell 1"),
        (notebook({"cell_type": "code", "source": "a", "outputs": 1}), "outputs"),
        (notebook({"cell_type": "code", "source": "a", "outputs": [1]}), "output"),
        ("[" * 100_000, "nested"),
        ('{"a":' * 100_000, "nested"),
        ('{"nbformat": ' + "9" * 10_000 + "}", "too long"),
        ("[" + "1," * 1_000_001 + "1]", "too many"),
        (HALF, "half of a character"),
        (notebook(code("1", stream("x" * 100_001))), "100,000 characters"),
        (notebook(code("1", display(html="<table>" * 50_000))), "100,000 characters"),
        (notebook(code("1", display(png="?"))), "base64"),
        (notebook(markdown("a\x00b").copy()).replace("\\u0000", "\x00"), "not JSON"),
    ],
)  # fmt: skip
def test_what_is_no_notebook_is_refused(raw: str, words: str) -> None:
    assert words in refused(raw).message


def test_the_place_of_a_syntax_error() -> None:
    assert refused('{\n "nbformat": x}').location == Location("a.ipynb", 2, 14)


def test_the_place_of_an_output_that_is_too_long() -> None:
    raw = notebook(code("1", stream("x" * 100_001)))
    location = refused(raw).location
    assert raw.split("\n")[location.line - 1][location.column - 2 :].startswith('"xxx')


def words_at(found: Notebook, words: str) -> str:
    """What stands in the JSON where some words of the text are placed."""
    offset = found.text.index(words)
    line = found.text.count("\n", 0, offset) + 1
    column = offset - found.text.rfind("\n", 0, offset)
    place = found.located(Location("a.ipynb", line, column, len(words)))
    shown = found.json.split("\n")[place.line - 1]
    return shown[place.column - 1 : place.column - 1 + place.width]


TEXT = st.text(st.sampled_from('ab "\\\n\té😀/`#'), min_size=1, max_size=40)


@given(TEXT, st.booleans(), st.booleans())
def test_every_word_is_found_in_the_json(text: str, is_list: bool, is_ascii: bool) -> None:
    """Whatever is escaped in the JSON: what stands at the place is the word as JSON has it."""
    word = 'W"\\é😀W'
    source: object = text + word + text
    if is_list:
        source = lines(text + word + text)
    raw = json.dumps(
        {"nbformat": 4, "cells": [{"cell_type": "markdown", "source": source}]},
        indent=1,
        ensure_ascii=is_ascii,
    )
    found = read_notebook(raw, "a.ipynb")
    assert isinstance(found, Notebook)
    assert json.loads(f'"{words_at(found, word)}"') == word


KEYS = "cells cell_type source input outputs data text png output_type language level metadata"
WORDS = [*KEYS.split(), "attachments", "worksheets", "text/html", "image/png", "markdown", "code"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 9) | st.sampled_from(WORDS) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS), inner),
    max_leaves=25,
)


@given(st.lists(st.dictionaries(st.sampled_from(WORDS), VALUES), max_size=4), st.integers(3, 4))
def test_whatever_stands_in_json_is_read_or_refused(cells: list[Any], version: int) -> None:
    raw = json.dumps({"nbformat": version, "cells": cells, "worksheets": [{"cells": cells}]})
    found = read_notebook(raw, "a.ipynb")
    if isinstance(found, Diagnostic):
        assert found.code == "bad-notebook"
        return
    found.text.encode()
    for line in range(found.text.count("\n") + 3):
        place = found.located(Location("a.ipynb", line))
        assert place.line <= raw.count("\n") + 1


@given(st.text())
def test_whatever_stands_in_a_file_is_read_or_refused(text: str) -> None:
    refused(text)


def test_a_problem_tells_the_cell_and_its_line() -> None:
    found = read(markdown("# Title"), markdown("## A?\n\nb"), code("x\ny"))
    shown = found.diagnostic(
        Diagnostic("empty-answer", Location("a.ipynb", 5, 1, 1), "first\nsecond", fix="x")
    )
    assert shown.message == "first (cell 2, line 3)\nsecond"
    assert shown.fix is None
    assert "`--fix` changes no notebook" in shown.help
    line = line_of(found, "y\n```")
    shown = found.diagnostic(Diagnostic("large-code", Location("a.ipynb", line), "m"))
    assert shown.message == "m (cell 3, line 2)"


def line_of(found: Notebook, words: str) -> int:
    return found.text.count("\n", 0, found.text.index(words)) + 1


def test_a_problem_of_an_output_stands_there() -> None:
    found = read(code("x", stream("one\ntwo")))
    line = line_of(found, "two")
    shown = found.diagnostic(Diagnostic("large-code", Location("a.ipynb", line), "m"))
    assert shown.message == "m (cell 1, output)"
    assert found.json.split("\n")[shown.location.line - 1].strip() == '"one\\n",'


def test_a_place_that_is_not_there_is_the_end() -> None:
    found = read(markdown("a"))
    assert found.located(Location("a.ipynb")) == Location("a.ipynb")
    for line, column in ((99, 1), (1, 99), (2**70, 2**70)):
        place = found.located(Location("a.ipynb", line, column))
        assert found.json.split("\n")[place.line - 1].strip() == '"a"'


def test_a_line_is_right_behind_an_attachment() -> None:
    cell = markdown("", attachments={"q.png": {"image/png": PNG}})
    found = read(cell | {"source": "a\n![](attachment:q.png)\n![](attachment:q.png) b\nzz"})
    for words, line in (("a\n", 1), ("![](.out", 2), (" b\n", 3), ("zz\n", 4)):
        place = Location("a.ipynb", line_of(found, words))
        shown = found.diagnostic(Diagnostic("large-code", place, "m"))
        assert shown.message == f"m (cell 1, line {line})"
    assert words_at(found, "zz") == "zz"


@pytest.mark.parametrize("number", [20_000, 40_000])
def test_many_attachments_take_no_long_time(number: int) -> None:
    cell = markdown("", attachments={"q": {"image/png": PNG}})
    found = read(cell | {"source": "![](attachment:q)\n" * number})
    assert len(found.pictures) == 1


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


DECK = notebook(
    markdown('# Deck\n\n## What is "one"?\n\nThis:'),
    code("1", display(png=PNG)),
    markdown("## What is two?\n\n2"),
)  # fmt: skip


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


def test_a_notebook_is_built_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, "questions.ipynb", DECK)
    assert main.run(["build", "questions.ipynb"]) == 0, capsys.readouterr().err
    assert main.run(["list", "--format", "json", "questions.ipynb"]) == 0
    out = capsys.readouterr().out
    rows = json.loads(out[out.index("[\n") :])
    assert [row["question"] for row in rows] == ['What is "one"?', "What is two?"]
    assert {row["deck"] for row in rows} == {"Deck"}
    raw = DECK.split("\n")
    assert [raw[row["line"] - 1].strip() for row in rows] == [
        r'"## What is \"one\"?\n",',
        r'"## What is two?\n",',
    ]


def test_a_build_again_has_nothing_to_do_and_loses_nothing(folder: Path) -> None:
    write(folder, "ankipress.toml", 'sources = ["*.ipynb", "*.md"]\nname = "deck"\n')
    write(folder, "a.ipynb", DECK)
    write(folder, "b.md", "## What is three?\n\n3\n")
    assert main.run(["build"]) == 0
    lock = (folder / "ankipress.lock").read_bytes()
    package = next((folder / "build").iterdir()).read_bytes()
    assert main.run(["build"]) == 0
    assert main.run(["build", "--locked"]) == 0
    assert (folder / "ankipress.lock").read_bytes() == lock
    assert next((folder / "build").iterdir()).read_bytes() == package
    assert "output-" in members_of(package)["media"].decode("latin-1")


def test_a_notebook_in_a_folder_has_its_pictures_and_front_matter(folder: Path) -> None:
    matter = {"cell_type": "raw", "metadata": {}, "source": ["---\n", "deck: D\n", "---"]}
    (folder / "cards").mkdir()
    write(folder, "ankipress.toml", 'sources = ["cards/*.ipynb"]\nname = "deck"\n')
    write(folder, "cards/a b.ipynb", notebook(matter, *json.loads(DECK)["cells"]))
    assert main.run(["build"]) == 0
    package = next((folder / "build").iterdir()).read_bytes()
    assert "output-" in members_of(package)["media"].decode("latin-1")
    assert '"deck":"D"' in (folder / "ankipress.lock").read_text(encoding="utf-8")


def test_a_problem_stands_where_its_words_are(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = notebook(markdown("# D\n"), markdown('## "A"?\n\nsee ![p](none.png)\n\n## B?'))
    write(folder, "a.ipynb", text)
    assert main.run(["check", "--ignore", "advice", "a.ipynb"]) == 1
    out = capsys.readouterr().out
    said = "this question has no answer, so its card is left out (cell 2, line 5)"
    assert f"warning[empty-answer]: {said}" in out
    assert '"## B?"' in out
    assert main.run(["check", "--format", "json", "--select", "missing-media", "a.ipynb"]) == 1
    [row] = json.loads(capsys.readouterr().out)
    line = text.split("\n")[row["line"] - 1]
    start = row["column"] - 1
    assert line[start : start + row["width"]] == "none.png"
    for form in ("github", "sarif", "markdown"):
        assert main.run(["check", "--format", form, "a.ipynb"]) == 1
        assert "(cell 2, line 3)" in capsys.readouterr().out


def test_a_message_names_another_card_by_its_place_in_the_json(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = notebook(markdown("## A? {#a}\n\nb"), markdown("## B? {#a}\n\nb"))
    write(folder, "a.ipynb", text)
    write(folder, "b.md", "## C? {#a}\n\nb\n")
    write(folder, "ankipress.toml", 'sources = ["*.ipynb", "*.md"]\n')
    assert main.run(["check", "--format", "json", "--select", "duplicate-id"]) == 1
    line = next(
        number
        for number, each in enumerate(text.split("\n"), 1)
        if each.strip().startswith('"## A')
    )
    messages = [row["message"] for row in json.loads(capsys.readouterr().out)]
    assert messages == [
        f'the id "a" is taken by a.ipynb:{line} (cell 2, line 1)',
        f'the id "a" is taken by a.ipynb:{line}',
    ]


def test_fix_changes_no_notebook(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = notebook(markdown("## A?\n\na\x07b"))
    write(folder, "a.ipynb", text)
    assert main.run(["check", "--fix", "a.ipynb"]) == 1
    out = capsys.readouterr().out
    assert "control-character" in out
    assert "`--fix` changes no notebook" in out
    assert (folder / "a.ipynb").read_text(encoding="utf-8") == text
    assert main.run(["check", "--diff", "a.ipynb"]) == 0


def test_ids_are_written_into_no_notebook(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, "ankipress.toml", 'sources = ["*.ipynb", "*.md"]\nname = "deck"\n')
    write(folder, "a.ipynb", DECK)
    write(folder, "b.md", "## What is three?\n\n3\n")
    assert main.run(["ids", "--write"]) == 1
    shown = capsys.readouterr()
    assert shown.out == "1 id written\n"
    assert "ids are written into no notebook: a.ipynb" in shown.err
    assert (folder / "a.ipynb").read_text(encoding="utf-8") == DECK
    assert "{#" in (folder / "b.md").read_text(encoding="utf-8")


def test_a_file_that_is_no_notebook_is_an_error(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, "a.ipynb", "# Not JSON\n")
    assert main.run(["build", "a.ipynb"]) == 1
    err = capsys.readouterr().err
    assert "a.ipynb:1:1: error[bad-notebook]: this notebook is not JSON" in err
    assert "help:" in err


def test_code_of_a_notebook_is_never_run(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = notebook(markdown("## A?\n"), code("# {.run}\nopen('ran', 'w')"))
    write(folder, "a.ipynb", text)
    assert main.run(["check", "--run", "a.ipynb"]) == 0
    assert not (folder / "ran").exists()


def test_html_of_an_output_is_sanitised(folder: Path) -> None:
    html = "<table><tr><td onclick='x()'><script>x()</script><iframe src='https://a.b'>1</table>"
    write(folder, "a.ipynb", notebook(markdown("## A?"), code("1", display(html=html))))
    assert main.run(["build", "a.ipynb"]) == 0
    assert main.run(["site", "a.ipynb"]) == 0
    page = "".join(
        path.read_text(encoding="utf-8") for path in (folder / "build" / "site").rglob("*.html")
    )
    assert "onclick" not in page
    assert "x()" not in page
    assert "a.b" not in page
