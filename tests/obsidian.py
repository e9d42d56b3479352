"""Texts of which many hold marks of Obsidian's dialect, for the laws on it."""

from __future__ import annotations

from hypothesis import strategies as st

PIECES = (
    *(
        "a",
        "b c",
        "d ",
        " ",
        "\n",
        "*",
        "**",
        "_",
        "`",
        "$",
        "\\",
        "~~",
        "é",
        "<i>",
        "</i>",
        "<!--",
    ),
    *(
        "[[",
        "]]",
        "![[",
        "|",
        "#",
        "##",
        " #e",
        " #f/g",
        "==",
        "=",
        "%%",
        "%",
        " ^hijk",
        "^",
        ".png",
    ),
    *(
        "[",
        "]",
        "(l)",
        "300",
        "[^1]",
        "-->",
        "http://m.n ",
        "{{c1::",
        "}}",
        "o@p.qr",
        "&amp;",
        "\\|",
    ),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=20).map("".join)
