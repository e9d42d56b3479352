"""Whether two questions differ in the marks of code or of formulas, where every mark has a
meaning: `a[1:]` and `a[:1]`, `ls | wc` and `ls > wc`.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from ankipress.identity.fingerprint import Fingerprint
from ankipress.identity.matching_texts import BETWEEN, DIGEST
from ankipress.identity.spelling import FORMULA
from ankipress.identity.vocabulary import COMMANDS

_COMMAND = re.compile(r"\\([A-Za-z]+)")
_BRACED = re.compile(r"\{(\w)\}")
_SPACE = re.compile(r"\s+")
_WORDS = re.compile(r"\w+")


def marks_exchanged(old: Fingerprint, new: Fingerprint) -> bool:
    """Whether code or a formula of the one question was replaced by other code with other marks.

    Code that is only on one side, as where an author says more exactly what is meant, exchanges
    nothing.
    """
    if not (_has_marks(old) and _has_marks(new)):
        return False
    before = Counter(_skeletons(old.question, old.code))
    after = Counter(_skeletons(new.question, new.code))
    return bool(before - after) and bool(after - before)


def _has_marks(card: Fingerprint) -> bool:
    return card.code != "" or "$" in card.question or "\\" in card.question


@lru_cache(maxsize=65536)
def _skeletons(question: str, code: str) -> tuple[str, ...]:
    """Each piece of code and each formula with a `w` in the place of every word. Nothing is known
    of code that is remembered as a digest.
    """
    pieces = []
    if code and not code.startswith(DIGEST):
        pieces += code.split(BETWEEN)
    formulas = [_plain_formula(each) for each in FORMULA.findall(question)]
    return tuple(_WORDS.sub("w", _SPACE.sub("", piece)) for piece in (*pieces, *formulas))


def _plain_formula(tex: str) -> str:
    r"""A formula without what only looks different: `\dfrac`, `\left`, braces around a letter."""
    tex = _COMMAND.sub(lambda found: COMMANDS.get(found[1], found[1]), tex)
    return _BRACED.sub(r"\1", tex)
