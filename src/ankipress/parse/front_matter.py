"""The YAML at the head of a file: `deck`, `tags`, and attributes for all of its cards."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ankipress.diagnostics import Diagnostic, Location, suggestion
from ankipress.model import KINDS
from ankipress.parse.attribute_tokens import DEFAULTS
from ankipress.parse.attribute_tokens import KEYS as ATTRIBUTES
from ankipress.parse.attributes import default_values, meant_default, wrong_default
from ankipress.parse.foreign_keys import is_of_another_tool
from ankipress.parse.front_matter_tags import CONTROL, MatterText, TagReader, hashed_list, text_of
from ankipress.project.settings import LEVELS, SHAPE_NAMES, CardLevel

READING: Mapping[str, Sequence[str]] = {
    "shape": SHAPE_NAMES,
    "card_level": tuple(map(str, LEVELS)),
}
"""The keys that say how a file marks its questions, and their values."""

KEYS = ("deck", "tags", "kind", *READING, *DEFAULTS)
_MOST_NESTED = 20
_ENDS = frozenset({"---", "..."})
_KEY = re.compile(r"([\w-]+):")
_INVISIBLE = " \t\f\v\ufeff\u200b"
_YAML = "front matter is YAML such as `deck: My deck` and `tags: [one, two]`"


class UnknownKey(NamedTuple):
    """A key of front matter that neither ankipress nor another known tool reads."""

    key: str
    location: Location


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the head of a file says of all its cards, and the number of lines that it takes.

    `defaults` are the attributes of every card that does not set them itself. `deck_place` is where
    the deck is named. `shape` is how its questions are marked, and `card_level` the level of their
    headings, where it says so.
    """

    deck: str | None = None
    tags: tuple[str, ...] = ()
    lines: int = 0
    defaults: Mapping[str, str] = field(default_factory=dict)
    deck_place: Location | None = None
    unknown: tuple[UnknownKey, ...] = ()
    shape: str = ""
    card_level: CardLevel | None = None


def read_front_matter(
    lines: Sequence[str],
    path: str,
    kinds: Collection[str] = KINDS,
) -> tuple[FrontMatter, tuple[Diagnostic, ...]]:
    """The front matter of a file, empty where it has none, and the problems. `kinds` are those that
    a card may have.

    Whatever stands in it, reading it is fast and needs no deep stack.
    """
    first = _first_line(lines)
    if first is None:
        return FrontMatter(), ()
    reader = _FrontMatterReader(
        lines,
        first,
        path,
        kinds,
    )
    return reader.read(), tuple(reader.problems)


def _first_line(lines: Sequence[str]) -> int | None:
    """The line `---` that begins the front matter, None where there is none.

    Below empty lines it may as well be a rule, so there it must look like front matter.
    """
    if lines and lines[0].rstrip() == "---":
        return 0
    first = 0
    while first < len(lines) and not lines[first].strip(_INVISIBLE):
        first += 1
    if first == len(lines) or lines[first].strip(_INVISIBLE) != "---":
        return None
    if lines[first].startswith((" ", "\t")):
        return None
    for number in range(first + 1, len(lines)):
        if lines[number].startswith("##"):
            return None
        if lines[number].rstrip() in _ENDS:
            return first if _has_key(lines[first + 1 : number]) else None
    return None


def _has_key(lines: Sequence[str]) -> bool:
    """Whether the first line that is not empty is a key that is known here or elsewhere."""
    filled = filter(str.strip, lines)
    first = next(filled, "")
    found = _KEY.match(first)
    return found is not None and (found[1] in KEYS or is_of_another_tool(found[1]))


class _Value(NamedTuple):
    """A key with the node of its value."""

    location: Location
    node: Any


class _FrontMatterReader:
    def __init__(
        self,
        lines: Sequence[str],
        first: int,
        path: str,
        kinds: Collection[str],
    ) -> None:
        self.kinds = kinds
        self.lines = lines
        self.first = first
        self.path = path
        self.text = MatterText(path, "")
        self.problems: list[Diagnostic] = []
        self.unknown: list[UnknownKey] = []

    def read(self) -> FrontMatter:
        """The front matter, given the line `---` that begins it."""
        end = self._end()
        if end is None:
            return FrontMatter()
        before = [""] * self.first
        lines = [*before, "---", *self.lines[self.first + 1 : end]]
        self.text = MatterText(self.path, "\n".join(lines))
        deck: str | None = None
        deck_place: Location | None = None
        tags: tuple[str, ...] = ()
        defaults: dict[str, str] = {}
        values = self._values()
        for key, (place, node) in values.items():
            if key == "deck":
                deck = self._deck(node)
                deck_place = self.text.span(node)
            elif key == "tags":
                reader = TagReader(self.text)
                tags = tuple(reader.tags(node))
                self.problems += reader.problems
            elif key == "kind":
                defaults |= self._kind(place, node)
            elif key not in READING:
                defaults |= self._default(key, node)
        return FrontMatter(
            deck,
            tags,
            end + 1,
            defaults,
            deck_place,
            tuple(self.unknown),
            self._reading(values, "shape"),
            self._level(values),
        )

    def _end(self) -> int | None:
        """The line that ends it; a problem where there is none, and it looks like front matter."""
        for number in range(self.first + 1, len(self.lines)):
            if self.lines[number].rstrip() in _ENDS:
                return number
        following = self.lines[self.first + 1 : self.first + 2]
        if following and _KEY.match(following[0]):
            width = len(self.lines[self.first].rstrip())
            line = self.first + 1
            location = Location(
                self.path,
                line,
                1,
                width,
            )
            message = "this front matter never ends"
            self._report(
                location,
                message,
                "close it with a line `---`",
            )
        return None

    def _values(self) -> Mapping[str, _Value]:
        """What stands under each known key."""
        import yaml  # noqa: PLC0415 - most files have no front matter

        values: dict[str, _Value] = {}
        try:
            nodes = _load(self.text.yaml)
        except yaml.YAMLError as error:
            self._report_yaml(error)
            return values
        for node, value in nodes:
            key = str(text_of(node))
            location = self.text.span(node)
            if key not in KEYS:
                self._report_unknown(key, location)
                continue
            if key in values:
                self._report(
                    location,
                    f'"{key}" stands here twice',
                    "keep one of the two",
                )
            values[key] = _Value(location, value)
        return values

    def _report_yaml(self, error: Exception) -> None:
        if problem := hashed_list(self.text):
            self.problems.append(problem)
            return
        mark = getattr(
            error,
            "problem_mark",
            None,
        )
        why = getattr(error, "problem", None) or str(error).split("\n", 1)[0]
        index = getattr(
            mark,
            "index",
            0,
        )
        location = self.text.rest_of_line(index)
        self._report(
            location,
            f"this front matter cannot be read: {why}",
            _YAML,
        )

    def _report_unknown(
        self,
        key: str,
        location: Location,
    ) -> None:
        """Report what was probably meant for ankipress. All other keys are told once a project."""
        if is_of_another_tool(key):
            return
        near = _own_key(key)
        if key in ATTRIBUTES:
            message = f'"{key}" says nothing in front matter'
            help = f"write it into the braces of headings, `## Question {{{key}}}`"
        elif near:
            message = f'front matter has no key "{key}"; did you mean "{near}"?'
            help = f"ankipress reads {', '.join(KEYS)}, and ignores this"
        else:
            self.unknown.append(UnknownKey(key, location))
            return
        self.problems.append(Diagnostic("unknown-key", location, message, help))

    def _deck(self, node: Any) -> str | None:
        value = text_of(node)
        is_name = value is not None and not CONTROL.search(value)
        if is_name and (value == "" or str(value).strip(" :")):
            return value or None
        location = self.text.span(node)
        self._report(
            location,
            "`deck` must be the name of a deck",
            "write `deck: My deck`",
        )
        return None

    def _kind(
        self,
        place: Location,
        node: Any,
    ) -> dict[str, str]:
        """The kind of all cards of the file. The word may as well be another tool's: what is no
        kind, and near none, is only named.
        """
        value = text_of(node)
        if value in self.kinds:
            return {"kind": str(value)}
        if value == "":
            return {}
        near = suggestion(str(value), tuple(self.kinds))
        if value is not None and not near:
            self.unknown.append(UnknownKey(f"kind: {value}", place))
            return {}
        message = f'there is no kind "{value or ""}" of card{near}'
        help = f"the kinds are {', '.join(self.kinds)}"
        self.problems.append(Diagnostic("unknown-kind", self.text.span(node), message, help))
        return {}

    def _reading(
        self,
        values: Mapping[str, _Value],
        key: str,
    ) -> str:
        """The value of one of `READING`, empty where it is not set, or not valid."""
        if key not in values:
            return ""
        node = values[key].node
        value = text_of(node)
        if value in READING[key]:
            return str(value)
        expected = ", ".join(READING[key])
        message = f"`{key}` must be one of {expected}"
        self._report(
            self.text.span(node),
            message,
            f"write `{key}: {READING[key][0]}`",
        )
        return ""

    def _level(self, values: Mapping[str, _Value]) -> CardLevel | None:
        value = self._reading(values, "card_level")
        if value.isdecimal():
            return int(value)
        return value or None

    def _default(
        self,
        key: str,
        node: Any,
    ) -> dict[str, str]:
        """The attributes that one of `DEFAULTS` sets for all cards of the file."""
        value = text_of(node)
        if value == "":
            return {}
        wrong = wrong_default(key, value)
        if not wrong:
            return default_values(key, str(value))
        fix = None
        if value is not None:
            # Other tools read a bare `no` as false.
            quote = node.style or ""
            meant = meant_default(key, value)
            fix = None
            if meant:
                fix = f"{quote}{meant}{quote}"
        help = f"write `{key}: {'fr-FR' if key.startswith('tts') else 'de'}`"
        if key == "dir":
            help = "write `dir: rtl`"
        self._report(
            self.text.span(node),
            wrong,
            help,
            fix,
        )
        return {}

    def _report(
        self,
        location: Location,
        message: str,
        help: str,
        fix: str | None = None,
    ) -> None:
        self.problems.append(Diagnostic("bad-front-matter", location, message, help, fix))


def _own_key(key: str) -> str:
    """The key of ankipress of which another one is a typo, empty where it is none."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - seldom needed

    plain = key.lower().strip(" _-")
    for own in KEYS:
        if OSA.distance(plain, own) <= 1:
            return own
    if "deck" in plain:
        return "deck"
    return ""


def _load(text: str) -> Sequence[tuple[Any, Any]]:
    """The nodes of keys and values. Raises YAMLError, also for what is not safe to read."""
    import yaml  # noqa: PLC0415

    # Nothing becomes a Python object: `yes`, `2026-01-01` and `1.0` are tags as written.
    loader = getattr(
        yaml,
        "CBaseLoader",
        yaml.BaseLoader,
    )
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
