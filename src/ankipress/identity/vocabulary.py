"""Words that matching must know: those that turn a meaning round, and those that hardly matter.

English and German first, then Korean, French, Spanish, Chinese and Japanese. A word that is missing
here only weighs more than it should. Words that are also names of things (list, set, use) are left
out.
"""

from __future__ import annotations


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEGATIONS = _listed("""
    not no never none neither nor without except
    nicht kein keine keinen keinem keiner keines nie niemals ohne weder außer
    ne pas jamais sans aucun aucune
    않는 않은 않다 않을 않고 아닌 아니다 아닐 없는 없다 없이 없을 못 안
    不 没 无 非
""")

CONTRACTED = {"can't": "can", "won't": "will", "shan't": "shall", "cannot": "can"}

STOPS = _listed("""
    a an the of in on at to for from by with as is are was were be been being am do does did
    done have has had having can could will would shall should may might must it its it's this
    that these those there here what what's which who whom whose when where why how and or but
    if then than so such you your yours we our us i me my they them their he she his her about
    into give explain describe define tell let please also just der die das den dem des ein eine
    einen einem einer eines und oder aber ist sind war waren sein wird werden wurde wurden
    worden hat haben hatte kann können könnte soll sollte muss müssen darf was wer wie wo wann
    warum wieso weshalb welche welcher welches welchen welchem wozu wofür man es er sie wir ihr
    ihre ihren sich im am auf aus bei beim mit nach von vom vor zu zum zur für über unter um als
    auch wenn dass daß dann denn durch nur noch nenne erkläre beschreibe definiere gib bitte mir
    dir lautet le la les un une du de et ou est sont que qui quoi quel quelle quels quelles
    comment pourquoi dans sur pour par avec ce cette ces il elle se au aux el los las una y o es
    son cuál cuáles qué cómo dónde por para con del al en 은 는 이 가 을 를 의 에 에서 로 으로
    와 과 도 만 및 또는
    그리고 이란 란 무엇인가 무엇인가요 무엇입니까 무엇 어떻게 왜 어떤 것은 것
    수 있는 하는 대해 대한 的 了 是 在 什 么 哪 吗 和 与 の は が を に で と も
    か
""")

# What is asked for: "when" in place of "why" makes another question, "which" in place of "what"
# does not.
INTERROGATIVES = _listed("""
    who whom whose when where why how wer wem wen wessen wo wohin woher wann warum wieso weshalb wie
    wozu wofür qui où quand pourquoi comment cuándo dónde cómo 왜 어떻게 언제 어디 누가 누구 얼마
""")

ENDINGS = _listed("""
    s es ed d ing er ers est ly y ies ied 's n en e em r t te st ten m nen
    in innen ns 은 는 이 가 을 를 의 에 에서 로 으로 와 과 도 만 란 이란 이다 인 인가 인가요
    입니다 하는 한
    할 하다 하기 하면 들 들은 들의 들을 들이 에게 부터 까지 에는 에서의 에서는 으로의 로의 에의
    보다 처럼 마다 이나 나
    이며 이고 고 며 면 라 라고 이라고 이라는 라는
""")

# LaTeX commands that mean the same, and those that mean nothing.
COMMANDS = dict(
    pair.split(":")
    for pair in """
    dfrac:frac tfrac:frac leq:le geq:ge neq:ne rightarrow:to longrightarrow:to iff:Leftrightarrow
    ldots:dots cdots:dots land:wedge lor:vee lnot:neg ast:* lt:< gt:> varepsilon:epsilon varphi:phi
    """.split()
)
COMMANDS |= dict.fromkeys(
    """
    left right big Big bigl bigr lbrace rbrace displaystyle textstyle text textrm mathrm
    operatorname quad qquad limits nolimits textbf mathbf boldsymbol bm textit
    """.split(),
    "",
)

NUMBERS = {
    word: str(number)
    for line in (
        "zero one two three four five six seven eight nine ten eleven twelve",
        "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
        "zéro - deux trois quatre cinq six sept huit neuf dix onze douze",
        "cero - dos tres cuatro cinco seis siete ocho nueve diez once doce",
    )
    for number, word in enumerate(line.split())
    if word != "-"
}
"""Words for numbers, in English, German, French and Spanish; not those that are articles too."""
