"""Entries + lock → notes, and packed content + lock → the next lock."""

from recto.identity.asking import question_of
from recto.identity.notes import assign
from recto.identity.recovery import Outcome, Published, PublishedPackage, Recovered, recover
from recto.identity.settle import settle_new, settle_same
from recto.identity.stamp import Release, Stamped, stamp

__all__ = [
    "Outcome",
    "Published",
    "PublishedPackage",
    "Recovered",
    "Release",
    "Stamped",
    "assign",
    "question_of",
    "recover",
    "settle_new",
    "settle_same",
    "stamp",
]
