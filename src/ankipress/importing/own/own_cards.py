"""Notes of ankipress's own note types, as the cards that made them.

A card is right here only if its fields come out to the letter.
"""

from __future__ import annotations

import html as html_module
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from ankipress.importing.card_writing import braces_of
from ankipress.importing.converted_note import ConvertedNote, Form
from ankipress.importing.fields.field_markdown import Refer
from ankipress.importing.import_plan import PlannedType
from ankipress.importing.imported_deck import ImportedNote
from ankipress.importing.own.made_in_anki import forms_of
from ankipress.importing.own.own_blocks import touching_blocks
from ankipress.importing.own.own_choices import above_options, below_options, read_choices
from ankipress.importing.own.own_occlusions import occlusion_block
from ankipress.importing.own.own_trials import HeadingPart, OwnForms, OwnTrial, is_same
from ankipress.importing.own.own_wrappers import NO_TEXTS, Unwrapped, unwrap
from ankipress.model import own_note_type
from ankipress.render.typed_answer import typed_text

_QUESTIONS: Mapping[str, str] = {"basic": "Front", "cloze": "Text", "occlusion": "Header"}
_ANSWERS: Mapping[str, str] = {"basic": "Back", "cloze": "", "occlusion": "Back Extra"}
_SECTIONS = ("Hint", "Extra", "Source")
_DELETION = re.compile(r"\{\{c[0-9]")
_CONTEXT = re.compile(r'<p class="context">(?P<context>.*?)</p>(?P<row>.*)', re.DOTALL)
_NO_PROSE = re.compile(r"<(pre|code)\b.*?</\1>|\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _CardPlan:
    """A way to write a card: its kind, the words in its braces, and the fields that are text.

    `between` stands between question and answer, and `expected` are all fields as they must be.
    """

    kind: str
    words: tuple[str, ...]
    trials: Mapping[str, OwnTrial]
    expected: Mapping[str, str]
    between: str = ""
    is_evident: bool = True


@dataclass(slots=True)
class OwnNote(ConvertedNote):
    """A note that a card of ankipress made. `plan` is the way to write it that is tried."""

    plan: _CardPlan = field(init=False)
    plans: Iterator[_CardPlan] = field(default_factory=lambda: iter(()))
    same: Callable[[str, str], bool] = is_same

    def __post_init__(self) -> None:
        self.plan = next(self.plans)
        self.fields = list(self.plan.trials.values())

    def write(self, tags: Sequence[str], usual_kind: str) -> None:
        """Write the card."""
        plan = self.plan
        words = self.without_given(plan.words)
        if not plan.is_evident or usual_kind not in {"", plan.kind}:
            words.append(f"kind={plan.kind}")
        ways = {name: each.way for name, each in plan.trials.items()}
        key = own_note_type(self.key)
        heading, _, rest = ways[_QUESTIONS[key]].text.partition("\n\n")
        answer = ways.get(_ANSWERS[key])
        if plan.kind == "rows" and answer is not None:
            row_words = [self.words] if self.words.startswith("#") else []
            heading_words = [] if row_words else [self.words]
            blocks = [f"## {plan.between} {braces_of(tags, [*heading_words, *words])}"]
            blocks.append(_row(f"{heading} {braces_of((), row_words)}", answer.text))
            answer = None
        else:
            blocks = [f"## {heading} {braces_of(tags, [self.words, *words])}".rstrip()]
            blocks += filter(None, [rest, plan.between])
        if answer is not None and answer.text:
            if rest and key == "basic" and not plan.between:
                blocks.append("---")
            blocks.append(answer.text)
        for name in _SECTIONS:
            if name in ways and ways[name].text:
                blocks += [f"### {name}", ways[name].text]
        self.text = "\n\n".join(blocks)

    def judge(
        self,
        fields: Mapping[str, str] | None,
        *,
        is_wrong: bool,
        keeps_html: bool,
    ) -> None:
        """Keep the fields that are the same to the letter."""
        trials = self.plan.trials
        for name, each in trials.items():
            each.is_done = fields is not None and each.is_right(fields.get(name, ""))
        differing = [name for name, each in trials.items() if not each.is_done]
        for name in differing:
            rendered = None
            if fields is not None:
                rendered = fields.get(name, "")
            trials[name].advance(rendered, keeps_html=keeps_html)
        is_hopeless = any(each.way.form is Form.LOST for each in self.fields)
        if not differing:
            is_hopeless = is_wrong or not self._is_whole(fields or {})
        if is_hopeless:
            self._try_next_plan()

    def _is_whole(self, fields: Mapping[str, str]) -> bool:
        """Whether all fields came out to the letter, those too that are no text."""
        expected = self.plan.expected.items()
        return all(self.same(html, fields.get(name, "")) for name, html in expected)

    def _try_next_plan(self) -> None:
        plan = next(self.plans, None)
        if plan is not None:
            self.plan = plan
            self.fields = list(plan.trials.values())
            return
        for each in self.fields:
            each.give_up()


def own_note(
    number: int,
    note: ImportedNote,
    path: str,
    planned: PlannedType,
    refer: Refer,
) -> OwnNote:
    """A note with the first way to write it as a card."""
    values = dict(zip(planned.imported.field_names, note.fields, strict=True))
    forms = forms_of(planned, refer, number)
    found = _CardPlans(own_note_type(planned.key), values, forms)
    return OwnNote(number, note, path, planned.key, [], plans=found.all(), same=forms.same)


@dataclass(slots=True)
class _CardPlans:
    """The ways to write one note."""

    key: str
    values: Mapping[str, str]
    forms: OwnForms

    def all(self) -> Iterator[_CardPlan]:
        """The ways to write the card, the best first."""
        for unwrapped in unwrap(self.values, _QUESTIONS[self.key], _ANSWERS[self.key], NO_TEXTS):
            if self.key == "basic":
                yield from self._choices(unwrapped)
                yield from self._row(unwrapped)
                yield self._basic(unwrapped)
            elif self.key == "cloze":
                yield self._cloze(unwrapped)
            else:
                yield self._occlusion(unwrapped)

    def _basic(self, unwrapped: Unwrapped) -> _CardPlan:
        texts = unwrapped.texts
        trials = {
            "Front": self._question(unwrapped, "Front"),
            "Back": self._text(unwrapped, "Back"),
            **self._sections(unwrapped),
        }
        is_evident = not _DELETION.search(texts["Front"] + texts["Back"])
        words = (*_requests(texts, self.values), *unwrapped.words)
        return _CardPlan("basic", words, trials, unwrapped.expected, is_evident=is_evident)

    def _row(self, unwrapped: Unwrapped) -> Iterator[_CardPlan]:
        """The row of a table that the card was made of, as a term and its definition."""
        texts = unwrapped.texts
        found = _CONTEXT.fullmatch(texts["Front"])
        if found is None:
            return
        context = self.forms.line(f"<p>{found['context']}</p>")
        if "\n" in context:
            return
        trials = {
            "Front": OwnTrial(
                found["row"], self.forms, HeadingPart.FIRST, partial(_row_of, unwrapped)
            ),
            "Back": self._text(unwrapped, "Back"),
            **self._sections(unwrapped),
        }
        words = (*_requests(texts, self.values), *unwrapped.words)
        yield _CardPlan(
            "rows",
            words,
            trials,
            unwrapped.expected,
            context,
            is_evident=False,
        )

    def _choices(self, unwrapped: Unwrapped) -> Iterator[_CardPlan]:
        texts = unwrapped.texts
        choices = read_choices(texts["Front"], texts["Back"])
        if choices is None or texts["Typed"] or self.values["Reverse"]:
            return
        between = "\n".join(self._option(*each) for each in choices.options)
        if choices.below:
            between += f"\n\n{self.forms.line(choices.below)}\n\n---"
        trials = {
            "Front": OwnTrial(
                choices.above,
                self.forms,
                HeadingPart.FIRST,
                partial(_above_options, unwrapped),
                touching_blocks,
            ),
            "Back": OwnTrial(
                choices.back,
                self.forms,
                piece=partial(_below_options, unwrapped),
                split=touching_blocks,
            ),
            **self._sections(unwrapped),
        }
        yield _CardPlan(
            "choice",
            unwrapped.words,
            trials,
            unwrapped.expected,
            between,
            is_evident=False,
        )

    def _option(self, sign: str, html: str) -> str:
        first, *others = self.forms.line(html).split("\n")
        indent = " " * (sign.index(" ") + 1)
        lines = [f"{sign} {first}", *(f"{indent}{line}".rstrip() for line in others)]
        return "\n".join(lines)

    def _cloze(self, unwrapped: Unwrapped) -> _CardPlan:
        texts = unwrapped.texts
        trials = {"Text": self._question(unwrapped, "Text"), **self._sections(unwrapped)}
        is_evident = _DELETION.search(_NO_PROSE.sub("", texts["Text"])) is not None
        return _CardPlan(
            "cloze",
            unwrapped.words,
            trials,
            unwrapped.expected,
            is_evident=is_evident,
        )

    def _occlusion(self, unwrapped: Unwrapped) -> _CardPlan:
        texts = unwrapped.texts
        block = occlusion_block(self.values["Occlusion"], texts["Comments"], self.forms.line)
        picture = self.forms.line(self.values["Image"])
        trials = {
            "Header": self._question(unwrapped, "Header"),
            "Back Extra": self._text(unwrapped, "Back Extra"),
            **self._sections(unwrapped),
        }
        return _CardPlan(
            "occlusion",
            unwrapped.words,
            trials,
            unwrapped.expected,
            f"{picture}\n\n{block}",
        )

    def _sections(self, unwrapped: Unwrapped) -> dict[str, OwnTrial]:
        names = [name for name in _SECTIONS if name in unwrapped.texts]
        return {name: self._text(unwrapped, name) for name in names}

    def _text(self, unwrapped: Unwrapped, name: str) -> OwnTrial:
        piece = partial(unwrapped.inner, name)
        return OwnTrial(unwrapped.texts[name], self.forms, piece=piece)

    def _question(self, unwrapped: Unwrapped, name: str) -> OwnTrial:
        piece = partial(unwrapped.inner, name)
        return OwnTrial(unwrapped.texts[name], self.forms, HeadingPart.FIRST, piece)


def _row_of(unwrapped: Unwrapped, front: str) -> str:
    """The cell of a row in its front."""
    html = unwrapped.inner("Front", front)
    found = _CONTEXT.fullmatch(html)
    return found["row"] if found else html


def _above_options(unwrapped: Unwrapped, front: str) -> str:
    return above_options(unwrapped.inner("Front", front))


def _below_options(unwrapped: Unwrapped, back: str) -> str:
    return below_options(unwrapped.inner("Back", back))


def _row(term: str, answer: str) -> str:
    first, *others = answer.split("\n")
    lines = [term.rstrip(), f":   {first}"]
    lines += [f"    {line}".rstrip() for line in others]
    return "\n".join(lines)


def _requests(texts: Mapping[str, str], values: Mapping[str, str]) -> Iterator[str]:
    """What a card asks for in its braces."""
    if values["Reverse"]:
        yield "reverse"
    typed = texts["Typed"]
    if typed and typed == typed_text(texts["Back"]):
        yield "typed"
    elif typed:
        text = html_module.unescape(typed.replace("<wbr>", ""))
        quote = "'" if '"' in text else '"'
        yield f"typed={quote}{text}{quote}"
