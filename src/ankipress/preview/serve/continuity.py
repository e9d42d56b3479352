"""Which note of a page is which note of the page before.

A new question has a guid made of its words until a build has put it into the lock: while it is
being written, each letter makes another note. On the page it is one card, and stays where it is.
Before the first build the title of the deck is in every guid.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_MOST = 400  # notes that are compared one by one: more than that are not being typed


class Named(NamedTuple):
    """A note: its name on the page, its guid, its question. The name of a new note is not known
    yet.
    """

    name: str
    guid: str
    question: str


def continued(before: Sequence[Named], now: Sequence[Named]) -> Mapping[str, str]:
    """A name on the page for each guid: the one that it had; that of a note that is gone, if it has
    its question or stands exactly in its place; else the guid.
    """
    names = {each.guid: each.name for each in before}
    there = {each.guid for each in now}
    gone = [each for each in before if each.guid not in there]
    if gone and any(each.guid not in names for each in now):
        names |= _asking_the_same(gone, (each for each in now if each.guid not in names))
        taken = {names[guid] for guid in there if guid in names}
        left = [each.guid for each in before if each.name not in taken or each.guid in there]
        names |= _in_place(list(dict.fromkeys(left)), [each.guid for each in now], names)
    return _apart({each.guid: names.get(each.guid, each.guid) for each in now})


def _asking_the_same(gone: Iterable[Named], new: Iterable[Named]) -> Mapping[str, str]:
    of_question = {each.question: each.name for each in gone}
    return {
        each.guid: of_question.pop(each.question) for each in new if each.question in of_question
    }


def _in_place(
    old: Sequence[str], new: Sequence[str], names: Mapping[str, str]
) -> Mapping[str, str]:
    """Names for new guids that stand exactly where old ones stood that are gone."""
    start = next(
        (at for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]),
        min(len(old), len(new)),
    )
    ends = zip(reversed(old[start:]), reversed(new[start:]), strict=False)
    end = next(
        (at for at, pair in enumerate(ends) if pair[0] != pair[1]), min(len(old), len(new)) - start
    )
    left, right = old[start : len(old) - end], new[start : len(new) - end]
    if max(len(left), len(right)) > _MOST:
        return {}
    there, found = set(new), {}
    for tag, left_from, left_to, right_from, right_to in SequenceMatcher(
        None, left, right, autojunk=False
    ).get_opcodes():
        if tag != "replace" or left_to - left_from != right_to - right_from:
            continue
        for gone, come in zip(left[left_from:left_to], right[right_from:right_to], strict=True):
            if gone not in there and come not in names:
                found[come] = names[gone]
    return found


def _apart(names: Mapping[str, str]) -> Mapping[str, str]:
    """The names, each once: a guid may come back whose name another note has taken meanwhile."""
    taken: set[str] = set()
    found = {}
    for guid, name in names.items():
        while name in taken:
            name += "."  # noqa: PLW2901 - the same name, set apart
        taken.add(name)
        found[guid] = name
    return found
