"""A style sheet that holds its fonts: a frame without an origin may load none from a server."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

from ankipress.model import MediaFile

_URL = re.compile(r"""url\(\s*(["']?)([^"')]+\.(woff2|woff|ttf|otf))\1\s*\)""", re.IGNORECASE)


def with_fonts(css: str, media: Mapping[str, MediaFile]) -> str:
    """The style sheet with each font that is among the media in the place of its name."""

    def put(found: re.Match[str]) -> str:
        file = media.get(found[2])
        if file is None:
            return found[0]
        data = base64.b64encode(file.read()).decode()
        return f'url("data:font/{found[3].lower()};base64,{data}")'

    return _URL.sub(put, css)
