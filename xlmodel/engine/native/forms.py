"""What looks like a function and is not: forms that evaluate only some of their arguments, or name things."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from xlmodel.engine.native.calling import spread
from xlmodel.engine.native.coercion import to_logical, to_number
from xlmodel.engine.native.comparison import equal
from xlmodel.engine.native.operands import EMPTY, NA, VALUE, ExcelError, Lambda, Operand, UnsupportedError
from xlmodel.engine.native.syntax import Call, Local, Missing, Node
from xlmodel.values import ErrorValue, Scalar, Values

if TYPE_CHECKING:
    from xlmodel.engine.native.evaluator import Evaluator
    from xlmodel.engine.native.frame import Frame

__all__ = ["FORMS"]

Form = Callable[["Evaluator", Call, "Frame"], Operand]


def _counted(node: Call, least: int, most: int) -> None:
    if not least <= len(node.arguments) <= most:
        raise UnsupportedError(f"{node.name} with {len(node.arguments)} arguments", "unsupported-syntax")


def _raised(operand: Operand) -> Operand:
    if isinstance(operand, ErrorValue):
        raise ExcelError(operand)
    return operand


def _branch(evaluator: Evaluator, node: Node, frame: Frame) -> Operand:
    """Return the branch that was chosen; one left empty is 0."""
    return 0.0 if isinstance(node, Missing) else evaluator.evaluate(node, frame)


def _grid(operand: Operand, frame: Frame) -> Values:
    value = frame.value(operand)
    return value if isinstance(value, Values) else Values.of([[value]])


def _chosen(conditions: Values, choices: list[Values | None], pick: Callable[[Scalar], int | ErrorValue]) -> Values:
    """Return, place by place, one of several arrays."""
    given = [c for c in choices if c is not None]
    shape, (which, *spread_out) = spread([conditions, *given])
    filled = iter(spread_out)
    columns = [None if c is None else next(filled).scalars() for c in choices]
    out = Values.blank(shape[0] * shape[1])
    for i, condition in enumerate(which.scalars()):
        chosen = pick(condition)
        if isinstance(chosen, ErrorValue):
            out.put(i, chosen)
        else:
            column = columns[chosen]
            content = None if column is None else column[i]
            out.put(i, 0.0 if content is None else content)
    return out.reshape(shape)


def _if(evaluator: Evaluator, node: Call, frame: Frame) -> Operand:
    _counted(node, 2, 3)
    frame = frame.in_mode(frame.formula_array)
    condition = frame.value(evaluator.evaluate(node.arguments[0], frame))
    if not isinstance(condition, Values):
        if to_logical(condition, evaluator.reading):
            return _branch(evaluator, node.arguments[1], frame)
        return _branch(evaluator, node.arguments[2], frame) if len(node.arguments) > 2 else False

    def pick(content: Scalar) -> int | ErrorValue:
        try:
            return 0 if to_logical(content, evaluator.reading) else 1
        except ExcelError as problem:
            return problem.value

    branches: list[Values | None] = [_grid(_operand(evaluator, n, frame), frame) for n in node.arguments[1:]]
    return _chosen(condition, [*branches, Values.of([[False]])][:2], pick)


def _operand(evaluator: Evaluator, node: Node, frame: Frame) -> Operand:
    return 0.0 if isinstance(node, Missing) else evaluator.operand(node, frame)


def _ifs(evaluator: Evaluator, node: Call, frame: Frame) -> Operand:
    if len(node.arguments) % 2 or not node.arguments:
        raise ExcelError(VALUE)
    frame = frame.in_mode(frame.formula_array)
    tests: list[Values] = []
    for at in range(0, len(node.arguments), 2):
        test = frame.value(evaluator.operand(node.arguments[at], frame))
        if isinstance(test, Values) or tests:
            tests.append(test if isinstance(test, Values) else Values.of([[test]]))
            continue
        if to_logical(test, evaluator.reading):
            return _branch(evaluator, node.arguments[at + 1], frame)
    if not tests:
        raise ExcelError(NA)
    results = [_grid(_operand(evaluator, n, frame), frame) for n in node.arguments[1::2]][-len(tests) :]
    shape, every = spread([*tests, *results])
    columns = [v.scalars() for v in every]
    out = Values.blank(shape[0] * shape[1])
    for i in range(out.size):
        found: Scalar = NA
        for asked, result in zip(columns[: len(tests)], columns[len(tests) :], strict=True):
            try:
                if to_logical(asked[i], evaluator.reading):
                    found = result[i]
                    break
            except ExcelError as problem:
                found = problem.value
                break
        out.put(i, found)
    return out.reshape(shape)


def _switch(evaluator: Evaluator, node: Call, frame: Frame) -> Operand:
    if len(node.arguments) < 3:
        raise UnsupportedError("SWITCH with fewer than 3 arguments", "unsupported-syntax")
    frame = frame.in_mode(frame.formula_array)
    subject = frame.value(evaluator.evaluate(node.arguments[0], frame))
    if isinstance(subject, ErrorValue):
        raise ExcelError(subject)
    pairs = node.arguments[1:]
    default = pairs[-1] if len(pairs) % 2 else None
    if isinstance(subject, Values):
        return _switched(evaluator, subject, pairs, default, frame)
    for at in range(0, len(pairs) - 1, 2):
        case = frame.value(evaluator.operand(pairs[at], frame))
        case = frame.first(case)
        if isinstance(case, ErrorValue):
            raise ExcelError(case)
        if _matches(subject, case):
            return _branch(evaluator, pairs[at + 1], frame)
    if default is None:
        raise ExcelError(NA)
    return _branch(evaluator, default, frame)


def _matches(subject: Scalar, case: Scalar) -> bool:
    """Tell whether SWITCH takes a case: to it a blank is 0, and neither "" nor FALSE."""
    return equal(0.0 if subject is None else subject, 0.0 if case is None else case)


def _switched(
    evaluator: Evaluator, subject: Values, pairs: tuple[Node, ...], default: Node | None, frame: Frame
) -> Values:
    cases = [frame.first(frame.value(evaluator.operand(n, frame))) for n in pairs[: len(pairs) // 2 * 2 : 2]]
    results: list[Values | None] = [
        _grid(_operand(evaluator, n, frame), frame) for n in pairs[1 : len(pairs) // 2 * 2 : 2]
    ]
    results.append(_grid(_operand(evaluator, default, frame), frame) if default is not None else Values.of([[NA]]))

    def pick(content: Scalar) -> int | ErrorValue:
        if isinstance(content, ErrorValue):
            return content
        for at, case in enumerate(cases):
            if isinstance(case, ErrorValue):
                return case
            if _matches(content, case):
                return at
        return len(cases)

    return _chosen(subject, results, pick)


def _choose(evaluator: Evaluator, node: Call, frame: Frame) -> Operand:
    _counted(node, 2, 255)
    frame = frame.in_mode(frame.formula_array)
    index = frame.value(evaluator.evaluate(node.arguments[0], frame))
    choices = node.arguments[1:]
    if not isinstance(index, Values):
        at = int(to_number(index, evaluator.reading))
        if not 1 <= at <= len(choices):
            raise ExcelError(VALUE)
        return _branch(evaluator, choices[at - 1], frame)

    def pick(content: Scalar) -> int | ErrorValue:
        try:
            at = int(to_number(content, evaluator.reading))
        except ExcelError as problem:
            return problem.value
        return at - 1 if 1 <= at <= len(choices) else VALUE

    return _chosen(index, [_grid(_operand(evaluator, n, frame), frame) for n in choices], pick)


def _otherwise(caught: Callable[[ErrorValue], bool]) -> Form:
    """Return the form that replaces some errors."""

    def form(evaluator: Evaluator, node: Call, frame: Frame) -> Operand:
        _counted(node, 2, 2)
        said = len(frame.message)
        operand = _operand(evaluator, node.arguments[0], frame)
        value = frame.value(operand)
        if isinstance(value, Values):
            other = _grid(_operand(evaluator, node.arguments[1], frame), frame)
            # each place takes itself or the other: which, the content of the place says
            return _chosen(value, [value, other], lambda x: int(isinstance(x, ErrorValue) and caught(x)))
        if not isinstance(value, ErrorValue):
            return operand
        if not caught(value):
            return _raised(value)
        del frame.message[said:]  # nobody hears of an error that is caught
        return _branch(evaluator, node.arguments[1], frame)

    return form


def _let(evaluator: Evaluator, node: Call, frame: Frame) -> Operand:
    if len(node.arguments) < 3 or len(node.arguments) % 2 == 0:
        raise UnsupportedError("LET without a calculation", "unsupported-syntax")
    for at in range(0, len(node.arguments) - 1, 2):
        name = _variable(node.arguments[at])
        found = _operand(evaluator, node.arguments[at + 1], frame)
        frame = frame.knowing({**frame.variables, name: found})
    return evaluator.evaluate(node.arguments[-1], frame)


def _variable(node: Node) -> str:
    if isinstance(node, Local):
        return node.name
    raise UnsupportedError("LET or LAMBDA without a variable's name", "unsupported-syntax")


def _lambda(evaluator: Evaluator, node: Call, frame: Frame) -> Operand:
    if not node.arguments:
        raise ExcelError(VALUE)
    names, optional = [], set()
    for part in node.arguments[:-1]:
        name = _variable(part)
        names.append(name)
        if isinstance(part, Local) and part.optional:
            optional.add(name)
    return Lambda(tuple(names), frozenset(optional), node.arguments[-1], frame)


def _is_omitted(evaluator: Evaluator, node: Call, frame: Frame) -> Operand:
    _counted(node, 1, 1)
    part = node.arguments[0]
    return isinstance(part, Local) and frame.variables.get(part.name) is EMPTY


FORMS: dict[str, Form] = {
    "IF": _if,
    "IFS": _ifs,
    "SWITCH": _switch,
    "CHOOSE": _choose,
    "IFERROR": _otherwise(lambda error: True),
    "IFNA": _otherwise(lambda error: error == NA),
    "LET": _let,
    "LAMBDA": _lambda,
    "ISOMITTED": _is_omitted,
}
