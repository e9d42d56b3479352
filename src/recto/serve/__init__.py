"""The preview as a page: what it shows, what changed in it, and who may ask for it."""

from recto.serve.app import Doors, make_app
from recto.serve.board import Board
from recto.serve.edited import Edited, edited_view
from recto.serve.first_look import first_look
from recto.serve.view import Input, View, make_view, with_problems

__all__ = ["Board", "Doors", "Edited", "Input", "View", "edited_view", "first_look", "make_app", "make_view", "with_problems"]
