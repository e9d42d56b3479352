"""Names of languages: which text is one by BCP 47, and which one an author most likely meant."""

from __future__ import annotations

import re
import unicodedata

_FORM = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")

# The languages with two letters in the registry of BCP 47, each with its codes of three letters in
# ISO 639-2, which are no languages there: only the shortest code is.
_CODES = """
    aa:aar ab:abk ae:ave af:afr ak:aka am:amh an:arg ar:ara as:asm av:ava ay:aym az:aze ba:bak
    be:bel bg:bul bh:bih bi:bis bm:bam bn:ben bo:bod:tib br:bre bs:bos ca:cat ce:che ch:cha co:cos
    cr:cre cs:ces:cze cu:chu cv:chv cy:cym:wel da:dan de:deu:ger dv:div dz:dzo ee:ewe el:ell:gre
    en:eng eo:epo es:spa et:est eu:eus:baq fa:fas:per ff:ful fi:fin fj:fij fo:fao fr:fra:fre
    fy:fry ga:gle gd:gla gl:glg gn:grn gu:guj gv:glv ha:hau he:heb hi:hin ho:hmo hr:hrv ht:hat
    hu:hun hy:hye:arm hz:her ia:ina id:ind ie:ile ig:ibo ii:iii ik:ipk io:ido is:isl:ice it:ita
    iu:iku ja:jpn jv:jav ka:kat:geo kg:kon ki:kik kj:kua kk:kaz kl:kal km:khm kn:kan ko:kor kr:kau
    ks:kas ku:kur kv:kom kw:cor ky:kir la:lat lb:ltz lg:lug li:lim ln:lin lo:lao lt:lit lu:lub
    lv:lav mg:mlg mh:mah mi:mri:mao mk:mkd:mac ml:mal mn:mon mr:mar ms:msa:may mt:mlt my:mya:bur
    na:nau nb:nob nd:nde ne:nep ng:ndo nl:nld:dut nn:nno no:nor nr:nbl nv:nav ny:nya oc:oci oj:oji
    om:orm or:ori os:oss pa:pan pi:pli pl:pol ps:pus pt:por qu:que rm:roh rn:run ro:ron:rum ru:rus
    rw:kin sa:san sc:srd sd:snd se:sme sg:sag sh si:sin sk:slk:slo sl:slv sm:smo sn:sna so:som
    sq:sqi:alb sr:srp ss:ssw st:sot su:sun sv:swe sw:swa ta:tam te:tel tg:tgk th:tha ti:tir tk:tuk
    tl:tgl tn:tsn to:ton tr:tur ts:tso tt:tat tw:twi ty:tah ug:uig uk:ukr ur:urd uz:uzb ve:ven
    vi:vie vo:vol wa:wln wo:wol xh:xho yi:yid yo:yor za:zha zh:zho:chi zu:zul
"""
# What authors write instead: countries, codes of old, and names, as English and as the language
# itself has them.
_MEANT = """
    ar:arabic:العربية az:azeri bg:bulgarian:български ca:catalan:català cs:cz:czech:čeština
    cy:welsh da:dk:danish:dansk de:at:german:deutsch el:gr:greek:ελληνικά
    en:us:gb:english eo:esperanto es:mx:spanish:español et:estonian:eesti eu:basque:euskara
    fa:ir:farsi:persian:فارسی fi:finnish:suomi fr:french:français ga:irish:gaeilge
    gd:gaelic he:il:iw:hebrew:ivrit:עברית hi:hindi:हिन्दी hr:croatian:hrvatski hu:hungarian:magyar
    hy:armenian id:in:indonesian is:icelandic:íslenska it:italian:italiano ja:jp:japanese:日本語
    jv:jw ka:ge:georgian kk:kz:kazakh ko:korean:한국어 la:latin:latina lt:lithuanian:lietuvių
    lv:latvian:latviešu mk:macedonian mn:mongolian ms:malay nb:bokmål nl:dutch:nederlands
    nn:nynorsk no:norwegian:norsk pl:polish:polski pt:portuguese:português ro:mo:romanian:română
    ru:russian:русский sa:sanskrit sk:slovak:slovenčina sl:slovene:slovenian:slovenščina
    sq:al:albanian sr:rs:serbian:srpski:српски sv:swedish:svenska sw:swahili ta:tamil te:telugu
    th:thai:ไทย tl:ph:tagalog tr:turkish:türkçe uk:ua:ukrainian:українська ur:pk:urdu
    vi:vn:vietnamese yi:ji:yiddish zh:cn:chinese:mandarin:中文:汉语
"""


def _table(text: str) -> dict[str, str]:
    """Each code or name with the language that it means."""
    meant = {}
    for line in text.split():
        language, *others = line.split(":")
        for other in others:
            meant[_plain(other)] = language
    return meant


def _plain(name: str) -> str:
    """A name without accents, in lower case."""
    decomposed = unicodedata.normalize("NFKD", name)
    letters = [each for each in decomposed if not unicodedata.combining(each)]
    return "".join(letters).casefold()


_SHORT = frozenset(line.partition(":")[0] for line in _CODES.split())
_LONG = _table(_CODES)
_OTHERS = _table(_MEANT)


def is_language(value: object) -> bool:
    """Whether it names a language, as `de` or `pt-BR` do.

    A code of three letters may be any that has none of two: there are thousands.
    """
    if not isinstance(value, str) or _FORM.fullmatch(value) is None:
        return False
    language = value.partition("-")[0].lower()
    if len(language) == 2:
        return language in _SHORT
    return len(language) == 3 and language not in _LONG


def meant_language(text: str) -> str:
    """The language that a text means which is none: `ja` for `jp`; empty where it is not clear."""
    language, *rest = re.split("[-_]", text.strip())
    plain = _plain(language)
    known = plain
    if plain not in _SHORT:
        known = _LONG.get(plain) or _OTHERS.get(plain, "")
    meant = "-".join([known, *rest])
    if is_language(meant):
        return meant
    return ""
