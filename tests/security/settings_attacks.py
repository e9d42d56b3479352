"""Attacks by the settings: what runs, what leads out, what never ends."""

from __future__ import annotations

import json
import shlex

from security.arena import Arena
from security.attack import Family

SETTINGS = Family(
    "settings",
    ("build", "check", "diff v1.0.0", "release", "serve --no-open --port 0", "site", "trust"),
)
FILE = "ankipress.toml"
# `explain` reads no project. What `trust` says of a project is its own test.
_EVERY = (
    *("-m build", "artifacts", "check --fix", "check --run", "check --against v1.0.0"),
    *("check --against PACKAGE", "diff PACKAGE", "explain empty-answer", "ids --write"),
    *("list --all", "list --format json", "recover PACKAGE", "release --dry-run"),
    *("config", "config --format json", "config --format toml", "push", "push --dry-run"),
)
"""The commands beside them, for attacks that stand for their kind."""
_ALL = (*SETTINGS.rows, *_EVERY)
# `explain` reads no project, `ids` renders no cards, and `config` loads nothing that the settings
# name. What `trust` says has its own tests.
_CONFIG = ("config", "config --format json", "config --format toml")
_OTHERS = frozenset({"explain empty-answer", "ids --write", "trust", *_CONFIG})
READERS = tuple(row for row in _ALL if row not in _OTHERS)
_FEW = ("build", "check", "serve --no-open --port 0", "trust")


def extension(arena: Arena, name: str, **options: object) -> None:
    """Let the settings name an extension with options."""
    pairs = ", ".join(f"{key} = {_toml(value)}" for key, value in options.items())
    arena.add(FILE, f'extensions = [{{name = "{name}", options = {{{pairs}}}}}]\n')


def _toml(value: object) -> str:
    # Texts, numbers and lists of texts are spelled alike in JSON and TOML.
    return json.dumps(value)


@SETTINGS.attack(
    "an extension that starts a program", also=_EVERY, names=[FILE], noticed_by=READERS
)
def _popen(arena: Arena) -> None:
    """`extensions` names `subprocess:Popen`, with a command as its options."""
    extension(arena, "subprocess:Popen", args=shlex.split(arena.canary("popen")))


@SETTINGS.attack("an extension that asks a shell", names=[FILE], noticed_by=READERS)
def _system(arena: Arena) -> None:
    """`extensions` names `os:system`, with a command as its options."""
    extension(arena, "os:system", command=arena.canary("system"))


@SETTINGS.attack("an extension in the project", also=_EVERY, names=[FILE], noticed_by=READERS)
def _local_module(arena: Arena) -> None:
    """`extensions` names a module that lies in the folder of the project."""
    arena.write("evil.py", arena.canary_in_python("local-module"))
    extension(arena, "evil")


@SETTINGS.attack("modules named like libraries", also=_EVERY)
def _shadows(arena: Arena) -> None:
    """Modules in the folder of the project have the names of libraries that ankipress imports."""
    names = "click markdown markdown_it genanki pygments yaml msgspec nh3 json sqlite3 anki uvicorn"
    for name in [*names.split(), "sitecustomize", "usercustomize"]:
        arena.write(f"{name}.py", arena.canary_in_python(f"shadow-{name}"))


@SETTINGS.attack("an extension that deletes a folder", names=[FILE], rows=_FEW, noticed_by=READERS)
def _rmtree(arena: Arena) -> None:
    """`extensions` names `shutil:rmtree`, with a folder of the user's as its options."""
    extension(arena, "shutil:rmtree", path=str(arena.outside / "folder"))


@SETTINGS.attack("an extension that writes a file", names=[FILE], rows=_FEW, noticed_by=READERS)
def _open(arena: Arena) -> None:
    """`extensions` names `builtins:open`, with a file of the user's as its options."""
    extension(arena, "builtins:open", file=str(arena.outside / "index.html"), mode="w")


@SETTINGS.attack("an extension that connects", names=[FILE], rows=_FEW, noticed_by=READERS)
def _connect(arena: Arena) -> None:
    """`extensions` names `urllib.request:urlopen`, with an address as its options."""
    extension(arena, "urllib.request:urlopen", url=arena.url)


@SETTINGS.attack("an extension that exits", names=[FILE], rows=_FEW, noticed_by=READERS)
def _exit(arena: Arena) -> None:
    """`extensions` names `sys:exit`, which would end ankipress without a word."""
    arena.add(FILE, 'extensions = ["sys:exit"]\n')


@SETTINGS.attack("an extension that is ankipress", names=[FILE], rows=_FEW, noticed_by=READERS)
def _itself(arena: Arena) -> None:
    """`extensions` names the command `ankipress` itself, which would start again and again."""
    arena.add(FILE, 'extensions = ["ankipress.cli.main:main"]\n')


@SETTINGS.attack("an extension with options it cannot take", rows=_FEW)
def _options(arena: Arena) -> None:
    """`pymdownx.superfences` gets the name of a function as the format of a fence."""
    fence = '{name = "evil", class = "evil", format = "os.system"}'
    arena.add(
        FILE,
        'extensions = [{name = "pymdownx.superfences", options = {custom_fences = ['
        f"{fence}]}}}}]\n",
    )
    arena.add("cards.md", f"\n## A fence?\n\n```evil\n{arena.canary('fence')}\n```\n")


@SETTINGS.attack("snippets from another folder", also=_EVERY)
def _snippets(arena: Arena) -> None:
    """`pymdownx.snippets` has a folder outside the project as its `base_path`."""
    extension(arena, "pymdownx.snippets", base_path=[str(arena.outside)])
    arena.add(
        "cards.md", '\n## A snippet?\n\nIt is:\n\n--8<-- "secret.md"\n\n--8<-- "secret.txt"\n'
    )


@SETTINGS.attack("snippets above the project", rows=_FEW)
def _snippets_above(arena: Arena) -> None:
    """`pymdownx.snippets` may leave its `base_path`, and a card asks for a file above it."""
    extension(
        arena, "pymdownx.snippets", base_path=["."], restrict_base_path=False, check_paths=False
    )
    arena.add("cards.md", '\n## A snippet?\n\nIt is:\n\n--8<-- "../../outside/secret.txt"\n')


@SETTINGS.attack("snippets through a link", rows=_FEW)
def _snippets_link(arena: Arena) -> None:
    """`pymdownx.snippets` finds a link in the project that leads to a file outside."""
    extension(arena, "pymdownx.snippets", base_path=["."])
    arena.link("parts/shared.md", arena.outside / "secret.txt")
    arena.add("cards.md", '\n## A snippet?\n\nIt is:\n\n--8<-- "parts/shared.md"\n')


@SETTINGS.attack("snippets from the network")
def _snippets_url(arena: Arena) -> None:
    """`pymdownx.snippets` has `url_download`, and a card asks for an address."""
    extension(arena, "pymdownx.snippets", url_download=True, base_path=["."])
    arena.add("cards.md", f'\n## A snippet?\n\nIt is:\n\n--8<-- "{arena.url}"\n')


@SETTINGS.attack("pictures of another folder in the text", rows=_FEW)
def _b64(arena: Arena) -> None:
    """`pymdownx.b64` has a folder outside the project as its `base_path`."""
    extension(arena, "pymdownx.b64", base_path=str(arena.outside))
    arena.write("secret.png", (arena.project / "media" / "a.png").read_bytes())
    arena.add("cards.md", "\n## A picture?\n\n![one pixel](secret.png)\n")


@SETTINGS.attack(
    "commands for code",
    names=[FILE, "cards.md"],
    also=["check --run", "check --fix"],
    noticed_by=["check --run"],
)
def _run(arena: Arena) -> None:
    """`run` names a command for code that is marked `{.run}`, and a card has such code."""
    arena.add(FILE, f"[run]\npython = {json.dumps(arena.canary('run'))}\n")


@SETTINGS.attack(
    "code that runs",
    names=["cards.md"],
    also=["check --run", "check --fix"],
    noticed_by=["check --run"],
)
def _code(arena: Arena) -> None:
    """A card has code that is marked `{.run}`, and it writes a file outside."""
    code = f"open({str(arena.canaries / 'code')!r}, 'w').close()"
    arena.add("cards.md", f"\n## Code?\n\n```python {{.run}}\n{code}\n```\n")


@SETTINGS.attack("code with many dots", rows=["check --run"], is_trusted=True)
def _dots(arena: Arena) -> None:
    """The user trusts the code of a card, and its output has fourteen lines `...`."""
    code = "print('a\\n' * 3000)"
    output = "...\na\n" * 14
    arena.add(
        "cards.md",
        f"\n## Dots?\n\n```python {{.run}}\n{code}\n```\n\n---\n\n```text\n{output}x\n```\n",
    )


@SETTINGS.attack(
    "packages above the project",
    also=["artifacts", "check --fix", "list --all"],
    names=[FILE],
    noticed_by=READERS,
)
def _output(arena: Arena) -> None:
    """`output` is a folder above the project."""
    arena.add(FILE, 'output = "../../outside/empty"\n')


@SETTINGS.attack("sources above the project", names=[FILE], rows=_FEW, noticed_by=READERS)
def _sources(arena: Arena) -> None:
    """`sources` names files above the project."""
    arena.add(FILE, 'sources = ["cards.md", "../../outside/*.md"]\n')


@SETTINGS.attack(
    "a changelog above the project",
    names=[FILE],
    rows=["build", "check", "release --dry-run", "release", "artifacts", "site"],
)
def _changelog(arena: Arena) -> None:
    """`changelog` is a file above the project."""
    arena.add(FILE, 'changelog = "../../outside/secret-changelog.md"\n')


@SETTINGS.attack("a font above the project", names=[FILE], rows=_FEW, noticed_by=READERS)
def _font(arena: Arena) -> None:
    """`fonts` names a file above the project."""
    arena.add(FILE, '[fonts]\ntext = "../../outside/secret.ttf"\n')


@SETTINGS.attack("sources of repeated stars")
def _stars(arena: Arena) -> None:
    """`sources` repeats `**` seven times, and the project has 25 folders in each other."""
    arena.add(FILE, 'sources = ["cards.md", "**/**/**/**/**/**/**/*.md"]\n')
    arena.write("/".join(["a"] * 25) + "/more.md", "# More\n\n## More?\n\nYes, here.\n")


@SETTINGS.attack("huge settings", rows=_FEW)
def _huge(arena: Arena) -> None:
    """The settings have 20 MB: a long text, and many tags."""
    tags = ", ".join(f'"tag{number}"' for number in range(100_000))
    arena.add(FILE, f"tags = [{tags}]\n" + f'description = "{"a" * 20_000_000}"\n')


@SETTINGS.attack("settings that take long to judge", names=[FILE], rows=_FEW, noticed_by=READERS)
def _slow(arena: Arena) -> None:
    """Values of a megabyte are nearly what a setting may be."""
    many = 200_000
    arena.add(
        FILE,
        f'tags = ["{"a::" * many} "]\nsource_url = "https://{"{path}" * many}<"\n'
        f'release_tag = "{"{version}/" * many}."\nlang = "{"a-" * many}"\n'
        f'output = "{"a/" * many}../b"\nreport_url = "{"mailto:" * many}"\n'
        f'sources = ["{"a*" * many}/../**b"]\n',
    )


@SETTINGS.attack("patterns that take long to match", rows=_FEW)
def _patterns(arena: Arena) -> None:
    """Patterns of many stars meet long names, and there are a thousand patterns."""
    stars = ", ".join(f'"{"*a" * 30}{number}.md"' for number in range(300))
    dots = ", ".join(f'"!**/{"*a" * 30}{number}/**/*.md"' for number in range(300))
    arena.add(FILE, f'sources = ["cards.md", {stars}, {dots}]\n')
    for number in range(20):
        arena.write(f"{'a' * 200}{number}.md", "# More\n")


@SETTINGS.attack("settings nested beyond the stack", names=[FILE], rows=_FEW, noticed_by=READERS)
def _deep(arena: Arena) -> None:
    """A setting holds a list in a list, a hundred thousand times."""
    arena.add(FILE, f"tags = {'[' * 100_000}{']' * 100_000}\n")


@SETTINGS.attack("settings with a number beyond all", names=[FILE], rows=_FEW, noticed_by=READERS)
def _number(arena: Arena) -> None:
    """A setting is a number of twenty thousand digits."""
    arena.add(FILE, f"card_level = {'9' * 20_000}\n")


@SETTINGS.attack("settings that are no text", names=[FILE], rows=_FEW, noticed_by=READERS)
def _binary(arena: Arena) -> None:
    """The settings are bytes that are not UTF-8."""
    arena.write(FILE, b"\xff\xfe\x00name = \x80\n" * 100)
