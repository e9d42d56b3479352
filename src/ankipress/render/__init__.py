"""Notes → rendered notes: Markdown becomes the canonical HTML of Anki's fields."""
