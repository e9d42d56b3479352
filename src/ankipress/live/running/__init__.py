"""A running Anki, asked by its add-on AnkiConnect."""
