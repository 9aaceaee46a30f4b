"""A function's whole native form: its mathematics, between what its kinds ask of the arguments and what is spread."""

from __future__ import annotations

from xlmodel.declaration import Argument, Function
from xlmodel.errors import RegistryError
from xlmodel.kinds import Row
from xlmodel.lambdas.guards import guard, out_of_bounds, parameter
from xlmodel.lambdas.stored import body_of
from xlmodel.lambdas.tokens import joined, renamed

__all__ = ["whole"]


def whole(function: Function) -> str:
    """Return the LAMBDA of a function, in readable text.

    Raises
    ------
    RegistryError
        The declared form has other parameters than the function, or there is none.
    """
    if not function.native:
        raise RegistryError(f"{function.name} has no native form")
    return _Form(function).text()


class _Form:
    def __init__(self, function: Function) -> None:
        self.function = function
        self.singles = [a for a in function.arguments if not a.kind.shape]
        self.optional = [a for a in function.arguments if a.optional]
        declared, self.body = body_of(function.native)
        wanted = [f"[{a.name}]" if a.optional else a.name for a in function.arguments]
        if declared != wanted:
            raise RegistryError(
                f"the native form of {function.name} must have the parameters {', '.join(wanted)}; "
                f"it has {', '.join(declared)}"
            )

    def text(self) -> str:
        parameters = [f"[{parameter(a)}]" if a.optional else parameter(a) for a in self.function.arguments]
        return f"LAMBDA({', '.join([*parameters, self._complete()])})"

    def _complete(self) -> str:
        """Return the call as a cell makes it: arguments left out, then one call or one for each cell of a range."""
        steps = [f"no_{a.name}, ISOMITTED({parameter(a)})" for a in self.optional]
        if self.singles:
            steps += [f"{a.name}_or_0, IF(no_{a.name}, 0, {parameter(a)})" for a in self.singles if a.optional]
            steps.append(f"one, LAMBDA({', '.join(f'{a.name}_at' for a in self.singles)}, {self._one()})")
            text = self._over_cells()
        else:
            text = self._one()
        if steps:
            text = f"LET({', '.join(steps)}, {text})"
        required = [f"ISOMITTED({parameter(a)})" for a in self.function.arguments if not a.optional]
        return f"IF(OR({', '.join(required)}), #VALUE!, {text})"

    def _over_cells(self) -> str:
        """Return one call where each single value is one, else one for each cell of the ranges given for them."""
        given = [_spread(a) for a in self.singles]
        cells = " * ".join(f"ROWS({x}) * COLUMNS({x})" for x in given)
        return f"IF(IFERROR({cells}, 1) = 1, one({', '.join(given)}), {self._spread_out(given)})"

    def _spread_out(self, given: list[str]) -> str:
        result = self.function.result
        if not isinstance(result, Row) and result.shape:
            return "#VALUE!"
        fits = [f"UDF_.FITS({x}, high, wide)" for x in given]
        if isinstance(result, Row):
            at = ", ".join(f"UDF_.AT({x}, row_no, 1)" for x in given)
            fits.append("wide = 1")
            cells = f"LET(cells, one({at}), IF(IFERROR(COLUMNS(cells), 1) = 1, cells, INDEX(cells, 1, field_no)))"
            spread = f"MAKEARRAY(high, {len(result.fields)}, LAMBDA(row_no, field_no, {cells}))"
        else:
            at = ", ".join(f"UDF_.AT({x}, row_no, column_no)" for x in given)
            spread = f"MAKEARRAY(high, wide, LAMBDA(row_no, column_no, one({at})))"
        high, wide = (f"MAX({', '.join(f'{count}({x})' for x in given)})" for count in ("ROWS", "COLUMNS"))
        return f"LET(high, {high}, wide, {wide}, IF(AND({', '.join(fits)}), {spread}, #VALUE!))"

    # --- one call ----------------------------------------------------------------------------------------------------

    def _one(self) -> str:
        """Return one call: each argument read in turn, the first that will not do ends it."""
        sizes: dict[str, str] = {}
        guards = [(a, guard(a, sizes)) for a in self.function.arguments]
        text = joined(renamed(self.body, {a.name: f"{a.name}_" for a in self.function.arguments}))
        text = self._laid(text)
        for argument, read in reversed(guards):
            known = f"{argument.name}_"
            first = f"INDEX({known}, 1, 1)" if argument.kind.shape else known
            broken = out_of_bounds(argument, known) if argument.kind.shape else ""
            text = f"IF({broken}, #NUM!, {text})" if broken else text
            text = f"LET({known}, {read}, IF(ISERROR({first}), {first}, {text}))"
        return text

    def _laid(self, text: str) -> str:
        """Lay a vector result as the first argument lies that has its dimension; across where there is none."""
        result = self.function.result
        if isinstance(result, Row) or len(result.shape) != 1:
            return text
        like = next((a for a in self.function.arguments if a.kind.shape[:1] == result.shape), None)
        if like is None:
            return f"TRANSPOSE({text})"
        name = parameter(like)
        if len(like.kind.shape) > 1:
            upright = "TRUE" if not like.optional else f"NOT(no_{like.name})"
        else:
            upright = f"COLUMNS({name}) = 1"
        return (
            f"LET(result, {text}, IF(AND({upright}, ROWS({name}) >= MIN(2, ROWS(result))), result, TRANSPOSE(result)))"
        )


def _spread(argument: Argument) -> str:
    return f"{argument.name}_or_0" if argument.optional else parameter(argument)
