"""Which field and template of an author's note type is which published one: ids are given once, and
kept in the lock.

Anki updates notes only where the note type has the same fields and templates in the same order as
the learner's. See docs/decisions/013-custom-note-types.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ankipress.diagnostics import Diagnostic
from ankipress.identity.ids import make_note_type_id, make_schema_id, short_mark
from ankipress.model import CustomType, Field, Named, NoteType, NoteTypeStamp, Schema, Template
from ankipress.notetypes.builtin import base_style
from ankipress.notetypes.custom import OWN_FIELDS, CustomTypes

_LEARNERS = (
    "Anki would update no note of this type: learners would have to delete the old notes and lose their reviews. Put it back, or"
    " copy the folder under another name and use that kind for new cards. If no package with it was ever published, take"
    ' "{key}" out of `note_types` in the first line of ankipress.lock'
)


@dataclass(frozen=True, slots=True)
class Settled:
    """The note types of authors' own with their ids, by key, and what Anki would refuse."""

    types: dict[str, NoteType]
    diagnostics: tuple[Diagnostic, ...] = ()


def settle_types(
    custom: CustomTypes, stamps: Mapping[str, NoteTypeStamp], uid: str, project: str, code_css: str
) -> Settled:
    """Give every field and template its published id, or a new one. `code_css` gives code its
    colours.
    """
    types, problems = {}, list[Diagnostic]()
    for each in custom.types.values():
        stamp = stamps.get(each.key)
        settler = _Settler(each, stamp.schema if stamp else None, uid)
        types[each.key] = NoteType(
            key=each.key,
            id=make_note_type_id(uid, each.key),
            name=f"{project} {each.name} (ankipress {short_mark(uid)})",
            fields=settler.fields(),
            templates=settler.templates(),
            css="\n".join(
                filter(None, (base_style() if each.base_style else "", each.css, code_css))
            )
            + "\n",
            cloze=each.cloze,
            is_custom=True,
        )
        problems += settler.problems
    return Settled(types, tuple(problems))


def fits(custom: CustomType, schema: Schema) -> bool:
    """Whether a note type with this schema can be a published state of an author's: Anki would
    update its notes.
    """
    settler = _Settler(custom, schema, "")
    settler.fields()
    settler.templates()
    return not settler.problems


class _Settler:
    def __init__(self, custom: CustomType, schema: Schema | None, uid: str) -> None:
        self.custom, self.schema, self.uid = custom, schema, uid
        self.problems: list[Diagnostic] = []
        if self.schema and self.schema.cloze != custom.cloze:
            was = "a cloze note type" if self.schema.cloze else "no cloze note type"
            self._refuse("cloze", f"this was {was} when it was published")

    def fields(self) -> tuple[Field, ...]:
        """The fields as published, under the names of now; a new field takes the place of one that
        was kept to spare.
        """
        wanted = (*self.custom.fields, *map(Named, OWN_FIELDS))
        if self.schema is None:
            return tuple(Field(each.name, self._new_id("field", each)) for each in wanted)
        published = [Field(name, id) for name, id in self.schema.fields]
        pairs = _matched(self.custom.fields, published)
        spare = [
            place
            for place, field in enumerate(published)
            if field.name in OWN_FIELDS[1:] and place not in pairs.values()
        ]
        added = [each for each in self.custom.fields if each not in pairs]
        kept = {place for place, field in enumerate(published) if field.name in OWN_FIELDS}
        gone = [
            field.name
            for place, field in enumerate(published)
            if place not in kept and place not in pairs.values()
        ]
        if gone or len(added) > len(spare):
            self._refuse_changes("field", gone, [each.name for each in added])
        elif list(pairs.values()) != sorted(pairs.values()):
            self._refuse(
                "fields", "the fields stand in another order than when they were published"
            )
        named = {
            place: each.name for each, place in [*pairs.items(), *zip(added, spare, strict=False)]
        }
        return tuple(
            replace(field, name=named.get(place, field.name))
            for place, field in enumerate(published)
        )

    def templates(self) -> tuple[Template, ...]:
        """The templates with their ids."""
        wanted = self.custom.templates
        if self.schema is None:
            return tuple(
                Template(
                    each.named.name, self._new_id("template", each.named), each.front, each.back
                )
                for each in wanted
            )
        published = [Field(name, id) for name, id in self.schema.templates]
        pairs = _matched([each.named for each in wanted], published)
        gone = [each.name for place, each in enumerate(published) if place not in pairs.values()]
        added = [each.named.name for each in wanted if each.named not in pairs]
        if gone or added:
            self._refuse_changes("template", gone, added)
        elif list(pairs.values()) != sorted(pairs.values()):
            self._refuse(
                "templates", "the templates stand in another order than when they were published"
            )
        ids = {named: published[place].id for named, place in pairs.items()}
        return tuple(
            Template(
                each.named.name,
                ids.get(each.named) or self._new_id("template", each.named),
                each.front,
                each.back,
            )
            for each in wanted
        )

    def _new_id(self, sort: str, named: Named) -> int:
        # Of the first name it had, so that it is the same even where the lock is lost.
        return make_schema_id(
            self.uid, self.custom.key, sort, named.was[0] if named.was else named.name
        )

    def _refuse_changes(self, sort: str, gone: Sequence[str], added: Sequence[str]) -> None:
        quoted = [", ".join(f'"{name}"' for name in names) for names in (gone, added)]
        changes = [
            f"the {sort} {quoted[0]} is gone" if gone else "",
            f"the {sort} {quoted[1]} is new" if added else "",
        ]
        renamed = (
            f'; if it was renamed, write `{{ name = "{added[0]}", was = "{gone[0]}" }}`'
            if gone and added
            else ""
        )
        self._refuse(f"{sort}s", " and ".join(filter(None, changes)) + renamed)

    def _refuse(self, key: str, message: str) -> None:
        way_out = _LEARNERS.format(key=self.custom.key)
        self.problems.append(
            Diagnostic("schema-changed", self.custom.places[key], message, way_out)
        )


def _matched(wanted: Sequence[Named], published: Sequence[Field]) -> dict[Named, int]:
    """The published place of each name: by the name itself, else by one it had before."""
    places = {field.name: place for place, field in enumerate(published)}
    pairs = {each: places[each.name] for each in wanted if each.name in places}
    for each in wanted:
        before = next(
            (
                name
                for name in reversed(each.was)
                if name in places and places[name] not in pairs.values()
            ),
            None,
        )
        if each not in pairs and before is not None:
            pairs[each] = places[before]
    return {each: pairs[each] for each in wanted if each in pairs}
