"""Trees without what shows nothing, and with plain marks for what looks like them.

Editors and browsers write `<span style="font-weight: bold">` for `<b>`, and leave the styles of the
page behind from which a text was copied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ankipress.importing.fields.html_tree import FieldElement

# What a style says where it changes nothing: these values of any property,
_NO_CHANGE = frozenset({"inherit", "unset", "initial"})
# and these declarations.
_NO_LOOK = re.compile(
    r"-webkit-.*|-moz-.*|mso-.*|caret-color:.*|orphans:.*|widows:.*|box-sizing:.*"
    r"|background(?:-image)?:none|background(?:-color)?:(?:transparent|rgba\(0,0,0,0\))"
    r"|background-(?:attachment|clip|origin|position|repeat|size):.*"
    r"|font-(?:feature-settings|kerning|stretch|variant[a-z-]*|optical-sizing):(?:normal|auto)"
    r"|(?:letter|word)-spacing:(?:normal|0|0px)|text-(?:indent|shadow|transform):(?:0px|0|none)"
    r"|word-(?:break|wrap):normal|overflow-wrap:normal|overflow:visible|float:none"
    r"|text-decoration-(?:color|style|thickness):.*|position:static|vertical-align:baseline"
    r"|white-space:normal|display:inline|border(?:-width)?:(?:0|0px)|border:0px.*"
)
_ONLY_OF_BLOCKS = frozenset({"text-align", "text-indent"})
_OF_HTML = frozenset(
    """
    a abbr acronym address area article aside audio b base bdi bdo big blockquote body br button
    canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl
    dt em embed fieldset figcaption figure font footer form frame h1 h2 h3 h4 h5 h6 head header
    hgroup hr html i iframe img input ins kbd keygen label legend li link main map mark marquee menu
    meta meter nav nobr noscript object ol optgroup option output p param picture pre progress q rp
    rt ruby s samp script section select small source span strike strong style sub summary sup table
    tbody td textarea tfoot th thead time title tr track tt u ul var video wbr xmp
    """.split()
)
_BOLD = frozenset({"bold", "bolder", "600", "700", "800", "900"})
_LINES = {"underline": "u", "line-through": "s"}
_INLINE = frozenset({"span", "font", "b", "strong", "i", "em", "u", "s"})
_BOLD_TAGS = frozenset({"b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"})
_SLANTED_TAGS = frozenset({"i", "em", "cite", "dfn", "var", "address"})


def declarations(style: str) -> Iterator[tuple[str, str]]:
    """The properties of a style and their values, in one spelling."""
    for text in style.split(";"):
        name, _, value = text.partition(":")
        value = re.sub(r"\s*([,()])\s*", r"\1", " ".join(value.split()))
        if value:
            yield name.strip().lower(), value.lower()


def make_plainer(element: FieldElement, *, is_bold: bool = False, is_slanted: bool = False) -> None:
    """Make the elements in an element plainer, in place."""
    element.children = [child for child in element.children if not _is_nothing(child)]
    for child in element.children:
        if not isinstance(child, FieldElement) or child.tag == "pre":
            continue
        wrappers = _take_style(child, is_bold=is_bold, is_slanted=is_slanted)
        make_plainer(
            child,
            is_bold=is_bold or child.tag in _BOLD_TAGS or "b" in wrappers,
            is_slanted=is_slanted or child.tag in _SLANTED_TAGS or "i" in wrappers,
        )
        for wrapper in wrappers:
            child.children = [FieldElement(wrapper, {}, child.children)]


def _is_nothing(node: FieldElement | str) -> bool:
    """Whether a node is a tag of nobody's, without anything in it: a `<name>` that was meant as
    text, which no browser shows.
    """
    if isinstance(node, str) or node.children or node.attributes:
        return False
    return node.tag not in _OF_HTML


def _take_style(element: FieldElement, *, is_bold: bool, is_slanted: bool) -> list[str]:
    """Keep of the style of an element what no plain mark says; gives the tags of those marks."""
    attributes = dict(element.attributes)
    if element.tag == "font" and set(attributes) == {"color"}:
        element.tag = "span"
        attributes = {"style": f"color: {attributes['color']}"}
    if "style" not in attributes:
        element.attributes = attributes
        return []
    is_inline = element.tag in _INLINE
    kept: list[str] = []
    wrappers: list[str] = []
    for name, value in declarations(attributes.pop("style")):
        mark = _mark(name, value) if is_inline else ""
        if mark:
            wrappers.append(mark)
        elif not (is_inline and name in _ONLY_OF_BLOCKS) and not _is_unseen(
            element, name, value, is_bold=is_bold, is_slanted=is_slanted
        ):
            kept.append(f"{name}: {value}")
    if kept:
        attributes["style"] = "; ".join(kept)
    element.attributes = attributes
    return wrappers


def _mark(name: str, value: str) -> str:
    if name == "font-weight" and value in _BOLD:
        return "b"
    if name == "font-style" and value == "italic":
        return "i"
    if name in {"text-decoration", "text-decoration-line"}:
        return _LINES.get(value, "")
    return ""


def _is_unseen(
    element: FieldElement, name: str, value: str, *, is_bold: bool, is_slanted: bool
) -> bool:
    if value in _NO_CHANGE or _NO_LOOK.fullmatch(f"{name}:{value}"):
        return True
    if name == "font-weight" and value in {"normal", "400"}:
        return not is_bold and element.tag not in _BOLD_TAGS
    if name == "font-style" and value == "normal":
        return not is_slanted and element.tag not in _SLANTED_TAGS
    return False
