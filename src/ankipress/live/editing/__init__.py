"""Edits of notes, written into their cards with every other byte kept."""
