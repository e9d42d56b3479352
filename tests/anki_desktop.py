"""A real Anki on a desktop without a screen, with the real add-on AnkiConnect.

Nothing of both is a part of this project: `make test-live` fetches them, and says by these
variables where they are. Without them, tests that want a running Anki are skipped.

    ANKI_DESKTOP        a Python that has `aqt` with Qt
    ANKICONNECT_SOURCE  a clone of AnkiConnect
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ankipress.live.anki_contents import LiveError
from ankipress.live.running.anki_address import AnkiAddress
from ankipress.live.running.anki_connect import AnkiConnect
from ankipress.live.running.running_anki import RunningAnki

PROFILES = ("Learner", "Other")
API_KEY = "a key of the tests"

_PATIENCE = 60.0
_PAUSE = 0.05
_ADD_ON = "AnkiConnectDev"
_RUNNER = "run_python"

# An add-on that runs what a test puts beside it, and ends with the test, however that ends.
_RUNNER_CODE = """
import json, os, traceback
from pathlib import Path
from aqt import mw
from aqt.qt import QTimer

FOLDER = Path(__file__).parent
PARENT = os.getppid()

def look():
    if os.getppid() != PARENT:
        os._exit(1)
    for path in sorted(FOLDER.glob("*.order")):
        order = json.loads(path.read_text(encoding="utf-8"))
        path.unlink()
        names = {"mw": mw, "col": mw.col, "result": None, **order["values"]}
        try:
            exec(order["code"], names)
            answer = {"result": names["result"]}
        except Exception:
            answer = {"error": traceback.format_exc()}
        new = path.with_suffix(".new")
        new.write_text(json.dumps(answer), encoding="utf-8")
        os.replace(new, path.with_suffix(".answer"))

timer = QTimer()
timer.timeout.connect(look)
timer.start(20)
"""
# A first run would ask for a language, and any run for updates.
_PROFILES_CODE = """
import sys
from pathlib import Path
import anki.lang
from aqt.profiles import ProfileManager

anki.lang.set_lang("en")
manager = ProfileManager(Path(sys.argv[1]))
manager.setupMeta()
manager.setLang("en")
manager.set_update_check(False)
manager.set_check_for_addon_updates(False)
manager.meta["firstRun"] = False
data = manager._pickle(manager.meta)
manager.db.execute("update profiles set data = ? where name = '_global'", data)
for name in sys.argv[2:]:
    manager.create(name)
manager.db.commit()
"""
_EMPTY = """
col.remove_notes(col.find_notes(""))
col.decks.remove([each.id for each in col.decks.all_names_and_ids() if each.id != 1])
for each in list(col.models.all_names_and_ids()):
    if each.id not in kept:
        col.models.remove(each.id)
col.tags.clear_unused_tags()
col.db.execute("delete from revlog")
"""


def _environment(folder: Path | None = None) -> Mapping[str, str]:
    """One without a screen. Nothing of the user's own Anki is in it."""
    found = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "QTWEBENGINE_DISABLE_SANDBOX": "1",
        "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox --disable-gpu",
    }
    found.pop("PYTHONPATH", None)
    if folder is not None:
        found |= {"ANKI_SINGLE_INSTANCE_KEY": folder.name, "TMPDIR": str(folder)}
    return found


def _missing() -> str:
    """What is missing for a desktop, empty if it is all there."""
    python, source = os.environ.get("ANKI_DESKTOP"), os.environ.get("ANKICONNECT_SOURCE")
    if not python or not source:
        return "run make test-live, which sets ANKI_DESKTOP and ANKICONNECT_SOURCE"
    if not (Path(source) / "plugin" / "__init__.py").is_file():
        return f"there is no AnkiConnect in {source}"
    check = [python, "-c", "import aqt.main"]
    found = subprocess.run(check, env=_environment(), capture_output=True, text=True, check=False)
    if found.returncode:
        reason = found.stderr.strip().splitlines()[-1:]
        return f"{python} cannot start Anki: {' '.join(reason)}"
    return ""


if _REASON := _missing():
    pytest.skip(f"NOTHING IS TESTED AGAINST A RUNNING ANKI: {_REASON}", allow_module_level=True)


class AnkiDesktop:
    """A running Anki, whose profile is empty.

    `folder` is that of its profiles, `address` is where its AnkiConnect listens. Ask it by `anki()`
    as ankipress does; `run` does what only somebody at its screen could do.
    """

    def __init__(self, folder: Path, address: AnkiAddress, process: subprocess.Popen[str]) -> None:
        self.folder, self.address, self._process = folder, address, process
        self._runner = folder / "addons21" / _RUNNER
        self._kept: list[int] = []

    def anki(self, key: str | None = None) -> RunningAnki:
        """What ankipress has of it."""
        return RunningAnki(AnkiConnect(self.address, lambda: key))

    def ask(self, action: str, **values: object) -> Any:
        """What AnkiConnect answers to any action, such as those that edit notes."""
        connect = AnkiConnect(self.address, lambda: None)
        return msgspec.json.decode(connect.ask(action, msgspec.Raw, values))

    def run(self, code: str, **values: object) -> Any:
        """Run Python in Anki, which knows `mw`, `col` and some values, and give its `result`."""
        answer = self.order(code, **values).with_suffix(".answer")
        deadline = time.monotonic() + _PATIENCE
        while not answer.exists():
            assert self.is_running, "Anki has ended"
            assert time.monotonic() < deadline, "Anki does not answer"
            time.sleep(_PAUSE)
        found = json.loads(answer.read_text(encoding="utf-8"))
        assert "error" not in found, found.get("error")
        return found["result"]

    def order(self, code: str, **values: object) -> Path:
        """Have Python run in Anki, and do not wait for it."""
        new = self._runner / f"{time.monotonic_ns()}.writing"
        new.write_text(json.dumps({"code": code, "values": values}), encoding="utf-8")
        return new.rename(new.with_suffix(".order"))

    def set_api_key(self, key: str | None) -> None:
        """Let AnkiConnect want a key from now on, or none."""
        meta = self.folder / "addons21" / _ADD_ON / "meta.json"
        meta.write_text(json.dumps({"config": {"apiKey": key}}), encoding="utf-8")

    def empty(self) -> None:
        """Have no notes, decks and note types, but those of a new profile."""
        self.set_api_key(None)
        if not self._kept:
            self._kept = self.run("result = [each.id for each in col.models.all_names_and_ids()]")
        self.run(_EMPTY, kept=self._kept)

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it at once, with all its processes."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


@contextmanager
def desktop(profile: str | None = PROFILES[0]) -> Iterator[AnkiDesktop]:
    """An Anki of its own, which is gone at the end. Without a profile it shows the screen where one
    is chosen, and answers only what needs none.
    """
    # The path of a socket has at most a hundred characters.
    with tempfile.TemporaryDirectory(prefix="anki-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        address = AnkiAddress(port=_free_port())
        _install_add_ons(folder, address)
        with _process(folder, profile) as process:
            found = AnkiDesktop(folder, address, process)
            _wait(found, folder / "output.txt")
            yield found


@contextmanager
def _process(folder: Path, profile: str | None) -> Iterator[subprocess.Popen[str]]:
    python = os.environ["ANKI_DESKTOP"]
    make = [python, "-c", _PROFILES_CODE, str(folder), *PROFILES]
    subprocess.run(make, env=_environment(folder), check=True, capture_output=True)
    words = [python, "-c", "import aqt; aqt.run()", "-b", str(folder), "-l", "en"]
    if profile is not None:
        words += ["-p", profile]
    pipes: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
    with (folder / "output.txt").open("w") as output:
        process = subprocess.Popen(
            words,
            env=_environment(folder),
            stdout=output,
            text=True,
            start_new_session=True,
            **pipes,
        )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _install_add_ons(folder: Path, address: AnkiAddress) -> None:
    add_ons = folder / "addons21"
    connect = add_ons / _ADD_ON
    shutil.copytree(Path(os.environ["ANKICONNECT_SOURCE"]) / "plugin", connect)
    settings = connect / "config.json"
    values = json.loads(settings.read_text(encoding="utf-8"))
    settings.write_text(json.dumps({**values, "webBindPort": address.port}), encoding="utf-8")
    (add_ons / _RUNNER).mkdir()
    (add_ons / _RUNNER / "__init__.py").write_text(_RUNNER_CODE, encoding="utf-8")


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def _wait(found: AnkiDesktop, output: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            AnkiConnect(found.address, lambda: None)
        except LiveError:
            is_late = time.monotonic() > deadline
            if found.is_running and not is_late:
                time.sleep(_PAUSE)
                continue
            text = output.read_text(encoding="utf-8", errors="replace")
            pytest.fail(f"Anki does not start:\n{text[-3000:]}")
        return
