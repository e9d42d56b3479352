"""How each kind of card fills the fields of its note type: one module for each kind."""

from collections.abc import Callable, Mapping

from ankipress.render.card_parts import Parts
from ankipress.render.kinds.basic import Fields, fill_basic, fill_rows
from ankipress.render.kinds.choice import fill_choice
from ankipress.render.kinds.cloze import fill_cloze
from ankipress.render.kinds.occlusion import fill_occlusion

KIND_FIELDS: Mapping[str, Callable[[Parts], Fields]] = {
    "basic": fill_basic,
    "choice": fill_choice,
    "cloze": fill_cloze,
    "occlusion": fill_occlusion,
    "rows": fill_rows,
}
"""How each kind fills its fields."""
