"""Note types of authors' own: the folders `notetypes/NAME/` of a project, read and checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from ankipress.diagnostics import Diagnostic, Location, suggestion
from ankipress.model import KINDS, OWN_FIELDS, CustomTemplate, CustomType, Named
from ankipress.notetypes.template_check import ALWAYS_THERE, Side, check_template

FOLDER = "notetypes"
SPARE_FIELDS = OWN_FIELDS[1:]
# Packages say which fields a card needs. To find that out, each front is read for each field.
_MOST = {"fields": 200, "templates": 50}
_MOST_WORK = 100_000  # fields times braces, which takes seconds
_KEYS = ("name", "cloze", "fields", "templates", "base_style")
_RESERVED = frozenset(each.casefold() for each in (*ALWAYS_THERE, "FrontSide", *OWN_FIELDS))
_TYPE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_FILE_NAME = re.compile(r"(\w[\w .-]*)?")
_TEMPLATE_FILE = re.compile(r"(.*)\.(front|back)\.html", re.DOTALL)
_TOML_PLACE = re.compile(r"at line (\d+), column (\d+)")
_HELP = "`ankipress explain bad-note-type` shows what a notetype.toml holds"
_NAME_HELP = 'names have none of : { } " and do not start with # / ^'


@dataclass(frozen=True, slots=True)
class CustomTypes:
    """The note types by the names of their folders, and what is wrong with them."""

    types: Mapping[str, CustomType]
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def adopted(self) -> frozenset[str]:
        """The names of those that learners have from Anki."""
        return frozenset(key for key, each in self.types.items() if each.adopted is not None)


def read_custom(files: Mapping[str, str]) -> CustomTypes:
    """The note types in some files, by their paths in the project. One that has errors is there
    too, as far as it can be.
    """
    folders: dict[str, dict[str, str]] = {}
    for path, text in sorted(files.items()):
        _, key, name = path.split("/", 2)
        folders.setdefault(key, {})[name] = text
    types: dict[str, CustomType] = {}
    problems: list[Diagnostic] = []
    for key in sorted(folders):
        reader = _CustomTypeReader(key, folders[key])
        types[key] = reader.read()
        problems += reader.problems
    return CustomTypes(types, tuple(problems))


class _CustomTypeReader:
    """One folder on its way to a note type."""

    def __init__(
        self,
        key: str,
        files: Mapping[str, str],
    ) -> None:
        self.key = key
        self.folder = f"{FOLDER}/{key}"
        self.files = files
        self.problems: list[Diagnostic] = []
        self.toml = files.get("notetype.toml", "")
        self.is_readable = False
        self.values: Mapping[str, Any] = {}

    def read(self) -> CustomType:
        self._check_key()
        self._parse()
        if "id" in self.values:  # only note types that learners have from Anki say theirs
            return self._read_adopted()
        self._check_keys()
        own_style = self.files.get("style.css")
        cloze = self._flag("cloze", default=False)
        fields = self._named("fields", self.values.get("fields"))
        templates = self._templates()
        return CustomType(
            self.key,
            self._name(),
            fields,
            templates,
            (own_style or "").strip(),
            self._check_templates(templates, [each.name for each in fields], cloze=cloze),
            {key: self._place(key) for key in ("cloze", "fields", "templates")},
            cloze=cloze,
            base_style=self._flag("base_style", default=own_style is None),
        )

    def _check_key(self) -> None:
        help = "rename the folder: letters, digits, - and _, up to 40"
        if self.key in KINDS:
            self._report("", f'the name "{self.key}" is a kind of ankipress\'s own', help)
        elif not _TYPE_NAME.fullmatch(self.key):
            self._report("", f'the name "{self.key}" cannot be written as `kind=…`', help)

    def _parse(self) -> None:
        if "notetype.toml" not in self.files:
            self._add(Location(self.folder), "this folder has no notetype.toml", _HELP)
            return
        try:
            self.values = tomllib.loads(self.toml)
        except (ValueError, RecursionError) as error:
            found = _TOML_PLACE.search(str(error))
            line, column = map(int, found.groups()) if found else (1, 1)
            place = Location(f"{self.folder}/notetype.toml", line, column)
            self._add(place, f"this is not TOML: {error}", "fix the syntax at this place")
            return
        self.is_readable = True

    def _read_adopted(self) -> CustomType:
        # Few projects have such note types.
        from ankipress.notetypes.adopted_types import read_adopted  # noqa: PLC0415

        adopted, problems = read_adopted(self.key, self.folder, self.files, self.values)
        self.problems += problems
        if adopted is not None:
            return adopted
        places = {key: self._place(key) for key in ("cloze", "fields", "id", "templates")}
        return CustomType(self.key, self.key, (), (), "", (), places)

    def _check_keys(self) -> None:
        for key in self.values:
            if key not in _KEYS:
                message = f'there is no key "{key}"' + suggestion(key, _KEYS)
                self._report(key, message, f"the keys are {', '.join(_KEYS)}")

    def _flag(self, key: str, *, default: bool) -> bool:
        value = self.values.get(key, default)
        if isinstance(value, bool):
            return value
        self._report(key, f'"{key}" is true or false')
        return default

    def _name(self) -> str:
        name = self.values.get("name", self.key)
        is_text = isinstance(name, str) and name.strip() and name.isprintable()
        if is_text and '"' not in name:
            return str(name)
        self._report("name", '"name" is a line of text')
        return self.key

    def _named(
        self,
        key: str,
        value: Any,
    ) -> tuple[Named, ...]:
        """The names in a list: texts, or tables with `name` and, where it was another one before,
        `was`.
        """
        if not isinstance(value, list) or not value:
            if self.is_readable:
                help = 'such as `fields = ["Word", "Meaning"]`'
                self._report(key, f'"{key}" is a list of names', help)
            return ()
        most = _MOST[key]
        if len(value) > most:
            help = f"keep {most} at most"
            self._report(key, f"there are {len(value):,} {key}, too many for a note type", help)
            return ()
        named: dict[str, Named] = {}
        for each in value:
            found = _read_named(each)
            if found is None:
                help = (
                    'write `"Word"`, or `{ name = "Word", was = "Term" }` for one that is renamed'
                )
                self._report(key, f"{each!r} is no name", help)
                continue
            name = found.name
            problem = _name_problem(name)
            if problem:
                self._report(name, problem, _NAME_HELP)
            elif key == "fields" and name.casefold() in _RESERVED:
                taken = f'the name "{name}" is taken by Anki or ankipress'
                self._report(name, taken, _NAME_HELP)
            elif name.casefold() in named:
                self._report(name, f'the name "{name}" stands here twice', "give each its own")
            else:
                named[name.casefold()] = found
        return tuple(named.values())

    def _templates(self) -> tuple[CustomTemplate, ...]:
        """The templates that are listed, or the only one that there is."""
        found = map(_TEMPLATE_FILE.fullmatch, self.files)
        stems = sorted({each[1] for each in found if each})
        listed = self.values.get("templates", stems)
        if "templates" not in self.values and len(stems) > 1:
            names = ", ".join(f'"{stem}"' for stem in stems)
            message = f"the order of the templates is not said: {names}"
            self._report("", message, f"write `templates = [{names}]` as it shall stay")
        named: tuple[Named, ...] = ()
        if listed:
            named = self._named("templates", listed)
        if not stems and not named and self.is_readable:
            help = "write card.front.html and card.back.html"
            self._report("", "this note type has no template", help)
        templates = []
        for each in named:
            front = self._text(each, "front")
            back = self._text(each, "back")
            templates.append(CustomTemplate(each, front, back))
        used = {_stem(each) for each in named}
        for stem in stems:
            if named and stem not in used:
                help = f'add "{stem}" to `templates`, or delete its files'
                self._report("templates", f'the template "{stem}" is not listed', help)
        return tuple(templates)

    def _text(self, named: Named, side: str) -> str:
        file = f"{_stem(named)}.{side}.html"
        if file not in self.files:
            message = f'there is no file "{file}"' + suggestion(file, tuple(self.files))
            self._report(named.name, message, "write it beside notetype.toml")
        return self.files.get(file, "").strip()

    def _check_templates(
        self,
        templates: Sequence[CustomTemplate],
        fields: Sequence[str],
        *,
        cloze: bool,
    ) -> tuple[str, ...]:
        """Report what is wrong with the templates, and give the field whose deletions they hide."""
        if not fields:
            return ()  # that is a problem already
        braces = sum(each.front.count("{{") for each in templates)
        if braces * len(fields) > _MOST_WORK:
            sizes = f"{len(fields)} fields and {braces:,} pairs of braces on the fronts"
            self._report("fields", f"{sizes} are too many together", "show fewer on the fronts")
            return ()
        fronts: dict[str, str] = {}
        hidden: set[str] = set()
        for each in templates:
            front = self._side(each, "front")
            hidden |= self._check_sides(front, self._side(each, "back"), fields, cloze=cloze)
            other = fronts.setdefault(front.text, front.path)
            if front.text and other != front.path:
                help = "make them differ: Anki refuses two cards that ask the same"
                self._report_side(front, f"this front is that of {other}", help)
        if cloze and len(templates) > 1:
            help = "delete the others: Anki makes a card of each number"
            self._report("templates", "a cloze note type has one template", help)
        in_order = [name for name in (*fields, *sorted(hidden)) if name in hidden]
        return tuple(in_order[:1])

    def _check_sides(
        self,
        front: Side,
        back: Side,
        fields: Sequence[str],
        *,
        cloze: bool,
    ) -> set[str]:
        """Report what is wrong with a template, and return the fields that both sides hide."""
        known = (*fields, OWN_FIELDS[0])
        on_front, front_problems = check_template(front, known, cloze=cloze)
        on_back, back_problems = check_template(back, known, cloze=cloze)
        self.problems += front_problems + back_problems
        on_both = on_front & on_back
        hidden = {name.removeprefix("cloze:") for name in on_both if name.startswith("cloze:")}
        if front.text and not front_problems:
            if not on_front:
                message = "this front shows no field, so Anki would make no card"
                self._report_side(front, message, f"write `{{{{{fields[0]}}}}}`")
            if cloze and not hidden and not back_problems:
                message = "a cloze note type hides deletions on both sides"
                help = f"write `{{{{cloze:{fields[0]}}}}}` into front and back"
                self._report_side(front, message, help)
        return hidden

    def _side(
        self,
        template: CustomTemplate,
        name: str,
    ) -> Side:
        file = f"{_stem(template.named)}.{name}.html"
        return Side(f"{self.folder}/{file}", self.files.get(file, ""), name == "back")

    def _report_side(
        self,
        side: Side,
        message: str,
        help: str,
    ) -> None:
        width = len(side.text.split("\n")[0])
        place = Location(
            side.path,
            1,
            1,
            max(1, width),
        )
        self.problems.append(Diagnostic("bad-template", place, message, help))

    def _report(
        self,
        word: str,
        message: str,
        help: str = _HELP,
    ) -> None:
        """Report a problem of notetype.toml, where a word stands in it."""
        self._add(self._place(word), message, help)

    def _add(
        self,
        place: Location,
        message: str,
        help: str,
    ) -> None:
        self.problems.append(Diagnostic("bad-note-type", place, message, help))

    def _place(self, word: str) -> Location:
        """Where a word stands in notetype.toml; its start where it does not."""
        path = f"{self.folder}/notetype.toml"
        width = max(1, len(word))
        if word:
            for number, line in enumerate(self.toml.split("\n"), start=1):
                if word in line:
                    return Location(
                        path,
                        number,
                        line.find(word) + 1,
                        width,
                    )
        return Location(path, 1, 1, width)


def _stem(named: Named) -> str:
    """What the names of a template's two files begin with."""
    return named.file or named.name


def _read_named(value: Any) -> Named | None:
    """A name, or a table with a name, the names it had before, and the file of a template; None for
    what is no such thing.
    """
    if isinstance(value, str):
        return Named(value)
    if not isinstance(value, dict) or not value.keys() <= {"name", "was", "file"}:
        return None
    was = value.get("was", [])
    if isinstance(was, str):
        was = [was]
    try:
        keys = {**value, "was": was}
        named = msgspec.convert(keys, Named)
    except msgspec.ValidationError:
        return None
    if _FILE_NAME.fullmatch(named.file):
        return named
    return None


def _name_problem(name: str) -> str:
    """What is wrong with the name of a field or template; Anki would change such a name, or could
    not find it.
    """
    if not name.strip() or name != name.strip() or not name.isprintable():
        return f"{name!r} is no name"
    if re.search(r'[:{}"/\\]', name) or name[0] in "#^":
        return f'"{name}" cannot be a name in Anki'
    return ""
