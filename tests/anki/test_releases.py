"""Five releases of a deck in the real Anki: what is predicted is what happens, and what must not
happen is found.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import forecast_versions
from ankipress.cli.main import run
from ankipress.diff.changes import Change
from ankipress.diff.difference import compare
from ankipress.diff.wording import forecast_lines
from ankipress.package.unpacking import FoundFile
from ankipress.verify.engine import LearnerCard, LearnerState
from ankipress.verify.state_comparison import losses
from ankipress.verify.verification import Released, verify
from author import DAY, FIRST_RELEASE, Author
from learner import GOOD, Learner
from packages import edited_package, edition_of_package, without_engine
from release_story import SETTINGS, STORY


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Released, ...]:
    """The packages of the story, released a month after each other."""
    found = []
    with pytest.MonkeyPatch.context() as monkeypatch:
        author = Author(tmp_path_factory.mktemp("story"), monkeypatch, SETTINGS)
        for number, telling in enumerate(STORY):
            for name, text in telling.files.items():
                author.write(name, text)
            path = author.release(telling.version, at=FIRST_RELEASE + number * 30 * DAY)
            found.append(Released(path, edition_of_package(path.read_bytes(), path.name)))
    return tuple(found)


def test_each_release_is_predicted(releases: tuple[Released, ...]) -> None:
    for telling, old, new in zip(STORY[1:], releases, releases[1:], strict=False):
        difference = compare(old.edition, new.edition)
        assert difference.counts() == Counter(telling.again or telling.outcomes), telling.version
        assert difference.bump.name.lower() == telling.bump, telling.version
        forecast = difference.forecast
        counts = len(forecast.new_cards), len(forecast.empty_cards), len(forecast.elsewhere)
        assert counts == (telling.new_cards, telling.empty_cards, telling.elsewhere), (
            telling.version
        )


def test_the_story_has_every_kind_of_change(releases: tuple[Released, ...]) -> None:
    pairs = pairwise(releases)
    differences = [compare(old.edition, new.edition) for old, new in pairs]
    seen = {
        change for difference in differences for each in difference.changes for change in each.what
    }
    # Packages alone do not tell that a card returns; a look alone, a hint, and a stamp for nothing
    # have their rows elsewhere.
    assert set(Change) - seen <= {Change.RETURNED, Change.LOOK, Change.STAMPED, Change.DETAILS}
    assert any(difference.renames for difference in differences)
    assert any(difference.new_decks for difference in differences)


def test_anki_does_what_was_predicted_to_a_learner_of_every_release(
    releases: tuple[Released, ...], tmp_path: Path
) -> None:
    found = verify(releases, tmp_path)
    assert found.failures == ()
    chain, skipping = found.steps[: len(STORY)], found.steps[len(STORY) :]
    for telling, step in zip(STORY, chain, strict=True):
        left = Counter(outcome.value for outcome in step.forecast.outcomes.values())
        left["unchanged"] += left.pop("outdated", 0)  # what the learner tagged or edited
        assert left == Counter(telling.outcomes), telling.version
    assert [step.before for step in skipping] == ["", "1.0.0"]
    assert all(step.studied > 5 and step.touched for step in chain[1:])
    assert sum(len(step.replaced) for step in found.steps) > 0, (
        "no update met a note that the learner had changed"
    )


def test_a_learner_who_does_nothing_gets_the_very_forecast(
    releases: tuple[Released, ...], tmp_path: Path
) -> None:
    """Held against the log and the collection of Anki by other code than `ankipress verify` has."""
    with Learner(tmp_path / "learner") as learner:
        learner.import_package(releases[0].path)
        for guid in learner.notes():
            learner.answer(guid, GOOD)
        for old, new, telling in zip(releases, releases[1:], STORY[1:], strict=False):
            before = learner.snapshot()
            log = learner.import_package(new.path)
            known = Counter(telling.outcomes)
            seen = {
                "added": len(log.new),
                "updated": len(log.updated),
                "unchanged": len(log.duplicate),
            }
            assert seen == {name: known[name] for name in seen}, telling.version
            assert log.conflicting == ()
            assert {key: learner.snapshot()[key] for key in before} == before
            elsewhere = compare(old.edition, new.edition).forecast.elsewhere
            assert {key: learner.snapshot()[key].deck for key in elsewhere} == elsewhere


@pytest.mark.parametrize("version", ["24.11"])
def test_an_older_anki_does_what_was_predicted(version: str, tmp_path: Path) -> None:
    executable = forecast_versions.existing(version)
    if executable is None:
        pytest.skip(
            f"THE FORECAST IS NOT HELD AGAINST ANKI {version}: `make test-anki` makes an "
            f"environment for it"
        )
    row = forecast_versions.measure(executable, version, tmp_path, ways=("late",))
    assert (row.problems, row.right) == ([], {"late": len(STORY)})
    assert row.missed == 1, (
        "this version takes the time of an import for that of a change, which the forecast knows"
    )


# What must not happen is found.


def edited(package: Path, target: Path, *statements: str) -> Released:
    """A package with its database edited: as another tool, or a broken lock, might have made it."""
    content = edited_package(
        package.read_bytes(), lambda database: [database.execute(each) for each in statements]
    )
    target.write_bytes(content)
    return Released(target, edition_of_package(content, target.name))


def failures(releases: tuple[Released, ...], folder: Path) -> list[str]:
    return [each.partition(": ")[2] for each in verify(releases, folder / "learners").failures]


def test_a_guid_broken_on_purpose_is_a_card_twice(
    releases: tuple[Released, ...], tmp_path: Path
) -> None:
    guid = releases[1].edition.notes[3].guid
    broken = edited(
        releases[1].path,
        tmp_path / "b.apkg",
        f"UPDATE notes SET guid = 'broken' WHERE guid = '{guid}'",
    )
    assert failures((releases[0], broken), tmp_path) == [
        f"the note broken asks what {guid} asks, which the learner keeps: the card is there twice"
    ]


def test_a_tombstone_is_told_as_retired_and_keeps_the_cards(
    releases: tuple[Released, ...], tmp_path: Path
) -> None:
    guid = releases[0].edition.notes[0].guid
    with_tombstone = edited(
        releases[0].path,
        tmp_path / "b.apkg",
        f"DELETE FROM cards WHERE nid = (SELECT id FROM notes WHERE guid = '{guid}')",
        f"UPDATE notes SET flds = '<p>Gone.</p>' || flds, mod = mod + {90 * DAY} WHERE guid = "
        f"'{guid}'",
    )
    difference = compare(releases[0].edition, with_tombstone.edition)
    assert [each.what for each in difference.changes] == [(Change.RETIRED,)]
    assert "1 retired with a tombstone: updated to say so, the cards stay" in forecast_lines(
        difference
    )
    assert difference.forecast.empty_cards == frozenset()
    assert failures((releases[0], with_tombstone), tmp_path) == []
    back = replace(
        releases[0].edition,
        notes=tuple(replace(each, mod=each.mod + 180 * DAY) for each in releases[0].edition.notes),
    )
    assert Change.RETURNED in compare(with_tombstone.edition, back).changes[0].what


def test_two_notes_of_one_guid_are_found(releases: tuple[Released, ...], tmp_path: Path) -> None:
    one, other = (releases[1].edition.notes[number].guid for number in (3, 4))
    broken = edited(
        releases[1].path,
        tmp_path / "b.apkg",
        f"UPDATE notes SET guid = '{one}' WHERE guid = '{other}'",
    )
    assert f"the note {one} is there twice" in failures((broken,), tmp_path)


def test_a_picture_that_is_missing_is_found(releases: tuple[Released, ...], tmp_path: Path) -> None:
    with_old_name = edited(
        releases[0].path,
        tmp_path / "b.apkg",
        "UPDATE notes SET flds = replace(flds, 'relu-', 'x-relu-')",
    )
    name = next(iter(releases[0].edition.media))
    told = Released(
        with_old_name.path,
        replace(
            releases[0].edition,
            notes=with_old_name.edition.notes,
            media={f"x-{name}": FoundFile(0, "")},
        ),
    )
    assert failures((told,), tmp_path) == [f"the file x-{name} did not arrive"]


def test_a_forecast_that_is_wrong_is_a_surprise(
    releases: tuple[Released, ...], tmp_path: Path
) -> None:
    """Every kind of difference between an edition and its package is named."""
    edition = releases[1].edition
    first, second, third, *others = edition.notes
    wrong = (
        replace(first, mod=1),
        replace(second, tags=("surprise",), mod=second.mod + 90 * DAY),
        replace(third, ords=(0, 1), mod=third.mod + 90 * DAY, fields=("other", *third.fields[1:])),
        *others,
    )
    found = failures(
        (releases[0], Released(releases[1].path, replace(edition, notes=wrong))), tmp_path
    )
    assert (
        f"Anki's word for the note {first.guid} is “updated”, and predicted was “duplicate”"
        in found
    )
    fields = [each for each in found if f" of the note {first.guid} is “" in each]
    assert any(each.startswith("field ") for each in fields)
    tags = f"the list of tags of the note {second.guid}"
    assert f"{tags} is “my-own-tag”, and predicted was “surprise”" in found
    card = f"the deck of card 2 of the note {third.guid}"
    assert f"{card} is “nothing”, and predicted was “{third.deck.casefold()}”" in found
    question = f"field 1 of the note {third.guid} is “{third.fields[0]}”"
    assert f"{question}, and predicted was “other”" in found


def state(**cards: LearnerCard) -> LearnerState:
    notes = dict.fromkeys(cards, (("front",), ()))
    return LearnerState(
        notes,
        {(guid, 0): card for guid, card in cards.items()},
        frozenset(),
        frozenset(["a.png"]),
        frozenset(),
        frozenset(),
    )


CARD = LearnerCard("Deck", (1, 2), ((7, 3),))
LOSSES: list[Any] = [
    pytest.param({"a": CARD}, [], id="nothing"),
    pytest.param({"a": CARD, "b": CARD}, [], id="a card more"),
    pytest.param(
        {"a": replace(CARD, deck="Other")}, [], id="another deck, which the forecast is asked of"
    ),
    pytest.param({}, ["the note a is lost", "card 1 of the note a is lost"], id="a note"),
    pytest.param(
        {"a": replace(CARD, reviews=())}, ["reviews of card 1 of the note a are lost"], id="reviews"
    ),
    pytest.param(
        {"a": replace(CARD, scheduling=(1, 3))},
        ["card 1 of the note a is scheduled otherwise"],
        id="due date",
    ),
]


@pytest.mark.parametrize(("after", "found"), LOSSES)
def test_what_is_lost_is_named(after: Mapping[str, LearnerCard], found: list[str]) -> None:
    assert list(losses(state(a=CARD), state(**after))) == found


# The command.


def test_the_command_proves_a_story(
    releases: tuple[Released, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["verify", *(str(each.path) for each in releases)]) == 0
    shown = capsys.readouterr().out
    assert "1.0.0 → 1.0.1" in shown
    assert "1.0.0 → 3.0.0" in shown
    assert shown.endswith("nothing is lost, nothing is there twice, nothing surprises\n")


def test_the_command_fails_on_a_failure(
    releases: tuple[Released, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    guid = releases[1].edition.notes[3].guid
    broken = edited(
        releases[1].path,
        tmp_path / "b.apkg",
        f"UPDATE notes SET guid = 'broken' WHERE guid = '{guid}'",
    )
    assert run(["verify", "--format", "json", str(releases[0].path), str(broken.path)]) == 1
    document = json.loads(capsys.readouterr().out)
    assert [step["new"] for step in document["steps"]] == ["1.0.0", "1.0.1"]
    assert len(document["failures"]) == 1


def test_without_the_engine_it_says_what_to_install(
    releases: tuple[Released, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    without_engine(tmp_path, monkeypatch)
    assert run(["verify", str(releases[0].path)]) == 1
    assert 'pip install "anki>=25.9"' in capsys.readouterr().err
