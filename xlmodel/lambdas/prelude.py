"""The hidden names that all native forms share: what a cell may hold, spreading, and sums that come out as on paper."""

from __future__ import annotations

__all__ = ["PREFIX", "PRELUDE"]

#: Every hidden name begins so.
PREFIX = "UDF_."

#: Name to formula, in readable text; each needs only names that stand before it.
PRELUDE: dict[str, str] = {
    # --- one value ---------------------------------------------------------------------------------------------------
    # The error of a content that is not of the kind wanted.
    "UDF_.REFUSED": "LAMBDA(x, IF(ISERROR(x), x, IF(ISBLANK(x), NA(), #VALUE!)))",
    "UDF_.NUMBER": "LAMBDA(x, IF(ISNUMBER(x), x, UDF_.REFUSED(x)))",
    "UDF_.FLAG": """LAMBDA(x,
        IF(ISLOGICAL(x), x, IF(ISNUMBER(x), IF(OR(x = 0, x = 1), x = 1, #VALUE!), UDF_.REFUSED(x))))""",
    # TRIM takes blanks from within as well; a text that has two of them there is left alone.
    "UDF_.LETTERS": """LAMBDA(x, LET(trimmed, TRIM(SUBSTITUTE(x, UNICHAR(160), " ")),
        LOWER(IF(ISNUMBER(FIND(trimmed, x)), trimmed, x))))""",
    "UDF_.WORD": "LAMBDA(x, IF(ISTEXT(x), UDF_.LETTERS(x), UDF_.REFUSED(x)))",
    "UDF_.CHOICE": """LAMBDA(x, choices, LET(word, UDF_.WORD(x),
        IF(ISERROR(word), word, IF(ISNUMBER(XMATCH(word, choices)), word, #VALUE!))))""",
    # The year in which a financial year starts: of 2024, of 2024/25, 2024-25 or 2024/2025.
    "UDF_.YEAR": """LAMBDA(x,
        IF(ISNUMBER(x), IF(AND(x = INT(x), x >= 1900, x < 2200), x, #VALUE!),
        IF(ISTEXT(x), LET(
            label, TRIM(x),
            year, IFERROR(VALUE(LEFT(label, 4)), 0),
            rest, TRIM(MID(label, 5, 50)),
            tail, TRIM(MID(rest, 2, 50)),
            next, TEXT(year + 1, "0000"),
            good, AND(
                year >= 1900, year < 2200, TEXT(year, "0000") = LEFT(label, 4),
                OR(LEFT(rest, 1) = "/", LEFT(rest, 1) = "-"), OR(tail = next, tail = RIGHT(next, 2))),
            IF(good, year, #VALUE!)),
        UDF_.REFUSED(x))))""",
    # The 1900 system has a 29 February 1900 that never was; days before it are counted as if it had not been.
    "UDF_.DAY": """LAMBDA(x, LET(day, INT(x), from_1904, DATE(1904, 1, 1) = 0,
        IF((day >= IF(from_1904, 0, 1)) * (day <= 2958465) * (from_1904 + (day <> 60) > 0),
            day + (1 - from_1904) * (day < 60), #NUM!)))""",
    "UDF_.DATE": "LAMBDA(x, IF(ISNUMBER(x), UDF_.DAY(x), UDF_.REFUSED(x)))",
    # --- ranges ------------------------------------------------------------------------------------------------------
    # The error of a range that does not fit, or holds an error or a blank where none may be; 0 where all is well.
    "UDF_.FAULT": """LAMBDA(x, fits, blanks, required,
        IF(ISERROR(ROWS(x)), x,
        IF(SUM(--ISERROR(x)) > 0, INDEX(TOCOL(x), XMATCH(TRUE, TOCOL(ISERROR(x)))),
        IF(NOT(fits), IF(AND(required, ROWS(x) * COLUMNS(x) = 1, ISBLANK(x)), NA(), #VALUE!),
        IF(blanks, 0, IF(SUM(--ISBLANK(x)) > 0, NA(), 0))))))""",
    # One row or one column of a given length, or a range of given sides; 0 for any.
    "UDF_.IS_VECTOR": """LAMBDA(x, size,
        AND(MIN(ROWS(x), COLUMNS(x)) = 1, OR(size = 0, MAX(ROWS(x), COLUMNS(x)) = size)))""",
    "UDF_.IS_TABLE": "LAMBDA(x, high, wide, AND(OR(high = 0, ROWS(x) = high), OR(wide = 0, COLUMNS(x) = wide)))",
    # What holds only numbers, and blanks where they are allowed, which become empty texts.
    "UDF_.COUNTED": """LAMBDA(x, fits, blanks, required,
        IF(IFERROR(AND(fits, SUM(--ISNUMBER(x)) = ROWS(x) * COLUMNS(x)), FALSE), x,
        LET(fault, UDF_.FAULT(x, fits, blanks, required), IF(ISERROR(fault), fault,
        IF(SUM(--(ISNUMBER(x) + ISBLANK(x) = 0)) > 0, #VALUE!, IF(ISBLANK(x), "", x))))))""",
    "UDF_.NUMBERS": """LAMBDA(x, size, blanks, required,
        TOCOL(UDF_.COUNTED(x, UDF_.IS_VECTOR(x, size), blanks, required)))""",
    "UDF_.NUMBER_TABLE": """LAMBDA(x, high, wide, blanks, required,
        UDF_.COUNTED(x, UDF_.IS_TABLE(x, high, wide), blanks, required))""",
    "UDF_.WORDS": """LAMBDA(x, size, blanks, required, LET(
        fault, UDF_.FAULT(x, UDF_.IS_VECTOR(x, size), blanks, required),
        IF(ISERROR(fault), fault, IF(SUM(--(ISTEXT(x) + ISBLANK(x) = 0)) > 0, #VALUE!, TOCOL(UDF_.LETTERS(x))))))""",
    "UDF_.FLAGS": """LAMBDA(x, size, blanks, required, LET(
        fault, UDF_.FAULT(x, UDF_.IS_VECTOR(x, size), blanks, required),
        IF(ISERROR(fault), fault,
        IF(SUM(--(ISLOGICAL(x) + ISBLANK(x) + ISNUMBER(x) * ((x = 0) + (x = 1)) = 0)) > 0, #VALUE!,
        TOCOL(IF(ISLOGICAL(x), x, x = 1))))))""",
    "UDF_.DATES": """LAMBDA(x, size, blanks, required, LET(numbers, UDF_.NUMBERS(x, size, blanks, required),
        IF(ISERROR(INDEX(numbers, 1, 1)), numbers, LET(days, IF(numbers = "", "", UDF_.DAY(numbers)),
        IF(SUM(--ISERROR(days)) > 0, #NUM!, days)))))""",
    # --- spreading ---------------------------------------------------------------------------------------------------
    "UDF_.AT": "LAMBDA(x, row_no, column_no, INDEX(x, MIN(row_no, ROWS(x)), MIN(column_no, COLUMNS(x))))",
    # Whether a range can be spread over a result: as high as it, or one row, and as wide, or one column.
    "UDF_.FITS": """LAMBDA(x, high, wide,
        AND(OR(ROWS(x) = 1, ROWS(x) = high), OR(COLUMNS(x) = 1, COLUMNS(x) = wide)))""",
    # --- arithmetic --------------------------------------------------------------------------------------------------
    # A number with what doubles add beyond 15 digits of its largest term cut off: 0.3 - 0.1 - 0.2 is 0.
    "UDF_.CLEAN": "LAMBDA(total, largest, ROUND(total, 14 - INT(LOG10(IF(largest = 0, 1, largest)))))",
    # Of terms of about one size doubles lose less than the smaller one's 15 digits show: 1000 - 999.876543210988.
    # What was calculated has digits beyond the 15, which go before the sum is made, as they do in Python.
    "UDF_.PLUS": """LAMBDA(a, b, LET(
        larger, IF(ABS(a) > ABS(b), ABS(a), ABS(b)), smaller, IF(ABS(a) > ABS(b), ABS(b), ABS(a)),
        UDF_.CLEAN(UDF_.CLEAN(a, ABS(a)) + UDF_.CLEAN(b, ABS(b)), IF(smaller * 2 >= larger, smaller, larger))))""",
    # Decimals of 15 digits are whole numbers of a small enough unit, and doubles add those as they are. What smaller
    # terms have beyond the unit is added apart: it is all that is left where the large ones cancel. A half in the 16th
    # digit goes up; ROUND and INT do not see it in so long a number, so the rest is rounded before the two are joined.
    "UDF_.SUM": """LAMBDA(terms, LET(largest, MAX(ABS(terms)),
        unit, 10 ^ INT(14.95 - LOG10(IF(largest = 0, 1, largest))),
        units, UDF_.CLEAN(terms * unit, ABS(terms * unit)), whole, ROUND(units, 0),
        total, SUM(whole), side, IF(total < 0, -1, 1),
        rest, side * ROUND(SUM(UDF_.CLEAN(units - whole, ABS(units))), 14), carry, INT(rest),
        size, ABS(total) + carry,
        side * (size + ROUND(rest - carry, 14 - INT(LOG10(IF(size < 1, 1, size))))) / unit))""",
    # The most that rounding to dp places hides; 5 in the next place is a decimal, which a power of 10 need not be.
    "UDF_.HALF_UNIT": 'LAMBDA(dp, VALUE("5E" & -dp - 1))',
    "UDF_.NOT_WHOLE": "LAMBDA(x, x <> INT(x))",
    # What a check says of a difference, given the most that rounding hides.
    "UDF_.VERDICT": 'LAMBDA(gap, bound, IF(gap = 0, "TIES", IF(ABS(gap) <= bound, "ROUNDING", "DOES NOT TIE")))',
    # Prices over the years, from 1: one rate for every 1 April after the first year, or one for each year.
    "UDF_.PRICE_LEVELS": """LAMBDA(rises, years, LET(growth, UDF_.PLUS(1, rises),
        IF(ROWS(rises) = 1, growth ^ SEQUENCE(years, 1, 0),
        IF(ROWS(rises) <> years, #VALUE!, SCAN(1, growth, LAMBDA(level, factor, level * factor))))))""",
    # --- stays -------------------------------------------------------------------------------------------------------
    # (x - 1 + e^-x) / x^2 and (1 - e^-x) / x, where nothing may cancel: at a constant hazard, the part of a year that
    # those spend in care who enter evenly over it, and who are there when it begins.
    "UDF_.ENTRY_SHARE": """LAMBDA(x, IF(x = 0, 0.5, IF(x < 1,
        SUM((-x) ^ SEQUENCE(18, 1, 0) / FACT(SEQUENCE(18, 1, 2))), (1 - (1 - EXP(-x)) / x) / x)))""",
    "UDF_.MEAN_SHARE": "LAMBDA(x, IF(x < 1, 1 - x * UDF_.ENTRY_SHARE(x), (1 - EXP(-x)) / x))",
    # The error of what is neither one hazard nor a table of times in years and shares that fall; else 0.
    "UDF_.STAY_FAULT": """LAMBDA(survival,
        IF(ROWS(survival) * COLUMNS(survival) = 1, 0,
        IF(COLUMNS(survival) <> 2, #VALUE!,
        LET(times, INDEX(survival, 0, 1), shares, INDEX(survival, 0, 2),
            IF(OR(times > 18, shares > 1), #NUM!,
            IF(ROWS(times) = 1, 0,
            IF(OR(DROP(times, 1) <= DROP(times, -1), DROP(shares, 1) > DROP(shares, -1)), #NUM!, 0)))))))""",
    # The years that one entrant spends in care in a year, entering evenly over the last span of year 0 and in care for
    # no longer than a limit: at a hazard, and by a table.
    "UDF_.YEARS_AT_HAZARD": """LAMBDA(hazard, year_no, span, limit, LET(
        before, MAX(year_no - 1, 0), rest, MAX(limit - before, 0),
        area, LAMBDA(time, time * UDF_.MEAN_SHARE(hazard * time)),
        double_area, LAMBDA(time, LET(within, MIN(time, rest),
            within * within * UDF_.ENTRY_SHARE(hazard * within) + area(within) * (time - within))),
        IF(year_no < 0, 0, IF(year_no = 0, double_area(span),
            EXP(-hazard * before) * IF(rest >= 1 + span, area(1) * area(span),
                double_area(1 + span) - double_area(1) - double_area(span)))) / span))""",
    "UDF_.YEARS_BY_TABLE": """LAMBDA(survival, year_no, span, limit, LET(
        times, INDEX(survival, 0, 1), shares, INDEX(survival, 0, 2), last, TAKE(times, -1),
        end, IF(TAKE(shares, -1) > 0, last, limit), needed, IF(year_no < 0, 0, year_no + 1 - (1 - span)),
        edges, VSTACK(0, IF(times > limit, limit, times), limit),
        after, edges - (year_no - 1), cut, IF(after > 1 + span, 1 + span, after),
        ramp, LAMBDA(time, IF(time > 0, time * time / 2, 0)),
        area, ramp(cut) - ramp(cut - span) - ramp(cut - 1) + ramp(cut - 1 - span),
        IF(AND(limit > end, needed > end * (1 + 1E-12)), NA(),
            SUM(VSTACK(1, shares) * (DROP(area, 1) - DROP(area, -1))) / span)))""",
    "UDF_.YEARS_IN_CARE": """LAMBDA(survival, year_no, span, limit,
        IF(ROWS(survival) * COLUMNS(survival) = 1,
            UDF_.YEARS_AT_HAZARD(INDEX(survival, 1, 1), year_no, span, limit),
            UDF_.YEARS_BY_TABLE(survival, year_no, span, limit)))""",
}
