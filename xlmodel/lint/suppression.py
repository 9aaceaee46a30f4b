"""Suppressions: findings that somebody decided to live with, each with a reason, in the settings or in the workbook.

In a workbook they stand in an Excel table named ``Lint_suppressions``: Rule, Cells and Reason. The cells may be given
by a formula such as ``=Prices!C9``: Excel keeps that right when rows are inserted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from xlmodel.book.workbook import Book, Sheet, Table
from xlmodel.engine.references import Scope
from xlmodel.errors import ConfigurationError, EngineError
from xlmodel.lint.finding import Finding
from xlmodel.lint.result import Suppressed
from xlmodel.lint.selection import ALL, known_rule
from xlmodel.refs import MAX_COL, MAX_ROW, Rect, parse_prefix, tokens
from xlmodel.values import Scalar

__all__ = ["TABLE", "Suppression", "divided", "in_workbook", "meant", "own_table"]

TABLE = "Lint_suppressions"
_COLUMNS = ("rule", "cells", "reason")


@dataclass(frozen=True, slots=True)
class Suppression:
    """A decision to live with what a rule finds.

    Attributes
    ----------
    rule : str
        A rule's name, or ``all``.
    reason : str
        Why; a suppression without one is refused.
    where : str
        Where it is written down.
    sheet : str
        Of which sheet; "" for the whole workbook.
    rect : Rect, optional
        Of which cells; None for the whole sheet.
    book : str
        Of which workbooks: a pattern for their paths.
    """

    rule: str
    reason: str
    where: str
    sheet: str = ""
    rect: Rect | None = None
    book: str = "*"

    def holds_for(self, path: Path) -> bool:
        """Tell whether it is about a workbook: its name, or the end of its path, is of the pattern."""
        return fnmatch(path.name, self.book) or fnmatch(path.as_posix(), f"*/{self.book.removeprefix('./')}")

    def covers(self, finding: Finding, rect: Rect | None) -> bool:
        """Tell whether it is about one of a finding's rectangles; None stands for a finding without cells."""
        if self.rule not in (ALL, finding.rule):
            return False
        if not self.sheet:
            return True
        if self.sheet.casefold() != finding.sheet.casefold():
            return False
        mine = self.rect
        return mine is None or (rect is not None and mine.encloses(rect))


def meant(cells: str) -> tuple[str, Rect | None]:
    """Return the sheet and the rectangle that a text means; a sheet's name alone means all of it, "" the workbook.

    >>> meant("'Cohort flows'!C4:C9")
    ('Cohort flows', Rect(top=4, left=3, bottom=9, right=3))
    >>> meant("Prices"), meant("")
    (('Prices', None), ('', None))

    Raises
    ------
    ConfigurationError
        The text names cells without their sheet, or no cells.
    """
    text = cells.strip().removeprefix("=")
    found = list(tokens(text))
    area = found[0].area if len(found) == 1 else None
    if area is not None and area.prefix:
        return parse_prefix(area.prefix).first, area.at(1, 1)
    if area is not None or "!" in text:
        raise ConfigurationError(f"cells must be written with their sheet, such as Prices!C4:C9; they are {cells!r}")
    return text, None


def divided(
    findings: Iterable[Finding], suppressions: Sequence[Suppression]
) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...], frozenset[Suppression]]:
    """Return the findings that stand, those suppressed, and the suppressions that were needed.

    A finding is suppressed where every one of its cells is: a run that has grown since is found again.
    """
    standing: list[Finding] = []
    suppressed: list[Suppressed] = []
    used: set[Suppression] = set()
    for finding in findings:
        rects: tuple[Rect | None, ...] = finding.cells or (None,)
        covering = [[s for s in suppressions if s.covers(finding, rect)] for rect in rects]
        if all(covering):
            used.update(s for some in covering for s in some)
            suppressed.append(Suppressed(finding, covering[0][0].reason))
        else:
            standing.append(finding)
    return tuple(standing), tuple(suppressed), frozenset(used)


def own_table(book: Book) -> Table | None:
    """Return the table of a workbook that holds its suppressions."""
    return next((t for t in book.tables if t.name.casefold() == TABLE.casefold()), None)


def in_workbook(book: Book) -> tuple[tuple[Suppression, ...], tuple[str, ...]]:
    """Return the suppressions that a workbook itself holds, and what is wrong with others, a sentence each."""
    table = own_table(book)
    if table is None:
        return (), ()
    known = {name.casefold().strip(): col for col, name in enumerate(table.columns, table.rect.left)}
    missing = [c.capitalize() for c in _COLUMNS if c not in known]
    if missing:
        return (), (f"the table {TABLE} has no column {missing[0]}: its suppressions do not hold",)
    found: list[Suppression] = []
    problems = []
    sheet = book.sheet(table.sheet)
    last = min(table.rect.bottom - table.totals_rows, sheet.used.bottom)
    for row in range(table.rect.top + table.header_rows, last + 1):
        rule, cells, reason = (_text(sheet.value(row, known[c])) for c in _COLUMNS)
        where = f"the table {TABLE}, row {row}"
        if not (rule or cells or reason):
            continue
        try:
            if not reason:
                raise ConfigurationError("a suppression needs a reason")
            for name, rect in _cells(book, sheet, row, known["cells"], cells):
                found.append(Suppression(known_rule(rule), reason, where, name, rect))
        except (ConfigurationError, EngineError) as error:
            problems.append(f"{where}, does not hold: {error}")
    return tuple(found), tuple(problems)


def _cells(book: Book, sheet: Sheet, row: int, col: int, text: str) -> Iterator[tuple[str, Rect | None]]:
    """Yield the cells that a row of the table names, as text or by a formula that refers to them."""
    at = sheet.find(row, col)
    if at < 0 or sheet.formula[at] < 0:
        yield meant(text)
        return
    scope = Scope(book)
    home = scope.sheet(sheet.name)
    assert home is not None
    rects = [
        (book.sheets[span.sheet].name, rect)
        for piece in scope.read(book.formulas[sheet.formula[at]], home)
        for span in piece.spans
        if (rect := span.at(row, col)) is not None
    ]
    if not rects:
        raise ConfigurationError("the formula under Cells refers to no cells")
    for name, rect in rects:
        yield name, None if rect == (1, 1, MAX_ROW, MAX_COL) else rect


def _text(content: Scalar) -> str:
    return content.strip() if isinstance(content, str) else "" if content is None else str(content)
