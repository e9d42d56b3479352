"""What was edited in Anki since a note was packed, and what of it is wanted here."""
