"""Answers that stand for an answer still to be written: `TODO`, "coming soon", 待补充."""

from __future__ import annotations

import html
import re

_LONGEST = 300  # characters of HTML
_BY_LANGUAGE = {
    "any": "todo;tbd;tba;tbc;fixme;wip",
    "en": "coming soon;to be done;to be added;to be announced;to be completed;to be written"
    ";work in progress;answer here;answer goes here;your answer;your answer here"
    ";write your answer here;add answer;add answer here;add your answer here;insert answer here"
    ";no answer yet;not answered yet;not yet answered;answer coming soon;answer to be added",
    "de": "folgt noch;folgt in kürze;kommt noch;antwort folgt;antwort hier;hier antwort einfügen",
    "es": "por completar;respuesta aquí;respuesta pendiente",
    "fr": "à compléter;réponse ici;réponse à venir",
    "it": "da completare;risposta qui",
    "pt": "a completar;resposta aqui",
    "ru": "скоро будет;ответ здесь;нет ответа;ответа пока нет",
    "zh": "待补充;待補充;待更新;待完善;待续;待續;待写;待添加;待整理;待回答;未完待续;未完待續"
    ";敬请期待;敬請期待;暂无答案;暫無答案;答案待补充;补充中;更新中",
    "ja": "準備中;作成中;執筆中;近日公開;後で書く;未回答",
    "ko": "작성중;작성 중;작성 예정;추가 예정;준비중;준비 중;추후 작성;추후 추가;미작성",
}
# Each of them is an answer where no colon follows.
_LABELS = (
    "a;ans;answer;solution;antwort;lösung;respuesta;réponse;risposta;resposta;ответ"
    ";答;答案;回答;答え;답;답변"
)
_TO_TOP = (
    "back to top;go to top;return to top;to top;top;back to contents;back to table of contents"
    ";table of contents;nach oben;zurück nach oben;volver arriba;volver al inicio;retour en haut"
    ";torna su;voltar ao topo;наверх;вверх;к оглавлению;返回顶部;回到顶部;回到頂部"
    ";返回目录;回到目录"
    ";トップへ戻る;トップに戻る;先頭に戻る;目次へ戻る;맨 위로;위로;위로 가기;목차로"
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split(";"))


_PLACEHOLDERS = _words(";".join(_BY_LANGUAGE.values()))
_WITH_COLON = _words(_LABELS)
_LINKS = _words(_TO_TOP)
_PLAIN = re.compile(r"</?(?:a|b|br|details|div|em|h[1-6]|hr|i|p|small|span|strong|summary)\b[^>]*>")
_LINK = re.compile(r'<a href="#[^"]*"[^>]*>(.*?)</a>', re.DOTALL)
_INLINE = re.compile(r"</?(?:b|em|i|small|span|strong)\b[^>]*>")
_DOTS = re.compile(r"(?:\.{2,}|…+)")
_MARKS = " \t\n_-–—:：!！.。…,;()（）[]【】«»\"'“”↥⬆↑▲🔝\ufe0f➡"


def placeholder(answer: str) -> str | None:
    """The words of an answer, as HTML, that stand for one still to be written.

    It is empty where the answer is nothing but a link to the top of its page, and None where it is
    an answer. Code is always an answer, and so is whatever stands beside these words.
    """
    if len(answer) > _LONGEST:
        return None
    rest = _LINK.sub(_without_link_to_top, answer)
    text = " ".join(html.unescape(_PLAIN.sub(" ", _INLINE.sub("", rest))).split())
    if "<" in text:
        return None
    bare = text.strip(_MARKS).casefold()
    if bare in _PLACEHOLDERS or (bare in _WITH_COLON and text.endswith((":", "："))):
        return text
    if not bare and (rest != answer or _DOTS.fullmatch(text)):
        return text
    return None


def _without_link_to_top(link: re.Match[str]) -> str:
    words = _PLAIN.sub("", link[1]).strip(_MARKS).casefold()
    if words in _LINKS or not words:
        return ""
    return link[0]
