"""How the two long stages do one thing to many entries: what is known is not done again, the rest
may be spread out.

A stage stays a function of its values. What is remembered, and which processes do the work, is the
command line's business, as reading media is: it hands in a `Work`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Protocol

Task = Callable[[Sequence[Any]], Sequence[str]]
"""Does one thing to each of some items. It is a function of a module, so that another process can
find it, and the result of an item depends on that item alone.
"""

Shelve = Callable[[tuple[str, ...]], Sequence[str]]
"""Puts some texts away, where they take no memory, and gives what they can be read from as often as
one likes.
"""

Spread = Callable[[Task, Sequence[Any]], Iterable[str]]
"""Does a task to many items, and gives the results in their order. It may wait with all of it until
the first result is asked for, and do other tasks that wait in the same go, behind this one.
"""


KEY = 20
"""The bytes of a key."""


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
    """The task done in this process, when its results are asked for."""
    yield from task(items)


@dataclass(frozen=True, slots=True)
class Work:
    """What a stage may use: a memory, hands, and a shelf."""

    memory: Memory = field(default_factory=NoMemory)
    spread: Spread = in_turn
    shelve: Shelve | None = None


ALONE = Work()


class Begun:
    """The results of a task for each item, which may be on their way while something else is done.

    What `keeps` is false of is not remembered.
    """

    def __init__(
        self,
        task: Task,
        items: Sequence[Any],
        keys: Sequence[bytes],
        work: Work,
        keeps: Callable[[str], bool] = bool,
    ) -> None:
        self._keys, self._memory, self._keeps = b"".join(keys), work.memory, keeps
        self._known = work.memory.recall(keys)
        missing = [item for item, key in zip(items, keys, strict=True) if key not in self._known]
        self._results = work.spread(task, missing) if missing else ()

    def results(self) -> Iterator[str]:
        """The results, in order, each as soon as it is there. They can be asked for once, and are
        not held here after that.
        """
        results = iter(self._results)
        for start in range(0, len(self._keys), KEY):
            key = self._keys[start : start + KEY]
            if (result := self._known.get(key)) is None:
                result = next(results)
                if self._keeps(result):
                    self._memory.keep({key: result})
            yield result
        assert next(results, None) is None, "a result for each item"


def key_of(*parts: str) -> bytes:
    """A key for a result that is made of some texts."""
    # The lengths are part of it, so that ("ab", "c") and ("a", "bc") differ.
    lengths = ",".join([str(len(part)) for part in parts])
    return blake2b(
        "\0".join((lengths, *parts)).encode("utf-8", "surrogatepass"), digest_size=KEY
    ).digest()
