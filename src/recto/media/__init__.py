"""Media: references to pictures, sound and video → files of the package, with names that change with the content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recto.lazy import lazily
from recto.media.folder import ENDINGS, LARGEST, MediaFolder, Refusal, media_name

if TYPE_CHECKING:
    from recto.media.fonts import Fonts, read_fonts
    from recto.media.kept import kept_media, kept_path
    from recto.media.resolve import Resolved, Resolver, resolve_media
    from recto.media.unused import unused_media

__all__ = [
    "ENDINGS",
    "LARGEST",
    "Fonts",
    "MediaFolder",
    "Refusal",
    "Resolved",
    "Resolver",
    "kept_media",
    "kept_path",
    "media_name",
    "read_fonts",
    "resolve_media",
    "unused_media",
]

__getattr__ = lazily(
    __name__,
    {
        "Fonts": "recto.media.fonts",
        "Resolved": "recto.media.resolve",
        "Resolver": "recto.media.resolve",
        "kept_media": "recto.media.kept",
        "kept_path": "recto.media.kept",
        "read_fonts": "recto.media.fonts",
        "resolve_media": "recto.media.resolve",
        "unused_media": "recto.media.unused",
    },
)
