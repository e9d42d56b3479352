"""Cloze cards in the real Anki: each hides what its author hid, shows the rest, and its code stays
coloured as a whole.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

import pytest

from author import Author
from learner import Learner, Shown
from stages import converted

SECRET = re.compile(r"zq[0-9]+z")


@pytest.fixture(scope="module")
def show(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str], list[dict[int, Shown]]]]:
    """Builds and imports some cards; gives both sides of each card of each note, in the order of
    the notes.
    """
    learners = []
    with pytest.MonkeyPatch.context() as monkeypatch:

        def shown(markdown: str) -> list[dict[int, Shown]]:
            folder = tmp_path_factory.mktemp("cloze")
            author = Author(folder / "deck", monkeypatch, {"name": "cloze", "uid": "cloze-in-anki"})
            author.write("cards.md", markdown)
            learner = Learner(folder / "learner")
            learners.append(learner)
            learner.import_package(author.release("1.0.0"))
            assert learner.template_errors() == learner.complaints() == []
            ords = {guid: note.ords for guid, note in learner.notes().items()}
            # Saved as after an edit, a note gets the cards that Anki would give it, and its text as
            # Anki would write it.
            fields = {guid: note.fields for guid, note in learner.notes().items()}
            learner.save_all()
            assert {guid: note.ords for guid, note in learner.notes().items()} == ords
            assert {guid: note.fields for guid, note in learner.notes().items()} == fields
            sides = learner.shown()
            guids = dict.fromkeys(guid for guid, _ in learner.new_cards())
            return [{ord + 1: sides[guid, ord] for ord in ords[guid]} for guid in guids]

        yield shown
    for learner in learners:
        learner.collection.close()


def text(side: str) -> str:
    """What a learner sees and copies. Anki keeps what it hides in an attribute."""
    body = re.sub(
        r"<(style|details).*?</\1>",
        "",
        side.partition('<section class="question">')[2],
        flags=re.DOTALL,
    )
    return html.unescape(re.sub(r"<[^>]*>", "", body.partition("</section>")[0])).strip("\n")


CARDS = [
    ("a {{c1::b::h}} c", "a b c", {1: "a [h] c"}),
    ("{{c1,2::a}} {{c2::b}}", "a b", {1: "[...] b", 2: "[...] [...]"}),
    ("{{c1::a {{c2::b}}}} c", "a b c", {1: "[...] c", 2: "a [...] c"}),
    ("{{c1::a **b}} c**", "a b c", {1: "[...] c"}),
    ("{{c1::{a: {b}}}} c", "{a: {b}} c", {1: "[...] c"}),
    (
        "{{c1::`std::x<{{}}>`}} `{{c2::f}}(x)`",
        "std::x<{{}}> f(x)",
        {1: "[...] f(x)", 2: "std::x<{{}}> [...](x)"},
    ),
    (r"\{{c1::a}} {{c1::b\}\}c::}} d\::e", "{{c1::a}} b}}c d::e", {1: "{{c1::a}} [...] d::e"}),
    ("{{c1::https://a.org/b}} c", "https://a.org/b c", {1: "[...] c"}),
    (
        "{{c1::$x_{a_{b}}$}} $y_{{c2::i}}$",
        r"\(x_{a_{b} }\) \(y_i\)",
        {1: r"[...] \(y_i\)", 2: r"\(x_{a_{b} }\) \(y_[...]\)"},
    ),
]


def test_each_card_shows_what_its_author_wrote(
    show: Callable[[str], list[dict[int, Shown]]],
) -> None:
    notes = show("".join(f"## {heading}\n\n" for heading, _, _ in CARDS))
    for (_, answer, questions), cards in zip(CARDS, notes, strict=True):
        assert {number: text(card.question) for number, card in cards.items()} == questions
        assert {text(card.answer) for card in cards.values()} == {answer}


def test_highlighted_words_are_cards_of_their_own(
    show: Callable[[str], list[dict[int, Shown]]],
) -> None:
    [cards] = show("## ==a== and **==b==** {kind=cloze}\n\n`{{c4::x}}` = ==`y`==\n")
    assert {number: text(card.question) for number, card in cards.items()} == {
        1: "[...] and b\nx = y",
        2: "a and [...]\nx = y",
        3: "a and b\nx = [...]",
        4: "a and b\n[...] = y",
    }
    assert {text(card.answer) for card in cards.values()} == {"a and b\nx = y"}


@dataclass(slots=True)
class Writer:
    """Writes random cards: as an author does, and without the deletions. Knows of each word on
    which cards it is hidden.
    """

    random: Random
    words: int = 0
    hidden: dict[str, set[int]] = field(default_factory=dict)
    over: list[set[int]] = field(default_factory=list)

    def word(self) -> tuple[str, str]:
        self.words += 1
        word = f"zq{self.words}z"
        self.hidden[word] = set().union(*self.over)
        return word, word

    def unit(self, wraps: list[list[str]], hint: str) -> tuple[str, str]:
        """A word, or something around other units, where `U` stands; some of them are deleted."""
        numbers = {self.random.randint(1, 4) for _ in range(self.random.choice([1, 1, 2]))}
        is_deleted = self.random.random() < 0.4
        self.over += [numbers] if is_deleted else []
        pieces = re.split("(U)", self.random.choice(wraps[-1])) if wraps else ["W"]
        parts = [
            self.unit(wraps[:-1], hint)
            if each == "U"
            else self.word()
            if each == "W"
            else (each, each)
            for each in pieces
        ]
        marked, plain = ("".join(texts) for texts in zip(*parts, strict=True))
        if is_deleted:
            self.over.pop()
            shown = ",".join(map(str, sorted(numbers)))
            marked = f"{{{{c{shown}::{marked}{self.random.choice(['', hint])}}}}}"
        return marked, plain


# Code and links hold no others of their kind.
PROSE = [
    ["`U`", "[U](u)", "$U$", "U"],
    ["U U", "**U**", "*U* U", "U ~~U~~", "(U)", "{U}"],
    ["U U", "_U_ U", "U: U"],
]
LANGUAGES = {
    "python": (
        ["U", "f(U, U)", "{'a': {U}}", "U[::2]", "U + U", "'U'", "[U for U in U]", "U ** U  # U"],
        "::hint",
    ),
    "cpp": (["U", "std::U", "U<U>", "{{U}, U}", "U::U(U)", '"U"', "U{}", "U // U"], " ::hint"),
    "javascript": (["U", "{a: {b: U}}", "U => U", "`${U}`", "U(U)", "U?.U"], "::hint"),
    "": (["U", "U U", "{U}", "<U>", "&U;"], "::hint"),
}


def test_any_prose_hides_what_is_deleted_and_nothing_else(
    show: Callable[[str], list[dict[int, Shown]]],
) -> None:
    random = Random(4)
    writers, cards = [], []
    for _ in range(60):
        writer = Writer(random)
        units = [writer.unit(PROSE, "::hint")[0] for _ in range(4)]
        if any(writer.hidden.values()):
            writers.append(writer)
            cards.append("## {} {{kind=cloze}}\n\n- {}\n\n|a|b|\n|-|-|\n|{}|{}|\n".format(*units))
    assert len(writers) > 50
    for writer, card, sides in zip(writers, cards, show("\n".join(cards)), strict=True):
        check(writer, card, sides)


@pytest.mark.parametrize("language", LANGUAGES)
def test_any_code_hides_what_is_deleted_and_stays_as_it_is(
    language: str, show: Callable[[str], list[dict[int, Shown]]]
) -> None:
    random, (wraps, hint) = Random(language), LANGUAGES[language]
    writers, cards, plains = [], [], []
    for _ in range(30):
        writer = Writer(random)
        marked, unmarked = zip(*(writer.unit([wraps] * 3, hint) for _ in range(3)), strict=True)
        if any(writer.hidden.values()):
            writers.append(writer)
            options = random.choice(["", " linenos", ' hl_lines="2"'])
            cards.append(
                f"## Code {{kind=cloze}}\n\n```{language}{options}\n"
                + "\n\t".join(marked)
                + "\n```\n"
            )
            plains.append("\n\t".join(unmarked) + "\n")
    assert len(writers) > 20
    for writer, card, plain, sides in zip(
        writers, cards, plains, show("\n".join(cards)), strict=True
    ):
        check(writer, card, sides)
        expected = classes(converted(f"```{language}\n{plain}```").html)
        for side in sides.values():
            assert text(side.answer).partition("\n")[2].strip("\n") == plain.strip("\n"), card
            assert classes(side.answer) == expected, card


def check(writer: Writer, card: str, sides: dict[int, Shown]) -> None:
    assert set(sides) == set().union(*writer.hidden.values()), card
    for number, side in sides.items():
        assert {word for word in writer.hidden if number in writer.hidden[word]}.isdisjoint(
            SECRET.findall(text(side.question))
        ), card
        shown = [word for word in writer.hidden if number not in writer.hidden[word]]
        assert SECRET.findall(text(side.question)) == shown, card
        assert SECRET.findall(text(side.answer)) == list(writer.hidden), card


def classes(side: str) -> list[tuple[str, str]]:
    """Each character of the code with the class of its token, whatever deletions there are."""
    code = re.search(r"<pre.*?</pre>", side, re.DOTALL)
    found, opened = [], list[str]()
    for tag, character in re.findall(r"(<[^>]*>)|(&\w+;|[^<])", code[0] if code else ""):
        if tag.startswith("</"):
            opened.pop()
        elif tag and not tag.startswith("<wbr"):
            name = re.search(r'class="([\w-]*)', tag)
            opened.append(name[1] if name else "")
        elif character:
            tokens = [
                name for name in opened if not name.startswith(("cloze", "highlight", "language"))
            ]
            found.append((character, "".join(tokens)))
    return found
