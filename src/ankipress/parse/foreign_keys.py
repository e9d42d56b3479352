"""Keys of front matter that other tools read."""

from __future__ import annotations

import re

_KEYS = frozenset(
    """
    abstract access affiliation alias aliases anchor anchors archetype archived article
    asides author authorprofile authors banner banneralt bannerpath bannery bibliography
    bodyclasses bookcollapsesection breadcrumb buildtags canonical canonicalurl cascade
    categories category classes clean codefold collection collections color comment comments
    completed content contributor contributors copyright course cover created createdat
    creationdate cref csl css cssclass cssclasses customediturl datatable date datecreated
    datemodified defaultlang description difficulty disabletoc displayedsidebar displaytitle
    docid documentclass doi domain draft due echo editurl engine excerpt excerptseparator
    execute expirydate extra fact featured featuredimage filters finished fontsize footer
    format freeze geometry grandparent group haschildren hastoc head header headless hero
    hidden hide hidesidebar hidetableofcontents hidetitle home hreflang icon id image images
    includetoc index insearchindex institute intro jupyter jupytext kanbanplugin kernelspec
    key keywords labels language languages lastedited lastmod lastmodified lastmodifiedat
    lastupdate lastupdated layout learningtrack level license lightbox link links linktitle
    linktitles location logo mainfont markup math mathjax mathjax2 menu mermaid meta
    metadata modified mscustom mstopic nav navexclude navigation navorder navtitle next
    nocite notebook number numbersections obsidian obsidianuimode ogdescription ogimage
    ogtitle orcid order outline output pagefind pagetemplate paginate pagination
    paginationlabel paginationnext paginationprev paging papersize params parent part path
    permalink pin position post prev previous print priority private project prose pubdate
    publish publishdate published rating readingtime readtime redirectfrom redirects
    redirectto related render rendermacros resources reviewed reviewer reviewers robots
    searchexclude searchhidden section sections sector series shorttitle showreadingtime
    showtoc sidebar sidebarclassname sidebarlabel sidebarposition site sitemap slug social
    socialimage sortby source sources startdate started state status sticker style subject
    subjects subtitle summary tagline taxonomies teaser template theme thumbnail time title
    titleblock titlemeta toc tocdepth tocmaxheadinglevel tocminheadinglevel tocopen topic
    topics translationkey tree type uid unlisted up updated updatedat url version versions
    video videos visibility weight wide wordcount year zoterokey
    """.split()
)


def is_of_another_tool(key: str) -> bool:
    """Whether Jekyll, Hugo, Zola, Obsidian, Docusaurus, Quarto, MkDocs or an editor reads a key.

    Such a key says nothing of cards, and is no mistake.
    """
    return re.sub("[-_ ]", "", key.lower()) in _KEYS
