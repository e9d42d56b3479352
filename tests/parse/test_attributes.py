"""The braces at the end of a heading, and those that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.model import Attributes
from ankipress.parse.attribute_tokens import AttributeProblem
from ankipress.parse.attributes import split_attributes, with_defaults


@pytest.mark.parametrize(
    "heading",
    [
        pytest.param("", id="nothing"),
        pytest.param("What?", id="no braces"),
        pytest.param("What is {}", id="empty braces"),
        pytest.param("What is {x}", id="a word that is no flag"),
        pytest.param("What is {x y}", id="words that are no flags"),
        pytest.param("What is { x, y }", id="a set"),
        pytest.param("What is {.a} for?", id="braces before the end"),
        pytest.param("What is `{.a}`", id="code"),
        pytest.param(r"What is \{.a}", id="escaped"),
        pytest.param(r"What is $\mathbb{R}$", id="mathematics"),
        pytest.param(r"What is \mathbb{R}", id="braces behind a word"),
        pytest.param("It is {{c1::x}}", id="a deletion"),
        pytest.param("It is {a", id="no end"),
        pytest.param("It is #a}", id="no begin"),
    ],
)
def test_no_attributes(heading: str) -> None:
    assert split_attributes(heading) == (heading, Attributes(), ())


@pytest.mark.parametrize(
    ("braces", "expected"),
    [
        pytest.param("{#a}", Attributes(id="a"), id="an id"),
        pytest.param(
            "{#größe-von.텐서}", Attributes(id="größe-von.텐서"), id="an id in other letters"
        ),
        pytest.param("{.a .b::c}", Attributes(tags=("a", "b::c")), id="tags"),
        pytest.param("{draft}", Attributes(draft=True), id="a flag"),
        pytest.param(
            "{ reverse typed }", Attributes(reverse=True, typed=True), id="flags and spaces"
        ),
        pytest.param("{reverse=false}", Attributes(), id="a flag switched off"),
        pytest.param('{typed="a {b} c"}', Attributes(typed="a {b} c"), id="braces in quotes"),
        pytest.param("{typed='a \"b\"'}", Attributes(typed='a "b"'), id="other quotes"),
        pytest.param("{kind=cloze lang=pt-BR}", Attributes(kind="cloze", lang="pt-BR"), id="keys"),
        pytest.param("{dir=rtl}", Attributes(dir="rtl"), id="a direction"),
        pytest.param(
            "{tts=fr-fr}", Attributes(tts_front="fr_FR", tts_back="fr_FR"), id="read aloud"
        ),
        pytest.param(
            "{tts=fr_FR tts-back=en-US}",
            Attributes(tts_front="fr_FR", tts_back="en_US"),
            id="in two languages",
        ),
        pytest.param("{: #a .b}", Attributes(id="a", tags=("b",)), id="as in kramdown"),
    ],
)
def test_attributes(braces: str, expected: Attributes) -> None:
    assert split_attributes(f"What?  {braces}") == ("What?", expected, ())
    assert split_attributes(braces) == ("", expected, ())


@pytest.mark.parametrize(
    ("braces", "code", "message", "words"),
    [
        (
            "{revers=true}",
            "unknown-attribute",
            'there is no attribute "revers"; did you mean "reverse"?',
            "revers=true",
        ),
        (
            "{#a dratf}",
            "unknown-attribute",
            'there is no attribute "dratf"; did you mean "draft"?',
            "dratf",
        ),
        (
            "{kind=clozed}",
            "unknown-kind",
            'there is no kind "clozed" of card; did you mean "cloze"?',
            "kind=clozed",
        ),
        ("{.a kind}", "unknown-kind", 'there is no kind "" of card', "kind"),
        ("{kind=cloze kind=basic}", "bad-attribute", '"kind" stands here twice', "kind=basic"),
        ("{#a #b}", "bad-attribute", "a card has one id", "#b"),
        (
            "{lang=deutsch!}",
            "bad-attribute",
            "\"lang\" must be a language such as de or pt-BR, not 'deutsch!'",
            "lang=deutsch!",
        ),
        ("{dir=left}", "bad-attribute", "\"dir\" must be ltr, rtl or auto, not 'left'", "dir=left"),
        (
            "{dir=rtl tts=fr}",
            "bad-attribute",
            "\"tts\" must be a language and a country such as fr-FR, not 'fr'",
            "tts=fr",
        ),
        (
            "{reverse=yes}",
            "bad-attribute",
            '"reverse" is on or off: write reverse or reverse=false',
            "reverse=yes",
        ),
    ],
)
def test_problems(braces: str, code: str, message: str, words: str) -> None:
    heading = f"What? {braces}"
    text, _, (problem,) = split_attributes(heading)
    assert text == "What?"
    assert (problem.code, under(problem, heading)) == (code, words)
    assert problem.message == message


def under(problem: AttributeProblem, heading: str) -> str:
    """The words of a heading that a problem is about."""
    return heading[problem.start : problem.start + problem.width]


def mended(heading: str) -> str:
    """A heading after one fix."""
    problem = next(each for each in split_attributes(heading)[2] if each.fix is not None)
    before, after = heading[: problem.start], heading[problem.start + problem.width :]
    return f"{before}{problem.fix}{after}"


@pytest.mark.parametrize(
    ("heading", "words", "expected"),
    [
        pytest.param("Q? {reverse, typed}", "{reverse, typed}", "Q? {reverse typed}", id="commas"),
        pytest.param("Q? {reverse,typed}", "{reverse,typed}", "Q? {reverse typed}", id="a comma"),
        pytest.param("Q? {reverse; .a}", "{reverse; .a}", "Q? {reverse .a}", id="another mark"),
        pytest.param("問？ {reverse、typed}", "{reverse、typed}", "問？ {reverse typed}", id="、"),
        pytest.param(
            "Q {.a, reverse, typed}",
            "{.a, reverse, typed}",
            "Q {.a reverse typed}",
            id="a tag and flags",
        ),
        pytest.param("Q {kind: cloze}", "{kind: cloze}", "Q {kind=cloze}", id="a colon"),
        pytest.param("Q {lang:de}", "{lang:de}", "Q {lang=de}", id="a colon without a space"),
        pytest.param("Q {kind = rows}", "{kind = rows}", "Q {kind=rows}", id="spaces around ="),
        pytest.param("Q {Reverse}", "{Reverse}", "Q {reverse}", id="a capital"),
        pytest.param(
            "Q {typed=“a b”}", "{typed=“a b”}", 'Q {typed="a b"}', id="typographic quotes"
        ),
        pytest.param("Why {reverse}?", " {reverse}?", "Why? {reverse}", id="not last"),
        pytest.param("未完 {typed}？", " {typed}？", "未完？ {typed}", id="not last, in Chinese"),
        pytest.param("Quoi {#a} ?", " {#a} ?", "Quoi ? {#a}", id="not last, in French"),
        pytest.param("**Q {#a}**", " {#a}**", "**Q** {#a}", id="in emphasis"),
        pytest.param("{#a}?", "{#a}?", "? {#a}", id="nothing before it"),
        pytest.param(
            "Q {.a} <!-- x -->", " {.a} <!-- x -->", "Q <!-- x --> {.a}", id="before a comment"
        ),
        pytest.param(
            "Q {.a}<a id='x'></a>", " {.a}<a id='x'></a>", "Q<a id='x'></a> {.a}", id="before a tag"
        ),
        pytest.param("Q {reverse, typed}.", " {reverse, typed}.", "Q. {reverse typed}", id="both"),
        pytest.param("Q {.a} {#b}", "{.a} {#b}", "Q {.a #b}", id="two lists"),
        pytest.param("Q {.a}{#b}", "{.a}{#b}", "Q {.a #b}", id="two lists without a space"),
        pytest.param("Q {.a} {.b} {#c}", "{.b} {#c}", "Q {.a} {.b #c}", id="three lists"),
        pytest.param("Q {: .a} {: #b}", "{: .a} {: #b}", "Q {.a #b}", id="two as in kramdown"),
        pytest.param("Why?{#id}", "{#id}", "Why? {#id}", id="no space before it"),
        pytest.param("Why?{typed}", "{typed}", "Why? {typed}", id="no space before a flag"),
        pytest.param("Why?\u00a0{.a}", "{.a}", "Why?\u00a0 {.a}", id="a hard space before it"),
        pytest.param("Why? {#id .a", "{#id .a", "Why? {#id .a}", id="never closed"),
    ],
)
def test_braces_that_are_nearly_a_list_are_text_and_a_warning(
    heading: str, words: str, expected: str
) -> None:
    text, _, (problem,) = split_attributes(heading)
    assert words.lstrip().split("}")[0] in text
    assert (problem.code, under(problem, heading)) == ("misspelt-attribute", words)
    assert mended(heading) == expected


@pytest.mark.parametrize(
    ("braces", "words", "expected"),
    [
        pytest.param("{#es, .europe}", "#es,", "{#es .europe}", id="a comma behind an id"),
        pytest.param("{.tag,reverse}", ".tag,reverse", "{.tag reverse}", id="a tag and a flag"),
        pytest.param("{.a,.b}", ".a,.b", "{.a .b}", id="two tags"),
        pytest.param("{#a;.größe}", "#a;.größe", "{#a .größe}", id="an id and a tag"),
        pytest.param("{.a,}", ".a,", "{.a}", id="a comma at the end"),
        pytest.param("{.a, reverse}", ".a,", "{.a reverse}", id="a comma behind a tag"),
        pytest.param("{lang=de, .a}", "lang=de,", "{lang=de .a}", id="a comma behind a value"),
        pytest.param("{typed=x, .a}", "typed=x,", "{typed=x .a}", id="one that would be typed"),
        pytest.param("{typed=“x” .a}", "typed=“x”", '{typed="x" .a}', id="typographic quotes"),
        pytest.param("{.a::}", ".a::", "{.a}", id="a tag without an end"),
        pytest.param("{.::a::::b}", ".::a::::b", "{.a::b}", id="a tag without parts"),
        pytest.param("{lang=german}", "lang=german", "{lang=de}", id="a name of a language"),
        pytest.param("{lang=jp}", "lang=jp", "{lang=ja}", id="a country"),
        pytest.param("{lang=de_AT}", "lang=de_AT", "{lang=de-AT}", id="an underscore"),
        pytest.param("{lang=deu}", "lang=deu", "{lang=de}", id="three letters"),
        pytest.param('{lang="jp"}', 'lang="jp"', "{lang=ja}", id="a value in quotes"),
        pytest.param("{tts=jp-JP}", "tts=jp-JP", "{tts=ja-JP}", id="a voice of a country"),
        pytest.param("{tts-back=en-UK}", "tts-back=en-UK", "{tts-back=en-GB}", id="en-UK"),
        pytest.param("{reverse=yes}", "reverse=yes", "{reverse}", id="yes"),
        pytest.param("{draft=False}", "draft=False", "{draft=false}", id="False"),
    ],
)
@pytest.mark.parametrize("question", ["What?", "Was heißt #es, lang=jp?", ""])
def test_a_slip_in_a_list_is_an_error_with_a_fix(
    question: str, braces: str, words: str, expected: str
) -> None:
    heading = f"{question} {braces}".strip()
    text, _, (problem,) = split_attributes(heading)
    assert (text, problem.code) == (question, "bad-attribute")
    assert under(problem, heading) == words
    assert problem.start >= len(question)
    assert mended(heading) == f"{question} {expected}".strip()
    assert split_attributes(mended(heading))[2] == ()


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("Unfinished {draft}?", " {draft}?"),
        ("Unfinished {Draft}", "{Draft}"),
        ("Unfinished {draft, .a}.", " {draft, .a}."),
        ("Unfinished {.a} {draft}", "{.a} {draft}"),
        ("Unfinished?{draft}", "{draft}"),
        ("Unfinished {draft", "{draft"),
        ("Unfinished {.a,draft}", ".a,draft"),
        ("Unfinished {draft=yes}", "draft=yes"),
    ],
)
def test_no_fix_takes_a_card_out_of_the_deck(heading: str, words: str) -> None:
    """Learners may have it: it would be retired."""
    (problem,) = split_attributes(heading)[2]
    assert (under(problem, heading), problem.fix) == (words, None)


def test_an_id_stays_as_it_is_written_until_its_author_fixes_it() -> None:
    """Another id would be another note."""
    assert split_attributes("Q {#es, .europe}")[1].id == "es,"


@pytest.mark.parametrize(
    ("braces", "words"),
    [("{.a,b}", ".a,b"), ("{#a,b .c}", "#a,b")],
)
def test_a_comma_that_may_belong_to_a_name_is_a_warning(braces: str, words: str) -> None:
    heading = f"Q {braces}"
    (problem,) = split_attributes(heading)[2]
    assert (problem.code, problem.fix, under(problem, heading)) == (
        "misspelt-attribute",
        None,
        words,
    )


@pytest.mark.parametrize(
    "heading",
    [
        "f() {...}",
        "What is { ...props }",
        "const x = { ...obj };",
        "f(){....}",
        "Which text does {.*} match?",
        "It matches {.*}",
        "{.,}",
        "{#?}",
        "x ∈ {0,1}",
        "x ∈ {0, 1}",
        "A set {a, b}",
        "{type, kind}",
        "{draft, soon}",
        "The set {reverse, list, of, words}",
        r"$\mathbb{R}$",
        r"\mathbb{R}",
        r"\text{draft}",
        "x^{reverse}",
        "x_{draft}",
        "${draft}",
        "#{draft}",
        "%{draft}",
        "f(x){0}",
        "{{ reverse }}",
        "{{reverse}}",
        "{% draft %}",
        "{# a comment #}",
        "{# a comment}",
        "What is {.a} for?",
        "What does {draft} do here?",
        "`{draft}`?",
        "`a {draft}`?",
        "$a {draft}$?",
        r"\{draft}?",
        r"What is \{draft}",
        "a{color:red}",
        "body{margin=0}",
        "vector<int>{}",
        "Set{.5}",
        "{{c1::draft}}?",
        "{toc}",
        "{:toc}",
        "{name: value}",
        "{0}, {1}!",
        "{x}?",
        "Q {",
        "Q {a draft",
        "{.1,2-dichloroethane}?!x",
    ],
)
def test_braces_that_are_plainly_text_are_nothing_to_speak_of(heading: str) -> None:
    assert split_attributes(heading) == (heading, Attributes(), ())


def test_a_comma_between_digits_belongs_to_a_tag() -> None:
    heading = "Q {.1,2-dichloroethane}"
    assert split_attributes(heading) == ("Q", Attributes(tags=("1,2-dichloroethane",)), ())


@pytest.mark.parametrize(
    ("braces", "message"),
    [
        pytest.param("{x}", "", id="a letter"),
        pytest.param("{type}", "; did you mean {typed}?", id="a flag without its end"),
        pytest.param("{kind}", "", id="a key alone may be a text"),
        pytest.param("{daft}", "; did you mean {draft}?", id="a letter too few"),
        pytest.param("{drfat}", "; did you mean {draft}?", id="two letters in the wrong order"),
        pytest.param("{Reverse typd}", "; did you mean {reverse typed}?", id="two flags"),
        pytest.param(
            "{draft soon}", ": draft does not go with the rest", id="a word beside a flag"
        ),
        pytest.param("{kind cloze}", ": kind does not go with the rest", id="a key without a sign"),
        pytest.param("{x draught}", "", id="another word"),
        pytest.param("{a drfat b", "", id="no end"),
    ],
)
def test_braces_that_were_probably_meant_as_attributes(braces: str, message: str) -> None:
    heading, attributes, problems = split_attributes(f"What? {braces}")
    assert (heading, attributes) == (f"What? {braces}", Attributes())
    expected = f"{braces} is no list of attributes, so it is a part of the question{message}"
    assert [each.message for each in problems] == ([expected] if message else [])


@given(
    st.lists(
        st.sampled_from([*"{}#.=\"' ab:\\`,;?<>\n“", "draft", "reverse", "lang", "de"]), max_size=24
    ).map("".join)
)
def test_any_heading_can_be_split(heading: str) -> None:
    text, attributes, problems = split_attributes(heading)
    assert heading.startswith(text)
    assert attributes == Attributes() or text != heading
    for each in problems:
        assert 0 <= each.start < each.start + each.width <= len(heading)
        assert under(each, heading) != each.fix


def test_a_hostile_heading_is_cheap() -> None:
    heading = "a " + "{" * 100_000 + "}"
    assert split_attributes(heading) == (heading, Attributes(), ())
    assert split_attributes("{.a " * 50_000 + "}")[1] == Attributes(tags=("a",))


@pytest.mark.parametrize(
    ("own", "defaults", "lang", "expected"),
    [
        pytest.param(Attributes(), {}, "", Attributes(), id="nothing is said"),
        pytest.param(
            Attributes(lang="de"),
            {"lang": "fr"},
            "ja",
            Attributes(lang="de"),
            id="the card says it",
        ),
        pytest.param(
            Attributes(),
            {"lang": "fr", "dir": "rtl"},
            "ja",
            Attributes(lang="fr", dir="rtl"),
            id="the file says it",
        ),
        pytest.param(Attributes(), {}, "ja", Attributes(lang="ja"), id="the project says it"),
    ],
)
def test_what_a_card_does_not_say_is_said_by_its_file_or_project(
    own: Attributes, defaults: dict[str, str], lang: str, expected: Attributes
) -> None:
    assert with_defaults(own, defaults, lang) == expected
