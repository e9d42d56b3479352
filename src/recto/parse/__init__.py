"""Text → entries: what an author wrote, cut into questions and answers."""

from recto.parse.entries import Parsed, parse
from recto.parse.explicit import insert_ids, make_slug
from recto.parse.text import decode

__all__ = ["Parsed", "decode", "insert_ids", "make_slug", "parse"]
