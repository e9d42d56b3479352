"""Questions without an answer: those that nobody has are left out, those that learners have stop
the build.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ankipress.build.compilation import CompiledProject, compile_project
from ankipress.cli.main import run
from ankipress.diagnostics import Severity, has_errors
from ankipress.model import State
from ankipress.render.placeholders import placeholder
from author import lock_of

ANSWERED = "## What is a tensor?\n\nA regular array of numbers.\n"
BARE = "## What is a loss?\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(*cards: str, settings: str = "") -> None:
    Path("ankipress.toml").write_text(settings, encoding="utf-8")
    Path("cards.md").write_text("# Deck\n\n" + "\n".join(cards), encoding="utf-8")


def compiled() -> CompiledProject:
    return compile_project([])


def codes(built: CompiledProject) -> list[tuple[str, int]]:
    return [(each.code, each.location.line) for each in built.diagnostics]


def questions(built: CompiledProject) -> list[str]:
    return [each.question for each in built.compiled.notes]


def guids() -> dict[str, str]:
    """Of the active notes of the lock, by their questions."""
    return {each.question: each.guid for each in lock_of(Path()).active}


# A card that was never packed


@pytest.mark.parametrize(
    "card",
    [
        pytest.param("## What is a loss?\n", id="nothing"),
        pytest.param("## What is a loss?\n\n<!-- to do -->\n", id="a comment"),
        pytest.param("## What is a loss?\n\n### Hint\n\nA number.\n", id="a hint alone"),
        pytest.param("## What is a loss? {#loss reverse}\n", id="an id"),
        pytest.param("## What is a loss?\n\nComing soon!\n", id="a promise"),
        pytest.param("## What is a loss?\n\n*TODO*\n\n---\n", id="a mark above a rule"),
    ],
)
def test_a_new_card_without_an_answer_is_left_out(card: str) -> None:
    write(ANSWERED, card)
    built = compiled()
    [problem] = [each for each in built.diagnostics if each.code == "empty-answer"]
    assert problem.severity is Severity.WARNING
    assert questions(built) == ["What is a tensor?"]
    assert len(built.compiled.package.notes) == 1
    assert built.compiled.unanswered == 1
    assert not has_errors(built.diagnostics)


@pytest.mark.parametrize(
    ("card", "line", "words"),
    [
        pytest.param("## What is *it*? {#it}", 7, "## What is *it*? {#it}", id="nothing"),
        pytest.param("## What?\n\n  *TODO*", 9, "*TODO*", id="indented"),
        pytest.param("## What?\n\nIt is `a`:\n\n---\n\nTBD", 13, "TBD", id="below a rule"),
        pytest.param(
            "## What?\n\n[↑ to top](#deck)", 9, "[↑ to top](#deck)", id="a link to the top"
        ),
    ],
)
def test_it_is_named_where_it_stands(card: str, line: int, words: str) -> None:
    write(ANSWERED, card)
    [problem] = compiled().diagnostics
    place = problem.location
    written = Path("cards.md").read_text(encoding="utf-8").split("\n")[line - 1]
    assert place.line == line
    assert written[place.column - 1 : place.column - 1 + place.width] == words


def test_a_build_says_how_many_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    write(BARE, ANSWERED, "## What is a batch?\n\nTBD\n")
    assert run(["build"]) == 0
    said = capsys.readouterr()
    assert "1 note (1 new, 0 changed, 0 retired), 2 without an answer left out" in said.out
    assert "cards.md:3:1: warning[empty-answer]" in said.err
    assert '"TBD" is no answer yet, so this card is left out' in said.err
    assert guids().keys() == {"What is a tensor?"}


def test_the_next_build_and_a_locked_one_agree() -> None:
    write(BARE, ANSWERED, "## What is a batch?\n", "## What is an epoch?\n\nA pass.\n")
    assert run(["build"]) == 0
    lock = Path("ankipress.lock").read_bytes()
    assert run(["build", "--locked"]) == 0
    assert run(["build"]) == 0
    assert run(["check"]) == 0
    assert Path("ankipress.lock").read_bytes() == lock


def test_the_note_after_it_follows_the_one_before_it() -> None:
    write(ANSWERED, BARE, "## What is an epoch?\n\nA pass.\n")
    assert run(["build"]) == 0
    known = guids()
    [epoch] = [each for each in lock_of(Path()).records if each.question == "What is an epoch?"]
    assert epoch.after == known["What is a tensor?"]


def test_it_is_a_new_note_when_its_answer_comes() -> None:
    write(ANSWERED, BARE)
    assert run(["build"]) == 0
    known = guids()
    write(ANSWERED, BARE + "\nA number.\n")
    assert run(["build"]) == 0
    assert known.items() < guids().items()
    assert len(guids()) == 2


def test_severity_makes_an_error_of_it_or_nothing() -> None:
    write(ANSWERED, BARE, settings='[severity]\nempty-answer = "error"\n')
    assert has_errors(compiled().diagnostics)
    write(ANSWERED, BARE, settings='[severity]\nempty-answer = "off"\n')
    built = compiled()
    assert built.diagnostics == ()
    assert built.compiled.unanswered == 1


def test_a_row_without_an_answer_is_left_out_alone() -> None:
    table = "| English | German |\n|---|---|\n| bank | das Ufer |\n| money |  |\n| TODO | TODO |\n"
    write(f"## What is it in German? {{kind=rows}}\n\n{table}")
    built = compiled()
    assert questions(built) == ["bank", "TODO"]
    assert codes(built) == [("empty-answer", 8)]


@pytest.mark.parametrize("number", [1, 3])
def test_questions_alone_are_one_error_and_no_deck(number: int) -> None:
    write(*[f"## What is {each}?\n" for each in range(number)])
    [problem] = compiled().diagnostics
    assert (problem.code, problem.location.line) == ("no-cards", 3)
    assert problem.severity is Severity.ERROR
    assert "empty_answers" in problem.help
    assert run(["build"]) == 1
    assert not Path("ankipress.lock").exists()


def test_questions_alone_are_a_deck_where_the_settings_allow_it() -> None:
    write(BARE, "## What is a batch?\n\nTODO\n", settings='empty_answers = "allow"\n')
    built = compiled()
    assert built.diagnostics == ()
    assert questions(built) == ["What is a loss?", "What is a batch?"]


@pytest.mark.parametrize("value", ["true", "false", '"drop"'])
def test_other_values_of_the_setting_are_errors(value: str) -> None:
    write(ANSWERED, settings=f"empty_answers = {value}\n")
    assert "bad-settings" in dict(codes(compiled()))


# A card that learners have


@pytest.mark.parametrize(
    "card",
    [
        pytest.param("## What is a loss?\n", id="deleted"),
        pytest.param("## What is a loss?\n\nTODO\n", id="a mark in its place"),
        pytest.param("## What is a loss? {#loss}\n", id="with an id"),
        pytest.param("## What is a loss, then?\n", id="reworded too"),
    ],
)
def test_a_published_card_that_lost_its_answer_stops_the_build(card: str) -> None:
    published = "## What is a loss?\n\nA number that says how wrong a model is.\n"
    write(ANSWERED, published)
    assert run(["build"]) == 0
    lock = Path("ankipress.lock").read_bytes()
    write(ANSWERED, card)
    built = compiled()
    assert [each for each, _ in codes(built)] == ["lost-answer"]
    assert questions(built)[0] == "What is a tensor?"
    assert built.compiled.stamped.retired == frozenset()
    assert run(["build"]) == 1
    assert run(["check", "--contribution"]) == 1
    assert Path("ankipress.lock").read_bytes() == lock


def test_a_draft_retires_its_note_as_ever() -> None:
    write(ANSWERED, "## What is a loss?\n\nA number.\n")
    assert run(["build"]) == 0
    write(ANSWERED, "## What is a loss? {draft}\n")
    assert run(["build"]) == 0
    write(ANSWERED, "## What is a loss?\n")
    assert run(["build"]) == 0  # it is retired already, and stays so
    states = {each.question: each.state for each in lock_of(Path()).records}
    assert states["What is a loss?"] is State.RETIRED


def test_words_that_were_published_as_an_answer_stay_one() -> None:
    write(ANSWERED, "## Which mark is it?\n\nTODO\n", settings='empty_answers = "allow"\n')
    assert run(["build"]) == 0
    lock = Path("ankipress.lock").read_bytes()
    write(ANSWERED, "## Which mark is it?\n\nTODO\n")
    assert run(["build"]) == 0
    assert Path("ankipress.lock").read_bytes() == lock


def test_questions_that_were_published_alone_stop_a_build_that_forbids_them() -> None:
    write(ANSWERED, BARE, settings='empty_answers = "allow"\n')
    assert run(["build"]) == 0
    write(ANSWERED, BARE)
    assert codes(compiled()) == [("lost-answer", 7)]


# What it must not take


def test_a_stub_takes_no_retired_note() -> None:
    old = "## What is the loss of a model?\n\nA number.\n"
    write(ANSWERED, old)
    assert run(["build"]) == 0
    write(ANSWERED)
    assert run(["build"]) == 0
    write(ANSWERED, "## What is the loss of one model?\n")
    built = compiled()
    assert codes(built) == [("empty-answer", 7)]
    assert run(["build"]) == 0
    known = guids()
    assert len(known) == 1
    write(ANSWERED, old, "## What is the loss of one model?\n")
    assert run(["build"]) == 0
    assert len(guids()) == 2


def test_an_empty_twin_takes_no_note_from_its_answered_one() -> None:
    write("## What is a loss?\n\nA number.\n", ANSWERED)
    assert run(["build"]) == 0
    known = guids()
    write(BARE, ANSWERED, "## What is a loss?\n\nA number that was reworded a lot.\n")
    built = compiled()
    assert codes(built) == [("empty-answer", 3)]
    assert {each.question: each.guid for each in built.compiled.notes} == known


def test_each_of_two_empty_twins_may_be_the_note_that_lost_its_answer() -> None:
    write("## What is a loss?\n\nA number.\n", ANSWERED)
    assert run(["build"]) == 0
    write(BARE, ANSWERED, BARE)
    found = codes(compiled())
    assert [each for each in found if each[0] == "lost-answer"] == [
        ("lost-answer", 3),
        ("lost-answer", 9),
    ]


def test_a_new_card_takes_no_note_from_one_that_lost_its_answer() -> None:
    write(ANSWERED, "## What is a loss?\n\nA number.\n")
    assert run(["build"]) == 0
    write(ANSWERED, "## What is a loss, in short?\n\nA number.\n", BARE)
    built = compiled()
    assert codes(built) == [("lost-answer", 11)]
    assert [each.record is None for each in built.compiled.notes] == [False, True, False]


# Words that stand for an answer


@pytest.mark.parametrize(
    ("html", "words"),
    [
        pytest.param("<p>TODO</p>", "TODO", id="TODO"),
        pytest.param("<p><em>ToDo</em></p>", "ToDo", id="emphasis"),
        pytest.param("<p>T<b>BD</b>.</p>", "TBD.", id="a part in bold"),
        pytest.param("<p>(Coming soon...)</p>", "(Coming soon...)", id="brackets"),
        pytest.param("<p>Answer here</p>", "Answer here", id="a template"),
        pytest.param("<p><strong>Answer:</strong></p>", "Answer:", id="a label"),
        pytest.param("<p>答案：</p>", "答案：", id="a label in Chinese"),
        pytest.param("<p>…</p>", "…", id="an ellipsis"),
        pytest.param("<p>...</p>", "...", id="dots"),
        pytest.param("<p>待补充</p>", "待补充", id="Chinese"),
        pytest.param("<p>작성 중</p>", "작성 중", id="Korean"),
        pytest.param("<p>Folgt in Kürze</p>", "Folgt in Kürze", id="German"),
        pytest.param(
            '<p>TODO</p>\n<p><a href="#top">↥ back to top</a></p>', "TODO", id="a link to the top"
        ),
        pytest.param(
            '<div align="right"><b><a href="#a">⬆ Back to Top</a></b></div>', "", id="only a link"
        ),
        pytest.param("<p><code>TODO</code></p>", None, id="code"),
        pytest.param("<p>TODO lists are lists.</p>", None, id="a sentence"),
        pytest.param("<p>Answer</p>", None, id="a word"),
        pytest.param("<p>réponse</p>", None, id="a word of a language"),
        pytest.param("<p>-1</p>", None, id="a number"),
        pytest.param("<p>-</p>", None, id="a dash"),
        pytest.param("<p>?</p>", None, id="a question mark"),
        pytest.param("<p>No</p>", None, id="no"),
        pytest.param('<p>TODO <img src="a.png"></p>', None, id="a picture"),
        pytest.param('<p><a href="#a">See there</a></p>', None, id="another link"),
        pytest.param('<p><a href="https://a.org">TODO</a> and more</p>', None, id="a text"),
        pytest.param("<ul><li>TODO</li></ul>", None, id="a list"),
        pytest.param("<p>" + "TODO " * 100 + "</p>", None, id="a long text"),
    ],
)
def test_only_an_answer_that_is_nothing_else_stands_for_one(html: str, words: str | None) -> None:
    assert placeholder(html) == words
