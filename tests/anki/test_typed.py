"""Typed answers: what a learner reads as the answer is what Anki expects."""

from __future__ import annotations

from pathlib import Path

import pytest

from author import Author
from learner import Learner

ANSWERS = [
    ("Paris", "Paris"),
    ("**Paris** is\nthe *capital*.", "Paris is the capital."),
    ("`a  b` < c & d", "a  b < c & d"),
    ("`[x[::2]]` {{c1::x}}", "[x[::2]] {{c1::x}}"),
    ("$\\frac{1}{x_1}$", "\\frac{1}{x_1}"),
    ("- one\n- two", "one two"),
    ("```python\nprint('a  b', {'x': {}}, \"é\")\n```", "print('a  b', {'x': {}}, \"é\")"),
    (
        '```python linenos title="f.py" {1}\ndef f(x):\n\treturn x<y & x\n```',
        "def f(x): return x<y & x",
    ),
    ("```cpp\nstd::vector<int> v; // {{}}\n```", "std::vector<int> v; // {{}}"),
    ("`[sound:a.mp3]`", "[sound:a.mp3]"),
]


def test_what_is_read_can_be_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    author = Author(tmp_path / "deck", monkeypatch, {"name": "typed", "uid": "typed-in-anki"})
    cards = (
        f"## Type it: {number} {{typed kind=basic}}\n\n{answer}\n"
        for number, (answer, _) in enumerate(ANSWERS)
    )
    author.write("cards.md", "\n".join(cards))
    with Learner(tmp_path / "learner") as learner:
        learner.import_package(author.release("1.0.0"))
        assert learner.template_errors() == []
        guids = [guid for guid, _ in learner.new_cards()]
        for guid, (answer, typed) in zip(guids, ANSWERS, strict=True):
            compared = learner.comparison(guid, typed)
            assert "typeMissed" not in compared, answer
            assert "typeBad" not in compared, answer
            assert "typeGood" in compared, answer
            assert "typeMissed" in learner.comparison(guid, typed[:-1]), (
                "what is not typed is missed"
            )
        assert all("[[type:Typed]]" in side.question for side in learner.shown().values())
