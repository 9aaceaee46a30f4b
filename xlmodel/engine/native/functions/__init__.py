"""Excel's functions, a module a family. A function is added by writing it: `worksheet_functions` finds it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from xlmodel.engine.native.declaration import Function, declared, names_of

__all__ = ["worksheet_functions"]


class _Functions(Mapping[str, Function]):
    """Functions by name; a declaration is read when its function is first asked for."""

    def __init__(self, marked: Mapping[str, Callable[..., Any]]) -> None:
        self._marked = marked
        self._read: dict[str, Function] = {}

    def __getitem__(self, name: str) -> Function:
        if name not in self._read:
            self._read |= {f.name: f for f in declared(self._marked[name])}
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return name in self._marked

    def __iter__(self) -> Iterator[str]:
        return iter(self._marked)

    def __len__(self) -> int:
        return len(self._marked)


@cache
def worksheet_functions() -> Mapping[str, Function]:
    """Return every worksheet function by each of its names.

    >>> worksheet_functions()["ROUND"].parameters[1].name
    'num_digits'
    """
    found: dict[str, Callable[..., Any]] = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        for member in vars(module).values():
            if getattr(member, "__module__", None) != module.__name__:
                continue
            for name in names_of(member):
                if name in found:
                    raise ValueError(f"{name} is declared twice")
                found[name] = member
    return _Functions(found)
