"""The extensions of Python-Markdown that any project may use.

They come with ankipress. By their source, they read no file, reach no network, and call nothing
that an option names. Neither do the options that stand here; others need trust.
"""

from __future__ import annotations

from collections.abc import Mapping

from ankipress.project.settings import ExtensionSetting

# Options that are texts for `str.format` are left out: `{:9999999999}` fills the memory.
_OPTIONS: Mapping[str, str] = {
    "markdown.extensions.abbr": "glossary",
    "markdown.extensions.admonition": "",
    "markdown.extensions.attr_list": "",
    "markdown.extensions.def_list": "",
    "markdown.extensions.extra": "",
    "markdown.extensions.fenced_code": "lang_prefix",
    "markdown.extensions.footnotes": (
        "BACKLINK_TEXT PLACE_MARKER SEPARATOR UNIQUE_IDS USE_DEFINITION_ORDER"
    ),
    "markdown.extensions.legacy_attrs": "",
    "markdown.extensions.legacy_em": "",
    "markdown.extensions.md_in_html": "",
    "markdown.extensions.meta": "",
    "markdown.extensions.nl2br": "",
    "markdown.extensions.sane_lists": "",
    "markdown.extensions.smarty": (
        "smart_angled_quotes smart_dashes smart_ellipses smart_quotes substitutions"
    ),
    "markdown.extensions.tables": "use_align_attribute",
    "markdown.extensions.toc": (
        "anchorlink anchorlink_class baselevel marker permalink permalink_class permalink_leading"
        " permalink_title separator title title_class toc_class toc_depth"
    ),
    "markdown.extensions.wikilinks": "base_url end_url html_class",
    "pymdownx.arithmatex": (
        "block_syntax block_tag generic inline_syntax inline_tag preview smart_dollar"
    ),
    "pymdownx.betterem": "punctuation smart_enable",
    "pymdownx.blocks.admonition": "types",
    "pymdownx.blocks.caption": "auto auto_level prepend",
    "pymdownx.blocks.definition": "",
    "pymdownx.blocks.details": "types",
    "pymdownx.blocks.html": "custom",
    "pymdownx.blocks.tab": "alternate_style combine_header_slug separator",
    "pymdownx.bracketspan": "",
    "pymdownx.caret": "insert no_space punctuation smart_insert superscript",
    "pymdownx.critic": "mode raw_view",
    "pymdownx.details": "",
    "pymdownx.emoji": "alt options remove_variation_selector strict title",
    "pymdownx.escapeall": "hardbreak nbsp",
    "pymdownx.extra": "",
    "pymdownx.fancylists": "additional_ordered_styles inject_class inject_style",
    "pymdownx.highlight": (
        "anchor_linenums auto_title auto_title_map code_attr_on_pre css_class default_lang"
        " guess_lang language_prefix line_anchors line_spans linenums linenums_class"
        " linenums_special linenums_style noclasses pygments_lang_class stripnl use_pygments"
    ),
    "pymdownx.inlinehilite": "css_class style_plain_text",
    "pymdownx.keys": "camel_case class key_map separator strict",
    "pymdownx.magiclink": (
        "hide_protocol labels normalize_issue_symbols provider repo repo_url_shortener"
        " repo_url_shorthand shortener_user_exclude social_url_shortener social_url_shorthand user"
    ),
    "pymdownx.mark": "smart_mark",
    "pymdownx.progressbar": "add_classes level_class progress_increment",
    "pymdownx.quotes": "callouts",
    "pymdownx.saneheaders": "",
    "pymdownx.smartsymbols": (
        "arrows care_of copyright fractions notequal ordinal_numbers plusminus registered trademark"
    ),
    "pymdownx.striphtml": "strip_attributes strip_comments strip_js_on_attributes",
    "pymdownx.superfences": (
        "css_class disable_indented_code_blocks preserve_tabs relaxed_headers"
    ),
    "pymdownx.tabbed": "alternate_style combine_header_slug separator",
    "pymdownx.tasklist": "clickable_checkbox custom_checkbox delete subscript",
    "pymdownx.tilde": "delete no_space punctuation smart_delete subscript",
}
HARMLESS: Mapping[str, frozenset[str]] = {
    module: frozenset(options.split()) for module, options in _OPTIONS.items()
}
"""The modules of harmless extensions, and the harmless options of each."""
_OF_MARKDOWN = "markdown.extensions."
_REFUSED = frozenset({"markdown.extensions.codehilite", "pymdownx.b64"})
"""Extensions that are never used, trusted or not: `render/extension_loading.py` says why."""


def _module(name: str) -> str:
    """The module of an extension, which may be called by the short name of Python-Markdown."""
    if f"{_OF_MARKDOWN}{name}" in HARMLESS.keys() | _REFUSED:
        return f"{_OF_MARKDOWN}{name}"
    return name


def is_known(setting: ExtensionSetting) -> bool:
    """Whether an extension stands here, whatever its options are."""
    return _module(setting.name) in HARMLESS


def options_to_trust(setting: ExtensionSetting) -> list[str]:
    """Those options of an extension that stands here that do not stand here with it."""
    return sorted(setting.options.keys() - HARMLESS[_module(setting.name)])


def is_harmless(setting: ExtensionSetting) -> bool:
    """Whether an extension with its options needs no trust."""
    if _module(setting.name) in _REFUSED:
        return True
    return is_known(setting) and not options_to_trust(setting)
