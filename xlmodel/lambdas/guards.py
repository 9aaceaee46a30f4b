"""What the kinds of a function's arguments ask of the cells, as formulas: a value ready for use, or the error."""

from __future__ import annotations

from xlmodel.declaration import Argument
from xlmodel.errors import RegistryError
from xlmodel.kinds import Date, Flag, Number, Table, Word, Year
from xlmodel.lambdas.stored import like_a_cell

__all__ = ["guard", "out_of_bounds", "parameter"]

_BROKEN = {">": "<=", ">=": "<", "<": ">=", "<=": ">"}
_READERS: dict[type, str] = {Number: "NUMBERS", Word: "WORDS", Flag: "FLAGS", Date: "DATES"}


def parameter(argument: Argument) -> str:
    """Return an argument's name as a parameter: the name itself, unless Excel would take it for a cell."""
    return f"{argument.name}_in" if like_a_cell(argument.name) else argument.name


def guard(argument: Argument, sizes: dict[str, str]) -> str:
    """Return what reads an argument: its value, its default where it is left out, or its error.

    A single value is read from ``<name>_at``, a range from its parameter; ``no_<name>`` tells whether it was left out.
    `sizes` holds the sizes of the dimensions met so far, and is added to.

    Raises
    ------
    RegistryError
        A kind that has no native form yet.
    """
    text = _range(argument, sizes) if argument.kind.shape else _single(argument)
    if not argument.optional:
        return text
    left_out = f"no_{argument.name}"
    if not argument.kind.shape:
        left_out = f"OR({left_out}, ISBLANK({argument.name}_at))"
    return f"IF({left_out}, {_default(argument)}, {text})"


def out_of_bounds(argument: Argument, known: str) -> str:
    """Return the condition under which a range is out of bounds, "" where it has none; a text is above every number."""
    kind = argument.kind
    only_numbers = kind.blank == "missing" and not argument.optional
    conditions = []
    for op, limit in kind.bounds if isinstance(kind, Number) else []:
        broken = _compared(known, _BROKEN[op], limit)
        as_it_is = only_numbers or (op in (">", ">=") and limit == 0)
        conditions.append(broken if as_it_is else f"IF(ISNUMBER({known}), {broken})")
    return f"OR({', '.join(conditions)})" if conditions else ""


def _compared(number: str, op: str, limit: float) -> str:
    """Return a comparison with a bound, by the difference: Excel holds 1 and what is 1 to 15 digits for equal."""
    if limit == 0:
        return f"{number} {op} 0"
    return f"{number} {'-' if limit > 0 else '+'} {abs(limit):g} {op} 0"


def _default(argument: Argument) -> str:
    """Return what an argument is where it is left out; an empty text stands for no number."""
    default = argument.default
    if default is None:
        return '""'
    if isinstance(default, bool):
        return "TRUE" if default else "FALSE"
    return f'"{default}"' if isinstance(default, str) else f"{default:.17g}"


# --- one value -------------------------------------------------------------------------------------------------------


def _single(argument: Argument) -> str:
    kind, at = argument.kind, f"{argument.name}_at"
    if isinstance(kind, Number):
        if not kind.bounds:
            return f"UDF_.NUMBER({at})"
        inside = " * ".join(f"({_compared(at, op, limit)})" for op, limit in kind.bounds)
        return f"IF(ISNUMBER({at}), IF({inside}, {at}, #NUM!), UDF_.REFUSED({at}))"
    if isinstance(kind, Word):
        choices = ", ".join(f'"{c}"' for c in kind.choices)
        return f"UDF_.CHOICE({at}, {{{choices}}})" if choices else f"UDF_.WORD({at})"
    if isinstance(kind, Flag):
        return f"UDF_.FLAG({at})"
    if isinstance(kind, Year):
        return f"UDF_.YEAR({at})"
    if isinstance(kind, Date):
        return f"UDF_.DATE({at})"
    raise RegistryError(f"argument {argument.name}: a {kind.word} has no native form")


# --- ranges ----------------------------------------------------------------------------------------------------------


def _range(argument: Argument, sizes: dict[str, str]) -> str:
    kind, name = argument.kind, parameter(argument)
    more = f"{'FALSE' if kind.blank == 'missing' else 'TRUE'}, {'FALSE' if argument.optional else 'TRUE'}"
    sides = (f"ROWS({name})", f"COLUMNS({name})")
    if len(kind.shape) == 1:
        reader = _READERS.get(type(kind))
        if reader is None or (isinstance(kind, Word) and kind.choices):
            raise RegistryError(f"argument {argument.name}: a vector of this kind has no native form: {kind!r}")
        size = _size(argument, kind.shape[0], f"MAX({sides[0]}, {sides[1]})", sizes)
        return f"UDF_.{reader}({name}, {size}, {more})"
    if kind.shape[0] == kind.shape[1]:
        sizes.setdefault(kind.shape[0], sides[0])  # as many columns as rows
    high, wide = (_size(argument, d, s, sizes) for d, s in zip(kind.shape, sides, strict=True))
    if isinstance(kind, Table):
        return _table(kind, f"UDF_.FAULT({name}, UDF_.IS_TABLE({name}, {high}, {wide}), {more})", name)
    if not isinstance(kind, Number):
        raise RegistryError(f"argument {argument.name}: a range of this kind has no native form: {kind!r}")
    return f"UDF_.NUMBER_TABLE({name}, {high}, {wide}, {more})"


def _size(argument: Argument, dimension: str, side: str, sizes: dict[str, str]) -> str:
    """Return the size that a side must have: as declared, or as the first argument with that side; 0 for any."""
    if dimension.isdecimal():
        return dimension
    if not dimension:
        return "0"
    if dimension in sizes:
        return sizes[dimension]
    sizes[dimension] = f"IF(no_{argument.name}, 0, {side})" if argument.optional else side
    return "0"


def _table(kind: Table, fault: str, name: str) -> str:
    """Return the guard of a table: what no column may hold, then column by column."""
    text = name
    for at, column in reversed(list(enumerate(kind.columns.values(), 1))):
        cells = f"INDEX({name}, 0, {at})"
        if isinstance(column, Number):
            broken = ", ".join(_compared(cells, _BROKEN[op], limit) for op, limit in column.bounds)
            text = f"IF(OR({broken}), #NUM!, {text})" if broken else text
            text = f"IF(SUM(--ISNUMBER({cells})) < ROWS({name}), #VALUE!, {text})"
        elif isinstance(column, Word) and not column.choices:
            text = f"IF(SUM(--ISTEXT({cells})) < ROWS({name}), #VALUE!, {text})"
        else:
            raise RegistryError(f"a table's column of this kind has no native form: {column!r}")
    return f"LET(fault, {fault}, IF(ISERROR(fault), fault, {text}))"
