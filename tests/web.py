"""What tests in a browser have in common: a preview and a folder at an address, and a judge."""

from __future__ import annotations

import functools
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


@contextmanager
def served(
    folder: Path, *arguments: str, program: Sequence[str] = ("-m", "ankipress", "serve")
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`ankipress serve` in a folder, or another program like it, and the address that it prints."""
    command = [sys.executable, *program, "--no-open", "--port", "0", *arguments]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            assert line.startswith("http://127.0.0.1:"), line + process.stdout.read()
            yield process, line.split()[0]
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def web(folder: Path) -> Iterator[str]:
    """The files of a folder, at an address."""
    handler = functools.partial(Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def axe(page: Page, rules: list[str], besides: str = "template") -> list[str]:
    """What axe-core finds that is serious or worse, besides some elements; no rules are all of
    them.
    """
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    options = {
        "resultTypes": ["violations"],
        **({"runOnly": {"type": "rule", "values": rules}} if rules else {}),
    }
    run = "([besides, options]) => axe.run({ exclude: [[besides]] }, options)"
    found = page.evaluate(run, [besides, options])["violations"]
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]
