"""A later version, imported over an earlier one by the real Anki, changes what its author changed,
and no review.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from author import DAY, FIRST_RELEASE, Author, picture
from learner import AGAIN, EASY, GOOD, HARD, CardKey, ImportLog, Learner, Scheduling, StoredNote

SETTINGS = {"name": "story", "uid": "story-of-updates", "sources": ["cards.md"]}
SECOND_RELEASE = FIRST_RELEASE + 30 * DAY
THIRD_RELEASE = FIRST_RELEASE + 60 * DAY

# The cards of the story, each under a name for what happens to it.
FIRST_VERSION = {
    "kept": "## What is a tensor?\n\nAn array of numbers with any number of dimensions.",
    "answer edited": "## What does an optimizer do?\n\nIt updates the weights.",
    "typed, kept": "## Which function turns activations into probabilities? {typed}\n\nsoftmax",
    "tagged by the learner": "## What is an epoch?\n\nOne pass over all the training data.",
    "reversed, kept": "## Rectified linear unit {reverse}\n\n`max(x, 0)`",
    "reworded": "## What is a good learning rate to start from?\n\n"
    "One tenth of that with the lowest loss.",
    "cloze, kept": "## Loss\n\nThe loss is {{c1::low}} where the predictions are {{c2::good}}.",
    "removed, then back": "## What is a mini-batch?\n\nA few items whose gradients are averaged.",
    "never studied": "## Why are pictures augmented?\n\nSo that the model sees more variety.",
    "code edited": "## How is a batch shown?\n\n```python\ndls.show_batch()\n```",
    "picture": "## What does a dead neuron put out?\n\n![Black](dead.png)",
}
ADDED = {
    "added": "## What is transfer learning?\n\nTo start from a model that was trained on other "
    "data."
}
EDITS = {
    "answer edited": "## What does an optimizer do?\n\nIt updates the weights by their gradients.",
    "reworded": "## What is a good learning rate to start with?\n\n"
    "One tenth of that with the lowest loss.",
    "code edited": "## How is a batch shown?\n\n```python\ndls.show_batch(nrows=2)\n```",
}


def written(cards: Mapping[str, str]) -> str:
    return "# Story\n\n" + "\n\n".join(cards.values()) + "\n"


def without(cards: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: card for name, card in cards.items() if name not in names}


def turned_around(cards: Mapping[str, str]) -> dict[str, str]:
    return dict(reversed(list(cards.items())))


def studied(learner: Learner, names: Mapping[str, str]) -> None:
    """What a learner does in a few weeks: every sort of answer, a tag, a flag, a suspended card, a
    deck of their own.
    """
    for name, buttons in {
        "kept": [GOOD, GOOD, GOOD, AGAIN, GOOD],
        "answer edited": [EASY, HARD, GOOD],
        "typed, kept": [AGAIN],
        "tagged by the learner": [GOOD, GOOD],
        "reworded": [EASY, EASY, EASY],
        "cloze, kept": [EASY],
        "reversed, kept": [GOOD],
        "removed, then back": [EASY, GOOD],
        "code edited": [HARD],
        "picture": [EASY],
    }.items():
        for button in buttons:
            learner.answer(names[name], button)
    learner.answer(names["cloze, kept"], HARD, ord=1)
    learner.answer(names["reversed, kept"], EASY, ord=1)
    learner.suspend(names["cloze, kept"], ord=1)
    learner.flag(names["reworded"], 3)
    learner.move(names["picture"], "My own deck")
    learner.tag(names["tagged by the learner"], "difficult")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, and the collection after it."""

    log: ImportLog
    notes: Mapping[str, StoredNote]
    scheduling: Mapping[CardKey, Scheduling]


@dataclass(frozen=True, slots=True)
class Story:
    """Three versions in one collection; `names` are the guids of the cards by their names in this
    file.
    """

    names: Mapping[str, str]
    before: Imported
    second: Imported
    third: Imported
    learner: Learner

    def guids(self, *names: str) -> tuple[str, ...]:
        return tuple(sorted(self.names[name] for name in names))

    def others(self, *names: str) -> tuple[str, ...]:
        return tuple(sorted(guid for name, guid in self.names.items() if name not in names))


def imported(learner: Learner, package: Path) -> Imported:
    return Imported(learner.import_package(package), learner.notes(), learner.snapshot())


@dataclass(frozen=True, slots=True)
class Releases:
    """The packages of the three versions."""

    first: Path
    second: Path
    third: Path


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Releases:
    """The same deck, released three times in sixty days."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        author = Author(tmp_path_factory.mktemp("author"), monkeypatch, SETTINGS)
        author.write("dead.png", picture(0))
        author.write("cards.md", written(FIRST_VERSION))
        first = author.release("1.0.0", at=FIRST_RELEASE)

        author.settings["sources"] = ["chapters/*.md"]
        author.rename("cards.md", "chapters/neurons.md")
        author.rename("dead.png", "chapters/dead.png")
        edited = turned_around(without(FIRST_VERSION, "removed, then back") | ADDED | EDITS)
        author.write("chapters/neurons.md", written(edited))
        second = author.release("1.1.0", at=SECOND_RELEASE)

        author.write("chapters/dead.png", picture(1))
        author.write("chapters/neurons.md", written(FIRST_VERSION | ADDED | EDITS))
        return Releases(first, second, author.release("1.2.0", at=THIRD_RELEASE))


@pytest.fixture(scope="module")
def story(releases: Releases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Import, study, import, import."""
    with Learner(tmp_path_factory.mktemp("learner") / "collection") as learner:
        first = learner.import_package(releases.first)
        names = {name: learner.guid(first_words(card)) for name, card in FIRST_VERSION.items()}
        studied(learner, names)
        before = Imported(first, learner.notes(), learner.snapshot())
        second = imported(learner, releases.second)
        names["added"] = learner.guid(first_words(ADDED["added"]))
        yield Story(names, before, second, imported(learner, releases.third), learner)


def first_words(card: str) -> str:
    return card.partition("\n")[0].removeprefix("## ").partition(" {")[0]


class TestTheSecondVersion:
    def test_anki_updates_exactly_the_changed_notes_and_adds_one(self, story: Story) -> None:
        """Anki's own log: the rest it has already; none is conflicting, none is there twice."""
        changed = story.guids("answer edited", "reworded", "code edited")
        kept = story.others(
            "answer edited", "reworded", "code edited", "added", "removed, then back"
        )
        assert story.second.log == ImportLog(
            new=story.guids("added"), updated=changed, duplicate=kept
        )

    def test_every_review_and_due_date_is_as_before(self, story: Story) -> None:
        """Suspended, flagged and moved cards too, and those of the removed note."""
        assert {
            card: story.second.scheduling[card] for card in story.before.scheduling
        } == story.before.scheduling

    def test_the_story_has_reviews_that_could_be_lost(self, story: Story) -> None:
        """Cards that are new, in learning, in review and suspended."""
        scheduling = story.before.scheduling.values()
        assert sum(len(each.reviews) for each in scheduling) == 22
        # Between ten minutes to four and four, a step of learning ends on Anki's next day: queue 3
        # in place of 1.
        assert {1 if each.queue == 3 else each.queue for each in scheduling} == {-1, 0, 1, 2}

    def test_the_only_card_that_comes_is_that_of_the_added_note(self, story: Story) -> None:
        assert story.second.scheduling.keys() - story.before.scheduling.keys() == {
            (story.names["added"], 0)
        }

    @pytest.mark.parametrize(
        ("name", "field", "text"),
        [
            pytest.param(
                "answer edited", "Back", "It updates the weights by their gradients.", id="answer"
            ),
            pytest.param(
                "reworded", "Front", "What is a good learning rate to start with?", id="question"
            ),
            pytest.param("code edited", "Back", "dls.show_batch(nrows=2)", id="code"),
        ],
    )
    def test_an_edit_arrives(self, story: Story, name: str, field: str, text: str) -> None:
        assert story.learner.text(story.second.notes[story.names[name]].fields[field]) == text

    def test_every_other_note_is_untouched(self, story: Story) -> None:
        """With its fields, tags and time of change, which is what AnkiWeb syncs."""
        for guid in story.others("answer edited", "reworded", "code edited", "added"):
            assert story.second.notes[guid] == story.before.notes[guid]

    def test_the_learners_tag_stays(self, story: Story) -> None:
        assert story.second.notes[story.names["tagged by the learner"]].tags == ("difficult",)

    def test_the_learners_deck_stays(self, story: Story) -> None:
        assert story.third.scheduling[story.names["picture"], 0].deck == "My own deck"


class TestTheThirdVersion:
    def test_anki_updates_the_note_whose_picture_changed_alone(self, story: Story) -> None:
        """The card that came back is the one that this learner still has."""
        assert story.third.log == ImportLog(
            updated=story.guids("picture"), duplicate=story.others("picture")
        )

    def test_every_review_and_due_date_is_as_before(self, story: Story) -> None:
        assert story.third.scheduling == story.second.scheduling

    def test_the_card_shows_the_new_picture(self, story: Story) -> None:
        """Its file has another name, or Anki would go on showing the old one."""
        answer = story.learner.shown()[story.names["picture"], 0].answer
        shown = [
            content for name, content in story.learner.media().items() if f'src="{name}"' in answer
        ]
        assert shown == [picture(1)]

    def test_no_two_notes_have_the_same_question(self, story: Story) -> None:
        assert story.learner.collection.find_dupes("Front") == []
        assert story.learner.collection.find_dupes("Text") == []
        assert len(story.third.notes) == len(FIRST_VERSION) + len(ADDED)

    def test_no_card_has_a_template_error(self, story: Story) -> None:
        assert story.learner.template_errors() == []

    def test_anki_complains_of_nothing_but_the_old_picture(self, story: Story) -> None:
        """Which it keeps until the learner has unused media deleted."""
        old = next(name for name, content in story.learner.media().items() if content == picture(0))
        assert story.learner.complaints() == [f"unused media: {old}"]


class TestOtherLearners:
    def test_one_who_begins_with_the_second_version_gets_the_card_that_came_back_as_new(
        self, releases: Releases, tmp_path: Path
    ) -> None:
        with Learner(tmp_path / "learner") as learner:
            learner.import_package(releases.second)
            log = learner.import_package(releases.third)
            assert log.new == (learner.guid("What is a mini-batch?"),)
            assert log.updated == (learner.guid("What does a dead neuron put out?"),)
            assert log.conflicting == ()

    def test_one_who_skips_the_second_version_gets_all_of_its_changes(
        self, story: Story, releases: Releases, tmp_path: Path
    ) -> None:
        with Learner(tmp_path / "learner") as learner:
            learner.import_package(releases.first)
            studied(learner, story.names)
            before = learner.snapshot()
            log = learner.import_package(releases.third)
            changed = ("answer edited", "reworded", "code edited", "picture")
            kept = story.others(*changed, "added")
            assert log == ImportLog(
                new=story.guids("added"), updated=story.guids(*changed), duplicate=kept
            )
            after = learner.snapshot()
            assert {card: after[card] for card in before} == before

    def test_one_who_imports_an_older_version_keeps_the_newer_text(
        self, story: Story, releases: Releases, tmp_path: Path
    ) -> None:
        with Learner(tmp_path / "learner") as learner:
            learner.import_package(releases.third)
            before = learner.notes()
            log = learner.import_package(releases.first)
            assert log == ImportLog(duplicate=story.others("added"))
            assert learner.notes() == before


# What an author may do to the first version that changes no card, and so must update no note.
@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(lambda _: None, id="nothing but the version"),
        pytest.param(
            lambda author: author.write("cards.md", written(turned_around(FIRST_VERSION))),
            id="reorder",
        ),
        pytest.param(
            lambda author: (
                author.rename("cards.md", "one.md"),
                author.settings.update(sources=["one.md"]),
            ),
            id="rename the file",
        ),
        pytest.param(
            lambda author: (
                author.write("cards.md", written(dict(list(FIRST_VERSION.items())[:4]))),
                author.write("more.md", written(dict(list(FIRST_VERSION.items())[4:]))),
                author.settings.update(sources=["*.md"]),
            ),
            id="split the file",
        ),
        pytest.param(
            lambda author: author.write("cards.md", written(FIRST_VERSION).replace("\n", "\r\n")),
            id="line ends of Windows",
        ),
        pytest.param(
            lambda author: author.write(
                "cards.md", written(FIRST_VERSION).replace("\n\n## ", "\n\n<!-- to do -->\n\n\n## ")
            ),
            id="comments and blank lines",
        ),
        pytest.param(
            lambda author: author.settings.update(description="Now with a description."),
            id="the deck's description",
        ),
    ],
)
def test_a_release_that_changes_no_card_updates_no_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edit: Callable[[Author], object]
) -> None:
    """What an author does to the files is no business of the learner's."""
    author = Author(tmp_path / "author", monkeypatch, SETTINGS)
    author.write("dead.png", picture(0))
    author.write("cards.md", written(FIRST_VERSION))
    with Learner(tmp_path / "learner") as learner:
        first = learner.import_package(author.release("1.0.0", at=FIRST_RELEASE))
        before = learner.notes(), learner.snapshot(), learner.media()
        edit(author)
        second = learner.import_package(author.release("1.1.0", at=SECOND_RELEASE))
        assert second == ImportLog(duplicate=first.new)
        assert (learner.notes(), learner.snapshot(), learner.media()) == before


def test_the_same_package_again_changes_nothing(
    releases: Releases, story: Story, tmp_path: Path
) -> None:
    """Neither notes nor scheduling nor media."""
    with Learner(tmp_path / "learner") as learner:
        first = learner.import_package(releases.first)
        studied(learner, story.names)
        before = learner.notes(), learner.snapshot(), learner.media()
        assert learner.import_package(releases.first) == ImportLog(duplicate=first.new)
        assert (learner.notes(), learner.snapshot(), learner.media()) == before


# The one card of a deck before and after, and the ords of its cards after.
@pytest.mark.parametrize(
    ("before", "after", "ords"),
    [
        pytest.param("## Q\n\nA", "## Q {reverse}\n\nA", (0, 1), id="basic becomes reversed"),
        pytest.param("## Q\n\nA", "## Q {typed}\n\nA", (0,), id="basic becomes typed"),
        pytest.param(
            "## Q {typed}\n\nA", "## Q {reverse}\n\nA", (0, 1), id="typed becomes reversed"
        ),
        pytest.param(
            "## Q\n\n{{c1::A}} b",
            "## Q\n\n{{c1::A}} {{c2::b}}",
            (0, 1),
            id="cloze gains a deletion",
        ),
        pytest.param(
            "## Q\n\n{{c1::A}} b",
            "## Q\n\n{{c1::A}} {{c3::b}}",
            (0, 2),
            id="cloze gains a deletion of another number",
        ),
        pytest.param("## Q\n\nA", "## Q {.tag}\n\nA", (0,), id="gains a tag"),
        pytest.param("## Q\n\nA", "## Q\n\nA\n\n### Hint\n\nH", (0,), id="gains a hint"),
    ],
)
def test_a_card_that_is_there_keeps_its_reviews_when_its_note_gains_something(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str, ords: tuple[int, ...]
) -> None:
    """The note stays the same and of the same note type, and its new cards come as new ones."""
    author = Author(tmp_path / "author", monkeypatch, SETTINGS)
    author.write("cards.md", before)
    with Learner(tmp_path / "learner") as learner:
        [guid] = learner.import_package(author.release("1.0.0", at=FIRST_RELEASE)).new
        learner.answer(guid, EASY)
        studied_card = learner.snapshot()[guid, 0]
        author.write("cards.md", after)
        assert learner.import_package(author.release("1.1.0", at=SECOND_RELEASE)) == ImportLog(
            updated=(guid,)
        )
        scheduling = learner.snapshot()
        assert scheduling[guid, 0] == studied_card
        assert {card for card in scheduling if scheduling[card].queue == 0} == {
            (guid, ord) for ord in ords[1:]
        }
        assert learner.notes()[guid].ords == ords
        assert learner.template_errors() == learner.complaints() == []


def test_a_basic_card_that_becomes_a_cloze_is_a_new_note_beside_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anki would skip it as conflicting under the old guid, as it has another note type."""
    author = Author(tmp_path / "author", monkeypatch, SETTINGS)
    author.write("cards.md", "## The capital of France\n\nParis")
    with Learner(tmp_path / "learner") as learner:
        [old] = learner.import_package(author.release("1.0.0", at=FIRST_RELEASE)).new
        learner.answer(old, EASY)
        before = learner.snapshot()
        author.write("cards.md", "## The capital of France\n\n{{c1::Paris}}")
        log = learner.import_package(author.release("1.1.0", at=SECOND_RELEASE))
        [new] = log.new
        assert log == ImportLog(new=(new,))
        assert learner.snapshot()[old, 0] == before[old, 0]


def test_a_lost_lock_costs_no_review_of_an_unedited_deck(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guids are made of the project and the question, so they come out the same, and nothing is
    there twice.
    """
    author = Author(tmp_path / "author", monkeypatch, SETTINGS)
    author.write("dead.png", picture(0))
    author.write("cards.md", written(FIRST_VERSION))
    with Learner(tmp_path / "learner") as learner:
        first = learner.import_package(author.release("1.0.0", at=FIRST_RELEASE))
        studied(
            learner, {name: learner.guid(first_words(card)) for name, card in FIRST_VERSION.items()}
        )
        before = learner.snapshot()
        (author.folder / "ankipress.lock").unlink()
        log = learner.import_package(author.release("1.1.0", at=SECOND_RELEASE))
        # A build without memory stamps its own time, which is later than what the learner has, but
        # for the tagged note.
        assert {*log.updated, *log.duplicate} == {*first.new}
        assert (log.new, log.conflicting) == ((), ())
        assert learner.snapshot() == before


@pytest.mark.parametrize(
    ("released", "text", "tags"),
    [
        pytest.param(
            SECOND_RELEASE,
            "Old.",
            ("mine",),
            id="released before that: Anki keeps what the learner has",
        ),
        pytest.param(
            4_000_000_000,
            "New.",
            (),
            id="released after that: Anki replaces the fields and all tags",
        ),
    ],
)
def test_a_changed_note_that_the_learner_has_tagged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, released: int, text: str, tags: tuple[str, ...]
) -> None:
    """Anki's own limit, which no package can lift: a tag counts as an edit of the note. The docs
    tell learners of it.
    """
    author = Author(tmp_path / "author", monkeypatch, SETTINGS)
    author.write("cards.md", "## Q\n\nOld.")
    with Learner(tmp_path / "learner") as learner:
        [guid] = learner.import_package(author.release("1.0.0", at=FIRST_RELEASE)).new
        learner.answer(guid, EASY)
        learner.tag(guid, "mine")
        before = learner.snapshot()
        author.write("cards.md", "## Q\n\nNew.")
        learner.import_package(author.release("1.1.0", at=released))
        assert learner.text(learner.notes()[guid].fields["Back"]) == text
        assert learner.notes()[guid].tags == tags
        assert learner.snapshot() == before
