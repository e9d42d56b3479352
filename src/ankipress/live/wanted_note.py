"""What a note is to become, and what becomes of its card for that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ankipress.importing.converted_note import Form
from ankipress.live.text_edits import TextEdit


@dataclass(frozen=True, slots=True)
class WantedNote:
    """A note as it is wanted. `fields` are the HTML of those that change, by name, with media by
    the names that Anki has for them. Tags are as Anki has them.
    """

    guid: str
    fields: Mapping[str, str] = field(default_factory=dict)
    tags_added: tuple[str, ...] = ()
    tags_removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CardEdit:
    """The edits of the file at `path` after which a card is the note that was wanted. `form` tells
    how much of them is no Markdown. `left` are reasons, as clauses, why something that was wanted
    is not among them. `fields` are those of the card after the edits, as they are rendered, with
    media by the names that Anki has for them.
    """

    guid: str
    path: str
    edits: tuple[TextEdit, ...]
    form: Form = Form.MARKDOWN
    left: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnwrittenEdit:
    """A note that cannot be written into its source. `reason` is a clause such as `it is made of a
    row of a table, which holds no code`.
    """

    guid: str
    reason: str
