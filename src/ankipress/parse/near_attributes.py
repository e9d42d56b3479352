"""Braces that nearly are a list of attributes: what is wrong with them, and what was meant.

A list that is read with a slip in it is an error, since the card would not be the one that was
meant. Braces that are no list stay text, and are a warning. What may well be text (code, formulas,
sets, templates) is neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ankipress.parse.attribute_tokens import (
    FLAGS,
    KEYS,
    NO_NAME,
    AttributeProblem,
    Braces,
    braces_at_end,
    is_list,
    span_of_token,
    tokens,
    words_alone,
)
from ankipress.parse.tag_names import normal_tag

_SEPARATORS = ",;،、，；"
_STRAIGHT = str.maketrans("“”„‟«»‘’‚", '""""""\'\'\'')
# A word of a list, where authors also write commas, colons, and spaces around an equals sign.
_LOOSE = re.compile(
    rf"""
    [\s{_SEPARATORS}]*
    (?:(?P<mark>[\#.]){NO_NAME}(?P<name>(?:[^\s{{}}"'={_SEPARATORS}]|(?<=\d),(?=\d))+)
    |(?P<key>[\w-]+)
     (?:(?:\s*=\s*|:\s*)(?P<value>"[^"]*"|'[^']*'|[^\s{{}}"'=:{_SEPARATORS}]+))?)
    (?=[\s{_SEPARATORS}]|$)
    """,
    re.VERBOSE,
)
# What may follow braces so that they were probably meant to stand last: marks that end a sentence
# or emphasis, comments and tags.
_BEHIND = re.compile(r"(?:[\s.?!:,;…。？！：；，、*_~]|<[^<>]*>)+")
# Behind these, a brace belongs to a formula, a template or code.
_NOT_GLUED = frozenset("\\_^$%#@{}`&=(<>[/|'\"")
_COMMAND = re.compile(r"\\[A-Za-z]+\Z")
_LONGEST = 2000
_EMPTY_PART = 'a part of the tag "{}" has no name: Anki would call it "blank"'
_NOT_IN_TAGS = re.compile(r"[ \u3000\x00-\x1f\x7f]")  # Anki parts tags at both of the spaces
_APART = "write attributes apart by spaces, such as {#id .tag reverse}"


def text_beside_list(heading: str, last: Braces) -> Iterator[AttributeProblem]:
    """What is wrong with the text before a list that is read: another list."""
    text = heading[: last.start].rstrip()
    for braces in braces_at_end(text, len(text)):
        if not is_list(braces.tokens(text)):
            continue
        merged = f"{{{braces.words(text).strip()} {last.words(heading).strip()}}}"
        message = (
            f"a heading has one list of attributes,"
            f" so {braces.shown(text)} is a part of the question"
        )
        yield AttributeProblem(
            "misspelt-attribute",
            message,
            braces.start,
            last.end - braces.start,
            f"write them in one, {merged}",
            merged,
        )
        return


def nearly_a_list(heading: str) -> Iterator[AttributeProblem]:
    """What is wrong with a heading that has no list of attributes, and probably should."""
    if not heading.endswith("}"):
        yield from _not_last(heading)
        return
    last = next(braces_at_end(heading, len(heading)), None)
    is_last = last is not None and heading.rfind("{") == last.start
    if last is None or not (is_last or "}{" in last.words(heading)):
        yield from _glued(heading)
        return
    meant = repaired(last.words(heading).replace("}{", " "))
    if meant is None:
        yield from _misspelt(heading, last)
    else:
        yield _no_list(heading, last, f"; did you mean {{{meant}}}?", f"{{{meant}}}")


def _no_list(
    heading: str,
    braces: Braces,
    why: str,
    fix: str | None,
) -> AttributeProblem:
    shown = braces.shown(heading)
    message = f"{shown} is no list of attributes, so it is a part of the question{why}"
    width = braces.end - braces.start
    return AttributeProblem("misspelt-attribute", message, braces.start, width, "", fix)


def _misspelt(heading: str, braces: Braces) -> Iterator[AttributeProblem]:
    """Braces that were probably meant as a list of attributes: `{drfat}` or `{draft x}`."""
    words = words_alone(braces.tokens(heading))
    if not words:
        # Between commas, one word must be a flag: sets of other words are text.
        words = re.findall(r"[\w-]+", braces.words(heading))
        separated = re.fullmatch(rf"[\w\s{_SEPARATORS}-]+", braces.words(heading))
        if not separated or not set(words) & set(FLAGS):
            return
        if not {_likely_flag(word) for word in words} <= set(FLAGS):
            return
    meant = [_likely_flag(word) for word in words]
    flags_and_keys: Sequence[str] = KEYS
    if len(words) == 1:
        flags_and_keys = FLAGS  # a key alone may well be text
    known = [word for word in words if word in flags_and_keys]
    if meant != words:
        guess = f"; did you mean {{{' '.join(meant)}}}?"
    elif known:
        guess = f": {known[0]} does not go with the rest"
    else:
        return
    yield _no_list(heading, braces, guess, None)


def _likely_flag(word: str) -> str:
    """The flag of which a word is a typo, else the word."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - seldom needed

    if len(word) < 4:
        return word
    for flag in FLAGS:
        if OSA.distance(word.lower(), flag) <= 1:
            return flag
    return word


def _not_last(heading: str) -> Iterator[AttributeProblem]:
    """A list with a mark behind it, as in `Unfinished {draft}?`, or one that never ends."""
    end = heading.rfind("}") + 1
    behind = heading[end:]
    if end == 0 or heading.find("{", end) >= 0:
        yield from _unclosed(heading, end)
        return
    if not _BEHIND.fullmatch(behind):
        return
    for braces in braces_at_end(heading, end):
        words = _meant_words(heading, braces)
        if words:
            text = heading[: braces.start].rstrip()
            fix = f"{behind.rstrip()} {{{words}}}"
            if not text:
                fix = fix.lstrip()
            shown = braces.shown(heading)
            message = (
                f"{shown} is not at the end of the heading, so it is a part of the question"
                " and says nothing of the card"
            )
            yield AttributeProblem(
                "misspelt-attribute",
                message,
                len(text),
                len(heading) - len(text),
                f"write {{{words}}} at its end; where it is meant as text, write \\{shown}",
                fix,
            )
        return


def _meant_words(heading: str, braces: Braces) -> str | None:
    """The words of a list in braces, None where they are none."""
    if is_list(braces.tokens(heading)):
        return braces.words(heading).strip()
    return repaired(braces.words(heading))


def _unclosed(heading: str, after: int) -> Iterator[AttributeProblem]:
    """A list at the end of a heading of which nothing closes the braces."""
    start = heading.rfind("{", after)
    if start < 0 or len(heading) - start > _LONGEST:
        return
    is_apart = start == 0 or heading[start - 1].isspace()
    found = tokens(heading, start + 1, len(heading))
    if not is_apart or "`" in heading[start:] or not is_list(found):
        return
    if not all(_is_certain(token) for token in found):
        return
    shown = heading[start:]
    message = f"{shown} is never closed, so it is a part of the question"
    width = len(heading) - start
    help = "close it with }"
    yield AttributeProblem("misspelt-attribute", message, start, width, help, f"{shown}}}")


def _glued(heading: str) -> Iterator[AttributeProblem]:
    """A list that no space parts from the question, as in `Why?{#id}`."""
    start = heading.rfind("{", max(0, len(heading) - _LONGEST))
    if start <= 0 or heading[start - 1] in _NOT_GLUED or "`" in heading[start:]:
        return
    if _COMMAND.search(heading, max(0, start - 40), start):
        return
    inner_end = len(heading) - 1
    braces = Braces(start, start + 1, inner_end, len(heading))
    found = braces.tokens(heading)
    if not found or not is_list(found) or not all(map(_is_certain, found)):
        return
    shown = braces.shown(heading)
    message = f"no space stands before {shown}, so it is a part of the question"
    help = "write a space before it"
    width = len(heading) - start
    yield AttributeProblem("misspelt-attribute", message, start, width, help, f" {shown}")


def _is_certain(token: re.Match[str]) -> bool:
    """Whether a token is an attribute, and hardly anything else."""
    if token["quoted"]:
        return True
    if token["mark"]:
        # `{.5}` and `{#1}` may be numbers.
        return not token["name"][0].isdigit()
    if token["value"] is None:
        return token["key"] in FLAGS
    return token["key"] in KEYS


def repaired(text: str) -> str | None:
    """The list that the words between braces mean, None where they may well mean something else.

    They mean one if each is an attribute, when commas are taken for spaces, colons for equals
    signs, and typographic quotes for straight ones.
    """
    plain = text.translate(_STRAIGHT)
    words: list[str] = []
    position = 0
    while found := _LOOSE.match(plain, position):
        word = _certain_word(found)
        if word is None:
            return None
        words.append(word)
        position = found.end()
    if not words or plain[position:].strip(f"{_SEPARATORS} \t\n"):
        return None
    return " ".join(words)


def _certain_word(found: re.Match[str]) -> str | None:
    """A word of a list as it should be, None for one that may be no attribute."""
    key = found["key"]
    value = found["value"]
    if found["mark"] == ".":
        name = normal_tag(found["name"].rstrip(":"))
        if name:
            return f".{name}"
        return None
    if found["mark"]:
        return f"#{found['name']}"
    key = key.lower()
    if value is None:
        return key if key in FLAGS else None
    if key in KEYS:
        return f"{key}={value}"
    return None


def slips(found: Sequence[re.Match[str]]) -> Iterator[AttributeProblem]:
    """What is wrong with how the words of a list are written."""
    for token in found:
        start, width = span_of_token(token)
        word = token[0].strip()
        if token["quoted"]:
            message = _wrong_tag(token["quoted"][1:-1])
        elif token["mark"]:
            message = _wrong_name(token["mark"], token["name"])
        else:
            message = _wrong_value(token["key"], token["value"])
        if not message:
            continue
        fix = None
        if not token["quoted"]:
            fix = repaired(word)
        if fix == word:
            fix = None
        code = "bad-attribute"
        if fix is None and any(each in word for each in _SEPARATORS):
            code = "misspelt-attribute"  # a comma may belong to a name
        yield AttributeProblem(code, message, start, width, _APART, fix)


def _wrong_name(mark: str, name: str) -> str:
    """What is wrong with the name of a tag or an id, empty where nothing is."""
    what = "tag"
    if mark == "#":
        what = "id"
    for each in re.finditer(f"[{_SEPARATORS}]", name):
        between_digits = name[each.start() - 1 : each.start()].isdigit()
        if between_digits and name[each.end() : each.end() + 1].isdigit():
            continue
        return f'the "{each[0]}" would be a part of the {what} "{name}"'
    if what == "tag" and normal_tag(name) != name:
        return _EMPTY_PART.format(name)
    return ""


def _wrong_tag(tag: str) -> str:
    """What is wrong with a tag between quotes, empty where nothing is."""
    if not all(tag.split("::")):
        return _EMPTY_PART.format(tag)
    if _NOT_IN_TAGS.search(tag):
        return f'the tag "{tag}" has a space: Anki would take it for several tags'
    return ""


def _wrong_value(key: str, value: str | None) -> str:
    """What is wrong with how a value is written, empty where nothing is."""
    if value is None or value[0] in "\"'":
        return ""
    if value[-1] in _SEPARATORS:
        return f'the "{value[-1]}" would be a part of the value of "{key}"'
    if value.translate(_STRAIGHT) != value and value[0].translate(_STRAIGHT) in "\"'":
        return f'the quotes would be a part of the value of "{key}"'
    return ""
