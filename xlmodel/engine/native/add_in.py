"""Functions that came with the Analysis ToolPak: stricter about their arguments than Excel's own functions.

Several cells in one argument are #VALUE! to them (an array that a formula computes is still taken element by
element), and so is a boolean, in a cell or not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xlmodel.engine.native.declaration import excel

__all__ = ["add_in"]


def add_in(*names: str, empty_is_default: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a plain function as a worksheet function of the Analysis ToolPak; it stays a plain function."""

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        function.__add_in__ = True  # type: ignore[attr-defined]
        return excel(*names, empty_is_default=empty_is_default)(function)

    return mark
