"""What some commands need and ankipress does not: packages by their own names, since a public index
has another ankipress.
"""

from __future__ import annotations

from collections.abc import Iterable

ENGINE = ("anki>=25.9",)
SERVER = ("starlette>=0.45", "uvicorn>=0.34", "watchfiles>=1.0")


def install_line(requirements: Iterable[str]) -> str:
    """What installs some packages, quoted so that every shell takes `>` for a letter."""
    return " ".join(("pip install", *(f'"{each}"' for each in requirements)))
