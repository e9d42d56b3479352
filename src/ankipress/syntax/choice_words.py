"""The words with which authors name the right answer of a multiple-choice question, and the letters
of options.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

ANSWERS: Mapping[str, str] = {
    "ar": "الإجابة الصحيحة | الإجابة | الجواب الصحيح | الجواب",
    "bg": "верен отговор | правилен отговор | отговор",
    "cs": "správná odpověď | správné odpovědi | odpověď | řešení",
    "da": "rigtigt svar | korrekt svar | svar",
    "de": (
        "richtige antworten | richtige antwort | korrekte antwort"
        " | antworten | antwort | lösung | richtig"
    ),
    "el": "σωστή απάντηση | απάντηση",
    "en": (
        "correct answer(s) | correct answers | correct answer | correct options | correct option"
        " | correct choice | right answers | right answer | answer(s) | answer key | answers"
        " | answer | ans | solution | correct"
    ),
    "es": (
        "respuestas correctas | respuesta correcta | opción correcta"
        " | respuestas | respuesta | solución"
    ),
    "fa": "پاسخ صحیح | پاسخ درست | جواب | پاسخ",
    "fi": "oikea vastaus | vastaus",
    "fr": (
        "réponses correctes | réponse correcte | bonnes réponses"
        " | bonne réponse | réponses | réponse"
    ),
    "he": "תשובה נכונה | תשובה",
    "hi": "सही उत्तर | सही जवाब | उत्तर | जवाब",
    "hu": "helyes válasz | válasz | megoldás",
    "id": "jawaban yang benar | jawaban benar | kunci jawaban | jawaban",
    "it": "risposte corrette | risposta corretta | risposta esatta | risposta | soluzione",
    "ja": "正解 | 正答 | 答え | 解答 | 回答 | 答",
    "ko": "정답 | 답안 | 답",
    "nl": "juiste antwoorden | juiste antwoord | correct antwoord | antwoord",
    "no": "riktig svar",
    "pl": "prawidłowa odpowiedź | poprawna odpowiedź | odpowiedzi | odpowiedź",
    "pt": "respostas corretas | resposta correta | resposta certa | resposta | gabarito",
    "ro": "răspuns corect | răspunsul corect | răspuns",
    "ru": "правильные ответы | правильный ответ | верный ответ | ответы | ответ",
    "sr": "tačan odgovor | točan odgovor | тачан одговор | одговор | odgovor",
    "sv": "rätt svar",
    "th": "คำตอบที่ถูกต้อง | คำตอบ | เฉลย",
    "tr": "doğru cevap | doğru yanıt | cevap | yanıt",
    "uk": "правильна відповідь | відповіді | відповідь",
    "vi": "đáp án đúng | đáp án | câu trả lời đúng | câu trả lời | trả lời",
    "zh": (
        "正确答案 | 正確答案 | 参考答案 | 參考答案 | 标准答案 | 答案"
        " | 正确选项 | 正確選項 | 故选 | 故選"
    ),
}
"""What stands before the right answer, by language."""

_ARTICLES = "the | la | le | die | il | de | el"
_VERBS = "is | are | ist | sind | est | sont | es | son | è | é | 是 | 为 | 為"
_OPTIONS = "options | option | choices | choice | вариант | opción | opção | 选项 | 選項"


def _one_of(*lists: str) -> str:
    words = [word for each in lists for word in each.split(" | ")]
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(map(re.escape, longest_first))


# A word ends where no letter follows, but where words are written without spaces.
_LETTER = "[a-zà-öø-ɏͰ-ϿЀ-ӿ]"
_END = rf"(?:(?<!{_LETTER})|(?!{_LETTER}))"


@cache
def _naming() -> re.Pattern[str]:
    words = _one_of(*ANSWERS.values())
    pattern = rf"""
        [^\w(]*
        (?:(?:{_one_of(_ARTICLES)})\s+)?
        (?:{words}){_END}
        \s*(?:[:：=–—.)-]|(?:{_one_of(_VERBS)}){_END})*+[\s:：]*
        (?:(?:{_one_of(_OPTIONS)}){_END}\s*)?
    """
    return re.compile(pattern, re.VERBOSE | re.IGNORECASE)


def end_of_naming(text: str) -> int:
    """Where the words end with which a text says that the answer follows; 0 where it does not."""
    found = _naming().match(text)
    if found is None:
        return 0
    return found.end()


def normal_label(label: str) -> str:
    """A label as labels are compared: upper case, and plain where it is circled or wide."""
    return unicodedata.normalize("NFKC", label).upper()


_LETTERS = """
    ABCDEFGHIJKLMNOPQRSTUVWXYZ
    АБВГДЕЖЗИК
    ΑΒΓΔΕΖΗΘ
    123456789
    甲乙丙丁戊己
    ㄱㄴㄷㄹㅁㅂ
    가나다라마바
    アイウエオカ
    أبجدهو
"""
ALPHABETS = tuple(map(normal_label, _LETTERS.split()))
"""The letters and numbers that options begin with, in their order."""
