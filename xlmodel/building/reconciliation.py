"""The sheet Reconciliation: every stated figure recomputed from the others, with a verdict that follows the figures."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from xlmodel.building.blocks import real_table, rows_written
from xlmodel.building.claims import claim_cell
from xlmodel.building.project import Text
from xlmodel.building.sheet import Build, Content, Sheet
from xlmodel.building.style import CALC, CHECK, LABEL, OUT, SOURCE, VERDICT_LOOK, number_format, paint_words
from xlmodel.reconcile import MEANING, Claim, Claims, Kind, ReconciliationRow, Verdict
from xlmodel.reconcile.expressions import Address

__all__ = ["ON_THE_COVER", "SPARE", "found_without_formula", "reconciliation", "words_for_the_cover"]

#: The verdicts that a reader must see first.
ON_THE_COVER = (str(Verdict.DOES_NOT_TIE), str(Verdict.UNEXPLAINED))

_HEADER = 6
_READABLE = 9  #: the columns a reader needs; the others are the working behind the verdict
SPARE = 2  #: rows kept on the Cover for figures that stop tying when somebody tries another one
_HEADERS = (
    *("ID", "Source", "Item", "Unit", "Stated", "Recomputed", "Difference", "Verdict", "Explanation"),
    *("Recomputed, lowest", "Recomputed, highest", "Stated, lowest", "Stated, highest", "By arithmetic alone"),
    *("Other reading, recomputed", "Other reading, lowest", "Other reading, highest", "Other reading, by arithmetic"),
    *("Kind of statement", "Verdict of the row that bears it out", "Verdict when the words were written"),
    *("Stated then", "Recomputed then", "Words then", "Place on the Cover", "As when the words were written"),
)
#: Verdicts that the sort of statement gives, whatever the figures.
_FIXED = (Verdict.NOT_COMPARABLE, Verdict.NOT_TESTABLE)

_ARITHMETIC = (
    '=IF(ABS({re}-{st})<=Calculation_noise*MAX(1,ABS({st})),"TIES",'
    "IF(AND({low}<={shigh}+Calculation_noise*MAX(1,ABS({st})),{high}>={slow}-Calculation_noise*MAX(1,ABS({st}))),"
    '"ROUNDING","DOES NOT TIE"))'
)
_AS_WRITTEN = (
    "=IF(AND(H{0}=U{0},ABS(N(E{0})-N(V{0}))<=Calculation_noise*MAX(1,ABS(N(E{0}))),"
    'ABS(N(F{0})-N(W{0}))<=Calculation_noise*MAX(1,ABS(N(F{0})))),"OK","CHECK")'
)
_EXPLANATION = (
    '=IF(Z{0}="OK",X{0},'
    '"A figure was changed since the words were written. Stated now: "&E{0}&"; recomputed now: "&F{0}&".")'
)
_PLACE = (
    '=IF(H{0}="DOES NOT TIE",COUNTIF(H${1}:H{0},"DOES NOT TIE"),IF(H{0}="UNEXPLAINED",'
    'COUNTIF(Reconciliation_verdicts,"DOES NOT TIE")+COUNTIF(H${1}:H{0},"UNEXPLAINED"),"–"))'
)


def words_for_the_cover(build: Build) -> list[str] | None:
    """Return the words of each row that the Cover shows, then spare rows; None where no printed figures were given.

    Spare rows fill when somebody tries another figure and a further one does not tie.
    """
    if build.reconciliation is None:
        return None
    rows = build.reconciliation.by_verdict()
    listed = [f"{row.item}: {_words(row)}" for verdict in ON_THE_COVER for row in rows.get(Verdict(verdict), [])]
    return [*listed, *[""] * SPARE]


def found_without_formula(build: Build) -> list[Callable[[str], str]]:
    """Return for each finding without a formula that the Cover shows what gives its cell in a column."""
    if build.reconciliation is None:
        return []
    first = _HEADER + len(build.reconciliation.rows) + 4
    return [
        partial(_cell, row)
        for row, finding in enumerate(build.reconciliation.findings, first)
        if finding.verdict in ON_THE_COVER
    ]


def reconciliation(build: Build) -> None:
    """Write the sheet."""
    sheet = Sheet(
        build,
        "Reconciliation",
        "Reconciliation",
        "Each figure that the report states against the same figure recomputed from the report's other figures. "
        "Only DOES NOT TIE says that a figure cannot be right; to call a reading an error would be one itself.",
        (*(20, 17, 40, 14, 13, 13, 12, 17, 78), *(13, 13, 13, 13, 17, 13, 13, 13, 17, 17, 17, 17, 13, 13, 78, 10, 12)),
        span=_READABLE,
    )
    if build.claims is None or build.reconciliation is None:
        sheet.note(
            _HEADER, "No printed figures were given to be checked: the project has no file claims.csv.", _READABLE
        )
        sheet.finish("A4")
        return
    sheet.note(
        3,
        "Difference: recomputed less stated. The figures come from the sheet Claims; change one there and its rows "
        "follow. Lowest and highest: what a figure can be, given how each figure behind it is printed.",
        _READABLE,
    )
    sheet.section(_HEADER - 1, "Findings")
    sheet.section(_HEADER - 1, "Working behind the verdict", _READABLE + 1)
    sheet.header(_HEADER, _HEADERS, 50)
    rows = build.reconciliation.rows
    first, last = _HEADER + 1, _HEADER + len(rows)
    cells = {row.id: r for r, row in enumerate(rows, first)}
    for row in rows:
        _row(sheet, cells, build.claims, row)
    real_table(sheet, "Reconciliation", f"A{_HEADER}:Z{last}")
    paint_words(sheet.ws, f"H{first}:H{last}", VERDICT_LOOK)
    for name, column in (("verdicts", "H"), ("ids", "A"), ("sources", "B"), ("items", "C"), ("stated", "E")):
        build.name(f"Reconciliation_{name}", sheet.at(f"{column}{first}:{column}{last}"))
    for name, column in (("recomputed", "F"), ("sentences", "I"), ("places", "Y")):
        build.name(f"Reconciliation_{name}", sheet.at(f"{column}{first}:{column}{last}"))
    build.check(
        "Reconciliation",
        "Every row has one of the verdicts that the Cover explains",
        "+".join(f'COUNTIF(Reconciliation_verdicts,"{verdict}")' for verdict in MEANING),
        "ROWS(Reconciliation_ids)",
        breaks=(sheet.at(f"H{first}"), "PERHAPS"),
    )
    build.check(
        "Reconciliation",
        "Every row that was written is there",
        'SUMPRODUCT(--(Reconciliation_ids<>""))',
        rows_written(sheet, "Reconciliation", "K3", len(rows)),
        breaks=(sheet.at(f"A{first}"), ""),
    )
    end = _without_formula(sheet, last + 2)
    sheet.ws.column_dimensions.group("J", "Z", outline_level=1)
    sheet.finish(f"D{first}", titles=f"{_HEADER}:{_HEADER}", area=f"A1:I{end}")


def _cell(row: int, column: str) -> str:
    return f"Reconciliation!${column}${row}"


def _row(sheet: Sheet, cells: dict[str, int], claims: Claims, row: ReconciliationRow) -> None:
    r, claim, first = cells[row.id], claims[row.id], _HEADER + 1

    def address(name: str, part: str) -> str:
        if claims[name].value is not None:
            return claim_cell(sheet.build, name, part)
        return f"${ {'value': 'F', 'lowest': 'J', 'highest': 'K'}[part] }${cells[name]}"

    stated, stated_low, stated_high = _stated(claims, claim, address)
    recomputed, low, high = _formulas(claims, row.formula, address) if row.recomputed is not None else (None,) * 3
    compared = recomputed is not None and stated is not None
    other = _formulas(claims, claim.other_formula, address) if claim.other_formula and compared else (None,) * 3
    fine = number_format(row.unit, _places(claims, row))
    finer = number_format(row.unit, _places(claims, row) + 1)
    own = _ARITHMETIC.format(re=f"F{r}", st=f"E{r}", low=f"J{r}", high=f"K{r}", slow=f"L{r}", shigh=f"M{r}")
    others = _ARITHMETIC.format(re=f"O{r}", st=f"E{r}", low=f"P{r}", high=f"Q{r}", slow=f"L{r}", shigh=f"M{r}")
    contents: list[tuple[Content, str, str | None]] = [
        (Text(row.id), LABEL, None),
        (Text(row.source), SOURCE, None),
        (Text(row.item), LABEL, None),
        (Text(row.unit), SOURCE, None),
        (stated, CALC, fine),
        (recomputed, OUT, fine),
        (f"=F{r}-E{r}" if compared else "–", CALC, fine),
        (_verdict(claim, row, r, compared), CHECK, None),
        (_EXPLANATION.format(r), LABEL, None),
        (low, CALC, finer),
        (high, CALC, finer),
        (stated_low, CALC, finer),
        (stated_high, CALC, finer),
        (own if compared else "–", CHECK, None),
        *((cell if cell else "–", CALC, finer) for cell in other),
        (others if other[0] else "–", CHECK, None),
        (str(row.kind), SOURCE, None),
        (f"=H{cells[claim.borne_out_by]}" if claim.borne_out_by else "–", SOURCE, None),
        (str(row.verdict), SOURCE, None),
        (row.stated, CALC, fine),
        (row.recomputed, CALC, fine),
        (Text(_words(row)), LABEL, None),
        (_PLACE.format(r, first), CALC, "0"),
        (_AS_WRITTEN.format(r), CHECK, None),
    ]
    sheet.line(r, contents)
    sheet.fit(r, (1, 2, 3, 4, 24))


def _stated(claims: Claims, claim: Claim, address: Address) -> tuple[str | None, str | None, str | None]:
    if claim.states:
        return _formulas(claims, claim.states, address)
    if claim.value is None:
        return None, None, None
    value, lowest, highest = (f"={address(claim.id, part)}" for part in ("value", "lowest", "highest"))
    return value, lowest, highest


def _formulas(claims: Claims, formula: str, address: Address) -> tuple[str, str, str]:
    """Return the Excel formulas of a claim's formula, of its lowest and of its highest result."""
    return (claims.excel(formula, address), *claims.bounds(formula, address))


def _verdict(claim: Claim, row: ReconciliationRow, r: int, compared: bool) -> str:
    """Return the verdict: a formula wherever figures can change it."""
    if row.kind is Kind.NOT_NEGATIVE and row.recomputed is not None:
        return f'=IF(F{r}>=0,"TIES",IF(K{r}>=0,"ROUNDING","DOES NOT TIE"))'
    if not compared or row.kind in (Kind.HYPOTHESIS, Kind.IMPLIED) or row.verdict in _FIXED:
        return str(row.verdict)
    if row.circular:
        return f'=IF(N{r}="TIES","IMPLIED",N{r})'
    if claim.other_formula:
        agree = f'IF(N{r}=R{r},N{r},"ROUNDING")'
        return f'=IF((N{r}="DOES NOT TIE")=(R{r}="DOES NOT TIE"),{agree},"READING")'
    if row.kind is Kind.FIGURE:
        return f"=N{r}"
    if row.kind is Kind.TWO_FIGURES:
        return f'=IF(N{r}="DOES NOT TIE","UNEXPLAINED",N{r})'
    if row.kind is Kind.ASSUMES and claim.borne_out_by:
        return f'=IF(AND(N{r}="DOES NOT TIE",T{r}<>"DOES NOT TIE"),"READING",N{r})'
    return f'=IF(N{r}="DOES NOT TIE","READING",N{r})'


def _words(row: ReconciliationRow) -> str:
    readings = [f"({letter}) {text.rstrip('.')}." for letter, text in zip("abcdef", row.readings, strict=False)]
    return " ".join(filter(None, (row.sentence, *readings, row.explanation)))


def _places(claims: Claims, row: ReconciliationRow) -> int:
    """Return how many decimals to show: those printed, and up to two more where the difference needs them."""
    claim = claims[row.id]
    printed = max(claims.by_id.get(claim.states, claim).decimal_places or 0, 0)
    if row.difference is None:
        return 0 if row.recomputed is None or float(row.recomputed).is_integer() else 2
    needed = (places for places in range(printed, printed + 2) if abs(row.difference) * 10**places >= 1)
    return printed if not row.difference else next(needed, printed + 2)


def _without_formula(sheet: Sheet, row: int) -> int:
    """Write what the tests without a formula found and no row above covers; return the last row."""
    found = sheet.build.reconciliation.findings if sheet.build.reconciliation else ()
    if not found:
        sheet.note(row, "Tests that need no formula (totals, stocks, shares, rates) found nothing else.", _READABLE)
        return row
    sheet.section(row, "Found by tests that need no formula, for the figures as the workbook was built")
    labels = ("Test", "Source", "Item", "", "", "", "", "Verdict", "Explanation")
    sheet.line(row + 1, [(label, "Model header", None) if label else None for label in labels])
    for r, finding in enumerate(found, row + 2):
        sheet.line(
            r,
            [
                (Text(finding.test), LABEL, None),
                (Text(finding.source), SOURCE, None),
                (Text(finding.item), LABEL, None),
                *(None,) * 4,
                (str(finding.verdict), CHECK, None),
                (Text(finding.sentence), LABEL, None),
            ],
        )
        sheet.fit(r, (1, 2, 3, 9))
    last = row + 1 + len(found)
    paint_words(sheet.ws, f"H{row + 2}:H{last}", VERDICT_LOOK)
    return last
