"""What a hostile workbook is, and how the lists of them are kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial

from hostile.packing import in_column

from xlmodel.values import Scalar

__all__ = ["Case", "Cases", "Table"]


@dataclass(frozen=True)
class Case:
    """One hostile workbook, and how it may end."""

    name: str
    make: Callable[[], bytes]
    #: the file must be refused, with a message in which this pattern is found; None where it must be calculated
    refused: str | None = None
    #: may also be refused, or end at the memory or time limit
    may_fail: bool = False
    #: what Excel's cells hold on the first sheet; one that is not calculated, with its reason, is as good
    expected: Mapping[str, Scalar] = field(default_factory=dict)
    #: takes long to make or to calculate: not part of every test run
    slow: bool = False


#: formulas, each with Excel's value where that is beyond doubt, by the name of their case
Table = Mapping[str, list[tuple[str, Scalar]]]


class Cases(list[Case]):
    """A list of cases that functions are added to by decorating them; a case is named after its function."""

    def __call__(
        self, refused: str | None = None, **more: object
    ) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
        """Return the decorator."""

        def add(make: Callable[[], bytes]) -> Callable[[], bytes]:
            self.append(Case(make.__name__.strip("_"), make, refused, **more))  # type: ignore[arg-type]
            return make

        return add

    def add_table(self, table: Table, hard: Collection[str] = (), slow: Collection[str] = ()) -> None:
        """Add a case for each entry, its formulas in column A; the hard ones may end at a limit."""
        for name, formulas in table.items():
            expected = {f"A{i}": value for i, (_, value) in enumerate(formulas, 1) if value is not None}
            made = partial(in_column, formulas)
            self.append(Case(name, made, may_fail=name in hard, expected=expected, slow=name in slow))
