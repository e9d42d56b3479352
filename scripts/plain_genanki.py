"""What a user would write without ankipress: Markdown by headings, Python-Markdown, genanki. A
contender in `bench.py`.

Example:
    python scripts/plain_genanki.py cards.md build/plain.apkg
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import genanki
import markdown

EXTENSIONS = ["fenced_code", "codehilite", "tables"]


def main(source: Path, target: Path) -> None:
    """Make a package of a file: a card of each heading of level 2."""
    model = genanki.Model(
        1607392319,
        "Plain",
        fields=[{"name": "Question"}, {"name": "Answer"}],
        templates=[
            {
                "name": "Card 1",
                "qfmt": "{{Question}}",
                "afmt": '{{FrontSide}}<hr id="answer">{{Answer}}',
            }
        ],
    )
    deck = genanki.Deck(2059400110, "Plain")
    media: set[str] = set()
    for card in re.split(r"^## ", source.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        question, _, answer = card.partition("\n")
        fields = [markdown.markdown(text, extensions=EXTENSIONS) for text in (question, answer)]
        for index, html in enumerate(fields):
            media.update(re.findall(r'src="([^"]+)"', html))
            fields[index] = re.sub(r'src="[^"]*/([^"/]+)"', r'src="\1"', html)
        deck.add_note(genanki.Note(model=model, fields=fields))
    genanki.Package(
        deck, media_files=[str(source.parent / name) for name in sorted(media)]
    ).write_to_file(str(target))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
