"""Two versions of a deck: what differs, what Anki will do with it, and how large a step in version
that is.
"""
