"""The witness: what differs is judged again by a second engine, so that one engine's fault accuses no cell.

An accusation is *confirmed* where the witness gives the calculated value too. Where it gives the saved value, or a
third one, the cell is *disputed*: nothing is proved of it. A cell that the witness cannot calculate stays unconfirmed.
So does one that calls a function of the registry: both engines call the same function, which is no second opinion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import replace
from functools import partial

from xlmodel.engine.evaluation import Calculation, Evaluation
from xlmodel.engine.protocol import CellKey
from xlmodel.errors import EngineError
from xlmodel.registry import Registry
from xlmodel.values import Scalar, same_scalar
from xlmodel.verify.comparison import reaches, same_saved
from xlmodel.verify.recalculation import CellFinding, Verdict, Verification, Witness

__all__ = ["witnessed"]

#: How near two engines' numbers are that say the same: their last digits may differ where the order of a sum does.
NEAR = 1e-9


def witnessed(
    found: Verification,
    second: Evaluation,
    tolerance: float,
    registry: Registry,
    dependents: Callable[[Sequence[CellKey]], Set[CellKey]],
) -> Verification:
    """Judge what differs again, by a second engine's evaluation of the same workbook.

    Parameters
    ----------
    found : Verification
        What the first engine's evaluation showed.
    second : Evaluation
        The same workbook, calculated by the witness.
    tolerance : float
        Relative difference of a saved and a calculated number that passes.
    registry : Registry
        The functions that both engines call.
    dependents : callable
        Gives the formula cells that depend on any of some cells.

    Raises
    ------
    EngineError
        The witness read another file.
    """
    if second.calculated is None or second.facts.sha256 != found.evaluation.facts.sha256:
        raise EngineError("the file changed while it was being verified")
    judge = partial(_judged, found.evaluation, second.calculated, tolerance, registry)
    findings = [judge(f) if f.verdict is Verdict.DIFFERS else f for f in found.findings]
    findings = _with_their_roots(findings, found.evaluation, dependents)
    return replace(found, findings=tuple(findings), witness=Witness(second.engine))


def _judged(
    evaluation: Evaluation, second: Calculation, tolerance: float, registry: Registry, finding: CellFinding
) -> CellFinding:
    place, anchor = finding.place, evaluation.key(finding.place)
    at = finding.cell.row - anchor.row, finding.cell.col - anchor.col
    block = second.spills.get(place, second.values[place : place + 1].reshape((1, 1)))
    if place in second.reasons or not reaches(block, at):
        return finding
    value = block.item(at)
    if not _supports(value, finding, tolerance):
        return replace(finding, verdict=Verdict.DISPUTED, witness=value)
    own = any(registry.resolve(name) is not None for name in evaluation.functions(place))
    return replace(finding, confirmed=not own)


def _supports(value: Scalar, finding: CellFinding, tolerance: float) -> bool:
    """Tell whether a witness's value is the calculated one, and not the saved one."""
    if same_saved(value, finding.calculated, tolerance):
        return True
    return same_scalar(value, finding.calculated, NEAR) and not same_scalar(value, finding.saved, NEAR)


def _with_their_roots(
    findings: list[CellFinding], evaluation: Evaluation, dependents: Callable[[Sequence[CellKey]], Set[CellKey]]
) -> list[CellFinding]:
    """Let consequences share the fate of their roots: none is surer than what it follows from.

    A difference that follows from disputed cells alone is disputed, and one that follows from an unconfirmed root is
    not confirmed.
    """

    def below(roots: Iterable[CellFinding]) -> Set[CellKey]:
        cells = [evaluation.key(f.place) for f in roots]
        return dependents(cells) if cells else frozenset()

    consequences = [f for f in findings if f.verdict is Verdict.DIFFERS and not f.root]
    if not consequences:
        return findings
    accused = [f for f in findings if f.verdict is Verdict.DIFFERS and f.root]
    doubtful = [f for f in findings if f.root and not f.confirmed]
    under_accused, under_doubtful = below(accused), below(doubtful)
    disputed = any(f.verdict is Verdict.DISPUTED and f.root for f in findings)
    out = []
    for finding in findings:
        if finding.verdict is Verdict.DIFFERS and not finding.root:
            cell = evaluation.key(finding.place)
            if disputed and cell not in under_accused:
                finding = replace(finding, verdict=Verdict.DISPUTED, confirmed=False, witness=None)
            elif cell in under_doubtful:
                finding = replace(finding, confirmed=False)
        out.append(finding)
    return out
