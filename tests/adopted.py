"""Note types that learners have from elsewhere, for tests that need no files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ankipress.model import Adopted, CustomTemplate, CustomType, Named, TextMode


def learners_type(
    *fields: str, modes: Mapping[str, TextMode] | None = None, hiding: Sequence[str] = ()
) -> CustomType:
    """A note type of the kind `geo`, whose fields are in lines where nothing else is said."""
    texts = tuple((modes or {}).get(name, TextMode.LINES) for name in fields)
    adopted = Adopted(1, {}, tuple({} for _ in fields), ({},), texts)
    return CustomType(
        key="geo",
        name="Geography",
        fields=tuple(map(Named, fields)),
        templates=(CustomTemplate(Named("card"), f"{{{{{fields[0]}}}}}", ""),),
        css="",
        cloze_fields=tuple(hiding),
        places={},
        cloze=bool(hiding),
        adopted=adopted,
    )
