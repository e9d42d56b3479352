"""Cards as Anki shows them, without Anki: for the eyes of authors, and for pages on the web."""

from recto.preview.cards import PreviewCard, preview_cards, preview_note
from recto.preview.sounds import Sound, Speech

__all__ = ["PreviewCard", "Sound", "Speech", "preview_cards", "preview_note"]
