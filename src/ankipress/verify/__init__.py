"""Releases, imported one after another into Anki's real engine, and compared with what was
predicted.
"""
