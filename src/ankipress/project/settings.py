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
SHAPE_NAMES = ("headings", "file", "numbered", "prefix", "summary", "bold", "inline", "table")
"""How a file marks its questions: `parse/shapes/` has a reader for each."""

AUTO = "auto"
LEVELS = (1, 2, 3, 4, 5, 6, AUTO)
CardLevel = int | str
"""The level of the headings that make cards, or in each file the level that holds its questions."""

_LEVELS = (OFF, *reversed([each.value for each in Severity]))
_GRADED = tuple(code for code, severity in CODES.items() if severity is not Severity.ERROR)


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


Check = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class ListOf:
    """The rule of a list: what each of its items must be."""

    items: Rule


@dataclass(frozen=True, slots=True)
class TableOf:
    """The rule of a table: what its keys and its values must be."""

    keys: Rule
    values: Rule


Rule = re.Pattern[str] | tuple[object, ...] | range | ListOf | TableOf | Check
"""Values that are valid: texts that match a pattern, one of some values, a number in a range, lists
and tables of them, or whatever a function accepts.
"""

IN_SCHEMA: dict[Check, Mapping[str, Any]] = {}
"""What a JSON Schema says of the values that a function accepts. Where it cannot say all, it lets
pass more than the function.
"""


def _in_schema(**schema: Any) -> Callable[[Check], Check]:
    """Let a JSON Schema say this of what a function accepts."""

    def noted(check: Check) -> Check:
        IN_SCHEMA[check] = schema
        return check

    return noted


# A package's name must be a safe file name everywhere. Anki takes some names for a backup, and
# would offer to replace the whole collection of a learner (Anki, `is_backup_or_collection`).
def _in_any_case(words: str) -> str:
    """A part of a pattern, in upper and lower case. JSON Schema has no flag for it."""
    return re.sub(r"[a-z]", lambda letter: f"[{letter[0]}{letter[0].upper()}]", words)


_TAKEN = _in_any_case("backup|collection")
_DEVICES = _in_any_case("con|prn|aux|nul|com[0-9]|lpt[0-9]")
_NAME = re.compile(rf"(?!({_TAKEN})([-.]|\Z)|({_DEVICES})(\.|\Z))[^\W_][\w.-]{{0,79}}(?<!\.)")
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?")
_UID = re.compile(r"[A-Za-z0-9_-]{4,64}")
_EXTENSION = re.compile(r"[\w.-]+(?::\w+)?")
_TAG = re.compile(r"(?!(.*::)?(::|\Z))[^\s\x00-\x1f]+(?<!::)")
_RELATIVE = re.compile(r"(?![/\\]|[A-Za-z]:)(?!(.*[/\\])?\.\.([/\\]|\Z))[^\x00-\x1f\x7f]+")
_KIND = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_FONTS = _in_any_case("woff2?|otf|ttf")
_FONT = re.compile(rf".*\.({_FONTS})", re.DOTALL)
# Python also refuses what is not seen, such as a soft hyphen.
_CHARACTER = r"[^\x00-\x1f\x7f-\x9f]"
_LANGUAGE = "[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*"
MOST_PATTERNS = 1_000
"""How many patterns `sources` may hold."""
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


def _obeys(value: Any, rule: Rule) -> bool:
    match rule:
        case re.Pattern():
            return isinstance(value, str) and rule.fullmatch(value) is not None
        case ListOf():
            return isinstance(value, list) and all(_obeys(each, rule.items) for each in value)
        case TableOf():
            return isinstance(value, dict) and all(
                _obeys(key, rule.keys) and _obeys(each, rule.values) for key, each in value.items()
            )
        case tuple() | range():
            # True is no 1 here.
            return any(type(value) is type(each) and value == each for each in rule)
        case _:
            return rule(value)


@_in_schema(type="string", pattern=f"^{_CHARACTER}*$")
def _is_line(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable()


@_in_schema(type="number", minimum=0, maximum=1)
def _is_part(value: Any) -> bool:
    return type(value) in {int, float} and 0 <= value <= 1


@_in_schema(type="string", pattern=rf"^{_CHARACTER}*\S{_CHARACTER}*$")
def is_filled_line(value: Any) -> bool:
    """Whether it is a text on one line in which something stands."""
    return _is_line(value) and value.strip() != ""


@_in_schema(type="string", pattern="^(https?://|mailto:)")
def _is_report_url(value: Any) -> bool:
    return _is_line(value) and value.startswith(("http://", "https://", "mailto:"))


@_in_schema(type="string", pattern=rf"^$|^(?=.*\.md$){_RELATIVE.pattern}$")
def _is_changelog(value: Any) -> bool:
    if value == "":
        return True
    return _is_line(value) and _obeys(value, _RELATIVE) and value.endswith(".md")


@_in_schema(
    type="string",
    pattern=r"^(?=.*\{version\})(?!.*(\.\.|//|/\.|\.lock(/|$)|[./]$))"
    r"(\w|\{(name|version)\})(\w|[./+=-]|\{(name|version)\})*$",
)
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


def is_pattern(value: str) -> bool:
    """Whether pathlib takes it for a pattern: it names something, and `**` stands alone."""
    parts = PurePosixPath(value).parts
    stars = [part for part in parts if "**" in part]
    if not 0 < len(parts) <= _MOST_PARTS:
        return False
    return set(stars) <= {"**"} and _obeys(value, _RELATIVE)


@_in_schema(
    type="array",
    maxItems=MOST_PATTERNS,
    items={"type": "string", "pattern": f"^!?{_RELATIVE.pattern}$"},
)
def _are_patterns(values: Any) -> bool:
    """Whether they are patterns, and not so many that finding their files takes long."""
    if not isinstance(values, list) or len(values) > MOST_PATTERNS:
        return False
    return all(isinstance(each, str) and is_pattern(each.removeprefix("!")) for each in values)


@_in_schema(
    anyOf=[
        {"type": "string", "pattern": f"^{_EXTENSION.pattern}$"},
        {
            "type": "object",
            "properties": {
                "name": {"type": "string", "pattern": f"^{_EXTENSION.pattern}$"},
                "options": {"type": "object"},
            },
            "required": ["name"],
            "additionalProperties": False,
        },
    ]
)
def _is_extension(value: Any) -> bool:
    if not isinstance(value, dict):
        return _obeys(value, _EXTENSION)
    if not isinstance(value.get("options", {}), dict):
        return False
    return value.keys() <= {"name", "options"} and _is_extension(value.get("name"))


@_in_schema(pattern=f"^(text|code|{_LANGUAGE})$")
def _is_font_key(value: Any) -> bool:
    return value in {"text", "code"} or is_language(value)


@_in_schema(type="string", pattern=rf"^(?=.*\.({_FONTS})$){_RELATIVE.pattern}$")
def _is_font_file(value: Any) -> bool:
    return _obeys(value, _RELATIVE) and _obeys(value, _FONT)


@_in_schema()
def _is_any_name(value: Any) -> bool:
    return isinstance(value, str)


_in_schema(type="string", pattern=f"^{_LANGUAGE}$")(is_language)


def _one_of(values: Iterable[Any]) -> str:
    return f"one of {', '.join(values)}"


def _setting(
    default: Any,
    rule: Rule,
    expected: str = "",
) -> Any:
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
    source_label: str = _setting("Suggest an edit", is_filled_line, "a line of text")
    sources: tuple[str, ...] = _setting(
        ("cards.md", "cards/**/*.md"),
        _are_patterns,
        'a list of patterns inside the project such as ["cards/**/*.md"], at most'
        f" {MOST_PATTERNS:,}",
    )
    output: str = _setting("build", _RELATIVE, "a folder inside the project")
    shape: str = _setting("headings", SHAPE_NAMES)
    card_level: int | str = _setting(2, LEVELS, 'a number from 1 to 6, or "auto"')
    answer_headings: tuple[str, ...] = _setting(
        (), ListOf(is_filled_line), 'a list of headings such as ["References"]'
    )
    dialect: str = _setting("github", ("github", "obsidian"))
    kind: str = _setting(
        "", _KIND, 'a kind of card such as "choice", or the name of a note type in `notetypes/`'
    )
    empty_answers: str = _setting("leave-out", ("leave-out", "allow"))
    sections: str = _setting("ignore", ("ignore", "tag", "subdeck"))
    deck_prefix: str = _setting("", _is_line, 'a deck name such as "School::Biology"')
    tags: tuple[str, ...] = _setting((), ListOf(_TAG), "a list of tags without spaces")
    theme: Mapping[str, str] = _setting(
        {},
        TableOf(SIDES, _is_line),
        'a table with a style of Pygments for light, dark or both such as { dark = "monokai" }',
    )
    extensions: tuple[ExtensionSetting, ...] = _setting(
        (),
        ListOf(_is_extension),
        'a list of names such as "pymdownx.keys", or of { name = "…", options = {…} }',
    )
    lang: str = _setting("", is_language, 'a language such as "de" or "pt-BR"')
    fonts: Mapping[str, str] = _setting(
        {},
        TableOf(_is_font_key, _is_font_file),
        'a table of "text", "code" or languages, each with a .woff2, .woff, .ttf or .otf file',
    )
    severity: Mapping[str, str] = _setting(
        {}, TableOf(_GRADED, _LEVELS), f"a table of codes, each with {_one_of(_LEVELS)}"
    )
    run: Mapping[str, str] = _setting(
        {},
        TableOf(_is_any_name, is_filled_line),
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
        is_filled_line,
        "a line of text",
    )

    @property
    def asked(self) -> tuple[str, ...]:
        """The settings that the fields of notes depend on."""
        extensions = (f"{each.name} {sorted(each.options.items())}" for each in self.extensions)
        asked = (self.source_url, self.source_label, self.lang, *extensions)
        if self.dialect == "github":
            return asked  # as in locks from before there was another
        return (*asked, self.dialect)

    def rooted(self, root: Path) -> Settings:
        """The settings of the project in a folder."""
        extensions = tuple(replace(each, root=str(root)) for each in self.extensions)
        return replace(self, extensions=extensions)


_FIELDS = {each.name: each for each in fields(Settings)}


def parse_settings(
    text: str,
    path: str,
    *,
    name: str,
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


def places_of_settings(text: str, path: str) -> dict[str, Location]:
    """Where each setting stands that the text of a file of settings sets to a valid value."""
    try:
        table: Any = tomllib.loads(text)
        if path.endswith("pyproject.toml"):
            table = table["tool"]["ankipress"]
        values = dict[str, Any](table)
    except (ValueError, RecursionError, LookupError, TypeError):
        return {}
    return {
        key: place_of(text, path, key) for key, value in values.items() if not _wrong(key, value)
    }


def _problem(
    location: Location,
    message: str,
    help: str,
) -> Diagnostic:
    return Diagnostic("bad-settings", location, message, help)


def _language_problem(
    problem: Diagnostic,
    text: str,
    value: str,
) -> Diagnostic:
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


def _not_toml(
    error: Exception,
    text: str,
    path: str,
) -> Diagnostic:
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


def place_of(
    text: str,
    path: str,
    key: str,
) -> Location:
    """Where a key is set: inside the table of ankipress where the file has other tables too."""
    begin = 0
    if path.endswith("pyproject.toml"):
        begin = max(0, text.find("[tool.ankipress]"))
    key_or_table = (
        rf"^[ \t]*(?:[\"']?|\[(?:tool\.ankipress\.)?)({re.escape(key)})(?:[\"']?[ \t]*[=.]|\])"
    )
    found = re.compile(key_or_table, re.MULTILINE).search(text, begin)
    if not found:
        return Location(path)
    return _location(text, path, found.start(1), key)


def _location(
    text: str,
    path: str,
    start: int,
    word: str,
) -> Location:
    line, column = line_and_column(text, start)
    width = max(1, len(word))
    return Location(path, line + 1, column + 1, width)


def _extensions(
    values: Sequence[Any],
    text: str,
    path: str,
) -> tuple[ExtensionSetting, ...]:
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
