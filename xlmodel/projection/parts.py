"""What differs between two workbooks outside their cells: settings, names, tables, other workbooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlmodel.book.workbook import Book, Table
from xlmodel.projection.changes import Change, ChangeKind
from xlmodel.projection.following import Moves, follows
from xlmodel.refs import to_r1c1

__all__ = ["names", "settings", "tables"]


def settings(old: Book, new: Book) -> Iterator[Change]:
    """Yield the settings that differ, of those that figures depend on."""
    before, after = _settings(old), _settings(new)
    for what in {**before, **after}:
        one, two = before.get(what, ""), after.get(what, "")
        if one != two:
            yield Change(ChangeKind.SETTING, subject=what, before=one, after=two)


def _settings(book: Book) -> dict[str, str]:
    calc = book.calc
    return {
        "calculation": calc.mode,
        "iteration": f"at most {calc.iterate_count} rounds, to {calc.iterate_delta:g}" if calc.iterate else "off",
        "precision": "in full" if calc.full_precision else "as displayed",
        "dates count from": "1904" if book.date1904 else "1900",
        **{f"other workbook {e.index}": e.target for e in book.externals},
    }


def names(old: Book, new: Book, moves: Mapping[str, Moves], still: bool) -> Iterator[Change]:
    """Yield the names that came, went or mean something else."""
    before, after = (
        {(n.name.casefold(), (n.sheet or "").casefold()): n for n in book.names} for book in (old, new)
    )  # fmt: skip
    for key in {**before, **after}:
        one, two = before.get(key), after.get(key)
        if one and two:
            if still and one.formula == two.formula:
                continue
            was, now = (to_r1c1(n.formula, 1, 1) for n in (one, two))
            if follows(was, now, (1, 1), (1, 1), one.sheet or "", moves):
                continue
        which = two or one
        assert which is not None
        yield Change(
            ChangeKind.NAME,
            which.sheet or "",
            subject=which.name,
            before=f"={one.formula}" if one else "",
            after=f"={two.formula}" if two else "",
        )


def tables(old: Book, new: Book, moves: Mapping[str, Moves]) -> Iterator[Change]:
    """Yield the tables that came, went, or cover other cells or columns."""
    before, after = ({t.name.casefold(): t for t in book.tables} for book in (old, new))
    for key in {**before, **after}:
        one, two = before.get(key), after.get(key)
        if one and two and _same_table(one, two, moves.get(one.sheet.casefold())):
            continue
        which = two or one
        assert which is not None
        yield Change(
            ChangeKind.TABLE,
            which.sheet,
            subject=which.name,
            before=_described(one) if one else "",
            after=_described(two) if two else "",
        )


def _described(table: Table) -> str:
    return f"{table.rect.name} ({', '.join(table.columns)})"


def _same_table(one: Table, two: Table, moved: Moves | None) -> bool:
    if moved is None or moved.name.casefold() != two.sheet.casefold():
        return False
    if (one.columns, one.header_rows, one.totals_rows) != (two.columns, two.header_rows, two.totals_rows):
        return False
    a, b = one.rect, two.rect
    ends = (
        (moved.rows, a.top, b.top, -1),
        (moved.rows, a.bottom, b.bottom, 1),
        (moved.columns, a.left, b.left, -1),
        (moved.columns, a.right, b.right, 1),
    )
    for axis, at, now, edge in ends:
        low, high = axis.may_be(at, edge)
        if not low <= now <= high:
            return False
    return True
