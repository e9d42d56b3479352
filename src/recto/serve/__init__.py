"""The preview as a page: what it shows, what changed in it, and who may ask for it.

Nothing is imported here: `app` and `board` answer a browser while the stages, which `view` needs, are still being imported.
"""
