"""The colours of a chart's series: one palette, which a page has once for light and once for dark."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from xlmodel.report.book_page_chart_data import Plotted
from xlmodel.report.book_page_markup import Html, element

__all__ = ["DASHES", "PALETTE", "colour_key", "slots", "swatch"]

MOST_BANDS = 3  #: shades of a fan
DASHES = ("", "6 3", "2 3", "9 3 2 3", "4 2", "12 4")

#: The colours of series, which the page has once for light and once for dark; each with its light shade.
PALETTE = {
    "blue": "0072B2",
    "vermilion": "D55E00",
    "green": "009E73",
    "orange": "E69F00",
    "navy": "1F3A5F",
    "purple": "CC79A7",
    "sky": "56B4E9",
    "grey": "7A8794",
}


def slots(series: Sequence[Plotted]) -> dict[str, str]:
    """Return the palette's colour for each colour of a chart: the nearest, and never one for two.

    A series without a colour of its own gets one by its place, under ``#`` and the place.
    """
    bands = _bands(series)
    asked = [colour_key(s, i) for i, s in enumerate(series) if not s.part.unseen]
    asked = [key for key in dict.fromkeys(asked) if key not in bands]
    asked += [c for s in series for c in s.part.points.values() if c not in asked]
    free, found = list(PALETTE), dict(bands)
    for key in asked:
        if key in found:
            continue
        if not free:
            free = list(PALETTE)
        pick = free[0] if key.startswith("#") else min(free, key=lambda name: _distance(key, PALETTE[name]))
        found[key] = pick
        free.remove(pick)
    return found


def colour_key(series: Plotted, place: int) -> str:
    """Return the colour of a series in its workbook; a sign and its place where it has none of its own."""
    return series.part.colour or f"#{place}"


def _bands(series: Sequence[Plotted]) -> dict[str, str]:
    """Return the shades of a fan, areas on one that is not drawn: the darker one in the workbook is so on the page."""
    areas = [(i, s) for i, s in enumerate(series) if s.part.kind == "area"]
    if not any(s.part.unseen for _, s in areas):
        return {}
    keys = dict.fromkeys(colour_key(s, i) for i, s in areas if not s.part.unseen)
    lightest_first = sorted(keys, key=lambda key: -_brightness(key))
    return {key: f"band{min(k, MOST_BANDS)}" for k, key in enumerate(lightest_first, 1)}


def _brightness(colour: str) -> int:
    return sum(int(colour[i : i + 2], 16) for i in (0, 2, 4)) if re.fullmatch("[0-9A-F]{6}", colour) else 0


def _distance(one: str, other: str) -> int:
    if not re.fullmatch("[0-9A-F]{6}", one):
        return 0
    pairs = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (0, 2, 4)]
    return sum((a - b) ** 2 for a, b in pairs)


def swatch(series: Plotted, place: int, colours: Mapping[str, str]) -> Html:
    """Return the sign of a series for the legend."""
    colour, part = colours[colour_key(series, place)], series.part
    if part.kind in ("bar", "area", "pie"):
        mark = element(
            "rect", x=1, y=2, width=16, height=9, class_=f"fill {colour}" + (" pale" if part.kind == "area" else "")
        )
    else:
        line = element(
            "path", d="M1 6.5H21", class_=f"line {colour}", stroke_dasharray=DASHES[place % len(DASHES)] or None
        )
        mark = Html(
            (line if part.line else "")
            + (element("circle", cx=11, cy="6.5", r=3, class_=f"fill {colour}") if part.marked else "")
        )
    return element("svg", mark, viewBox="0 0 22 13", width=22, height=13, aria_hidden="true")
