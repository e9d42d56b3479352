"""What a push brings to Anki."""
