"""Advice on the craft of cards: what makes one hard to learn, though nothing in it is wrong."""

from recto.craft.advice import CHECKS, advise
from recto.craft.links import linked_files
from recto.craft.memory import Memory, NotWantedError
from recto.craft.reading import Reading, read_cards

__all__ = ["CHECKS", "Memory", "NotWantedError", "Reading", "advise", "linked_files", "read_cards"]
