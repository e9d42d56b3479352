"""Entries + lock → notes, and packed content + lock → the next lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recto.identity.stamp import CHANGED_TAG, Release, Stamped, own_tags, packed_digest, stamp
from recto.lazy import lazily

if TYPE_CHECKING:
    from recto.identity.asking import question_of
    from recto.identity.drift import Drift, drift_of
    from recto.identity.notes import assign
    from recto.identity.recovery import Outcome, Published, PublishedPackage, Recovered, recover
    from recto.identity.settle import settle_new, settle_same

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

__getattr__ = lazily(
    __name__,
    {
        "Drift": "recto.identity.drift",
        "Outcome": "recto.identity.recovery",
        "Published": "recto.identity.recovery",
        "PublishedPackage": "recto.identity.recovery",
        "Recovered": "recto.identity.recovery",
        "assign": "recto.identity.notes",
        "drift_of": "recto.identity.drift",
        "question_of": "recto.identity.asking",
        "recover": "recto.identity.recovery",
        "settle_new": "recto.identity.settle",
        "settle_same": "recto.identity.settle",
    },
)
