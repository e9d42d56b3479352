"""The extensions of Python-Markdown that a project adds. Only settings name them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ankipress.diagnostics import Diagnostic
from ankipress.project.settings import ExtensionSetting

if TYPE_CHECKING:
    from markdown.extensions import Extension


class Loaded(NamedTuple):
    """The extensions that could be loaded, and why others could not."""

    extensions: Sequence[Extension]
    diagnostics: Sequence[Diagnostic] = ()


def load_extensions(settings: Iterable[ExtensionSetting]) -> Loaded:
    """Import extensions and give them their options."""
    settings = list(settings)
    if not settings:
        return Loaded([], [])
    from markdown import Markdown  # noqa: PLC0415 - rarely needed

    extensions: list[Extension] = []
    problems: list[Diagnostic] = []
    for each in settings:
        try:
            extension = Markdown().build_extension(each.name, dict(each.options))
            # An extension that cannot work fails when it is registered.
            Markdown(extensions=[extension])
        except Exception as error:  # noqa: BLE001 - an extension may raise anything
            problems.append(_problem(each, error))
        else:
            extensions.append(Markdown().build_extension(each.name, dict(each.options)))
    return Loaded(extensions, problems)


def _problem(setting: ExtensionSetting, error: Exception) -> Diagnostic:
    name = setting.name
    match error:
        case ImportError():
            message = f'there is no extension "{name}" of Python-Markdown here'
            help = "`pip install` the package that has it, beside ankipress, or correct the name"
        case KeyError():
            message = f'the extension "{name}" has no option {error}'
            help = "its documentation names its options"
        case _:
            message = f'the extension "{name}" does not work: {type(error).__name__}: {error}'
            help = "correct its options, or take it out of `extensions`"
    return Diagnostic(
        "bad-extension",
        setting.location,
        " ".join(message.split()),
        help,
    )
