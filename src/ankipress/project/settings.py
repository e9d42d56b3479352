"""The settings of a project, validated once: `[tool.ankipress]` in `pyproject.toml`, or the same
keys in `ankipress.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import PurePosixPath
from typing import Any

from ankipress.diagnostics import CODES, OFF, Diagnostic, Location, Severity, suggestion

SECTIONS = ("ignore", "tag", "subdeck")
SIDES = ("light", "dark")
PACKAGES = ("project", "deck")
RETIRED = ("omit", "tombstone")
LEVELS = (OFF, *reversed([each.value for each in Severity]))


@dataclass(frozen=True, slots=True)
class ExtensionSetting:
    """An extension of Python-Markdown by its name, such as `pymdownx.keys`, with its options, and
    where the settings name it.
    """

    name: str
    options: Mapping[str, Any] = field(default_factory=dict)
    location: Location = field(default=Location(""), compare=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """What an author can set; the defaults build a file with no settings at all.

    `name` and `version` name the package. `uid` makes guids and note type ids differ from those of
    every other project; None means derived from the name and the first deck. `sources` are glob
    patterns, one that starts with `!` excludes.
    """

    name: str = "cards"
    version: str = "0.1.0"
    uid: str | None = None
    description: str = ""
    report_url: str = ""
    source_url: str = ""
    source_label: str = "Suggest an edit"
    sources: tuple[str, ...] = ("cards.md", "cards/**/*.md")
    output: str = "build"
    card_level: int = 2
    sections: str = "ignore"
    deck_prefix: str = ""
    tags: tuple[str, ...] = ()
    theme: Mapping[str, str] = field(default_factory=dict)
    extensions: tuple[ExtensionSetting, ...] = ()
    lang: str = ""
    fonts: Mapping[str, str] = field(default_factory=dict)
    severity: Mapping[str, str] = field(default_factory=dict)
    run: Mapping[str, str] = field(default_factory=dict)
    packages: str = "project"
    changelog: str = "CHANGELOG.md"
    release_tag: str = "v{version}"
    changed_tag: bool = False
    retired: str = "omit"
    retired_releases: int = 3
    retired_text: str = (
        "This card was taken out of the deck in version {version}. You can delete it, suspend it, or keep it: it will not change"
        " any more."
    )

    @property
    def asked(self) -> tuple[str, ...]:
        """The settings that the fields of notes depend on."""
        extensions = (f"{each.name} {sorted(each.options.items())}" for each in self.extensions)
        return (self.source_url, self.source_label, self.lang, *extensions)


def parse_settings(
    text: str, path: str, *, name: str
) -> tuple[Settings | None, tuple[Diagnostic, ...]]:
    """The settings in a `pyproject.toml` or `ankipress.toml`.

    None, with no diagnostic, for a `pyproject.toml` without a `[tool.ankipress]` table: it belongs
    to something else. A key that is not valid keeps its default and has a diagnostic. `name` is the
    default for the name.
    """
    try:
        document: Any = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return Settings(name=name), (_not_toml(error, text, path),)
    if path.endswith("pyproject.toml"):
        tool = document.get("tool")
        document = tool.get("ankipress") if isinstance(tool, dict) else None
        if document is None:
            return None, ()
    if not isinstance(document, dict):
        return Settings(name=name), (
            Diagnostic(
                "bad-settings",
                Location(path),
                "`tool.ankipress` must be a table",
                "write `[tool.ankipress]`",
            ),
        )
    values: dict[str, Any] = {"name": name}
    problems: list[Diagnostic] = []
    for key, value in document.items():
        message = _problem(key, value)
        if message:
            problems.append(
                Diagnostic("bad-settings", place_of(text, path, key), message, _help(key))
            )
        else:
            values[key] = tuple(value) if isinstance(value, list) else value
    if "extensions" in values:
        values["extensions"] = _extensions(values["extensions"], text, path)
    return Settings(**values), tuple(problems)


def _not_toml(error: Exception, text: str, path: str) -> Diagnostic:
    # Before Python 3.14 the place of the error stands only in its message.
    place = re.search(r"at line (\d+), column (\d+)", str(error))
    last = text.rstrip().count("\n") + 1
    location = Location(path, int(place[1]), int(place[2])) if place else Location(path, last)
    return Diagnostic(
        "bad-settings", location, f"this is not TOML: {error}", "mend the syntax at this place"
    )


def place_of(text: str, path: str, key: str) -> Location:
    """Where a key is set, inside the table of ankipress where there are several tables."""
    begin = text.find("[tool.ankipress]") if path.endswith("pyproject.toml") else 0
    key_or_table = (
        rf"^[ \t]*(?:[\"']?|\[(?:tool\.ankipress\.)?)({re.escape(key)})(?:[\"']?[ \t]*=|\])"
    )
    found = re.compile(key_or_table, re.MULTILINE).search(text, max(begin, 0))
    if not found:
        return Location(path)
    line_start = text.rfind("\n", 0, found.start(1)) + 1
    return Location(
        path, text.count("\n", 0, line_start) + 1, found.start(1) - line_start + 1, max(1, len(key))
    )


def _problem(key: str, value: Any) -> str:
    if key not in _CHECKS:
        return f'there is no setting "{key}"' + suggestion(key, tuple(_CHECKS))
    if key == "severity" and isinstance(value, dict):
        return next(filter(None, (_wrong_level(code, level) for code, level in value.items())), "")
    if key == "source_url" and _is_text(value) and "{line}" in value:
        return '"source_url" must be without {line}: one line more in a file would change every card below it'
    expected, valid = _CHECKS[key]
    return "" if valid(value) else f'"{key}" must be {expected}, not {value!r}'


def _help(key: str) -> str:
    return (
        "settings are described in docs/settings.md"
        if key in _CHECKS
        else f"the settings are {', '.join(_CHECKS)}"
    )


def is_name(value: Any) -> bool:
    """Whether a package may be called so.

    It must be a safe file name everywhere, and none that Anki takes for a backup: it would offer
    such a package as a replacement of the learner's whole collection (Anki,
    `is_backup_or_collection`).
    """
    return (
        isinstance(value, str)
        and re.fullmatch(r"[^\W_][\w.-]{0,79}", value) is not None
        and not value.endswith(".")
        and not re.match(
            r"(?i)(backup|collection)([-.]|$)|(con|prn|aux|nul|com\d|lpt\d)(\.|$)", value
        )
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable()


def _is_template(value: Any) -> bool:
    """Whether it is an address in which all braces name what a card has."""
    known = isinstance(value, str) and re.sub(r"\{(?:path|anchor|guid)\}", "", value)
    return (
        bool(known)
        and re.fullmatch(r"https?://[^\s/?#{}<>\"]+[^\s{}<>\"]*", str(known)) is not None
    )


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each for each in value)


def _is_tags(value: Any) -> bool:
    return _is_texts(value) and not any(re.search(r"[\s\x00-\x1f]", each) for each in value)


def _is_relative(value: Any) -> bool:
    inside = isinstance(value, str) and value != "" and not re.match(r"[/\\]|[A-Za-z]:", value)
    return inside and ".." not in re.split(r"[/\\]", value)


def _is_version(value: Any) -> bool:
    return (
        isinstance(value, str)
        and re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?", value) is not None
    )


def _is_uid(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_-]{4,64}", value) is not None


def _is_sources(value: Any) -> bool:
    return _is_texts(value) and all(_is_pattern(each.removeprefix("!")) for each in value)


def _is_pattern(value: str) -> bool:
    """Whether pathlib takes it for a pattern: not for one that names no part, nor for `**` beside
    other characters.
    """
    parts = PurePosixPath(value).parts
    return (
        _is_relative(value)
        and parts != ()
        and all(part == "**" or "**" not in part for part in parts)
    )


def _is_theme(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) <= set(SIDES)
        and all(_is_text(each) for each in value.values())
    )


def _is_extensions(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_extension, value))


def _is_extension(value: Any) -> bool:
    if isinstance(value, dict):
        return (
            value.keys() <= {"name", "options"}
            and isinstance(value.get("options", {}), dict)
            and _is_extension(value.get("name"))
        )
    return isinstance(value, str) and re.fullmatch(r"[\w.-]+(?::\w+)?", value) is not None


def _extensions(values: Sequence[Any], text: str, path: str) -> tuple[ExtensionSetting, ...]:
    """The extensions of a list that is valid, each with its place."""
    key = place_of(text, path, "extensions")
    position = sum(len(line) + 1 for line in text.split("\n")[: max(0, key.line - 1)])
    found = []
    for value in values:
        name, options = (
            (value["name"], value.get("options", {})) if isinstance(value, dict) else (value, {})
        )
        at = text.find(name, position)
        place = (
            Location(path, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at), len(name))
            if at >= 0
            else key
        )
        found.append(ExtensionSetting(name, options, place))
    return tuple(found)


def _is_severity(value: Any) -> bool:
    return isinstance(value, dict) and not any(
        _wrong_level(code, level) for code, level in value.items()
    )


def _wrong_level(code: str, level: Any) -> str:
    if code not in CODES:
        return f'there is no code "{code}"' + suggestion(code, tuple(CODES))
    if CODES[code] is Severity.ERROR:
        return f'"{code}" is an error in every project: its package would be wrong'
    return (
        ""
        if level in LEVELS
        else f'the severity of "{code}" is one of {", ".join(LEVELS)}, not {level!r}'
    )


def is_language(value: Any) -> bool:
    """Whether it names a language, as `de` or `pt-BR` do."""
    return (
        isinstance(value, str)
        and re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", value) is not None
    )


def _is_fonts(value: Any) -> bool:
    """Whether each use, `text`, `code` or a language, has the path of a font."""
    return isinstance(value, dict) and all(
        is_language(use)
        and _is_relative(path)
        and re.search(r"\.(woff2?|[to]tf)$", path, re.IGNORECASE)
        for use, path in value.items()
    )


def _is_changelog(value: Any) -> bool:
    return value == "" or (_is_relative(value) and _is_text(value) and value.endswith(".md"))


def _is_release_tag(value: Any) -> bool:
    """Whether it makes a tag that git allows (git-check-ref-format), and one that differs for each
    version.
    """
    known = (
        isinstance(value, str)
        and "{version}" in value
        and re.sub(r"\{(?:name|version)\}", "1", value)
    )
    return (
        bool(known)
        and re.fullmatch(r"[\w][\w./+=-]*", str(known)) is not None
        and not re.search(r"\.\.|//|/\.|\.lock(/|$)|[./]$", str(known))
    )


def _is_commands(value: Any) -> bool:
    return isinstance(value, dict) and all(
        _is_text(each) and each.strip() for each in value.values()
    )


_CHECKS: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "name": ('a short file name such as "my-deck", not "backup…" or "collection"', is_name),
    "version": ('three numbers such as "1.0.0"', _is_version),
    "uid": ("4 to 64 letters, digits, - and _", _is_uid),
    "description": ("a line of text", _is_text),
    "report_url": (
        "an address",
        lambda value: _is_text(value) and re.match(r"https?://|mailto:", value) is not None,
    ),
    "source_url": (
        "an address that starts with https:// and holds no names in braces but {path}, {anchor} and {guid}",
        _is_template,
    ),
    "source_label": ("a line of text", lambda value: _is_text(value) and bool(value.strip())),
    "sources": ('a list of patterns inside the project such as ["cards/**/*.md"]', _is_sources),
    "output": ("a folder inside the project", _is_relative),
    "card_level": ("a number from 1 to 6", lambda value: type(value) is int and 1 <= value <= 6),
    "sections": (f"one of {', '.join(SECTIONS)}", lambda value: value in SECTIONS),
    "deck_prefix": ('a deck name such as "School::Biology"', _is_text),
    "tags": ("a list of tags without spaces", _is_tags),
    "theme": (
        'a table with a style of Pygments for light, dark or both such as { dark = "monokai" }',
        _is_theme,
    ),
    "extensions": (
        'a list of names such as "pymdownx.keys", or of { name = "…", options = {…} }',
        _is_extensions,
    ),
    "lang": ('a language such as "de" or "pt-BR"', is_language),
    "fonts": (
        'a table of "text", "code" or languages, each with a .woff2, .woff, .ttf or .otf file',
        _is_fonts,
    ),
    "severity": (f"a table of codes, each with one of {', '.join(LEVELS)}", _is_severity),
    "run": ('a table of languages and commands such as { javascript = "node" }', _is_commands),
    "packages": (f"one of {', '.join(PACKAGES)}", lambda value: value in PACKAGES),
    "changelog": (
        'a Markdown file inside the project such as "CHANGELOG.md", or "" for none',
        _is_changelog,
    ),
    "release_tag": (
        'the name of a tag with {version} in it, such as "v{version}" or "{name}-{version}"',
        _is_release_tag,
    ),
    "changed_tag": ("true or false", lambda value: isinstance(value, bool)),
    "retired": (f"one of {', '.join(RETIRED)}", lambda value: value in RETIRED),
    "retired_releases": (
        "a number from 1 to 1000",
        lambda value: type(value) is int and 1 <= value <= 1000,
    ),
    "retired_text": ("a line of text", lambda value: _is_text(value) and bool(value.strip())),
}

assert set(_CHECKS) == {each.name for each in fields(Settings)}  # every setting is validated
