r"""The mathematics in the HTML of a field: MathJax's `\(…\)` and `\[…\]`, and LaTeX that Anki makes
pictures of, `[$]…[/$]`, `[$$]…[/$$]` and `[latex]…[/latex]`, where MathJax shows the same.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

INLINE = "\x0e("
DISPLAY = "\x0e["
END = "\x0f"
LATEX = "\x10"
"""Stands before LaTeX of which Anki makes a picture that MathJax cannot show."""
MARKED = re.compile(rf"\x0e([(\[])([^\x0e\x0f]*){END}")
"""A formula in a text where `mark_formulas` has marked it: its bracket and its TeX."""

_START = re.compile(
    r"<(?P<code>pre|code)[\s>]|<[^<>]*>|(?P<mark>\\[(\[]|\[\$\$?\]|\[latex\])", re.IGNORECASE
)
_ENDS = {
    mark: re.compile(re.escape(end), re.IGNORECASE)
    for mark, end in {
        "pre": "</pre",
        "code": "</code",
        "\\(": "\\)",
        "\\[": "\\]",
        "[$]": "[/$]",
        "[$$]": "[/$$]",
        "[latex]": "[/latex]",
    }.items()
}
_LINE_END = re.compile(r"<br\s*/?>|</?div>|[\r\n]+", re.IGNORECASE)
_TAG = re.compile(r"<[A-Za-z/!]")
_NOTHING = re.compile(r"<wbr\s*/?>|</?span>", re.IGNORECASE)
_CONTROL = re.compile(r"[\x0e-\x13]")
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")
# Environments of displayed mathematics that LaTeX needs and MathJax does not.
_DISPLAYS = re.compile(
    r"\\begin\{(?P<name>equation\*?|displaymath|math)\}(?P<tex>.*)\\end\{(?P=name)\}", re.DOTALL
)
_DOLLARS = re.compile(
    r"\$\$(?P<two>[^$]+)\$\$|\$(?P<one>[^$]+)\$|\\\[(?P<bracket>.+)\\\]", re.DOTALL
)
_ENVIRONMENT = re.compile(r"\\begin\{([A-Za-z]+\*?)\}")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_LETTERS = re.compile(r"[^\x00-\u024f\u2000-\u22ff]")
_COMMENT = re.compile(r"(?<!\\)%")
_ENVIRONMENTS = frozenset(
    """
    align align* aligned alignat alignat* alignedat array bmatrix Bmatrix cases eqnarray eqnarray*
    gather gather* gathered matrix multline multline* pmatrix smallmatrix split vmatrix Vmatrix
    """.split()
)
# Commands that mean the same to MathJax and to LaTeX with the packages that Anki loads.
_COMMANDS = frozenset(
    """
    acute aleph Alpha alpha amalg angle approx arccos arcsin arctan arg ast asymp backslash bar
    because begin Beta beta bf Big big bigcap bigcup Bigg bigg Biggl biggl Biggr biggr Bigl bigl
    bigoplus bigotimes Bigr bigr bigvee bigwedge binom bmod boldsymbol bot boxed bullet cal cap
    cdot cdots check Chi chi choose circ cong coprod cos cosh cot coth csc cup curl dagger ddot
    ddots deg Delta det dfrac diamond dim displaystyle div dot doteq dots dotsb dotsc downarrow
    ell emptyset end Epsilon epsilon equiv eta exists exp fbox flat forall frac Gamma gamma gcd
    ge geq gets gg grave hat hbar hline hookrightarrow hspace iff iiint iint Im imath implies in
    inf infty int it jmath kappa ker Lambda lambda land langle lbrace lceil ldots le left
    Leftarrow leftarrow Leftrightarrow leftrightarrow leq lfloor lg lim liminf limits limsup ll
    ln lnot log Longleftarrow longleftarrow Longleftrightarrow longleftrightarrow longmapsto
    Longrightarrow longrightarrow lor lVert lvert mapsto mathbb mathbf mathcal mathfrak mathit
    mathop mathrm mathscr mathsf mathtt max mbox mid min mod models mp mu nabla natural ne
    nearrow neg neq ni nolimits not notin nu nwarrow odot oint Omega omega ominus operatorname
    oplus oslash otimes over overbrace overleftarrow overline overrightarrow overset parallel
    partial perp Phi phi Pi pi pm pmod Pr prec preceq prime prod propto Psi psi qquad quad
    rangle rbrace rceil Re rfloor rho right Rightarrow rightarrow rightharpoonup
    rightleftharpoons rm rVert rvert scriptscriptstyle scriptstyle searrow sec setminus sharp
    Sigma sigma sim simeq sin sinh smallsetminus sqrt sqsubset sqsubseteq stackrel star subset
    subseteq subsetneq substack succ succeq sum sup supset supseteq surd swarrow tan tanh tau
    text textbf textit textrm textstyle tfrac therefore Theta theta tilde times to top triangle
    triangleleft triangleq triangleright underbrace underline underset Uparrow uparrow Upsilon
    upsilon varepsilon varnothing varphi varpi varrho varsigma vartheta vdash vdots vec vee Vert
    vert wedge widehat widetilde wp Xi xi xleftarrow xrightarrow zeta
    """.split()
)


def mark_formulas(field: str) -> str:
    """The HTML of a field in which marks stand around each formula that MathJax shows.

    A formula that elements other than lines interrupt is none to MathJax. LaTeX that MathJax does
    not show has a mark before it.
    """
    if "\\" not in field and "[$" not in field and "[latex]" not in field.lower():
        return field
    return "".join(_pieces(_CONTROL.sub("", field)))


def _pieces(field: str) -> Iterator[str]:
    """The HTML of a field in pieces, with marks around formulas. Code and tags hold none."""
    position = 0
    start = 0
    never_ending: set[str] = set()
    while found := _START.search(field, start):
        start = found.end()
        mark = (found["code"] or found["mark"] or "").lower()
        if not mark or mark in never_ending:
            continue
        end = _ENDS[mark].search(field, start)
        if end is None:
            never_ending.add(mark)
            continue
        if found["mark"]:
            yield field[position : found.start()]
            yield _marked(mark, field[found.end() : end.start()], field[found.start() : end.end()])
            position = end.end()
        start = end.end()
    yield field[position:]


def _marked(mark: str, body: str, written: str) -> str:
    """A formula with marks around it."""
    read = None
    tex = _tex(body)
    if tex is not None and tex.strip():
        read = _read(mark, tex)
    if read is not None:
        kind, tex = read
        return f"{kind}{html.escape(tex.strip(), quote=False)}{END}"
    if mark.startswith("\\"):
        return written
    return f"{LATEX}{written}"


def _read(mark: str, tex: str) -> tuple[str, str] | None:
    """The mark and the TeX of a formula, None where MathJax does not show it."""
    if mark == "[latex]":
        return _read_latex(tex)
    if mark.startswith("[") and not _is_common(tex):
        return None
    return (DISPLAY if mark in {"\\[", "[$$]"} else INLINE), tex


def _tex(body: str) -> str | None:
    """The TeX of the HTML between two marks, None where an element is in it."""
    body = _NOTHING.sub("", _LINE_END.sub("\n", body))
    if _TAG.search(body):
        return None
    return html.unescape(body).replace("\xa0", " ")


def _read_latex(tex: str) -> tuple[str, str] | None:
    """The mark and the TeX of LaTeX that is one formula and nothing else."""
    tex = tex.strip()
    environment = _DISPLAYS.fullmatch(tex)
    dollars = _DOLLARS.fullmatch(tex)
    mark = DISPLAY
    if environment:
        inner = environment["tex"]
        if environment["name"] == "math":
            mark = INLINE
    elif dollars:
        inner = dollars["two"] or dollars["one"] or dollars["bracket"]
        if dollars["one"]:
            mark = INLINE
    else:
        return None
    if "\\begin{equation" in inner or not _is_common(inner):
        return None
    return mark, inner


def _is_common(tex: str) -> bool:
    """Whether TeX means to MathJax what it means to LaTeX."""
    if _LETTERS.search(tex) or "$" in tex or _COMMENT.search(tex):
        return False
    are_known = _COMMANDS.issuperset(_COMMAND.findall(tex))
    return are_known and _ENVIRONMENTS.issuperset(_ENVIRONMENT.findall(tex))


def spaceless(tex: str) -> str:
    """TeX as it is compared: spaces that show nothing are alike."""
    tex = _SPACES.sub(" ", tex).strip()
    return re.sub(r"(?<=[{}]) (?=[{}])", "", tex).replace(":{}:", "::")
