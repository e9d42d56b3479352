"""Package → Anki database. What is needed is imported from its module, since one of them needs much more than the other."""
