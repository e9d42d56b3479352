"""A note type from elsewhere → files → the very same note type."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.importing.imported_deck import ImportedField, ImportedTemplate, ImportedType
from ankipress.importing.note_type_files import folder_keys, note_type_files
from ankipress.model import TextMode
from ankipress.notetypes.adopted_schema import adopted_type
from ankipress.notetypes.custom_types import read_custom
from ankipress.package.collection_template import make_template
from ankipress.syntax.decoding import decode

BASIC = ImportedType(
    1234567890123,
    "Basic",
    1_700_000_000,
    False,
    (ImportedField("Front", {"font": "Arial", "size": 20}), ImportedField("Back")),
    (ImportedTemplate("Card 1", "{{Front}}", "{{FrontSide}}<hr id=answer>{{Back}}"),),
    ".card { }",
)

texts = st.text(
    st.sampled_from("ab {}\"'\\\n\r\t#\x00\x7f\u2028\ufeffé字😀::") | st.characters(codec="utf-8")
)
names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda each: st.lists(each, max_size=3) | st.dictionaries(texts, each, max_size=3),
    max_leaves=6,
)


def settings(*ours: str) -> st.SearchStrategy[dict[str, Any]]:
    keys = st.sampled_from(["sortf", "latexPre", "req", "did", "tags", "id", "font"]) | texts
    return st.dictionaries(keys.filter(lambda key: key not in ours), values, max_size=4)


@st.composite
def note_types(draw: st.DrawFn) -> ImportedType:
    field_names = draw(st.lists(names, min_size=1, max_size=3, unique_by=str.casefold))
    fields = [ImportedField(name, draw(settings("name", "ord"))) for name in field_names]
    templates = [
        ImportedTemplate(
            draw(texts), draw(texts), draw(texts), draw(settings("name", "ord", "qfmt", "afmt"))
        )
        for _ in range(draw(st.integers(1, 3)))
    ]
    return ImportedType(
        draw(st.integers(1, 2**63 - 1)),
        draw(names),
        draw(st.integers(0, 2**40)),
        draw(st.booleans()),
        tuple(fields),
        tuple(templates),
        draw(texts),
        draw(settings("id", "name", "type", "mod", "css", "flds", "tmpls")),
    )


def as_json(imported: ImportedType) -> dict[str, Any]:
    """What Anki's JSON has for it, with what Anki cannot do without."""
    needed = {"sticky": False, "rtl": False, "font": "Arial", "size": 20}
    fields = [
        {**needed, **each.settings, "name": each.name, "ord": ord}
        for ord, each in enumerate(imported.fields)
    ]
    templates = [
        {**each.settings, "name": each.name, "ord": ord, "qfmt": each.front, "afmt": each.back}
        for ord, each in enumerate(imported.templates)
    ]
    return {
        "sortf": 0,
        "usn": -1,
        "did": None,
        **imported.settings,
        "id": imported.id,
        "name": imported.name,
        "type": int(imported.cloze),
        "mod": imported.mod,
        "css": imported.css,
        "flds": fields,
        "tmpls": templates,
    }


def on_disk(files: dict[str, str]) -> dict[str, str]:
    """The texts of the files, written and read again."""
    read = {}
    for path, text in files.items():
        source, problems = decode(text.encode(), path)
        assert source is not None
        assert problems == ()
        read[path] = source.text
    return read


def packed(imported: ImportedType) -> dict[str, Any]:
    """The JSON in a package whose note type went through files."""
    files = note_type_files(imported, "kind", [TextMode.LINES] * len(imported.fields))
    found = read_custom(on_disk(files))
    assert found.diagnostics == ()
    custom = found.types["kind"]
    assert custom.adopted is not None
    assert custom.adopted.texts == (TextMode.LINES,) * len(imported.fields)
    note_type = adopted_type(custom, custom.adopted)
    [model] = make_template([replace(note_type, mod=imported.mod)]).adopted.values()
    value: dict[str, Any] = json.loads(model)
    return value


@given(note_types())
def test_any_note_type_is_packed_as_it_was(imported: ImportedType) -> None:
    assert packed(imported) == as_json(imported)


def files_of(*names: str, css: str = "") -> dict[str, str]:
    templates = tuple(ImportedTemplate(name, "{{Front}}", "") for name in names)
    return note_type_files(replace(BASIC, templates=templates, css=css), "k", [TextMode.BARE] * 2)


def stems(*names: str) -> list[str]:
    paths = [path.removeprefix("notetypes/k/") for path in files_of(*names)]
    return [name.removesuffix(".front.html") for name in paths if name.endswith(".front.html")]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Card 1", "Card 2"], ["Card 1", "Card 2"]),
        (["a/b:c", "..", "?", "", "日本"], ["a-b-c", "card", "card-2", "card-3", "日本"]),
        (["Card", "card", "CARD"], ["Card", "card-2", "CARD-3"]),
        (["con", "Nul.x", "com1 "], ["card-con", "card-Nul.x", "card-com1"]),
        (["é", "e\u0301"], ["é", "é-2"]),
        (["x" * 90, " .x. "], ["x" * 40, "x"]),
    ],
)
def test_the_files_of_templates_have_names_for_every_system(
    names: list[str], expected: list[str]
) -> None:
    assert stems(*names) == expected


@given(st.lists(texts, max_size=8))
def test_no_two_templates_share_a_file(names: list[str]) -> None:
    found = stems(*names)
    assert len({each.casefold() for each in found}) == len(names)
    assert all(0 < len(each) < 60 and not set(each) & set('<>:"/\\|?*') for each in found)


def test_a_text_that_no_file_can_hold_stands_in_the_toml() -> None:
    for css, in_file in (
        ("", "\n"),
        (" a\n\n", " a\n\n\n"),
        ("a\r\nb", "a\nb\n"),
        ("a\rb", None),
        ("a\r\nb\nc", None),
        ("a\x01", None),
        ("\ufeffa", None),
    ):
        assert files_of("Card", css=css).get("notetypes/k/style.css") == in_file
        assert packed(replace(BASIC, css=css))["css"] == css


def test_what_anki_keeps_reads_well() -> None:
    latex = "\\documentclass{article}\n\\begin{document}\n"
    kept = replace(BASIC, settings={"latexPre": latex, "did": None, "req": [[0, "any", [0]]]})
    toml = note_type_files(kept, "k", [TextMode.LINES] * 2)["notetypes/k/notetype.toml"]
    assert f"\nlatexPre = '''\n{latex}'''\n" in toml
    assert '\nreq = [[0, "any", [0]]]\n' in toml
    assert '\n[anki_json]\ndid = "null"\n' in toml
    assert 'name = "Front"\ntext = "lines"\nanki = { font = "Arial", size = 20 }\n' in toml


def named(*names: str) -> list[ImportedType]:
    return [replace(BASIC, name=name) for name in names]


def test_every_note_type_has_a_folder_of_its_own() -> None:
    types = named("Word list!", "Basic", "basic", "日本語", "1 x", "con", "x" * 90, "word-list")
    assert folder_keys(types, ["Word-list"]) == (
        "Word-list-anki",
        "Basic-anki",
        "basic-0123",
        "Type",
        "Type-1-x",
        "con-anki",
        "x" * 32,
        "word-list-0123",
    )


@given(st.lists(names, max_size=6))
def test_a_folder_can_be_the_kind_of_a_card(all_names: list[str]) -> None:
    keys = folder_keys(named(*all_names))
    assert len({key.casefold() for key in keys}) == len(all_names)
    for key in keys:
        files = note_type_files(BASIC, key, [TextMode.LINES] * 2)
        assert read_custom(files).diagnostics == ()
