"""Markdown as GitHub reads it: outline, fences, definitions, deletions, and the plain text of a
card.
"""
