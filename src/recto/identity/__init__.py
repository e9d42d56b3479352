"""Entries + lock → notes, and packed content + lock → the next lock."""

from recto.identity.asking import question_of
from recto.identity.drift import Drift, drift_of
from recto.identity.notes import assign
from recto.identity.recovery import Outcome, Published, PublishedPackage, Recovered, recover
from recto.identity.settle import settle_new, settle_same
from recto.identity.stamp import CHANGED_TAG, Release, Stamped, own_tags, packed_digest, stamp

__all__ = [
    "CHANGED_TAG",
    "Drift",
    "Outcome",
    "Published",
    "PublishedPackage",
    "Recovered",
    "Release",
    "Stamped",
    "assign",
    "drift_of",
    "own_tags",
    "packed_digest",
    "question_of",
    "recover",
    "settle_new",
    "settle_same",
    "stamp",
]
