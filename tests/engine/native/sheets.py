"""One formula on a small sheet, calculated by the native engine."""

from collections.abc import Mapping

from books import book

from xlmodel.engine import CellKey
from xlmodel.engine.native import Locale, NativeEngine
from xlmodel.registry import Registry
from xlmodel.values import Scalar, Values


class NotCalculatedError(Exception):
    """The engine gave a reason instead of a value."""


def _run(formula: str, cells: Mapping[str, Scalar], at: str, dynamic: bool, locale: str, **more: object):
    made = book({**cells, at: formula}, dynamic={at: at} if dynamic else None, **more)
    engine = NativeEngine(Locale(locale, day_first=locale != "en-US"))
    engine.load(made, Registry())
    result = engine.calculate()
    index = next(i for i, key in enumerate(result.cells) if str(key) == f"S!{at}")
    key = result.cells[index]
    if key in result.reasons:
        raise NotCalculatedError(f"{result.reasons[key].code}: {result.reasons[key].text}")
    return result, index, key


def calculate(
    formula: str,
    cells: Mapping[str, Scalar] | None = None,
    *,
    at: str = "ZZ99",
    plain: bool = False,
    locale: str = "en-GB",
    **more: object,
) -> Scalar:
    """Return what a formula gives in its own cell: as a dynamic array formula, or as a plain one."""
    result, index, _ = _run(formula, cells or {}, at, not plain, locale, **more)
    return result.values.item(index)


def calculate_array(formula: str, cells: Mapping[str, Scalar] | None = None, *, at: str = "ZZ99") -> list[list[Scalar]]:
    """Return all that a dynamic array formula gives."""
    result, index, key = _run(formula, cells or {}, at, True, "en-GB")
    values: Values = result.spills.get(key, Values.of([[result.values.item(index)]]))
    return [[values.item((r, c)) for c in range(values.shape[1])] for r in range(values.shape[0])]


__all__ = ["CellKey", "NotCalculatedError", "calculate", "calculate_array"]
