"""Excel's functions, a module a family. A function is added by writing it: `worksheet_functions` finds it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from xlmodel.engine.native.declaration import Function, declared

__all__ = ["worksheet_functions"]


@cache
def worksheet_functions() -> Mapping[str, Function]:
    """Return every worksheet function by each of its names."""
    found: dict[str, Function] = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        for member in vars(module).values():
            if hasattr(member, "__worksheet__") and member.__module__ == module.__name__:
                for function in declared(member):
                    if function.name in found:
                        raise ValueError(f"{function.name} is declared twice")
                    found[function.name] = function
    return found
