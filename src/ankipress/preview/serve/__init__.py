"""The preview as a page: what it shows, what changed in it, and who may ask for it."""
