"""`ankipress config`: the settings in force, and where each of them is set."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from ankipress.cli.diagnostics_text import show
from ankipress.cli.main import OK, PROBLEMS, examples, format_option, paths_argument
from ankipress.cli.printing import OwnText, echo, joined, lines_of, style
from ankipress.diagnostics import Diagnostic, has_errors
from ankipress.project.reading import read_workspace
from ankipress.project.settings_in_force import SettingInForce, settings_in_force
from ankipress.project.toml_text import toml_text
from ankipress.project.workspace import Workspace
from ankipress.visible_text import json_text

_EXAMPLES = examples(
    "ankipress config                    # the project around this folder",
    "ankipress config --format toml      # as an ankipress.toml",
    "ankipress config --schema           # the JSON Schema of the settings",
)
_SCHEMAS = ("settings", "front-matter")
_Settings = Sequence[SettingInForce]


@click.command("config", epilog=_EXAMPLES)
@paths_argument
@format_option(["text", "json", "toml"])
@click.option(
    "--schema",
    type=click.Choice(_SCHEMAS),
    is_flag=False,
    flag_value=_SCHEMAS[0],
    help="Print the JSON Schema of the settings or of front matter, and nothing else.",
)
def command(
    paths: tuple[Path, ...],
    form: str,
    schema: str | None,
) -> int:
    """Show the settings in force, and where each of them is set.

    What is not at its default comes first.
    """
    if schema:
        echo(lines_of(_schema(schema)), nl=False)
        return OK
    workspace = read_workspace(paths)
    problems = list(_problems(workspace))
    show(problems, workspace)
    echo(_FORMATS[form](settings_in_force(workspace), workspace))
    if has_errors(problems):
        return PROBLEMS
    return OK


def _schema(name: str) -> str:
    file = files("ankipress.project") / "schemas" / f"{name}.json"
    return file.read_text(encoding="utf-8").replace("\r\n", "\n")


def _problems(workspace: Workspace) -> Iterator[Diagnostic]:
    """What is wrong with the settings themselves, and not with the files that they name."""
    file = workspace.settings_path
    for each in workspace.diagnostics:
        if each.code != "no-sources" and file and each.location.path == file.name:
            yield each


def _as_text(settings: _Settings, workspace: Workspace) -> OwnText:
    """A line for each setting. An empty line is above those that are at their defaults."""
    longest_key = max(len(each.key) for each in settings)
    longest_origin = max(len(_origin(each, workspace)) for each in settings)
    lines = list[str]()
    is_above = False
    for each in settings:
        if each.is_default and is_above:
            lines.append("")
        is_above = not each.is_default
        key = style(each.key.ljust(longest_key), bold=not each.is_default)
        origin = _origin(each, workspace).ljust(longest_origin)
        lines.append(joined([key, "  ", origin, "  ", _value(each)]))
    return joined(lines, "\n")


def _value(setting: SettingInForce) -> str:
    if setting.value is None:
        return "(made by the first build)"
    return toml_text(setting.value)


def _origin(setting: SettingInForce, workspace: Workspace) -> str:
    """Where a setting is set, as a terminal or an editor opens it."""
    if setting.place is None:
        return setting.origin
    path = workspace.display(setting.place.path)
    if not setting.place.line:
        return path
    return f"{path}:{setting.place.line}"


def _as_toml(settings: _Settings, workspace: Workspace) -> OwnText:
    """A file of settings that says the same, and where each setting comes from.

    Defaults are comments: some, such as an empty `report_url`, cannot be written.
    """
    lines = []
    for each in settings:
        line = f"{each.key} = {_value(each)}"
        if each.origin == "default":
            line = f"# {line}"
        lines.append(joined([line, f"  # {_origin(each, workspace)}"]))
    return joined(lines, "\n")


def _as_json(settings: _Settings, workspace: Workspace) -> OwnText:
    rows = [_row(each, workspace) for each in settings]
    return lines_of(json_text(rows))


def _row(setting: SettingInForce, workspace: Workspace) -> dict[str, Any]:
    row: dict[str, Any] = {
        "key": setting.key,
        "value": _in_json(setting.value),
        "default": _in_json(setting.default),
        "origin": setting.origin,
        "path": None,
        "line": 0,
    }
    if setting.place is not None:
        row["path"] = workspace.display(setting.place.path)
        row["line"] = setting.place.line
    return row


def _in_json(value: Any) -> Any:
    """A value as JSON can have it: times and numbers that are none are texts."""
    if isinstance(value, list):
        return [_in_json(each) for each in value]
    if isinstance(value, dict):
        return {key: _in_json(each) for key, each in value.items()}
    is_number = isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
    if value is None or is_number:
        return value
    return str(value)


_FORMATS: Mapping[str, Callable[[_Settings, Workspace], OwnText]] = {
    "text": _as_text,
    "json": _as_json,
    "toml": _as_toml,
}
