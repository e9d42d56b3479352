"""The YAML at the head of a file: `deck`, `tags`, and attributes for all of its cards."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ankipress.diagnostics import Diagnostic, Location, suggestion
from ankipress.parse.attributes import DEFAULTS, default_values, wrong_default

KEYS = ("deck", "tags", *DEFAULTS)
_MOST_NESTED = 20
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")  # such as YAML makes of "\0"
_NOT_IN_TAGS = re.compile(r"[\s\x00-\x1f\x7f]")
_ENDS = frozenset({"---", "..."})
_YAML = "front matter is YAML such as `deck: My deck` and `tags: [one, two]`"


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the head of a file says of all its cards, and the number of lines that it takes.

    `defaults` are the attributes of every card that does not set them itself.
    """

    deck: str | None = None
    tags: tuple[str, ...] = ()
    lines: int = 0
    defaults: Mapping[str, str] = field(default_factory=dict)


def read_front_matter(
    lines: Sequence[str], path: str
) -> tuple[FrontMatter, tuple[Diagnostic, ...]]:
    """The front matter of a file, empty where it has none, and the problems.

    Whatever stands in it, reading it is fast and needs no deep stack.
    """
    if not lines or lines[0].rstrip() != "---":
        return FrontMatter(), ()
    reader = _FrontMatterReader(lines, path)
    return reader.read(), tuple(reader.problems)


class _FrontMatterReader:
    def __init__(self, lines: Sequence[str], path: str) -> None:
        self.lines = lines
        self.path = path
        self.text = ""
        self.problems: list[Diagnostic] = []

    def read(self) -> FrontMatter:
        """The front matter, given that the file begins with `---`."""
        ends = [number for number, line in enumerate(self.lines) if line.rstrip() in _ENDS]
        if len(ends) == 1:
            has_key = len(self.lines) > 1 and re.match(r"[\w-]+:", self.lines[1])
            if has_key:
                message = "this front matter never ends"
                self._report(self._location(0), message, "close it with a line `---`")
            return FrontMatter()
        end = ends[1]
        self.text = "\n".join(self.lines[:end])
        deck: str | None = None
        tags: tuple[str, ...] = ()
        defaults: dict[str, str] = {}
        for key, (location, value) in self._values().items():
            if key == "deck":
                deck = self._deck(location, value)
            elif key == "tags":
                tags = self._tags(location, value)
            elif wrong := wrong_default(key, value):
                self._report(location, wrong, "docs/cards.md lists what front matter may hold")
            else:
                defaults |= default_values(key, value)
        return FrontMatter(deck, tags, end + 1, defaults)

    def _values(self) -> Mapping[str, tuple[Location, Any]]:
        """What stands under each known key, and the line of the key."""
        import yaml  # noqa: PLC0415 - most files have no front matter

        values: dict[str, tuple[Location, Any]] = {}
        try:
            nodes = _load(self.text)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            location = self._location(getattr(mark, "index", 0))
            problem = getattr(error, "problem", None) or str(error).split("\n", 1)[0]
            self._report(location, f"this front matter cannot be read: {problem}", _YAML)
            return values
        for node, value in nodes:
            key = str(_plain(node))
            location = self._location(node.start_mark.index)
            if key not in KEYS:
                near = suggestion(key, KEYS)
                message = f'front matter has no key "{key}"{near}'
                help = f"ankipress reads {', '.join(KEYS)}, and ignores this"
                self.problems.append(Diagnostic("unknown-key", location, message, help))
                continue
            if key in values:
                words = replace(location, width=len(key))
                self._report(words, f'"{key}" stands here twice', "keep one of the two")
            values[key] = location, _plain(value)
        return values

    def _deck(self, location: Location, value: Any) -> str | None:
        is_name = isinstance(value, str) and not _CONTROL.search(value)
        if is_name and (value == "" or value.strip(" :")):
            return value or None
        self._report(location, "`deck` must be the name of a deck", "write `deck: My deck`")
        return None

    def _tags(self, location: Location, value: Any) -> tuple[str, ...]:
        """The tags in a list, or in a text between spaces or commas."""
        if isinstance(value, str):
            value = re.split(r"[\s,]+", value.strip())
        if isinstance(value, list) and all(map(_is_tag, value)):
            return tuple(filter(None, value))
        message = "`tags` must be a list of tags without spaces"
        self._report(location, message, "write `tags: [one, two]`; `::` nests")
        return ()

    def _location(self, index: int) -> Location:
        """From a character of the YAML to the end of its line."""
        # Lines end as in the file: YAML also ends them elsewhere.
        before = self.text[:index]
        line = before.count("\n") + 1
        column = len(before) - before.rfind("\n")
        rest = len(self.lines[line - 1].rstrip()) - column + 1
        return Location(self.path, line, column, max(1, rest))

    def _report(self, location: Location, message: str, help: str) -> None:
        self.problems.append(Diagnostic("bad-front-matter", location, message, help))


def _load(text: str) -> Sequence[tuple[Any, Any]]:
    """The nodes of keys and values. Raises YAMLError, also for what is not safe to read."""
    import yaml  # noqa: PLC0415

    # Nothing becomes a Python object: `yes`, `2026-01-01` and `1.0` are tags as written.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError("it may not use YAML aliases")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        # Nodes are composed by recursion, so their depth must be known before.
        if depth > _MOST_NESTED:
            raise yaml.YAMLError("it is nested too deeply")
    root: Any = yaml.compose(text, Loader=loader)
    if root.value and root.id != "mapping":
        problem = "it must be keys and values"
        raise yaml.MarkedYAMLError(problem=problem, problem_mark=root.start_mark)
    return [*root.value]


def _is_tag(word: Any) -> bool:
    return isinstance(word, str) and not _NOT_IN_TAGS.search(word)


def _plain(node: Any) -> Any:
    """The text of a node, or the texts of one that is a list; None for one that is neither."""
    if node.id == "sequence":
        return [_plain(each) for each in node.value]
    if node.id == "scalar":
        return node.value
    return None
