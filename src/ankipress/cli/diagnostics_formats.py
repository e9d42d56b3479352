"""Diagnostics as other programs read them: JSON, annotations of GitHub, SARIF, Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import click

import ankipress
from ankipress.cli.diagnostics_text import format_diagnostic, summary
from ankipress.cli.pages import explanation
from ankipress.diagnostics import CODES, Diagnostic, Severity
from ankipress.project.workspace import Workspace

_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def as_json(diagnostics: Sequence[Diagnostic], workspace: Workspace) -> str:
    """An array of objects, one for each diagnostic. Lines and columns count from 1; line 0 stands
    for the whole file.
    """
    return json.dumps([_row(each, workspace) for each in diagnostics], ensure_ascii=False, indent=2)


def _row(each: Diagnostic, workspace: Workspace) -> dict[str, Any]:
    return {
        "code": each.code,
        "severity": each.severity.value,
        "path": workspace.display(each.location.path),
        "line": each.location.line,
        "column": each.location.column,
        "width": each.location.width,
        "message": each.message,
        "help": each.help,
        "fix": each.fix,
    }


_GITHUB: Mapping[Severity, str] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.ADVICE: "notice",
}


def as_github(diagnostics: Sequence[Diagnostic], workspace: Workspace) -> str:
    """Workflow commands, which GitHub shows beside the lines of a pull request.

    The source of the syntax: GitHub's documentation, "Workflow commands for GitHub Actions".
    """
    return "\n".join(_annotation(each, workspace) for each in diagnostics)


def _annotation(each: Diagnostic, workspace: Workspace) -> str:
    location = each.location
    place = {"file": workspace.display(location.path)}
    if location.line:
        place |= {
            "line": str(location.line),
            "col": str(location.column),
            "endColumn": str(location.column + location.width),
        }
    place["title"] = each.code
    properties = ",".join(f"{key}={_escaped(value, also=',:')}" for key, value in place.items())
    message = f"{each.message}\nhelp: {each.help}" if each.help else each.message
    return f"::{_GITHUB[each.severity]} {properties}::{_escaped(message)}"


def _escaped(text: str, also: str = "") -> str:
    """A text that cannot end its place in a command, or begin another."""
    return "".join(
        f"%{ord(character):02X}" if character in f"%\r\n{also}" else character for character in text
    )


_LEVELS: Mapping[Severity, str] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.ADVICE: "note",
}


def as_sarif(diagnostics: Sequence[Diagnostic], workspace: Workspace) -> str:
    """A log of the Static Analysis Results Interchange Format, version 2.1.0."""
    rules = {code: number for number, code in enumerate(CODES)}
    driver = {
        "name": "ankipress",
        "version": ankipress.__version__,
        "rules": [_rule(code, severity) for code, severity in CODES.items()],
    }
    results = [_result(each, rules, workspace) for each in diagnostics]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps(
        {"$schema": _SARIF, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2
    )


def _rule(code: str, severity: Severity) -> dict[str, Any]:
    text = explanation(code)
    first = re.sub(r"\s+", " ", text.partition("\n\n")[0])
    return {
        "id": code,
        "fullDescription": {"text": first.removeprefix(f"**{severity.value.capitalize()}.** ")},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": _LEVELS[severity]},
    }


def _result(each: Diagnostic, rules: Mapping[str, int], workspace: Workspace) -> dict[str, Any]:
    location = each.location
    physical: dict[str, Any] = {
        "artifactLocation": {"uri": quote(workspace.display(location.path))}
    }
    if location.line:
        physical["region"] = {
            "startLine": location.line,
            "startColumn": location.column,
            "endColumn": location.column + location.width,
        }
    return {
        "ruleId": each.code,
        "ruleIndex": rules[each.code],
        "level": _LEVELS[each.severity],
        "message": {"text": f"{each.message}\n{each.help}" if each.help else each.message},
        "locations": [{"physicalLocation": physical}],
    }


def as_markdown(diagnostics: Sequence[Diagnostic], workspace: Workspace) -> str:
    """For the summary of a workflow or a comment on a pull request: what a maintainer must decide
    first, advice folded up.

    What authors wrote stands in fences, where GitHub neither reads markup nor notifies anyone who
    is named.
    """
    asked = [each for each in diagnostics if each.code == "ambiguous-identity"]
    problems = [
        each for each in diagnostics if each not in asked and each.severity is not Severity.ADVICE
    ]
    advice = [
        each for each in diagnostics if each not in asked and each.severity is Severity.ADVICE
    ]
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
    marks = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{marks}text\n{text}\n{marks}"


FORMATS: Mapping[str, Callable[[Sequence[Diagnostic], Workspace], str]] = {
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
    "markdown": as_markdown,
}
"""Every format beside the text for people."""
