"""Advice on cards: what makes one hard to learn, though nothing in it is wrong. One module a check."""
