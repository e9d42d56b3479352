"""Notes → rendered notes: Markdown becomes the canonical HTML of Anki's fields."""

from recto.render.extensions import load_extensions
from recto.render.fields import Rendered, begin, render
from recto.render.themes import Themed, render_theme

__all__ = ["Rendered", "Themed", "begin", "load_extensions", "render", "render_theme"]
