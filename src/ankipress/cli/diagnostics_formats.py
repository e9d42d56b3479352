"""Diagnostics in the formats of `ankipress check`, and the page that explains their codes.

A new format is a function here and a line in `FORMATS`.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

import ankipress
from ankipress.cli.diagnostics_text import as_text, format_diagnostic, summary
from ankipress.diagnostics import CODES, Diagnostic, Severity
from ankipress.project.workspace import Workspace

_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"
# Errors and warnings have the same names everywhere.
_GITHUB_LEVELS = {"advice": "notice"}
_SARIF_LEVELS = {"advice": "note"}


def as_json(diagnostics: Sequence[Diagnostic], workspace: Workspace) -> str:
    """An array of objects, one for each diagnostic. Lines and columns count from 1; line 0 stands
    for the whole file.
    """
    rows = []
    for each in diagnostics:
        shown = replace(each.location, path=workspace.display(each.location.path))
        row = {"code": each.code, "severity": each.severity, **asdict(shown)}
        rows.append({**row, "message": each.message, "help": each.help, "fix": each.fix})
    return json.dumps(rows, ensure_ascii=False, indent=2)


def as_github(diagnostics: Sequence[Diagnostic], workspace: Workspace) -> str:
    """Workflow commands, which GitHub shows beside the lines of a pull request.

    The source of the syntax: GitHub's documentation, "Workflow commands for GitHub Actions".
    """
    return "\n".join(_annotation(each, workspace) for each in diagnostics)


def _annotation(diagnostic: Diagnostic, workspace: Workspace) -> str:
    location = diagnostic.location
    properties: dict[str, object] = {"file": workspace.display(location.path)}
    if location.line:
        properties["line"] = location.line
        properties["col"] = location.column
        properties["endColumn"] = location.column + location.width
    properties["title"] = diagnostic.code
    pairs = [f"{key}={_escaped(str(value), ',:')}" for key, value in properties.items()]
    message = diagnostic.message
    if diagnostic.help:
        message += f"\nhelp: {diagnostic.help}"
    level = _GITHUB_LEVELS.get(diagnostic.severity, diagnostic.severity)
    return f"::{level} {','.join(pairs)}::{_escaped(message)}"


def _escaped(text: str, also: str = "") -> str:
    """A text that cannot end its part of a workflow command, or begin another command."""
    return re.sub(f"[%\r\n{also}]", lambda found: f"%{ord(found[0]):02X}", text)


def as_sarif(diagnostics: Sequence[Diagnostic], workspace: Workspace) -> str:
    """A log of the Static Analysis Results Interchange Format, version 2.1.0."""
    driver = {
        "name": "ankipress",
        "version": ankipress.__version__,
        "rules": [_sarif_rule(code, severity) for code, severity in CODES.items()],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(each, workspace) for each in diagnostics],
    }
    log = {"$schema": _SARIF, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2)


def _sarif_rule(code: str, severity: Severity) -> dict[str, Any]:
    text = explanation(code)
    first = " ".join(text.partition("\n\n")[0].split())
    return {
        "id": code,
        "fullDescription": {"text": first.removeprefix(f"**{severity.value.capitalize()}.** ")},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": _SARIF_LEVELS.get(severity, severity)},
    }


def _sarif_result(diagnostic: Diagnostic, workspace: Workspace) -> dict[str, Any]:
    location = diagnostic.location
    physical: dict[str, Any] = {
        "artifactLocation": {"uri": quote(workspace.display(location.path))}
    }
    if location.line:
        physical["region"] = {
            "startLine": location.line,
            "startColumn": location.column,
            "endColumn": location.column + location.width,
        }
    lines = [diagnostic.message, diagnostic.help]
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": list(CODES).index(diagnostic.code),
        "level": _SARIF_LEVELS.get(diagnostic.severity, diagnostic.severity),
        "message": {"text": "\n".join(filter(None, lines))},
        "locations": [{"physicalLocation": physical}],
    }


def as_markdown(diagnostics: Sequence[Diagnostic], workspace: Workspace) -> str:
    """For the summary of a workflow or a comment on a pull request: first what a maintainer must
    decide, last the advice, folded.

    What authors wrote stands in fences, where GitHub neither reads markup nor notifies anyone who
    is named.
    """
    asked, problems, advice = list[Diagnostic](), list[Diagnostic](), list[Diagnostic]()
    for each in diagnostics:
        if each.code == "ambiguous-identity":
            asked.append(each)
        elif each.severity is Severity.ADVICE:
            advice.append(each)
        else:
            problems.append(each)
    pieces = []
    if asked:
        pieces += [f"**To be decided by a maintainer: {len(asked)}**", _fenced(asked, workspace)]
    if problems:
        pieces += [f"**Problems: {summary(problems)}**", _fenced(problems, workspace)]
    if advice:
        pieces += [
            f"<details><summary>{summary(advice)}</summary>",
            _fenced(advice, workspace),
            "</details>",
        ]
    return "\n\n".join(pieces or ["No problems in the cards."])


def _fenced(diagnostics: Sequence[Diagnostic], workspace: Workspace) -> str:
    text = click.unstyle("\n".join(format_diagnostic(each, workspace) for each in diagnostics))
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


FORMATS: Mapping[str, Callable[[Sequence[Diagnostic], Workspace], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
    "markdown": as_markdown,
}
"""Every format by its name. An empty text is not printed."""


def explanation(code: str) -> str:
    """What docs/checks.md says of a code, as Markdown without its heading. The page is a part of
    the package, so that `--explain` needs no network.
    """
    return _sections()[code]


@functools.cache
def _sections() -> dict[str, str]:
    page = files("ankipress") / "docs" / "checks.md"
    if not page.is_file():  # ankipress runs from its sources
        page = Path(__file__).parents[3] / "docs" / "checks.md"
    text = page.read_text(encoding="utf-8").replace("\r\n", "\n")
    pieces = re.split(r"^## ([a-z0-9-]+)\n", text, flags=re.MULTILINE)
    sections = zip(pieces[1::2], pieces[2::2], strict=True)
    return {code: section.strip() for code, section in sections}
