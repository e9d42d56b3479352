"""Break the code on purpose, and count how many breaks the tests notice: `make mutants`.

Each mutant is one small change of one module: another comparison, another constant, a statement
left out. It goes into a copy of the package, and the tests of its room run against that copy. A
mutant that no test notices has survived. Survivors that change nothing a user could see are listed
in docs/developing/mutants.md, each with its reason.

The same seed and the same code give the same mutants. Linux and macOS alone.

Example:
    python scripts/mutants.py                              # a sample of 150 over all modules
    python scripts/mutants.py --sample 0 identity/ids.py   # every mutant of a module
"""

from __future__ import annotations

import argparse
import ast
import compileall
import importlib
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "ankipress"
PAGE = ROOT / "docs" / "developing" / "mutants.md"
MOST_SURVIVORS = 0.08
LONGEST = 600  # seconds, for tests without a mutant
MEMORY = 4 * 2**30  # bytes, since a mutant may collect without end
PRELOADED = (
    *("click", "genanki", "jinja2", "markdown", "markdown_it"),
    *("nh3", "pygments.formatters", "pygments.lexers", "tinycss2", "yaml", "zstandard"),
)
"""What takes longest to import, so that it is imported once and not for each mutant."""


# The quick ones first, since the first test that fails ends a run.
_LOCK = (
    "tests/test_published.py",
    "tests/identity/test_lock_text.py",
    "tests/test_lock.py",
    "tests/test_teams.py",
    "tests/notetypes/test_custom_types.py",
    "tests/test_laws.py",
)
_IDENTITY = (
    "tests/test_published.py",
    "tests/identity/test_match.py",
    "tests/identity/test_drift.py",
    "tests/identity/test_stamping.py",
    "tests/identity/test_assign.py",
    "tests/identity/test_assign_rules.py",
    "tests/identity/test_stamping_rules.py",
    "tests/test_tombstones.py",
    "tests/test_teams.py",
    "tests/cli/test_build.py",
    "tests/cli/test_explicit_ids.py",
    "tests/notetypes/test_custom_types.py",
    "tests/cli/test_ids.py",
    "tests/identity/test_story.py",
)
ROOMS = {
    "identity/lock.py": _LOCK,
    "identity/stamping.py": _IDENTITY,
    "identity/ids.py": _IDENTITY,
    "identity/exact.py": _IDENTITY,
    "identity/assign.py": _IDENTITY,
    "package/card_generation.py": (
        "tests/anki/test_cards.py",
        "tests/notetypes/test_custom_types.py",
        "tests/identity/test_stamping_rules.py",
        "tests/test_checks_docs.py",
    ),
    "package/splitting.py": ("tests/test_split.py", "tests/cli/test_build.py"),
    "package/description.py": ("tests/test_describe.py", "tests/cli/test_build.py"),
    "release/next_tombstones.py": (
        "tests/test_tombstones.py",
        "tests/diff/test_tombstones.py",
        "tests/cli/test_release.py",
    ),
}
"""The modules that are broken, and the tests that have to notice."""

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
_CALLS = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list"}
_REMOVABLE = (ast.Expr, ast.AugAssign, ast.Raise, ast.Return, ast.Continue, ast.Break, ast.Delete)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a syntax tree: where, what, and the function that makes it."""

    line: int
    before: str
    after: str
    apply: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed module."""

    module: str
    line: int
    before: str
    after: str
    source: str

    @property
    def name(self) -> str:
        """How the page of survivors calls it: without the line, which moves."""
        return f"`{self.module}`: `{self.before}` → `{self.after}`"


def main() -> int:
    """Run a sample of mutants; fail where too many survive."""
    parser = argparse.ArgumentParser(description="Count the breaks that the tests notice.")
    parser.add_argument("modules", nargs="*", help="of the package; default: all of the table")
    parser.add_argument("--sample", type=int, default=150, help="0 for every mutant")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--list", action="store_true", help="only list the mutants")
    arguments = parser.parse_args()
    if unknown := set(arguments.modules) - ROOMS.keys():
        parser.error(f"no tests are known for {', '.join(sorted(unknown))}")

    mutants = sample(arguments.modules or list(ROOMS), arguments.sample, arguments.seed)
    if arguments.list:
        print("\n".join(f"{each.line}: {each.name}" for each in mutants))
        return 0
    survivors = run(mutants, arguments.processes)
    return _report(survivors, mutants)


def sample(modules: Sequence[str], size: int, seed: int) -> list[Mutant]:
    """Some mutants of these modules, all of them where the size is 0, in the order of the code."""
    texts = {module: (PACKAGE / module).read_text(encoding="utf-8") for module in modules}
    numbered = [
        (module, number)
        for module, text in texts.items()
        for number, _ in enumerate(changes(ast.parse(text)))
    ]
    if 0 < size < len(numbered):
        chosen = random.Random(seed).sample(range(len(numbered)), size)  # noqa: S311 - not a secret
        numbered = [numbered[each] for each in sorted(chosen)]
    return [make_mutant(module, texts[module], number) for module, number in numbered]


def make_mutant(module: str, text: str, number: int) -> Mutant:
    """The mutant with this number. A change is made in a tree of its own, since it cannot be
    undone.
    """
    tree = ast.parse(text)
    change = next(islice(changes(tree), number, None))
    change.apply()
    return Mutant(module, change.line, change.before, change.after, ast.unparse(tree))


def changes(tree: ast.Module) -> Iterator[Change]:
    """Every change that can be made of a tree. Annotations, docstrings and imports stay."""
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop(0)
        yield from _changed_operators(node)
        yield from _changed_conditions(node)
        yield from _changed_values(node)
        yield from _removals(node)
        for name, value in ast.iter_fields(node):
            if name in {"annotation", "returns", "decorator_list", "type_params"}:
                continue
            children = value if isinstance(value, list) else [value]
            pending += [each for each in children if _may_change(each, node)]


def _may_change(child: object, parent: ast.AST) -> bool:
    if not isinstance(child, ast.AST) or isinstance(child, (ast.Import, ast.ImportFrom)):
        return False
    if _is_docstring(child):
        return False
    checks_types = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
    names_exports = isinstance(child, ast.Assign) and ast.unparse(child.targets[0]) == "__all__"
    # What must be told in a type is no choice of the program.
    is_cast = isinstance(parent, ast.Call) and ast.unparse(parent.func) == "cast"
    return not (checks_types or names_exports or is_cast)


def _is_docstring(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _changed_operators(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Compare():
            for index, operator in enumerate(node.ops):
                for other in _COMPARISONS[type(operator)]:
                    ops = [*node.ops[:index], other(), *node.ops[index + 1 :]]
                    yield _set(node, "ops", ops)
        case ast.BoolOp():
            yield _set(node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
        case ast.BinOp() | ast.AugAssign() if type(node.op) in _ARITHMETIC:
            yield _set(node, "op", _ARITHMETIC[type(node.op)]())
        case ast.UnaryOp(op=ast.Not()):
            # Twice "not" is the truth of what stands behind it.
            yield _set(node, "operand", ast.UnaryOp(ast.Not(), node.operand))
        case _:
            pass


def _changed_conditions(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.If() | ast.While():
            yield _set(node, "test", ast.UnaryOp(ast.Not(), node.test), shown=node.test)
        case ast.IfExp():
            yield _set(node, "test", ast.UnaryOp(ast.Not(), node.test))
        case ast.comprehension() if node.ifs:
            yield _set(node, "ifs", [], shown=node.ifs[0])
        case _:
            pass


def _changed_values(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Constant():
            for other_value in _other_values(node.value):
                yield _set(node, "value", other_value)
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield _set(node, "value", ast.Constant(None))
        case ast.Call(func=ast.Name(id=name)) if name in _CALLS:
            yield _set(node, "func", ast.Name(_CALLS[name]))
        case _:
            pass


def _other_values(value: object) -> list[object]:
    match value:
        case bool():
            return [not value]
        case int() | float():
            return [value + 1]
        case str():
            return [value + "~"]
        case bytes():
            return [value + b"~"]
        case _:
            return []


def _set(node: ast.AST, field: str, value: object, shown: ast.AST | None = None) -> Change:
    """A change of one field of a node, told as the source before and after."""
    old = getattr(node, field)
    before = _one_line(shown or node)
    setattr(node, field, value)
    after = _one_line(value if isinstance(value, ast.AST) and shown is not None else node)
    setattr(node, field, old)
    if field == "ifs":
        after = "True"
    line = getattr(shown or node, "lineno", 0)
    return Change(line, before, after, lambda: setattr(node, field, value))


def _removals(node: ast.AST) -> Iterator[Change]:
    """Statements that can be left out: those that name nothing, and early returns."""
    for name in ("body", "orelse", "finalbody"):
        statements = getattr(node, name, None)
        if not isinstance(statements, list):
            continue
        for index, each in enumerate(statements):
            if _may_be_removed(each):
                yield _removal(statements, index)


def _may_be_removed(statement: ast.stmt) -> bool:
    if _is_docstring(statement):
        return False
    if isinstance(statement, ast.Assign):
        return isinstance(statement.targets[0], (ast.Attribute, ast.Subscript))
    if isinstance(statement, ast.If):
        return isinstance(statement.body[-1], (ast.Return, ast.Raise, ast.Continue, ast.Break))
    return isinstance(statement, _REMOVABLE)


def _removal(statements: list[ast.stmt], index: int) -> Change:
    def apply() -> None:
        statements[index] = ast.Pass()

    return Change(statements[index].lineno, _one_line(statements[index]), "pass", apply)


def _one_line(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())


def run(mutants: Sequence[Mutant], processes: int) -> list[Mutant]:
    """The mutants that survive."""
    for name in PRELOADED:
        importlib.import_module(name)
    with tempfile.TemporaryDirectory() as name:
        folders = [_copied(Path(name) / str(number)) for number in range(processes)]
        limits = {
            tests: _limit(tests, folders[0]) for tests in {ROOMS[each.module] for each in mutants}
        }
        return list(_survivors(mutants, folders, limits))


def _limit(tests: Sequence[str], folder: Path) -> float:
    """How many seconds these tests may take with a mutant: many times as long as without one."""
    started = time.monotonic()
    run = _Run.start(tests, folder, LONGEST)
    while (passed := run.poll()) is None:
        time.sleep(0.05)
    if not passed:
        # A mutant that fails tests that fail anyway would tell nothing.
        sys.exit(f"these tests fail or are too slow without a mutant: {' '.join(tests)}")
    return 20 + 5 * (time.monotonic() - started)


def _survivors(
    mutants: Sequence[Mutant],
    folders: Sequence[Path],
    limits: Mapping[tuple[str, ...], float],
) -> Iterator[Mutant]:
    """One mutant in each folder at a time, until all have been tried."""
    waiting = list(reversed(mutants))
    running: dict[Path, tuple[Mutant, _Run]] = {}
    done, survived = 0, 0
    while waiting or running:
        time.sleep(0.02)
        for folder in folders:
            if folder in running:
                mutant, run = running[folder]
                passed = run.poll()
                if passed is None:
                    continue
                shutil.copyfile(PACKAGE / mutant.module, folder / "ankipress" / mutant.module)
                del running[folder]
                done += 1
                if passed:
                    survived += 1
                    print(f"SURVIVED {mutant.line}: {mutant.name}", flush=True)
                    yield mutant
                if done % 25 == 0:
                    print(f"{done} of {len(mutants)}, {survived} survived", flush=True)
            if waiting:
                mutant = waiting.pop()
                _write(mutant, folder)
                tests = ROOMS[mutant.module]
                running[folder] = mutant, _Run.start(tests, folder, limits[tests])


def _copied(folder: Path) -> Path:
    shutil.copytree(PACKAGE, folder / "ankipress", ignore=shutil.ignore_patterns("__pycache__"))
    compileall.compile_dir(folder, quiet=2)
    return folder


def _write(mutant: Mutant, folder: Path) -> None:
    path = folder / "ankipress" / mutant.module
    # The compiled file of the unchanged module would be taken if size and second were the same.
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
        compiled.unlink()
    path.write_text(mutant.source, encoding="utf-8")


@dataclass(frozen=True, slots=True)
class _Run:
    """Tests in a forked process. This one has imported everything but ankipress."""

    process: int
    deadline: float

    @classmethod
    def start(cls, tests: Sequence[str], folder: Path, seconds: float) -> _Run:
        process = os.fork()
        if process == 0:
            _test(tests, folder)
        return cls(process, time.monotonic() + seconds)

    def poll(self) -> bool | None:
        """Whether the tests pass, None while they run. Those that never end do not pass."""
        found, status = os.waitpid(self.process, os.WNOHANG)
        if found:
            return status == 0
        if time.monotonic() < self.deadline:
            return None
        os.killpg(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        return False


def _test(tests: Sequence[str], folder: Path) -> NoReturn:
    """Run tests against the package in a folder, in a forked process, and end it."""
    status = 1
    try:
        os.setsid()  # so that it can be killed with all that it starts
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        os.chdir(ROOT)
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        sys.path.insert(0, str(folder))
        # CI, so that hypothesis tries the same examples each time.
        os.environ |= {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "CI": "1"}
        sys.dont_write_bytecode = True
        options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
        status = int(pytest.main([*options, *tests]))
    finally:
        os._exit(status)


def _report(survivors: Sequence[Mutant], mutants: Sequence[Mutant]) -> int:
    page = PAGE.read_text(encoding="utf-8")
    explained = [each for each in survivors if each.name in page]
    share = len(survivors) / max(1, len(mutants))
    print(
        f"{len(survivors)} of {len(mutants)} mutants survived ({share:.1%}), "
        f"{len(explained)} of them explained in {PAGE.relative_to(ROOT)}"
    )
    for each in survivors:
        if each not in explained:
            print(f"  {PACKAGE.name}/{each.module}:{each.line}: {each.before} → {each.after}")
    return 1 if share > MOST_SURVIVORS else 0


if __name__ == "__main__":
    sys.exit(main())
