"""Anki note types: ankipress's own, and those of authors."""
