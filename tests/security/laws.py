"""The laws of the matrix: what must hold after every command, whatever the project is.

A law takes an outcome and gives the breaches that it finds, each a sentence.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from ankipress.diagnostics import CODES
from security.arena import PROCESSOR_TIME
from security.running import Outcome
from security.visiting import ENDING

MOST_MEMORY = 1_000_000_000
"""Bytes that a command may have in memory at once."""

# All control characters but those that end a line or a column, and DEL, C1, and what turns the
# direction of a text around.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_CONTROLS_OF_PAGES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# GitHub takes `::` at the beginning of a line, after spaces too; the older form and those of Azure
# and TeamCity anywhere in a line.
_GITHUB = (
    "error|warning|notice|debug|group|endgroup|section|command|echo|add-mask|add-path|add-matcher"
    "|remove-matcher|set-env|set-output|save-state|stop-commands"
)
_RUNNER_COMMAND = re.compile(
    rf"^\s*::\s*[\w-]+.*$|^.*##(?:\[(?:{_GITHUB})[ \]]|vso\[|teamcity\[).*$", re.MULTILINE
)
_OWN_COMMAND = re.compile(r"::(?:error|warning|notice) file=[^:]*,title=[a-z-]+::")
_NOTIFIED = re.compile(r"(?<![\w/`])@victim\b|(?<![\w&/])#1\b")
_CODE = re.compile(r"<(code|pre)\b.*?</\1>", re.DOTALL)
# A line that says what to type next. In quotes a shell runs nothing.
_SHELL = re.compile(r"^.*\bgit push [^'\n]*[$`;|&].*$", re.MULTILINE)
_REMOTE = re.compile(r"\s*(?:[a-z]+:)?//", re.IGNORECASE)
_RUNNING = re.compile(r"\s*(?:javascript|vbscript|data:text/html)", re.IGNORECASE)
_LOADING = frozenset({"src", "srcset", "srcdoc", "poster", "background", "data"})
_LOADING_STYLE = re.compile(r"(?:url\(|@import)\s*[\"']?\s*(?:https?:)?//", re.IGNORECASE)


def runs_nothing(outcome: Outcome) -> Iterator[str]:
    """1. No code of the project runs, and none that its settings, packages or git name."""
    for name in outcome.canaries:
        yield f"it ran {name}"


def stays_inside(outcome: Outcome) -> Iterator[str]:
    """2. Nothing outside the project is written, changed or deleted, and nothing stays behind in
    the folder for temporary files. In the project, a command changes only what it is there for.
    """
    for path in outcome.outside:
        yield f"it changed {path}, outside the project"
    for path in outcome.inside:
        if any(fnmatchcase(path, each) for each in outcome.row.writes):
            continue
        yield f"it changed {path}, which is not its business"


def tells_no_secret(outcome: Outcome) -> Iterator[str]:
    """3. Nothing that stands outside the project is shown or packed."""
    for place in outcome.secrets:
        yield f"the content of a file outside stands in {place}"


def connects_nowhere(outcome: Outcome) -> Iterator[str]:
    """4. Nothing connects to another computer or server."""
    if outcome.connections:
        yield f"{outcome.connections} connections came in"


def ends_well(outcome: Outcome) -> Iterator[str]:
    """5. A command ends soon, with a modest amount of memory, and not by a bug."""
    if outcome.was_ended:
        yield "it did not end"
    elif outcome.status not in {0, 1, 2}:
        yield f"its exit status is {outcome.status}"
    if outcome.seconds > PROCESSOR_TIME:
        yield f"it computed for {outcome.seconds:.0f} seconds"
    if outcome.memory > MOST_MEMORY:
        yield f"it took {outcome.memory // 1_000_000} MB"
    if "Traceback (most recent call last)" in outcome.output:
        yield f"it printed a traceback that ends with {outcome.errors.splitlines()[-1]!r}"
    if "there is not enough memory" in outcome.output:
        yield "it ran out of memory"
    for path, status, answer in outcome.served:
        is_ending = status in ENDING and "error[cannot-read]" in outcome.output
        if (status >= 500 or status == 0) and not is_ending:
            yield f"it answered {path} by {status}: {answer[:200]!r}"


def prints_text(outcome: Outcome) -> Iterator[str]:
    """6. What is printed is text: no control characters, no escapes, no turned direction, no line
    that a CI runner takes for a command, and in a comment no name that notifies somebody.
    """
    for name, content in (("stdout", outcome.stdout), ("stderr", outcome.stderr)):
        try:
            text = content.decode()
        except UnicodeDecodeError as error:
            yield f"{name} is not UTF-8: {content[max(0, error.start - 20) : error.end + 20]!r}"
        else:
            yield from (f"{name} {breach}" for breach in _wrong_in(text, outcome.row.form))
    if outcome.row.form == "markdown":
        comment = _outside_code(outcome.stdout.decode("utf-8", "replace"))
        if notified := _NOTIFIED.search(comment):
            around = comment[max(0, notified.start() - 40) : notified.end() + 20]
            yield f"stdout would notify {notified[0]!r}: {around!r}"
    if outcome.row.form in {"json", "sarif"} and outcome.stdout:
        try:
            json.loads(outcome.stdout)
        except ValueError as error:
            yield f"stdout is not JSON: {error}"


def _outside_code(comment: str) -> str:
    """What GitHub shows of a comment, without code, in which it notifies nobody."""
    shown = ""
    for block in MarkdownIt("commonmark").enable("table").parse(comment):
        if block.type == "html_block":
            shown += html.unescape(_CODE.sub("", block.content))
        pieces = [each for each in block.children or () if each.type != "code_inline"]
        # Texts are decoded already, HTML between them is not.
        shown += _CODE.sub("", "".join(each.content or "\n" for each in pieces)) + "\n"
    return shown


def _wrong_in(text: str, form: str) -> Iterator[str]:
    # A page is for a browser, where a text of any direction is at home.
    controls = _CONTROLS_OF_PAGES if form == "html" else _CONTROLS
    if found := controls.search(text):
        around = text[max(0, found.start() - 40) : found.end() + 20]
        yield f"holds {found[0]!r}: {around!r}"
    commands = [found[0].strip() for found in _RUNNER_COMMAND.finditer(text)]
    hostile = [each for each in commands if not (form == "github" and _OWN_COMMAND.match(each))]
    if hostile:
        yield f"holds a line for a CI runner: {hostile[0][:100]!r}"
    if found := _SHELL.search(text):
        yield f"holds a line that is to be copied, with a command in it: {found[0]!r}"


class _Page(HTMLParser):
    """Collects what a page would do by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.leads: list[str] = []
        self.acts: list[str] = []
        self.is_guarded = False
        self._is_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_style = tag == "style"
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self.leads.append("a page that leads on by itself")
        if tag == "meta" and given.get("http-equiv") == "Content-Security-Policy":
            self.is_guarded = is_strict(given.get("content", ""))
        self.acts += [
            f'<{tag} {name}="{value[:60]}">'
            for name, value in given.items()
            if _acts(tag, name, value)
        ]

    def handle_endtag(self, tag: str) -> None:
        self._is_style = False

    def handle_data(self, data: str) -> None:
        # Scripts of ankipress's own hold no word that only an attack has. Data in JSON may.
        if self.cdata_elem == "script" and "canary" in data and not data.lstrip().startswith("{"):
            self.acts.append("a script of the project")
        if self._is_style and _LOADING_STYLE.search(data):
            self.acts.append("a style that loads")


def _acts(tag: str, name: str, value: str) -> bool:
    """Whether an attribute runs a script, or loads something from elsewhere."""
    if name.startswith("on"):
        return True
    if name == "style":
        return _LOADING_STYLE.search(value) is not None
    if name in {"href", "xlink:href"} and tag in {"base", "link", "use", "image"}:
        return _REMOTE.match(value) is not None
    if name in {"href", "xlink:href", "action", "formaction"}:
        return _RUNNING.match(value) is not None
    return name in _LOADING and (_REMOTE.match(value) or _RUNNING.match(value)) is not None


def is_strict(policy: str) -> bool:
    """Whether a policy lets a page load nothing from elsewhere, and run nothing but the scripts of
    whoever wrote the policy.
    """
    directives = dict(each.strip().partition(" ")[::2] for each in policy.split(";"))
    scripts = directives.get("script-src", "")
    return (
        directives.get("default-src") == "'none'"
        and directives.keys() >= {"base-uri", "form-action"}
        and re.search(r"https?:|\*|'unsafe-(?:inline|eval)'", scripts) is None
        and re.search(r"https?:|\*", policy) is None
    )


def acts_of(page: str, *, is_guarded: bool = False) -> list[str]:
    """What a page of HTML would do by itself: load from elsewhere, lead on, run what is hostile.

    A strict policy keeps a page from all of it but from leading on: one of its own, or the one of
    the frame that it is shown in.
    """
    parser = _Page()
    parser.feed(page)
    parser.close()
    if is_guarded or parser.is_guarded:
        return parser.leads
    return parser.leads + parser.acts


def shows_quietly(outcome: Outcome) -> Iterator[str]:
    """8. A page of cards loads nothing from elsewhere, leads nowhere by itself, and runs no script
    of the project. In a frame with a strict policy the preview takes out what leads on, which
    tests/browser/test_hostile_cards.py looks at.
    """
    for name, page in outcome.pages.items():
        yield from (f"{name} holds {act}" for act in acts_of(page))
    is_guarded = False
    for path, _, text in outcome.served:
        if path == "/frame":
            is_guarded = is_strict(policy_of(text))
        if path.startswith(("/deck", "/cards")):
            acts = [] if is_guarded else [act for card in _texts_in(text) for act in acts_of(card)]
        else:
            acts = acts_of(text) if text.startswith("<") else []
        yield from (f"{path} holds {act}" for act in acts)


def policy_of(page: str) -> str:
    """The policy that an answer came with, as `ask` writes it before the answer."""
    return page.removeprefix('<meta http-equiv="Content-Security-Policy" content="').partition(
        '">'
    )[0]


def _texts_in(payload: str) -> Iterator[str]:
    """The HTML of the cards in an answer of the preview."""
    try:
        value = json.loads(payload)
    except ValueError:
        return
    for card in value.get("contents", {}).values():
        yield from (card["front"], card["back"])


LAWS: tuple[Callable[[Outcome], Iterator[str]], ...] = (
    runs_nothing,
    stays_inside,
    tells_no_secret,
    connects_nowhere,
    ends_well,
    prints_text,
    shows_quietly,
)
"""The laws that hold for every cell. `names_the_file` is asked where an attack makes a project
invalid.
"""


def names_the_file(outcome: Outcome, names: tuple[str, ...]) -> Iterator[str]:
    """7. An invalid project is refused, and the output names one of these files and a code."""
    is_server = outcome.row.form == "web"
    if outcome.status not in {1, 2} and not is_server:
        yield f"it was not refused: its exit status is {outcome.status}"
    if not any(name in outcome.output for name in names):
        yield f"it names none of {', '.join(names)}"
    words = set(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)+|bug", outcome.output))
    if not words & CODES.keys():
        yield "it names no code"


def breaches(outcome: Outcome, names: tuple[str, ...] = ()) -> list[str]:
    """All that is wrong with an outcome, each with the name of the law."""
    found = [f"{law.__name__}: {breach}" for law in LAWS for breach in law(outcome)]
    if names:
        found += [f"names_the_file: {breach}" for breach in names_the_file(outcome, names)]
    return found
