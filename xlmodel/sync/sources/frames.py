"""Extracts from pandas DataFrames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xlmodel.sync.sources.extract import Extract, Faults, UnusableSourceError, column_places
from xlmodel.sync.sources.unordered import contents_hash

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["frame_extract"]


def frame_extract(name: str, frame: pd.DataFrame, wanted: Sequence[str], faults: Faults) -> Extract | None:
    """Return the wanted columns of a frame; levels of its index that have names are columns too."""
    import pandas as pd

    named = [level for level in frame.index.names if level is not None and level not in frame.columns]
    rows = [f"index {label}" for label in frame.index.tolist()]
    whole = frame.reset_index(level=named) if named else frame
    try:
        at = column_places([str(heading) for heading in whole.columns], wanted)
    except UnusableSourceError as reason:
        faults.whole(0, name, str(reason))
        return None
    columns: dict[str, list[object]] = {}
    for heading, place in at.items():
        column = whole.iloc[:, place]
        blank = pd.isna(column).tolist()
        columns[heading] = [None if b else value for b, value in zip(blank, column.tolist(), strict=True)]
    return Extract(name, contents_hash(columns), columns, rows)
