"""Commands of MathJax that act, in the MathJax that Anki has: what is left of them does nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from ankipress.render.tex_commands import safe_tex
from pages import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MATHJAX = ROOT / "src" / "ankipress" / "preview" / "mathjax" / "tex-svg-full.js"
# As Anki sets it up, but that endless definitions end sooner.
SETTINGS = """() => { window.MathJax = {
    tex: {
        packages: { "[+]": ["noerrors", "mathtools"], "[-]": ["textmacros"] },
        maxMacros: 100, maxBuffer: 1000,
    },
    svg: { fontCache: "none" },
    options: { enableMenu: false },
    startup: { typeset: false },
}; }"""
# Every call of a command that acts is noted, with the TeX that is before MathJax.
WATCH = """async () => {
    await MathJax.startup.promise;
    window.called = [];
    const commands = ["cssId", "require", "mmlToken", "verb", "href", "style", "class", "bbox",
        "unicode", "fcolorbox"];
    const maps = MathJax.startup.document.inputJax[0].configuration.handlers.get("macro");
    for (const { item } of maps._configuration) {
        for (const command of commands) {
            const macro = item.map && item.map.get(command);
            if (!macro) continue;
            const act = macro._func;
            macro._func = (parser, ...rest) => {
                called.push(command + parser.string.slice(parser.i));
                return act(parser, ...rest);
            };
        }
    }
}"""
# A note of each formula with its call, and what a click on each of its links does.
DRAW = """formulas => {
    const box = document.body;
    return formulas.map(tex => {
        called.length = 0;
        window.attacked = false;
        box.replaceChildren();
        try { box.append(MathJax.tex2svg(tex)); } catch { return [[...called], false]; }
        for (const link of box.querySelectorAll("a")) {
            const target = link.getAttribute("href") || "";
            if (target.trim().toLowerCase().startsWith("javascript:")) {
                link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
                window.attacked = true;
            }
        }
        return [[...called], window.attacked];
    });
}"""
RUN = "javascript:window.ran=(window.ran||0)+1"
ATTACKS = [
    rf"\href{{{RUN}}}{{x}}",
    rf"\href{{ JAVASCRIPT{RUN[10:]}}}{{x}}",
    rf"\let\x\href \x{{{RUN}}}{{x}}",
    rf"\def\x{{\href}}\x{{{RUN}}}{{x}}",
    rf"\newcommand{{\x}}[1]{{\href{{#1}}{{y}}}}\x{{{RUN}}}",
    rf"\newenvironment{{x}}{{\href{{{RUN}}}{{}}{{\begin{{x}}y\end{{x}}",
    rf"\verb\a\\href{{{RUN}}}{{x}}",
    rf"\def\x#1{{\verb\a\\#1}}\x{{href}}{{{RUN}}}{{x}}",
    rf"\def\x#1|#2|{{#1\a\\#2{{{RUN}}}{{z}}}}\x\verb|href|",
    rf"\ce{{A ->[$\href{{{RUN}}}{{x}}$] B}}",
    rf"\text{{a $\href{{{RUN}}}{{x}}$}}",
    rf"\def\x#1{{#1{{{RUN}}}{{y}}}}\x\href{{https://a.org}}{{z}}",
    rf"\let\x=\href{{https://a.org}}{{z}}\x{{{RUN}}}{{x}}",
    rf'\mmlToken{{mi}}[href="{RUN}"]{{x}}',
]
WORKING = [attack for attack in ATTACKS if "newenvironment" not in attack]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.set_content("<body></body>")
    page.evaluate(SETTINGS)
    page.add_script_tag(path=MATHJAX)
    page.evaluate(WATCH)
    yield page
    page.close()


def drawn(page: Page, formulas: list[str]) -> list[tuple[list[str], bool]]:
    """The commands that were called for each formula, and whether a link in it is a script."""
    return [(called, attacked) for called, attacked in page.evaluate(DRAW, formulas)]


@pytest.mark.parametrize("attack", WORKING)
def test_an_attack_works_as_it_is_and_not_as_it_is_packed(page: Page, attack: str) -> None:
    [(called, attacked)] = drawn(page, [attack])
    assert attacked or "href" in str(called)
    assert drawn(page, [safe_tex(attack).tex])[0][1] is False


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_command_of_an_attack_is_called(page: Page, attack: str) -> None:
    assert drawn(page, [safe_tex(attack).tex]) == [([], False)]


ANY = "red;position:fixed;background:url(//a.org)"
FORMS = (
    f"{{{ANY}}}{{{ANY}}}{{{ANY}}}{{x}}",
    f"[{ANY}]{{{ANY}}}{{{ANY}}}{{x}}",
    f"[1,2][{ANY}]{{65}}",
    f'{{mi}}[style="{ANY}", id="qa", href="javascript:x"]{{x}}',
    "[border:1px;position:fixed;background:url(//a.org)]{x}",
)
COMMANDS = """() => {
    const names = kind => [...MathJax.startup.document.inputJax[0].configuration.handlers.get(kind)
        ._configuration].flatMap(({ item }) => [...(item.map || [])])
        .filter(([, macro]) => "_func" in macro).map(([name]) => name);
    return [names("macro"), names("environment")];
}"""
# The formulas that have a style, a font, a class, an id or a link of their author.
REACH = """formulas => formulas.filter(tex => {
    try { var found = MathJax.tex2mml(tex); } catch { return false; }
    return /(style|fontfamily|class|id|href)="(?!mjx-eqn:)[^"]*(position|qa|javascript)/
        .test(found);
})"""


def test_no_other_command_has_a_style_an_id_or_a_link(page: Page) -> None:
    macros, environments = page.evaluate(COMMANDS)
    assert {"href", "frac"} <= {*macros}
    formulas = [rf"\{name}{form}" for name in macros if name.isalpha() for form in FORMS]
    formulas += [
        rf"\begin{{{name}}}{form}x\end{{{name}}}" for name in environments for form in FORMS
    ]
    reaching = page.evaluate(REACH, formulas)
    names = {each[1:].partition("{")[0].partition("[")[0] for each in reaching}
    assert names == {
        *("bbox", "class", "cssId", "fcolorbox", "href", "mmlToken", "style", "unicode")
    }
    assert page.evaluate(REACH, [safe_tex(each).tex for each in reaching]) == []


PIECES = [
    *r"\href \h ref \hre f \style \class \cssId \mmlToken \verb \bbox \a".split(),
    *r"\\ \ { } {} [ ] #1 #2 ##1 | $ x 1 % ^ _ & \# \{ \} > < - ' ~".split(" "),
    *r"\def\x#1{ \def\x#1|{ \def\y#1#2{ \def\z{ \let\y= \let\z\x \x \y \z \x{ \y{ \z|".split(),
    *r"\newcommand{\w}[2][href]{ \w \w[ \newenvironment{e}{ \begin{e} \end{e} \ce{ \pu{".split(),
    *r"\text{ \mbox{ \operatorname{ \tag{ \bra{ \Set{ \substack{ \left( \right)".split(),
    *r"\DeclareMathOperator{\w}{ \DeclarePairedDelimiter{\w}{ \Newextarrow{\w} \prescript".split(),
    *"{href} {\\verb} {\\\\} {javascript:a} {https://a.b} {mi} {color:red} [top:0] [red] \n".split(
        " "
    ),
]


def test_no_formula_calls_a_command_that_is_left_out(page: Page) -> None:
    """Definitions and mhchem put TeX together: never to what was left out. Definitions stay from
    one formula to the next, as they do from card to card.
    """
    choice = random.Random(16)
    formulas = ["".join(choice.choices(PIECES, k=choice.randint(1, 24))) for _ in range(1000)]
    safe = [safe_tex(each).tex for each in formulas]
    bad = []
    for tex, (called, attacked) in zip(safe, drawn(page, safe), strict=True):
        if called or attacked:
            bad.append((tex, called))
    assert bad == []
