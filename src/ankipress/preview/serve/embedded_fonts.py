"""A style sheet that holds its fonts: a frame without an origin may load none from a server."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

_URL = re.compile(r"""url\(\s*(["']?)([^"')]+\.(woff2|woff|ttf|otf))\1\s*\)""", re.IGNORECASE)


def with_fonts(css: str, media: Mapping[str, bytes]) -> str:
    """The style sheet with each font that is among the media in the place of its name."""

    def put(found: re.Match[str]) -> str:
        content = media.get(found[2])
        return (
            found[0]
            if content is None
            else f'url("data:font/{found[3].lower()};base64,{base64.b64encode(content).decode()}")'
        )

    return _URL.sub(put, css)
