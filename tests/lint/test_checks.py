"""Advice on cards: each check by itself, the cards that it leaves alone first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ankipress.build.pipeline import compile_deck
from ankipress.cli.main import run
from ankipress.diagnostics import CODES, Diagnostic, Location, Severity
from ankipress.lint import project_lint, similar
from ankipress.lint.card_text import DeckText, read_cards
from ankipress.lint.checks import CHECKS, NotWantedError, run_checks
from ankipress.lint.length import MOST_WORDS, length
from ankipress.model import Source
from ankipress.project.reading import read_workspace
from ankipress.project.settings import Settings
from parsing import parse


def advice(code: str, text: str) -> list[Diagnostic]:
    """What one check says of a file."""
    sources = (Source("cards.md", text),)
    cards = read_cards(parse(sources, Settings()).entries)
    return list(CHECKS[code](DeckText(cards)))


def meant(text: str, location: Location) -> str:
    """The span of a text that a place means."""
    start = location.column - 1
    return text.split("\n")[location.line - 1][start : start + location.width]


def told(code: str, text: str) -> list[str]:
    """The spans that one check means, in order."""
    return [meant(text, each.location) for each in advice(code, text)]


def test_the_table_has_every_code_that_is_advice() -> None:
    # What is told where a file is read, or of the project, is no check of a card.
    elsewhere = {"broken-link", "tag-spelling", "tex-as-text", "unused-media"}
    assert list(CHECKS) == [
        code
        for code, severity in CODES.items()
        if severity is Severity.ADVICE and code not in elsewhere
    ]


def card(question: str, answer: str = "An answer.") -> str:
    return f"## {question}\n\n{answer}\n"


YES_NO = "yes-no-question"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="no card"),
        pytest.param(card("What is a tensor?"), id="an open question"),
        pytest.param(card("Is a tuple mutable or immutable?"), id="two choices"),
        pytest.param(
            card("Should you clean the data first? Why?", "No, train early."),
            id="asks for the reason",
        ),
        pytest.param(
            card("Is it safe, and why?", "Yes, it is."),
            id="asks for the reason in the same sentence",
        ),
        pytest.param(
            card("Can you explain how hooks work?", "They …"), id="a polite open question"
        ),
        pytest.param(card("Was ist ein Tensor?", "Ein Feld."), id="German was is no English was"),
        pytest.param(card("Will man das? Warum?", "Ja."), id="German will"),
        pytest.param(card("Do you know?\n", "It is.").replace("?", "."), id="no question mark"),
        pytest.param(
            card("What does a cell make?", "No one knew until 1950."),
            id="no as a part of a sentence",
        ),
        pytest.param(card("¿Has visto el gato?", "En la casa."), id="Spanish has"),
        pytest.param(card("Is it {{c1::blue}}?"), id="a cloze card"),
        pytest.param(card("Is it the one? {typed=Yes}", "Yes"), id="typed"),
        pytest.param(
            card("Was the king in de of to? {lang=nl}"),
            id="English by its words, Dutch by its author",
        ),
    ],
)
def test_no_yes_no_question(text: str) -> None:
    assert advice(YES_NO, text) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(card("Is a tensor of rank 2 a matrix?"), id="English, by its form"),
        pytest.param(card("Can’t it be done with the lock?"), id="a contraction"),
        pytest.param(
            card("Suppose the lock is lost. Can it be rebuilt?"), id="the last sentence asks"
        ),
        pytest.param(card("Ist ein Tensor eine Matrix?"), id="German, by its form"),
        pytest.param(card("텐서는 행렬인가요?", "네, 그렇습니다."), id="Korean, by its answer"),
        pytest.param(card("Un tenseur est-il une matrice ?", "Non."), id="French, by its answer"),
        pytest.param(card("これは行列ですか？", "はい。"), id="Japanese, by its answer"),
        pytest.param(card("True or false: the sky is green.", "False."), id="true or false"),
        pytest.param(card("React supports this?", "**Yes.** It does."), id="an answer in bold"),
    ],
)
def test_a_yes_no_question(text: str) -> None:
    assert told(YES_NO, text) == [text.split("\n", maxsplit=1)[0]]


CONTEXT = "needs-context"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(card("What did the previous king of France do?"), id="previous as a word"),
        pytest.param(card("What is above 100 degrees?"), id="above as a word"),
        pytest.param(card("Which value is the above-average one?"), id="above in a word"),
        pytest.param(
            card("What does the code below print?", "```python\n1\n```\n\n---\n\n1"),
            id="below, on the front",
        ),
        pytest.param(
            card("What does the following code print: `1 + 1`?"),
            id="following, in the question itself",
        ),
        pytest.param(
            card("What does the following function `f(x)` return?"),
            id="following, and code right behind it",
        ),
        pytest.param(
            card("Who wrote it?", "See the above, and the code above."), id="above in an answer"
        ),
        pytest.param(card("Was steht oben auf der Karte?"), id="German oben as a place"),
        pytest.param(card("Why does it fail?"), id="why with more"),
        pytest.param(
            card("Tell me. {lang=de}").replace("Tell me", "the card below"),
            id="English in a German card",
        ),
        pytest.param(card("{{c1::Why}}?"), id="a cloze card"),
        pytest.param(
            card("Which of the following is right? {kind=choice}", "- [x] a\n- [ ] b"),
            id="a choice",
        ),
    ],
)
def test_no_need_of_context(text: str) -> None:
    assert advice(CONTEXT, text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(
            card("What is the rank in the previous question?"),
            "previous question",
            id="another card",
        ),
        pytest.param(card("What does the code above print?"), "code above", id="above"),
        pytest.param(card("Name all of the above"), "the above", id="the above"),
        pytest.param(card("Why is it as shown above?"), "shown above", id="shown above"),
        pytest.param(
            card("What does the code below print?", "```python\n1\n```"),
            "code below",
            id="below, in the answer",
        ),
        pytest.param(
            card("Which of the following are true?", "- a\n- b"),
            "of the following",
            id="choices in the answer",
        ),
        pytest.param(
            card("Which of the following ends `main()`?", "- a\n- b"),
            "of the following",
            id="choices, and code",
        ),
        pytest.param(card("Why?"), "Why?", id="a word alone"),
        pytest.param(card("Was gibt der obige Code aus?"), "obige", id="German"),
        pytest.param(
            card("Wie lautet die Antwort auf die vorige Frage?"),
            "vorige Frage",
            id="German, another card",
        ),
        pytest.param(card("위 코드의 출력은 무엇인가요?"), "위 코드", id="Korean"),
        pytest.param(card("前の質問の答えは？"), "前の質問", id="Japanese"),
        pytest.param(card("What is **the above**?"), "the above", id="in emphasis"),
        pytest.param(card("Warum? {lang=de}"), "Warum?", id="German, alone"),
        pytest.param(card("Is `the above` the above?"), "the above", id="behind code like it"),
        pytest.param(
            card("Q", "Is `the last card`\n\n> like the *last card*?\n\n---\n\nYes."),
            "last card",
            id="below the heading",
        ),
        pytest.param(
            card("What is ![the above](a.png), **all of** above?"), "of** above", id="cut"
        ),
    ],
)
def test_a_need_of_context(text: str, words: str) -> None:
    assert told(CONTEXT, text) == [words]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", 0, id="nothing"),
        pytest.param("one two, don't re-read 3.14", 5, id="English"),
        pytest.param("텐서는 배열", 2.5, id="Korean"),
        pytest.param("張量是陣列 tensor", 3.5, id="Chinese with an English word"),
        pytest.param("ภาษาไทย", 7 / 6, id="Thai"),
    ],
)
def test_a_length_is_in_english_words(text: str, words: float) -> None:
    assert length(text) == pytest.approx(words)


WORDS = " ".join(["word"] * MOST_WORDS)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(card("Q", WORDS), id="just short enough"),
        pytest.param(card("Q", f"A.\n\n```\n{WORDS} {WORDS}\n```"), id="code"),
        pytest.param(card("Q", f"A.\n\n### Extra\n\n{WORDS} {WORDS}"), id="extra"),
        pytest.param(card("Q", f"{WORDS} {WORDS}\n\n---\n\nA."), id="a long front"),
        pytest.param(
            card("{{c1::A}}", f"{WORDS} {WORDS}"), id="the text of a cloze card that is shown"
        ),
    ],
)
def test_no_long_answer(text: str) -> None:
    assert advice("long-answer", text) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(card("Q", f"{WORDS} more"), id="a paragraph"),
        pytest.param(card("Q", f"- {WORDS}\n- more"), id="a list"),
        pytest.param(card("Q", f"<div>\n{WORDS} more\n</div>"), id="HTML"),
        pytest.param(card("Q", "가" * (2 * MOST_WORDS + 2)), id="Korean"),
        pytest.param(
            card("A", f"{{{{c1::{WORDS}}}}} and {{{{c1::more}}}}"), id="what a number hides"
        ),
    ],
)
def test_a_long_answer(text: str) -> None:
    assert told("long-answer", text) == [text.split("\n", maxsplit=1)[0]]


def items(number: int, indent: str = "") -> str:
    return "\n".join(f"{indent}- item {each}" for each in range(number))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(card("Q", items(7)), id="seven"),
        pytest.param(card("Q", f"{items(4)}\n{items(4, '  ')}"), id="eight on two levels"),
        pytest.param(card("Q", f"{items(9)}\n\n---\n\nA."), id="choices on the front"),
        pytest.param(card("{{c1::Q}}", items(9)), id="a cloze card"),
        pytest.param(card("Q {kind=choice}", items(9).replace("-", "- [ ]")), id="a choice"),
        pytest.param(card("Q", f"```\n{items(9)}\n```"), id="code"),
    ],
)
def test_no_long_list(text: str) -> None:
    assert advice("long-list", text) == []


def test_a_long_list_is_told_at_its_first_line() -> None:
    text = card("Q", f"Some:\n\n{items(8)}\n\nOr:\n\n1. one\n{items(8, '   ')}")
    assert [each.location for each in advice("long-list", text)] == [
        Location("cards.md", 5, 1, 8),
        Location("cards.md", 17, 4, 8),
    ]
    quoted = card("Q", f"> 1. a\n>\n{items(8, '>    ')}\n\n{items(8)}")
    assert [(each.location.line, each.location.column) for each in advice("long-list", quoted)] == [
        (5, 6),
        (14, 1),
    ]


HIDDEN = "all-hidden"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(card("Cells", "{{c1::Mitochondria}}"), id="the heading is shown"),
        pytest.param(card("{{c1::A}} and {{c2::B}}"), id="a word between"),
        pytest.param(card("{{c1::A}} {{c2::B}}"), id="the other deletion"),
        pytest.param(card("{{c1::A::what makes fuel}}"), id="a hint"),
        pytest.param(card("{{c1::A}}", "![A cell](media/cell.png)"), id="a picture"),
        pytest.param(card("{{c1::A}}", "![](media/cell.png)"), id="a picture without a text"),
        pytest.param(card("{{c1::A}}", "<p>\n<img src='c.png'>\n</p>"), id="a picture in HTML"),
        pytest.param(card("{{c1::A}}", "~~~ python\n{{c1::a}} = 1\n~~~"), id="code"),
        pytest.param(card("{{c1::A}}", "$x$"), id="mathematics"),
        pytest.param(card("What?", "A."), id="no cloze card"),
    ],
)
def test_something_is_shown(text: str) -> None:
    assert advice(HIDDEN, text) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param(card("{{c1::Mitochondria}}", "{{c1::make fuel}}"), 1, id="one number"),
        pytest.param(card("**{{c1::A}}**, {{c1::B}}.", "1."), 1, id="markup and marks"),
        pytest.param(card("{{c2::A {{c1::B}} C}}", ""), 2, id="all inside another"),
        pytest.param(card("[{{c1::A}}](https://a.org)", "{{c1::B}}"), 1, id="an address"),
        pytest.param(card("{{c1::A}}", "~~~ python\n{{c1::a = 1}}\n~~~"), 1, id="code"),
        pytest.param(card("{{c1::A}}", "<!-- words -->"), 1, id="a comment"),
        pytest.param(card("{{c1::A}}", "$${{c1::x}}$$"), 1, id="mathematics"),
    ],
)
def test_everything_is_hidden(text: str, number: int) -> None:
    [found] = advice(HIDDEN, text)
    assert f"c{number} " in found.message


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param("![A cell](cell.png)", id="a text"),
        pytest.param('<img src="line.png" alt="">', id="an ornament"),
        pytest.param("from `<a>` to <img> elements", id="no picture"),
        pytest.param("`![](cell.png)`", id="code"),
        pytest.param("```\n![](cell.png)\n```", id="a block of code"),
        pytest.param("> ~~~ md\n> ![](cell.png)\n> ~~~", id="quoted code"),
        pytest.param("$![](cell.png)$", id="mathematics"),
        pytest.param("$$\n![](cell.png)\n$$", id="a block of mathematics"),
        pytest.param("a <!-- ![](cell.png) --> b", id="a comment"),
        pytest.param("<div>\n<!-- <img src='cell.png'> -->\n</div>", id="a comment in HTML"),
        pytest.param("![A cell ![](cell.png)](cell.png)", id="a picture in the text of another"),
        pytest.param("| A |\n|---|\n| b | ![](cell.png) |", id="a cell without a column"),
        pytest.param("\\![](cell.png)", id="an escaped sign"),
    ],
)
def test_pictures_with_a_text(picture: str) -> None:
    assert advice("missing-alt", card("Q", picture)) == []


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        pytest.param("See ![](cell.png).", "![](cell.png)", id="no text"),
        pytest.param("![](a%20b.png)", "![](a%20b.png)", id="an address with an escape"),
        pytest.param("![](a.png 't')", "![](a.png 't')", id="a title"),
        pytest.param("![image](cell.png)", "![image](cell.png)", id="what an editor puts there"),
        pytest.param(
            "![cell](media/cell.png)", "![cell](media/cell.png)", id="the name of the file"
        ),
        pytest.param('Some\n<img src="a.png"> more', '<img src="a.png">', id="HTML in a line"),
        pytest.param('<p>\n<img src="a.png">\n</p>', '<img src="a.png">', id="a block of HTML"),
        pytest.param("`![](a.png)` ![](a.png)", "![](a.png)", id="behind the same in code"),
        pytest.param("> 1. ä ![](a.png)", "![](a.png)", id="in a list in a quote"),
        pytest.param("| A |\n|---|\n| ![](a.png) |", "![](a.png)", id="in a table"),
        pytest.param("![][a]\n\n## Q\n\nA.\n\n[a]: a.png", "![][a]", id="defined in another card"),
        pytest.param("x[^1]\n\n[^1]: ![](a.png)", "![](a.png)", id="in a footnote"),
        pytest.param("> <p>\n> <img\n> src='a.png'>\n> </p>", "<img", id="a tag of two lines"),
    ],
)
def test_pictures_without_a_text(picture: str, words: str) -> None:
    assert told("missing-alt", card("Q", picture)) == [words]


def test_large_code_is_told_by_its_lines_and_by_its_widest_line() -> None:
    wide, long = "x" * 81, "y\n" * 31
    text = card("Q", f"```python\n  {wide}\n```\n\n```\n{long}```\n\n`{wide}`")
    assert told("large-code", text) == [wide, "```"]
    assert told("large-code", card("Q", f"```\n{'x' * 80}\n{'漢' * 40}\n{'y' * 30}\n```")) == []
    assert told("large-code", card("Q", f"```\n{'漢' * 41}\n```")) == ["漢" * 41]
    quoted = card("Q", f"> - ~~~\n>   x\n>\t{wide}\n>   ~~~\n\n{wide}\n\n      {wide}")
    assert told("large-code", quoted) == [wide, wide]


ABBREVIATION = "unexplained-abbreviation"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(card("What is HTML over HTTP?"), id="known to all"),
        pytest.param(
            card("What is a convolutional neural network (CNN)?", "A CNN is …"),
            id="spelled out before",
        ),
        pytest.param(
            card("What is a CNN?", "A convolutional neural network."),
            id="spelled out in the answer",
        ),
        pytest.param(
            card("What is a CNN (convolutional neural network)?"), id="spelled out behind"
        ),
        pytest.param(card("CNN(합성곱 신경망)이란?"), id="spelled out in Korean"),
        pytest.param(card("합성곱 신경망(CNN)이란?"), id="spelled out in Korean before"),
        pytest.param(card("Wofür steht LSTM?", "Long Short-Term Memory"), id="a hyphen"),
        pytest.param(
            card(
                "What does NAACP mean?",
                "National Association for the Advancement of Colored People",
            ),
            id="small words",
        ),
        pytest.param(card("What does `CNN` print?", "`CNN`\n\n```\nCNN\n```"), id="code"),
        pytest.param(
            card("Who was LOUIS XIV?", "Louis, King XIV of France. READ THIS CAREFULLY."),
            id="names, numbers and shouting",
        ),
        pytest.param(card("Is NEVER a word?", "never"), id="a word in capitals"),
        pytest.param(card("What is ES6, H2O, A-CNN or CNN_NEWS?"), id="with digits or signs"),
        pytest.param(card("What is $CNN$?", "$$\nCNN\n$$"), id="mathematics"),
        pytest.param(card("What is [it](CNN.md)?", "![CNN](CNN.png)"), id="addresses and pictures"),
    ],
)
def test_no_unexplained_abbreviation(text: str) -> None:
    assert advice(ABBREVIATION, text) == []


def test_an_abbreviation_is_told_once_in_each_deck() -> None:
    text = (
        card("What is the use of a CNN?", "Pictures; **CNNs** see them.")
        + card("Who made the first CNN?")
        + card("What is\tan LSTM for?")
    )
    assert [
        (each.location.line, meant(text, each.location)) for each in advice(ABBREVIATION, text)
    ] == [(1, "CNN"), (7, "LSTM")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(card("Is `CNN` a CNN?"), id="behind code"),
        pytest.param(card("Is it?", "`CNN`\n\n> - $CNN$ or **CNN**"), id="behind mathematics"),
        pytest.param(card("Is it?", "<p>\n<b title='CNN'>CNN</b>\n</p>"), id="in HTML"),
    ],
)
def test_an_abbreviation_is_told_in_its_place(text: str) -> None:
    [found] = advice(ABBREVIATION, text)
    line = text.split("\n")[found.location.line - 1]
    assert found.location.column - 1 == line.rindex("CNN")
    assert meant(text, found.location) == "CNN"


SIMILAR = "similar-question"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(card("What is a list?"), card("What is a tuple?"), id="another thing"),
        pytest.param(
            card("What is the rank of a tensor?", "The number."),
            card("What is the size of a tensor?", "All."),
            id="a word",
        ),
        pytest.param(
            card("What came with Python 3.11?", "A."),
            card("What came with Python 3.12?", "A."),
            id="a number",
        ),
        pytest.param(
            card("Who made Windows, a system?", "A"),
            card("Who made Solaris, a system?", "A"),
            id="a short answer",
        ),
        pytest.param(
            card("How do you get from A to B?", "One way."),
            card("How do you get from B to A?", "Another."),
            id="the order",
        ),
        pytest.param(
            card("Why is it stable?", "A."), card("Why is it not stable?", "B."), id="a negation"
        ),
        pytest.param(
            card("What is affect?", "A."),
            card("What is effect?", "B."),
            id="one letter that matters",
        ),
        pytest.param(
            card("What prints?", "```\n1\n```\n\n---\n\n1"),
            card("What prints?", "```\n2\n```\n\n---\n\n2"),
            id="other code",
        ),
        pytest.param(
            card("What is a tensor?"),
            card("What is a tensor?"),
            id="a copy, which has a warning of its own",
        ),
        pytest.param(card("{{c1::A}} is B."), card("A is {{c1::B}}."), id="cloze cards"),
        pytest.param(
            card(
                "Words {kind=rows}", "| A | B |\n|---|---|\n| the house | a |\n| the houses | a |"
            ),
            "",
            id="rows",
        ),
    ],
)
def test_questions_that_are_not_alike(first: str, second: str) -> None:
    assert advice(SIMILAR, first + second) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(
            card("What is a tensor?", "A."),
            card("What is a tensor?", "B."),
            id="the same, another answer",
        ),
        pytest.param(
            card("What is a tensor?", "A."),
            card("Explain what a tensor is.", "B."),
            id="other words of asking",
        ),
        pytest.param(
            card("What is convolution?", "A."), card("What is convoluton?", "B."), id="a slip"
        ),
        pytest.param(
            card("12. What is a tensor?", "A."),
            card("3) What is a tensor?", "B."),
            id="numbers of the questions",
        ),
        pytest.param(card("텐서란 무엇인가?", "A."), card("텐서란 무엇인가요?", "B."), id="Korean"),
        pytest.param(
            card(
                "What does softmax make of raw activations?", "Probabilities, which add up to one."
            ),
            card("What does softmax make of activations?", "Probabilities that add up to one."),
            id="a word more, the same answer",
        ),
    ],
)
def test_questions_that_are_alike(first: str, second: str) -> None:
    text = first + second
    assert told(SIMILAR, text) == [second.split("\n", maxsplit=1)[0]]


def test_many_questions_are_not_compared_each_with_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work grows with the number of cards, not with its square."""
    compared: list[int] = []
    monkeypatch.setattr(similar, "_is_near", lambda *_: compared.append(1))
    text = "".join(
        card(f"What is thing {each} of kind {each % 50} in group {each % 7}?")
        for each in range(1000)
    )
    assert advice(SIMILAR, text) == []
    assert 1000 < len(compared) <= 6 * 1000


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("." * 20_000, id="dots"),
        pytest.param("{" + "#" * 5_000, id="hashes in braces"),
        pytest.param("<img " + "src=" * 5_000, id="an endless tag"),
        pytest.param('<a href="' * 5_000, id="endless links"),
        pytest.param("{{c1::" * 3_000 + "x" + "}}" * 3_000, id="deletions in deletions"),
        pytest.param("<!--" * 5_000, id="endless comments"),
        pytest.param("ABCD (" + "a-" * 10_000, id="an endless explanation"),
        pytest.param("# " + " #" * 10_000, id="hashes behind a heading"),
        pytest.param("ABCD " * 5_000, id="shouting"),
        pytest.param("a" + " " * 20_000 + "b", id="spaces"),
        pytest.param("".join(f"![]({each}.png)\n" for each in range(500)), id="many pictures"),
    ],
)
def test_hostile_text_takes_no_time(text: str) -> None:
    """Any of these would take minutes or hours with a careless pattern; the suite's patience is the
    judge.
    """
    source = Source(
        "cards.md",
        f"{card(text, f'A.{chr(10)}{chr(10)}{text}')}\n{card('{{c1::Q}}', text)}\n"
        f"{card('Q', '[a](#b)')}",
    )
    cards = read_cards(parse((source,), Settings()).entries)
    assert {each.code for each in run_checks(DeckText(cards))} <= CHECKS.keys()


# The command line


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cards.md").write_text(card("Is it the one?", "[No](Other.md)."), encoding="utf-8")
    (tmp_path / "other.md").write_text("# Part\n", encoding="utf-8")
    return tmp_path


def checked(
    capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, list[tuple[str, str]]]:
    capsys.readouterr()
    status = run(["check", "--format", "json", *arguments])
    return status, [(row["code"], row["severity"]) for row in json.loads(capsys.readouterr().out)]


def test_a_build_gives_no_advice(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["build"]) == 0
    assert capsys.readouterr().err == ""


def test_advice_is_graded_by_the_settings(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checked(capsys) == (0, [(YES_NO, "advice"), ("broken-link", "advice")])
    assert checked(capsys, "--ignore", "advice") == (0, [])
    (here / "ankipress.toml").write_text(
        f'severity = {{ {YES_NO} = "error", broken-link = "off" }}', encoding="utf-8"
    )
    assert checked(capsys) == (1, [(YES_NO, "error")])
    assert run(["build"]) == 0


def test_cards_that_are_not_chosen_are_compared_and_not_told(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "ankipress.toml").write_text('sources = ["*.md"]', encoding="utf-8")
    for name in ("one.md", "two.md"):
        (here / name).write_text(card("What is a tensor?", name), encoding="utf-8")
    assert checked(capsys, "one.md") == (0, [])
    assert checked(capsys, "two.md") == (0, [(SIMILAR, "advice")])


def test_the_first_deck_has_one_question_to_rethink(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    assert checked(capsys) == (0, [(YES_NO, "advice")])


@pytest.mark.parametrize(
    "most", [pytest.param(10, id="between two cards"), pytest.param(25, id="between two checks")]
)
def test_advice_that_nobody_wants_is_given_up(here: Path, most: int) -> None:
    cards = "".join(card(f"What is {number}?") for number in range(20))
    (here / "cards.md").write_text(cards, encoding="utf-8")
    workspace = read_workspace([here])
    notes = compile_deck(workspace.project, 1).notes
    asked: list[int] = []

    def is_wanted() -> bool:
        asked.append(1)
        return len(asked) < most

    with pytest.raises(NotWantedError):
        project_lint.advice(notes, workspace, is_wanted)
    assert len(asked) == most
