"""What a release stamps: digests, times of change, versions, and the names of note types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest

from ankipress.build.pipeline import Compiled, compile_deck
from ankipress.identity.ids import content_digest
from ankipress.identity.lock import read_lock, write_lock
from ankipress.identity.stamping import own_tags
from ankipress.model import Lock, Record, State
from author import picture
from releases import project

ONE = "## One?\n\n1\n"
TWO = "## Two?\n\n2\n"
DECK = f"# Deck\n\n{ONE}\n{TWO}"
TIME = 1_700_000_000


def compiled(
    lock: Lock,
    text: str,
    time: int = TIME,
    files: Mapping[str, bytes] | None = None,
    **settings: object,
) -> Compiled:
    media = {"p.png": picture(1), **(files or {})}
    return compile_deck(project(lock, (text,), media, settings), time)


def lock_of(text: str = DECK, lock: Lock | None = None, **options: object) -> Lock:
    """The lock after a build, as it would be read from the file."""
    made = compiled(lock or Lock(), text, **options)  # type: ignore[arg-type]
    read, problems = read_lock(write_lock(made.stamped.lock))
    assert problems == ()
    return read


def record(lock: Lock, question: str) -> Record:
    [found] = [each for each in lock.records if each.question == question]
    return found


def questions(lock: Lock, guids: Iterable[str]) -> list[str]:
    return sorted(each.question for each in lock.records if each.guid in guids)


@pytest.mark.parametrize(
    ("time", "mod"),
    [
        pytest.param(TIME + 9, TIME + 9, id="a later time"),
        pytest.param(TIME, TIME + 1, id="the same second"),
        pytest.param(TIME - 9, TIME + 1, id="a clock that went back"),
    ],
)
def test_a_note_that_changed_gets_a_later_mod_and_no_other_does(time: int, mod: int) -> None:
    before = lock_of(version="1.0.0")
    changed = compiled(before, DECK.replace("1\n", "I\n"), time, version="1.1.0")
    after = changed.stamped.lock
    assert {each.mod for each in before.records} == {TIME}
    assert (record(after, "One?").mod, record(after, "Two?").mod) == (mod, TIME)
    assert {note.mod for note in changed.package.notes} == {mod, TIME}
    assert questions(after, changed.stamped.changed) == ["One?"]
    assert (changed.stamped.new, changed.stamped.retired) == (frozenset(), frozenset())


def test_versions_say_since_when_a_note_is_there_and_when_it_changed() -> None:
    first = lock_of(version="1.0.0")
    second = lock_of(DECK.replace("1\n", "I\n"), first, version="1.1.0", time=TIME + 1)
    third = lock_of(DECK.replace("1\n", "I\n"), second, version="1.2.0", time=TIME + 2)
    assert (record(third, "One?").since, record(third, "One?").changed) == ("1.0.0", "1.1.0")
    assert (record(third, "Two?").since, record(third, "Two?").changed) == ("1.0.0", "1.0.0")
    assert third == second


def test_a_new_note_has_the_time_and_version_of_its_release() -> None:
    made = compiled(lock_of(f"# Deck\n\n{ONE}", version="1.0.0"), DECK, TIME + 5, version="1.1.0")
    new = record(made.stamped.lock, "Two?")
    assert (new.mod, new.since, new.changed) == (TIME + 5, "1.1.0", "1.1.0")
    assert made.stamped.new == {new.guid}


def test_a_retired_note_keeps_what_learners_have() -> None:
    before = lock_of(version="1.0.0")
    edited = DECK.replace("1\n", "I\n").replace(TWO, "")
    made = compiled(before, edited, TIME + 5, version="1.1.0")
    old, now = record(before, "Two?"), record(made.stamped.lock, "Two?")
    assert now.state is State.RETIRED
    assert (now.digest, now.mod, now.since) == (old.digest, old.mod, old.since)
    assert now.changed == "1.1.0"
    assert made.stamped.retired == {now.guid}
    again = compiled(made.stamped.lock, edited, TIME + 9, version="1.2.0")
    assert record(again.stamped.lock, "Two?") == now
    assert again.stamped.retired == frozenset()


def test_a_note_that_comes_back_is_the_same_one() -> None:
    before = lock_of(version="1.0.0")
    gone = lock_of(f"# Deck\n\n{ONE}", before, version="1.1.0", time=TIME + 1)
    back = compiled(gone, DECK, TIME + 2, version="1.2.0")
    old, now = record(before, "Two?"), record(back.stamped.lock, "Two?")
    assert (now.guid, now.note_id, now.state) == (old.guid, old.note_id, State.ACTIVE)
    assert (now.mod, now.changed, now.since) == (old.mod, "1.1.0", "1.0.0")


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        pytest.param(DECK, False, id="nothing"),
        pytest.param(DECK.replace("1\n", "<!-- why -->\n\n1\n"), False, id="a comment"),
        pytest.param(DECK.replace("1\n", "I\n"), True, id="an answer"),
        pytest.param(DECK.replace("One?", "One? {.tag}"), True, id="a tag"),
        pytest.param(DECK.replace("One?", "One? {reverse}"), True, id="a reverse card"),
        pytest.param(DECK.replace("# Deck", "# Other"), False, id="another deck"),
    ],
)
def test_the_source_is_remembered_with_what_was_packed_of_it(text: str, changes: bool) -> None:
    """Where what is packed stays, so does the line of the lock."""
    before = record(lock_of(), "One?")
    after = record(lock_of(text, lock_of()), "One?")
    assert (after.source != before.source) is changes
    assert (after.digest != before.digest) is changes


def test_each_thing_that_an_author_writes_counts_for_the_source() -> None:
    texts = {
        "plain": "## One?\n\n![p](p.png)\n",
        "heading": "## **One?**\n\n![p](p.png)\n",
        "part": "## One?\n\n![p](p.png)\n\n### Hint\n\nh\n",
        "attribute": "## One? {reverse}\n\n![p](p.png)\n",
        "other attribute": "## One? {typed}\n\n![p](p.png)\n",
        "language": "## One? {lang=de}\n\n![p](p.png)\n",
        "tag": "## One? {.t}\n\n![p](p.png)\n",
        "two tags": "## One? {.t .u}\n\n![p](p.png)\n",
        "definition": "## One?\n\n![p][q]\n\n[q]: p.png\n",
        "other definition": "## One?\n\n![p][q]\n\n[q]: p.png 'title'\n",
    }
    sources = {
        name: record(lock_of(f"# Deck\n\n{text}"), "One?").source for name, text in texts.items()
    }
    assert len(set(sources.values())) == len(texts)


def test_the_tag_of_a_change_is_on_notes_that_changed_since_they_came() -> None:
    before = lock_of(version="1.0.0", changed_tag=True)
    text = DECK.replace("1\n", "I\n") + "\n## Three?\n\n3\n"
    made = compiled(before, text, TIME + 1, version="1.1.0", changed_tag=True)
    tags = {each.question: each.guid for each in made.stamped.lock.records}
    packed = {note.guid: note.tags for note in made.package.notes}
    assert packed == {
        tags["One?"]: ("changed::1.1.0",),
        tags["Two?"]: (),
        tags["Three?"]: (),
    }
    without = compiled(before, text, TIME + 1, version="1.1.0")
    assert without.stamped.lock == made.stamped.lock
    assert {note.tags for note in without.package.notes} == {()}


@pytest.mark.parametrize(
    ("tag", "own"),
    [
        ("changed::1.2.3", False),
        ("changed::10.20.30-rc.1", False),
        ("changed::1.2", True),
        ("changed::1.2.3x", True),
        ("changed::1.2.3-", True),
        ("xchanged::1.2.3", True),
        ("changed", True),
        ("Changed::1.2.3", True),
    ],
)
def test_which_tags_are_the_authors_own(tag: str, own: bool) -> None:
    assert own_tags(["a", tag, "b"]) == (("a", tag, "b") if own else ("a", "b"))


def test_a_note_type_keeps_id_and_name_and_a_mod_of_its_own() -> None:
    before = lock_of(version="1.0.0")
    assert {stamp.mod for stamp in before.note_types.values()} == {TIME}
    same = compiled(before, DECK, TIME + 5, name="renamed")
    assert same.stamped.lock.note_types == before.note_types
    changed = compiled(before, DECK, TIME + 5, theme={"light": "monokai"})
    for key, stamp in changed.stamped.lock.note_types.items():
        old = before.note_types[key]
        assert (stamp.id, stamp.name, stamp.mod) == (old.id, old.name, TIME + 5)
        assert stamp.digest != old.digest
    assert {(each.id, each.name, each.mod) for each in changed.package.note_types} == {
        (stamp.id, stamp.name, stamp.mod) for stamp in changed.stamped.lock.note_types.values()
    }


def test_only_note_types_that_are_used_are_stamped_and_none_is_forgotten() -> None:
    text = "# Deck\n\n## Gaps\n\n{{c1::a}}\n"
    first = lock_of(text)
    assert list(first.note_types) == ["cloze"]
    second = compiled(first, f"# Deck\n\n{ONE}", TIME + 1)
    assert sorted(second.stamped.lock.note_types) == ["basic", "cloze"]
    assert [each.key for each in second.package.note_types] == ["basic"]
    assert second.stamped.lock.note_types["cloze"] == first.note_types["cloze"]


def test_records_stand_in_the_order_of_their_guids() -> None:
    text = "# Deck\n\n" + "".join(f"## Number {n}?\n\n{n}\n\n" for n in range(9))
    first = compiled(Lock(), text).stamped.lock
    gone = compiled(first, text.replace("## Number 4?\n\n4\n\n", ""), TIME + 1).stamped.lock
    for lock in (first, gone):
        guids = [each.guid for each in lock.records]
        assert guids == sorted(guids)
        assert len(guids) == 9


def test_the_digests_of_a_lock_are_published() -> None:
    """Others would make every note of every deck look changed, by its author or by its tools."""
    text = (
        "# Deck\n\n## One? {.t reverse lang=de}\n\n![p][q]\n\n### Hint\n\nh\n\n[q]: p.png\n\n"
        "## Two?\n\n2\n\n## Files?\n\n[sound:z.mp3] [sound:a.mp3]\n"
    )
    files = {"z.mp3": b"z", "a.mp3": b"a"}
    lock = lock_of(text, files=files)
    assert {each.question: each.source for each in lock.records} == {
        "One?": "gZzJCLEL",
        "Two?": "iZFqN35v",
        "Files?": "1mWwydQ5",
    }
    assert record(lock, "Two?").digest == "AwVXsRRz88LQ"


NAMED = {
    "notetypes/word/notetype.toml": (
        'name = "Word"\nfields = ["Word", "Meaning"]\n[[templates]]\nname = "Card 1"\n'
    ),
    "notetypes/word/Card 1.front.html": "{{Word}}",
    "notetypes/word/Card 1.back.html": "{{Meaning}}",
}


def test_the_digest_of_a_note_type_is_that_of_its_texts_and_of_names_an_author_chose() -> None:
    """Another digest of ankipress's own would stamp the note types of every deck anew."""
    deck = project(Lock(), ("## One?\n\n1\n\n## Two {kind=word}\n\n2\n",), {}, {})
    made = compile_deck(replace(deck, note_type_files=NAMED), TIME)
    stamps = made.stamped.lock.note_types
    for each in made.package.note_types:
        texts = [each.css]
        for template in each.templates:
            texts += (template.front, template.back)
        if each.key == "word":
            texts += (*each.field_names, "Card 1")
        assert stamps[each.key].digest == content_digest(*texts), each.key
    assert len(made.package.note_types) == 2


def test_a_cloze_card_that_hides_nothing_is_one_clear_error() -> None:
    [problem] = compiled(Lock(), "## Which? {kind=cloze}\n\nNothing is hidden.\n").diagnostics
    assert (problem.code, problem.message) == (
        "no-deletion",
        "this cloze card has nothing to guess",
    )
