"""The running Anki of this user: where it listens, and the key that it may want."""

from __future__ import annotations

import os

from ankipress.live.running.anki_address import AnkiAddress, anki_address
from ankipress.live.running.anki_connect import SECONDS, AnkiConnect
from ankipress.live.running.running_anki import RunningAnki

URL_VARIABLE = "ANKICONNECT_URL"
"""Names the port, or another address of this machine, where AnkiConnect listens."""

KEY_VARIABLE = "ANKICONNECT_API_KEY"
"""Holds the API key of AnkiConnect, if it wants one."""

KEYRING_SERVICE = "ankipress"
KEYRING_USER = "ankiconnect"
"""Under these names the key may be kept in the keyring of the system."""


def running_anki(seconds: float = SECONDS) -> RunningAnki:
    """The Anki that runs here; each of its answers may take so many seconds. Raises LiveError, and
    NoAnkiError where none runs.
    """
    address = AnkiAddress()
    if url := os.environ.get(URL_VARIABLE):
        address = anki_address(url)
    return RunningAnki(AnkiConnect(address, _own_key, seconds))


def _own_key() -> str | None:
    """The key from the environment, else from the keyring, where that package is installed. It is
    never in a project, which others read.
    """
    if key := os.environ.get(KEY_VARIABLE):
        return key
    try:
        import keyring  # noqa: PLC0415 - optional, and slow
        from keyring.errors import KeyringError  # noqa: PLC0415
    except ImportError:
        return None
    try:
        key = keyring.get_password(KEYRING_SERVICE, KEYRING_USER)
    except (KeyringError, ImportError):  # none can be had, or it stays locked
        return None
    return key or None
