"""The limit on time: what goes back and forth without end is interrupted, and everything else is
left alone.
"""

from __future__ import annotations

import re
import signal
import sys
import threading

import pytest

from ankipress.identity.assign import assign
from ankipress.model import CustomType, Lock, Source
from ankipress.project.settings import Settings
from ankipress.render import code_blocks, fields
from ankipress.render.card_parts import Parts
from ankipress.render.time_limit import OverBudgetError, limited
from parsing import parse
from stages import render_notes

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no such timer: nothing is limited there"
)


def backtrack() -> None:
    re.match(r"(a+)+$", "a" * 60 + "b")


def test_what_is_done_in_time_is_left_alone() -> None:
    before = signal.getsignal(signal.SIGVTALRM)
    with limited(5):
        assert sum(range(10)) == 45
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0, 0)
    assert signal.getsignal(signal.SIGVTALRM) is before


def test_a_pattern_that_never_ends_is_interrupted() -> None:
    with pytest.raises(OverBudgetError), limited(0.05):
        backtrack()
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0, 0)


def interrupted_inside() -> None:
    with pytest.raises(OverBudgetError), limited(0.05):
        backtrack()


def test_limits_nest() -> None:
    with limited(0.4):
        interrupted_inside()
        with pytest.raises(OverBudgetError):
            backtrack()


def test_another_thread_is_not_limited() -> None:
    done: list[int] = []

    def work() -> None:
        with limited(0.001):
            done.append(sum(range(100_000)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [4999950000]


def codes(text: str) -> list[str]:
    parsed = parse([Source("cards.md", text)], Settings())
    notes = assign(parsed.entries, Lock(), Settings()).notes
    return [each.code for each in render_notes(notes, Settings()).diagnostics]


def test_slow_code_is_plain_and_an_error_with_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_blocks, "SECONDS", 0.05)
    text = (
        "## Q\n\nBelow:\n\n```console\n" + "a::" * 20_000 + "\n```\n\n## R\n\n```python\n1\n```\n"
    )
    parsed = parse([Source("cards.md", text)], Settings())
    found = render_notes(assign(parsed.entries, Lock(), Settings()).notes, Settings())
    assert [
        (each.code, each.location.line, each.location.column, each.location.width)
        for each in found.diagnostics
    ] == [("too-slow", 5, 4, 7)]
    assert found.notes[0].fields["Back"].count("a::") == 20_000
    assert 'class="mi"' in found.notes[1].fields["Back"]


def test_a_slow_card_is_left_out_and_the_next_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fields._fields

    def slow(parts: Parts, custom: CustomType | None) -> dict[str, str]:
        result = whole(parts, custom)
        if "slow" in result["Front"]:
            backtrack()
        return result

    monkeypatch.setattr(fields, "_SECONDS", 0.05)
    monkeypatch.setattr(fields, "_fields", slow)
    assert codes("## Is this slow?\n\nYes.\n\n## Is this?\n\nNo.\n") == ["too-slow"]
