"""ankipress compiles Markdown questions and answers into versioned Anki packages."""

__version__ = "0.1.0"
