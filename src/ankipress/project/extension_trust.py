"""Which extensions of Python-Markdown a project may use: harmless ones, and those that its user
allows.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ankipress.diagnostics import Diagnostic
from ankipress.project.extension_modules import digest_of, is_nowhere, own_code, target_of
from ankipress.project.harmless_extensions import is_harmless, is_known, options_to_trust
from ankipress.project.settings import ExtensionSetting, Settings
from ankipress.project.trust import Want, not_allowed, untrusted
from ankipress.visible_text import one_line

_SHOWN = 5  # files of a project's own code
_LONG = 10_000  # characters: what is allowed is shown as it is


def extension_wants(settings: Settings, root: Path) -> Iterator[Want]:
    """The extensions of a project that are not harmless."""
    for each in settings.extensions:
        if not is_harmless(each):
            want = _extension_want(each, root)
            if want:
                yield want


def _extension_want(setting: ExtensionSetting, root: Path) -> Want | None:
    target = target_of(setting.name)
    if is_nowhere(target):
        return None  # to render a card says that
    files = own_code(target, root)
    options = sorted(setting.options.items())
    details = f"extension {target} {options!r} {digest_of(files, root)}"
    what = f"the extension {setting.name}"
    if options:
        what += f" with the options {one_line(str(dict(setting.options)), _LONG)}"
    if files:
        what += f", which may use code of this project: {_named(files, root)}"
    return Want(what, _words(setting, files), setting.location, details)


def _named(files: Sequence[Path], root: Path) -> str:
    names = [one_line(os.path.relpath(file, root.resolve())) for file in files[:_SHOWN]]
    if len(files) > _SHOWN:
        names.append(f"and {len(files) - _SHOWN} more files")
    return ", ".join(names)


def _words(setting: ExtensionSetting, files: Sequence[Path]) -> str:
    words = f'the extension "{setting.name}"'
    if is_known(setting):
        options = ", ".join(map(one_line, options_to_trust(setting)))
        return f"{words} with the options {options}, which are not known to be harmless"
    if files:
        return f"{words}, for which Python may import code of this project"
    return f"{words}, which is not known to be harmless"


def without_untrusted(
    settings: Settings, wants: Iterable[Want], root: Path
) -> tuple[Settings, list[Diagnostic]]:
    """The settings without the extensions that the user has not allowed, each with an error. So no
    stage can import one.
    """
    refused = not_allowed(wants, root)
    places = {each.location for each in refused}
    kept = tuple(each for each in settings.extensions if each.location not in places)
    return replace(settings, extensions=kept), untrusted(refused, root)
