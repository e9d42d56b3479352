"""Note types of a deck from elsewhere → the files of `notetypes/KEY/`, which say all of them.

`notetypes/adopted_types.py` reads what is written here, and gives the very same note type.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ankipress.importing.deck_files import is_device
from ankipress.importing.imported_deck import ImportedField, ImportedTemplate, ImportedType
from ankipress.model import KINDS, TextMode
from ankipress.notetypes.adopted_types import CSS, LINE_END
from ankipress.notetypes.custom_types import FOLDER
from ankipress.project.toml_text import toml_block, toml_key, toml_text
from ankipress.syntax.decoding import decode

_COMMENT = """\
# A note type that learners have from Anki. ankipress packs it exactly as it is described here.
#
# The templates (*.front.html and *.back.html), style.css and the first name below may change. So
# may `text`, which says how the Markdown of a field becomes HTML: as "paragraphs", as "lines"
# without <p>, or as "bare" text without any markup. `anki` is what else Anki keeps of each.
#
# All else must stay. Anki knows the note type by its `id`, and its fields and templates by their
# order and their names. If one is added, removed, moved or renamed, Anki updates no note of it.
"""
_LONGEST_KEY = 32
_LONGEST_STEM = 40
_DEEPEST = 20  # lists and tables in each other, that are written as TOML


def note_type_files(
    imported: ImportedType,
    key: str,
    texts: Sequence[TextMode],
) -> dict[str, str]:
    """The files of a note type by their paths in the project. `texts` are the usual modes of its
    fields. Its id must be known.
    """
    stems = _file_stems([each.name for each in imported.templates])
    contents = {CSS: imported.css}
    for stem, template in zip(stems, imported.templates, strict=True):
        contents[f"{stem}.front.html"] = template.front
        contents[f"{stem}.back.html"] = template.back
    crlf: list[str] = []
    kept: dict[str, str] = {}
    files: dict[str, str] = {}
    for name, text in contents.items():
        with_line_feeds = text.replace("\r\n", "\n")
        if _reads_as(text, name):
            files[name] = f"{text}{LINE_END}"
        elif _reads_as(with_line_feeds, name) and with_line_feeds.replace("\n", "\r\n") == text:
            files[name] = f"{with_line_feeds}{LINE_END}"
            crlf.append(name)
        else:
            kept[name] = text
    lines = [_COMMENT, *_head(imported, crlf)]
    for field, mode in zip(imported.fields, texts, strict=True):
        lines += ["", *_field_lines(field, mode)]
    for stem, template in zip(stems, imported.templates, strict=True):
        lines += ["", *_template_lines(stem, template)]
    lines += _tables(imported.settings)
    if kept:
        lines += ["", "# Texts that cannot stand in a file exactly.", "[texts]"]
        lines += [f"{toml_key(name)} = {toml_text(text)}" for name, text in kept.items()]
    files["notetype.toml"] = "\n".join([*lines, ""])
    return {f"{FOLDER}/{key}/{name}": text for name, text in files.items()}


def folder_keys(
    note_types: Sequence[ImportedType],
    taken: Iterable[str] = (),
) -> tuple[str, ...]:
    """A name for the folder of each note type, which is the kind of its cards: none of those that
    are taken, and none of ankipress's own.
    """
    used = {each.casefold() for each in (*taken, *KINDS)}
    keys = []
    for each in note_types:
        stem = _plain(each.name)
        candidates = [stem, f"{stem}-anki", f"{stem}-{(each.id or 0) % 10_000:04}"]
        free = [one for one in candidates if one.casefold() not in used and not is_device(one)]
        key = next(iter(free), "") or _free(candidates[-1], used)
        used.add(key.casefold())
        keys.append(key)
    return tuple(keys)


def _plain(name: str) -> str:
    """A name in the letters that `kind=…` takes."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9_]+", "-", ascii_name).strip("-_")
    if not words[:1].isalpha():
        words = f"Type-{words}"
    return words[:_LONGEST_KEY].strip("-_")


def _free(stem: str, used: Iterable[str]) -> str:
    """A name that is not used, with a number."""
    number = 2
    while f"{stem}-{number}".casefold() in used:
        number += 1
    return f"{stem}-{number}"


def _file_stems(names: Sequence[str]) -> list[str]:
    """What the names of each template's files begin with: safe on every system, and unique where
    upper and lower case are the same.
    """
    used: set[str] = set()
    numbers: dict[str, int] = {}
    stems = []
    for name in names:
        plain = _file_stem(name)
        stem = plain
        while _folded(stem) in used:
            numbers[plain] = numbers.get(plain, 1) + 1
            stem = f"{plain}-{numbers[plain]}"
        used.add(_folded(stem))
        stems.append(stem)
    return stems


def _file_stem(name: str) -> str:
    words = re.sub(r"[^\w .-]+", "-", unicodedata.normalize("NFC", name))
    stem = words.lstrip(" .-")[:_LONGEST_STEM].rstrip(" .-")
    if is_device(stem):
        stem = f"card-{stem}"
    return stem or "card"


def _folded(stem: str) -> str:
    return unicodedata.normalize("NFKC", stem).casefold()


def _reads_as(text: str, name: str) -> bool:
    """Whether a file with this text is read as exactly this text, and nothing is wrong with it."""
    try:
        content = f"{text}{LINE_END}".encode()
    except UnicodeEncodeError:
        return False
    source, problems = decode(content, name)
    return source is not None and source.text == f"{text}{LINE_END}" and not problems


def _head(imported: ImportedType, crlf: Sequence[str]) -> Iterator[str]:
    yield f"name = {toml_text(imported.name)}"
    yield f"id = {imported.id}"
    if imported.cloze:
        yield "cloze = true"
    if crlf:
        yield f"crlf = {toml_text(list(crlf))} # their lines end with CR LF"


def _field_lines(field: ImportedField, mode: TextMode) -> Iterator[str]:
    yield "[[fields]]"
    yield f"name = {toml_text(field.name)}"
    yield f"text = {toml_text(str(mode))}"
    yield from _inline(field.settings)


def _template_lines(stem: str, template: ImportedTemplate) -> Iterator[str]:
    yield "[[templates]]"
    yield f"name = {toml_text(template.name)}"
    yield f"file = {toml_text(stem)}"
    yield from _inline(template.settings)


def _inline(settings: Mapping[str, Any]) -> Iterator[str]:
    """The keys of a field or template, each sort on one line."""
    plain, json_texts = _parted(settings)
    if plain:
        yield f"anki = {toml_text(plain)}"
    if json_texts:
        yield f"anki_json = {toml_text(json_texts)}"


def _tables(settings: Mapping[str, Any]) -> Iterator[str]:
    """The keys of a note type, each on a line of its own."""
    plain, json_texts = _parted(settings)
    if plain:
        yield from ("", "[anki]")
    for key, value in plain.items():
        text = toml_text(value)
        if isinstance(value, str):
            text = toml_block(value)
        yield f"{toml_key(key)} = {text}"
    if json_texts:
        yield from ("", "[anki_json]")
    for key, value in json_texts.items():
        yield f"{toml_key(key)} = {toml_text(value)}"


def _parted(settings: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """What TOML can hold, and the JSON of what it cannot: null, above all."""
    plain: dict[str, Any] = {}
    json_texts: dict[str, str] = {}
    for key, value in settings.items():
        if _is_toml(value, 0):
            plain[key] = value
        else:
            json_texts[key] = json.dumps(value)
    return plain, json_texts


def _is_toml(value: Any, depth: int) -> bool:
    if value is None or depth > _DEEPEST:
        return False
    if isinstance(value, list):
        return all(_is_toml(each, depth + 1) for each in value)
    if isinstance(value, dict):
        return all(_is_toml(each, depth + 1) for each in (*value, *value.values()))
    if isinstance(value, str):
        return re.search("[\ud800-\udfff]", value) is None
    return True
