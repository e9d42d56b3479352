"""A project on disk: finding it, its settings and files, its media, atomic writes, and git."""
