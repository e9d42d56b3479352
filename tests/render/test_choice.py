"""Multiple choice as people write it: where the options stand, and what names the right one."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.diagnostics import Diagnostic
from ankipress.model import Entry, Source
from ankipress.project.settings import ExtensionSetting, Settings
from ankipress.render.fields import RenderedEntry, Renderer
from ankipress.syntax.choice_reading import read_choice
from ankipress.syntax.entry_trees import EntryTrees
from parsing import parse

LIST = "- A. One\n- B. Two\n- C. Three\n"
PLAIN = "- One\n- Two\n- Three\n"
ITEM = re.compile(r'<li(?: class="right")?><input type="checkbox"( checked="")? disabled=""> ')


def card(
    body: str, heading: str = "Q", extensions: Sequence[ExtensionSetting] = ()
) -> tuple[Entry, RenderedEntry, tuple[Diagnostic, ...]]:
    """A card of a project in which `choice` is the kind by default."""
    text = f"## {heading}\n\n{body}\n"
    parsed = parse([Source("cards.md", text)], Settings(kind="choice"))
    [entry] = parsed.entries
    rendered = Renderer(extensions, {}).render(EntryTrees(entry))
    return entry, rendered, parsed.diagnostics


def read(body: str) -> tuple[list[str], str]:
    """The options of the front, those that are right in brackets, and what stands below them on
    the back.
    """
    entry, rendered, problems = card(body)
    assert (entry.kind, problems, rendered.problems) == ("choice", (), ())
    asked = ITEM.sub("- ", rendered.fields["Front"])
    assert " checked" not in rendered.fields["Front"]
    answered, _, below = rendered.fields["Back"].partition("</ul>")
    if not below and "</ol>" in answered:
        answered, _, below = answered.partition("</ol>")
    right = [found[1] is not None for found in ITEM.finditer(answered)]
    options = re.findall(r"<li>?- (.*?)</li>", asked, re.DOTALL) or re.findall(
        r"- (.*?)</li>", asked, re.DOTALL
    )
    assert len(options) == len(right)
    marked = [f"[{each}]" if is_so else each for each, is_so in zip(options, right, strict=True)]
    return marked, below


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param(LIST, ["A. One", "[B. Two]", "C. Three"], id="a list"),
        pytest.param(PLAIN, ["One", "[Two]", "Three"], id="a list without letters"),
        pytest.param("1. One\n2. Two\n", ["One", "[Two]"], id="numbers"),
        pytest.param("- [ ] A. One\n- [ ] B. Two\n", ["A. One", "[B. Two]"], id="empty boxes"),
        pytest.param("A. One\nB. Two\n", ["A. One", "[B. Two]"], id="lines"),
        pytest.param("A. One  \nB. Two  \n", ["A. One", "[B. Two]"], id="two spaces"),
        pytest.param("A. One\\\nB. Two\n", ["A. One", "[B. Two]"], id="ends of lines"),
        pytest.param("A. One<br>\nB. Two<br/>\n", ["A. One", "[B. Two]"], id="tags"),
        pytest.param("A) One\n\nB) Two\n", ["A) One", "[B) Two]"], id="paragraphs"),
        pytest.param("(A) One\n(B) Two\n", ["(A) One", "[(B) Two]"], id="brackets"),
        pytest.param("a. One\nb. Two\n", ["a. One", "[b. Two]"], id="small letters"),
        pytest.param("A: One\nB: `b: c`\n", ["A: One", "[B: <code>b: c</code>]"], id="colons"),
        pytest.param("A - One\nB - Two\n", ["A - One", "[B - Two]"], id="dashes"),
        pytest.param("A、一\nB、二\n", ["A、一", "[B、二]"], id="Chinese marks"),
        pytest.param("A.一\nB.二\n", ["A.一", "[B.二]"], id="no space"),
        pytest.param(
            "**A.** One\n**B.** Two\n",
            ["<strong>A.</strong> One", "[<strong>B.</strong> Two]"],
            id="bold letters",
        ),
        pytest.param(
            "A. One\nmore\nB. Two\nmore\n", ["A. One\nmore", "[B. Two\nmore]"], id="long options"
        ),
        pytest.param(
            "A.\n\n    x\n\nB.\n\n    y\n",
            [
                '<p>A.</p>\n<pre class="highlight"><code>x\n</code></pre>',
                '[<p>B.</p>\n<pre class="highlight"><code>y\n</code></pre>]',
            ],
            id="code",
        ),
    ],
)
def test_options_are_read_as_people_write_them(options: str, expected: list[str]) -> None:
    assert read(f"{options}\nAnswer: B") == (expected, "")


@pytest.mark.parametrize("blank", ["", "\n"])
@pytest.mark.parametrize(
    "answer",
    [
        "Answer: B",
        "answer: b",
        "**Answer: B**",
        "**Answer:** B",
        "**Answer**: `B`",
        "__Correct answer__: (B)",
        "Correct Answer: B.",
        "The correct answer is B.",
        "The correct answer is option B",
        "Ans - (b)",
        "Ans. B",
        "Answer B",
        "Answer = B",
        "Answer: B. Two",
        "Answer: (B) Two",
        "Answer: Two",
        "*Answer: [B]*",
        "✅ Answer: B",
        "Answer: B ✅",
        "Answer: ✅ B",
        "Correct option: (b) Two",
        "Right answer: B",
        "Solution: B",
        "Antwort: B",
        "Lösung: b)",
        "Richtige Antwort: B",
        "Réponse : B",
        "Bonne réponse : b",
        "Respuesta correcta: B",
        "Resposta: B",
        "Gabarito: B",
        "Risposta: B",
        "Odpowiedź: B",
        "Ответ: B",
        "Cevap: B",
        "Đáp án: B",
        "答案：B",
        "正确答案是B",
        "答案 B",
        "正解：B",
        "정답: B",
        "उत्तर: B",
        "الإجابة: B",
    ],
)
def test_a_line_names_the_answer_and_is_not_shown(answer: str, blank: str) -> None:
    """Without an empty line above it, GitHub takes it for a line of the last option."""
    assert read(f"{LIST}{blank}{answer}") == (["A. One", "[B. Two]", "C. Three"], "")


@pytest.mark.parametrize(
    "answer",
    [
        "#### Answer: B",
        "#### Answer\n\nB",
        "**Answer**\n\nB",
        "Answer:\nB",
        "Answer:\n\nB. Two",
        "Answer:\n\n- B",
        "> Answer: B",
        "<details><summary>Answer: B</summary></details>",
        "<details><summary>Answer</summary>B</details>",
        "<details><summary>Answer</summary> B </details>",
        "<details>\n<summary>Show</summary>\nB\n</details>",
        "<details>\n<summary>Show</summary>\n\nB\n\n</details>",
        "<details><summary>Show</summary>\n\nTwo\n\n</details>",
        "<details markdown=1><summary markdown='span'>A</summary>\n  Answer: B\n</details>",
        "<details><summary><b>Answer</b></summary>\n<p>\n\n#### Answer: B\n\n</p>\n</details>",
        "<details><summary>Q</summary>\n\n<details>\n\nAnswer: B\n\n</details>\n\n</details>",
        "<details><summary>A</summary>\n\nB\n\n</details>",
        "<details><summary>Answer</summary>\n\n**B) Two**\n\n</details>",
    ],
)
def test_an_answer_may_be_a_block_of_its_own(answer: str) -> None:
    assert read(f"{LIST}\n{answer}") == (["A. One", "[B. Two]", "C. Three"], "")


@pytest.mark.parametrize(
    "answer",
    [
        "Correct answers: A, C",
        "Answer: A,C",
        "Answer: A and C",
        "Answer: A & C",
        "Answer: C / A",
        "Answer: AC",
        "Answer: Ac",
        "Answer: (A) (C)",
        "Answer: A C",
        "答案：A、C",
        "答案：AC",
        "Answer: A. One, C. Three",
        "Answer: A. One and C. Three",
        "Answers:\n\n- A\n- C",
        "Answers:\n\n- A. One\n- C. Three",
    ],
)
def test_several_options_may_be_right(answer: str) -> None:
    assert read(f"{LIST}\n{answer}") == (["[A. One]", "B. Two", "[C. Three]"], "")


@pytest.mark.parametrize(
    ("body", "options", "below"),
    [
        pytest.param("- 1\n- 2\n- 4\n\nAnswer: 2", ["1", "[2]", "4"], "", id="its words"),
        pytest.param("- 4\n- 2\n- 1\n\nAnswer: 1", ["4", "2", "[1]"], "", id="words come first"),
        pytest.param("1. 4\n2. 2\n\nAnswer: 1)", ["[4]", "2"], "", id="its number"),
        pytest.param("3. a\n4. b\n\nAnswer: 4", ["a", "[b]"], "", id="a list from three"),
        pytest.param("A. A\nB. B\nC. AB\n\nAnswer: AB", ["A. A", "B. B", "[C. AB]"], "", id="AB"),
        pytest.param("A. B\nB. A\n\nAnswer: A", ["[A. B]", "B. A"], "", id="letters come first"),
        pytest.param("ㄱ. x\nㄴ. y\n\n답: ㄴ", ["ㄱ. x", "[ㄴ. y]"], "", id="Korean letters"),
        pytest.param("A. 对\nB. 错\n\n答案：错", ["A. 对", "[B. 错]"], "", id="Chinese words"),
        pytest.param(
            f"{LIST}\n<details><summary>A</summary>\n\nB is correct: two.\n\n</details>",
            ["A. One", "[B. Two]", "C. Three"],
            "<p>B is correct: two.</p>",
            id="is correct",
        ),
        pytest.param("А) Раз\nБ) Два\n\nОтвет: Б", ["А) Раз", "[Б) Два]"], "", id="Cyrillic"),
        pytest.param("① x\n② y\n\n답: ②", ["① x", "[② y]"], "", id="circles"),
        pytest.param("- One\n- **Two**", ["One", "[Two]"], "", id="bold"),
        pytest.param("- A. One\n- **B. Two**", ["A. One", "[B. Two]"], "", id="bold with letter"),
        pytest.param("- A. One\n- B. **Two**.", ["A. One", "[B. Two.]"], "", id="bold words"),
        pytest.param("A. One\n**B. Two**\n", ["A. One", "[B. Two]"], "", id="a bold line"),
        pytest.param(
            f"{LIST}\nAnswer: B\n\nSince *two*.",
            ["A. One", "[B. Two]", "C. Three"],
            "<p>Since <em>two</em>.</p>",
            id="an explanation",
        ),
        pytest.param(
            f"{LIST}\nAnswer: B\nSince two.",
            ["A. One", "[B. Two]", "C. Three"],
            "<p>Answer: B\nSince two.</p>",
            id="an explanation in one paragraph",
        ),
        pytest.param(
            f"{LIST}\nAnswer: B, since two is two.",
            ["A. One", "[B. Two]", "C. Three"],
            "<p>Answer: B, since two is two.</p>",
            id="an explanation in one line",
        ),
        pytest.param(
            f"{LIST}\n<details><summary>Answer</summary>\n\nB\n\n- So.\n\n</details>\n\nEnd.",
            ["A. One", "[B. Two]", "C. Three"],
            "<ul>\n<li>So.</li>\n</ul><p>End.</p>",
            id="unwrapped",
        ),
        pytest.param(
            f"{LIST}\n<details><summary>Answer</summary>\nB<br>Since two.\n</details>",
            ["A. One", "[B. Two]", "C. Three"],
            "<div>                             \nB<br>Since two.\n</div>",
            id="unwrapped from one block",
        ),
        pytest.param(
            f"{LIST}\nAnswer: B\n\n<details><summary>Why</summary>\n\nTwo.\n\n</details>",
            ["A. One", "[B. Two]", "C. Three"],
            "<details><summary>Why</summary>\n<p>Two.</p>\n</details>",
            id="what holds no answer stays",
        ),
        pytest.param(
            "Given\n\n- x\n- y\n\n* One\n* Two\n\nAnswer: B\n\n- z\n- w",
            ["One", "[Two]"],
            "<ul>\n<li>z</li>\n<li>w</li>\n</ul>",
            id="the list above the answer",
        ),
        pytest.param(
            "Given\n\n- A. x\n- B. y\n\nWhich?\n\nA. One\nB. Two\n\nAnswer: B\n\nA. no\nB. yes",
            ["A. One", "[B. Two]"],
            "<p>A. no\nB. yes</p>",
            id="the letters above the answer",
        ),
        pytest.param(
            "- [x] A\n\n```\nx\n```\n\n- [ ] B\n\n```\ny\n```\n\nEnd.",
            [
                '[<p>A</p>\n<pre class="highlight"><code>x\n</code></pre>]',
                '<p>B</p>\n<pre class="highlight"><code>y\n</code></pre>',
            ],
            "<p>End.</p>",
            id="tasks with code between them",
        ),
    ],
)
def test_what_is_right_and_what_is_left(body: str, options: list[str], below: str) -> None:
    assert read(body) == (options, below)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("A regular answer.", id="text"),
        pytest.param("- Encoder\n- Decoder", id="a list"),
        pytest.param("- **Encoder**: one\n- **Decoder**: two", id="a list of terms"),
        pytest.param("- **One**\n- **Two**", id="all bold"),
        pytest.param("Answer: B", id="no options"),
        pytest.param("- One\n- Two\n\nAnswer: A closure is a function.", id="a word, no letter"),
        pytest.param("- One\n- Two\n\nAnswers vary.", id="a sentence"),
        pytest.param("> - A. One\n> - B. Two\n>\n> Answer: B", id="a quote"),
        pytest.param("```\nA. One\nB. Two\n\nAnswer: B\n```", id="code"),
        pytest.param("<!--\n- A. One\n- B. Two\n\nAnswer: B\n-->\n\nText", id="a comment"),
        pytest.param("- One\n- Two\n\n```\nAnswer: B\n```", id="an answer in code"),
        pytest.param("Answer: B\n\n- One\n- Two", id="an answer above the list"),
    ],
)
def test_a_card_without_options_or_answer_is_basic_by_default(body: str) -> None:
    entry, rendered, problems = card(body)
    assert (entry.kind, entry.attributes.kind, problems) == ("basic", None, ())
    assert "choices" not in rendered.fields["Back"]


@pytest.mark.parametrize(
    ("body", "width"),
    [
        ("- A. One\n- B. Two", 8),
        ("- [ ] One\n- [ ] Two", 9),
        ("A. One\nB. Two\n\nIt depends.", 6),
        ("- [x] One", 9),
        ("- [x] One\n- Two", 9),
    ],
)
def test_options_without_an_answer_are_a_warning_by_default(body: str, width: int) -> None:
    entry, _, [problem] = card(body)
    place = problem.location
    assert (entry.kind, problem.code) == ("basic", "options-without-answer")
    assert (place.line, place.column, place.width) == (3, 1, width)


@pytest.mark.parametrize(
    "answer", ["答案：略", "Answer: B. Two, but also C. Three", "Answer: A closure.", "Answer: ?"]
)
def test_what_may_mean_something_else_names_no_answer(answer: str) -> None:
    entry, rendered, [problem] = card(f"{LIST}\n{answer}")
    assert (entry.kind, problem.code) == ("basic", "options-without-answer")
    assert rendered.problems == ()


@pytest.mark.parametrize("heading", ["Q", "Q {kind=choice}"])
@pytest.mark.parametrize(
    ("body", "line", "column"),
    [
        (f"{LIST}\nAnswer: D", 7, 9),
        (f"{LIST}\n**Answer:** `D`", 7, 14),
        (f"{LIST}\nCorrect answers: A, F", 7, 21),
        (f"{LIST}\n<details><summary>Answer</summary>\n  Answer: E\n</details>", 8, 11),
        ("- A. One\n- A. Two\n\nAnswer: A", 6, 9),
        ("- B. One\n- C. Two\n\nAnswer: A", 6, 9),
    ],
)
def test_a_letter_that_no_option_has_is_an_error(
    heading: str, body: str, line: int, column: int
) -> None:
    _, rendered, _ = card(body, heading)
    [problem] = rendered.problems
    place = problem.location
    assert (problem.code, place.line, place.column) == ("bad-choices", line, column)
    assert place.width == 1


def test_the_options_above_a_rule_are_the_question_and_the_answer_stands_below_it() -> None:
    front = "Look.\n\nA. One\nB. Two\n\nChoose."
    _, rendered, _ = card(f"{front}\n\n---\n\nAnswer: B\n\nSince.")
    box = '<input type="checkbox" disabled="">'
    asked = f'<ul class="choices"><li>{box} A. One</li><li>{box} B. Two</li></ul>'
    assert rendered.fields["Front"] == f"<p>Q</p><p>Look.</p>{asked}<p>Choose.</p>"
    assert rendered.fields["Back"].endswith("B. Two</li></ul><p>Since.</p>")


def test_an_answer_above_a_rule_is_not_on_the_front() -> None:
    _, rendered, _ = card(f"{LIST}\nAnswer: B\n\n---\n\nSince.")
    assert rendered.fields["Front"].endswith("C. Three</li></ul>")
    assert rendered.fields["Back"].endswith("</ul><p>Since.</p>")


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("Answer: B ![two](media/two.png)", "<img"),
        ("Answer: B <img src='media/two.png'>", "<img"),
        ("> Answer: B\n>\n> ```\n> x\n> ```", "<code>"),
        ("Answer: B[^1]\n\n[^1]: Since two.", "Since two."),
        ("<details><summary>A</summary>Answer: B <img src='media/two.png'></details>", "<img"),
        ("<details><summary>A</summary>\n\nAnswer: B\n\n<img src='a.png'></details>", "<img"),
        ("<details><summary>A</summary>\n<img src='a.png'>\n\nAnswer: B\n\n</details>", "<img"),
        ("<details><summary>A</summary>\nWhy.\n\nAnswer: B\n\n</details>", "Why."),
    ],
)
def test_nothing_but_words_that_name_the_answer_is_left_out(answer: str, shown: str) -> None:
    entry, rendered, _ = card(f"{LIST}\n{answer}")
    assert entry.kind == "choice"
    assert shown in rendered.fields["Back"]
    assert "<details" not in rendered.fields["Back"]


@pytest.mark.parametrize(
    "body",
    [
        f"{LIST}\nAnswer: B\n\n#### Why\n\nTwo.",
        f"{LIST}\nAnswer: B\n\n> Two.",
        f"{LIST}\nAnswer: B\n\n1. Two.",
        "- [x] A\n- [ ] B\n\n> Two.",
        "A. `a`  \nB. *b*\n\n<details><summary>A</summary>\nB<br>So.</details>",
        "- a\n- **b**",
    ],
)
def test_extensions_of_markdown_make_no_difference(body: str) -> None:
    plain = card(body)[1].fields
    assert card(body, extensions=[ExtensionSetting("attr_list")])[1].fields == plain


def test_a_problem_in_unwrapped_details_keeps_its_place() -> None:
    body = "<details><summary>A</summary>\nAnswer: B <form>x</form>\n</details>"
    _, rendered, _ = card(f"{LIST}\n{body}")
    [problem] = rendered.problems
    place = problem.location
    assert (problem.code, place.line, place.column) == ("dropped-html", 8, 11)


def test_details_that_nobody_closed_are_unwrapped() -> None:
    _, rendered, [problem] = card(f"{LIST}\n<details><summary>Answer</summary>\n\nB\n\nWhy.")
    assert problem.code == "unclosed-html"
    assert rendered.fields["Back"].endswith("C. Three</li></ul><p>Why.</p>")


@pytest.mark.parametrize(
    ("before", "piece", "after"),
    [
        ("", "- x\n- y\n\ntext\n\n", "Answer: B"),
        ("", "A. x\n", "\nAnswer: B"),
        ("", "A. x\nB. y\n", "\nAnswer: none"),
        ("", "A. x\n\nB. y\n\n", "Answer: none"),
        ("", "- [x] a\n\n```\nb\n```\n\n", ""),
        (f"{LIST}\n", "Answer: Z z z\n\n", ""),
        (f"{LIST}\nAnswer: ", "a  b ", "!x"),
        (f"{LIST}\nAnswer ", ": - ", "B"),
        (f"{LIST}\n<details>", "<summary>\n", ""),
        (f"{LIST}\n", "<details>\n\n", "Answer: B"),
        ("", "- A. x\n- B. y\n\n1. z\n", ""),
    ],
)
def test_twice_the_text_takes_twice_the_work(before: str, piece: str, after: str) -> None:
    few, many = (calls(before + piece * (size // len(piece)) + after) for size in (4_000, 16_000))
    assert many < 6 * few + 2_000


def calls(body: str) -> int:
    """How many functions are called to read a choice."""
    parsed = parse([Source("cards.md", f"## Q {{kind=choice}}\n\n{body}\n")], Settings())
    trees = EntryTrees(parsed.entries[0])
    count = 0

    def see(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(see)
    try:
        read_choice(trees)
    finally:
        sys.setprofile(None)
    return count


BLOCKS = (
    "W",
    "A. W\nB. W",
    "A. W\n\nB. W",
    "W\nA. W\nB. W\nC. W\nAnswer: B",
    "- A. W\n- B. W",
    "- W\n- **W**\n- W",
    "1. W\n2. W",
    "- [ ] W\n- [x] W",
    "- [ ] W",
    "- A. W\n- B. W\nAnswer: A\nW",
    "```\nW\n```",
    "> W\n>\n> Answer: A. W",
    "#### W",
    "---",
    "Answer: B",
    "Answer: B. W",
    "**Answer**: A, C",
    "Answer:\n\nA",
    "<details><summary>Answer</summary>\n\nB\n\nW\n\n</details>",
    "<details><summary>Answer</summary>\nB<br>W\n</details>",
    "<details>\n\nW\n\n#### Answer: A\n\nW\n\n</details>\n\nW",
    "<!-- c -->",
    "| W | W |\n|---|---|\n| W | Answer: A |",
)


@given(st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=6))
def test_every_word_of_a_choice_is_on_the_card(chosen: list[str]) -> None:
    words: list[str] = []
    text = ""
    for piece in re.split("(W)", "\n\n".join(chosen)):
        if piece == "W":
            words.append(f"w{len(words):02}")
            text += words[-1]
        else:
            text += piece
    parsed = parse([Source("cards.md", f"## Q\n\n{text}\n")], Settings(kind="choice"))
    [entry] = parsed.entries
    rendered = Renderer((), {}).render(EntryTrees(entry))
    shown = "".join(rendered.fields.values())
    assert [word for word in words if word not in shown] == []
