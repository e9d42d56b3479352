"""Media: references to pictures, sound and video → files of the package, with names that change with the content."""

from recto.media.folder import ENDINGS, LARGEST, MediaFolder, Refusal, media_name
from recto.media.fonts import Fonts, read_fonts
from recto.media.kept import kept_media, kept_path
from recto.media.resolve import Resolved, resolve_media
from recto.media.unused import unused_media

__all__ = [
    "ENDINGS",
    "LARGEST",
    "Fonts",
    "MediaFolder",
    "Refusal",
    "Resolved",
    "kept_media",
    "kept_path",
    "media_name",
    "read_fonts",
    "resolve_media",
    "unused_media",
]
