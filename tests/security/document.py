"""The section of docs/security.md that lists what the tests attack, made from the table.

`python tests/security/document.py` writes it anew.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from pages import DOCS
from security.attack import Attack, Family
from security.table import FAMILIES

PAGE = DOCS / "security.md"
HEADING = "## What the tests attack"
_BEFORE = f"""\
{HEADING}

Each attack below is a project, and each command behind it is run in that project as a process of
its own. After each run `tests/security` looks whether

1. a program or module of the project ran,
2. anything outside the project was written, changed or deleted, or a file that the command has no
   business with, or whether something was left in the folder for temporary files,
3. the content of a file outside stands in what was printed, packed or written,
4. anything connected to a server,
5. the command ended by itself with status 0, 1 or 2, without a traceback, in {{seconds}} seconds
   of processor time and {{memory}} MB of memory,
6. what was printed holds control characters, escapes, turned text, a line that a CI runner takes
   for a command, or in a comment the name of a person who would be told,
7. the output names a file and a code, where the attack makes the project invalid,
8. a page of cards loads anything from elsewhere, leads on by itself, or runs a script of the
   project.

`PACKAGE` is a package that was downloaded, `v1.0.0` a release of the project, and `-m` means
`python -m ankipress`. The tests fail where a command has no attack.
Every run of the tests tries one or two commands of each attack, in turns; `make attacks` tries all.
`python tests/security/document.py` writes this section.
"""


def section() -> str:
    """The section, as the table has it."""
    # The limits are those of the laws, which need what runs commands.
    from security.arena import PROCESSOR_TIME  # noqa: PLC0415
    from security.laws import MOST_MEMORY  # noqa: PLC0415

    before = _BEFORE.format(seconds=PROCESSOR_TIME, memory=MOST_MEMORY // 1_000_000)
    parts = [before, *(_of_family(family) for family in FAMILIES)]
    return "\n".join(parts)


def _of_family(family: Family) -> str:
    lines = [f"### {family.name.capitalize()}", "", *_usual(family)]
    lines += ["| Attack | What is hostile | Commands |", "|---|---|---|"]
    lines += [_row(attack, family) for attack in family.attacks]
    return "\n".join(lines) + "\n"


def _usual(family: Family) -> Iterator[str]:
    if family.rows:
        yield f"*All* means {_listed(family.rows)}."
        yield ""


def _row(attack: Attack, family: Family) -> str:
    more = attack.rows[len(family.rows) :]
    commands = _listed(attack.rows)
    if family.rows and attack.rows[: len(family.rows)] == family.rows:
        commands = "*all*"
        if more:
            commands += f", {_listed(more)}"
    return f"| {_cell(attack.name)} | {_cell(attack.does)} | {commands} |"


def _listed(lines: tuple[str, ...]) -> str:
    return ", ".join(f"`{line}`" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def section_in(page: str) -> str:
    """The section as a page has it, empty where it has none."""
    found = re.search(rf"^{HEADING}\n.*?(?=^## |\Z)", page, re.DOTALL | re.MULTILINE)
    if not found:
        return ""
    return found[0]


def write() -> None:
    """Bring the section of the page up to date; it comes last where there was none."""
    page = PAGE.read_text(encoding="utf-8")
    old = section_in(page)
    if old:
        ending = "\n" if not page.endswith(old) else ""
        page = page.replace(old, section() + ending)
    else:
        page += "\n" + section()
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    write()
