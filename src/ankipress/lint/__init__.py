"""Advice on cards that are hard to learn although nothing in them is wrong: one module a check."""
