"""Units that slipped show by their powers of ten, ordinary months do not."""

import pytest

from xlmodel.engine.protocol import CellKey
from xlmodel.sync.cautions import slipped_unit
from xlmodel.sync.planned import CellChange


@pytest.mark.parametrize(
    ("pairs", "power"),
    [
        ([(413_000.0, 0.43)], -6),
        ([(413_000.0, 0.43), (12_000.0, 0.012)], -6),
        ([(413_000.0, 430.0), (12_000.0, 13_000.0)], 0),
        ([(0.12, 12.5)], 2),
        ([(100.0, 1_100.0)], 0),  # ten times: a figure may grow so
        ([(100.0, 250_000.0)], 0),
        ([(0.0, 1e6)], 0),
        ([(None, 1e6), ("x", 3.0)], 0),
        ([(5.0, 0.0)], 0),
        ([(-2.0, -2_000.0)], 3),
        ([], 0),
    ],
)
def test_a_unit_that_slipped(pairs, power):
    changes = [CellChange(CellKey("S", 1, 1), ("a",), "Price", old, new, "") for old, new in pairs]
    assert slipped_unit(changes) == power
