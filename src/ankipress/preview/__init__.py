"""Cards as Anki shows them, without Anki: for the eyes of authors, and for pages on the web."""
