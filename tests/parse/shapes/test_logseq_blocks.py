"""Cards of Logseq: blocks with `#card` and what stands below them."""

from __future__ import annotations

import pytest

from vault import cards

ID = "66c2b37c-4e6f-47dc-a816-6830524773f1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- Q #card\n\t- A\n\t- B\n", ["Q | - A\n- B"]),
        ("- Q #card\n  - A\n", ["Q | - A"]),
        ("- Q #card\n  A\n", ["Q | A"]),
        ("- Q\n\t- Q2 #card\n\t\t- A\n\t\t\t- B\n\t- C\n", ["Q2 | - A\n\t- B"]),
        ("- #card Q\n\t- A\n", ["Q | - A"]),
        ("- Q #Card #a/b\n\t- A\n", ["Q #a/b {.a::b} | - A"]),
        ("- Q #a #card\n\t- A\n", ["Q #a {.a} | - A"]),
        ("- Q [[card]]\n\t- A\n", ["Q | - A"]),
        ("- Q #[[Card]]\n\t- A\n", ["Q | - A"]),
        ("- ### Q #card\n\t- A\n", ["Q | - A"]),
        ("- # Q #card\n  card-repeats:: 1\n\t- A\n", ["Q | - A"]),
        (
            f"- Q #card\n  card-last-interval:: -1\n  id:: {ID}\n  deck:: [[x]]\n\t- A\n",
            [f"Q {{#{ID}}} | - A"],
        ),
        ("- Q #card\n\t- A\n\t  id:: x\n\t  collapsed:: true\n\t\t- B\n", ["Q | - A\n\t- B"]),
        (
            "- Q #card\n  :LOGBOOK:\n  CLOCK: [2022]\n  :END:\n\t- A\n",
            ["Q | - A"],
        ),
        ("- Q #card\n  more of it\n\t- A\n", ["Q | more of it | - A"]),
        ("- Q #card\n\t- ```js\n\t  a::b\n\n\t  id:: c\n\t  ```\n",
         ["Q | - ```js\n  a::b\n\n  id:: c\n  ```"]),
        ("- Q #card-reverse\n\t- A\n", ["Q {reverse} | - A"]),
        ("- {{cloze A}} is b. #card\n", ["{{c1::A}} is b. {cloze}"]),
        ("- A {{cloze b \\\\ hint}} {{cloze c}} #card\n\t- d\n",
         ["A {{c1::b::hint}} {{c2::c}} {cloze} | - d"]),
        ("- Q #card\n\t- A\n\t- R #card\n\t\t- B\n\t- C\n", ["Q | - A\n- C", "R | - B"]),
        ("- A {{cloze b}}.\n", []),
        ("- Q #cards\n\t- A\n", []),
        ("- `Q #card`\n\t- A\n", []),
        ("- See [[card]]\n", []),
        ("- The [[card]] is here.\n\t- A\n", []),
        ("```\n- Q #card\n\t- A\n```\n", []),
        ("> - Q #card\n> \t- A\n", []),
        ("- ```\n  Q #card\n  ```\n", []),
        ("title:: x\ntags:: a\n\n- type:: b\n- name:: c\n", []),
    ],
)  # fmt: skip
def test_a_block_with_a_tag_is_a_card(text: str, expected: list[str]) -> None:
    assert cards(text) == expected
