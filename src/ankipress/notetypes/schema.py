"""Which field and template of an author's note type is which published one: ids are given once, and
kept in the lock.

Anki updates notes only where the note type has the same fields and templates in the same order as
the learner's. See docs/decisions/012-custom-note-types.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ankipress.diagnostics import Diagnostic
from ankipress.identity.ids import make_note_type_id, make_schema_id, short_mark
from ankipress.model import (
    OWN_FIELDS,
    CustomType,
    Field,
    Named,
    NoteType,
    NoteTypeStamp,
    Schema,
    Template,
)
from ankipress.notetypes.adopted_schema import (
    NO_UPDATE,
    adopted_type,
    are_same_parts,
    changes_of_adopted,
)
from ankipress.notetypes.builtin import base_style
from ankipress.notetypes.custom_types import SPARE_FIELDS, CustomTypes

_HELP = (
    f"{NO_UPDATE} Put it back, or copy the folder under another name and use that kind for new"
    ' cards. If no package with it was ever published, take "{key}" out of `note_types` in the'
    " first line of ankipress.lock"
)

_Places = dict[Named, int]


@dataclass(frozen=True, slots=True)
class ResolvedTypes:
    """The note types of authors' own with their ids, by key, and what Anki would refuse."""

    types: dict[str, NoteType]
    diagnostics: tuple[Diagnostic, ...] = ()


def resolve_types(
    custom: CustomTypes,
    stamps: Mapping[str, NoteTypeStamp],
    uid: str,
    project: str,
    code_css: str,
) -> ResolvedTypes:
    """Give every field and template its published id, or a new one. `code_css` gives code its
    colours.
    """
    types: dict[str, NoteType] = {}
    problems: list[Diagnostic] = []
    for each in custom.types.values():
        stamp = stamps.get(each.key)
        if each.adopted is not None:
            problems += _shared_id(each, each.adopted.id, types.values())
            types[each.key] = adopted_type(each, each.adopted)
            problems += changes_of_adopted(each, types[each.key], stamp)
            continue
        schema = None
        if stamp:
            schema = stamp.schema
        resolver = _Resolver(each, schema, uid)
        styles = [each.css, code_css]
        if each.base_style:
            styles.insert(0, base_style())
        types[each.key] = NoteType(
            key=each.key,
            id=make_note_type_id(uid, each.key),
            name=f"{project} {each.name} (ankipress {short_mark(uid)})",
            fields=resolver.fields(),
            templates=resolver.templates(),
            css="\n".join(filter(None, styles)) + "\n",
            cloze=each.cloze,
            is_custom=True,
        )
        problems += resolver.problems
    return ResolvedTypes(types, tuple(problems))


def _shared_id(
    custom: CustomType,
    id: int,
    others: Iterable[NoteType],
) -> Iterator[Diagnostic]:
    """What is wrong where another note type of the project has the same id."""
    for other in others:
        if other.id == id:
            message = f'the note type "{other.key}" has this id too'
            help = "delete one of the two folders: for Anki they are one note type"
            yield Diagnostic("bad-note-type", custom.places["id"], message, help)


def fits(custom: CustomType, schema: Schema) -> bool:
    """Whether a note type with this schema can be a published state of an author's: Anki would
    update its notes.
    """
    if custom.adopted is not None:
        return are_same_parts(adopted_type(custom, custom.adopted), schema)
    resolver = _Resolver(custom, schema, "")
    resolver.fields()
    resolver.templates()
    return not resolver.problems


class _Resolver:
    def __init__(
        self,
        custom: CustomType,
        schema: Schema | None,
        uid: str,
    ) -> None:
        self.custom = custom
        self.schema = schema
        self.uid = uid
        self.problems: list[Diagnostic] = []
        if schema is not None and schema.cloze != custom.cloze:
            was = "no cloze note type"
            if schema.cloze:
                was = "a cloze note type"
            self._refuse("cloze", f"this was {was} when it was published")

    def fields(self) -> tuple[Field, ...]:
        """The fields as published, under the names of now; a new field takes the place of a spare
        one.
        """
        wanted = self.custom.fields
        if self.schema is None:
            every = (*wanted, *map(Named, OWN_FIELDS))
            return tuple(Field(each.name, self._new_id("field", each)) for each in every)
        names = [name for name, _ in self.schema.fields]
        places = _published_places(wanted, names)
        added = [each for each in wanted if each not in places]
        free = [place for place in range(len(names)) if place not in places.values()]
        spare = [place for place in free if names[place] in SPARE_FIELDS]
        gone = [names[place] for place in free if names[place] not in OWN_FIELDS]
        self._check(
            "field",
            gone,
            added,
            places,
            spare=len(spare),
        )
        places.update(zip(added, spare, strict=False))
        for each, place in places.items():
            names[place] = each.name
        ids = [id for _, id in self.schema.fields]
        return tuple(map(Field, names, ids))

    def templates(self) -> tuple[Template, ...]:
        """The templates with their ids."""
        ids = self._published_template_ids()
        templates = []
        for each in self.custom.templates:
            id = ids.get(each.named) or self._new_id("template", each.named)
            name = each.named.name
            templates.append(Template(name, id, each.front, each.back))
        return tuple(templates)

    def _published_template_ids(self) -> dict[Named, int | None]:
        if self.schema is None:
            return {}
        wanted = [each.named for each in self.custom.templates]
        names = [name for name, _ in self.schema.templates]
        places = _published_places(wanted, names)
        added = [each for each in wanted if each not in places]
        gone = [name for place, name in enumerate(names) if place not in places.values()]
        self._check("template", gone, added, places, spare=0)
        return {named: self.schema.templates[place][1] for named, place in places.items()}

    def _new_id(self, sort: str, named: Named) -> int:
        # Of the first name it had, so that it is the same even where the lock is lost.
        first_name = (*named.was, named.name)[0]
        return make_schema_id(self.uid, self.custom.key, sort, first_name)

    def _check(
        self,
        sort: str,
        gone: Sequence[str],
        added: Sequence[Named],
        places: _Places,
        *,
        spare: int,
    ) -> None:
        """Report what Anki would refuse of fields or templates."""
        key = f"{sort}s"
        order = list(places.values())
        if not gone and len(added) <= spare:
            if order != sorted(order):
                was = "in another order than when they were published"
                self._refuse(key, f"the {key} stand {was}")
            return
        changes = []
        if gone:
            changes.append(f"the {sort} {_quoted(gone)} is gone")
        if added:
            changes.append(f"the {sort} {_quoted([each.name for each in added])} is new")
        message = " and ".join(changes)
        if gone and added:
            renamed = f'{{ name = "{added[0].name}", was = "{gone[0]}" }}'
            message = f"{message}; if it was renamed, write `{renamed}`"
        self._refuse(key, message)

    def _refuse(self, key: str, message: str) -> None:
        place = self.custom.places[key]
        help = _HELP.format(key=self.custom.key)
        self.problems.append(Diagnostic("schema-changed", place, message, help))


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _published_places(
    wanted: Sequence[Named],
    published: Sequence[str],
) -> _Places:
    """The published place of each name, in the order of the names: that of the name itself, else of
    the latest name it had before.
    """
    by_name = {name: place for place, name in enumerate(published)}
    places = {each: by_name[each.name] for each in wanted if each.name in by_name}
    for each in wanted:
        if each in places:
            continue
        for name in reversed(each.was):
            if name in by_name and by_name[name] not in places.values():
                places[each] = by_name[name]
                break
    return {each: places[each] for each in wanted if each in places}
