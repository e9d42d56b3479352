"""A deck as a site of static files: every card on a page of its own, and lists of them, with the package to download."""

from recto.preview.site.content import Download, Publication
from recto.preview.site.growth import Snapshot
from recto.preview.site.pages import make_site

__all__ = ["Download", "Publication", "Snapshot", "make_site"]
