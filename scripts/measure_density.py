"""Measure how densely the code of a folder is written, and fail where it is too dense.

A code line is a line with a token on it; comments and docstrings do not count.

Example:
    python scripts/measure_density.py src              # the figures of the package, with limits
    python scripts/measure_density.py src --by-file    # each file, the densest first
"""

from __future__ import annotations

import argparse
import ast
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MOST_TOKENS = 8.0  # per code line
MOST_CONDITIONAL = 10.0  # conditional expressions per 1,000 code lines
LONGEST_LINE = 100

_LAYOUT = frozenset(
    {
        tokenize.COMMENT,
        tokenize.DEDENT,
        tokenize.ENCODING,
        tokenize.ENDMARKER,
        tokenize.INDENT,
        tokenize.NEWLINE,
        tokenize.NL,
    }
)


@dataclass(frozen=True, slots=True)
class Density:
    """What was counted in some code."""

    tokens: int = 0
    lines: int = 0
    conditional: int = 0
    nested: int = 0
    long: int = 0

    def __add__(self, other: Density) -> Density:
        return Density(
            self.tokens + other.tokens,
            self.lines + other.lines,
            self.conditional + other.conditional,
            self.nested + other.nested,
            self.long + other.long,
        )

    @property
    def tokens_per_line(self) -> float:
        """Tokens per code line."""
        return self.tokens / max(1, self.lines)

    @property
    def conditional_per_thousand(self) -> float:
        """Conditional expressions per 1,000 code lines."""
        return 1000 * self.conditional / max(1, self.lines)

    def __str__(self) -> str:
        return (
            f"{self.tokens:,} tokens on {self.lines:,} code lines, "
            f"{self.tokens_per_line:.2f} a line; "
            f"{self.conditional_per_thousand:.1f} conditional expressions per 1,000 lines, "
            f"{self.nested} nested; {self.long} lines over {LONGEST_LINE} columns"
        )


def measure(path: Path) -> Density:
    """The density of one file."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    docstrings = set(_docstring_lines(tree))
    tokens, lines = 0, set[int]()
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type in _LAYOUT or token.start[0] in docstrings:
                continue
            tokens += 1
            lines.update(range(token.start[0], token.end[0] + 1))
    conditional = [node for node in ast.walk(tree) if isinstance(node, ast.IfExp)]
    nested = [node for node in conditional if _holds_another(node)]
    too_long = [line for line in text.split("\n") if len(line) > LONGEST_LINE]
    return Density(tokens, len(lines), len(conditional), len(nested), len(too_long))


def _docstring_lines(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str())):
                yield from range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _holds_another(node: ast.IfExp) -> bool:
    return any(isinstance(each, ast.IfExp) for each in ast.walk(node) if each is not node)


def problems(total: Density) -> Iterator[str]:
    """What is over a limit, a sentence each."""
    if total.tokens_per_line > MOST_TOKENS:
        yield f"more than {MOST_TOKENS} tokens on a code line: give steps names of their own"
    if total.conditional_per_thousand > MOST_CONDITIONAL:
        yield (
            f"more than {MOST_CONDITIONAL} conditional expressions per 1,000 code lines: return "
            f"early"
        )
    if total.nested:
        yield "a conditional expression within another: use `if`"
    if total.long:
        yield f"lines over {LONGEST_LINE} columns"


def main() -> None:
    """Print the figures; exit with 1 where one is over its limit."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--by-file", action="store_true")
    options = parser.parse_args()
    found = {path: measure(path) for path in sorted(options.folder.rglob("*.py"))}
    if options.by_file:
        for path, each in sorted(found.items(), key=lambda pair: -pair[1].tokens_per_line):
            print(f"{path}: {each}")
    total = sum(found.values(), Density())
    print(total)
    wrong = list(problems(total))
    for sentence in wrong:
        print(f"too dense: {sentence}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
