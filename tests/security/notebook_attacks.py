"""Attacks by notebooks: what their cells and outputs hold, and JSON that is no notebook."""

from __future__ import annotations

import base64
import json
from typing import Any

from security.arena import Arena
from security.attack import Family
from security.terminal_attacks import ALL
from security.web_attacks import SERVE, remote_markup

NOTEBOOKS = Family("notebooks", ("build", "check", "check --run", "ids --write", "site", SERVE))
FILE = "cards/evil.ipynb"


def _add(arena: Arena, json_text: str) -> None:
    """Put a notebook among the sources."""
    arena.add("ankipress.toml", 'sources = ["cards.md", "cards/**/*.md", "cards/*.ipynb"]\n')
    arena.write(FILE, json_text)


def _notebook(*cells: dict[str, Any], language: str = "python") -> str:
    content = {"nbformat": 4, "metadata": {"language_info": {"name": language}}, "cells": cells}
    return json.dumps(content)


def _code(source: str, **data: str) -> dict[str, Any]:
    """A cell of code with outputs, whose types have `_` for `/`."""
    outputs = []
    for kind, value in data.items():
        shown = {kind.replace("_", "/"): value}
        outputs.append({"output_type": "display_data", "data": shown})
    return {"cell_type": "code", "source": source, "outputs": outputs}


def _question(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": f"## {text}?\n"}


@NOTEBOOKS.attack("a notebook that runs and loads")
def _markup(arena: Arena) -> None:
    """Cells, tables and drawings hold scripts, frames, pictures and styles of another server."""
    markup = remote_markup(arena)
    table = f"<table><tr><td onclick='canary()'>{markup}</td></tr></table>"
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><script>canary()</script>{markup}</svg>'
    outputs = {"text_html": table, "text_latex": f"${markup}$", "text_plain": markup}
    cells = [_question("What runs"), _code(arena.canary("notebook"), **outputs)]
    cells.append({"cell_type": "markdown", "source": markup})
    cells.append(_code("1", **{"image_svg+xml": svg}))
    _add(arena, _notebook(*cells))


@NOTEBOOKS.attack("a notebook with code to run")
def _code_to_run(arena: Arena) -> None:
    """The language of the kernel, and cells of code, ask for code to be run."""
    code = arena.canary_in_python("notebook")
    question = _question("What is run")
    _add(arena, _notebook(question, _code(code, text_plain="1"), language="python {.run}"))


@NOTEBOOKS.attack("a notebook with escapes", also=["list --all", "check --format github"])
def _escapes(arena: Arena) -> None:
    """Headings, code, outputs, languages and names of attachments hold escapes and lines for CI."""
    cells = [
        _question(f"What {ALL}"),
        _code(ALL, text_plain=ALL, text_html=f"<table>{ALL}</table>", image_png=ALL),
        {"cell_type": ALL, "source": ALL},
        {"cell_type": "markdown", "source": "![](attachment:a)", "attachments": {ALL: {ALL: ALL}}},
    ]
    _add(arena, _notebook(*cells, language=ALL))


@NOTEBOOKS.attack("a notebook that leads out")
def _leads_out(arena: Arena) -> None:
    """Pictures and links of a notebook lead out of the project."""
    secret = arena.outside / "secret.txt"
    text = f"## Where?\n\n![a]({secret}) ![b](../../outside/secret.txt) ![](attachment:../../x)\n"
    picture = base64.b64encode(b"no picture").decode()
    cell = {
        "cell_type": "markdown",
        "source": text,
        "attachments": {"../../x": {"image/png": picture}},
    }
    _add(arena, _notebook(cell))


@NOTEBOOKS.attack("a notebook that is nested deeply", names=[FILE])
def _deep(arena: Arena) -> None:
    """A million brackets are open in one another."""
    _add(arena, '{"nbformat": 4, "cells": ' + "[" * 1_000_000)


@NOTEBOOKS.attack("a notebook of many values", names=[FILE])
def _many(arena: Arena) -> None:
    """A cell has five million outputs."""
    outputs = ",".join(["{}"] * 5_000_000)
    cell = f'{{"cell_type": "code", "source": "1", "outputs": [{outputs}]}}'
    _add(arena, f'{{"nbformat": 4, "cells": [{cell}]}}')


@NOTEBOOKS.attack("a notebook of many attachments")
def _attachments(arena: Arena) -> None:
    """A cell shows an attached picture five thousand times in one line."""
    picture = base64.b64encode(b"\x89PNG" + b"\0" * 20_000_000).decode()
    cell = {
        "cell_type": "markdown",
        "source": "## What?\n\n" + "![](attachment:a) " * 5_000,
        "attachments": {"a": {"image/png": picture}},
    }
    _add(arena, _notebook(cell))
