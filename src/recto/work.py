"""How the two long stages do one thing to many entries: what is known is not done again, the rest may be spread out.

A stage stays a function of its values. What is remembered, and which processes do the work, is the command line's business, as
reading media is: it hands in a `Work`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Protocol

Task = Callable[[Sequence[Any]], Sequence[str]]
"""Does one thing to each of some items. It is a function of a module, so that another process can find it, and the result of an
item depends on that item alone."""

Spread = Callable[[Task, Sequence[Any]], Iterable[str]]
"""Does a task to many items, and gives the results in their order."""


class Memory(Protocol):
    """Results of earlier builds, by key. A result that cannot be trusted is not there."""

    def recall(self, keys: Sequence[bytes]) -> Mapping[bytes, str]:
        """Those of some results that are known."""

    def keep(self, results: Mapping[bytes, str]) -> None:
        """Remember some results, if there is room."""


class NoMemory:
    """Knows nothing, and keeps nothing."""

    def recall(self, keys: Sequence[bytes]) -> Mapping[bytes, str]:
        """Nothing."""
        return {}

    def keep(self, results: Mapping[bytes, str]) -> None:
        """Forget them."""


def in_turn(task: Task, items: Sequence[Any]) -> Iterable[str]:
    """The task done in this process, at once."""
    return task(items)


@dataclass(frozen=True, slots=True)
class Work:
    """What a stage may use: a memory, and hands."""

    memory: Memory = field(default_factory=NoMemory)
    spread: Spread = in_turn


ALONE = Work()


def worked(task: Task, items: Sequence[Any], keys: Sequence[bytes], work: Work, keeps: Callable[[str], bool] = bool) -> list[str]:
    """The results of a task for each item, in order. What `keeps` is false of is not remembered."""
    known = work.memory.recall(keys)
    missing = [place for place, key in enumerate(keys) if key not in known]
    if not missing:
        return [known[key] for key in keys]
    fresh = dict(zip(missing, work.spread(task, [items[place] for place in missing]), strict=True))
    work.memory.keep({keys[place]: result for place, result in fresh.items() if keeps(result)})
    return [fresh[place] if place in fresh else known[key] for place, key in enumerate(keys)]


def key_of(*parts: str) -> bytes:
    """A key for a result that is made of some texts, 20 bytes."""
    # The lengths are part of it, so that ("ab", "c") and ("a", "bc") differ.
    lengths = ",".join([str(len(part)) for part in parts])
    return blake2b("\0".join((lengths, *parts)).encode("utf-8", "surrogatepass"), digest_size=20).digest()
