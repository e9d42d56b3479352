"""The words and marks by which questions and answers are known, in the languages of many decks."""

from __future__ import annotations

import re

_MARKS = ("?", "\uff1f", "\u061f", "\u037e")  # also full width, and those of Arabic and Greek
_CLOSING = " \t*_`\"'”’」』)）]】>."
_BEGINNINGS = """
    what what's whats who whose whom which when where why how is are was were can could do does did
    should would will has have if explain describe define compare differentiate distinguish discuss
    state name list give write implement find design tell mention identify calculate prove
    difference differences true
    was wie warum wieso wer wen wem wo wann welche welcher welches erkläre erklären nenne nennen
    qu'est que quel quelle quels quelles comment pourquoi quand où qui expliquez définir
    qué que cuál cuáles cómo por para quién dónde cuándo explique defina
    o qual quais como quem onde quando cite
    che cosa cos'è quale quali come perché chi dove quando
    что как какие какой какая какое чем зачем почему где когда кто сколько можно назовите объясните
    опишите расскажите перечислите для
    що як які який чому навіщо де коли хто
    nedir nasıl neden niçin hangi kim ne
    czym jak jaka jaki jakie dlaczego co kiedy
    apa bagaimana mengapa kapan siapa
    """.split()
_BEGINS = re.compile(
    rf"[\W\d_]*(?:(?:{'|'.join(map(re.escape, _BEGINNINGS))})(?!\w)|what['’]?s\b)", re.IGNORECASE
)
# Languages without spaces, and those that ask at the end.
_ANYWHERE = re.compile(
    "什么|为什么|如何|怎么|怎样|哪些|哪个|哪种|吗|区别|是否|几种|多少|简述|谈谈|说说|介绍|解释|"
    "什麼|為什麼|怎麼|區別|無|とは|何|なぜ|どう|ですか|説明|違い|"
    "무엇|왜|어떻게|어떤|인가|까요|하시오|설명|대해|차이|이란|란$|는가|"
    "क्या|कैसे|क्यों|อะไร|อย่างไร|là gì|như thế nào|tại sao"
)
_COUNTER = re.compile(
    r"\s*(?:\*\*|__)?(?:"
    r"(?:q|question|frage|pregunta|pergunta|вопрос|soru|问题|問題|题目|질문)\s*(?:\.\s*)?\d{1,4}\b"
    r"|q(?:uestion)?\s*[.:)]"
    r"|\(?\d{1,4}\s*[.)、．:-]"
    r"|第\s*\d{1,4}\s*[题題]"
    r")(?:\*\*|__)?\s*[.:)、．-]?\s*",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"[\W_]*(?:correct\s+)?(?:answers?|ans|solution|solutions|explanation|explanations?|hint|"
    r"antwort|lösung|réponse|respuesta|resposta|risposta|ответ|відповідь|cevap|odpowiedź|jawaban|"
    r"答案|答|解答|解析|参考答案|回答|정답|답변?|해설|풀이)(?!\w)",
    re.IGNORECASE,
)


def is_question(text: str) -> bool:
    """Whether the plain text of a heading or a line asks, by a mark or by its words."""
    if has_question_mark(text):
        return True
    rest = without_counter(text)
    return _BEGINS.match(rest) is not None or _ANYWHERE.search(rest) is not None


def has_question_mark(text: str) -> bool:
    """Whether a text ends with a mark of a question."""
    return text.rstrip(_CLOSING).endswith(_MARKS)


def without_counter(text: str) -> str:
    """A text without a counter such as `Q1.`, `3)` or `问题 2` before it."""
    found = _COUNTER.match(text)
    return text[found.end() :] if found else text


def has_counter(text: str) -> bool:
    """Whether a counter stands before a text."""
    return _COUNTER.match(text) is not None


def names_answer(text: str) -> bool:
    """Whether a text begins as an answer does, `Answer`, `Solution: …` or `答案`."""
    return _ANSWER.match(text) is not None
