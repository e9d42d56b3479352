"""Notes of ankipress's own note types → the cards that made them."""
