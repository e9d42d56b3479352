"""An import that is stopped while it writes leaves no project, and the next one makes it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ankipress.cli.main import run

DRIVER = """
import os, sys
from pathlib import Path
from ankipress.cli.main import main

moment, number = map(int, sys.argv[1:3])
opened = Path.open

def stopped(self, *words, **more):
    global moment
    if ".ankipress-new-" in str(self):
        moment -= 1
        if moment == 0:
            file = opened(self, *words, **more)
            os.kill(os.getpid(), number)
            return file
    return opened(self, *words, **more)

Path.open = stopped
sys.argv = ["ankipress", "import", "words.csv", "deck"]
main()
"""


@pytest.mark.parametrize("moment", [1, 4])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_half_written(
    number: signal.Signals, moment: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("words.csv").write_text("front,back\ncat,animal\n")
    words = [sys.executable, "-c", DRIVER, str(moment), str(int(number))]
    stopped = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert stopped.returncode in {-number, 128 + number}
    assert "Traceback" not in stopped.stderr
    left = {path.name.partition("-new-")[0] for path in Path("deck").glob("*")}
    assert left <= {".ankipress"}
    if number is not signal.SIGKILL:
        assert not Path("deck").exists()
    assert run(["import", "words.csv", "deck"]) == 0
    assert not list(Path("deck").glob(".ankipress-*"))
    assert Path("deck/ankipress.toml").exists()
