"""What is no part of a deletion and must not end one."""

from __future__ import annotations

import pytest

from recto.render.cloze import shield, without_deletions
from recto.render.math import MARK, finish_math


def math(tex: str) -> str:
    return f"{MARK}({tex}{MARK})"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a::b }} {{", "a::b }} {{", id="a text without deletions"),
        pytest.param("{{c1::a::hint}}", "{{c1::a::hint}}", id="a deletion and its hint"),
        pytest.param("{{c1::<code>a::b</code>}}", "{{c1::<code>a:<wbr>:b</code>}}", id="colons in code"),
        pytest.param("{{c1::<code>{{}}</code>}}", "{{c1::<code>{<wbr>{}<wbr>}</code>}}", id="braces in code"),
        pytest.param(
            '{{c1::<pre><img alt="a::b}}" src="a.png"></pre>}}',
            '{{c1::<pre><img alt="a: :b} }" src="a.png"></pre>}}',
            id="a tag in code, which can hold no markup",
        ),
        pytest.param(
            '{{c1::<pre class="highlight"><code>a}}}</code></pre>}}',
            '{{c1::<pre class="highlight"><code>a}<wbr>}<wbr>}</code></pre>}}',
            id="braces in a block of code",
        ),
        pytest.param("{{c1::" + math("x_{a_{b}}") + "}}", r"{{c1::\(x_{a_{b} }\)}}", id="braces in mathematics"),
        pytest.param("{{c1::" + math("f::g") + "}}", r"{{c1::\(f:{}:g\)}}", id="colons in mathematics"),
        pytest.param(math("n_{{c2::i}}"), r"\(n_{{c2::i}}\)", id="a deletion in mathematics"),
        pytest.param(
            math(r"{{c1::\frac{a}{b_{c}}::hint}}"),
            r"\({{c1::\frac{a}{b_{c} }::hint}}\)",
            id="braces in a deletion in mathematics",
        ),
        pytest.param(math("a_{{{c1::b}}}"), r"\(a_{{{c1::b}} }\)", id="a deletion in braces in mathematics"),
    ],
)
def test_shielded(text: str, expected: str) -> None:
    if "{{c" not in text:
        assert shield(text) == text
    assert finish_math(shield(text)) == expected


def test_other_fields_hold_no_deletion() -> None:
    assert without_deletions("{{c1::a}} {{x}}") == "{<wbr>{c1::a}} {{x}}"
    assert without_deletions('<img alt="{{c1::a}}" src="b.png">') == '<img alt="{ {c1::a}}" src="b.png">'
