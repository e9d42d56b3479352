"""`ankipress.lock`: the memory of a project, from text to `Lock` and back.

JSON Lines: a header, then a line per note, sorted by guid, so that git merges additions on two
branches by union. What a union leaves behind (two versions of one line, two headers, conflict
markers, lines out of order) heals here, and always to the same result.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from itertools import islice, product
from operator import attrgetter, itemgetter
from typing import Any

from ankipress.diagnostics import Diagnostic, Location
from ankipress.model import Lock, NoteTypeStamp, Record, Schema, State, Texts

# 2 has "opening", 3 "source" and the tools; a lock of an earlier one is read, and written anew by
# the next build.
FORMAT = 3
_CONFLICT_MARKERS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
_AT_ONCE = 200  # lines
_MAX_ID = 2**63 - 1
_GUID = re.compile(r"[!-~]{1,64}")
_NUMBER = re.compile(r"[0-9]{1,9}")
_STATES = {each.value: each for each in State}


class _NewerFormatError(ValueError):
    """A header of a format that came after this ankipress."""


def write_lock(lock: Lock) -> str:
    """The text of a lock: the same lock gives the same text, and reading it gives the same lock.

    Named for symmetry with `read_lock`; no disk is touched here.
    """
    return "".join(_lines(lock))


def lock_content(lock: Lock) -> Iterator[bytes]:
    """The same in UTF-8, some lines at a time."""
    lines = _lines(lock)
    while some := "".join(islice(lines, _AT_ONCE)):
        yield some.encode()


def _lines(lock: Lock) -> Iterator[str]:
    header: Mapping[str, object] = {
        "ankipress": FORMAT,
        "uid": lock.uid,
        "note_types": {key: _as_stamp(stamp) for key, stamp in sorted(lock.note_types.items())},
    }
    if lock.tools:
        header = {**header, "tools": dict(sorted(lock.tools.items()))}
    yield _line(header)
    for record in sorted(lock.records, key=lambda record: record.guid):
        yield record_line(record)


def _as_stamp(stamp: NoteTypeStamp) -> Mapping[str, object]:
    """A note type of an author's own has its schema too; the lines of ankipress's own are as they
    were before there were others.
    """
    return {key: value for key, value in asdict(stamp).items() if value is not None}


def _as_dict(record: Record) -> dict[str, object]:
    return dict(
        zip(
            _RECORD_KEYS,
            (*_before_texts(record), *iter(record.texts), *_behind_texts(record)),
            strict=True,
        )
    )


def _line(value: Mapping[str, object]) -> str:
    return f"{_ENCODER.encode(value)}\n"


def record_line(record: Record) -> str:
    """The line of one note, as `write_lock` writes it."""
    return _line(_as_dict(record))


def read_record(line: str) -> Record:
    """The note of one line that is as `record_line` writes it. Raises ValueError where it is not."""
    return _checked_record(_parse_line(line))


# One for all lines: `json.dumps` with other separators than its own makes one each time.
_DECODER = json.JSONDecoder()
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": "))


def read_lock(text: str, path: str = "ankipress.lock") -> tuple[Lock, tuple[Diagnostic, ...]]:
    """The lock in a text, healed, and what is wrong with the lines that cannot be read.

    An empty text is an empty lock. Of two lines with one guid the one with the later `mod` stands,
    then the active one, then the greater text: a rule that needs neither order nor clock.
    """
    headers: list[Mapping[str, Any]] = []
    records: dict[str, Record] = {}
    places: dict[str, int] = {}  # the line on which each guid stands first
    problems: list[Diagnostic] = []
    for number, line in enumerate(
        text.split("\n"), start=1
    ):  # not splitlines: a question may hold U+2028
        if not line.strip() or line.startswith(_CONFLICT_MARKERS):
            continue
        try:
            value = _parse_line(line)
            if "ankipress" in value:
                headers.append(_checked_header(value))
            else:
                record = _checked_record(value)
                places.setdefault(record.guid, number)
                known = records.get(record.guid)
                records[record.guid] = (
                    record if known is None else max(known, record, key=_precedence)
                )
        except _NewerFormatError as error:
            # Of what a later ankipress writes this one knows nothing: its other lines are not
            # wrong.
            way_out = "update ankipress; or restore from git the lock that this ankipress wrote"
            return Lock(), (
                Diagnostic(
                    "bad-lock", Location(path, number, 1, min(len(line), 100)), str(error), way_out
                ),
            )
        except ValueError as error:
            problems.append(_bad_line(path, number, line, str(error)))
    if not headers and (records or problems):
        problems.append(
            _bad_line(path, 1, "", "the first line, which names the format, is missing")
        )
    problems += _shared_note_ids(path, places, records)
    uid, note_types = _merged_headers(headers)
    ordered = tuple(sorted(records.values(), key=lambda record: record.guid))
    return Lock(uid, note_types, ordered, _merged_tools(headers)), tuple(problems)


def _shared_note_ids(
    path: str, places: Mapping[str, int], records: Mapping[str, Record]
) -> Iterable[Diagnostic]:
    """A note id belongs to one note: Anki's table has one row for it."""
    first: dict[int, str] = {}
    for guid in sorted(records):
        note_id = records[guid].note_id
        if (other := first.setdefault(note_id, guid)) != guid:
            yield _bad_line(
                path,
                places[guid],
                "",
                f'the note id {note_id} of "{guid}" is that of "{other}" too',
            )


def _bad_line(path: str, number: int, line: str, message: str) -> Diagnostic:
    way_out = "restore the line from git; guids that learners have stand nowhere else"
    return Diagnostic(
        "bad-lock", Location(path, number, 1, max(1, min(len(line), 100))), message, way_out
    )


def _parse_line(line: str) -> Mapping[str, Any]:
    try:
        value = _DECODER.decode(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"this line is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise ValueError("this line is not a JSON object")
    if "\\u" in line and not _is_unicode(value):
        raise ValueError("this line holds half of a character (a lone surrogate)")
    return value


def _is_unicode(value: object) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _checked_header(value: Mapping[str, Any]) -> Mapping[str, Any]:
    version = value["ankipress"]
    if type(version) is not int or version < 1:
        raise ValueError('"ankipress" must be the number of the format')
    if version > FORMAT:
        raise _NewerFormatError(
            f"this lock has format {version}, this ankipress reads format {FORMAT}: update ankipress"
        )
    if not isinstance(value.get("uid"), str) or not value["uid"]:
        raise ValueError('"uid" must be a text')
    if not isinstance(value.get("note_types"), dict):
        raise ValueError('"note_types" must be an object')
    stamps = {key: _checked_stamp(key, stamp) for key, stamp in value["note_types"].items()}
    tools = value.get("tools", {})
    if not isinstance(tools, dict) or not all(isinstance(each, str) for each in tools.values()):
        raise ValueError('"tools" must be an object of versions')
    return {"uid": value["uid"], "note_types": stamps, "tools": tools}


def _checked_stamp(key: str, value: Any) -> NoteTypeStamp:
    names = {each.name for each in fields(NoteTypeStamp)} - {"schema"}
    if not isinstance(value, dict) or set(value) - {"schema"} != names:
        raise ValueError(f'the note type "{key}" must have the keys {", ".join(sorted(names))}')
    if not (_is_number(value["id"]) and _is_number(value["mod"])):
        raise ValueError(f'"id" and "mod" of the note type "{key}" must be positive numbers')
    if not (isinstance(value["name"], str) and isinstance(value["digest"], str)):
        raise ValueError(f'"name" and "digest" of the note type "{key}" must be texts')
    return NoteTypeStamp(
        **{**value, "schema": _checked_schema(key, value["schema"]) if "schema" in value else None}
    )


def _checked_schema(key: str, value: Any) -> Schema:
    """The fields and templates of an author's note type: texts with ids, in order."""
    if (
        not isinstance(value, dict)
        or set(value) != {"fields", "templates", "cloze"}
        or not isinstance(value["cloze"], bool)
    ):
        raise ValueError(f'"schema" of the note type "{key}" must have fields, templates and cloze')
    for named in (value["fields"], value["templates"]):
        if not isinstance(named, list) or not all(_is_named(each) for each in named):
            raise ValueError(f'"schema" of the note type "{key}" must hold lists of names with ids')
    fields, templates = (
        tuple((each[0], each[1]) for each in value[part]) for part in ("fields", "templates")
    )
    return Schema(fields, templates, value["cloze"])


def _is_named(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and isinstance(value[0], str)
        and _is_number(value[1])
    )


def _is_number(value: Any) -> bool:
    return type(value) is int and 0 < value <= _MAX_ID


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_text_or_null(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _is_guid(value: Any) -> bool:
    # Guids of other tools come in by `ankipress recover`; what matters is that they are one word of
    # printable ASCII.
    return isinstance(value, str) and _GUID.fullmatch(value) is not None


_RECORD_KEYS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "guid": (_is_guid, "a guid"),
    "note_id": (_is_number, "a positive number"),
    "id": (_is_text_or_null, "a text or null"),
    "kind": (_is_text, "a text"),
    "deck": (_is_text, "a text"),
    "path": (_is_text, "a text"),
    "section": (_is_text, "a text"),
    "after": (_is_text_or_null, "a guid or null"),
    "question": (_is_text, "a text"),
    "answer": (_is_text, "a text"),
    "opening": (_is_text, "a text"),
    "source": (_is_text, "a text"),
    "digest": (_is_text, "a text"),
    "mod": (_is_number, "a positive number"),
    "since": (_is_text, "a text"),
    "changed": (_is_text, "a text"),
    "state": (lambda value: isinstance(value, str) and value in _STATES, '"active" or "retired"'),
}
# The types that the values of a record may have, in the order of the keys: two of them may be null.
_TYPES: Mapping[object, Sequence[type]] = {_is_number: (int,), _is_text_or_null: (str, type(None))}
_SHAPES = frozenset(product(*(_TYPES.get(valid, (str,)) for valid, _ in _RECORD_KEYS.values())))


_values_of = itemgetter(*_RECORD_KEYS)
_KEYS = tuple(_RECORD_KEYS)
_TEXTS = _KEYS.index(Texts._fields[0])
_before_texts, _behind_texts = (
    attrgetter(*_KEYS[:_TEXTS]),
    attrgetter(*_KEYS[_TEXTS + len(Texts._fields) :]),
)


_SINCE_FORMAT_1 = frozenset({"opening", "source"})


def _checked_record(value: Mapping[str, Any]) -> Record:
    if not _is_sound(value):
        _complain(value)
    others = {key: each for key, each in value.items() if key not in Texts._fields}
    texts = Texts(value["question"], value["answer"], value.get("opening", ""))
    return Record(**{**others, "texts": texts, "state": _STATES[value["state"]]})


def _is_sound(value: Mapping[str, Any]) -> bool:
    """Whether all is as `_RECORD_KEYS` says, in a few steps: a lock has a line for every note."""
    if value.keys() != _RECORD_KEYS.keys():
        return False
    if tuple(map(type, _values_of(value))) not in _SHAPES:
        return False
    in_range = 0 < value["note_id"] <= _MAX_ID and 0 < value["mod"] <= _MAX_ID
    return in_range and value["state"] in _STATES and _GUID.fullmatch(value["guid"]) is not None


def _complain(value: Mapping[str, Any]) -> None:
    """Say what is wrong with a record. Raises ValueError where something is."""
    for key, (valid, expected) in _RECORD_KEYS.items():
        if key not in value and key in _SINCE_FORMAT_1:
            continue
        if key not in value:
            raise ValueError(f'the key "{key}" is missing')
        if not valid(value[key]):
            raise ValueError(f'"{key}" must be {expected}, not {value[key]!r}')
    unknown = sorted(set(value) - set(_RECORD_KEYS))
    if unknown:
        raise ValueError(f'there is no key "{unknown[0]}"')


def _precedence(record: Record) -> tuple[int, bool, str]:
    return record.mod, record.state is State.ACTIVE, _line(_as_dict(record))


def _merged_headers(
    headers: Iterable[Mapping[str, Any]],
) -> tuple[str | None, Mapping[str, NoteTypeStamp]]:
    """One header out of all: two branches that each raised a note type's mod leave two, and the
    later one is right.
    """
    uid: str | None = None
    stamps: dict[str, NoteTypeStamp] = {}
    for header in sorted(headers, key=lambda each: str(each["uid"])):
        uid = uid or header["uid"]
        for key, stamp in header["note_types"].items():
            known = stamps.get(key)
            better = known is None or (stamp.mod, stamp.digest, stamp.id) > (
                known.mod,
                known.digest,
                known.id,
            )
            stamps[key] = stamp if better else stamps[key]
    return uid, dict(sorted(stamps.items()))


def _merged_tools(headers: Iterable[Mapping[str, Any]]) -> Mapping[str, str]:
    """The greatest version of each tool, by the numbers in it: of two branches the one whose tools
    are newer.
    """
    tools: dict[str, str] = {}
    for header in headers:
        for name, version in header["tools"].items():
            tools[name] = max(
                version,
                tools.get(name, version),
                key=lambda each: ([int(part) for part in _NUMBER.findall(each)], each),
            )
    return dict(sorted(tools.items()))
