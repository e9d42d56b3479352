"""The settings of a project that was read, each with where it is set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from ankipress.diagnostics import Location
from ankipress.project.reading import to_name
from ankipress.project.settings import ExtensionSetting, Settings, places_of_settings
from ankipress.project.workspace import Workspace


@dataclass(frozen=True, slots=True)
class SettingInForce:
    """A setting with its value and its default, as TOML has them; None is one that is still to be
    made.

    `origin` is `default`, `file` or `lock`; `place` is where that is, None for a default.
    """

    key: str
    value: Any
    default: Any
    origin: str = "default"
    place: Location | None = None

    @property
    def is_default(self) -> bool:
        """Whether the value is the default, though it may be written somewhere."""
        return bool(self.value == self.default)


def settings_in_force(workspace: Workspace) -> list[SettingInForce]:
    """Every setting: first those that are not at their defaults, then those that are set, then the
    others.
    """
    found = list(_settings(workspace))
    return sorted(found, key=lambda each: (each.is_default, each.origin == "default"))


def _settings(workspace: Workspace) -> Iterator[SettingInForce]:
    settings = workspace.project.settings
    places = _places(workspace)
    default = Settings(name=settings.name)
    if "name" in places:
        default = replace(default, name=to_name(workspace.root.name))
    for each in fields(Settings):
        value = plain_value(getattr(settings, each.name))
        setting = SettingInForce(each.name, value, plain_value(getattr(default, each.name)))
        if each.name in places:
            yield replace(setting, origin="file", place=places[each.name])
        elif each.name == "uid" and workspace.project.lock.uid:
            lock = Location(workspace.lock_path.name)
            uid = workspace.project.lock.uid
            yield replace(setting, value=uid, origin="lock", place=lock)
        else:
            yield setting


def _places(workspace: Workspace) -> Mapping[str, Location]:
    file = workspace.settings_path
    if file is None:
        return {}
    return places_of_settings(workspace.texts[file.name], file.name)


def plain_value(value: Any) -> Any:
    """A value of a setting as a file of settings has it."""
    if isinstance(value, ExtensionSetting):
        if not value.options:
            return value.name
        return {"name": value.name, "options": dict(value.options)}
    if isinstance(value, tuple):
        return [plain_value(each) for each in value]
    return value
