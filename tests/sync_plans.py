"""Plans as they come up in a year, made by hand."""

from xlmodel.engine.protocol import CellKey
from xlmodel.sync.planned import (
    CellChange,
    Conflict,
    Effects,
    FeedPlan,
    Figure,
    Kept,
    Plan,
    Problem,
    RowAdded,
    RowRemoved,
    Total,
)

MILLIONS = '[$£-809]#,##0.00,,"m"_ ;-[$£-809]#,##0.00,,"m"_ ;[$£-809]#,##0.00,,"m"_ ;@_ '
DAY = "d mmm yyyy_ "
ACTUAL, COMMITTED, COUNTED = "Actual to date (£m)", "Commitments (£m)", "Counted to"
HOMES, FOSTERING, LEGAL = ("Homes", "2024/25"), ("Fostering", "2024/25"), ("Legal", "2024/25")
EXTRACTS = {f"extracts/ledger_{y}-{m:02}.csv": "a" * 64 for y, m in [*((2024, m) for m in range(4, 13)), (2025, 1)]}


def cell(row, col, sheet="In-year"):
    return CellKey(sheet, row, col)


def feed(name="ledger", **parts):
    return FeedPlan(
        **{
            "feed": name,
            "target": "table Budget_lines on sheet In-year",
            "sources": EXTRACTS,
            "declaration": "c" * 64,
            "rows_read": 36,
            "keys": ("Line", "Year"),
            "formats": {ACTUAL: MILLIONS, COMMITTED: MILLIONS, COUNTED: DAY},
            **parts,
        }
    )


def plan(*feeds, effects=None, **parts):
    return Plan("books/budget.xlsx", "1a2b3c4d" + "0" * 56, "0.2", feeds, effects, **parts)


MONTH = plan(
    feed(
        changes=(
            CellChange(cell(6, 5), HOMES, ACTUAL, None, 48_213_400.55, "ledger_2025-01.csv, row 2", MILLIONS),
            CellChange(cell(7, 5), FOSTERING, ACTUAL, 7.13e7, 7.13e7 + 400, "ledger_2025-01.csv, row 3", MILLIONS),
            CellChange(cell(6, 3), HOMES, COUNTED, 45657.0, 45688.0, "ledger_2025-01.csv, row 2", DAY),
        ),
        added=(RowAdded(LEGAL, {"Line": "Legal", "Year": "2024/25", ACTUAL: 1.5e6, COUNTED: 45688.0}, "a.csv, row 9"),),
        removed=(RowRemoved(9, ("Vans", "2024/25"), {"Line": "Vans", "Year": "2024/25", ACTUAL: 2e6}),),
        kept=(
            Kept("typed", FOSTERING, COMMITTED, cell(7, 6), 5e5, 4e5),
            Kept("unplaced", ("Agency", "2024/25"), None, None, None, None),
            Kept("own row", ("Reserve", "2024/25"), None, None, None, None),
        ),
        totals=(Total(ACTUAL, "£m", 7.13e7, 1.19e8), Total(COMMITTED, "£m", 1.2e6, 1.2e6)),
        rows_moved="rows 9 to 21 of In-year move down by 1",
    ),
    effects=Effects(
        412,
        {"Cost": 396, "In-year": 12, "Cover": 4},
        (
            Figure(cell(6, 7), "Homes, Forecast outturn (£m)", 7.13e7, 7.24e7, MILLIONS),
            Figure(cell(14, 2, "Cover"), "Checks", "TIES: all 143 checks pass", "TIES: all 143 checks pass"),
        ),
        3,
        143,
        (),
        (),
    ),
)  # fmt: skip
CONFLICTS = plan(
    feed(
        conflicts=(
            Conflict("C3F9A", HOMES, ACTUAL, cell(6, 5), 48.2e6, 51.1e6, 49e6, "ledger_2025-01.csv, row 2"),
            Conflict("C81D0", FOSTERING, None, None, None, None, None, "", None, "source"),
            Conflict("C77AA", LEGAL, None, None, None, None, None, "", None, "workbook"),
        )
    )
)
DECIDED = plan(
    feed(
        changes=(CellChange(cell(6, 5), HOMES, ACTUAL, 49e6, 51.1e6, "ledger_2025-01.csv, row 2", MILLIONS),),
        conflicts=(Conflict("C3F9A", HOMES, ACTUAL, cell(6, 5), 48.2e6, 51.1e6, 49e6, "", "source"),),
    ),
    effects=Effects(0, {}, (), 0, 143, ("Stock closes",), ("Stock closes", "Cost by year = cost by placement")),
    choices={"C3F9A": "source"},
)
PROBLEMS = plan(
    feed(
        problems=(
            Problem('must be a number; it is "12.3.4"', None, "ledger_2024-09.csv, row 7, column amount"),
            Problem("holds the formula =SUM(E1:E5)", cell(6, 5)),
        )
    )
)
NOTHING = plan(feed(), effects=Effects(0, {}, (), 0, 143, (), ()))
FIRST = plan(feed(changes=(CellChange(cell(6, 5), HOMES, ACTUAL, None, 1.0, "", MILLIONS, True),)))
TWICE = plan(
    feed(
        changes=(CellChange(cell(6, 5), HOMES, ACTUAL, 48.2e6, 48.9, "a.csv, row 2", MILLIONS),),
        added=(RowAdded(LEGAL, {"Line": "Legal", ACTUAL: 1.5e6}, "a.csv, row 9"),),
        left_out=("Cover!B9: =SUM('In-year'!E1:E9)", "the name All: ='In-year'!$A$1:$F$9"),
    )
)
MANY = plan(
    feed(
        changes=tuple(
            CellChange(
                cell(row, col), (f"Line {row}", "2024/25"), column, 1e6, 1e6 * row, f"a.csv, row {row}", MILLIONS
            )
            for row in range(2, 252)
            for col, column in ((5, ACTUAL), (6, COMMITTED))
        )
    )
)
ALL = {
    "month": MONTH, "conflicts": CONFLICTS, "decided": DECIDED, "problems": PROBLEMS, "nothing": NOTHING,
    "first": FIRST, "twice": TWICE, "many": MANY,
}  # fmt: skip


def hostile(text):
    """Return a plan in which every text of a workbook or a source is `text`."""
    key, place = (text, text), CellKey(text, 6, 5)
    return Plan(
        text,
        text,
        text,
        (
            FeedPlan(
                text, text, {text: "0" * 64}, "0" * 64, 1, (text, text),
                changes=(CellChange(place, key, text, text, 2.0, text, text),),
                added=(RowAdded(key, {text: text}, text),),
                removed=(RowRemoved(6, key, {text: text}),),
                conflicts=(
                    Conflict(text, key, text, place, text, text, text, text),
                    Conflict(text, key, None, None, None, None, None, text, None, "source"),
                    Conflict(text, key, text, place, text, text, text, text, "source"),
                ),
                kept=tuple(
                    Kept(why, key, text, place, text, text)
                    for why in ("typed", "deleted", "not in source", "unplaced", "own row")
                ),
                problems=(Problem(text, place, text), Problem(text)),
                totals=(Total(text, text, 1.0, 2.0),),
                formats={text: text},
                left_out=(text,),
                rows_moved=text,
            ),
        ),
        Effects(
            1, {text: 1}, (Figure(place, text, text, 1.0, text), Figure(place, text, 1.0, 2.0, text)), 1, 2, (),
            (text,),
            (Figure(place, text, 1.0, text),),
        ),
        choices={text: "source"},
    )  # fmt: skip
