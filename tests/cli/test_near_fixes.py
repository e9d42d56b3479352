"""`ankipress check --fix` makes of near misses what was meant, and keeps every other byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ankipress.cli.main import run

BEFORE = """\
# Deck

##What is {{c1:it}}?

The {{c2;;answer}}, `{{c2;;answer}}`, «x».

```
##What is {{c1:it}}?
```

## Second

All $p_i$s and $\\mu $, 🇫🇷 ![a](media/a b.png), `![a](media/a b.png)`.

- [$]x^2[/$] and «[$]»

### Hints

one

## \u00a0Third

<!-- {{c1:it}} -->

{{c1::a}}, {{c::b}}, {{c::c}}
"""
AFTER = """\
# Deck

## What is {{c1::it}}?

The {{c2::answer}}, `{{c2;;answer}}`, «x».

```
##What is {{c1:it}}?
```

## Second

All $`p_i`$s and $\\mu$, 🇫🇷 ![a](<media/a b.png>), `![a](media/a b.png)`.

- $x^2$ and «[$]»

### Hint

one

## \u00a0Third

<!-- {{c1:it}} -->

{{c1::a}}, {{c2::b}}, {{c3::c}}
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_near_misses_are_fixed_and_every_other_byte_is_kept(
    end: str,
    mark: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("cards.md").write_bytes(f"{mark}{BEFORE}".replace("\n", end).encode())
    for _ in range(2):  # what was no card is read as one the second time
        run(["check", "--fix"])
    assert Path("cards.md").read_bytes().decode() == f"{mark}{AFTER}".replace("\n", end)
    capsys.readouterr()
    run(["check", "--format", "json", "--ignore", "advice"])
    assert [row["code"] for row in json.loads(capsys.readouterr().out)] == ["missing-media"]
