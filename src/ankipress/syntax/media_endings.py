"""The endings of the files that a card can show or play, in lower case."""

from __future__ import annotations

PICTURES = frozenset("png jpg jpeg gif svg webp avif bmp ico tif tiff".split())
PLAYED = frozenset(
    "mp3 ogg oga opus wav flac m4a aac spx mp4 webm mpg mpeg mov mkv ogv avi 3gp".split()
)
"""The endings of what Anki plays: sound and video."""
ENDINGS = PICTURES | PLAYED
