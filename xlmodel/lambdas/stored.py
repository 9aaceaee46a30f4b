"""A readable formula as Excel stores it: prefixes before the names of functions and of variables."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import pairwise

from xlmodel.errors import RegistryError
from xlmodel.lambdas.tokens import arguments, calls, joined, tokens

__all__ = ["body_of", "like_a_cell", "stored"]

#: Functions that came after the file format: Excel writes them with a prefix.
_LATER = frozenset(
    """BYCOL BYROW CHOOSECOLS CHOOSEROWS CONCAT DROP EXPAND GAMMA.DIST HSTACK IFNA IFS ISOMITTED LAMBDA LET
    MAKEARRAY MAP MAXIFS MINIFS NORM.S.DIST NORM.S.INV NUMBERVALUE PERCENTILE.INC POISSON.DIST RANDARRAY REDUCE SCAN
    SEQUENCE SORTBY SWITCH TAKE TEXTAFTER TEXTBEFORE TEXTJOIN TEXTSPLIT TOCOL TOROW UNICHAR UNICODE UNIQUE VSTACK
    WRAPCOLS WRAPROWS XLOOKUP XMATCH XOR""".split()
)
_LATER_ON_SHEETS = frozenset(("FILTER", "SORT"))  # of the sheet and not of the workbook, by their prefix
_PLAIN = frozenset(
    """ABS AND AVERAGE CEILING CHAR CHOOSE COLUMNS COUNT COUNTA DATE DAY DEVSQ EDATE EOMONTH EXACT EXP FACT FIND
    FLOOR HLOOKUP IF IFERROR INDEX INT ISBLANK ISERROR ISLOGICAL ISNA ISNUMBER ISTEXT LARGE LEFT LEN LN LOG10 LOOKUP
    LOWER MATCH MAX MEDIAN MID MIN MINVERSE MMULT MOD MONTH N NA NOT NPV OR PI POWER PRODUCT RANK REPT RIGHT ROUND
    ROUNDDOWN ROUNDUP ROWS SIGN SMALL SQRT SUBSTITUTE SUM SUMPRODUCT SUMSQ T TEXT TODAY TRANSPOSE TRIM TRUNC UPPER
    VALUE VLOOKUP WEEKDAY YEAR YEARFRAC""".split()
)
_NAME = re.compile(r"[A-Za-z_]")
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[Rr]\d*([Cc]\d*)?|[Cc]\d*")


def stored(text: str, names: Collection[str] = ()) -> str:
    """Return a formula as a workbook's file holds it.

    Parameters
    ----------
    text : str
        The formula as people write it, without the equals sign.
    names : collection of str
        Defined names it may call.

    Raises
    ------
    RegistryError
        A function or a name that is not known, or a variable that Excel would take for a cell.

    Examples
    --------
    >>> stored("LAMBDA(x, [dp], IF(ISOMITTED(dp), x, ROUND(x, dp)))")
    '_xlfn.LAMBDA(_xlpm.x,_xlop.dp,IF(_xlfn.ISOMITTED(_xlpm.dp),_xlpm.x,ROUND(_xlpm.x,_xlpm.dp)))'
    """
    parts = tokens(text)
    variables = _variables(parts)
    out: list[str] = []
    for at, part in enumerate(parts):
        called = at + 1 < len(parts) and parts[at + 1] == "("
        if not _NAME.match(part) or part in ("TRUE", "FALSE"):
            out.append(part)
        elif part in variables:
            out.append(("_xlop." if at and parts[at - 1] == "[" else "_xlpm.") + part)
        elif called and part in names:
            out.append(part)
        elif called and part in _LATER:
            out.append(f"_xlfn.{part}")
        elif called and part in _LATER_ON_SHEETS:
            out.append(f"_xlfn._xlws.{part}")
        elif called and part in _PLAIN:
            out.append(part)
        else:
            what = "function" if called else "name"
            raise RegistryError(f"a native form uses a {what} that is not known: {part}")
    return joined([p for p in out if p not in "[]"])


def _variables(parts: list[str]) -> set[str]:
    """Return the names that LET and LAMBDA give."""
    found: list[tuple[int, int]] = []
    for spans in calls(parts, "LET"):
        found += spans[:-1:2]
    for spans in calls(parts, "LAMBDA"):
        found += spans[:-1]
    out = set()
    for start, end in found:
        name = joined(parts[start:end]).strip("[]")
        if not name.isidentifier() or like_a_cell(name):
            raise RegistryError(f"a variable of a native form cannot be called {name}: Excel does not take the name")
        if (name.upper(), "(") in pairwise(parts):
            raise RegistryError(f"a variable of a native form has the name of a function: {name}")
        out.add(name)
    return out


def like_a_cell(name: str) -> bool:
    """Tell whether Excel takes a name for a cell, or might: n1, n0, r, c2.

    >>> [like_a_cell(name) for name in ("n1", "n0", "r", "n1_in", "rate")]
    [True, True, True, False, False]
    """
    return _LIKE_A_CELL.fullmatch(name) is not None


def body_of(text: str) -> tuple[list[str], list[str]]:
    """Return the parameters of a LAMBDA, optional ones in brackets, and the tokens of what it calculates.

    >>> body_of("LAMBDA(x, [dp], x + 1)")
    (['x', '[dp]'], ['x', '+', '1'])
    """
    parts = tokens(text)
    if parts[:2] != ["LAMBDA", "("]:
        raise RegistryError(f"a native form must be a LAMBDA: {text[:40]!r}")
    spans = arguments(parts, 1)
    if spans[-1][1] != len(parts) - 1:
        raise RegistryError(f"a native form must end with its LAMBDA: {joined(parts)[-40:]!r}")
    start, end = spans[-1]
    return [joined(parts[a:b]) for a, b in spans[:-1]], parts[start:end]
