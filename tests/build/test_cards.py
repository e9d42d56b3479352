"""What is remembered of cards changes nothing of what a build makes, and an edit compiles again
what it changed and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ankipress.build.cards import Resources
from ankipress.build.pipeline import Compiled, compile_deck, make_package
from ankipress.diagnostics import Location, has_errors
from ankipress.identity.lock import read_lock, write_lock
from ankipress.model import Entry, Lock, Source
from ankipress.parse.document import read_document
from ankipress.parse.front_matter import read_front_matter
from ankipress.project.deck import Project
from ankipress.project.settings import Settings
from ankipress.render import code_blocks
from author import picture
from edits import CARDS, changes_of_text, edited_text
from parsing import parse
from stages import Files

TIME = 1_700_000_000
MORE = (
    "# More\n\n## A?\n\nSee [the book] and[^1].\n\n## B?\n\n![A square.](media/a.png)\n\n"
    "## Own {kind=word}\n\nThe word.\n\n### Extra\n\nMore of it.\n\n"
    "[the book]: https://example.org/1\n\n[^1]: A note.\n"
)
NOTE_TYPE = {
    "notetypes/word/notetype.toml": 'name = "Word"\nfields = ["Word", "Meaning", "Extra"]\n'
    '[[templates]]\nname = "Card 1"\n',
    "notetypes/word/Card 1.front.html": "{{Word}}",
    "notetypes/word/Card 1.back.html": "{{Meaning}}{{Extra}}",
}


class Remembered:
    """A memory that counts what it is given."""

    def __init__(self) -> None:
        self.values: dict[bytes, bytes] = {}
        self.compiled = 0

    def recall(self, keys: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """What is known."""
        return {key: self.values[key] for key in keys if key in self.values}

    def keep(self, values: Mapping[bytes, bytes]) -> None:
        """Remember, and count."""
        self.compiled = len(values)
        self.values.update(values)


@dataclass(frozen=True)
class Deck:
    """A project as its author has it now. `code` stands for that of its extensions."""

    files: Mapping[str, str] = field(
        default_factory=lambda: {"cards.md": CARDS, "more.md": MORE, "own.md": "## Own?\n\nYes.\n"}
    )
    settings: Settings = field(
        default_factory=lambda: Settings(name="deck", version="1.0.0", uid="deck-1234")
    )
    note_types: Mapping[str, str] = field(default_factory=lambda: dict(NOTE_TYPE))
    picture: int = 1
    code: bytes = b""

    def with_file(self, path: str, text: str) -> Deck:
        """The same with another text in a file."""
        return replace(self, files={**self.files, path: text})

    def replaced(self, old: str, new: str) -> Deck:
        """The same with other words in the one file that has them."""
        [path] = [path for path, text in self.files.items() if old in text]
        return self.with_file(path, self.files[path].replace(old, new, 1))

    def set(self, **values: object) -> Deck:
        """The same with other settings."""
        return replace(self, settings=replace(self.settings, **values))  # type: ignore[arg-type]

    def compile(self, lock: Lock, memory: Remembered | None = None) -> Compiled:
        """What a build makes of it."""
        project = Project(
            self.settings,
            [Source(path, text) for path, text in sorted(self.files.items())],
            lock,
            Files({"media/a.png": picture(self.picture)}),
            note_type_files=self.note_types,
        )
        resources = Resources(extensions=self.code)
        if memory is not None:
            resources = replace(resources, memory=memory)
        return compile_deck(project, TIME, resources)


def all_sections(deck: Deck) -> int:
    """How many sections there are."""
    return sum(len(sections_of(path, text)) for path, text in deck.files.items())


def sections_of(path: str, text: str) -> Sequence[object]:
    return read_document(Source(path, text), Settings(), {}).sections


def test_the_deck_of_these_tests_builds() -> None:
    compiled = Deck().compile(Lock())
    assert not has_errors(compiled.diagnostics), compiled.diagnostics
    assert len(compiled.notes) > 20
    assert {note.note_type for note in compiled.notes} == {"basic", "cloze", "word"}


def test_a_card_that_took_too_long_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may not take so long again, so its error is not remembered."""
    monkeypatch.setattr(code_blocks, "SECONDS", 0.3)
    slow = "## Slow?\n\n```console\n" + "a::" * 2_500 + "\n```\n"
    deck = Deck().with_file("own.md", slow)
    memory = Remembered()
    compiled = deck.compile(Lock(), memory)
    assert [each.code for each in compiled.diagnostics] == ["too-slow"]
    assert len(memory.values) == all_sections(deck) - 1
    monkeypatch.setattr(code_blocks, "SECONDS", 60)
    assert deck.compile(Lock(), memory).diagnostics == ()


# The law


Edit: TypeAlias = "Callable[[Deck, int, int], Deck]"


def _blocks(deck: Deck, number: int) -> tuple[str, list[str]]:
    """One of the files, cut at its headings."""
    path = sorted(deck.files)[number % len(deck.files)]
    first, *others = deck.files[path].split("\n## ")
    return path, [first, *("\n## " + each for each in others)]


def _block_edit(change: Callable[[str, int], str]) -> Edit:
    def edit(deck: Deck, number: int, more: int) -> Deck:
        path, blocks = _blocks(deck, more)
        place = number % len(blocks)
        blocks[place] = change(blocks[place], number)
        return deck.with_file(path, "".join(blocks))

    return edit


def _in_heading(words: str) -> Edit:
    return _block_edit(lambda block, _: block.replace("?\n", f"? {words}\n", 1))


def _remove(deck: Deck, number: int, more: int) -> Deck:
    path, blocks = _blocks(deck, more)
    del blocks[number % len(blocks)]
    return deck.with_file(path, "".join(blocks))


def _move(deck: Deck, number: int, more: int) -> Deck:
    """A block of one file goes to the end of another."""
    path, blocks = _blocks(deck, more)
    block = blocks.pop(number % len(blocks))
    deck = deck.with_file(path, "".join(blocks))
    other = sorted(deck.files)[(more + number) % len(deck.files)]
    return deck.with_file(other, deck.files[other] + block)


def _rename(deck: Deck, number: int, more: int) -> Deck:
    path = sorted(deck.files)[more % len(deck.files)]
    files = {f"file{number}.md" if each == path else each: deck.files[each] for each in deck.files}
    return replace(deck, files=files)


SETTINGS: tuple[Mapping[str, object], ...] = (
    {"lang": "fr"},
    {"lang": "ar"},
    {"tags": ("all",)},
    {"card_level": 3},
    {"card_level": 2},
    {"sections": "tag"},
    {"sections": "subdeck", "deck_prefix": "All"},
    {"source_url": "https://example.org/{path}?{guid}"},
    {"source_url": "https://example.org/{path}#{anchor}"},
    {"version": "2.0.0"},
    {"changed_tag": True},
    {"empty_answers": "allow"},
    {"theme": {"accent": "#0055aa"}},
    {"severity": {"local-link": "off"}},
)
NOTE_TYPES: tuple[tuple[str, str], ...] = (
    ("notetypes/word/style.css", "p { color: red }"),
    ("notetypes/word/Card 1.front.html", "<b>{{Word}}</b>"),
    ("notetypes/word/Card 1.front.html", "{{cloze:Word}}"),
    ("notetypes/word/notetype.toml", 'name = "Word"\nfields = ["Word", "Meaning"]\n'),
    ("notetypes/other/notetype.toml", "no = [settings\n"),
)


def _setting(deck: Deck, number: int, _: int) -> Deck:
    return deck.set(**SETTINGS[number % len(SETTINGS)])


def _note_type(deck: Deck, number: int, _: int) -> Deck:
    path, text = NOTE_TYPES[number % len(NOTE_TYPES)]
    return replace(deck, note_types={**deck.note_types, path: text})


EDITS: Mapping[str, Edit] = {
    "an answer": _block_edit(lambda block, number: block + f"Number {number}.\n"),
    "a question": _block_edit(lambda block, number: block.replace("?", f" {number % 9}?", 1)),
    "a card more": _block_edit(lambda block, number: block + f"\n## New {number}?\n\nYes.\n"),
    "a card less": _remove,
    "a card elsewhere": _move,
    "a file of another name": _rename,
    "a tag": _in_heading("{.new}"),
    "an id": _in_heading("{#own}"),
    "a draft": _in_heading("{draft}"),
    "a cloze": _in_heading("{kind=cloze}"),
    "rows": _in_heading("{kind=rows}"),
    "another note type": _in_heading("{kind=word}"),
    "a direction": _in_heading("{reverse}"),
    "lines above": _block_edit(lambda block, number: "\n" * (number % 5 + 1) + block),
    "front matter": _block_edit(
        lambda block, _: block.replace("lang: de", "lang: en\nkind: cloze")
    ),
    "tags of the file": _block_edit(lambda block, _: block.replace("[one, two]", "[three]")),
    "the deck": _block_edit(lambda block, number: block.replace("# Deck", f"# Deck {number}")),
    "a link": _block_edit(lambda block, _: block + "\n[the book]\n"),
    "its definition": _block_edit(lambda block, n: block + f"\n\n[the book]: https://a.org/{n}\n"),
    "a footnote": _block_edit(lambda block, _: block + "\nSo[^1] it[^2] is.\n"),
    "its text": _block_edit(lambda block, n: block + f"\n\n[^{n % 3}]: Note [the book] {n}.\n"),
    "a setting": _setting,
    "a note type": _note_type,
    "a picture": lambda deck, number, _: replace(deck, picture=number % 256),
    "an extension": lambda deck, number, _: replace(deck, code=b"%d" % (number % 3)),
}

steps = st.one_of(
    st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 999), st.integers(0, 99)),
    changes_of_text,
)


def edited(deck: Deck, step: tuple[str, int, int] | list[tuple[int, int, str]]) -> Deck:
    """A deck after a step of its author."""
    if isinstance(step, tuple):
        name, number, more = step
        return EDITS[name](deck, number, more)
    path = min(deck.files)
    return deck.with_file(path, edited_text(deck.files[path], step))


def assert_same(deck: Deck, lock: Lock, memory: Remembered) -> Compiled:
    """Whatever is remembered, the same is made: package, lock and problems."""
    cold, warm = deck.compile(lock), deck.compile(lock, memory)
    assert warm.diagnostics == cold.diagnostics
    assert write_lock(warm.stamped.lock) == write_lock(cold.stamped.lock)
    assert warm == cold
    return cold


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(st.lists(steps, min_size=1, max_size=3))
def test_any_edits_make_the_same_with_a_memory_as_without(
    several: list[tuple[str, int, int] | list[tuple[int, int, str]]],
) -> None:
    deck, memory = Deck(), Remembered()
    lock = assert_same(deck, Lock(), memory).stamped.lock
    for step in several:
        deck = edited(deck, step)
        made = assert_same(deck, lock, memory)
        if not has_errors(made.diagnostics):
            lock, problems = read_lock(write_lock(made.stamped.lock))
            assert not problems
    # And back again: all of it is remembered.
    made = assert_same(Deck(), lock, memory)
    assert memory.compiled == 0
    assert make_package(made.package) == make_package(Deck().compile(lock).package)


# What is compiled again


ONE = [
    pytest.param(("is 3.", "is three."), 1, id="an answer"),
    pytest.param(("What is 3?", "What is three?"), 1, id="a question"),
    pytest.param(("is 3.\n", "is 3.\n\n## Another?\n\nYes.\n"), 1, id="a card more"),
    pytest.param(("## What is 3?\n\nIt is 3.\n\n", ""), 0, id="a card less"),
    pytest.param(("What is 3?", "What is 3? {.new}"), 1, id="a tag"),
    pytest.param(("What is 3?", "What is 3? {#three}"), 1, id="an id"),
    pytest.param(("What is 3?", "What is 3? {draft}"), 1, id="a draft"),
    pytest.param(("is 3.", "is {{c1::3}}."), 1, id="another kind"),
    pytest.param(("| q | a |", "| q | a |\n| r | b |"), 1, id="a row more"),
    pytest.param(("# Deck\n", "# Deck\n\nLines.\n\nAnd lines.\n"), 0, id="lines above all cards"),
    pytest.param(("# Deck\n", "# Another deck\n"), 0, id="the name of the deck"),
    pytest.param(("[one, two]", "[three]"), 0, id="tags of a file"),
    pytest.param(("# A section\n", "# Some section\n"), 0, id="the name of a section"),
    pytest.param(("org/1\n", "org/2\n"), 2, id="the address of a link, and where it stands"),
    pytest.param(("A note.", "The note."), 2, id="a footnote, and where it stands"),
]


@pytest.mark.parametrize(("words", "number"), ONE)
def test_what_an_edit_does_not_touch_is_not_compiled(words: tuple[str, str], number: int) -> None:
    deck, memory = Deck(), Remembered()
    lock = deck.compile(Lock(), memory).stamped.lock
    assert memory.compiled == len(memory.values) > 20
    assert_same(deck.replaced(*words), lock, memory)
    assert memory.compiled == number


ALL = all_sections(Deck())
OTHERS = [
    pytest.param(lambda deck: deck, 0, id="nothing"),
    pytest.param(lambda deck: replace(deck, picture=2), 0, id="a picture"),
    pytest.param(lambda deck: replace(deck, code=b"other"), ALL, id="the code of an extension"),
    pytest.param(lambda deck: deck.set(version="1.1.0"), 0, id="the version"),
    pytest.param(lambda deck: deck.set(tags=("x",)), 0, id="tags of the project"),
    pytest.param(lambda deck: deck.set(sections="subdeck"), 0, id="decks of sections"),
    pytest.param(lambda deck: deck.set(deck_prefix="All"), 0, id="a deck above all"),
    pytest.param(lambda deck: deck.set(changed_tag=True), 0, id="tags of changed notes"),
    pytest.param(lambda deck: deck.set(theme={"accent": "#0055aa"}), 0, id="the theme"),
    pytest.param(
        lambda deck: deck.set(source_url="https://example.org/{path}#{anchor}"), 0, id="links"
    ),
    pytest.param(
        # The first file has a language of its own; the second and the third have none.
        lambda deck: deck.set(lang="fr"),
        ALL,
        id="the language",
    ),
    pytest.param(
        lambda deck: replace(deck, files={f"more/{path}": deck.files[path] for path in deck.files}),
        0,
        id="files of other names",
    ),
    pytest.param(
        lambda deck: deck.with_file("own.md", "").with_file(
            "cards.md", f"{deck.files['cards.md']}\n{deck.files['own.md']}"
        ),
        1,
        id="a card in a file of another language",
    ),
]


@pytest.mark.parametrize(("change", "number"), OTHERS)
def test_what_no_card_depends_on_compiles_none(change: Callable[[Deck], Deck], number: int) -> None:
    deck, memory = Deck(), Remembered()
    lock = deck.compile(Lock(), memory).stamped.lock
    assert_same(change(deck), lock, memory)
    assert memory.compiled == number


def test_cards_that_changed_places_are_known() -> None:
    deck, memory = Deck(), Remembered()
    lock = deck.compile(Lock(), memory).stamped.lock
    path, blocks = _blocks(deck, 0)
    blocks[1:5] = blocks[4:0:-1]
    assert_same(deck.with_file(path, "".join(blocks)), lock, memory)
    assert memory.compiled == 0


def test_the_same_card_twice_is_compiled_once() -> None:
    memory = Remembered()
    deck = Deck({"a.md": "# A\n\n## Same?\n\nYes.\n\n## Same?\n\nYes.\n"})
    compiled = deck.compile(Lock(), memory)
    assert memory.compiled == 1
    assert len(compiled.notes) == 2


# Places


def test_problems_of_known_cards_are_where_they_stand_now() -> None:
    text = (
        "# Deck\n\n## One? {knid=x}\n\n```pyhton\nx\n```\n\n## Two?\n\n[x](book.pdf) {{c1::\n\n"
        "## Three?\n\n![x](none.png)\n"
    )
    memory, deck = Remembered(), Deck({"cards.md": text})
    before = deck.compile(Lock(), memory).diagnostics
    assert len(before) >= 4
    assert {each.location.line for each in before} == {3, 5, 9, 11, 15}
    after = deck.with_file("cards.md", text.replace("# Deck\n", "# Deck\n\nA.\n\nB.\n"))
    found = after.compile(Lock(), memory).diagnostics
    assert memory.compiled == 0
    assert found == tuple(
        replace(each, location=replace(each.location, line=each.location.line + 4))
        for each in before
    )
    renamed = Deck({"other.md": text}).compile(Lock(), memory).diagnostics
    assert memory.compiled == 0
    assert [each.location for each in renamed] == [
        Location("other.md", each.location.line, each.location.column, each.location.width)
        for each in before
    ]


# Sections


@settings(max_examples=100)
@given(changes_of_text)
def test_a_section_alone_is_read_as_in_its_file(changes: list[tuple[int, int, str]]) -> None:
    """What a section means depends on its text, the front matter and the file's definitions."""
    text = edited_text(CARDS, changes)
    lines = text.split("\n")
    source = Source("cards.md", text)
    document = read_document(source, Settings(), {})
    matter, _ = read_front_matter(lines, "cards.md")
    front = "".join(f"{line}\n" for line in lines[: matter.lines])
    whole = parse([source], Settings()).entries
    for section in document.sections:
        own = section.text.split("\n")
        assert own == lines[section.line : section.line + len(own)]
        if section.definitions or section.footnotes:
            continue
        inside = range(section.line + 1, section.line + len(own) + 1)
        there = [each for each in whole if each.location.line in inside]
        alone = parse([Source("cards.md", front + section.text)], Settings()).entries
        assert [as_read(each, section.line) for each in there] == [
            as_read(each, matter.lines) for each in alone
        ]


def as_read(entry: Entry, line: int) -> object:
    """An entry without what stands around it; lines count from the one where its section starts."""
    parts = {name: (part.text, part.line - line) for name, part in entry.parts.items()}
    place = (entry.location.line - line, entry.location.column, entry.location.width)
    return entry.heading, entry.kind, entry.attributes, entry.context, place, parts
