"""Which part of an entry fills which field of its note type: a module for each kind of card."""

from collections.abc import Callable, Iterator, Mapping

from ankipress.render.card_parts import Parts
from ankipress.render.kinds.basic import fill_basic, fill_rows
from ankipress.render.kinds.choice import fill_choice
from ankipress.render.kinds.cloze import fill_cloze
from ankipress.render.kinds.occlusion import fill_occlusion

Fields = Iterator[tuple[str, str]]
"""Names of fields and their HTML."""

KIND_FIELDS: Mapping[str, Callable[[Parts], Fields]] = {
    "basic": fill_basic,
    "choice": fill_choice,
    "cloze": fill_cloze,
    "occlusion": fill_occlusion,
    "rows": fill_rows,
}
"""How each kind fills its fields."""
