"""What a page sends, with a bound on its size, its time and its depth."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

MOST_BYTES = 100_000
"""A page sends some words that a learner typed, and never more than this."""
_PATIENCE = 10  # seconds until all of it must have come


async def read_object(request: Request) -> dict[str, Any]:
    """The JSON object that was sent, an empty one for another value.

    Raises the answers 400, 408 and 413 for what is no JSON, slow or large.
    """
    try:
        async with asyncio.timeout(_PATIENCE):
            content = await _bounded_body(request)
    except TimeoutError:
        raise HTTPException(408) from None
    try:
        sent = json.loads(content)
        # Half of a surrogate pair can be read, and never be sent back.
        json.dumps(sent, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise HTTPException(400) from None
    if not isinstance(sent, dict):
        return {}
    return sent


async def _bounded_body(request: Request) -> bytes:
    content = b""
    async with aclosing(request.stream()) as stream:
        async for part in stream:
            content += part
            if len(content) > MOST_BYTES:
                raise HTTPException(413)
    return content
