"""One note that is wanted, written into its card field by field and tag by tag."""

from __future__ import annotations

import html as html_module
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, field
from functools import partial
from itertools import islice

from ankipress.importing.converted_note import Form
from ankipress.live.editing.card_trial import CardTrial, normal
from ankipress.live.editing.field_edits import FileWay
from ankipress.live.editing.field_sources import UnwritableError
from ankipress.live.editing.heading_edits import edited_braces
from ankipress.live.text_edits import TextEdit, TextPlace
from ankipress.live.wanted_note import CardEdit, UnwrittenEdit, WantedNote
from ankipress.model import Note
from ankipress.parse.attribute_writing import attribute_text
from ankipress.project.settings import Settings
from ankipress.render.completing import source_link

_MOST_WAYS = 60  # of a field that are tried


@dataclass(slots=True)
class NoteWriter:
    """Writes one note into its card: `edits` and `form` are what is written so far, `left` the
    reasons why something is not.
    """

    trial: CardTrial
    note: Note
    settings: Settings
    edits: tuple[TextEdit, ...] = ()
    form: Form = Form.MARKDOWN
    left: list[str] = field(default_factory=list)
    is_written: bool = False
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    braces: tuple[TextEdit, ...] = ()

    def written(self, wanted: WantedNote) -> CardEdit | UnwrittenEdit:
        """What becomes of the card."""
        fields = dict(wanted.fields)
        if self.trial.entry.kind == "choice":
            sides = fields.pop("Front", None), fields.pop("Back", None)
            if sides != (None, None):
                self._try(partial(self._write_sides, *sides))
        for name, html in fields.items():
            self._try(
                partial(
                    self._write_field,
                    name,
                    html,
                )
            )
        for tag, is_added in _tag_changes(wanted):
            self._try(
                partial(
                    self._write_tag,
                    tag,
                    is_added=is_added,
                )
            )
        if self.left and not self.is_written:
            return UnwrittenEdit(wanted.guid, "; ".join(self.left))
        edits = joined((*self.edits, *self.braces))
        path = self.note.entry.path
        return CardEdit(
            wanted.guid,
            path,
            edits,
            self.form,
            tuple(self.left),
            self.trial.after.fields,
        )

    def _try(self, write: Callable[[], None]) -> None:
        """Write something, or keep the reason why it cannot be written."""
        trial = self.trial
        wanted = dict(trial.wanted)
        tags = trial.tags
        try:
            write()
        except UnwritableError as reason:
            trial.wanted = wanted
            trial.tags = tags
            self.left.append(str(reason))

    def _write_sides(
        self,
        front: str | None,
        back: str | None,
    ) -> None:
        """Write the two sides of a multiple choice."""
        ways = self.trial.choice_ways(front, back)
        if not self._take_first(ways):
            raise UnwritableError("its options cannot be written so")

    def _write_field(
        self,
        name: str,
        html: str,
    ) -> None:
        if name in {"Reverse", "Typed"} and not self.trial.entry.is_adopted:
            self._write_request(name, html)
            return
        if name == "Source" and self.settings.source_url:
            html = html.removesuffix(source_link(self.note, self.settings))
        trial = self.trial
        expected = trial.expected(name, html)
        if trial.is_around(name, expected):
            raise UnwritableError(f"what stands around its field {name} follows from its heading")
        trial.wanted[name] = expected
        if not self._take_first(trial.ways(name, expected)):
            raise UnwritableError(f"no Markdown for its field {name} looks like it")

    def _take_first(self, ways: Iterator[FileWay]) -> bool:
        """Take the first way after which the card is right; whether there is one."""
        for edits, form in islice(ways, _MOST_WAYS):
            if self._take((*self.edits, *edits), form):
                return True
        return False

    def _take(
        self,
        edits: Sequence[TextEdit],
        form: Form = Form.MARKDOWN,
    ) -> bool:
        """Take edits if the card is right after them."""
        if not self.trial.is_right(joined((*edits, *self.braces))):
            return False
        self.edits = tuple(edits)
        self.form = max(self.form, form)
        self.is_written = True
        return True

    def _write_request(
        self,
        name: str,
        html: str,
    ) -> None:
        """Write what a card asks for in its braces: a reverse, or an answer that is typed."""
        added = [_request(name, html)] if html else []
        removed = [name.lower()] if self.trial.state.fields.get(name) else []
        self.trial.wanted[name] = html
        if not self._take_braces(added, removed):
            raise UnwritableError(f"the braces of its heading cannot say its field {name}")

    def _write_tag(
        self,
        tag: str,
        *,
        is_added: bool,
    ) -> None:
        tags = self.trial.tags
        if is_added:
            self.trial.tags = tags | normal([tag])
            words = attribute_text([tag]).removeprefix("{").removesuffix("}")
            is_written = self._take_braces([words], [])
        elif normal([tag]) <= normal(self.trial.file.document.tags):
            raise UnwritableError(f"its tag {tag} is one of all cards of its file")
        else:
            self.trial.tags = tags - normal([tag])
            is_written = self._take_braces([], [f".{tag}"])
        if not is_written:
            raise UnwritableError(f"the braces of its heading cannot say its tag {tag}")

    def _take_braces(
        self,
        added: Sequence[str],
        removed: Sequence[str],
    ) -> bool:
        """Take some words into the braces and others out of them, if the card is right then."""
        before = self.braces
        more = [*self.added, *added]
        less = [*self.removed, *removed]
        try:
            lines = self.trial.file.document.lines
            edit = edited_braces(
                lines,
                self.trial.entry,
                more,
                less,
            )
        except UnwritableError:
            return False
        self.braces = (edit,) if edit else ()
        if not self._take(self.edits):
            self.braces = before
            return False
        self.added, self.removed = more, less
        return True


def _tag_changes(wanted: WantedNote) -> Iterator[tuple[str, bool]]:
    for tag in wanted.tags_removed:
        yield tag, False
    for tag in wanted.tags_added:
        yield tag, True


def _request(name: str, html: str) -> str:
    key = name.lower()
    if name == "Reverse":
        return key
    text = html_module.unescape(html.replace("<wbr>", ""))
    quote = "'" if '"' in text else '"'
    return f"{key}={quote}{text}{quote}"


def joined(edits: Iterable[TextEdit]) -> tuple[TextEdit, ...]:
    """Edits in which what comes in at one place is one edit, in the order in which it came."""
    found: dict[tuple[TextPlace, TextPlace], str] = {}
    for start, end, text in map(astuple, edits):
        before = ""
        if start == end:
            before = found.get((start, end), "")
        found[start, end] = before + text
    return tuple(sorted(TextEdit(*place, text) for place, text in found.items()))
