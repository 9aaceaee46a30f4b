"""How a plain Python function is declared callable from cells: a mark, the kinds of its arguments, its docstring."""

from __future__ import annotations

import hashlib
import inspect
import re
import typing
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar, overload

import docstring_parser

from xlmodel.errors import RegistryError
from xlmodel.kinds import ArgumentKind, Number, Row, Table
from xlmodel.refs import is_cell_name

__all__ = ["Argument", "Function", "declared", "is_marked", "place", "udf"]

F = TypeVar("F", bound=Callable[..., Any])
_MARK = "__xlmodel_udf__"
REQUIRED: Any = inspect.Parameter.empty


@dataclass(frozen=True, slots=True)
class _Declaration:
    version: str
    native: str


@overload
def udf(function: F) -> F: ...
@overload
def udf(*, version: str = "1", native: str = "") -> Callable[[F], F]: ...
def udf(function: F | None = None, *, version: str = "1", native: str = "") -> F | Callable[[F], F]:
    """Mark a function as callable from cells; it stays the plain function it was.

    Parameters
    ----------
    function : callable
        Its arguments and result carry a kind in `Annotated`; its docstring explains each argument.
    version : str
        Raised when the same arguments give another result than before.
    native : str
        The mathematics as an Excel LAMBDA with the same parameters, optional ones in brackets; see
        docs/native-forms.md. "" where there is none.
    """

    def mark(f: F) -> F:
        setattr(f, _MARK, _Declaration(version, native))
        return f

    return mark if function is None else mark(function)


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument as a cell sees it."""

    name: str
    kind: ArgumentKind
    help: str  #: one sentence
    default: Any = REQUIRED
    description: str = ""  #: all that the docstring says

    @property
    def optional(self) -> bool:
        """Whether a cell may leave it out."""
        return self.default is not REQUIRED

    @property
    def label(self) -> str:
        """How the argument is written in a signature: vectors with [], ranges with [][], optional ones in brackets."""
        name = self.name + "[]" * len(self.kind.shape)
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
    native: str = field(default="", repr=False)  #: the mathematics as a LAMBDA; "" where there is none

    @property
    def signature(self) -> str:
        """The call as a cell writes it."""
        return f"{self.name}({', '.join(a.label for a in self.arguments)})"

    @property
    def signature_hash(self) -> str:
        """A short hash of all that decides what a call gives: another one means that results may differ."""
        arguments = [(a.name, repr(a.kind), repr(a.default) if a.optional else "required") for a in self.arguments]
        said = repr((self.name, arguments, repr(self.result), self.version, " ".join(self.native.split())))
        return hashlib.sha256(said.encode()).hexdigest()[:12]

    @property
    def examples(self) -> list[tuple[str, str]]:
        """The worked examples of the docstring: a cell's formula and what it gives."""
        return re.findall(r"``(=[^`]+)``\s+gives\s+``([^`]+)``", self.doc)

    def section(self, title: str) -> str:
        """Return a section of the docstring, "" where it has none."""
        match = re.search(rf"^{title}\n-+\n(.*?)(?=^\S[^\n]*\n-+\n|\Z)", self.doc, re.M | re.S)
        return match[1].strip() if match else ""


def declared(function: Callable[..., Any], prefix: str) -> Function:
    """Return a marked function's Excel face, read from its hints and docstring.

    Raises
    ------
    RegistryError
        Naming the function and what its declaration lacks.
    """
    where = place(function)
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
        arguments.append(Argument(parameter.name, kind, re.split(r"(?<=\.)\s", text)[0], parameter.default, text))
    result = _kind(hints.get("return"), where, "the result")
    if isinstance(result, Table):
        raise RegistryError(f"{where}: the result cannot be a Table")
    return Function(
        name,
        function,
        tuple(arguments),
        result,
        _without_verb(parsed.short_description),
        function.__module__.rpartition(".")[2],
        getattr(function, _MARK).version,
        doc,
        getattr(function, _MARK).native,
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


def place(function: Callable[..., Any]) -> str:
    """Return where a function is defined, for messages."""
    return f"{function.__module__}.{function.__qualname__}"


def is_marked(thing: Any) -> bool:
    """Tell whether something carries the mark of `udf`."""
    return hasattr(thing, _MARK)
