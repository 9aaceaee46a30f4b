"""The ranges of many cells at once, and sums over them from left to right."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xlmodel.engine.native.lanes import Lanes, NotInLanesError, Rects
from xlmodel.engine.native.store import Ints
from xlmodel.refs import Rect

__all__ = ["MAX_GATHERED", "added", "sliced", "window"]

#: Cells gathered for the ranges of one part of a formula.
MAX_GATHERED = 8_000_000


def sliced(rects: Rects, lanes: Lanes) -> Rects:
    """Return the rectangles of the cells that are calculated now."""
    here = lanes.slice
    edges = np.stack([a[here] for a in (rects.top, rects.left, rects.bottom, rects.right)], 1)
    return Rects(rects.sheet[here], edges)


def window(lanes: Lanes, rects: Rects) -> tuple[Ints, tuple[int, int]]:
    """Return the places of ranges of one shape, cells by places, and the shape; one row where all mean the same.

    Where all mean the same, rows and columns that the sheet does not use are left out.
    """
    part = sliced(rects, lanes)
    height, width = int(part.height[0]), int(part.width[0])
    if part.one:
        rect = Rect(int(part.top[0]), int(part.left[0]), int(part.bottom[0]), int(part.right[0]))
        return lanes.cells.grids[int(part.sheet[0])].window(rect).reshape(1, -1), (height, width)
    if not ((part.height == height) & (part.width == width)).all():
        raise NotInLanesError
    if height * width * len(part.top) * lanes.cells.scenarios > MAX_GATHERED:
        raise NotInLanesError
    shape = (len(part.top), height, width)
    rows = np.broadcast_to(part.top[:, None, None] + np.arange(height)[None, :, None], shape)
    cols = np.broadcast_to(part.left[:, None, None] + np.arange(width)[None, None, :], shape)
    sheet = np.broadcast_to(part.sheet[:, None, None], shape)
    places = lanes.batch.places_at(sheet.ravel(), rows.ravel(), cols.ravel())
    return places.reshape(len(part.top), height * width), (height, width)


def added(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return sums over the last axis, from left to right."""
    if x.shape[-1] == 0:
        return np.zeros(x.shape[:-1])
    if x.shape[-1] <= 64:
        out = x[..., 0].copy()
        for k in range(1, x.shape[-1]):
            out += x[..., k]
        return out
    total: NDArray[np.float64] = np.add.accumulate(x, axis=-1)[..., -1]
    return total
