"""Where the running Anki of a user is, and with which key it is asked."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ankipress.cli.anki_connection import running_anki
from ankipress.live.anki_contents import LiveError
from ankipress.live.running.anki_address import AnkiAddress
from ankipress.live.running.anki_connect import NoAnkiError
from live_server import USUAL, answering, server

WANTS_KEY = {"permission": "granted", "requireApikey": True, "version": 6}
KEYRING = """
def get_password(service, user):
    from keyring.errors import KeyringError
    if {fails}:
        raise KeyringError
    return {found!r} if (service, user) == ("ankipress", "ankiconnect") else "of another"
"""


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANKICONNECT_URL", "ANKICONNECT_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(sys.modules, "keyring", None)  # as if it were not installed


def keyring(folder: Path, monkeypatch: pytest.MonkeyPatch, found: str | None, fails: bool) -> None:
    """Install a package that is called like keyring."""
    package = folder / "keyring"
    package.mkdir()
    (package / "__init__.py").write_text(KEYRING.format(found=found, fails=fails))
    (package / "errors.py").write_text("class KeyringError(Exception): pass\n")
    monkeypatch.delitem(sys.modules, "keyring")
    monkeypatch.delitem(sys.modules, "keyring.errors", raising=False)
    monkeypatch.syspath_prepend(folder)


def seen_key(monkeypatch: pytest.MonkeyPatch, wants: bool) -> object:
    """The key that an AnkiConnect sees, which wants one or not."""
    seen: list[object] = []

    def version(request: dict[str, object]) -> int:
        seen.append(request.get("key"))
        return 6

    permission = {**WANTS_KEY, "requireApikey": wants}
    behave = answering({**USUAL, "requestPermission": permission, "version": version})
    with server(behave) as address:
        monkeypatch.setenv("ANKICONNECT_URL", f"http://{address}")
        running_anki(seconds=5)
    return seen[-1]


def test_the_url_is_one_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANKICONNECT_URL", "http://example.org:8765")
    with pytest.raises(LiveError, match="not on this machine"):
        running_anki()


def test_without_a_url_it_is_the_usual_port(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[AnkiAddress] = []

    def refuse(address: AnkiAddress, *_: object) -> None:
        asked.append(address)
        raise NoAnkiError("anki-refused", "", "")

    monkeypatch.setattr("ankipress.cli.anki_connection.AnkiConnect", refuse)
    with pytest.raises(NoAnkiError):
        running_anki()
    assert [str(each) for each in asked] == ["127.0.0.1:8765"]


def test_the_key_comes_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring(tmp_path, monkeypatch, "from the keyring", fails=False)
    monkeypatch.setenv("ANKICONNECT_API_KEY", "from the environment")
    assert seen_key(monkeypatch, wants=True) == "from the environment"


def test_else_the_key_comes_from_the_keyring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring(tmp_path, monkeypatch, "from the keyring", fails=False)
    assert seen_key(monkeypatch, wants=True) == "from the keyring"


def test_the_keyring_is_left_alone_where_no_key_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring(tmp_path, monkeypatch, "from the keyring", fails=False)
    assert seen_key(monkeypatch, wants=False) is None
    assert "keyring" not in sys.modules


@pytest.mark.parametrize(("found", "fails"), [(None, False), ("", False), ("x", True)])
def test_without_a_key_it_is_said_where_to_put_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: str | None, fails: bool
) -> None:
    keyring(tmp_path, monkeypatch, found, fails)
    with pytest.raises(LiveError, match="wants its API key") as caught:
        seen_key(monkeypatch, wants=True)
    assert "ANKICONNECT_API_KEY" in caught.value.help


def test_without_keyring_the_environment_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LiveError, match="wants its API key"):
        seen_key(monkeypatch, wants=True)
    monkeypatch.setenv("ANKICONNECT_API_KEY", "a key")
    assert seen_key(monkeypatch, wants=True) == "a key"
