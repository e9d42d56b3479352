"""Diagnostics in the formats of `ankipress check`.

A new format is a function here and a line in `FORMATS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import quote

import ankipress
from ankipress.cli.code_pages import page_on, with_addresses
from ankipress.cli.diagnostics_text import as_text, plain, summary
from ankipress.cli.printing import OwnText, joined
from ankipress.diagnostics import CODES, Diagnostic, Severity, address
from ankipress.project.workspace import Workspace
from ankipress.visible_text import fenced, json_text, visible, without_commands

_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"
# Errors and warnings have the same names everywhere.
_GITHUB_LEVELS = {"advice": "notice"}
_SARIF_LEVELS = {"advice": "note"}


def as_json(diagnostics: Sequence[Diagnostic], workspace: Workspace) -> str:
    """An array of objects, one for each diagnostic. Lines and columns count from 1; line 0 stands
    for the whole file.
    """
    rows = []
    for each in workspace.as_written(diagnostics):
        path = workspace.display(each.location.path)
        shown = replace(each.location, path=path)
        row = {"code": each.code, "severity": each.severity, **asdict(shown)}
        row |= {"message": each.message, "help": each.help, "fix": each.fix}
        rows.append(row | {"address": address(each.code)})
    return json_text(rows)


def as_github(diagnostics: Sequence[Diagnostic], workspace: Workspace) -> OwnText:
    """Workflow commands, which GitHub shows beside the lines of a pull request.

    The source of the syntax: GitHub's documentation, "Workflow commands for GitHub Actions".
    """
    return joined(
        (_annotation(each, workspace) for each in workspace.as_written(diagnostics)), "\n"
    )


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
    message += f"\n{address(diagnostic.code)}"
    level = _GITHUB_LEVELS.get(diagnostic.severity, diagnostic.severity)
    return f"::{level} {','.join(pairs)}::{_escaped(message)}"


def _escaped(text: str, also: str = "") -> str:
    """A text that cannot end its part of a workflow command, or begin another command."""
    shown = without_commands(visible(text))
    return re.sub(f"[%\r\n{also}]", lambda found: f"%{ord(found[0]):02X}", shown)


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
        "results": [_sarif_result(each, workspace) for each in workspace.as_written(diagnostics)],
    }
    log = {"$schema": _SARIF, "version": "2.1.0", "runs": [run]}
    return json_text(log)


def _sarif_rule(code: str, severity: Severity) -> dict[str, Any]:
    text = with_addresses(page_on(code))
    first = " ".join(text.partition("\n\n")[0].split())
    return {
        "id": code,
        "fullDescription": {"text": first.removeprefix(f"**{severity.value.capitalize()}.** ")},
        "help": {"text": text, "markdown": text},
        "helpUri": address(code),
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
    asked = list[Diagnostic]()
    problems = list[Diagnostic]()
    advice = list[Diagnostic]()
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
    return fenced("\n\n".join(plain(each, workspace) for each in diagnostics))


FORMATS: Mapping[str, Callable[[Sequence[Diagnostic], Workspace], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
    "markdown": as_markdown,
}
"""Every format by its name. An empty text is not printed."""
