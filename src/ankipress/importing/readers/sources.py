"""A source of any kind → its deck: what it is shows in its content, and not in its name alone."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ankipress.importing.imported_deck import ImportedDeck
from ankipress.importing.readers.anki_text import is_text_export, read_text_export
from ankipress.importing.readers.crowdanki_source import read_crowdanki
from ankipress.importing.readers.deck_parts import part_of, with_used_types
from ankipress.importing.readers.foreign_text import ForeignText, foreign_text
from ankipress.importing.readers.package_source import read_package_source, read_profile
from ankipress.importing.readers.source_error import SourceError
from ankipress.importing.readers.table_source import ColumnNames, read_table
from ankipress.package.package_reading import SQLITE
from ankipress.project.door import (
    LARGEST_TEXT,
    entries_in,
    entry_at,
    help_with,
    names_in,
    open_file,
    read_file,
)
from ankipress.project.limited_process import LimitError

_ZIP = b"PK"
_START = 64  # bytes, which tell packages and databases
_DECK = "deck.json"
_COLLECTION = "collection.anki2"
_PACKAGES = frozenset({".apkg", ".colpkg", ".anki2", ".anki21", ".anki21b"})
_SPREADSHEETS = frozenset({".xlsx", ".xls", ".ods", ".numbers"})
_TABLES = frozenset({".csv", ".tsv", ".txt"})
_MARKDOWN = frozenset({".md", ".markdown", ".qmd", ".ipynb"})
_MOST_NAMED = 5  # decks in a message
_KINDS = (
    "give a package (.apkg or .colpkg), the collection.anki2 of a profile, a folder of CrowdAnki"
    " with its deck.json, a text export of Anki, or a table (.csv or .tsv)"
)


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """What a user says of a source. `deck` means one deck of it, with those below. `columns` are
    those of a table.
    """

    deck: str | None = None
    columns: ColumnNames = field(default_factory=ColumnNames)


def read_source(path: Path, options: SourceOptions | None = None) -> ImportedDeck:
    """The deck of a package, a profile's collection, a folder of CrowdAnki, a text export of Anki
    or a table. Raises SourceError, also where there are no notes.
    """
    wanted = options or SourceOptions()
    with _told(path):
        found = _read(_file_of(path), wanted)
    if not found.notes:
        where = path.name
        if wanted.deck is not None:
            where = f'the deck "{wanted.deck}" of {path.name}'
        raise SourceError(f"{where} holds no notes", "give a deck that has some")
    return with_used_types(found)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Raise SourceError for what the system has against a file, or a limit."""
    try:
        yield
    except LimitError as error:
        raise SourceError(f"{path.name}: {error}", "give a smaller part of it") from error
    except FileNotFoundError as error:
        raise SourceError(f"there is no {path}", _KINDS) from error
    except OSError as error:
        reason = error.strerror or error
        raise SourceError(f"{path.name} cannot be read: {reason}", help_with(error)) from error


def _file_of(path: Path) -> Path:
    """The file that a path means: a folder means the deck or the collection in it."""
    real = path.resolve(strict=True)
    found = entry_at(real)
    if found is None or not found.is_folder:
        return real
    below = [each.path for each in entries_in(real) if each.is_folder and not each.is_link]
    files = [file for folder in (real, *sorted(below)) for file in _sources_in(folder)]
    if not files and _holds_notes(real):
        raise _notes(f"the folder {path.name} holds notes, which need")
    if not files:
        raise SourceError(f"the folder {path.name} holds no {_DECK} and no {_COLLECTION}", _KINDS)
    if len(files) > 1 and files[0].parent != real:
        names = ", ".join(file.parent.name for file in files[:_MOST_NAMED])
        raise SourceError(f"the folder {path.name} holds several decks", f"give one: {names}")
    return files[0]


def _sources_in(folder: Path) -> Sequence[Path]:
    names = names_in(folder, folder)
    return [folder / name for name in (_DECK, _COLLECTION) if name in names]


def _holds_notes(folder: Path) -> bool:
    return any(Path(name).suffix.lower() in _MARKDOWN for name in names_in(folder, folder))


def _notes(what: str) -> SourceError:
    return SourceError(
        f"{what} no import",
        "`ankipress init` makes a project of notes as they are; with --guids-from their cards get"
        " the guids of a package that another tool has made of them",
    )


def _read(real: Path, options: SourceOptions) -> ImportedDeck:
    start = _start(real)
    if start.startswith(SQLITE):
        return read_profile(real, options.deck)
    if start.startswith(_ZIP):
        if real.suffix.lower() in _SPREADSHEETS:
            raise _spreadsheet(real)
        if real.suffix.lower() == ".zip":
            raise SourceError(
                f"{real.name} is a zip file, and no package of Anki",
                "unpack it and give the folder in it; a package whose name was changed needs the"
                " ending .apkg again",
            )
        return read_package_source(real, options.deck)
    found = _read_text(real, _content(real), options)
    if options.deck is not None and found.notes:
        return part_of(found, options.deck, real.name)
    return found


def _read_text(real: Path, content: bytes, options: SourceOptions) -> ImportedDeck:
    if _is_json(real, content):
        return read_crowdanki(content.removeprefix(BOM_UTF8), real.parent)
    text = _text_of(real, content)
    if is_text_export(text.text):
        return read_text_export(text, real.stem)
    return read_table(text, real.stem, options.columns)


def _text_of(real: Path, content: bytes) -> ForeignText:
    """The text of a file that may be a table or an export. Raises SourceError for another one."""
    suffix = real.suffix.lower()
    if not content.strip():
        raise SourceError(f"{real.name} is empty", _KINDS)
    if suffix in _PACKAGES:
        raise SourceError(
            f"{real.name} is no package of Anki, whatever its name is",
            "export the deck from Anki again (File > Export), or download it again",
        )
    if suffix in _SPREADSHEETS:
        raise _spreadsheet(real)
    if suffix in _MARKDOWN:
        raise _notes(f"{real.name} is a file of notes, which needs")
    text = foreign_text(content)
    if text is None:
        raise SourceError(f"{real.name} is neither a package of Anki nor a text", _KINDS)
    return text


def _is_json(real: Path, content: bytes) -> bool:
    """Whether a text is an object of JSON, which a table may only look like."""
    starts = content[:_START].removeprefix(BOM_UTF8).lstrip()[:1] == b"{"
    return starts and real.suffix.lower() not in _TABLES


def _spreadsheet(real: Path) -> SourceError:
    return SourceError(
        f"{real.name} is a file of a spreadsheet",
        "save it as CSV (UTF-8), with the names of the columns in its first line",
    )


def _start(real: Path) -> bytes:
    with open_file(real) as file:
        return file.read(_START)


def _content(real: Path) -> bytes:
    return read_file(real, real.parent, LARGEST_TEXT)
