"""The extensions of Python-Markdown that a project adds. Only settings name them: no Markdown file
can.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ankipress.diagnostics import Diagnostic
from ankipress.project.settings import ExtensionSetting

if TYPE_CHECKING:
    from markdown.extensions import Extension

_INSTALL = "`pip install` the package that has it, beside ankipress, or mend the name"


class Loaded(NamedTuple):
    """The extensions that could be loaded, and why others could not."""

    extensions: Sequence[Extension]
    diagnostics: Sequence[Diagnostic] = ()


def load_extensions(settings: Iterable[ExtensionSetting]) -> Loaded:
    """Import extensions and give them their options."""
    # Few projects have extensions, and Python-Markdown takes a while to import.
    from markdown import Markdown  # noqa: PLC0415

    extensions: list[Extension] = []
    problems: list[Diagnostic] = []
    for each in settings:
        try:
            extension = Markdown().build_extension(each.name, dict(each.options))
            # An extension that cannot work says so when it is put in place.
            Markdown(extensions=[extension])
        except Exception as error:  # noqa: BLE001 - an extension may raise anything
            problems.append(_problem(each, error))
        else:
            extensions.append(Markdown().build_extension(each.name, dict(each.options)))
    return Loaded(extensions, problems)


def _problem(setting: ExtensionSetting, error: Exception) -> Diagnostic:
    if isinstance(error, ImportError):
        message, way_out = (
            f'there is no extension "{setting.name}" of Python-Markdown here',
            _INSTALL,
        )
    elif isinstance(error, KeyError):
        message = f'the extension "{setting.name}" has no option {error}'
        way_out = "its documentation names its options"
    else:
        message = f'the extension "{setting.name}" does not work: {type(error).__name__}: {error}'
        way_out = "mend its options, or take it out of `extensions`"
    return Diagnostic("bad-extension", setting.location, " ".join(message.split()), way_out)
