"""Note types of a stranger's that would take minutes are refused, and read in no time."""

from __future__ import annotations

import pytest

from ankipress.notetypes.custom_types import read_custom

FIELDS = ["Front", "Back"]
BACK = "{{Back}}"


def problems(front: str, fields: list[str] = FIELDS, templates: int = 1) -> list[str]:
    """What is said of a note type with this front, and this number of templates."""
    names = [f"Card {number}" for number in range(templates)]
    toml = f"fields = {fields}\ntemplates = {names}\n"
    files = {"notetypes/t/notetype.toml": toml}
    for name in names:
        files[f"notetypes/t/{name}.front.html"] = f"{name} {front}"
        files[f"notetypes/t/{name}.back.html"] = BACK
    return [each.message for each in read_custom(files).diagnostics]


def named(number: int) -> list[str]:
    return ["Back", *(f"Field {each}" for each in range(number - 1))]


@pytest.mark.parametrize(
    ("found", "told"),
    [
        pytest.param(problems("{{Front}}"), [], id="a small one"),
        pytest.param(problems("{{Field 0}}", named(200)), [], id="many fields"),
        pytest.param(
            problems("{{Field 0}}", named(201)),
            ["there are 201 fields, too many for a note type"],
            id="more fields",
        ),
        pytest.param(problems("{{Front}}", templates=50), [], id="many templates"),
        pytest.param(
            problems("{{Front}}", templates=51),
            ["there are 51 templates, too many for a note type"],
            id="more templates",
        ),
        pytest.param(
            problems("{{Field 0}}" * 5_000, named(200)),
            ["200 fields and 5,000 pairs of braces on the fronts are too many together"],
            id="many fields many times",
        ),
        pytest.param(
            problems("{{Front}}" + "x" * 1_000_000),
            ["this side has more than 1,000,000 characters"],
            id="a long front",
        ),
        pytest.param(
            problems("{{#Back}}" * 50 + "{{Front}}" + "{{/Back}}" * 50), [], id="deep conditions"
        ),
        pytest.param(
            problems("{{#Back}}" * 51 + "{{Front}}" + "{{/Back}}" * 51),
            ["more than 50 conditions stand in each other"],
            id="deeper conditions",
        ),
    ],
)
def test_a_large_note_type_is_refused(found: list[str], told: list[str]) -> None:
    assert found == told


@pytest.mark.parametrize(
    "front",
    [
        pytest.param("{{" * 40_000, id="open braces"),
        pytest.param("{{Fronnt}}\n" * 20_000, id="names that are none"),
        pytest.param("{{}}" * 20_000, id="empty braces"),
        pytest.param("{{#Front}}" * 20_000, id="conditions that never end"),
        pytest.param("{{/Front}}" * 20_000, id="conditions that never began"),
    ],
)
def test_not_every_mistake_of_thousands_is_told(front: str) -> None:
    told = problems(front)
    assert len(told) <= 202
    assert "there may be more that is wrong from here on" in told
