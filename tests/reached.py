"""Which functions of a module run, so that tests and fuzzing can say how far their inputs come."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, FrameType, ModuleType


@contextmanager
def functions_reached() -> Iterator[set[str]]:
    """The functions that run meanwhile, each as its file, line and name."""
    reached: set[str] = set()

    def enter(frame: FrameType, event: str, argument: object) -> None:
        if event == "call":
            reached.add(_name(frame.f_code))

    before = sys.getprofile()
    sys.setprofile(enter)
    try:
        yield reached
    finally:
        sys.setprofile(before)


def functions_of(module: ModuleType) -> set[str]:
    """Every function in a module, those in classes too, as `functions_reached` names them."""
    path = module.__file__
    assert path is not None
    with open(path, encoding="utf-8") as file:
        return {_name(code) for code in _functions(compile(file.read(), path, "exec"))}


def _functions(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _functions(constant)
            # A class is a function too, which runs when the module is imported.
            if constant.co_flags & inspect.CO_OPTIMIZED and "<" not in constant.co_name:
                yield constant


def _name(code: CodeType) -> str:
    return f"{code.co_filename}:{code.co_firstlineno} {code.co_name}"
