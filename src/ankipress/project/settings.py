"""The settings of a project: `[tool.ankipress]` in `pyproject.toml`, or the same keys in
`ankipress.toml`. They are validated once, when they are read.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path, PurePosixPath
from typing import Any

from ankipress.diagnostics import (
    CODES,
    DOCUMENTATION,
    OFF,
    Diagnostic,
    Location,
    Severity,
    suggestion,
)
from ankipress.project.languages import is_language, meant_language
from ankipress.syntax.spans import line_and_column

SIDES = ("light", "dark")
_LEVELS = (OFF, *reversed([each.value for each in Severity]))


@dataclass(frozen=True, slots=True)
class ExtensionSetting:
    """An extension of Python-Markdown by its name, such as `pymdownx.keys`, with its options.

    `location` is where the settings name it. `root` is the folder of the project, which its paths
    start from.
    """

    name: str
    options: Mapping[str, Any] = field(default_factory=dict)
    location: Location = field(default=Location(""), compare=False)
    root: str = field(default="", compare=False, repr=False)


# Values that are valid: texts that match a pattern, one of some values, a number in a range, or
# whatever a function accepts.
_Rule = re.Pattern[str] | tuple[object, ...] | range | Callable[[Any], bool]

# A package's name must be a safe file name everywhere. Anki takes some names for a backup, and
# would offer to replace the whole collection of a learner (Anki, `is_backup_or_collection`).
_NAME = re.compile(
    r"(?!(?i:(backup|collection)([-.]|\Z)|(con|prn|aux|nul|com\d|lpt\d)(\.|\Z)))"
    r"[^\W_][\w.-]{0,79}(?<!\.)"
)
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?")
_UID = re.compile(r"[A-Za-z0-9_-]{4,64}")
_EXTENSION = re.compile(r"[\w.-]+(?::\w+)?")
_TAG = re.compile(r"(?!(.*::)?(::|\Z))[^\s\x00-\x1f]+(?<!::)")
_RELATIVE = re.compile(r"(?![/\\]|[A-Za-z]:)(?!(.*[/\\])?\.\.([/\\]|\Z))[^\x00-\x1f\x7f]+")
_FONT = re.compile(r".*\.(woff2?|[to]tf)", re.IGNORECASE | re.DOTALL)
_MOST_PATTERNS = 1_000
_MOST_PARTS = 32  # of a pattern, between its slashes
# The host is no placeholder: a path must not choose where a link leads.
_SOURCE_URL = re.compile(
    r"https?://(?:{known})*[^\s/?#{{}}<>\"](?:{known}|[^\s{{}}<>\"])*".format(
        known=r"\{(?:path|anchor|guid)\}"
    )
)


def is_name(value: Any) -> bool:
    """Whether a package may have this name."""
    return _obeys(value, _NAME)


def _obeys(value: Any, rule: _Rule) -> bool:
    match rule:
        case re.Pattern():
            return isinstance(value, str) and rule.fullmatch(value) is not None
        case tuple() | range():
            return type(value) is type(rule[0]) and value in rule  # True is not 1 here
        case _:
            return rule(value)


def _is_line(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable()


def _is_part(value: Any) -> bool:
    return type(value) in {int, float} and 0 <= value <= 1


def _is_filled_line(value: Any) -> bool:
    return _is_line(value) and value.strip() != ""


def _is_report_url(value: Any) -> bool:
    return _is_line(value) and value.startswith(("http://", "https://", "mailto:"))


def _is_changelog(value: Any) -> bool:
    if value == "":
        return True
    return _is_line(value) and _obeys(value, _RELATIVE) and value.endswith(".md")


def _is_release_tag(value: Any) -> bool:
    """Whether it makes a tag that git allows (git-check-ref-format), a different one for each
    version.
    """
    if not isinstance(value, str) or "{version}" not in value:
        return False
    tag = re.sub(r"\{(?:name|version)\}", "1", value)
    if re.search(r"\.\.|//|/\.|\.lock(/|$)|[./]$", tag):
        return False
    return re.fullmatch(r"\w[\w./+=-]*", tag) is not None


def _is_pattern(value: str) -> bool:
    """Whether pathlib takes it for a pattern: it names something, and `**` stands alone."""
    parts = PurePosixPath(value).parts
    stars = [part for part in parts if "**" in part]
    if not 0 < len(parts) <= _MOST_PARTS:
        return False
    return set(stars) <= {"**"} and _obeys(value, _RELATIVE)


def _are_patterns(values: Any) -> bool:
    """Whether they are patterns, and not so many that finding their files takes long."""
    if not isinstance(values, list) or len(values) > _MOST_PATTERNS:
        return False
    return all(isinstance(each, str) and _is_pattern(each.removeprefix("!")) for each in values)


def _is_extension(value: Any) -> bool:
    if not isinstance(value, dict):
        return _obeys(value, _EXTENSION)
    if not isinstance(value.get("options", {}), dict):
        return False
    return value.keys() <= {"name", "options"} and _is_extension(value.get("name"))


def _is_font_key(value: Any) -> bool:
    return value in {"text", "code"} or is_language(value)


def _list_of(rule: _Rule) -> _Rule:
    def is_valid(value: Any) -> bool:
        return isinstance(value, list) and all(_obeys(each, rule) for each in value)

    return is_valid


def _table_of(keys: _Rule, values: _Rule) -> _Rule:
    def is_valid(value: Any) -> bool:
        if not isinstance(value, dict):
            return False
        return all(_obeys(key, keys) and _obeys(each, values) for key, each in value.items())

    return is_valid


def _one_of(values: Iterable[Any]) -> str:
    return f"one of {', '.join(values)}"


def _setting(default: Any, rule: _Rule, expected: str = "") -> Any:
    """A setting with its default. `rule` tells what a value must be, `expected` tells it in words.

    A rule that lists the values needs no words.
    """
    if isinstance(rule, tuple) and not expected:
        expected = _one_of(rule)
    metadata = {"rule": rule, "expected": expected}
    if isinstance(default, dict):
        return field(default_factory=default.copy, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Settings:
    """What an author can set. The defaults build a file without any settings.

    `name` and `version` name the package. `uid` makes guids and note type ids differ from those of
    every other project; None means that it is derived from the name and the first deck. `sources`
    are glob patterns; one that starts with `!` excludes files.
    """

    name: str = _setting(
        "cards", _NAME, 'a short file name such as "my-deck", not "backup…" or "collection"'
    )
    version: str = _setting("0.1.0", _VERSION, 'three numbers such as "1.0.0"')
    uid: str | None = _setting(None, _UID, "4 to 64 letters, digits, - and _")
    description: str = _setting("", _is_line, "a line of text")
    report_url: str = _setting("", _is_report_url, "an address")
    source_url: str = _setting(
        "",
        _SOURCE_URL,
        "an address that starts with https:// and holds no names in braces but {path}, {anchor}"
        " and {guid}",
    )
    source_label: str = _setting("Suggest an edit", _is_filled_line, "a line of text")
    sources: tuple[str, ...] = _setting(
        ("cards.md", "cards/**/*.md"),
        _are_patterns,
        'a list of patterns inside the project such as ["cards/**/*.md"], at most'
        f" {_MOST_PATTERNS:,}",
    )
    output: str = _setting("build", _RELATIVE, "a folder inside the project")
    card_level: int = _setting(2, range(1, 7), "a number from 1 to 6")
    empty_answers: bool = _setting(default=False, rule=(False, True), expected="true or false")
    sections: str = _setting("ignore", ("ignore", "tag", "subdeck"))
    deck_prefix: str = _setting("", _is_line, 'a deck name such as "School::Biology"')
    tags: tuple[str, ...] = _setting((), _list_of(_TAG), "a list of tags without spaces")
    theme: Mapping[str, str] = _setting(
        {},
        _table_of(SIDES, _is_line),
        'a table with a style of Pygments for light, dark or both such as { dark = "monokai" }',
    )
    extensions: tuple[ExtensionSetting, ...] = _setting(
        (),
        _list_of(_is_extension),
        'a list of names such as "pymdownx.keys", or of { name = "…", options = {…} }',
    )
    lang: str = _setting("", is_language, 'a language such as "de" or "pt-BR"')
    fonts: Mapping[str, str] = _setting(
        {},
        _table_of(_is_font_key, lambda path: _obeys(path, _RELATIVE) and _obeys(path, _FONT)),
        'a table of "text", "code" or languages, each with a .woff2, .woff, .ttf or .otf file',
    )
    severity: Mapping[str, str] = _setting(
        {}, _table_of(tuple(CODES), _LEVELS), f"a table of codes, each with {_one_of(_LEVELS)}"
    )
    run: Mapping[str, str] = _setting(
        {},
        _table_of(lambda _: True, _is_filled_line),
        'a table of languages and commands such as { javascript = "node" }',
    )
    packages: str = _setting("project", ("project", "deck"))
    changelog: str = _setting(
        "CHANGELOG.md",
        _is_changelog,
        'a Markdown file inside the project such as "CHANGELOG.md", or "" for none',
    )
    release_tag: str = _setting(
        "v{version}",
        _is_release_tag,
        'the name of a tag with {version} in it, such as "v{version}" or "{name}-{version}"',
    )
    changed_tag: bool = _setting(default=False, rule=(False, True), expected="true or false")
    most_retired: float = _setting(0.2, _is_part, "a number from 0 to 1 such as 0.2")
    retired: str = _setting("omit", ("omit", "tombstone"))
    retired_releases: int = _setting(3, range(1, 1001), "a number from 1 to 1000")
    forget_retired: int = _setting(0, range(1001), "a number from 0 to 1000")
    retired_text: str = _setting(
        "This card was taken out of the deck in version {version}. You can delete it, suspend it,"
        " or keep it: it will not change any more.",
        _is_filled_line,
        "a line of text",
    )

    @property
    def asked(self) -> tuple[str, ...]:
        """The settings that the fields of notes depend on."""
        extensions = (f"{each.name} {sorted(each.options.items())}" for each in self.extensions)
        return (self.source_url, self.source_label, self.lang, *extensions)

    def rooted(self, root: Path) -> Settings:
        """The settings of the project in a folder."""
        extensions = tuple(replace(each, root=str(root)) for each in self.extensions)
        return replace(self, extensions=extensions)


_FIELDS = {each.name: each for each in fields(Settings)}


def parse_settings(
    text: str, path: str, *, name: str
) -> tuple[Settings | None, tuple[Diagnostic, ...]]:
    """The settings in a `pyproject.toml` or `ankipress.toml`.

    None, with no diagnostic, for a `pyproject.toml` without a `[tool.ankipress]` table: it belongs
    to something else. A key that is not valid keeps its default and has a diagnostic. `name` is the
    default for the name.
    """
    defaults = Settings(name=name)
    try:
        table: Any = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return defaults, (_not_toml(error, text, path),)
    if path.endswith("pyproject.toml"):
        tool = table.get("tool")
        if not isinstance(tool, dict) or "ankipress" not in tool:
            return None, ()
        table = tool["ankipress"]
    if not isinstance(table, dict):
        message = "`tool.ankipress` must be a table"
        return defaults, (_problem(Location(path), message, "write `[tool.ankipress]`"),)
    values: dict[str, Any] = {"name": name}
    problems = []
    for key, value in table.items():
        wrong = _wrong(key, value)
        if wrong:
            problem = _problem(place_of(text, path, key), wrong, _help(key))
            if key == "lang" and isinstance(value, str):
                problem = _language_problem(problem, text, value)
            problems.append(problem)
        elif key == "extensions":
            values[key] = _extensions(value, text, path)
        elif isinstance(value, list):
            values[key] = tuple(value)
        else:
            values[key] = value
    return Settings(**values), tuple(problems)


def _problem(location: Location, message: str, help: str) -> Diagnostic:
    return Diagnostic("bad-settings", location, message, help)


def _language_problem(problem: Diagnostic, text: str, value: str) -> Diagnostic:
    """The problem of a value that is no language, with what was meant where that is clear."""
    meant = meant_language(value)
    place = problem.location
    if not meant or not place.line:
        return problem
    message = f'{problem.message}; did you mean "{meant}"?'
    line = text.split("\n")[place.line - 1]
    written = re.compile(rf"=[ \t]*(?P<value>([\"']){re.escape(value)}\2)")
    found = written.search(line, place.column)
    if not found:
        return replace(problem, message=message)
    words = found["value"]
    place = replace(place, column=found.start("value") + 1, width=len(words))
    return replace(problem, location=place, message=message, fix=f'"{meant}"')


def _not_toml(error: Exception, text: str, path: str) -> Diagnostic:
    # Before Python 3.14 the place of the error stands only in its message.
    place = re.search(r"at line (\d+), column (\d+)", str(error))
    location = Location(path, text.rstrip().count("\n") + 1)
    if place:
        location = Location(path, int(place[1]), int(place[2]))
    return _problem(location, f"this is not TOML: {error}", "fix the syntax at this place")


def _wrong(key: str, value: Any) -> str | None:
    """What is wrong with a setting, None where nothing is."""
    if key not in _FIELDS:
        return f'there is no setting "{key}"' + suggestion(key, tuple(_FIELDS))
    if key == "severity" and isinstance(value, dict):
        return _wrong_level(value)
    if key == "source_url" and _is_line(value) and "{line}" in value:
        return (
            '"source_url" must be without {line}:'
            " one line more in a file would change every card below it"
        )
    wanted = _FIELDS[key].metadata
    if _obeys(value, wanted["rule"]):
        return None
    return f'"{key}" must be {wanted["expected"]}, not {value!r}'


def _wrong_level(levels: Mapping[str, Any]) -> str | None:
    """What is wrong with the first severity that cannot be set, None where nothing is."""
    for code, level in levels.items():
        if code not in CODES:
            return f'there is no code "{code}"' + suggestion(code, tuple(CODES))
        if CODES[code] is Severity.ERROR:
            return f'"{code}" is an error in every project: its package would be wrong'
        if level not in _LEVELS:
            return f'the severity of "{code}" is {_one_of(_LEVELS)}, not {level!r}'
    return None


def _help(key: str) -> str:
    if key in _FIELDS:
        return f"{DOCUMENTATION}/settings.md#{key} describes this setting"
    return f"the settings are {', '.join(_FIELDS)}"


def place_of(text: str, path: str, key: str) -> Location:
    """Where a key is set: inside the table of ankipress where the file has other tables too."""
    begin = 0
    if path.endswith("pyproject.toml"):
        begin = max(0, text.find("[tool.ankipress]"))
    key_or_table = (
        rf"^[ \t]*(?:[\"']?|\[(?:tool\.ankipress\.)?)({re.escape(key)})(?:[\"']?[ \t]*=|\])"
    )
    found = re.compile(key_or_table, re.MULTILINE).search(text, begin)
    if not found:
        return Location(path)
    return _location(text, path, found.start(1), key)


def _location(text: str, path: str, start: int, word: str) -> Location:
    line, column = line_and_column(text, start)
    width = max(1, len(word))
    return Location(path, line + 1, column + 1, width)


def _extensions(values: Sequence[Any], text: str, path: str) -> tuple[ExtensionSetting, ...]:
    """The extensions of a list that is valid, each with its place."""
    key = place_of(text, path, "extensions")
    lines = text.split("\n")[: max(0, key.line - 1)]
    begin = sum(len(line) + 1 for line in lines)
    found = []
    for value in values:
        table = value
        if not isinstance(value, dict):
            table = {"name": value}
        name = table["name"]
        written = re.compile(rf"[\"']({re.escape(name)})[\"']").search(text, begin)
        place = key
        if written:
            begin = written.end()
            place = _location(text, path, written.start(1), name)
        found.append(ExtensionSetting(name, table.get("options", {}), place))
    return tuple(found)
