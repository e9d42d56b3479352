"""Decks of Anki and of other tools → a project of ankipress."""
