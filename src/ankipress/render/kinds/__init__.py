"""Which part of an entry fills which field of its note type: a module for each kind of card."""
