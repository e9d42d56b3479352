"""Note types of authors' own: the folders `notetypes/NAME/` of a project, read and checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ankipress.diagnostics import Diagnostic, Location, suggestion
from ankipress.model import KINDS, CustomTemplate, CustomType, Named
from ankipress.notetypes.template_check import ALWAYS_THERE, Side, check_template

FOLDER = "notetypes"
OWN_FIELDS = ("Key", "Reserved 1", "Reserved 2")
"""The fields that every note type has behind its author's: the guid, and two to spare."""
_KEYS = ("name", "cloze", "fields", "templates", "base_style")
_RESERVED = frozenset(each.casefold() for each in (*ALWAYS_THERE, "FrontSide", *OWN_FIELDS))
_TYPE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_HELP = "docs/cards.md shows what a notetype.toml holds"
_NAME_HELP = 'names have none of : { } " and do not start with # / ^'


@dataclass(frozen=True, slots=True)
class CustomTypes:
    """The note types by the names of their folders, and what is wrong with them."""

    types: Mapping[str, CustomType]
    diagnostics: tuple[Diagnostic, ...] = ()


def read_custom(files: Mapping[str, str]) -> CustomTypes:
    """The note types in some files, by their paths in the project. One that has errors is there
    too, as far as it can be.
    """
    keys = sorted({path.split("/")[1] for path in files})
    readers = [_Reader(key, files) for key in keys]
    types = {reader.key: reader.read() for reader in readers}
    return CustomTypes(types, tuple(problem for reader in readers for problem in reader.problems))


class _Reader:
    """One folder on its way to a note type."""

    def __init__(self, key: str, files: Mapping[str, str]) -> None:
        self.key, self.folder = key, f"{FOLDER}/{key}"
        self.files = {
            path.removeprefix(f"{self.folder}/"): text
            for path, text in files.items()
            if path.split("/")[1] == key
        }
        self.problems: list[Diagnostic] = []
        self.toml = self.files.get("notetype.toml", "")
        self.is_readable = False

    def read(self) -> CustomType:
        values = self._values()
        cloze = values.get("cloze", False)
        if not isinstance(cloze, bool):
            self._report("cloze", '"cloze" is true or false')
            cloze = False
        fields = self._named(values.get("fields"), "fields")
        templates = tuple(self._templates(values.get("templates")))
        cloze_field = self._check_templates(templates, [each.name for each in fields], cloze=cloze)
        name = values.get("name", self.key)
        if not isinstance(name, str) or not name.strip() or not name.isprintable() or '"' in name:
            self._report("name", '"name" is a line of text')
            name = self.key
        own = self.files.get("style.css")
        base = values.get("base_style", own is None)
        if not isinstance(base, bool):
            self._report("base_style", '"base_style" is true or false')
        places = {key: self._place(key) for key in ("cloze", "fields", "templates")}
        return CustomType(
            self.key,
            name,
            fields,
            templates,
            (own or "").strip(),
            cloze_field,
            places,
            cloze=cloze,
            base_style=bool(base),
        )

    def _values(self) -> Mapping[str, Any]:
        if not _TYPE_NAME.fullmatch(self.key) or self.key in KINDS:
            taken = (
                "is a kind of ankipress's own"
                if self.key in KINDS
                else "cannot be written as `kind=…`"
            )
            self._report(
                "",
                f'the name "{self.key}" {taken}',
                "rename the folder: letters, digits, - and _, up to 40",
            )
        if "notetype.toml" not in self.files:
            place = Location(self.folder)
            message = "this folder has no notetype.toml"
            self.problems.append(Diagnostic("bad-note-type", place, message, _HELP))
            return {}
        try:
            values = tomllib.loads(self.toml)
        except (ValueError, RecursionError) as error:
            found = re.search(r"at line (\d+), column (\d+)", str(error))
            place = Location(
                f"{self.folder}/notetype.toml",
                int(found[1]) if found else 1,
                int(found[2]) if found else 1,
            )
            self.problems.append(
                Diagnostic(
                    "bad-note-type",
                    place,
                    f"this is not TOML: {error}",
                    "mend the syntax at this place",
                )
            )
            return {}
        self.is_readable = True
        for key in values:
            if key not in _KEYS:
                self._report(
                    key,
                    f'there is no key "{key}"' + suggestion(key, _KEYS),
                    f"the keys are {', '.join(_KEYS)}",
                )
        return values

    def _named(self, value: Any, key: str) -> tuple[Named, ...]:
        """The names in a list: texts, or tables with `name` and, where it was another one before,
        `was`.
        """
        if not isinstance(value, list) or not value:
            if self.is_readable:
                self._report(
                    key, f'"{key}" is a list of names', 'such as `fields = ["Word", "Meaning"]`'
                )
            return ()
        named: dict[str, Named] = {}
        for each in value:
            found = Named(each) if isinstance(each, str) else _renamed(each)
            if found is None:
                self._report(
                    key,
                    f"{each!r} is no name",
                    'write `"Word"`, or `{ name = "Word", was = "Term" }` for one that is renamed',
                )
            elif message := _wrong_name(found.name) or (key == "fields" and _taken(found.name)):
                self._report(found.name, message, _NAME_HELP)
            elif found.name.casefold() in named:
                self._report(
                    found.name, f'the name "{found.name}" stands here twice', "give each its own"
                )
            else:
                named[found.name.casefold()] = found
        return tuple(named.values())

    def _templates(self, value: Any) -> Iterable[CustomTemplate]:
        """The templates that are listed, or the only one that there is."""
        stems = sorted(
            {
                re.sub(r"\.(front|back)\.html$", "", name)
                for name in self.files
                if name.endswith((".front.html", ".back.html"))
            }
        )
        if value is None:
            if len(stems) > 1:
                names = ", ".join(f'"{stem}"' for stem in stems)
                self._report(
                    "",
                    f"the order of the templates is not said: {names}",
                    "write `templates = [" + names + "]` as it shall stay",
                )
            value = stems
        named = self._named(value, "templates") if value else ()
        if not stems and not named and self.is_readable:
            self._report(
                "", "this note type has no template", "write card.front.html and card.back.html"
            )
        for each in named:
            sides = [f"{each.file or each.name}.{side}.html" for side in ("front", "back")]
            for side in sides:
                if side not in self.files:
                    self._report(
                        each.name,
                        f'there is no file "{side}"' + suggestion(side, tuple(self.files)),
                        "write it beside notetype.toml",
                    )
            yield CustomTemplate(each, *(self.files.get(side, "").strip() for side in sides))
        used = {each.file or each.name for each in named}
        for stem in stems:
            if named and stem not in used:
                self._report(
                    "templates",
                    f'the template "{stem}" is not listed',
                    f'add "{stem}" to `templates`, or delete its files',
                )

    def _check_templates(
        self, templates: Sequence[CustomTemplate], fields: Sequence[str], *, cloze: bool
    ) -> str | None:
        """Report what is wrong with the templates, and return the field whose deletions they hide."""
        known = (*fields, OWN_FIELDS[0])
        fronts: dict[str, str] = {}
        hidden: set[str] = set()
        if not fields:
            return None  # that is a problem already
        for each in templates:
            front, back = (self._side(each, is_back=is_back) for is_back in (False, True))
            shown, problems = check_template(front, known, cloze=cloze)
            shown_behind, more = check_template(back, known, cloze=cloze)
            self.problems += [*problems, *more]
            if not shown and front.text and not problems:
                self._report_side(
                    front,
                    "this front shows no field, so Anki would make no card",
                    "write `{{" + fields[0] + "}}`",
                )
            if front.text and (other := fronts.setdefault(front.text, front.path)) != front.path:
                self._report_side(
                    front,
                    f"this front is that of {other}",
                    "make them differ: Anki refuses two cards that ask the same",
                )
            found = {
                name.removeprefix("cloze:")
                for name in shown & shown_behind
                if name.startswith("cloze:")
            }
            hidden |= found
            if cloze and front.text and not found and not problems and not more:
                message = "a cloze note type hides deletions on both sides"
                self._report_side(
                    front, message, f"write `{{{{cloze:{fields[0]}}}}}` into front and back"
                )
        if cloze and len(templates) > 1:
            self._report(
                "templates",
                "a cloze note type has one template",
                "delete the others: Anki makes a card of each number",
            )
        return (
            min(hidden, key=lambda name: fields.index(name) if name in fields else len(fields))
            if hidden
            else None
        )

    def _side(self, template: CustomTemplate, *, is_back: bool) -> Side:
        name = f"{template.named.file or template.named.name}.{'back' if is_back else 'front'}.html"
        return Side(f"{self.folder}/{name}", self.files.get(name, ""), is_back)

    def _report_side(self, side: Side, message: str, way_out: str) -> None:
        width = max(1, len(side.text.split("\n")[0]))
        self.problems.append(
            Diagnostic("bad-template", Location(side.path, 1, 1, width), message, way_out)
        )

    def _report(self, word: str, message: str, way_out: str = _HELP) -> None:
        """A problem of notetype.toml, where a word stands in it."""
        self.problems.append(Diagnostic("bad-note-type", self._place(word), message, way_out))

    def _place(self, word: str) -> Location:
        """Where a word stands in notetype.toml; its start where it does not."""
        lines = self.toml.split("\n")
        number = next((number for number, line in enumerate(lines) if word and word in line), 0)
        column = max(0, lines[number].find(word)) if word else 0
        return Location(f"{self.folder}/notetype.toml", number + 1, column + 1, max(1, len(word)))


def _renamed(value: Any) -> Named | None:
    """A table with a name, the names it had before, and the file of a template; None for what is no
    such thing.
    """
    if (
        not isinstance(value, dict)
        or not set(value) <= {"name", "was", "file"}
        or not isinstance(value.get("name"), str)
    ):
        return None
    was, file = value.get("was", []), value.get("file", "")
    before = [was] if isinstance(was, str) else was
    if not isinstance(before, list) or not all(isinstance(each, str) for each in before):
        return None
    is_file = isinstance(file, str) and (
        not file or re.fullmatch(r"[\w][\w .-]*", file) is not None
    )
    return Named(value["name"], tuple(before), file) if is_file else None


def _wrong_name(name: str) -> str:
    """What is wrong with the name of a field or template; Anki would change such a name, or could
    not find it.
    """
    if not name.strip() or name != name.strip() or not name.isprintable():
        return f"{name!r} is no name"
    if re.search(r'[:{}"/\\]', name) or name[0] in "#^":
        return f'"{name}" cannot be a name in Anki'
    return ""


def _taken(name: str) -> str:
    return (
        f'the name "{name}" is taken by Anki or ankipress' if name.casefold() in _RESERVED else ""
    )
