"""Which card of a page is which card of the page before.

A new question has a guid made of its words until a build has put it into the lock: while it is being written, each
letter makes another note. On the page it is one card, and stays where it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

_MOST = 400  # notes that are compared one by one: more than that are not being typed


def continued(before: Sequence[tuple[str, str]], guids: Sequence[str]) -> Mapping[str, str]:
    """A name on the page for each guid: the one that it had, or that of a note which it took the place of, or the guid.

    `before` has the name and guid of each card that was on the page, in order.
    """
    names = {guid: name for name, guid in before}
    new = [guid for guid in guids if guid not in names]
    if new and len(new) <= _MOST:
        names |= _in_place(list(names), guids, names)
    taken = {names[guid] for guid in guids if guid in names}
    return {guid: names.get(guid) or (guid if guid not in taken else f"{guid}.") for guid in guids}


def _in_place(old: Sequence[str], new: Sequence[str], names: Mapping[str, str]) -> Mapping[str, str]:
    """Names for new guids that stand exactly where old ones stood that are gone."""
    start = next((at for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), min(len(old), len(new)))
    ends = zip(reversed(old[start:]), reversed(new[start:]), strict=False)
    end = next((at for at, pair in enumerate(ends) if pair[0] != pair[1]), min(len(old), len(new)) - start)
    left, right = old[start : len(old) - end], new[start : len(new) - end]
    if max(len(left), len(right)) > _MOST:
        return {}
    there, found = set(new), {}
    for tag, left_from, left_to, right_from, right_to in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag != "replace" or left_to - left_from != right_to - right_from:
            continue
        for gone, come in zip(left[left_from:left_to], right[right_from:right_to], strict=True):
            if gone not in there and come not in names:
                found[come] = names[gone]
    return found
