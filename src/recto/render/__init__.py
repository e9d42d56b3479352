"""Notes → rendered notes: Markdown becomes the canonical HTML of Anki's fields."""

from recto.render.fields import Rendered, render
from recto.render.themes import Themed, render_theme

__all__ = ["Rendered", "Themed", "render", "render_theme"]
