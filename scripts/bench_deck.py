"""Makes decks of any size for `bench.py`: short texts, code in eight languages, tables,
mathematics, pictures.
"""

from __future__ import annotations

import random
import re
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

PICTURES = 40

# Each with places for a name and two numbers, so that no two cards have the same code.
CODE = {
    "python": 'def {name}(x, y={a}):\n    """Add {b}, and return both."""\n'
    '    return [x + {b}, f"{{y}} of {name}"]',
    "javascript": "const {name} = (x, y = {a}) => {{\n  // {b} more\n"
    "  return [x + {b}, `${{y}} of {name}`];\n}};",
    "java": "static int {name}(int x) {{\n    // {b} more\n    return x * {a} + {b};\n}}",
    "c": "int {name}(int x)\n{{\n    return x * {a} + {b}; /* {b} more */\n}}",
    "rust": "fn {name}(x: u32) -> u32 {{\n    // {b} more\n    x.pow({a}) + {b}\n}}",
    "bash": '#!/bin/sh\n{name}={a}\nfor i in $(seq {b}); do\n  echo "$i of ${{{name}}}"\ndone',
    "sql": "SELECT {name}, count(*) AS n\nFROM cards -- {b} of them\n"
    "WHERE id > {a} GROUP BY {name} HAVING n > {b};",
    "json": '{{\n  "{name}": [{a}, {b}, null],\n  "more": {{"{name}": true}}\n}}',
}
_ENDINGS = "a e i o on er ing ed ly al us um ant ive ous".split()
_STEMS = (
    "tens grad vect batch lay tok loss rat norm prob lin conv embed mod train test pixel "
    "channel "
    "lab categ"
).split()


def make_deck(folder: Path, cards: int, seed: int = 1) -> None:
    """Write `cards.md`, its pictures and `ankipress.toml` into a folder."""
    chance = random.Random(seed)  # noqa: S311 - a deck is no secret
    (folder / "media").mkdir(parents=True, exist_ok=True)
    for number in range(PICTURES):
        (folder / "media" / f"picture-{number}.png").write_bytes(_picture(number))
    _write_deck(folder, [_card(number, chance) for number in range(cards)])


def make_pictures(folder: Path, number: int, size: int) -> None:
    """Write a deck of cards with a picture each, of so many bytes."""
    chance = random.Random(1)  # noqa: S311 - a deck is no secret
    media = folder / "media"
    media.mkdir(parents=True)
    for each in range(number):
        content = _picture(each)
        (media / f"picture-{each}.png").write_bytes(content + chance.randbytes(size - len(content)))
    cards = [
        f"## What does picture {each} show?\n\n![A pattern.](media/picture-{each}.png)\n"
        for each in range(number)
    ]
    _write_deck(folder, cards)


def _write_deck(folder: Path, cards: Sequence[str]) -> None:
    text = "# A deck to measure with\n\n" + "\n".join(cards)
    (folder / "cards.md").write_text(text, encoding="utf-8", newline="\n")
    settings = 'name = "bench"\nversion = "1.0.0"\nuid = "bench-4f7a"\n'
    (folder / "ankipress.toml").write_text(settings, encoding="utf-8", newline="\n")


def _blocks(folder: Path) -> list[str]:
    return (folder / "cards.md").read_text(encoding="utf-8").split("\n## ")


def _save(folder: Path, blocks: Sequence[str]) -> None:
    (folder / "cards.md").write_text("\n## ".join(blocks), encoding="utf-8", newline="\n")


def _edit_answer(folder: Path, mark: int) -> None:
    blocks = _blocks(folder)
    middle = len(blocks) // 2
    blocks[middle] = blocks[middle].rstrip("\n") + f"\n\nEdited, for the time {mark}.\n"
    _save(folder, blocks)


def _edit_heading(folder: Path, place: int, suffix: str) -> None:
    """Put something in the place of what stands behind the question mark of a heading."""
    blocks = _blocks(folder)
    number = len(blocks) // place
    heading, _, answer = blocks[number].partition("\n")
    question, mark, _ = heading.partition("?")
    blocks[number] = f"{question}{mark}{suffix}\n{answer}"
    _save(folder, blocks)


def _edit_question(folder: Path, mark: int) -> None:
    _edit_heading(folder, 3, f" And why {mark}?")


def _tag(folder: Path, mark: int) -> None:
    _edit_heading(folder, 5, f" {{.tag{mark}}}")


def _add_card(folder: Path, mark: int) -> None:
    blocks = _blocks(folder)
    blocks.insert(len(blocks) // 2, f"What is the new card number {mark}?\n\nIt is {mark}.\n")
    _save(folder, blocks)


def _remove_card(folder: Path, _mark: int) -> None:
    blocks = _blocks(folder)
    del blocks[len(blocks) // 4]
    _save(folder, blocks)


def _move_card(folder: Path, _mark: int) -> None:
    blocks = _blocks(folder)
    blocks.insert(len(blocks) // 2, blocks.pop(len(blocks) // 4))
    _save(folder, blocks)


def _change_picture(folder: Path, mark: int) -> None:
    picture = min((folder / "media").iterdir())
    picture.write_bytes(_picture(1_000 + mark))


def _raise_version(folder: Path, mark: int) -> None:
    settings = folder / "ankipress.toml"
    text = settings.read_text(encoding="utf-8")
    version = re.sub(r'version = ".*"', f'version = "1.0.{mark}"', text)
    settings.write_text(version, encoding="utf-8", newline="\n")


EDITS: Mapping[str, Callable[[Path, int], None]] = {
    "an answer": _edit_answer,
    "a question": _edit_question,
    "a card added": _add_card,
    "a card removed": _remove_card,
    "a card moved": _move_card,
    "a tag": _tag,
    "a picture": _change_picture,
    "the version": _raise_version,
}
"""Every kind of edit of a deck: a function of its folder and of a number that makes it another one
each time."""


def _card(number: int, chance: random.Random) -> str:
    parts = _LAYOUTS[number % len(_LAYOUTS)]
    blocks = [
        f"## What does {_words(chance, 4)} mean for {_word(chance)} {number}?",
        _sentence(chance),
    ]
    blocks += [part(number, chance) for part in parts]
    return "\n\n".join(blocks) + "\n"


def _code(number: int, chance: random.Random) -> str:
    language, template = list(CODE.items())[chance.randrange(len(CODE))]
    code = template.format(
        name=f"{chance.choice(_STEMS)}_{number}",
        a=chance.randrange(100),
        b=chance.randrange(2, 100),
    )
    return f"```{language}\n{code}\n```"


def _list(_: int, chance: random.Random) -> str:
    return (
        f"- {_words(chance, 4)}\n- `{_word(chance)}` {_words(chance, 3)}\n"
        f"- **{_word(chance)}** {_words(chance, 2)}"
    )


def _table(_: int, chance: random.Random) -> str:
    rows = "\n".join(
        f"| {_word(chance)} | `{_word(chance)}` | {chance.randrange(1000)} |" for _ in range(4)
    )
    return f"| Name | Call | Number |\n|---|:---:|---:|\n{rows}"


def _math(number: int, chance: random.Random) -> str:
    inline = f"So $x_{{{number}}} < {chance.randrange(100)}$ for each {_word(chance)}."
    total = f"\\sum_{{i=1}}^{{{number}}} (y_i - {chance.randrange(100)}) x_i"
    return f"{inline}\n\n$$\n\\frac{{\\partial L}}{{\\partial w}} = {total}\n$$"


def _image(number: int, chance: random.Random) -> str:
    return f"![A picture of {_words(chance, 3)}.](media/picture-{number // 10 % PICTURES}.png)"


# A deck on programming: most cards have code, some a table, mathematics or a picture, some only
# text.
_LAYOUTS = (
    [_code, _list], [_code], [_list], [_code, _table], [_code, _list],
    [_code, _math], [_code], [_math, _list], [_code, _list], [_image],
)  # fmt: skip


def _word(chance: random.Random) -> str:
    return chance.choice(_STEMS) + chance.choice(_STEMS) + chance.choice(_ENDINGS)


def _words(chance: random.Random, count: int) -> str:
    return " ".join(_word(chance) for _ in range(count))


def _sentence(chance: random.Random) -> str:
    return f"{_words(chance, chance.randrange(6, 20)).capitalize()}, {_words(chance, 3)}."


def _picture(number: int) -> bytes:
    """A PNG of 64 by 64 pixels, another one for each number."""
    row = b"\0" + bytes(
        value for x in range(64) for value in ((x * number) % 256, x * 4, number * 6 % 256)
    )
    chunks: Iterator[tuple[bytes, bytes]] = iter(
        [
            (b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)),
            (b"IDAT", zlib.compress(row * 64)),
            (b"IEND", b""),
        ]
    )
    body = b"".join(
        struct.pack(">I", len(c)) + t + c + struct.pack(">I", zlib.crc32(t + c)) for t, c in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body
