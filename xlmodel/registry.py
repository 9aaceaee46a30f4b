"""The Excel face of functions: how they are found and called, by every name a workbook can store them under.

Cells become arrays, and errors become Excel errors, below this call and nowhere else: every host and engine calls
`Registry.call` or `Registry.call_column`, so all of them get the same bits.
"""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from xlmodel.calling import Called, Problem, run_column
from xlmodel.declaration import Argument, Function, declared, is_marked, place, udf
from xlmodel.errors import RegistryError
from xlmodel.kinds import Date, Flag, Flags, Number, Numbers, Row, Rows, Table, Word, Words, Year
from xlmodel.refs import bare_function
from xlmodel.spreading import call_cell
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
    "Rows",
    "Table",
    "Word",
    "Words",
    "Year",
    "declared",
    "udf",
]


class Registry:
    """The functions that cells may call, by every name a workbook can store them under."""

    def __init__(self, functions: Sequence[Function] = (), collections: Mapping[str, str] | None = None) -> None:
        self.functions: dict[str, Function] = {}
        self.collections = dict(collections or {})
        for function in sorted(functions, key=lambda f: f.name):
            other = self.functions.get(function.name)
            if other:
                raise RegistryError(
                    f"{function.name} is defined twice: {place(other.python)} and {place(function.python)}"
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

    def without(self, names: Iterable[str]) -> Registry:
        """Return the registry without functions of some names: what a workbook names itself is called in their place.

        >>> "CSC_NET_CHANGE" in Registry.collect({"CSC": "udfs"}).without(["csc_net_change"]).functions
        False
        """
        taken = {name.upper() for name in names} & self.functions.keys()
        return Registry([f for f in self if f.name not in taken], self.collections) if taken else self

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
        return call_cell(function, arguments, date1904)

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
    return [f for f in vars(module).values() if is_marked(f) and getattr(f, "__module__", None) == module.__name__]
