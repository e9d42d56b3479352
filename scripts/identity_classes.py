"""Edits by their kind, and the verdicts that are right for each: what matching must never lose,
merge or ask about.
"""

from __future__ import annotations

import html
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ankipress.package.package_reading import read_contents
from identity_scenes import Card, Scene

Pair = tuple[str, str]

# Cards that have nothing to do with each other, around those that are edited.
COMPANY: Sequence[Pair] = (
    ("What is a compiler?", "A program that turns source into machine code."),
    ("Who wrote Faust?", "Goethe"),
    ("Was ist Photosynthese?", "Die Umwandlung von Licht in chemische Energie."),
    ("What is entropy?", "A measure of disorder."),
    ("Nenne die drei Aggregatzustände", "fest, flüssig, gasförmig"),
    ("광합성이란?", "빛에너지를 화학에너지로 바꾸는 과정"),
)

# Questions that differ in what no learner sees or minds, each with an answer of a word.
TRIFLES: Sequence[Pair] = (
    ("What does a 1x1 convolution do?", "What does a 1×1 convolution do?"),
    ("What is a u-net?", "What is a U-Net?"),
    ("What is an RNN-T?", "What is an RNNT?"),
    ("Write pseudo-code for SGD", "Write pseudocode for SGD"),
    ("What is an hyper-parameter?", "What is a hyperparameter?"),
    ("Name the 3 steps", "Name the three steps"),
    ("More than 9000 of what?", "More than 9,000 of what?"),
    ("How many are 10000 lines?", "How many are 10 000 lines?"),
    ("What is one cycle training?", "What is 1cycle training?"),
    ("Why is a < b?", "Why is a &lt; b?"),
    ("What is max_pool?", "What is max\\_pool?"),
    ("Was ergibt 3*3?", "Was ergibt 3\\*3?"),
    ("What is back-propagation?", "What is backpropagation?"),
    ("What is an e-mail?", "What is an email?"),
    ("Define fine tuning", "Define fine-tuning"),
    ("What is NumPy?", "What is Numpy?"),
    ("What is pytorch?", "What is PyTorch?"),
    ("What is a 3x3 kernel?", "What is a 3*3 kernel?"),
    ("Was macht ein ResNet?", "Was macht ein Resnet?"),
    ("What is `loss`?", "What is loss?"),
    ("What is **loss**?", "What is _loss_?"),
    ("What's “loss”?", 'What\'s "loss"?'),
    ("Wie heißen die 7 Zwerge?", "Wie heißen die sieben Zwerge?"),
    ("Cite les 3 lois", "Cite les trois lois"),
    ("What is the No Free Lunch theorem?", "What is the no-free-lunch theorem?"),
    ("What's a dataset?", "What's a data set?"),
    ("How big is 1,024 bytes?", "How big is 1024 bytes?"),
    ("What is L2 normalisation?", "What is L2 normalization?"),
)

# Questions in code or a formula of which one mark differs, each with an answer of its own.
CODE_TWINS: Sequence[Pair] = (
    ("What does `a[1:]` give?", "What does `a[:1]` give?"),
    ("What does `ls | wc` do?", "What does `ls > wc` do?"),
    ("What does `[a-z]{2}-` match?", "What does `[a-z]{2,}-` match?"),
    ("What is the type of `'a'` in C?", 'What is the type of `"a"` in C?'),
    ("What does `a, = b` do?", "What does `a = b` do?"),
    ("What is `(1)`?", "What is `(1,)`?"),
    ("What is `[x]`?", "What is `{x}`?"),
    ("What is `f.x`?", "What is `f:x`?"),
    ("What does `a; b` do?", "What does `a: b` do?"),
    ("What does `\\d.` match?", "What does `\\d\\.` match?"),
    ("What does `x?` match?", "What does `x?:` match?"),
    ("What does `$x` mean?", "What does `${x}` mean?"),
    ("What does `` `x` `` mean?", "What does `'x'` mean?"),
    ("What does `a.b()` give?", "What does `a.b` give?"),
    ('What does `"$@"` give?', "What does `$@` give?"),
    ("What is $f(x, y)$?", "What is $f(x; y)$?"),
    ("What is $x_{ij}$?", "What is $x_i j$?"),
    ("What is $[a, b)$?", "What is $[a, b]$?"),
    ("What is $x'$?", "What is $x$?"),
    ("What is $\\{a\\}$?", "What is $(a)$?"),
    ("What does `*p++` do?", "What does `(*p)++` do?"),
    ("What does `a?.b` do?", "What does `a.b` do?"),
    ("What does `^a` match?", "What does `a` match?"),
    ("What does `a{,2}` match?", "What does `a{2,}` match?"),
    ("What does `x[::2]` give?", "What does `x[:2]` give?"),
)

# One letter or one square makes another card, with another answer of the same sort.
MINIMAL_PAIRS: Sequence[tuple[str, str, str, str]] = (
    (
        "What is the formula of barium nitrite?",
        "Ba(NO₂)₂",
        "What is the formula of barium nitrate?",
        "Ba(NO₃)₂",
    ),
    ("Formula of sodium sulfide?", "Na₂S", "Formula of sodium sulfite?", "Na₂SO₃"),
    ("What does belair mean?", "to shine", "What does beliir mean?", "to fear"),
    (
        "White: Kg1, Rf1. Black: Kg8. Best move?",
        "Rf8+",
        "White: Kg1, Rf2. Black: Kg8. Best move?",
        "Ra2",
    ),
    ("Was ist ein Epitaph?", "Eine Grabinschrift", "Was ist ein Epitaxie?", "Kristallwachstum"),
    ("Define affect", "To have an influence on", "Define effect", "A result of something"),
    (
        "What is a stalactite?",
        "It hangs from the roof of a cave",
        "What is a stalagmite?",
        "It grows from the floor of a cave",
    ),
    ("What is methanal?", "HCHO", "What is methanol?", "CH₃OH"),
    ("What is the ileum?", "A part of the gut", "What is the ilium?", "A bone of the hip"),
    ("Was heißt perdre?", "verlieren", "Was heißt prendre?", "nehmen"),
    ("What is sodium chlorite?", "NaClO₂", "What is sodium chlorate?", "NaClO₃"),
    (
        "What is a morpheme?",
        "The smallest unit of meaning",
        "What is a phoneme?",
        "The smallest unit of sound",
    ),
    ("What is perseverance?", "Going on", "What is perseveration?", "Doing the same again"),
    ("Was bedeutet effektiv?", "wirksam", "Was bedeutet effizient?", "wirtschaftlich"),
    ("What is hypothermia?", "Too cold", "What is hyperthermia?", "Too warm"),
    (
        "What is glucagon?",
        "A hormone that raises the sugar in the blood",
        "What is glycogen?",
        "A store of sugar in the liver",
    ),
)

# A person sees that these are one card, where they stand in one place.
OBVIOUS: Sequence[tuple[str, str, str, str]] = (
    (
        "What is peaking at the test set?",
        "Looking at it too early",
        "What is peeking at the test set?",
        "Looking at it before the end",
    ),
    (
        "Which flag is this? ![](ch.jpg)",
        "Switzerland",
        "Which flag is this? ![](ch.png)",
        "Switzerland",
    ),
    ("What is the capital of Swaziland?", "Mbabane", "What is the capital of Eswatini?", "Mbabane"),
    ("What is the capital of Burma?", "Naypyidaw", "What is the capital of Myanmar?", "Naypyidaw"),
    ("What is the height of K2?", "8611 m", "How high is K2?", "8,611 m"),
    ("Who is the author of Emma?", "Jane Austen", "Who wrote “Emma”?", "Jane Austen"),
    ("What is a recieved signal?", "One that came", "What is a received signal?", "One that came."),
)

CLARIFIED: Sequence[tuple[str, str, str, str]] = (
    (
        "Which river flows through Paris?",
        "The Seine, which ends in the Channel",
        "Name the river of the French capital",
        "Seine (to Le Havre)",
    ),
    (
        "What is overfitting?",
        "Learning the noise of the data by heart",
        "What is overfitting of a model in machine learning?",
        "Its error is small in training and large on unseen examples",
    ),
    (
        "What does a learner do?",
        "It puts data, model and loss together",
        "What does a fastai Learner do?",
        "Handles training: batches, steps, callbacks",
    ),
    (
        "When do we use dropout?",
        "Where a network has many weights",
        "When should one use dropout in a network?",
        "With few examples, against memorising",
    ),
    (
        "What is a tensor?",
        "A box of numbers",
        "What is a tensor in PyTorch?",
        "An n-dimensional array, possibly on a GPU",
    ),
)

_HEADINGS = (
    "Was ist die Aussage?",
    "Wie lautet der Beweis?",
    "Wann gilt das nicht?",
    "Nenne ein Beispiel",
    "What is the output?",
    "Why?",
    "Wo wird es gebraucht?",
    "Wer hat es gefunden?",
    "Was ist die Umkehrung?",
    "Wie merkt man es sich?",
)
_WORDS = (
    "Menge Abstand Grenzwert Umgebung Ableitung Integral Summe Folge Reihe Norm Raum Basis Matrix "
    "Zeile Rang Kern energy value memory order limit state signal space element theory practice "
    "measure storage result current arbre maison fenêtre chat chien table chaise livre école "
    "voiture jardin ville rue pont rivière montagne forêt pomme pain eau lait fromage porte"
).split()


def class_scenes() -> Iterator[Scene]:
    """A scene of two versions for each kind of edit."""
    yield _one_by_one("trifles", [(*_with_answer(pair, n),) for n, pair in enumerate(TRIFLES)])
    yield _one_by_one("obvious", OBVIOUS)
    yield _one_by_one("clarified, with another answer", CLARIFIED)
    yield _replaced("code twins", [(*_with_answers(pair, n),) for n, pair in enumerate(CODE_TWINS)])
    yield _replaced("minimal pairs", MINIMAL_PAIRS)
    yield _chapters("chapters, answers longer", _longer)
    yield _chapters("chapters, answers replaced", _another)
    yield _repeated()
    yield from _clozes()
    for count in (20, 1000):
        yield _template(count)
    yield _returned()


def _with_answer(pair: Pair, number: int) -> tuple[str, str, str, str]:
    answer = _WORDS[number % len(_WORDS)]
    return pair[0], answer, pair[1], answer


def _with_answers(pair: Pair, number: int) -> tuple[str, str, str, str]:
    chance = random.Random(number)  # noqa: S311
    return pair[0], _phrase(chance, 3), pair[1], _phrase(chance, 3)


def _phrase(chance: random.Random, length: int) -> str:
    return " ".join(chance.sample(_WORDS, length))


def _one_by_one(name: str, edits: Sequence[tuple[str, str, str, str]]) -> Scene:
    """Each edit in a file of its own, among cards that stay."""
    old: list[Card] = []
    new: list[Card] = []
    for number, (question, answer, later_question, later_answer) in enumerate(edits):
        path = f"{number:03}.md"
        for at, (text, body) in enumerate(COMPANY):
            company = Card((number, at), f"{text} ({number})", body, path)
            old.append(company)
            new.append(company)
            if at == 2:
                old.append(Card(number, question, answer, path))
                new.append(Card(number, later_question, later_answer, path))
    return Scene(name, (old, new))


def _replaced(name: str, twins: Sequence[tuple[str, str, str, str]]) -> Scene:
    """Each card goes, and its twin comes in its place."""
    scene = _one_by_one(name, twins)
    old, new = scene.versions
    others = [
        Card(("twin", card.key), card.question, card.answer, card.path)
        if isinstance(card.key, int)
        else card
        for card in new
    ]
    return Scene(name, (old, others))


def _longer(chance: random.Random, answer: str) -> str:
    return f"{answer}, {_phrase(chance, 4)}"


def _another(chance: random.Random, _answer: str) -> str:
    return _phrase(chance, 4)


def _chapters(name: str, edit: object) -> Scene:
    """Thirty files with the same ten headings, of which a third of the answers are edited."""
    assert callable(edit)
    chance = random.Random(3)  # noqa: S311
    old = [
        Card((file, at), heading, _phrase(chance, chance.randint(1, 6)), f"{file:02}.md")
        for file in range(30)
        for at, heading in enumerate(_HEADINGS)
    ]
    new = [
        Card(card.key, card.question, edit(chance, card.answer), card.path)
        if chance.random() < 0.33
        else card
        for card in old
    ]
    return Scene(name, (old, new))


def _repeated() -> Scene:
    """One question several times in a file, answers edited."""
    chance = random.Random(5)  # noqa: S311
    old = []
    for file in range(20):
        for at in range(9):
            question = "What is the output?" if at % 3 == 1 else f"What is {_phrase(chance, 3)}?"
            old.append(Card((file, at), question, _phrase(chance, 3), f"{file:02}.md"))
    new = [
        Card(card.key, card.question, f"{card.answer}, since {_phrase(chance, 5)}", card.path)
        if card.question == "What is the output?" and chance.random() < 0.5
        else card
        for card in old
    ]
    return Scene("one question thrice in a file", (old, new))


def _clozes() -> Iterator[Scene]:
    """Sentences of which each card hides another word; hints, words and extras are edited."""
    chance = random.Random(7)  # noqa: S311
    old = []
    for number in range(150):
        words = _phrase(chance, 6).split()
        for at in chance.sample(range(6), 3):
            hidden = [*words]
            hidden[at] = f"{{{{c1::{words[at]}}}}}"
            old.append(Card((number, at), " ".join(hidden), f"Extra {number}", "a.md", "{.cloze}"))
    chance.shuffle(old)
    yield Scene(
        "clozes of one sentence, another back",
        (old, [Card(each.key, each.question, "Merke: " + each.answer, each.path, "{.cloze}")
               for each in old]),
    )  # fmt: skip
    yield Scene(
        "clozes of one sentence, a hint",
        (old, [Card(each.key, each.question.replace("}}", "::hint}}"), each.answer, each.path,
                    "{.cloze}") for each in old]),
    )  # fmt: skip
    yield Scene(
        "clozes of one sentence, a word more",
        (old, [Card(each.key, f"{each.question} toujours", each.answer, each.path, "{.cloze}")
               for each in old]),
    )  # fmt: skip
    yield Scene(
        "clozes of one sentence, shuffled, another back",
        (old, [Card(each.key, each.question, each.answer + " !", each.path, "{.cloze}")
               for each in chance.sample(old, len(old))]),
    )  # fmt: skip


def _template(count: int) -> Scene:
    """The one telling word of a question stays, and everything around it goes."""
    characters = [chr(0x59CC + 7 * number) for number in range(count)]
    old = [
        Card(each, f"How is {each} read?", f"pin{n} yin{n}") for n, each in enumerate(characters)
    ]
    new = [
        Card(each.key, f"Pinyin of {each.key}", each.answer) if at % 10 == 3 else each
        for at, each in enumerate(old)
    ]
    return Scene(f"template of {count}, reworded", (old, new))


def _returned() -> Scene:
    """A wording that was retired comes back where its successor still stands."""
    company = [Card(("c", at), *each) for at, each in enumerate(COMPANY)]
    first = Card(0, "Explain dropout", "Weights are left out by chance, against overfitting")
    second = Card(1, "What keeps a network from learning by heart?", "Leaving out activations")
    gone = [*company[:3], first, *company[3:]]
    now = [*company[:3], second, *company[3:]]
    back = [*company[:3], Card(1, first.question, second.answer), *company[3:]]
    return Scene("a retired wording comes back", (gone, company, now, back))


def french_scenes(package: Path) -> Iterator[Scene]:
    """The clozes of a package of somebody else's, of which many share a sentence."""
    with package.open("rb") as file:
        contents = read_contents(file)
    notes = [note for note in contents.notes if note.note_type.cloze]
    cards = []
    for note in notes:
        text, *others = (_one_line(field) for field in note.fields)
        if "{{c" in text and not text.startswith(("|", "<")):
            cards.append(Card(note.guid, text, " ".join(others) or "-", "a.md", "{.cloze}"))
    yield Scene(
        "French clozes, every back edited",
        (cards, [replace(each, answer=f"{each.answer} (hint)") for each in cards]),
    )
    yield Scene(
        "French clozes, every hint edited",
        (cards, [replace(each, question=each.question.replace("}}", "::?}}")) for each in cards]),
    )
    chance = random.Random(2)  # noqa: S311
    edited = [
        replace(each, question=f"{each.question} !", answer=f"{each.answer} ({_phrase(chance, 2)})")
        if chance.random() < 0.3
        else each
        for each in cards
    ]
    yield Scene("French clozes, a third of fronts and backs edited", (cards, edited))


def _one_line(field: str) -> str:
    text = html.unescape(re.sub(r"<[^>]*>|\[sound:[^\]]*\]", " ", field))
    return " ".join(re.sub(r"[`*_\[\]<>#\\&$~|^]", " ", text).split())
