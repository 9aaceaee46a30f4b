"""Whether the calculated values of a published workbook are still those whose hash it records."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from xlmodel.engine.called import functions_called
from xlmodel.engine.evaluation import Evaluation
from xlmodel.engine.protocol import CellKey
from xlmodel.verify.record import Record, own_cells, total_hash, values_hashes

__all__ = ["SignOff", "signed_off"]


@dataclass(frozen=True, slots=True)
class SignOff:
    """What became of the values that were recorded when a workbook was published."""

    recorded: str  #: the hash that the workbook records
    sheets: tuple[str, ...] = ()  #: with values that are not those recorded, in the order of the workbook
    total: int = 0  #: sheets with calculated values

    @property
    def holds(self) -> bool:
        """Whether every value is the one recorded."""
        return not self.sheets


def signed_off(
    evaluation: Evaluation, record: Record, dependents: Callable[[Collection[CellKey]], Collection[CellKey]]
) -> SignOff | None:
    """Compare the saved values of a workbook with the hash it records; None where it records none.

    Parameters
    ----------
    evaluation : Evaluation
        The workbook; its saved values count, not the calculated ones.
    record : Record
        What it says of itself.
    dependents : callable
        Gives all cells that depend on some cells: what shows the hash is no part of it.
    """
    if not record.values or record.edition == "values":
        return None
    own = set(own_cells(evaluation.names).values())
    skipped = own | set(dependents(own)) if own else own
    places = zip(evaluation.sheet.tolist(), evaluation.row.tolist(), evaluation.col.tolist(), strict=True)
    cells = (
        (evaluation.sheets[sheet], row, col, value)
        for i, ((sheet, row, col), value) in enumerate(zip(places, evaluation.saved.scalars(), strict=True))
        if CellKey(evaluation.sheets[sheet], row, col) not in skipped and not _lacks_native(evaluation, i, record)
    )
    found = values_hashes(cells)
    order = {name: i for i, name in enumerate(evaluation.sheets)}
    changed = [name for name in found.keys() | record.sheets.keys() if found.get(name) != record.sheets.get(name)]
    if not changed and total_hash(found) != record.values:
        changed = list(found)  # the record itself was changed
    listed = sorted(changed, key=lambda name: (order.get(name, len(order)), name))
    return SignOff(record.values, tuple(listed), len(found.keys() | record.sheets.keys()))


def _lacks_native(evaluation: Evaluation, i: int, record: Record) -> bool:
    if not record.without_native:
        return False
    called = functions_called(evaluation.formulas[evaluation.formula[i]])
    return any(name.replace(".", "_", 1) in record.without_native for name in called)
