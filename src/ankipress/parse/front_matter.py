"""The YAML at the head of a file: `deck` and `tags`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ankipress.diagnostics import Diagnostic, Location, suggestion
from ankipress.parse.attributes import DEFAULTS, defaults_of, wrong_default

KEYS = ("deck", "tags", *DEFAULTS)
_MOST_NESTED = 20
_MOST_CHARACTERS = 50_000
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")  # such as YAML makes of "\0"


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the head of a file says of all its cards, and the number of lines it takes."""

    deck: str | None = None
    tags: tuple[str, ...] = ()
    lines: int = 0
    defaults: Mapping[str, str] = field(
        default_factory=dict
    )  # attributes of every card that does not set them


def read_front_matter(
    lines: Sequence[str], path: str
) -> tuple[FrontMatter, tuple[Diagnostic, ...]]:
    """The front matter of a file, empty where it has none. Nothing in it can make the reader slow
    or recurse.
    """
    if not lines or lines[0].rstrip() != "---":
        return FrontMatter(), ()
    end = next(
        (number for number, line in enumerate(lines[1:], 1) if line.rstrip() in {"---", "..."}),
        None,
    )
    if end is None:
        if len(lines) > 1 and re.match(r"[\w-]+:", lines[1]):
            endless = _bad(path, 1, "this front matter never ends", "close it with a line `---`")
            return FrontMatter(), (_widened(endless, lines),)
        return FrontMatter(), ()
    text = "\n".join(lines[1:end])
    values, problem = _load(text, path)
    if problem:
        return FrontMatter(lines=end + 1), (_widened(problem, lines),)
    matter, problems = _checked(values, lines[: end + 1], path)
    return matter, tuple(_widened(each, lines) for each in (*_repeated_keys(text, path), *problems))


def _widened(problem: Diagnostic, lines: Sequence[str]) -> Diagnostic:
    """A problem of a whole line, with that line as its place."""
    location = problem.location
    is_whole = (location.column, location.width) == (1, 1) and location.line
    width = len(lines[location.line - 1].rstrip()) if is_whole else location.width
    return replace(problem, location=replace(location, width=max(1, width)))


def _bad(path: str, line: int, message: str, way_out: str, column: int = 1) -> Diagnostic:
    return Diagnostic("bad-front-matter", Location(path, line, column), message, way_out)


def _load(text: str, path: str) -> tuple[dict[Any, Any], Diagnostic | None]:
    way_out = "front matter is YAML such as `deck: My deck` and `tags: [one, two]`"
    if len(text) > _MOST_CHARACTERS:
        return {}, _bad(
            path, 1, f"this front matter has more than {_MOST_CHARACTERS} characters", way_out
        )
    import yaml  # noqa: PLC0415 - most files have no front matter

    try:
        problem = _bomb(text)
        # A safe loader, the fast one where there is one.
        values = {} if problem else yaml.load(text, Loader=_loader()) or {}  # noqa: S506
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = _place(text, mark.index) if mark else (1, 1)
        return {}, _bad(
            path, line, f"this is not YAML: {error.problem or error.context}", way_out, column
        )
    except yaml.YAMLError as error:
        return {}, _bad(path, 1, f"this is not YAML: {str(error).splitlines()[0]}", way_out)
    if problem:
        return {}, _bad(path, 1, problem, way_out)
    if not isinstance(values, dict):
        return {}, _bad(path, 2, "front matter must be keys and values", way_out)
    return values, None


def _place(text: str, index: int) -> tuple[int, int]:
    """The line and column, in its file, of a character of front matter: lines end as in the file,
    not where YAML ends them.
    """
    before = text[:index]
    return before.count("\n") + 2, len(before) - before.rfind("\n")


def _loader() -> Any:
    """The loader that leaves every value as it is written: `yes`, `2026-01-01` and `1.0` are tags
    like any other.
    """
    import yaml  # noqa: PLC0415

    return getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def _bomb(text: str) -> str:
    """What makes a text dangerous to build values from: aliases grow without bound, deep nesting
    overflows the stack.
    """
    import yaml  # noqa: PLC0415

    depth = 0
    for event in yaml.parse(text, Loader=_loader()):
        if isinstance(event, yaml.AliasEvent):
            return "front matter may not use YAML aliases"
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(
            event, yaml.CollectionEndEvent
        )
        if depth > _MOST_NESTED:
            return "front matter is nested too deeply"
    return ""


def _repeated_keys(text: str, path: str) -> Iterator[Diagnostic]:
    """The keys that stand there twice: YAML takes the last of them, and its author may look at the
    first.
    """
    import yaml  # noqa: PLC0415

    depth, is_key = 0, True
    seen: set[str] = set()
    for event in yaml.parse(text, Loader=_loader()):
        if depth == 1 and isinstance(event, yaml.NodeEvent):
            if is_key and isinstance(event, yaml.ScalarEvent):
                if event.value in seen and (mark := event.start_mark):
                    location = Location(
                        path, mark.line + 2, mark.column + 1, max(1, len(event.value))
                    )
                    yield Diagnostic(
                        "bad-front-matter",
                        location,
                        f'"{event.value}" stands here twice',
                        "keep one of the two",
                    )
                seen.add(event.value)
            is_key = not is_key
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(
            event, yaml.CollectionEndEvent
        )


def _checked(
    values: dict[Any, Any], lines: Sequence[str], path: str
) -> tuple[FrontMatter, tuple[Diagnostic, ...]]:
    problems: list[Diagnostic] = []

    def place(key: object) -> Location:
        number = next(
            (
                number
                for number, line in enumerate(lines, 1)
                if line.lstrip("\"' ").startswith(str(key))
            ),
            1,
        )
        return Location(path, number, 1, max(1, len(lines[number - 1])))

    for key in values:
        if key not in KEYS:
            message = f'front matter has no key "{key}"' + suggestion(str(key), KEYS)
            problems.append(
                Diagnostic(
                    "unknown-key",
                    place(key),
                    message,
                    f"ankipress reads {', '.join(KEYS)}, and ignores this",
                )
            )
    deck = values.get("deck", "")
    if not isinstance(deck, str) or (deck and not deck.strip(" :")) or _CONTROL.search(deck):
        problems.append(
            _bad(
                path,
                place("deck").line,
                "`deck` must be the name of a deck",
                "write `deck: My deck`",
            )
        )
        deck = ""
    tags = _tags(values.get("tags", ""))
    if tags is None:
        message = "`tags` must be a list of tags without spaces"
        problems.append(
            _bad(path, place("tags").line, message, "write `tags: [one, two]`; `::` nests")
        )
    defaults: dict[str, str] = {}
    for key in DEFAULTS:
        if key in values and (wrong := wrong_default(key, values[key])):
            problems.append(
                _bad(path, place(key).line, wrong, "docs/cards.md lists what front matter may hold")
            )
        elif key in values:
            defaults |= defaults_of(key, values[key])
    return FrontMatter(deck or None, tags or (), len(lines), defaults), tuple(problems)


def _tags(value: Any) -> tuple[str, ...] | None:
    """The tags in a list, or in a text between spaces or commas; None for what is no such thing."""
    words = re.split(r"[\s,]+", value.strip()) if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        return None
    tags = tuple(filter(None, words))
    return None if any(re.search(r"\s", tag) or _CONTROL.search(tag) for tag in tags) else tags
