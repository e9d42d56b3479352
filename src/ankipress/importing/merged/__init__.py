"""A newer version of a deck, merged into the project that came from it."""
