"""A learner in one version of Anki. Reads what to import, a line of JSON each, and prints what is
there after it, as JSON too.

    echo '{"package": "/absolute/first.apkg"}' |
        build/anki-venvs/24.11/bin/python scripts/anki_child.py NEW_FOLDER

After the first import it studies. With `"always": true` the notes are updated as with "Update
notes: Always" in the dialog of newer versions; older ones answer null. Needs nothing but `anki`, in
any version since 2.1.49: `test_anki_versions.py` runs it in environments of their own.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from anki.collection import Collection

from anki import lang

ERRORS = ("has a problem", "front of this card is blank", "No cloze")
CARDS = """
SELECT n.guid, c.ord,
    c.due, c.ivl, c.factor, c.reps, c.lapses, c.left, c.queue, c.type, c.flags, c.did, c.id
FROM cards c JOIN notes n ON n.id = c.nid
"""
REVIEWS = "SELECT id, ease, ivl, lastIvl, factor, type FROM revlog WHERE cid = ? ORDER BY id"
EASY, GOOD, AGAIN = 4, 3, 1
LEFT_NEW = 3  # cards that the learner never sees, so that new ones are in the collection too
# By their places in the source. The first version's second card is one that no later version
# changes.
TAGGED, SUSPENDED, FLAGGED = slice(1, 2), slice(2, 3), slice(3, 4)


def main(folder: Path) -> None:
    """Do what is asked until there is no more of it."""
    # Anki prints its own thoughts now and then: they go where complaints go.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    lang.set_lang("en")
    folder.mkdir(parents=True)
    collection = Collection(str(folder.resolve() / "collection.anki2"))
    for number, line in enumerate(sys.stdin):
        wish = json.loads(line)
        log = import_package(collection, wish["package"], always=wish.get("always", False))
        if number == 0:
            study(collection)
        outcomes = {guid: name for name, guids in (log or {}).items() for guid in guids if guid}
        counts = None if log is None else {name: len(guids) for name, guids in log.items()}
        print(
            json.dumps(log and {"log": counts, "outcomes": outcomes, **state(collection)}),
            file=answers,
            flush=True,
        )
    collection.close()


def import_package(collection: Any, path: str, *, always: bool) -> dict[str, list[str]] | None:
    """Import with what the dialog has ticked at first; the guids of each outcome, None where it has
    no such option.
    """
    if not hasattr(collection, "import_anki_package"):
        return None if always else import_of_old(collection, path)
    from anki import import_export_pb2 as messages  # noqa: PLC0415 - the oldest versions have none

    if hasattr(messages, "ImportAnkiPackageOptions"):
        # Everything is off, or "If newer", which is 0.
        options = messages.ImportAnkiPackageOptions()
        if always:
            options.update_notes = messages.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_ALWAYS
        request = messages.ImportAnkiPackageRequest(package_path=path, options=options)
        log = collection.import_anki_package(request).log
    elif always:
        return None
    else:
        log = collection.import_anki_package(path).log
    guids = dict(collection.db.all("SELECT id, guid FROM notes"))
    return {
        name: [guids.get(each.id.nid, "") for each in getattr(log, name)]
        for name in ("new", "updated", "duplicate", "conflicting")
    }


def import_of_old(collection: Any, path: str) -> dict[str, list[str]]:
    """Import as before 2.1.54, which tells numbers alone: each guid is empty."""
    from anki.importing.apkg import AnkiPackageImporter  # noqa: PLC0415 - only old versions have it

    importer = AnkiPackageImporter(collection, path)
    importer.run()
    # Those that it skips because of their note type.
    conflicting = len(importer._ignoredGuids)  # noqa: SLF001
    numbers = {
        "new": importer.added,
        "updated": importer.updated,
        "duplicate": importer.dupes,
        "conflicting": conflicting,
    }
    return {name: [""] * number for name, number in numbers.items()}


def study(collection: Any) -> None:
    """Answer the new cards but the last few, some several times, then tag, suspend and flag one
    each.
    """
    cards = list(collection.find_cards("is:new", order="c.due"))
    for number, card_id in enumerate(cards[:-LEFT_NEW]):
        for ease in ([EASY], [GOOD], [GOOD, GOOD, AGAIN], [EASY, GOOD, GOOD])[number % 4]:
            answer(collection, card_id, ease)
    collection.tags.bulk_add([collection.get_card(card).nid for card in cards[TAGGED]], "difficult")
    collection.sched.suspend_cards(cards[SUSPENDED])
    collection.set_user_flag_for_cards(2, cards[FLAGGED])


def answer(collection: Any, card_id: int, ease: int) -> None:
    """Answer a card, whether or not it is its turn."""
    collection.sched.reset()  # before 23.10 the scheduler answers only once it has its queues
    card = collection.get_card(card_id)
    card.start_timer()
    buttons = collection.sched.answerButtons(card)
    collection.sched.answerCard(card, min(ease, buttons))


def state(collection: Any) -> dict[str, Any]:
    """Everything that a learner could miss, by guid."""
    notes = {}
    for guid, fields, tags, mod in collection.db.all("SELECT guid, flds, tags, mod FROM notes"):
        notes[guid] = {"fields": fields.split("\x1f"), "tags": tags.split(), "mod": mod}
    cards = {}
    errors = []
    for guid, order, *values, card_id in collection.db.all(CARDS):
        cards[f"{guid} {order}"] = {
            "scheduling": values,
            "reviews": collection.db.all(REVIEWS, card_id),
        }
        errors += [
            f"{guid} card {order + 1}: {problem}"
            for problem in problems(collection.get_card(card_id))
        ]
    media = sorted(os.listdir(collection.media.dir()))
    count = collection.db.scalar("SELECT count() FROM notes")
    return {"notes": notes, "cards": cards, "errors": errors, "media": media, "count": count}


def problems(card: Any) -> list[str]:
    """What is wrong with a card: an error of Anki in place of a side, or a cloze with nothing to
    guess.
    """
    front, back = (html.rpartition("</style>")[2] for html in (card.question(), card.answer()))
    found = [f"{phrase}: {html}" for phrase in ERRORS for html in (front, back) if phrase in html]
    # In mathematics the gap of older versions has no markup around it.
    if (
        card.note_type()["type"] == 1
        and "class=cloze" not in front.replace('"', "")
        and "[...]" not in front
    ):
        found.append(f"nothing to guess: {front}")
    # A note of Anki is no dict.
    if "Occlusion" in card.note().keys() and "data-shape" not in front:  # noqa: SIM118
        found.append(f"no shape on the picture: {front}")
    return [" ".join(each.split()) for each in found]


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
