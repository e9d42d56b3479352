"""Which field of an adopted note type the text of a heading names."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from ankipress.syntax.markdown_reading import read_heading
from ankipress.syntax.tree import WORDS, Node, walk

_PLAIN = re.compile(r"[^\W_]+(?:[ /,;()+-]+[^\W_]+)*")
"""No text that fits has any markup."""
_NOT_LETTERS = re.compile(r"[\W_]+")
_LONG = 5  # letters, of which one may be wrong
_FEW = 100  # fields, among which a wrong letter is looked for
_BREAKS = frozenset({"softbreak", "hardbreak"})


class FieldNames:
    """The names of the fields of a note type, each of them found by what a heading says."""

    def __init__(self, names: Sequence[str]) -> None:
        self._same = dict(zip(names, names, strict=True))
        self._exact = _unique(names, _normal)
        self._loose = _unique(names, _folded)
        self._bare = _unique(names, _bare)

    def find(self, heading: str) -> str | None:
        """The field that the Markdown of a heading names, None where it names none.

        It may be the text that is shown or the Markdown itself. A name that differs in case counts
        where no other field has it.
        """
        candidates = [heading]
        if not _PLAIN.fullmatch(heading):
            candidates.insert(0, shown_name(heading))
        for known, normal in (
            (self._same, str),
            (self._exact, _normal),
            (self._loose, _folded),
        ):
            for candidate in candidates:
                found = known.get(normal(candidate))
                if found is not None:
                    return found
        return None

    def nearest(self, heading: str) -> str | None:
        """The field that a heading likely means, which names none: it differs in signs, in an `s`
        at its end, or in one letter.
        """
        bare = _bare(heading)
        if bare in self._bare:
            return self._bare[bare]
        if len(bare) < _LONG or len(self._bare) > _FEW:
            return None
        from rapidfuzz import process  # noqa: PLC0415 - few headings need it
        from rapidfuzz.distance import OSA  # noqa: PLC0415

        found = process.extractOne(bare, self._bare.keys(), scorer=OSA.distance, score_cutoff=1)
        if found is None or _digits(found[0]) != _digits(bare):
            return None
        return self._bare[found[0]]


@lru_cache(maxsize=512)
def field_names(names: tuple[str, ...]) -> FieldNames:
    """The names of some fields; those of a note type are made once."""
    return FieldNames(names)


def _unique(names: Sequence[str], normal: Callable[[str], str]) -> Mapping[str, str]:
    """The names by a form of them; those of which another has the same form are left out."""
    times = Counter(map(normal, names))
    return {normal(name): name for name in names if times[normal(name)] == 1}


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _folded(text: str) -> str:
    return _normal(text).casefold()


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _bare(text: str) -> str:
    return _NOT_LETTERS.sub("", _folded(text)).removesuffix("s")


def shown_name(heading: str) -> str:
    """The text that the Markdown of a heading shows, as it is."""
    return "".join(_words(read_heading(heading).nodes))


def _words(nodes: Sequence[Node]) -> Iterator[str]:
    for node in walk(nodes):
        if node.kind in WORDS or node.kind == "code_span":
            yield node.text
        elif node.kind in _BREAKS:
            yield " "
