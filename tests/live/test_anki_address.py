"""A collection is asked for on this machine only."""

from __future__ import annotations

import pytest

from ankipress.live.anki_contents import LiveError
from ankipress.live.running.anki_address import AnkiAddress, anki_address


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("http://127.0.0.1:8765", "127.0.0.1", 8765),
        ("http://127.0.0.1", "127.0.0.1", 8765),
        ("http://localhost:9000/", "127.0.0.1", 9000),
        ("http://LOCALHOST", "127.0.0.1", 8765),
        ("http://127.1.2.3:1", "127.1.2.3", 1),
        ("http://[::1]:8765", "::1", 8765),
    ],
)
def test_what_is_on_this_machine_is_an_address(url: str, host: str, port: int) -> None:
    assert anki_address(url) == AnkiAddress(host, port)


def test_an_address_is_shown_as_it_is_written_in_urls() -> None:
    assert str(AnkiAddress("::1", 1)) == "[::1]:1"
    assert str(AnkiAddress()) == "127.0.0.1:8765"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:8765",
        "http://",
        "https://127.0.0.1:8765",
        "ftp://127.0.0.1",
        "http://example.org:8765",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org",
        "http://localhost@example.org",
        "http://user@127.0.0.1",
        "http://192.168.0.1:8765",
        "http://0.0.0.0:8765",
        "http://[::]:8765",
        "http://2130706433:8765",
        "http://0x7f.1",
        "http://127.1",
        "http://[::1%25eth0]:8765",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:port",
        "http://[127.0.0.1",
        "http://127.0.0.1/path",
        "http://127.0.0.1?a=b",
        "http://127.0.0.1#a",
    ],
)
def test_everything_else_is_refused(url: str) -> None:
    with pytest.raises(LiveError) as caught:
        anki_address(url)
    assert "http://127.0.0.1:8765" in caught.value.help
