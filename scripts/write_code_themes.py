"""Write the style sheets of our own colours of code, from the two styles below.

Every colour has a contrast of at least 4.5:1 on both backgrounds of its style.

Example:
    python scripts/write_code_themes.py            # after a change of a colour or of Pygments
    python scripts/write_code_themes.py --check    # fails if a file is out of date
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import ClassVar

from pygments.style import Style
from pygments.token import (
    Comment,
    Error,
    Generic,
    Keyword,
    Literal,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Token,
    _TokenType,
)

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from ankipress.render.code_colours import style_sheet

FOLDER = Path(__file__).resolve().parents[1] / "src" / "ankipress" / "render"


def _tokens(colours: str) -> dict[_TokenType, str]:
    text, grey, red, blue, navy, purple, green, brown = colours.split()
    return {
        Token: text,
        Comment: f"italic {grey}",
        Comment.Preproc: f"noitalic {red}",
        Keyword: red,
        Keyword.Constant: blue,
        Keyword.Type: blue,
        Operator: text,
        Operator.Word: red,
        Punctuation: text,
        Name.Builtin: blue,
        Name.Builtin.Pseudo: blue,
        Name.Class: brown,
        Name.Constant: blue,
        Name.Decorator: purple,
        Name.Exception: blue,
        Name.Function: purple,
        Name.Namespace: brown,
        Name.Tag: green,
        Name.Attribute: blue,
        Name.Variable: brown,
        Number: blue,
        Literal: blue,
        String: navy,
        String.Escape: blue,
        String.Interpol: text,
        String.Regex: navy,
        Generic.Deleted: red,
        Generic.Inserted: green,
        Generic.Heading: f"bold {blue}",
        Generic.Subheading: f"bold {purple}",
        Generic.Prompt: grey,
        Generic.Output: grey,
        Generic.Emph: "italic",
        Generic.Strong: "bold",
        Generic.EmphStrong: "bold italic",
        Generic.Error: red,
        Error: red,
    }


class AnkipressLight(Style):
    """Code on a light background."""

    name = "ankipress-light"
    background_color = "#f4f5f7"
    highlight_color = "#fff3bf"
    styles: ClassVar = _tokens("#1f2328 #57606a #b3202c #0550ae #0a3069 #6f3fc0 #116329 #8a3a00")


class AnkipressDark(Style):
    """Code on a dark background, Anki's night mode."""

    name = "ankipress-dark"
    background_color = "#1d2127"
    highlight_color = "#383216"
    styles: ClassVar = _tokens("#e6edf3 #9da7b3 #ff8f85 #80c1ff #a9d6ff #d6b0ff #7fe394 #ffb26b")


def style_sheets() -> dict[Path, str]:
    """The text of each file."""
    styles: tuple[type[Style], ...] = (AnkipressLight, AnkipressDark)
    return {FOLDER / f"{style.name}.css": f"{style_sheet(style)}\n" for style in styles}


def main() -> None:
    """Write the files, or with `--check` fail if one is out of date."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    for path, text in style_sheets().items():
        if not check:
            path.write_text(text, encoding="utf-8", newline="\n")
        elif path.read_text(encoding="utf-8") != text:
            sys.exit(f"{path.name} is out of date: python scripts/write_code_themes.py")


if __name__ == "__main__":
    main()
