"""Where AnkiConnect listens: on this machine, and nowhere else."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from ankipress.live.anki_contents import LiveError

CODE = "anki-refused"
"""The code of every LiveError of a running Anki."""

HOST = "127.0.0.1"
PORT = 8765
"""Where AnkiConnect listens unless somebody has chosen otherwise."""

_HELP = "write it as http://127.0.0.1:8765, or take ANKICONNECT_URL away"


@dataclass(frozen=True, slots=True)
class AnkiAddress:
    """A numeric address of this machine, and a port."""

    host: str = HOST
    port: int = PORT

    def __str__(self) -> str:
        if ":" in self.host:
            return f"[{self.host}]:{self.port}"
        return f"{self.host}:{self.port}"


def anki_address(url: str) -> AnkiAddress:
    """The address of a URL such as `http://localhost:8765`. Raises LiveError for all that is not
    on this machine, since a collection is nobody else's business.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or PORT
    except ValueError as error:
        raise LiveError(CODE, f"{url} is no address of AnkiConnect: {error}", _HELP) from error
    if not _is_plain(parts):
        raise LiveError(CODE, f"{url} is no address of AnkiConnect", _HELP)
    return AnkiAddress(_loopback(parts.hostname or "", url), port)


def _is_plain(parts: SplitResult) -> bool:
    has_more = parts.username or parts.path.strip("/") or parts.query or parts.fragment
    return parts.scheme == "http" and not has_more


def _loopback(host: str, url: str) -> str:
    """The number of a host, which is asked of nobody: a name may lead anywhere."""
    if host == "localhost":
        return HOST
    try:
        # A zone behind a percent sign is a way around.
        is_here = "%" not in host and ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_here = False
    if not is_here:
        raise LiveError(CODE, f"{url} is not on this machine", _HELP)
    return host
