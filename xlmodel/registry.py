"""The Excel face of functions: how a plain Python function is declared, found, called and explained.

`udf` only marks a function and leaves it callable; a `Registry` is collected from modules under a prefix. Cells become
arrays, and errors become Excel errors, here and nowhere else: every host and engine calls `Registry.call` or
`Registry.call_column`, so all of them get the same bits.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
import pkgutil
import re
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, TypeVar, overload

import docstring_parser
import numpy as np

from xlmodel.calling import Called, Problem, run_column
from xlmodel.errors import RegistryError
from xlmodel.kinds import ArgumentKind, Date, Flag, Flags, Number, Numbers, Row, Word, Words, Year
from xlmodel.refs import bare_function, is_cell_name
from xlmodel.values import Values

__all__ = [
    "Argument",
    "Called",
    "Date",
    "Flag",
    "Flags",
    "Function",
    "Number",
    "Numbers",
    "Problem",
    "Registry",
    "Row",
    "Word",
    "Words",
    "Year",
    "declared",
    "udf",
]

F = TypeVar("F", bound=Callable[..., Any])
_MARK = "__xlmodel_udf__"
REQUIRED: Any = inspect.Parameter.empty


@dataclass(frozen=True, slots=True)
class _Declaration:
    version: str


@overload
def udf(function: F) -> F: ...
@overload
def udf(*, version: str = "1") -> Callable[[F], F]: ...
def udf(function: F | None = None, *, version: str = "1") -> F | Callable[[F], F]:
    """Mark a function as callable from cells; it stays the plain function it was.

    Parameters
    ----------
    function : callable
        Its arguments and result carry a kind in `Annotated`; its docstring explains each argument.
    version : str
        Raised when the same arguments give another result than before.
    """

    def mark(f: F) -> F:
        setattr(f, _MARK, _Declaration(version))
        return f

    return mark if function is None else mark(function)


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument as a cell sees it."""

    name: str
    kind: ArgumentKind
    help: str
    default: Any = REQUIRED

    @property
    def optional(self) -> bool:
        """Whether a cell may leave it out."""
        return self.default is not REQUIRED

    @property
    def label(self) -> str:
        """How the argument is written in a signature: vectors with [], optional ones in brackets."""
        name = self.name + "[]" * bool(self.kind.shape)
        if not self.optional:
            return name
        if self.default is None:
            return f"[{name}]"
        default = str(self.default).upper() if isinstance(self.default, bool) else self.default
        return f"[{name}={default:g}]" if isinstance(default, float) else f"[{name}={default}]"


@dataclass(frozen=True, slots=True)
class Function:
    """A function as a cell sees it."""

    name: str  #: CSC_RATE_PER_10K
    python: Callable[..., Any]
    arguments: tuple[Argument, ...]
    result: ArgumentKind | Row
    summary: str
    family: str
    version: str
    doc: str = field(repr=False)

    @property
    def signature(self) -> str:
        """The call as a cell writes it."""
        return f"{self.name}({', '.join(a.label for a in self.arguments)})"

    @property
    def examples(self) -> list[tuple[str, str]]:
        """The worked examples of the docstring: a cell's formula and what it gives."""
        return re.findall(r"``(=[^`]+)``\s+gives\s+``([^`]+)``", self.doc)

    def section(self, title: str) -> str:
        """Return a section of the docstring, "" where it has none."""
        match = re.search(rf"^{title}\n-+\n(.*?)(?=^\S[^\n]*\n-+\n|\Z)", self.doc, re.M | re.S)
        return match[1].strip() if match else ""


class Registry:
    """The functions that cells may call, by every name a workbook can store them under."""

    def __init__(self, functions: Sequence[Function] = (), collections: Mapping[str, str] | None = None) -> None:
        self.functions: dict[str, Function] = {}
        self.collections = dict(collections or {})
        for function in sorted(functions, key=lambda f: f.name):
            other = self.functions.get(function.name)
            if other:
                raise RegistryError(
                    f"{function.name} is defined twice: {_place(other.python)} and {_place(function.python)}"
                )
            self.functions[function.name] = function

    @classmethod
    def collect(cls, collections: Mapping[str, str]) -> Registry:
        """Gather the marked functions of modules or packages.

        Parameters
        ----------
        collections : mapping of prefix to module name
            Such as ``{"CSC": "udfs"}``.

        Raises
        ------
        RegistryError
            A module cannot be imported, a declaration is incomplete, or two functions share a name.

        Examples
        --------
        >>> Registry.collect({"CSC": "udfs"}).resolve("_xldudf_csc_net_change").signature
        'CSC_NET_CHANGE(starts, ceases)'
        """
        functions = [
            declared(f, prefix) for prefix, name in collections.items() for m in _modules(name) for f in _marked(m)
        ]
        return cls(functions, collections)

    def resolve(self, stored: str) -> Function | None:
        """Return the function meant by a stored name, None where there is none."""
        name = bare_function(stored)[0]
        return self.functions.get(name) or self._dotted.get(name)

    @cached_property
    def _dotted(self) -> dict[str, Function]:
        return {name.replace("_", ".", 1): f for name, f in self.functions.items()}

    def __iter__(self) -> Iterator[Function]:
        return iter(self.functions.values())

    def __len__(self) -> int:
        return len(self.functions)

    def spec(self) -> dict[str, Any]:
        """Return what another process needs to collect the same functions."""
        return {"collections": self.collections, "source": self.source_hash}

    @classmethod
    def from_spec(cls, spec: Mapping[str, Any]) -> Registry:
        """Collect the functions of a `spec`; RegistryError where their source is not the one it names."""
        registry = cls.collect(spec["collections"])
        if registry.source_hash != spec["source"]:
            raise RegistryError("the functions' source differs from the one the caller has")
        return registry

    @cached_property
    def source_hash(self) -> str:
        """A hash of the functions' source and of the mathematics they call."""
        digest = hashlib.sha256()
        modules = [m for name in self.collections.values() for m in _modules(name)]
        for module in [*modules, *_modules("xlmodel.model")] if modules else []:
            if module.__file__:
                digest.update(module.__name__.encode() + b"\0" + Path(module.__file__).read_bytes() + b"\0")
        return digest.hexdigest()

    def _named(self, name: str) -> Function:
        function = self.resolve(name)
        if function is None:
            raise RegistryError(f"unknown function: {name}")
        return function

    def call(self, name: str, arguments: Sequence[Values | None], *, date1904: bool = False) -> Called:
        """Call a function as one cell does.

        Parameters
        ----------
        name : str
            Any stored name of the function.
        arguments : sequence of Values
            Shape () for a value or a single cell, (rows, columns) for a range; None for one left out. Where a function
            takes one value and is given a range, it is called for each cell of it and the result spills.
        date1904 : bool
            The workbook counts dates from 1904.

        Returns
        -------
        Called
            Values of shape () or (rows, columns), and the problem behind each error.

        Examples
        --------
        >>> csc = Registry.collect({"CSC": "udfs"})
        >>> csc.call("CSC_NET_CHANGE", [Values.of(198.0), Values.of(219.0)]).values.item()
        -21.0
        >>> csc.call("CSC_NET_CHANGE", [Values.of("x"), Values.of(219.0)]).problems[()].message("Inputs!B5")
        'starts must be a number; it is the text "x" (Inputs!B5)'
        """
        function = self._named(name)
        return _call_cell(function, arguments, date1904)

    def call_column(
        self,
        name: str,
        arguments: Sequence[Values | Sequence[Values] | None],
        rows: int,
        *,
        date1904: bool = False,
    ) -> Called:
        """Call a function for many rows at once: it is reached once, with the good rows.

        Parameters
        ----------
        name : str
            Any stored name of the function.
        arguments : sequence of Values
            With a leading axis of `rows`, or of 1 for a value that all rows share, followed by the argument's core
            shape; a sequence of `rows` blocks where the vectors differ in length.
        rows : int
            How many rows there are.

        Returns
        -------
        Called
            Values with the leading axis `rows`; where vectors differ in length the shorter ones end in #N/A.
        """
        function = self._named(name)
        return run_column(function, arguments, rows, date1904=date1904)


def _call_cell(function: Function, arguments: Sequence[Values | None], date1904: bool) -> Called:
    """Spread the ranges given for single values over the cells of the result, and fold the rows back into a shape."""
    known = list(zip(function.arguments, arguments, strict=False))
    grids = [_grid(cells) for argument, cells in known if cells is not None and not argument.kind.shape]
    try:
        grid = np.broadcast_shapes(*grids) if grids else (1, 1)
    except ValueError:
        shapes = " and ".join(f"{r} x {c}" for r, c in dict.fromkeys(grids))
        problem = Problem("#VALUE!", f"the ranges given to {function.name} differ in shape: {shapes}")
        return Called(Values.of(problem.error), {(): problem})
    rows = grid[0] * grid[1]
    columns: list[Values | None] = []
    for argument, cells in known:
        if cells is None:
            columns.append(None)
        elif argument.kind.shape:
            columns.append(cells.reshape((1, *cells.shape)))
        else:
            columns.append(cells.reshape(_grid(cells)).broadcast_to(grid).reshape((rows,)))
    columns.extend(arguments[len(known) :])
    return _folded(function, arguments, run_column(function, columns, rows, date1904=date1904), (grid[0], grid[1]))


def _grid(cells: Values) -> tuple[int, int]:
    return (cells.shape[0], cells.shape[1]) if cells.shape else (1, 1)


def _folded(function: Function, arguments: Sequence[Values | None], called: Called, grid: tuple[int, int]) -> Called:
    """Give the rows of a call the shape in which they spill: vectors lie as the input does."""
    values = called.values
    if len(values.shape) == 1:
        single = not any(
            c is not None and c.shape for a, c in zip(function.arguments, arguments, strict=False) if not a.kind.shape
        )
        values = values.reshape(() if single else grid)
        return Called(
            values,
            {_at(row, grid, single): _located(p, row, grid, arguments) for (row, *_), p in called.problems.items()},
        )
    upright = _upright(function, arguments)
    if grid == (1, 1) or grid[0 if upright else 1] == 1:
        lying = values.map(lambda a: np.moveaxis(a, 0, -1)) if upright else values
        problems: dict[tuple[int, ...], Problem] = {
            (0, row) if upright else (row, 0): _located(p, row, grid, arguments)
            for (row, *_), p in called.problems.items()
        }
        return Called(lying, problems)
    problem = Problem(
        "#VALUE!", f"{function.name} would spill in two directions: give it one cell where it takes one value"
    )
    return Called(Values.of(problem.error), {(): problem})


def _upright(function: Function, arguments: Sequence[Values | None]) -> bool:
    dimension = _result_dimension(function)
    for argument, cells in zip(function.arguments, arguments, strict=False):
        if cells is not None and cells.shape and dimension is not None and argument.kind.shape[:1] == (dimension,):
            return cells.shape[1] == 1 or len(argument.kind.shape) > 1
    return False


def _at(row: int, grid: tuple[int, int], single: bool) -> tuple[int, ...]:
    return () if single else divmod(row, grid[1])


def _located(problem: Problem, row: int, grid: tuple[int, int], arguments: Sequence[Values | None]) -> Problem:
    """Say where in its argument's range the offender of one row stands."""
    if problem.position is None or problem.index is not None:
        return problem
    cells = arguments[problem.position] if problem.position < len(arguments) else None
    if cells is None or not cells.shape:
        return problem
    r, c = divmod(row, grid[1])
    return replace(problem, index=(min(r, cells.shape[0] - 1), min(c, cells.shape[1] - 1)))


def _result_dimension(function: Function) -> str | None:
    shape = () if isinstance(function.result, Row) else function.result.shape
    return shape[0] if shape else None


def declared(function: Callable[..., Any], prefix: str) -> Function:
    """Return a marked function's Excel face, read from its hints and docstring.

    Raises
    ------
    RegistryError
        Naming the function and what its declaration lacks.
    """
    where = _place(function)
    name = f"{prefix}_{function.__name__}".upper()
    if not re.fullmatch(r"[A-Z][A-Z0-9_]{0,254}", name) or is_cell_name(name):
        raise RegistryError(f"{where}: {name} is no name that Excel accepts for a function")
    doc = inspect.getdoc(function) or ""
    parsed = docstring_parser.parse(doc, docstring_parser.DocstringStyle.NUMPYDOC)
    if not parsed.short_description:
        raise RegistryError(f"{where}: the docstring must start with a sentence on what the function gives")
    helps = {p.arg_name.split(",")[0]: p.description or "" for p in parsed.params}
    hints = typing.get_type_hints(function, include_extras=True)
    arguments = []
    for parameter in inspect.signature(function).parameters.values():
        kind = _kind(hints.get(parameter.name), where, parameter.name)
        if isinstance(kind, Row):
            raise RegistryError(f"{where}: argument {parameter.name} cannot be a Row")
        if parameter.default is None and not isinstance(kind, Number) and not kind.shape:
            raise RegistryError(f"{where}: argument {parameter.name} needs a default of its own kind, not None")
        text = " ".join(helps.get(parameter.name, "").split())
        if not text:
            raise RegistryError(
                f"{where}: argument {parameter.name} needs a sentence under Parameters in the docstring"
            )
        arguments.append(Argument(parameter.name, kind, re.split(r"(?<=\.)\s", text)[0], parameter.default))
    return Function(
        name,
        function,
        tuple(arguments),
        _kind(hints.get("return"), where, "the result"),
        _without_verb(parsed.short_description),
        function.__module__.rpartition(".")[2],
        getattr(function, _MARK).version,
        doc,
    )


def _without_verb(sentence: str) -> str:
    """Turn a docstring's "Return the rate." into the help a cell shows: "The rate."."""
    rest = sentence.removeprefix("Return ")
    return " ".join((rest[:1].upper() + rest[1:]).split())


def _kind(hint: Any, where: str, what: str) -> ArgumentKind | Row:
    if typing.get_origin(hint) is Annotated:
        for part in hint.__metadata__:
            if isinstance(part, (ArgumentKind, Row)):
                return part
    raise RegistryError(
        f"{where}: {what} must be annotated with its kind, such as Annotated[Numbers, Number('children')]"
    )


def _place(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def _modules(name: str) -> list[ModuleType]:
    try:
        module = importlib.import_module(name)
        inner = [
            importlib.import_module(f"{name}.{m.name}") for m in pkgutil.iter_modules(getattr(module, "__path__", []))
        ]
    except ImportError as error:
        raise RegistryError(f"the functions of {name} cannot be imported: {error}") from error
    return [module, *sorted(inner, key=lambda m: m.__name__)]


def _marked(module: ModuleType) -> list[Callable[..., Any]]:
    return [f for f in vars(module).values() if hasattr(f, _MARK) and getattr(f, "__module__", None) == module.__name__]
