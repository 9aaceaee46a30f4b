"""Children in care: days, moves between placements, exits by reason and 18th birthdays."""

from __future__ import annotations

from typing import Annotated

from xlmodel.model import care, exits, placements
from xlmodel.model.codes import EXIT_GROUPS, REASONS_CEASED
from xlmodel.registry import Date, Number, Numbers, Row, Word, Words, udf

# The reasons in use, and the number of each one's group; 0 where nobody leaves care.
_REASONS = ", ".join(f'"{code}"' for code in REASONS_CEASED)
_GROUPS = ", ".join(str([*EXIT_GROUPS].index(r.group) + 1 if r.group else 0) for r in REASONS_CEASED.values())


@udf(
    native="""LAMBDA(decom, dec, from_date, to_date,
        IF(OR(to_date < from_date, dec < decom), #NUM!,
        LET(after, to_date + 1, until, IF(dec > after, after, dec),
            within, until - IF(decom > from_date, decom, from_date),
            SUM(IF(within > 0, within, 0)))))"""
)
def care_days(
    decom: Annotated[Numbers, Date(shape=("n",))],
    dec: Annotated[Numbers, Date(shape=("n",), blank="nan")],
    from_date: Annotated[Numbers, Date()],
    to_date: Annotated[Numbers, Date()],
) -> Annotated[Numbers, Number("days")]:
    """Return the days in care that episodes have within a period.

    Parameters
    ----------
    decom : array_like of dates, shape (..., n)
        The day each episode started, which is a day in care; overlapping episodes of one child must be merged first, or
        their days count twice.
    dec : array_like of dates, shape (..., n)
        The day each episode ceased, which is no day in care; blank where the episode is open.
    from_date : array_like of dates
        First day of the period, such as 1 April.
    to_date : array_like of dates
        Last day of the period, such as 31 March; it counts.

    Returns
    -------
    ndarray, days
        Of all episodes together; divided by the days of the year they are child-years.

    Raises
    ------
    DomainError
        An episode that ceases before it starts, whose row is named, or a period that ends before it begins.
        Excel: #NUM!.
    KindError
        Text where a date is needed. Excel: #VALUE!.
    ShapeError
        The two columns of dates have different lengths. Excel: #VALUE!.

    Examples
    --------
    >>> float(care_days(["2024-01-01", "2025-03-01"], ["2024-04-11", None], "2024-04-01", "2025-03-31"))
    41.0

    In a cell: ``=CSC_CARE_DAYS(DATE(2024,7,1), DATE(2024,7,31), DATE(2024,4,1), DATE(2025,3,31))`` gives ``30``.

    A column for each episode beside it: ``=CSC_CARE_DAYS(B5, C5, F$1, F$2)`` filled down; all episodes at once:
    ``=CSC_CARE_DAYS(B5:B90, C5:C90, F1, F2)``.

    By hand
    -------
    ``=MIN(C5,F$2)-MAX(B5,F$1)`` : loses the last day of every episode that is still open, and is negative for one
    outside the year. With 412 open episodes at £854.11 a week the lost day is £50,270.

    References
    ----------
    docs/model.md, "Care".
    """
    return care.care_days(decom, dec, from_date, to_date)


@udf(
    native="""LAMBDA(stock, transition, entrants, periods,
        LET(size, ROWS(stock), given, ROWS(transition),
            IF(UDF_.NOT_WHOLE(periods), #NUM!,
            IF(AND(given <> size, given <> periods * size), #VALUE!,
            IF(OR(MMULT(transition, SEQUENCE(size, 1, 1, 0)) > 1 + 1E-9), #NUM!,
            DROP(REDUCE(TRANSPOSE(stock), SEQUENCE(periods), LAMBDA(path, period, LET(
                moves, IF(given = size, transition,
                    INDEX(transition, SEQUENCE(size, 1, (period - 1) * size + 1), SEQUENCE(1, size))),
                VSTACK(path, MMULT(TAKE(path, -1), moves) + TRANSPOSE(entrants))))), 1))))))"""
)
def placement_path(
    stock: Annotated[Numbers, Number("children", shape=("p",), ge=0)],
    transition: Annotated[Numbers, Number("fraction", shape=("t", "p"), ge=0, le=1)],
    entrants: Annotated[Numbers, Number("children a period", shape=("p",), ge=0)],
    periods: Annotated[Numbers, Number("periods", ge=1, le=1200)],
) -> Annotated[Numbers, Number("children", shape=("periods", "p"))]:
    """Return the children in each placement at the end of each of several periods.

    Parameters
    ----------
    stock : array_like, shape (..., p), children
        Children in each placement at the start.
    transition : array_like, shape (..., t, p), fraction
        Share of the children in each row's placement who are in each column's a period later; what is missing from a
        row's sum to 1 leaves care. One square for all periods, or a square for each, one below the other.
    entrants : array_like, shape (..., p), children a period
        Children who arrive in each placement in each period, after the moves.
    periods : array_like, periods
        How many periods, of the length that the shares are for; a whole number.

    Returns
    -------
    ndarray, shape (..., periods, p), children
        One row a period, one column a placement.

    Raises
    ------
    DomainError
        A share outside 0 to 1, shares of one placement above 1, whose row is named, or a negative number of children.
        Excel: #NUM!.
    ShapeError
        Shares that are no square of the placements, nor one for each period. Excel: #VALUE!.

    Examples
    --------
    >>> placement_path([350, 60, 40], [[0.9, 0.03, 0.02], [0.04, 0.85, 0.06], [0, 0.01, 0.8]], [100, 15, 10], 1)
    array([[417.4,  76.9,  52.6]])

    In a cell:
    ``=INDEX(CSC_PLACEMENT_PATH({350;60;40}, {0.9,0.03,0.02;0.04,0.85,0.06;0,0.01,0.8}, {100;15;10}, 1),1,2)`` gives
    ``76.9``.

    Spilled, ``=CSC_PLACEMENT_PATH(B5:B7, D5:F7, H5:H7, 12)`` fills 12 rows of 3 columns.

    By hand
    -------
    ``=B5*(1-0.44/12)`` : a year's share of leavers divided by 12 loses too few. After twelve such months 64 % are left,
    not 56 %: a month's share is 1-(1-0.44)^(1/12), and a month's table the 12th root of the year's.

    References
    ----------
    docs/model.md, "Care".
    """
    return placements.placement_path(stock, transition, entrants, periods)


@udf(
    native=f"""LAMBDA(counts, codes,
        LET(reason, XLOOKUP(codes, {{{_REASONS}}}, {{{_GROUPS}}}),
            IF(OR(ISNA(reason)), NA(),
            MAKEARRAY(1, {len(EXIT_GROUPS)}, LAMBDA(row_no, group, LET(ours, reason = group,
                IF(OR(ours * (counts = "")), NA(), UDF_.SUM(IF(ours, counts, 0)))))))))"""
)
def exits_by_reason(
    counts: Annotated[Numbers, Number("children", shape=("n",), ge=0, blank="nan")],
    codes: Annotated[Words, Word(shape=("n",))],
) -> Annotated[
    tuple[Numbers, ...],
    Row(
        adoption=Number("children"),
        sgo=Number("children"),
        cao=Number("children"),
        home=Number("children"),
        without_parental_responsibility=Number("children"),
        independence=Number("children"),
        other=Number("children"),
    ),
]:
    """Return the children who left care, grouped by reason: adoption, SGO, CAO, home and three more.

    Parameters
    ----------
    counts : array_like, shape (..., n), children
        Episodes that ceased for each reason; those with the code X1 are not used, because the child stays in care.
    codes : array_like of str, shape (..., n)
        The SSDA903 reason that each count is for, such as E11; a code may come more than once.

    Returns
    -------
    adoption, sgo, cao, home, without_parental_responsibility, independence, other : ndarray, children
        Adoption is E11 and E12; SGO, special guardianship, E45 to E48; CAO, child arrangements order, E41; home E4A and
        E4B; to people without parental responsibility E13; independence and age 18 E5, E6, E7 and E17; other the rest.
        #N/A in a group that a blank count belongs to.

    Raises
    ------
    NoDataError
        A code that is blank, unknown or retired, such as E43: it is named. Excel: #N/A.
    DomainError
        A negative count. Excel: #NUM!.
    ShapeError
        Counts and codes have different lengths. Excel: #VALUE!.

    Examples
    --------
    >>> [int(x) for x in exits_by_reason([40, 63, 80, 30, 500], ["E11", "E46", "E4A", "E17", "X1"])]
    [40, 63, 0, 80, 0, 30, 0]

    In a cell: ``=SUM(CSC_EXITS_BY_REASON({40;63;80;30;500}, {"E11";"E46";"E4A";"E17";"X1"}))`` gives ``213``.

    Spilled, ``=CSC_EXITS_BY_REASON(C5:C26, B5:B26)`` fills seven cells side by side.

    By hand
    -------
    ``=SUMIF(B5:B26,"E4*",C5:C26)`` : takes E41 and the guardianship orders E45 to E48 for returns home, 143 where 80
    went home. The commonest error is to count every row that has a reason: X1 is a new episode on the same day, and no
    exit.

    References
    ----------
    docs/model.md, "Care".
    """
    return exits.exits_by_reason(counts, codes)


@udf(
    native="""LAMBDA(dob, from_date, to_date,
        IF(to_date < from_date, #NUM!,
        LET(birthday, IFERROR(DATE(YEAR(dob) + 18, MONTH(dob), DAY(dob)), to_date + 1),
            SUM((birthday >= from_date) * (birthday <= to_date)))))"""
)
def age_out(
    dob: Annotated[Numbers, Date(shape=("n",))],
    from_date: Annotated[Numbers, Date()],
    to_date: Annotated[Numbers, Date()],
) -> Annotated[Numbers, Number("children")]:
    """Return how many children turn 18 in a period.

    Parameters
    ----------
    dob : array_like of dates, shape (..., n)
        Dates of birth of the children in care; who was born on 29 February turns 18 on 1 March.
    from_date : array_like of dates
        First day of the period; it counts.
    to_date : array_like of dates
        Last day of the period; it counts.

    Returns
    -------
    ndarray, children
        Children whose 18th birthday lies in the period.

    Raises
    ------
    DomainError
        A period that ends before it begins. Excel: #NUM!.
    KindError
        Text where a date is needed. Excel: #VALUE!.

    Examples
    --------
    >>> float(age_out(["2006-05-01", "2006-12-25", "2008-02-29"], "2024-04-01", "2025-03-31"))
    2.0

    In a cell: ``=CSC_AGE_OUT(DATE(2008,2,29), DATE(2026,3,1), DATE(2026,3,31))`` gives ``1``.

    Year by year, ``=CSC_AGE_OUT(B$5:B$90, F5, G5)`` filled down beside the first and last days of the years.

    By hand
    -------
    ``=EDATE(B5,216)`` : makes a child born on 29 February 2008 turn 18 on 28 February 2026, a day early. And
    =(F2-B5)/365.25>=18 counts everybody who is 18 by then, whenever the birthday was.

    References
    ----------
    docs/model.md, "Care".
    """
    return care.age_out(dob, from_date, to_date)
