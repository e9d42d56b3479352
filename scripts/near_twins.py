"""Made-up cards that are near twins of each other, and what an author does to them: 3,000 cards in
three languages.

The answers are nonsense; that twins share most of their wording, and that only one word of a
question counts, is the point.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from identity_scenes import Card, Scene

Written = tuple[str, str]

_FUNCTIONS = (
    "sin cos tan cot sec csc arcsin arccos arctan arccot sinh cosh tanh coth arsinh "
    "arcosh artanh "
    "ln exp"
).split()
_OPPOSITES = (
    "controlled/uncontrolled components, stateless/stateful services, synchronous/asynchronous "
    "calls, mutable/immutable objects,"
    "bounded/unbounded operators, continuous/discontinuous functions, finite/infinite groups, "
    "directed/undirected graphs,"
    "supervised/unsupervised methods, parametric/nonparametric tests, reversible/irreversible "
    "processes, polar/nonpolar bonds,"
    "inductive/deductive arguments, endothermic/exothermic reactions, hypertonic/hypotonic "
    "solutions, interior/exterior angles,"
    "prokaryotic/eukaryotic cells, afferent/efferent nerves, convex/concave lenses, "
    "local/global variables, static/dynamic types,"
    "explicit/implicit conversions, symmetric/asymmetric ciphers, lossy/lossless codecs, "
    "covariant/contravariant functors,"
    "injective/surjective maps, singular/nonsingular matrices, anabolic/catabolic pathways, "
    "gram-positive/gram-negative bacteria"
)
_ASPECTS = (
    "What are {}?",
    "Give an example of {}.",
    "What is the main property of {}?",
    "When are {} preferred?",
    "How are {} found?",
)
_LANDS = (
    "France Paris Frankreich Paris 프랑스 파리,"
    "Germany Berlin Deutschland Berlin 독일 베를린,Austria Vienna Österreich Wien 오스트리아 빈,"
    "Australia Canberra Australien Canberra 호주 캔버라,Slovakia Bratislava Slowakei Bratislava "
    "슬로바키아 브라티슬라바,"
    "Slovenia Ljubljana Slowenien Ljubljana 슬로베니아 류블랴나,Niger Niamey Niger Niamey 니제르 "
    "니아메,"
    "Nigeria Abuja Nigeria Abuja 나이지리아 아부자,"
    "Mali Bamako Mali Bamako 말리 바마코,Malawi Lilongwe Malawi Lilongwe 말라위 릴롱궤,"
    "Iran Tehran Iran Teheran 이란 테헤란,Iraq Baghdad Irak Bagdad 이라크 바그다드,Zambia Lusaka "
    "Sambia "
    "Lusaka 잠비아 루사카,"
    "Gambia Banjul Gambia Banjul 감비아 반줄,"
    "Latvia Riga Lettland Riga 라트비아 리가,Lithuania Vilnius Litauen Vilnius 리투아니아 빌뉴스,"
    "Paraguay Asunción Paraguay Asunción 파라과이 아순시온,Uruguay Montevideo Uruguay Montevideo "
    "우루과이 몬테비데오"
)
_GERMAN = (
    "injektive,surjektive,bijektive,stetige,unstetige,gleichmäßig "
    "stetige,differenzierbare,stetig differenzierbare,konvexe,"
    "konkave,monotone,streng monotone,beschränkte,unbeschränkte,"
    "gerade,ungerade,periodische,holomorphe,meromorphe,messbare,lineare,affine"
)
_GERMAN_ASPECTS = (
    "Was ist eine {} {}?",
    "Wann heißt eine {1} {0}?",
    "Nenne ein Beispiel für eine {} {}.",
    "Was gilt für jede {} {}?",
)
_THEOREMS = (
    "Rolle,Taylor,Fermat,Wilson,Cayley,Cauchy,Lagrange,Sylow,Heine-Borel,Heine-Cantor,Fubini,"
    "Tonelli,Fubini-Tonelli,Banach,"
    "Hahn-Banach,Riesz,Picard,Picard-Lindelöf,Liouville,Morera,"
    "Rouché,Schwarz,Pythagoras,Thales,Vieta,Stokes,Gauß,Green,Euler,Euklid,Bayes"
)
_KOREAN = (
    "단사,전사,전단사,연속,불연속,균등 연속,미분 가능,볼록,오목,단조,유계,"
    "비유계,주기,정칙,가측,적분 가능,콤팩트,열린,닫힌,선형,아핀"
)
_KOREAN_ASPECTS = (
    "{} {}란 무엇인가?",
    "{} {}의 예를 드시오.",
    "{} {}의 정의를 쓰시오.",
    "{} {}의 성질은?",
)
_FLAGS = "a A r R i I l L n N v V s S c C t T".split()
_METHODS = (
    "append extend insert remove pop clear index count sort reverse copy get items keys "
    "values update add union join"
).split()
_FILLING = {
    "en": "energy value memory order limit state signal space element theory practice measure "
    "storage result current".split(),
    "de": "Menge Abstand Grenzwert Umgebung Ableitung Integral Summe Folge Reihe Norm Raum Basis "
    "Matrix Zeile Rang Kern".split(),
    "ko": "집합 거리 극한 근방 도함수 적분 합 수열 급수 노름 공간 기저 행렬 행 열 계수 핵 상 근 "
    "인수 분모 분자 평면".split(),
}
_REWORDINGS = (
    ("What is", "State"),
    ("What are", "Explain"),
    ("What does", "What exactly does"),
    ("Was ist", "Erkläre kurz, was ist"),
    ("Was besagt", "Was sagt"),
    ("Wann heißt", "Wann nennt man"),
    ("란 무엇인가?", "의 의미를 설명하시오."),
    ("정의를 쓰시오", "정의는"),
    ("Give an example of", "Name one example of"),
    ("Nenne ein Beispiel für", "Gib ein Beispiel an für"),
    ("?", ""),
    ("= ?", "="),
)
_AFTERTHOUGHTS = (
    "See the book.",
    "Siehe Skript, Kapitel 2.",
    "교재 참고.",
    "This follows from the definition.",
)


@dataclass(frozen=True, slots=True)
class Change:
    """How much of a deck an author changes at once, in shares of the cards."""

    edited: float
    gone: float
    come: float
    reworded: bool = False  # every question that begins in one way begins in another now


def near_twins(name: str, seed: int, change: Change) -> Scene:
    """What an author makes of three thousand near twins."""
    chance = random.Random(seed)  # noqa: S311
    old: list[Card] = []
    new: list[Card] = []
    for number, card in enumerate(dict(_cards(chance)).items()):
        fate = chance.random()
        if fate < change.come:
            new.append(Card(number, *card))
            continue
        old.append(Card(number, *card))
        if fate >= change.come + change.gone:
            now = _edited(chance, _reworded(card) if change.reworded else card, change.edited)
            new.append(Card(number, *now))
    return Scene(name, (old, new))


def _cards(chance: random.Random) -> Iterator[Written]:
    yield from _mathematics(chance)
    yield from _lands()
    yield from _terms(chance)
    yield from _names(chance)
    for left in range(2, 60):
        for right in range(left, 60):
            yield f"{left} × {right} = ?", str(left * right)


def _mathematics(chance: random.Random) -> Iterator[Written]:
    for name in _FUNCTIONS:
        inner = (
            f"\\frac{{{chance.randint(1, 9)}}}{{{chance.randint(2, 9)}+x^{chance.randint(2, 5)}}}"
        )
        yield f"What is the derivative of $\\{name} x$?", f"$\\{name}' x = {inner}$"
        yield f"Was ist eine Stammfunktion von $\\{name} x$?", f"$x\\{name} x - \\ln|{inner}|$"
        yield f"$\\{name} x$의 극한은?", f"$\\lim \\{name} x = {chance.randint(0, 99)}$"
    for sign in (
        "<",
        ">",
        "\\le",
        "\\ge",
        "=",
        "\\ne",
        "\\subset",
        "\\supset",
        "\\in",
        "\\cup",
        "\\cap",
    ):
        for pair in ("AB", "ab", "xy", "XY", "MN"):
            yield f"What does ${pair[0]} {sign} {pair[1]}$ mean?", _phrase(chance, "en", 4)
    for letter in "abcdefghijklmnopqrstuvwxyz":
        for form in (letter, letter.upper()):
            yield f"What does ${form}$ stand for?", _phrase(chance, "en", chance.randint(1, 4))


def _lands() -> Iterator[Written]:
    for line in _LANDS.split(","):
        english, city, german, stadt, korean, capital = line.split()
        yield f"What is the capital of {english}?", city
        yield f"Was ist die Hauptstadt von {german}?", stadt
        yield f"{korean}의 수도는 어디인가?", capital
        yield f"Whose flag is this? ![](flags/{english.lower()}.svg)", english


def _terms(chance: random.Random) -> Iterator[Written]:
    for entry in _OPPOSITES.split(","):
        kinds, noun = entry.split(maxsplit=1)
        for aspect in _ASPECTS:
            shared = _phrase(chance, "en", chance.randint(4, 14)).split()
            for kind in kinds.split("/"):
                own = [
                    word if chance.random() < 0.67 else chance.choice(_FILLING["en"])
                    for word in shared
                ]
                yield (
                    aspect.format(f"{kind} {noun}"),
                    f"{kind.capitalize()} {noun} have {' '.join(own)}.",
                )
    for kind in _GERMAN.split(","):
        for noun in ("Funktion", "Abbildung"):
            for aspect in _GERMAN_ASPECTS:
                yield (
                    aspect.format(kind, noun),
                    (
                        f"Zu jeder {_phrase(chance, 'de', chance.randint(3, 9))} mit $f(x) = "
                        f"{chance.choice('abc')}$."
                    ),
                )
    for kind in _KOREAN.split(","):
        for noun in ("함수", "사상", "연산자"):
            for aspect in _KOREAN_ASPECTS:
                yield (
                    aspect.format(kind, noun),
                    f"모든 {_phrase(chance, 'ko', chance.randint(3, 9))}이 성립한다.",
                )


def _names(chance: random.Random) -> Iterator[Written]:
    for name in _THEOREMS.split(","):
        yield (
            f"Was besagt der Satz von {name}?",
            f"Jede {_phrase(chance, 'de', chance.randint(3, 10))}.",
        )
        yield (
            f"Wie beweist man den Satz von {name}?",
            f"Mit {_phrase(chance, 'de', chance.randint(3, 10))}.",
        )
    for command in ("ls", "grep", "tar", "curl", "sed", "sort"):
        for flag in _FLAGS:
            yield (
                f"What does `-{flag}` do in `{command}`?",
                _phrase(chance, "en", chance.randint(1, 6)),
            )
    for kind in ("list", "dict", "set", "str", "bytes"):
        for method in _METHODS:
            yield (
                f"What does `{kind}.{method}()` return?",
                f"A new {_phrase(chance, 'en', chance.randint(1, 4))}",
            )
    for year in range(1200, 1600, 4):
        yield (
            f"What happened in {year}?",
            f"The {chance.choice(['battle', 'treaty', 'siege'])} of {_phrase(chance, 'en', 2)}.",
        )
    for number in range(1, 60):
        yield f"Lemma 3.{number}", f"If {_phrase(chance, 'en', 3)} then {_phrase(chance, 'en', 5)}."


def _phrase(chance: random.Random, language: str, length: int) -> str:
    return " ".join(chance.choices(_FILLING[language], k=length))


def _edited(chance: random.Random, card: Written, share: float) -> Written:
    question, answer = card
    if chance.random() >= share:
        return card
    which = chance.random()
    return (
        _edited_question(chance, question) if which < 0.7 else question,
        _edited_answer(chance, answer) if which > 0.4 else answer,
    )


def _reworded(card: Written) -> Written:
    before, after = next((pair for pair in _REWORDINGS if pair[0] in card[0]), ("", ""))
    return (card[0].replace(before, after, 1) if before else card[0]), card[1]


def _edited_question(chance: random.Random, question: str) -> str:
    fitting = [pair for pair in _REWORDINGS if pair[0] in question]
    match chance.randrange(4):
        case 0 | 1 if fitting:
            return question.replace(*chance.choice(fitting), 1)
        case 2:
            return _mistyped(chance, question)
        case _:
            return chance.choice(
                ("**{}**", "{} (short answer)", "{} (bitte begründen)", "{} (간단히)")
            ).format(question)


def _mistyped(chance: random.Random, question: str) -> str:
    """A question with two letters of a long word in the wrong order."""
    words = question.split()
    long: Sequence[int] = [at for at, word in enumerate(words) if word.isalpha() and len(word) >= 7]
    if not long:
        return question + " "
    at = chance.choice(long)
    letter = chance.randrange(3, len(words[at]) - 1)
    words[at] = (
        words[at][:letter] + words[at][letter + 1] + words[at][letter] + words[at][letter + 2 :]
    )
    return " ".join(words)


def _edited_answer(chance: random.Random, answer: str) -> str:
    match chance.randrange(3):
        case 0:
            return f"{answer} {chance.choice(_AFTERTHOUGHTS)}"
        case 1 if len(answer.split()) > 3:
            words = answer.split()
            words[chance.randrange(len(words))] = chance.choice(_FILLING["en"])
            return " ".join(words)
        case _:
            return f"**{answer}**"
