"""To and from a running Anki: what was edited there comes back, and what was built goes there."""
