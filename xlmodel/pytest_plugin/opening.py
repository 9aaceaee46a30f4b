"""What the fixture `workbook` gives: workbooks recalculated, found from the root folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

import pytest

from xlmodel.errors import BookError, EngineError
from xlmodel.pytest_plugin.checking import checks_of
from xlmodel.report.escape import safe
from xlmodel.values import Scalar
from xlmodel.verify.recalculated import Input, Recalculated
from xlmodel.workbook_files import named_workbooks

__all__ = ["OpenWorkbook", "opened"]


class OpenWorkbook:
    """What every cell of a workbook holds once it is calculated; nothing is taken from saved results.

    A cell is named like ``Stock!E9`` or by a defined name, a range like ``Stock!E9:G12`` or ``Table1[Cost]``. Dates are
    Excel's day numbers; NOW and TODAY are the moment the file was saved.
    """

    def __init__(self, calculated: Recalculated) -> None:
        self._calculated = calculated

    def __repr__(self) -> str:
        return safe(repr(self._calculated))

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the sheets, in their order."""
        return self._calculated.sheets

    def __getitem__(self, cell: str) -> Scalar:
        """Return what a cell holds."""
        __tracebackhide__ = True
        return self.value(cell)

    def value(self, cell: str) -> Scalar:
        """Return what a cell holds: a number, a text, a truth value, an `ErrorValue`, or None for a blank."""
        __tracebackhide__ = True
        with _ToldPlainly():
            return self._calculated.value(cell)

    def range(self, cells: str) -> list[list[Scalar]]:
        """Return what a range of cells holds, row by row."""
        __tracebackhide__ = True
        with _ToldPlainly():
            return self._calculated.range(cells)

    def with_inputs(self, inputs: Mapping[str, Input], *, over_formulas: bool = False) -> OpenWorkbook:
        """Return the workbook as it calculates with other inputs, beside those that this one was given.

        Parameters
        ----------
        inputs : mapping of cell to content
            Such as ``{"Scenarios!B3": "plan", "Growth": 0.1}``.
        over_formulas : bool
            Whether a cell that holds a formula may be given a value in its place.
        """
        __tracebackhide__ = True
        with _ToldPlainly():
            return OpenWorkbook(self._calculated.with_inputs(inputs, over_formulas=over_formulas))


def opened(config: pytest.Config) -> Callable[[str | os.PathLike[str]], OpenWorkbook]:
    """Return what opens workbooks in a run."""
    checks = checks_of(config)

    def open_workbook(path: str | os.PathLike[str]) -> OpenWorkbook:
        __tracebackhide__ = True
        where = config.rootpath / path
        with _ToldPlainly():
            for why in named_workbooks([str(where)]).refused.values():
                raise BookError(f"{where}: {why}")
            return OpenWorkbook(checks.opened(where))

    return open_workbook


class _ToldPlainly:
    """Shows errors at the line of the test, their texts made safe."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        __tracebackhide__ = True
        if isinstance(error, (BookError, EngineError)):
            raise type(error)(safe(error)) from None
