"""Which Markdown of a card each of its fields is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ankipress.model import CustomType, Entry, note_type_of

_SECTIONS = ("Hint", "Extra", "Source")


@dataclass(frozen=True, slots=True)
class FieldParts:
    """The parts of an entry that fill a field, and whether its heading stands above them.

    `section` is the heading below which the field stands where the card has a place for it, empty
    where it stands below the heading of the card, and None where no text can be added.
    """

    names: tuple[str, ...]
    has_heading: bool = False
    section: str | None = None


def field_parts(entry: Entry, custom: CustomType | None) -> Mapping[str, FieldParts]:
    """The parts of each field of a card that is text."""
    if entry.is_adopted:
        return _adopted(entry)
    if custom is not None:
        return _custom(entry, custom)
    sections = {name: FieldParts((name,), section=name) for name in _SECTIONS}
    key = note_type_of(entry.kind)
    if key == "cloze":
        return {**sections, **_cloze(entry)}
    if key == "occlusion":
        del sections["Extra"]
        header = FieldParts(("Front",), has_heading=True)
        back = FieldParts(("Back", "Extra"), section="Extra")
        return {
            "Header": header,
            "Image": FieldParts(("Image",)),
            "Back Extra": back,
            "Comments": FieldParts(("Occlusion",)),
            **sections,
        }
    if entry.kind == "rows":
        front = FieldParts((), has_heading=True)
        return {"Front": front, "Back": FieldParts(("Back",)), **sections}
    front = FieldParts(
        ("Front",),
        has_heading=True,
        section="",
    )
    return {"Front": front, "Back": FieldParts(("Back",)), **sections}


def _cloze(entry: Entry) -> Mapping[str, FieldParts]:
    if "Front" in entry.parts:
        text = FieldParts(
            ("Front",),
            has_heading=True,
            section="",
        )
        return {"Text": text, "Extra": FieldParts(("Back", "Extra"), section="Extra")}
    return {
        "Text": FieldParts(
            ("Back",),
            has_heading=True,
            section="",
        )
    }


def _custom(entry: Entry, custom: CustomType) -> Mapping[str, FieldParts]:
    fields: dict[str, FieldParts] = {}
    is_apart = "Front" in entry.parts or not custom.is_one_text
    for number, (name, part) in enumerate(custom.part_names.items()):
        if number == 0:
            below = part if is_apart else "Back"
            fields[name] = FieldParts(
                (below,),
                has_heading=True,
                section="",
            )
        elif number == 1 and is_apart and custom.is_one_text:
            fields[name] = FieldParts(("Back", part), section=name)
        elif part == "Back":
            fields[name] = FieldParts((part,))
        else:
            fields[name] = FieldParts((part,), section=name)
    return fields


def _adopted(entry: Entry) -> Mapping[str, FieldParts]:
    fields: dict[str, FieldParts] = {}
    for name in entry.modes:
        has_heading = name == entry.first_field and not entry.is_labelled
        section = "" if has_heading else name
        fields[name] = FieldParts(
            (name,),
            has_heading,
            section,
        )
    return fields
