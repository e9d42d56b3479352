"""`ankipress.lock`: the memory of a project, from text to `Lock` and back.

JSON Lines: a header, then a line per note, sorted by guid, so that git merges additions on two
branches by union. What a union leaves behind (two versions of one line, two headers, conflict
markers, lines out of order) is repaired while reading, and always to the same result.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from operator import attrgetter
from typing import Annotated, Any, get_type_hints

import msgspec

from ankipress.diagnostics import Diagnostic, Location
from ankipress.identity.ids import make_note_id
from ankipress.model import KINDS, FileReading, Lock, NoteTypeStamp, Record, State
from ankipress.project.settings import LEVELS, SHAPE_NAMES
from ankipress.syntax.dialect import GITHUB, OBSIDIAN

FORMAT = 4
"""The formats before it were never published, so they are not read."""
_TYPES = get_type_hints(Record, include_extras=True)
# What most notes have is not written. The note id follows from the guid, and `changed` is `since`,
# where they are not written.
_USUAL: Mapping[str, object] = {
    "id": None,
    "kind": "basic",
    "section": "",
    "after": None,
    "opening": "",
    "hidden": "",
    "code": "",
    "source": "",
    "note_type": "",
    "imported": 0,
    "pulled": 0,
    "state": State.ACTIVE,
}
_DERIVED = {"note_id", "changed"}
_REQUIRED = _TYPES.keys() - _USUAL.keys() - _DERIVED
_values_of = attrgetter(*_TYPES)
_USUAL_VALUES = tuple(_USUAL.get(name, ...) for name in _TYPES)  # no value is `...`
_EXPECTED = {
    "guid": "a guid",
    "note_id": "a positive number",
    "id": "a text or null",
    "after": "a guid or null",
    "mod": "a positive number",
    "imported": "a number",
    "pulled": "a number",
    "state": '"active" or "retired"',
}  # of each other key: a text
_STAMP_KEYS = frozenset({"id", "name", "digest", "mod"})
_SCHEMA_KEYS = frozenset({"fields", "templates", "cloze"})

_MediaName = Annotated[str, msgspec.Meta(pattern=r"\A[^/\\\x00-\x1f]+\Z", max_length=255)]
_Digest = Annotated[str, msgspec.Meta(pattern=r"\A(?:[0-9a-f]{64})?\Z")]

_CONFLICT_MARKERS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
_NUMBER = re.compile(r"[0-9]{1,9}")
_HELP = "restore the line from git; guids that learners have stand nowhere else"


def _encode(value: object) -> str:
    return msgspec.json.encode(value).decode()


class _NewerFormatError(ValueError):
    """A header of a format that came after this ankipress."""


def write_lock(lock: Lock) -> str:
    """The text of a lock: the same lock gives the same text, and reading it gives the same lock.

    Named for symmetry with `read_lock`; no disk is touched here.
    """
    stamps = sorted(lock.note_types.items())
    note_types = {key: _stamp_fields(stamp) for key, stamp in stamps}
    header: dict[str, object] = {
        "ankipress": FORMAT,
        "uid": lock.uid,
        "note_types": note_types,
    }
    if lock.tools:
        header["tools"] = dict(sorted(lock.tools.items()))
    if lock.reading:
        header["reading"] = _reading_fields(lock.reading)
    if lock.media:
        header["media"] = dict(sorted(lock.media.items()))
    records = sorted(lock.records, key=lambda record: record.guid)
    return "".join([_encode(header), "\n", *map(record_line, records)])


def _reading_fields(reading: FileReading) -> Mapping[str, object]:
    """How a file is read, as it is written: the dialect only where it is not the usual one."""
    written = asdict(reading)
    if reading.dialect == GITHUB:
        del written["dialect"]
    return written


def _stamp_fields(stamp: NoteTypeStamp) -> Mapping[str, object]:
    """The fields of a stamp as they are written: only authors' own note types have a schema, and
    only those of other decks were imported.
    """
    written = asdict(stamp)
    if stamp.schema is None:
        del written["schema"]
    if not stamp.imported:
        del written["imported"]
    return written


def record_line(record: Record) -> str:
    """The line of one note, as `write_lock` writes it: without what is as usual."""
    each = zip(_TYPES, _values_of(record), _USUAL_VALUES, strict=True)
    written = {name: value for name, value, usual in each if value != usual}
    if record.note_id == make_note_id(record.guid, ()):
        del written["note_id"]
    if record.changed == record.since:
        del written["changed"]
    return _encode(written) + "\n"


def read_lock(
    text: str,
    path: str = "ankipress.lock",
) -> tuple[Lock, tuple[Diagnostic, ...]]:
    """The lock in a text, repaired, and what is wrong with the lines that cannot be read.

    An empty text is an empty lock. Of two lines with one guid the one with the later `mod` is
    taken, then the active one, then the greater text: a rule that needs neither order nor clock.
    """
    reader = _LockReader(path)
    for number, line in numbered_lines(text):
        try:
            reader.read(number, line)
        except _NewerFormatError as error:
            # This ankipress knows nothing of the newer format, so the other lines are not wrong.
            place = line_location(path, number, line)
            help = "update ankipress; or restore from git the lock that this ankipress wrote"
            return Lock(), (Diagnostic("bad-lock", place, str(error), help),)
        except ValueError as error:
            reader.report(number, line, str(error))
    return reader.lock(), tuple(reader.problems)


def numbered_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines with content, and their numbers. Conflict markers of git have none."""
    for number, line in enumerate(text.split("\n"), start=1):  # a question may hold U+2028
        if line.strip() and not line.startswith(_CONFLICT_MARKERS):
            yield number, line


def line_location(
    path: str,
    number: int,
    line: str,
) -> Location:
    """The place of a line, of which at most 100 characters are shown."""
    return Location(
        path,
        number,
        1,
        max(1, min(len(line), 100)),
    )


class _LockReader:
    """Collects the lines of one lock."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Diagnostic] = []
        self._headers: list[Lock] = []
        self._records: dict[str, Record] = {}
        self._first_lines: dict[str, int] = {}  # by guid

    def read(self, number: int, line: str) -> None:
        """Take in one line. Raises ValueError where it is wrong."""
        value = _parse_line(line)
        if "ankipress" in value:
            self._headers.append(_read_header(value))
            return
        record = _read_record(value)
        known = self._records.get(record.guid)
        if known is None:
            self._first_lines[record.guid] = number
        else:
            record = max(known, record, key=_precedence)
        self._records[record.guid] = record

    def report(
        self,
        number: int,
        line: str,
        message: str,
    ) -> None:
        """Report a line that is wrong."""
        place = line_location(self.path, number, line)
        self.problems.append(Diagnostic("bad-lock", place, message, _HELP))

    def lock(self) -> Lock:
        """The lock of all lines that were read."""
        if not self._headers and (self._records or self.problems):
            self.report(1, "", "the first line, which names the format, is missing")
        self._report_shared_note_ids()
        uid = None
        note_types: dict[str, NoteTypeStamp] = {}
        tools: dict[str, str] = {}
        media: dict[str, str] = {}
        reading = None
        # Two branches that each changed the header leave two of them: the newer parts are right.
        for header in sorted(self._headers, key=lambda each: str(each.uid)):
            uid = uid or header.uid
            reading = reading or header.reading
            for key, stamp in header.note_types.items():
                known = note_types.get(key, stamp)
                note_types[key] = max(known, stamp, key=_stamp_precedence)
            for name, version in header.tools.items():
                known_version = tools.get(name, version)
                tools[name] = max(known_version, version, key=_version_precedence)
            for name, digest in header.media.items():
                media[name] = max(media.get(name, ""), digest)
        return Lock(
            uid,
            dict(sorted(note_types.items())),
            tuple(self._records[guid] for guid in sorted(self._records)),
            dict(sorted(tools.items())),
            reading,
            dict(sorted(media.items())),
        )

    def _report_shared_note_ids(self) -> None:
        """A note id belongs to one note: Anki's table has one row for it."""
        note_ids = {record.note_id for record in self._records.values()}
        if len(note_ids) == len(self._records):
            return
        first: dict[int, str] = {}
        for guid in sorted(self._records):
            note_id = self._records[guid].note_id
            other = first.setdefault(note_id, guid)
            if other != guid:
                message = f'the note id {note_id} of "{guid}" is that of "{other}" too'
                self.report(self._first_lines[guid], "", message)


def _load(line: str) -> Any:
    """The value in a line by the rules of Python, which says in more words what is wrong."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"this line is not JSON: {error}") from None


def _parse_line(line: str) -> Mapping[str, Any]:
    try:
        value = msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError):
        value = _load(line)
    if not isinstance(value, dict):
        raise ValueError("this line is not a JSON object")
    if "\\u" in line:
        try:
            _encode(value).encode()
        except UnicodeEncodeError:
            raise ValueError("this line holds half of a character (a lone surrogate)") from None
    return value


def _read_header(value: Mapping[str, Any]) -> Lock:
    """A lock without records."""
    version = value["ankipress"]
    if type(version) is not int or version < 1:
        raise ValueError('"ankipress" must be the number of the format')
    if version > FORMAT:
        known = f"this ankipress reads format {FORMAT}: update ankipress"
        raise _NewerFormatError(f"this lock has format {version}, {known}")
    if version < FORMAT:
        raise ValueError(f"this lock has format {version}, which was never published")
    uid = value.get("uid")
    if not uid or not isinstance(uid, str):
        raise ValueError('"uid" must be a text')
    note_types = value.get("note_types")
    if not isinstance(note_types, dict):
        raise ValueError('"note_types" must be an object')
    tools = value.get("tools", {})
    if not _is_valid(tools, dict[str, str]):
        raise ValueError('"tools" must be an object of versions')
    stamps = {key: _read_stamp(key, stamp) for key, stamp in note_types.items()}
    reading = None
    if "reading" in value:
        reading = _read_reading(value["reading"])
    media = value.get("media", {})
    if not _is_valid(media, dict[_MediaName, _Digest]):
        raise ValueError('"media" must be an object of names of files and their SHA-256')
    return Lock(uid, stamps, tools=tools, reading=reading, media=media)


def _read_reading(value: Any) -> FileReading:
    """How a file is read. Raises ValueError."""
    try:
        reading = msgspec.convert(value, FileReading, strict=True)
    except msgspec.ValidationError as error:
        raise ValueError(f'"reading" must be how a file is read: {error}') from None
    is_known = reading.shape in SHAPE_NAMES and reading.kind in {"", *KINDS}
    is_read = reading.card_level in LEVELS and reading.dialect in {GITHUB, OBSIDIAN}
    if not is_known or not is_read:
        raise ValueError('"reading" must have a shape, a level of headings and a kind')
    return reading


def _read_stamp(key: str, value: Any) -> NoteTypeStamp:
    if not isinstance(value, dict) or value.keys() - {"schema", "imported"} != _STAMP_KEYS:
        keys = ", ".join(sorted(_STAMP_KEYS))
        raise ValueError(f'the note type "{key}" must have the keys {keys}')
    schema = value.get("schema")
    if isinstance(schema, dict) and schema.keys() - _SCHEMA_KEYS:
        keys = ", ".join(sorted(_SCHEMA_KEYS))
        raise ValueError(f'the schema of the note type "{key}" has no keys but {keys}')
    try:
        return msgspec.convert(value, NoteTypeStamp)
    except msgspec.ValidationError as error:
        raise ValueError(f'the note type "{key}" has a wrong value: {error}') from None


def _read_record(value: Mapping[str, Any]) -> Record:
    complete = _completed(value)
    if len(complete) == len(_TYPES):  # one more is unknown, and that one is missing is found below
        try:
            return msgspec.convert(complete, Record)
        except msgspec.ValidationError:
            pass  # what is wrong is said in the words of this project
    raise ValueError(_record_problem(value))


def _completed(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values of a note with those that were not written."""
    complete = {**_USUAL, "changed": value.get("since"), **value}
    if "note_id" not in value:
        complete["note_id"] = make_note_id(str(value.get("guid")), ())
    return complete


def _record_problem(value: Mapping[str, Any]) -> str:
    for key, type_ in _TYPES.items():
        if key in value:
            if not _is_valid(value[key], type_):
                return f'"{key}" must be {_EXPECTED.get(key, "a text")}, not {value[key]!r}'
        elif key in _REQUIRED:
            return f'the key "{key}" is missing'
    return f'there is no key "{min(value.keys() - _TYPES.keys())}"'


def is_media_name(name: str) -> bool:
    """Whether a lock can hold a name of a file of media."""
    return _is_valid(name, _MediaName)


def _is_valid(value: Any, type_: Any) -> bool:
    try:
        msgspec.convert(value, type_)
    except msgspec.ValidationError:
        return False
    return True


def _precedence(record: Record) -> tuple[int, bool, str]:
    return record.mod, record.state is State.ACTIVE, record_line(record)


def _stamp_precedence(stamp: NoteTypeStamp) -> tuple[int, str, int]:
    return stamp.mod, stamp.digest, stamp.id


def _version_precedence(version: str) -> tuple[list[int], str]:
    """By the numbers in it: 2.18.0 is newer than 2.9.0."""
    return [int(part) for part in _NUMBER.findall(version)], version
