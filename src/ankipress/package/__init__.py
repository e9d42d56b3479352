"""Notes → .apkg and back: cards, database, archive, description, splitting, reading packages."""
