"""Packages as another tool, or a broken lock, might have made them."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A package of these files, whatever they are."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def edited_package(
    package: bytes,
    edit: Callable[[sqlite3.Connection], object],
    members: Mapping[str, bytes] | None = None,
) -> bytes:
    """A package with its database edited, and with other files in it or more of them."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(contents["collection.anki2"])
        edit(connection)
        connection.commit()
        contents["collection.anki2"] = connection.serialize()
    return zipped({**contents, **(members or {})})
