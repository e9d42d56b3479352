"""The text of a cloze note, put together from what makes and breaks deletions; Anki's engine is the
judge.
"""

import sys

import atheris

with atheris.instrument_imports(include=["ankipress"]):
    from harness import AnkiEngine, decoded, fuzz
    from laws import check_cloze, check_hidden_code

_PIECES = (
    *("{{c1::", "{{c2::", "{{c1,2::", "{{c0::", "{{c501::", "{{c", "}}", "}", "{", "::", ":", "`"),
    *("``", "\n", "\n\n", " ", "a", "b", "$", "$$", "\\(", "\\)", "\\[", "\\]"),
    *("\\", "*", "**", "_", "~~", "==", "<b>", "</b>", "<code>", "</code>", "<pre>", "</pre>"),
    *(
        "```\n",
        "\n```\n",
        "- ",
        "> ",
        "| ",
        "|-|-|\n",
        "&lt;",
        "&#58;",
        "&#125;",
        "<!--",
        "-->",
        '<img alt="',
    ),
    *('">', "![", "](", ")", "\\frac{a}{b}", "{{", "#", "1. ", "    ", "\t", "é", "\u00a0"),
    *("[sound:", "]"),
)
_ENGINE = AnkiEngine()


def _law(content: bytes) -> None:
    if content[:1] > b"\x80":
        code = " ".join(decoded(content[1:]).split())
        if code and code.isprintable() and "{{c" not in code:  # a deletion in code is one
            check_hidden_code(code, _ENGINE)
    else:
        check_cloze([_PIECES[number % len(_PIECES)] for number in content[1:200]], _ENGINE)


sys.setrecursionlimit(2_000)
fuzz(_law)
