"""Which functions a formula calls, also through defined names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xlmodel.book.workbook import DefinedName
from xlmodel.refs import TokenKind, bare_function, tokens

__all__ = ["calls_of_names", "functions_called"]


def functions_called(formula: str, name_calls: Mapping[str, Iterable[str]] | None = None) -> tuple[str, ...]:
    """Return the functions called by a formula in R1C1 notation, in the order of the alphabet.

    Parameters
    ----------
    formula : str
        Without the equals sign.
    name_calls : mapping of name to functions, optional
        What is behind the workbook's names, from `calls_of_names`.

    Examples
    --------
    >>> functions_called("_xlfn.XLOOKUP(RC[-1],Codes,R1C1:R9C1)+Rate", {"rate": ["CSC_RATE"]})
    ('CSC_RATE', 'XLOOKUP')
    """
    functions, names = _words(formula, r1c1=True)
    behind = (f for name in names for f in (name_calls or {}).get(name, ()))
    return tuple(sorted({*functions, *behind}))


def calls_of_names(names: Iterable[DefinedName]) -> dict[str, list[str]]:
    """Return the functions behind each defined name that calls any, names as they compare: in small letters.

    >>> names = [DefinedName("Rate", "Base*2", None), DefinedName("Base", "CSC_RATE(Inputs!A1)", None)]
    >>> calls_of_names(names)
    {'rate': ['CSC_RATE'], 'base': ['CSC_RATE']}
    """
    functions: dict[str, set[str]] = {}
    needs: dict[str, set[str]] = {}
    for name in names:  # one name may stand on several sheets: all of them count
        called, used = _words(name.formula, r1c1=False)
        functions.setdefault(name.name.casefold(), set()).update(called)
        needs.setdefault(name.name.casefold(), set()).update(used)
    found: dict[str, list[str]] = {}
    for start in functions:
        seen, queue = {start}, [start]
        while queue:
            more = [n for n in needs[queue.pop()] if n in functions and n not in seen]
            seen.update(more)
            queue.extend(more)
        called = set().union(*(functions[n] for n in seen))
        if called:
            found[start] = sorted(called)
    return found


def _words(formula: str, *, r1c1: bool) -> tuple[set[str], set[str]]:
    """Return the functions that a formula calls, and the names it uses; a LAMBDA with a name is both."""
    functions: set[str] = set()
    names: set[str] = set()
    for token in tokens(formula, r1c1=r1c1):
        if token.kind is TokenKind.CALL:
            name = bare_function(token.text)[0]
            functions.add(name.removeprefix("_XLFN.").removeprefix("_XLWS."))
        if token.kind in (TokenKind.CALL, TokenKind.NAME):
            names.add(token.text.rpartition("!")[2].casefold())
    return functions, names
