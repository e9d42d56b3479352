"""Runs the code that cards mark with `{.run}`, and says where it is not as the card shows it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from ankipress.diagnostics import Diagnostic, Location
from ankipress.lint.runnable_code import Run, agrees, code_runs, code_wants
from ankipress.model import Entry
from ankipress.project.code_runner import CodeResult, command_words, default_command, run_code
from ankipress.project.settings import place_of
from ankipress.project.trust import not_allowed, untrusted
from ankipress.project.workspace import Workspace
from ankipress.visible_text import one_line

_SHOWN = 30  # lines of an output that are shown


def wrong_code(
    entries: Sequence[Entry],
    workspace: Workspace,
    seconds: float,
) -> list[Diagnostic]:
    """Run the marked code of some cards, each piece for so many seconds at most.

    Where the user has not allowed all of it, nothing is run. A command of the settings may name a
    program by its path in the project.
    """
    root = workspace.root
    commands = workspace.project.settings.run
    runs = code_runs(entries)
    refused = not_allowed(code_wants(runs, commands, place_of_commands(workspace)), root)
    if refused:
        return untrusted(refused, root)
    words = {language: command_words(line, root) for language, line in commands.items()}
    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        found = pool.map(lambda run: _problem(run, words, seconds), runs)
        return [each for each in found if each is not None]
    finally:
        pool.shutdown(cancel_futures=True)  # after an interruption, start no more


def place_of_commands(workspace: Workspace) -> Location:
    """Where the settings of a project name commands."""
    path = workspace.settings_path
    if path is None:
        return Location(".")
    return place_of(workspace.texts.get(path.name, ""), path.name, "run")


def _problem(run: Run, commands: Mapping[str, Sequence[str]], seconds: float) -> Diagnostic | None:
    command = commands.get(run.language) or default_command(run.language)
    if command is None:
        message = f'there is no command to run code of the language "{run.language}"'
        return _failed(run, message, f'set one: `run = {{ {run.language or "sh"} = "COMMAND" }}`')
    try:
        outcome = run_code(run.code, run.language, command, seconds)
    except TimeoutError:
        message = f"this code runs longer than {seconds:g} s"
        return _failed(run, message, "or give it more: --timeout")
    except OSError as error:
        message = f"this code cannot be run: {command[0]}: {error.strerror or error}"
        return _failed(run, message, "install it, or fix the command in the setting `run`")
    return _unexpected(run, outcome)


def _failed(run: Run, message: str, help: str) -> Diagnostic:
    return Diagnostic("code-failed", run.location, message, help)


def _unexpected(run: Run, outcome: CodeResult) -> Diagnostic | None:
    """Where the outcome is not what the card says. Without words on it, code must not fail."""
    shown = _indented(outcome.output)
    if run.expected is not None and run.output:
        if agrees(run.expected, outcome.output):
            return None
        return Diagnostic(
            "wrong-output",
            run.output,
            f"the code above prints something else:\n{shown or '    (nothing)'}",
            "fix the code or its output; a line `...` stands for any lines",
        )
    if outcome.status == 0:
        return None
    message = f"this code fails with exit status {outcome.status}:\n{shown}"
    return _failed(run, message, "fix it, or show the message as the output of the code")


def _indented(output: str) -> str:
    """The first and last lines of an output, below a message."""
    lines = output.rstrip().split("\n")
    if len(lines) > _SHOWN:
        half = _SHOWN // 2
        more = f"… {len(lines) - 2 * half} more lines …"
        lines = [*lines[:half], more, *lines[-half:]]
    return "\n".join(f"    {one_line(line)}".rstrip() for line in lines)
