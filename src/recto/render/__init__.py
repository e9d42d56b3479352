"""Notes → rendered notes: Markdown becomes the canonical HTML of Anki's fields."""

from recto.render.fields import Rendered, Track, render
from recto.render.highlight import stylesheet

__all__ = ["Rendered", "Track", "render", "stylesheet"]
