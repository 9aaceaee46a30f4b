"""Recalculation: the engines, the order of calculation, and the process in which untrusted workbooks are calculated."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from xlmodel.engine.protocol import CellKey, Engine, Precedent, Reason, Result, Why

__all__ = ["CellKey", "Engine", "Precedent", "Reason", "Result", "Why", "engines"]


def _formulas() -> Engine:
    from xlmodel.engine.formulas import FormulasEngine

    return FormulasEngine()


def _native() -> Engine:
    from xlmodel.engine.native import NativeEngine

    return NativeEngine()


def engines() -> Mapping[str, Callable[[], Engine]]:
    """Return the engines by name, each as a call that makes one; a library is imported only when its engine is made.

    >>> sorted(engines())
    ['formulas', 'native']
    """
    return {"native": _native, "formulas": _formulas}
