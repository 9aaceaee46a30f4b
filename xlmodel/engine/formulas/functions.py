"""Which functions can be called through the `formulas` library, and in what manner Excel hands them their arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import formulas
from formulas.functions.operators import OPERATORS

from xlmodel.engine.formulas.cells import RefusedError
from xlmodel.engine.formulas.corrections import CORRECTED, WRAPPED
from xlmodel.engine.formulas.formats import text_function
from xlmodel.refs import bare_function
from xlmodel.registry import Registry

__all__ = ["TEXTS", "Builtin", "Registered", "argument_class", "library", "operator", "recognise"]

#: Evaluated here, not in the library: they choose what is evaluated, or they give references.
FORMS = frozenset("ANCHORARRAY AREAS CHOOSE COLUMN COLUMNS IF IFERROR IFNA INDEX ISREF LET ROW ROWS SINGLE".split())
VOLATILE = frozenset("CELL INFO NOW RAND RANDARRAY RANDBETWEEN TODAY".split())
#: In the library, but it needs what it is not given, or it is a stub.
REFUSED = frozenset(
    "ARRAY ARRAYROW BYCOL BYROW DUMMYFUNCTION GROUPBY ISFORMULA LAMBDA MAKEARRAY MAP PIVOTBY REDUCE SCAN".split()
)
#: Excel's own functions that the library does not have.
LACKING = frozenset(
    """AGGREGATE BASE CALL COMBIN COMBINA COPILOT CUBEKPIMEMBER CUBEMEMBER CUBEMEMBERPROPERTY CUBERANKEDMEMBER CUBESET
    CUBESETCOUNT CUBEVALUE DAVERAGE DBCS DCOUNT DCOUNTA DETECTLANGUAGE DGET DMAX DMIN DOLLAR DPRODUCT DSTDEV DSTDEVP
    DSUM DVAR DVARP ENCODEURL EUROCONVERT FILTERXML FORMULATEXT GETPIVOTDATA HYPERLINK IMAGE IMPORTCSV IMPORTTEXT
    INDIRECT ISOMITTED JIS OFFSET PHONETIC PY QUOTIENT REGISTER.ID RTD SEQUENCE SERIESSUM SHEET SHEETS SQL.REQUEST
    STOCKHISTORY SUBTOTAL TRANSLATE USDOLLAR WEBSERVICE YEN""".split()
)
#: In the library, but measured to differ from what Excel saved, for plain arguments.
UNRELIABLE = frozenset(
    """ACCRINT ACCRINTM BESSELI BESSELJ BESSELK BESSELY CUMIPMT CUMPRINC DDB DEC2BIN DEC2HEX DEC2OCT FREQUENCY LINEST
    LOGEST MIRR ODDFPRICE ODDFYIELD ODDLPRICE ODDLYIELD POISSON POISSON.DIST SWITCH TEXTAFTER TEXTBEFORE TEXTSPLIT
    VDB WORKDAY.INTL XIRR YEARFRAC""".split()
)
#: An argument left out is the empty text, not 0.
TEXTS = frozenset("CONCAT CONCATENATE TEXTJOIN".split())
#: They work on dates as serial numbers; the library knows the 1900 system only.
DATES = frozenset(
    """ACCRINT ACCRINTM AMORDEGRC AMORLINC COUPDAYBS COUPDAYS COUPDAYSNC COUPNCD COUPNUM COUPPCD DATE DATEDIF DATEVALUE
    DAY DAYS360 DISC DURATION EDATE EOMONTH INTRATE ISOWEEKNUM MDURATION MONTH NETWORKDAYS NETWORKDAYS.INTL
    ODDFPRICE ODDFYIELD ODDLPRICE ODDLYIELD PRICE PRICEDISC PRICEMAT RECEIVED TBILLEQ TBILLPRICE TBILLYIELD WEEKDAY
    WEEKNUM WORKDAY WORKDAY.INTL XIRR XNPV YEAR YEARFRAC YIELD YIELDDISC YIELDMAT""".split()
)

_CLASSES: dict[str, str] = {}
"""How a function takes each argument, the last for all that follow: V one value (a range meets it by implicit
intersection), R a reference or a value, A an array (operators inside work on whole ranges). Others take V."""

for _pattern, _names in {
    "R": """AND AVEDEV AVERAGE AVERAGEA CONCAT COUNT COUNTA COUNTBLANK DEVSQ GCD GEOMEAN HARMEAN IMPRODUCT IMSUM KURT
         LCM MAX MAXA MEDIAN MIN MINA MULTINOMIAL N OR PRODUCT SKEW SKEW.P STDEV STDEV.P STDEV.S STDEVA STDEVP
         STDEVPA SUM SUMSQ T TYPE VAR VAR.P VAR.S VARA VARP VARPA XOR""",
    "A": """ARRAYTOTEXT CHISQ.TEST CHITEST CHOOSECOLS CHOOSEROWS CORREL COVAR COVARIANCE.P COVARIANCE.S DROP EXPAND
         F.TEST FILTER FREQUENCY FTEST GROWTH HSTACK INTERCEPT LINEST LOGEST MDETERM MINVERSE MMULT MODE MODE.MULT
         MODE.SNGL PEARSON PERCENTOF PROB RSQ SLOPE SORT SORTBY STEYX SUMPRODUCT SUMX2MY2 SUMX2PY2 SUMXMY2 T.TEST
         TAKE TOCOL TOROW TRANSPOSE TREND TRIMRANGE TTEST UNIQUE VSTACK WRAPCOLS WRAPROWS XIRR""",
    "RV": "IRR LARGE MIRR PERCENTILE PERCENTILE.EXC PERCENTILE.INC PERCENTRANK PERCENTRANK.EXC PERCENTRANK.INC "
    "QUARTILE QUARTILE.EXC QUARTILE.INC SMALL TRIMMEAN Z.TEST ZTEST COUNTIF",
    "VR": "NPV",
    "VVR": "TEXTJOIN NETWORKDAYS WORKDAY",
    "VVVR": "NETWORKDAYS.INTL WORKDAY.INTL",
    "VRV": "HLOOKUP MATCH RANK RANK.AVG RANK.EQ VLOOKUP XMATCH",
    "RVR": "AVERAGEIF SUMIF",
    "VAA": "FORECAST FORECAST.LINEAR LOOKUP XNPV",
    "VAAV": "XLOOKUP FORECAST.ETS FORECAST.ETS.CONFINT FORECAST.ETS.SEASONALITY",
    "VA": "FVSCHEDULE",
}.items():
    _CLASSES.update(dict.fromkeys(_names.split(), _pattern))
_ALTERNATING = {"COUNTIFS": 0, "SUMIFS": 1, "AVERAGEIFS": 1, "MAXIFS": 1, "MINIFS": 1}


def argument_class(name: str, position: int) -> str:
    """Return how a function takes its argument at a position: V, R or A.

    >>> argument_class("VLOOKUP", 1), argument_class("SUM", 7), argument_class("SUMIFS", 2), argument_class("ABS", 0)
    ('R', 'R', 'V', 'V')
    """
    first = _ALTERNATING.get(name)
    if first is not None:
        return "R" if position < first or (position - first) % 2 == 0 else "V"
    pattern = _CLASSES.get(name, "V")
    return pattern[min(position, len(pattern) - 1)]


@dataclass(frozen=True, slots=True)
class Builtin:
    """One of Excel's functions."""

    name: str
    run: Callable[..., Any] | None  #: None for a form


@dataclass(frozen=True, slots=True)
class Registered:
    """One of the registry's functions."""

    stored: str
    name: str


def recognise(stored: str, registry: Registry, *, date1904: bool = False, named: bool = False) -> Builtin | Registered:
    """Return what a function's stored name means; RefusedError where it cannot be called.

    Parameters
    ----------
    stored : str
        As the file has it, such as ``_xlfn.XLOOKUP`` or ``[1]!CSC_X``.
    registry : Registry
        The functions of the model.
    date1904 : bool
        The workbook counts dates from 1904.
    named : bool
        The workbook defines the name, as a LAMBDA.
    """
    function = registry.resolve(stored)
    if function is not None:
        return Registered(stored, function.name)
    bare, host = bare_function(stored)
    name = bare
    for mark in ("_XLFN.", "_XLWS."):
        name = name.removeprefix(mark)
    if host or "!" in name:
        raise RefusedError("unknown-function", f"unknown function: {bare}")
    if name in VOLATILE:
        raise RefusedError("volatile", f"{name} gives another value each time")
    if name in FORMS:
        return Builtin(name, None)
    run = library().get(name)
    if named:
        raise RefusedError("unsupported-function", f"{name}, a name for a LAMBDA")
    if name in REFUSED or (run is None and name in LACKING):
        raise RefusedError("unsupported-function", name)
    if run is None:
        raise RefusedError("unknown-function", f"unknown function: {bare}")
    if name in UNRELIABLE or name.startswith("IM"):  # complex numbers: other digits, and errors that Excel has not
        raise RefusedError("unsupported-function", f"{name}, which the library does not calculate as Excel does")
    if date1904 and name == "TEXT":
        run = text_function(dates=False)
    elif date1904 and name in DATES:
        raise RefusedError("unsupported-function", f"{name} with dates counted from 1904")
    return Builtin(name, run)


#: The library wraps its functions in these, which turn every exception, running out of memory too, into #VALUE!.
_SWALLOWING = frozenset(("wrap_func.<locals>.wrapper", "wrap_ranges_func.<locals>.wrapper"))


def _bare(function: Any) -> Any:
    while getattr(getattr(function, "__code__", None), "co_qualname", "") in _SWALLOWING:
        function = function.__wrapped__
    return function


@cache
def library() -> dict[str, Callable[..., Any]]:
    """Return the library's functions by their names, with what this adapter corrects."""
    table = {n: _bare(f["function"] if isinstance(f, dict) else f) for n, f in formulas.get_functions().items()}
    for name, wrap in WRAPPED.items():
        if name in table:
            table[name] = wrap(table[name])
    return table | CORRECTED


@cache
def operator(symbol: str) -> Callable[..., Any]:
    """Return the library's function for an operator."""
    run: Callable[..., Any] = _bare(OPERATORS[symbol])
    return run
