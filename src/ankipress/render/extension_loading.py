"""The extensions of Python-Markdown that a project adds. Only settings name them.

Whoever reads a project leaves out those that its user does not trust: here they are imported.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ankipress.diagnostics import Diagnostic
from ankipress.interruption import Interruption
from ankipress.project.settings import ExtensionSetting

if TYPE_CHECKING:
    from markdown.extensions import Extension


_REFUSED = {
    "markdown.extensions.codehilite": (
        "a card could write files by it; ankipress colours code itself"
    ),
    "pymdownx.b64": "it reads files of any folder; ankipress packs pictures itself",
}
"""Why some extensions are not used, trusted or not, by the module of their class."""


class Loaded(NamedTuple):
    """The extensions that could be loaded, and why others could not."""

    extensions: Sequence[Extension]
    diagnostics: Sequence[Diagnostic] = ()


class NotAnExtensionError(Exception):
    """What a name means must not be called, or not be used. The message says why."""


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
            # An extension that cannot work fails when it is registered.
            Markdown(extensions=[_extension(each)])
            extensions.append(_extension(each))
        except (Interruption, KeyboardInterrupt):
            raise
        except BaseException as error:  # noqa: BLE001 - an extension may raise SystemExit too
            problems.append(_problem(each, error))
    return Loaded(extensions, problems)


def _extension(setting: ExtensionSetting) -> Extension:
    """The extension that a name means, found by the rules of Python-Markdown.

    Unlike there, nothing but a class of extensions is called, or the `makeExtension` of a module.
    """
    from markdown.extensions import Extension  # noqa: PLC0415

    make = _maker(setting.name)
    is_class = isinstance(make, type) and issubclass(make, Extension)
    if not is_class and getattr(make, "__name__", "") != "makeExtension":
        raise NotAnExtensionError("it is no subclass of markdown.extensions.Extension")
    extension = make(**setting.options)
    if not isinstance(extension, Extension):
        raise NotAnExtensionError("its `makeExtension` makes no extension")
    module = type(extension).__module__
    if module in _REFUSED:
        raise NotAnExtensionError(_REFUSED[module])
    if module == "pymdownx.snippets":
        from ankipress.render.own_snippets import OwnSnippets  # noqa: PLC0415 - rarely needed

        return OwnSnippets(setting.options, setting.root)
    return extension


def _maker(name: str) -> Any:
    """What is called to make an extension."""
    from importlib import import_module  # noqa: PLC0415
    from importlib.metadata import entry_points  # noqa: PLC0415

    for entry_point in entry_points(group="markdown.extensions", name=name):
        return entry_point.load()
    module_name, _, attribute = name.partition(":")
    module = import_module(module_name)
    return getattr(module, attribute or "makeExtension")


def _problem(setting: ExtensionSetting, error: BaseException) -> Diagnostic:
    name = setting.name
    match error:
        case ImportError():
            message = f'there is no extension "{name}" of Python-Markdown here'
            help = "`pip install` the package that has it, beside ankipress, or correct the name"
        case KeyError():
            message = f'the extension "{name}" has no option {error}'
            help = "its documentation names its options"
        case NotAnExtensionError():
            message = f'"{name}" is not used as an extension: {error}'
            help = "take it out of `extensions`, or change its options"
        case _:
            message = f'the extension "{name}" does not work: {type(error).__name__}: {error}'
            help = "correct its options, or take it out of `extensions`"
    return Diagnostic(
        "bad-extension",
        setting.location,
        " ".join(message.split()),
        help,
    )
