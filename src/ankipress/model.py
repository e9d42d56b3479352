"""The types between the stages, all frozen: one stage, one type.

`Source → Entry → Note → RenderedNote → NoteWithCards → PackedNote → Package → bytes`. A note
without a guid cannot be rendered, because no such value exists.
"""

from __future__ import annotations

import enum
import io
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from operator import itemgetter
from typing import Annotated, Any, BinaryIO, NamedTuple, Protocol

from msgspec import Meta

from ankipress.diagnostics import Diagnostic, Location

KINDS: Mapping[str, str] = {
    "basic": "basic",
    "choice": "basic",
    "cloze": "cloze",
    "occlusion": "occlusion",
    "rows": "basic",
}
"""Every kind of card, and the key of the note type that it becomes. A kind that keeps its note type
keeps its guid.
"""

OWN_FIELDS = ("Key", "Reserved 1", "Reserved 2")
"""The last fields of every note type that ankipress makes: the guid, and two to spare."""


def note_type_of(kind: str) -> str:
    """The key of the note type of a kind; a kind of an author's own is its note type."""
    return KINDS.get(kind, kind)


def own_note_type(key: str) -> str:
    """The key of ankipress's own note type that one of another lock (`basic@1234`) is a copy of."""
    name, mark, number = key.partition("@")
    if mark and number.isdecimal():
        return name
    return key


@dataclass(frozen=True, slots=True)
class Separators:
    """What marks cards in the notes of a vault of Obsidian. What is empty is not read.

    `one_way` and `both_ways` stand between a question and its answer on a line, `below` and
    `below_both_ways` on a line of their own, where a line `end` ends the answer if it is set, and a
    blank line otherwise. `deck_tags` say that a file has cards of such lines, and
    `reads_all_files` that every file has. `card_tags` stand behind a question. Tags have no `#`.
    `gaps` are the signs around what a cloze hides. `note` and `note_on_line` are the words that
    begin and end a note of Obsidian_to_Anki, and `fields` the names of the fields of each note type
    that it knows.
    """

    one_way: tuple[str, ...] = ("::",)
    both_ways: tuple[str, ...] = (":::",)
    below: str = "?"
    below_both_ways: str = "??"
    end: str = ""
    deck_tags: tuple[str, ...] = ("flashcards",)
    reads_all_files: bool = False
    card_tags: tuple[str, ...] = ("card",)
    gaps: tuple[str, ...] = ("==",)
    note: tuple[str, str] = ("START", "END")
    note_on_line: tuple[str, str] = ("STARTI", "ENDI")
    has_curly_gaps: bool = False
    fields: tuple[tuple[str, tuple[str, ...]], ...] = ()


USUAL_SEPARATORS = Separators()
"""Those of plug-ins that nobody has set otherwise."""


@dataclass(frozen=True, slots=True)
class Source:
    """A Markdown file: `path` relative to the project, `text` with a line feed for every line end
    and no byte order mark. `separators` are those of the vault that it belongs to.
    """

    path: str
    text: str
    separators: Separators = USUAL_SEPARATORS


Breaks = tuple[tuple[int, int, int], ...]
"""Where pieces of a text stand in its file: the offset of each piece, sorted, the number of lines
below the first line of the text, and the column, from 0.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """A span of Markdown and the line it starts on, for one field of the note.

    Without `breaks`, it is made of complete lines of its file.
    """

    text: str
    line: int
    breaks: Breaks = ()

    def place(
        self,
        path: str,
        start: int,
        end: int,
    ) -> Location:
        """Where a span of the text stands in the file; of several lines, the part on the first."""
        stop = self.text.find("\n", start, end)
        if stop < 0:
            stop = end
        width = max(1, stop - start)
        if not self.breaks:
            column = start - self.text.rfind("\n", 0, start)
            return Location(path, self.line + self.text.count("\n", 0, start), column, width)
        lines, column = self._in_pieces(start)
        last_lines, last_column = self._in_pieces(stop - 1)
        # A cell is in two pieces where it holds `\|`.
        if stop > start and last_lines == lines:
            width = last_column + 1 - column
        return Location(path, self.line + lines, column + 1, width)

    def _in_pieces(self, offset: int) -> tuple[int, int]:
        """The line and the column, both from 0, of an offset in a text that has breaks."""
        number = max(0, bisect_right(self.breaks, offset, key=itemgetter(0)) - 1)
        start, lines, column = self.breaks[number]
        return lines, column + offset - start


class TextMode(enum.StrEnum):
    """How the Markdown of a field becomes HTML.

    `paragraphs` as on all cards of ankipress; `lines` as Anki's editor writes it: no `<p>`, a line
    end is `<br>`; `bare` is no Markdown at all, for a field that stands in a tag or a script.
    """

    PARAGRAPHS = "paragraphs"
    LINES = "lines"
    BARE = "bare"


@dataclass(frozen=True, slots=True)
class Attributes:
    """What stands in the braces at the end of a heading: `{#id .tag kind=cloze reverse typed
    lang=de draft}`.

    `tts_front` and `tts_back` are the languages, such as `fr_FR`, in which the two sides are read
    aloud. `text` is how the first field of a card of an adopted note type becomes HTML.
    """

    id: str | None = None
    tags: tuple[str, ...] = ()
    kind: str | None = None
    reverse: bool = False
    typed: bool | str = False
    lang: str | None = None
    dir: str | None = None
    tts_front: str | None = None
    tts_back: str | None = None
    draft: bool = False
    text: TextMode | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A question and its answer as written.

    `heading` is the Markdown of the heading without its braces; `parts` holds what else goes into
    the fields: `Front` (what stands above a `---`), `Back`, and `Hint`, `Extra`, `Source` where
    written; of an image occlusion also `Image` and `Occlusion`. `kind` is a kind of card, never
    None. `anchor` is that of the heading on GitHub, where the settings link to it. `table` is the
    heading of the table that a row stands in, None for other cards. `definitions` are those of the
    file for the labels of links and pictures that the entry has, `[label]: address`; `footnotes`
    those of the footnotes, by label. `breaks` are those of the heading. `dialect` is that of its
    Markdown. Of an adopted note type, `modes` say how each field becomes HTML, by name and in
    order, and where it `is_labelled`, the heading is in no field.
    """

    location: Location
    heading: str
    parts: Mapping[str, Part]
    kind: str
    attributes: Attributes
    tags: tuple[str, ...]
    deck: str
    section: str
    anchor: str = ""
    table: Part | None = None
    definitions: str = ""
    footnotes: Mapping[str, Part] = field(default_factory=dict)
    breaks: Breaks = ()
    dialect: str = "github"
    modes: Mapping[str, TextMode] = field(default_factory=dict)
    is_labelled: bool = False

    @property
    def question(self) -> Part:
        """The heading, with its place in the file."""
        return Part(self.heading, self.location.line, self.breaks)

    @property
    def context(self) -> str:
        """The Markdown of the heading of the table that a row stands in, empty for other cards."""
        if self.table:
            return self.table.text
        return ""

    @property
    def path(self) -> str:
        """The file it stands in, relative to the project."""
        return self.location.path

    @property
    def is_adopted(self) -> bool:
        """Whether its note type is one that learners have from elsewhere."""
        return bool(self.modes)

    @property
    def first_field(self) -> str:
        """The name of the first field of an adopted note type, empty for other cards."""
        return next(iter(self.modes), "")

    def part(self, name: str) -> str:
        """The Markdown of a part, empty where it is not written."""
        if name in self.parts:
            return self.parts[name].text
        return ""

    def is_bare(self, name: str) -> bool:
        """Whether nothing in a part is Markdown."""
        return self.modes.get(name) == TextMode.BARE


class Texts(NamedTuple):
    """What matching reads of a card.

    `question` is the plain text of the front, `answer` a signature of the back, and `opening` the
    first words of the back, by which an author recognises the card. `hidden` are the words that a
    cloze hides, and `code` is the code of the question: where they are long, digests of them.
    """

    question: str
    answer: str
    opening: str = ""
    hidden: str = ""
    code: str = ""


class State(enum.StrEnum):
    """Whether a note of the lock is in the deck, or was and may come back."""

    ACTIVE = "active"
    RETIRED = "retired"


Positive = Annotated[int, Meta(gt=0, le=2**63 - 1)]
"""A number that Anki's database can hold."""

NotNegative = Annotated[int, Meta(ge=0, le=2**63 - 1)]
"""Like `Positive`, or none: Anki's own note types were never changed."""

# Guids of other tools come in by `ankipress recover`: any one word of printable ASCII.
Guid = Annotated[str, Meta(pattern=r"\A[!-~]{1,64}\Z")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A line of the lock: all that must be remembered of a note from one release to the next.

    The fields stand in the order in which they are written. `after` is the guid of the note before
    it in its file, None for the first. `question`, `answer`, `opening`, `hidden` and `code` are
    like those of `Texts`. `source` is a digest of what its author had written when the note was
    packed: where it stays and `digest` does not, the tools changed the note. `digest` covers what
    was packed, and `mod` is the second at which that changed last. `since` and `changed` are
    versions of the deck. `note_type` is the key of its note type where that is not the one of its
    kind: the note came from the lock of another file, and Anki updates no note across note types.
    `imported` is the `mod` that the note had in the deck that it was imported from, when it was
    taken from there last, 0 for one that was not; another `mod` means that it changed here since.
    `pulled` is the `mod` that it had in an Anki when its edits there were taken or refused last.
    """

    guid: Guid
    note_id: Positive
    id: str | None
    kind: str
    deck: str
    path: str
    section: str
    after: str | None
    question: str
    answer: str
    opening: str = ""
    hidden: str = ""
    code: str = ""
    source: str = ""
    digest: str
    mod: Positive
    since: str
    changed: str
    note_type: str = ""
    imported: NotNegative = 0
    pulled: NotNegative = 0
    state: State = State.ACTIVE


StableId = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
"""An id by which Anki knows a field or template again: any number that its database can hold."""


@dataclass(frozen=True, slots=True)
class Schema:
    """The published part of an author's note type, which must stay: names with ids, in order.

    One that came from Anki may have no ids.
    """

    fields: tuple[tuple[str, StableId | None], ...]
    templates: tuple[tuple[str, StableId | None], ...]
    cloze: bool


@dataclass(frozen=True, slots=True)
class NoteTypeStamp:
    """What the lock remembers of a note type: its published id and name, and when its text changed
    last.

    `schema` is None for ankipress's own note types, whose schema is published with ankipress.
    `imported` is like that of a `Record`.
    """

    id: Positive
    name: str
    digest: str
    mod: NotNegative
    schema: Schema | None = None
    imported: NotNegative = 0


@dataclass(frozen=True, slots=True)
class FileReading:
    """How a file without settings is read: its shape, the level of its cards' headings, the kind of
    all cards that do not say their own, empty for none, and the dialect of its Markdown.
    """

    shape: str = "headings"
    card_level: int | str = 2
    kind: str = ""
    dialect: str = "github"


@dataclass(frozen=True, slots=True)
class Lock:
    """The memory of a project. `uid` is None until the first build has given it one.

    `media` are files that learners have under the very name that they have in the project, with the
    SHA-256 of what they have: they came with an imported deck, and are packed under that name for
    as long as they stay the same.

    `tools` are the versions, by name, of what rendered the notes when one of them changed last;
    none in a new lock. `reading` is how a file without settings is read, None for the usual way, so
    that no edit of the file changes it.
    """

    uid: str | None = None
    note_types: Mapping[str, NoteTypeStamp] = field(default_factory=dict)
    records: tuple[Record, ...] = ()
    tools: Mapping[str, str] = field(default_factory=dict)
    reading: FileReading | None = None
    media: Mapping[str, str] = field(default_factory=dict)

    @property
    def active(self) -> tuple[Record, ...]:
        """The records of notes that are in the deck, and not retired."""
        return tuple(record for record in self.records if record.state is State.ACTIVE)

    @property
    def packed(self) -> tuple[Record, ...]:
        """The records of notes that were packed.

        One without a digest is an author's decision on a note that never was.
        """
        return tuple(record for record in self.records if record.digest)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A retired note that packages still hold, so that learners are told. Fields and tags are as
    packed, banner and all.

    `version` is the one that retired it, `releases` the number of those that have held it. `media`
    are the names of its files.
    """

    guid: str
    note_type: str
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    media: tuple[str, ...]
    version: str
    releases: Positive = 1


@dataclass(frozen=True, slots=True)
class Note:
    """An entry with its identity.

    `question`, `answer`, `opening`, `hidden` and `code` are like those of `Texts`. `after` is the
    guid of the note before it in its file. `record` is what the lock knew of the note, None for a
    new one.
    """

    guid: str
    note_id: int
    entry: Entry
    question: str
    answer: str
    opening: str = ""
    hidden: str = ""
    code: str = ""
    after: str | None = None
    record: Record | None = None

    @property
    def note_type(self) -> str:
        """The key of its note type."""
        return note_type_of(self.entry.kind)


@dataclass(frozen=True, slots=True)
class UnresolvedMatch:
    """A card that may be one of several notes of the lock, the most likely first, or a new one: its
    author must say.
    """

    note: Note
    candidates: tuple[Record, ...]
    why: str

    @property
    def most_likely(self) -> Record | None:
        """The note that the card most likely is, None for a new one.

        Where only its id speaks for a note, it is most likely a new one.
        """
        if self.why in {"taken id", "reused id"}:
            return None
        return self.candidates[0]


@dataclass(frozen=True, slots=True)
class Assignment:
    """Every entry with an identity, and the records of the lock that no entry claims.

    The note of an unresolved match has the guid that it would have as a new note.
    """

    uid: str
    notes: tuple[Note, ...]
    left: tuple[Record, ...]
    unresolved: tuple[UnresolvedMatch, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class RenderedNote:
    """A note with its fields as canonical HTML, in no particular order; a missing field is empty.

    `may_refer` is false where no field refers to a file.
    """

    note: Note
    fields: Mapping[str, str]
    may_refer: bool = True


@dataclass(frozen=True, slots=True)
class NoteWithCards:
    """A rendered note with the ords, from 0, of its cards."""

    rendered: RenderedNote
    ords: tuple[int, ...]


class MediaContent(Protocol):
    """The bytes of a file, which need not be in memory: a deck may have gigabytes of pictures."""

    @property
    def size(self) -> int:
        """The number of bytes."""

    @property
    def digest(self) -> str:
        """The SHA-256 of the bytes, 64 hexadecimal digits."""

    def open(self) -> BinaryIO:
        """The bytes from their start. Raises OSError where they have changed since."""


@dataclass(frozen=True, slots=True)
class LoadedContent:
    """Bytes in memory."""

    data: bytes

    @property
    def size(self) -> int:
        """The number of bytes."""
        return len(self.data)

    @property
    def digest(self) -> str:
        """The SHA-256 of the bytes."""
        return sha256(self.data).hexdigest()

    def open(self) -> BinaryIO:
        """The bytes from their start."""
        return io.BytesIO(self.data)


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file of the package: the name that Anki will store, and its content."""

    name: str
    content: MediaContent

    def read(self) -> bytes:
        """All of its bytes."""
        with self.content.open() as file:
            return file.read()


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a note type. `id` never changes once published, and is None where learners have
    the field without one. `tag` is what it is for in a note type of Anki's own.
    """

    name: str
    id: int | None
    tag: int | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A card template of a note type. `id` never changes once published, and is None where learners
    have the template without one.
    """

    name: str
    id: int | None
    front: str
    back: str


def note_type_texts(css: str, templates: Iterable[Template]) -> tuple[str, ...]:
    """The texts of a note type: its style sheet, then front and back of each template."""
    texts = [css]
    for each in templates:
        texts += (each.front, each.back)
    return tuple(texts)


@dataclass(frozen=True, slots=True)
class Adopted:
    """A note type that learners have from elsewhere, and that is packed exactly as they have it.

    `settings` are the keys that Anki's JSON (schema 11) has for it beside its id, name, sort, mod,
    style, fields and templates; `fields` and `templates` are the other keys of each of those, in
    order, without `ord`. `texts` say how the Markdown of each field becomes HTML.
    """

    id: int
    settings: Mapping[str, Any]
    fields: tuple[Mapping[str, Any], ...]
    templates: tuple[Mapping[str, Any], ...]
    texts: tuple[TextMode, ...]


@dataclass(frozen=True, slots=True)
class NoteType:
    """An Anki note type of one project. `key` names it inside ankipress, `cloze` tells which of
    Anki's two sorts it is.

    `stock` is Anki's number for a note type of its own that it treats specially. `adopted` is what
    must be packed of one that learners have from elsewhere.
    """

    key: str
    id: int
    name: str
    fields: tuple[Field, ...]
    templates: tuple[Template, ...]
    css: str
    cloze: bool = False
    mod: int = 0
    stock: int | None = None
    is_custom: bool = False
    adopted: Adopted | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """The style sheet, then front and back of each template."""
        return note_type_texts(self.css, self.templates)

    @property
    def field_names(self) -> tuple[str, ...]:
        """The names of its fields, in order."""
        return tuple(each.name for each in self.fields)

    @property
    def sort_field(self) -> int:
        """The place of the field that Anki sorts its notes by: the first, if nothing else is set
        for one that learners have from elsewhere.
        """
        if self.adopted is None:
            return 0
        place = self.adopted.settings.get("sortf")
        if isinstance(place, int) and 0 <= place < len(self.fields):
            return place
        return 0

    def template(self, ord: int) -> Template:
        """The template of a card by its ord, from 0: all deletions of a cloze share one."""
        if self.cloze:
            return self.templates[0]
        return self.templates[ord]

    @property
    def schema(self) -> Schema | None:
        """What the lock has to remember of it: None for a note type of ankipress's own."""
        if not self.is_custom:
            return None
        fields = tuple((each.name, each.id) for each in self.fields)
        templates = tuple((each.name, each.id) for each in self.templates)
        return Schema(fields, templates, self.cloze)


@dataclass(frozen=True, slots=True)
class Named:
    """A field or template of an author's note type, the names it had before, and the file of a
    template where it has another.
    """

    name: str
    was: tuple[str, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True)
class CustomTemplate:
    """A card template as an author wrote it."""

    named: Named
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class CustomType:
    """A note type of an author's own as written in `notetypes/KEY/`; its ids are in the lock.

    `cloze_fields` are those whose deletions its templates hide: one at most of an author's own
    type, any number of an adopted one. `base_style` asks for ankipress's style sheet above its own.
    `places` are those of the keys `fields`, `templates` and `cloze` in its notetype.toml. `adopted`
    is what it says of one that learners have from elsewhere.
    """

    key: str
    name: str
    fields: tuple[Named, ...]
    templates: tuple[CustomTemplate, ...]
    css: str
    cloze_fields: tuple[str, ...]
    places: Mapping[str, Location]
    cloze: bool = False
    base_style: bool = True
    adopted: Adopted | None = None

    @property
    def part_names(self) -> Mapping[str, str]:
        """The part of an entry that fills each field, in order: the first is the question, the
        second the answer.

        Where the first hides deletions, it takes the answer too, as on a cloze card.
        """
        names = [each.name for each in self.fields]
        sides = ["Front", "Back"]
        if self.is_one_text:
            sides = ["Front"]
        parts = dict(zip(names, sides, strict=False))
        for name in names[len(sides) :]:
            parts[name] = name
            if name in {"Front", "Back"}:
                parts[name] = f"{name} field"
        return parts

    @property
    def is_one_text(self) -> bool:
        """Whether question and answer are one text with deletions."""
        return bool(self.fields) and self.fields[0].name in self.cloze_fields


@dataclass(frozen=True, slots=True)
class PackedNote:
    """A note as Anki will store it: its fields in the order of its note type, and its cards' ords.

    A tombstone has no ords: learners who have the note keep its cards, and others get none.
    """

    guid: str
    note_id: int
    mod: int
    note_type: str
    deck: str
    fields: Sequence[str]
    tags: tuple[str, ...]
    ords: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Package:
    """All that goes into one .apkg. Notes are in the order in which a learner meets them."""

    name: str
    version: str
    description: str
    note_types: tuple[NoteType, ...]
    notes: Sequence[PackedNote]
    media: tuple[MediaFile, ...]
