"""Note types that learners have from Anki, as `notetypes/KEY/` holds them.

They are packed exactly as learners have them. So what ankipress asks of an author's own note type
is not asked of them: Anki shows them as they are. See
docs/decisions/015-adopted-note-types.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, NamedTuple

import msgspec

from ankipress.diagnostics import Diagnostic, Location
from ankipress.model import Adopted, CustomTemplate, CustomType, Named, Positive, TextMode

LINE_END = "\n"
"""What ends each file of a text, and is no part of the text."""
CSS = "style.css"
_MOST_FIELDS = 1_000
_MOST_TEMPLATES = 5_000
_OF_TYPE = frozenset("id name type mod css flds tmpls".split())
_OF_FIELD = frozenset({"name", "ord"})
_OF_TEMPLATE = frozenset({"name", "ord", "qfmt", "afmt"})
_STEM = r"\A\w[\w .-]*\Z"
_CLOZE = re.compile(r"\{\{([^{}]*)\}\}")
_WHERE = re.compile(r" - at `(.*)`\Z")
_ENTRY = re.compile(r"(fields|templates)\[(\d+)\]")
_TABLE = re.compile(r"\s*(\[\[?)\s*([a-z_]+)\s*\]")
_KEY = re.compile(r"\s*([a-z_]+)\s*=\s*")
_HELP = "restore what the import wrote: learners have the note type like that"


class _FieldTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(min_length=1)]
    text: TextMode = TextMode.PARAGRAPHS
    anki: dict[str, Any] = {}
    anki_json: dict[str, str] = {}


class _TemplateTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    file: Annotated[str, msgspec.Meta(pattern=_STEM)]
    anki: dict[str, Any] = {}
    anki_json: dict[str, str] = {}


class _AdoptedTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A notetype.toml. `crlf` are the files whose lines end in Anki with CR LF, `texts` those texts
    that cannot stand in a file exactly.
    """

    name: Annotated[str, msgspec.Meta(min_length=1)]
    id: Positive
    fields: Annotated[tuple[_FieldTable, ...], msgspec.Meta(min_length=1, max_length=_MOST_FIELDS)]
    templates: Annotated[
        tuple[_TemplateTable, ...], msgspec.Meta(min_length=1, max_length=_MOST_TEMPLATES)
    ]
    cloze: bool = False
    crlf: tuple[str, ...] = ()
    anki: dict[str, Any] = {}
    anki_json: dict[str, str] = {}
    texts: dict[str, str] = {}


class ReadAdopted(NamedTuple):
    """An adopted note type, None where nothing can be made of its notetype.toml, and what is wrong
    with it.
    """

    type: CustomType | None
    problems: Sequence[Diagnostic]


def read_adopted(
    key: str,
    folder: str,
    files: Mapping[str, str],
    values: Mapping[str, Any],
) -> ReadAdopted:
    """The note type in a folder: its files by name, and the values of its notetype.toml."""
    reader = _AdoptedReader(key, folder, files)
    return ReadAdopted(reader.read(values), reader.problems)


def shown_as_cloze(template: str) -> list[str]:
    """The names of the fields whose deletions a side of a template hides, in order."""
    names = []
    for inner in _CLOZE.findall(template):
        *filters, name = (each.strip() for each in inner.split(":"))
        if "cloze" in filters:
            names.append(name)
    return names


class _AdoptedReader:
    """One folder on its way to a note type."""

    def __init__(
        self,
        key: str,
        folder: str,
        files: Mapping[str, str],
    ) -> None:
        self.key = key
        self.files = files
        self.problems: list[Diagnostic] = []
        self._folder = folder
        self._path = f"{folder}/notetype.toml"
        self._lines = files["notetype.toml"].split("\n")

    def read(self, values: Mapping[str, Any]) -> CustomType | None:
        try:
            table = msgspec.convert(values, _AdoptedTable, strict=True)
        except msgspec.ValidationError as error:
            self._report_invalid(error)
            return None
        self._check_names([each.name for each in table.fields])
        templates = []
        for number, template in enumerate(table.templates):
            templates.append(self._template(template, table, f"templates[{number}]"))
        adopted = self._adopted(table)
        self._check_files(table)
        fields = tuple(Named(each.name) for each in table.fields)
        return CustomType(
            self.key,
            table.name,
            fields,
            tuple(templates),
            self._text(CSS, table) or "",
            _cloze_fields(fields, templates, cloze=table.cloze),
            self._places,
            cloze=table.cloze,
            base_style=False,
            adopted=adopted,
        )

    def _adopted(self, table: _AdoptedTable) -> Adopted:
        fields = []
        for number, field in enumerate(table.fields):
            fields.append(self._settings(field, _OF_FIELD, f"fields[{number}]"))
        templates = []
        for number, template in enumerate(table.templates):
            templates.append(self._settings(template, _OF_TEMPLATE, f"templates[{number}]"))
        return Adopted(
            table.id,
            self._settings(table, _OF_TYPE, "anki"),
            tuple(fields),
            tuple(templates),
            tuple(each.text for each in table.fields),
        )

    def _template(
        self,
        template: _TemplateTable,
        table: _AdoptedTable,
        entry: str,
    ) -> CustomTemplate:
        sides = []
        for side in ("front", "back"):
            file = f"{template.file}.{side}.html"
            text = self._text(file, table)
            if text is None:
                self._report(entry, f'there is no file "{file}"', _HELP)
            sides.append(text or "")
        front, back = sides
        return CustomTemplate(Named(template.name, file=template.file), front, back)

    def _text(
        self,
        file: str,
        table: _AdoptedTable,
    ) -> str | None:
        """A text exactly as learners have it, None where there is no such file."""
        if file in table.texts:
            return table.texts[file]
        if file not in self.files:
            return None
        text = self.files[file].removesuffix(LINE_END)
        if file in table.crlf:
            text = text.replace("\n", "\r\n")
        return text

    def _settings(
        self,
        table: _AdoptedTable | _FieldTable | _TemplateTable,
        ours: frozenset[str],
        entry: str,
    ) -> dict[str, Any]:
        """The keys of Anki's JSON, those that TOML cannot hold among them."""
        settings = dict(table.anki)
        try:
            for key, text in table.anki_json.items():
                settings[key] = json.loads(text)
            json.dumps(settings, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            self._report(entry, f"what Anki keeps of this is no JSON: {error}", _HELP)
            return {}
        for key in sorted(ours & settings.keys()):
            message = f'"{key}" stands elsewhere in this file, and not under `anki`'
            self._report(entry, message, "delete it here")
        return settings

    def _check_names(self, names: Sequence[str]) -> None:
        known: set[str] = set()
        for number, name in enumerate(names):
            if name.casefold() in known:
                message = f'the name "{name}" stands here twice, and Anki makes no difference'
                self._report(f"fields[{number}]", message, "give each field its own name")
            known.add(name.casefold())

    def _check_files(self, table: _AdoptedTable) -> None:
        """Report files that belong to no template: an author may believe that they are packed."""
        stems = {each.file for each in table.templates}
        for file in self.files:
            stem, _, _ = file.removesuffix(".html").rpartition(".")
            if file.endswith(".html") and stem not in stems:
                message = f'the template "{stem}" is not listed'
                help = "delete its files: Anki would update no note if a template is added"
                self._report("templates", message, help)

    def _report_invalid(self, error: msgspec.ValidationError) -> None:
        """Report a value that is wrong, or a key that is missing."""
        message = str(error)
        entry = "id"
        if found := _WHERE.search(message):
            message = message.removesuffix(found[0])
            path = found[1].removeprefix("$.")
            entry = path.partition(".")[0]
            if in_list := _ENTRY.match(path):
                entry = in_list[0]
        self._report(entry, f"{message[:1].lower()}{message[1:]}", _HELP)

    @cached_property
    def _places(self) -> Mapping[str, Location]:
        """Where each key stands, and each entry of a list, such as `fields[3]`."""
        places: dict[str, Location] = {}
        counts = {"fields": 0, "templates": 0}
        entry = ""
        for number, line in enumerate(self._lines, start=1):
            if found := _TABLE.match(line):
                key = found[2]
                place = Location(self._path, number, found.start(2) + 1, len(key))
                places.setdefault(key, place)
                entry = "table"
                if key in counts:
                    entry = f"{key}[{counts[key]}]"
                    counts[key] += 1
            elif found := _KEY.match(line):
                if not entry:
                    place = Location(self._path, number, found.start(1) + 1, len(found[1]))
                    places.setdefault(found[1], place)
                elif found[1] == "name":
                    width = max(1, len(line) - found.end())
                    place = Location(self._path, number, found.end() + 1, width)
                    places.setdefault(entry, place)
        top = Location(self._path, 1, 1, max(1, len(self._lines[0])))
        return dict.fromkeys(("cloze", "fields", "id", "templates"), top) | places

    def _report(
        self,
        entry: str,
        message: str,
        help: str,
    ) -> None:
        """Report a problem of a key, or of an entry of a list; of all where it is not found."""
        place = self._places.get(entry) or self._places["id"]
        self.problems.append(Diagnostic("bad-note-type", place, message, help))


def _cloze_fields(
    fields: Sequence[Named],
    templates: Sequence[CustomTemplate],
    *,
    cloze: bool,
) -> tuple[str, ...]:
    """The fields whose deletions a side hides, in the order of the note type."""
    if not cloze:
        return ()
    shown: set[str] = set()
    for each in templates:
        shown.update(shown_as_cloze(each.front), shown_as_cloze(each.back))
    return tuple(each.name for each in fields if each.name in shown)
