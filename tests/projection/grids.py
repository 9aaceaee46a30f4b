"""Small workbooks for the tests of projections, and rows and columns inserted in them as Excel does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from books import book

from xlmodel.book.workbook import Book, DefinedName
from xlmodel.refs import MAX_COL, MAX_ROW, Area, cell_name, parse_cell, parse_prefix, tokens
from xlmodel.values import Scalar

Cells = dict[str, Scalar]
Grid = dict[str, Cells]
T = TypeVar("T")

#: Money that a small service spends: inputs, a run of formulas, totals that add up, a rate and its base, a corkscrew.
SAVED: Grid = {
    "Inputs": {
        "A1": "Budget", "A3": "Service", "B3": "2023/24", "C3": "2024/25", "D3": "2025/26",
        "A4": "Fostering", "B4": 100.0, "C4": 110.0, "D4": 120.0,
        "A5": "Residential", "B5": 200.0, "C5": 220.0, "D5": 250.0,
        "A6": "Leaving care", "B6": 50.0, "C6": 55.0, "D6": 65.0,
        "A7": "Total", "B7": 350.0, "C7": 385.0, "D7": 435.0,
        "A9": "Population aged 0-17", "B9": 50_000.0, "C9": 50_500.0, "D9": 51_000.0,
        "A10": "Children in care", "B10": 400.0, "C10": 410.0, "D10": 430.0,
        "A11": "Rate per 10,000", "B11": 80.0, "C11": 410 / 50_500 * 10_000, "D11": 430 / 51_000 * 10_000,
    },
    "Stock": {
        "A1": "Children in care", "A3": "Year", "B3": "Opening", "C3": "Starts", "D3": "Ceases", "E3": "Closing",
        "A4": "2023/24", "B4": 380.0, "C4": 120.0, "D4": 100.0, "E4": 400.0,
        "A5": "2024/25", "B5": 400.0, "C5": 130.0, "D5": 120.0, "E5": 410.0,
        "A6": "2025/26", "B6": 410.0, "C6": 140.0, "D6": 120.0, "E6": 430.0,
        "A8": "Price of Residential, £", "B8": 5200.0, "C8": "per week",
        "A9": "Share of Residential, 2025/26", "B9": 250 / 435,
    },
    "Prices": {
        "A1": "Service", "B1": "£ a week", "A2": "Fostering", "B2": 700.0, "A3": "Residential", "B3": 5200.0,
        "A4": "Leaving care", "B4": 1100.0,
    },
}  # fmt: skip

FORMULAS: dict[str, dict[str, str]] = {
    "Inputs": {
        **{f"{c}7": f"=SUM({c}4:{c}6)" for c in "BCD"},
        **{f"{c}11": f"={c}10/{c}9*10000" for c in "BCD"},
    },
    "Stock": {
        **{f"E{r}": f"=B{r}+C{r}-D{r}" for r in (4, 5, 6)},
        "B5": "=E4", "B6": "=E5",
        "B8": '=VLOOKUP("Residential",Prices!$A$2:$B$4,2,FALSE)',
        "B9": "=Inputs!D5/Inputs!$D$7",
    },
}  # fmt: skip


class Workbook:
    """A workbook as two grids, what is saved and the formulas, that can be changed as in Excel."""

    def __init__(self, saved: Grid | None = None, formulas: Mapping[str, Mapping[str, str]] | None = None) -> None:
        source = SAVED if saved is None else saved
        self.saved: Grid = {name: dict(cells) for name, cells in source.items()}
        given = FORMULAS if formulas is None else formulas
        self.formulas = {name: dict(given.get(name, {})) for name in self.saved}
        self.names: dict[str, str] = {}

    def book(self, **more: object) -> Book:
        sheets = {name: {**cells, **self.formulas[name]} for name, cells in self.saved.items()}
        made = book(sheets, names=tuple(DefinedName(n, f, None) for n, f in self.names.items()), **more)
        for sheet in made.sheets:
            for i, (row, col) in enumerate(zip(sheet.row.tolist(), sheet.col.tolist(), strict=True)):
                sheet.values.put(i, self.saved[sheet.name].get(cell_name(row, col)))
        return made

    def put(self, sheet: str, cell: str, content: Scalar, saved: Scalar = None) -> Workbook:
        """Type something into a cell; `saved` is the result of a formula."""
        self.formulas[sheet].pop(cell, None)
        if isinstance(content, str) and content.startswith("="):
            self.formulas[sheet][cell] = content
            content = saved
        if content is None:
            self.saved[sheet].pop(cell, None)
        else:
            self.saved[sheet][cell] = content
        return self

    def result(self, sheet: str, cell: str, saved: Scalar) -> Workbook:
        """Give a formula another saved result."""
        assert cell in self.formulas[sheet]
        self.saved[sheet][cell] = saved
        return self

    def insert_rows(self, sheet: str, at: int, count: int = 1) -> Workbook:
        return self._move(sheet, lambda r, c: (r + count if r >= at else r, c), _inserted(at, count), _still)

    def insert_columns(self, sheet: str, at: int, count: int = 1) -> Workbook:
        return self._move(sheet, lambda r, c: (r, c + count if c >= at else c), _still, _inserted(at, count))

    def delete_row(self, sheet: str, at: int) -> Workbook:
        return self._move(sheet, lambda r, c: None if r == at else (r - 1 if r > at else r, c), _deleted(at), _still)

    def _move(
        self, sheet: str, place: Callable[[int, int], tuple[int, int] | None], rows: Edges, columns: Edges
    ) -> Workbook:
        for name in self.saved:
            texts = {a: "=" + _shifted(f[1:], name, sheet, rows, columns) for a, f in self.formulas[name].items()}
            self.formulas[name] = _placed(texts, place) if name == sheet else texts
        self.saved[sheet] = _placed(self.saved[sheet], place)
        self.names = {n: _shifted(f, "", sheet, rows, columns) for n, f in self.names.items()}
        return self


#: (first, last) of a reference along an axis -> where it goes; None where all of it is gone
Edges = Callable[[int, int], tuple[int, int] | None]


def _still(first: int, last: int) -> tuple[int, int]:
    return first, last


def _inserted(at: int, count: int) -> Edges:
    return lambda first, last: (first + count * (first >= at), last + count * (last >= at))


def _deleted(at: int) -> Edges:
    def edges(first: int, last: int) -> tuple[int, int] | None:
        if first == last == at:
            return None
        return first - (first > at), last - (last >= at)

    return edges


def _placed(cells: Mapping[str, T], place: Callable[[int, int], tuple[int, int] | None]) -> dict[str, T]:
    moved = {place(*parse_cell(a)): content for a, content in cells.items()}
    return {cell_name(*to): content for to, content in moved.items() if to is not None}


def _shifted(formula: str, home: str, sheet: str, rows: Edges, columns: Edges) -> str:
    """Return a formula after rows or columns of a sheet came or went."""
    out = []
    for token in tokens(formula):
        area = token.area
        where = parse_prefix(area.prefix).first if area is not None and area.prefix else home
        out.append(_area(area, rows, columns) if area is not None and where == sheet else token.text)
    return "".join(out)


def _area(area: Area, rows: Edges, columns: Edges) -> str:
    rect = area.at(1, 1)
    down = rows(rect.top, rect.bottom) if rect.bottom < MAX_ROW else (rect.top, rect.bottom)
    across = columns(rect.left, rect.right) if rect.right < MAX_COL else (rect.left, rect.right)
    if down is None or across is None:
        return "#REF!"
    ends = zip((area.top, area.left, area.bottom, area.right), (down[0], across[0], down[1], across[1]), strict=True)
    edges = [None if old is None else (old[0], new if old[0] else new - 1) for old, new in ends]
    return Area(area.prefix, *edges, area.single).a1(1, 1)
