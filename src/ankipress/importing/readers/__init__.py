"""Sources of decks, each read by a module of its own."""
