"""Measure what `ankipress pull` makes of edits in a real Anki.

Each project, file of cards or package is built and imported, its notes are edited in the collection
in rounds, and each edit is judged: it is right if the card then looks as it does in Anki.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from anki_edits import EDITS, NO_EDITS, NoteEdit, of_field
from measured_pull import JudgedEdit, MeasuredProject, Outcome

_COLUMNS = tuple(Outcome)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", nargs="+", type=Path, help="projects, files or packages")
    parser.add_argument("--edits", type=int, default=200, help="edits of each source")
    parser.add_argument("--most", type=int, default=60, help="edits of a round")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--noise", action="store_true", help="make only what is no edit")
    parser.add_argument("--kinds", default="", help="words in the names of the edits to make")
    parser.add_argument("--editor", action="store_true", help="edit with Anki's own editor")
    parser.add_argument("--shape", default="", help="how the files mark their questions")
    parser.add_argument("--failures", type=Path, help="a file for what is not right")
    return parser.parse_args()


@contextlib.contextmanager
def _kinds(options: argparse.Namespace) -> Iterator[Mapping[str, NoteEdit]]:
    """The edits that are made."""
    with contextlib.ExitStack() as stack:
        found: Mapping[str, NoteEdit] = NO_EDITS if options.noise else EDITS
        if options.editor:
            from anki_editor import GESTURES, opened_editor  # noqa: PLC0415

            editor = stack.enter_context(opened_editor())
            found = {
                name: of_field(
                    lambda html, random, name=name: editor.edited(html, name, random)  # type: ignore[misc]
                )
                for name in GESTURES
            }
        words = options.kinds.split()
        yield {
            name: edit
            for name, edit in found.items()
            if not words or any(word in name for word in words)
        }


def _measured(
    source: Path, kinds: Mapping[str, NoteEdit], options: argparse.Namespace
) -> Iterator[JudgedEdit]:
    """The judged edits of one source; what is wrong after a round is told at once."""
    random = Random(options.seed)  # noqa: S311
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        project = MeasuredProject(source, Path(folder) / "measured", options.shape)
        done = 0
        while done < options.edits:
            most = min(options.most, options.edits - done)
            found = project.measure(kinds, most, random, counts)
            if not found.judged:
                return
            done += len(found.judged)
            for what, guids in (
                ("other notes changed", found.others_changed),
                ("looked different after the push", found.after_push),
                ("a second pull says", found.second_pull),
            ):
                if guids:
                    print(f"{source.name}: {what}: {', '.join(guids)}", flush=True)
            yield from found.judged


def _print_table(judged: Sequence[JudgedEdit]) -> None:
    """A row for each kind of edit, and one for all."""
    kinds = sorted({each.edit.kind for each in judged})
    print(f"{'':28}{'all':>6}" + "".join(f"{each.value:>11}" for each in _COLUMNS), "lines")
    for kind in [*kinds, ""]:
        rows = [each for each in judged if kind in {"", each.edit.kind}]
        counts = Counter(each.outcome for each in rows)
        lines = [each.changed_lines for each in rows if each.diff]
        median = statistics.median(lines) if lines else 0
        cells = "".join(f"{counts[each] or '':>11}" for each in _COLUMNS)
        print(f"{kind or 'all':28}{len(rows):>6}{cells} {median:g}")
    forms = Counter(each.form for each in judged if each.form)
    print("forms:", dict(forms), "outside its card:", sum(each.is_outside for each in judged))


def main() -> int:
    """Measure, and print."""
    options = _arguments()
    judged: list[JudgedEdit] = []
    with _kinds(options) as kinds:
        for source in options.sources:
            found = list(_measured(source, kinds, options))
            counts = Counter(each.outcome.value for each in found)
            print(source.name, dict(counts), flush=True)
            judged += found
    _print_table(judged)
    good = {Outcome.RIGHT} if not options.noise else {Outcome.SAME}
    bad = [each for each in judged if each.outcome not in good]
    if options.failures:
        options.failures.write_text("\n".join(each.told() for each in bad), "utf-8")
    return 1 if any(each.outcome is Outcome.WRONG for each in bad) else 0


if __name__ == "__main__":
    sys.exit(main())
