"""Entries + lock → notes, and packed content + lock → the next lock."""
