"""Notes → rendered notes: Markdown becomes the canonical HTML of Anki's fields."""

from recto.render.fields import Rendered, Track, render
from recto.render.themes import Themed, render_theme

__all__ = ["Rendered", "Themed", "Track", "render", "render_theme"]
