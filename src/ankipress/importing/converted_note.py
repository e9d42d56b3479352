"""A note on its way to Markdown: its fields, and the ways to write them that are left."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from ankipress.importing.fields.appearance import looks_same
from ankipress.importing.imported_deck import ImportedNote
from ankipress.model import TextMode


class Form(IntEnum):
    """How much of a field is no Markdown."""

    MARKDOWN = 0
    WITH_HTML = 1
    KEPT_HTML = 2
    LOST = 3


@dataclass(frozen=True, slots=True)
class Way:
    """A way to write a field. One that `needs_consent` may hold what harms."""

    text: str
    mode: TextMode
    form: Form
    is_heading: bool = False
    needs_consent: bool = False


class FieldTrial:
    """A field and the ways to write it that are left; `way` is the one that is tried."""

    def __init__(self, html: str, ways: Iterator[Way]) -> None:
        self.html = html
        self.is_done = False
        self._refused: Way | None = None
        self._least: Way | None = None
        self._ways = ways
        self.way = next(ways)

    def is_right(self, rendered: str) -> bool:
        """Whether it looks the same as it was rendered."""
        return looks_same(self.html, rendered)

    def advance(self, rendered: str | None, *, keeps_html: bool) -> None:
        """Go on to the next way. Where none is left, it is done, and something of it is lost: then
        it has as little HTML as can be, and some, so that nothing is gone from its text.

        `rendered` is what this way has become, None where the text is not one card.
        """
        if self._least is None and self.way.form is Form.WITH_HTML:
            self._least = self.way
        for way in self._ways:
            if way.needs_consent and not keeps_html:
                self._refused = self._refused or way
                continue
            self.way = way
            return
        self.give_up()

    def give_up(self) -> None:
        """Be done, although something of it is lost."""
        self.is_done = True
        self.way = replace(self._least or self.way, form=Form.LOST)

    def keep_html(self) -> None:
        """Write a field of which something is lost as the HTML that it was."""
        if self.way.form is Form.LOST and self._refused is not None:
            self.way = self._refused
            self.is_done = False
            self._refused = None


@dataclass(slots=True)
class ConvertedNote(ABC):
    """A note on its way to Markdown. `key` is the kind of its card, `text` the card, and `words`
    are the attributes of its heading that no note of Anki has, such as an id.
    """

    number: int
    note: ImportedNote
    path: str
    key: str
    fields: list[FieldTrial]
    text: str = ""
    words: str = ""

    @property
    def form(self) -> Form:
        """How much of it is no Markdown: as much as of its worst field."""
        return max((each.way.form for each in self.fields), default=Form.MARKDOWN)

    @property
    def lost_fields(self) -> tuple[str, ...]:
        """The HTML of the fields of which something is lost."""
        return tuple(each.html for each in self.fields if each.way.form is Form.LOST)

    def without_given(self, words: Iterable[str]) -> list[str]:
        """Attributes such as `lang=de` but for those that `words` of the heading say already."""
        given = {each.partition("=")[0] for each in self.words.split()}
        return [each for each in words if each.partition("=")[0] not in given]

    @property
    def is_done(self) -> bool:
        """Whether no field is tried any more."""
        return all(each.is_done for each in self.fields)

    @abstractmethod
    def write(self, tags: Sequence[str], usual_kind: str) -> None:
        """Write the card with the tags that its file does not have; `usual_kind` is the kind that
        the file gives to cards, empty where it gives none.
        """

    @abstractmethod
    def judge(
        self,
        fields: Mapping[str, str] | None,
        *,
        is_wrong: bool,
        keeps_html: bool,
    ) -> None:
        """Keep the fields that are right as they were compiled, and go on with the others.

        `fields` is None where the text is not one card; `is_wrong` tells that it has errors.
        """
