"""What witnesses say of differences, so that one engine's fault accuses no cell.

A witness is asked about the root of a difference alone: what its formula gives from what is saved in the cells it
reads. Where it gives what the engine gives, the difference is *confirmed*. Where it gives the saved value, or a third
one, the cell is *disputed*: nothing is proved of it. Where it cannot say, the difference stays unconfirmed. So does
that of a cell that calls a function of the registry: every engine calls the same function, which is no second opinion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from enum import Enum

from xlmodel.engine.evaluation import Evaluation
from xlmodel.engine.libreoffice import at_the_edge
from xlmodel.engine.protocol import CellKey
from xlmodel.registry import Registry
from xlmodel.values import ErrorValue, Scalar, same_scalar
from xlmodel.verify.comparison import reaches, same_saved
from xlmodel.verify.recalculation import CellFinding, Verdict, noise

__all__ = ["alone", "questions", "settled", "witnessed"]

#: How near two engines' numbers are that say the same: their last digits may differ where the order of a sum does.
NEAR = 1e-9
_UNKNOWN = ErrorValue("#NAME?")


class _Word(Enum):
    """What a witness's value says of a difference."""

    NONE = "none"
    ENGINE = "engine"  #: the engine's value
    FILE = "file"  #: the saved value
    THIRD = "third"


def alone(evaluation: Evaluation, finding: CellFinding) -> Scalar:
    """Return what the engine gives for a root from what is saved in the cells it reads."""
    assert evaluation.local is not None
    anchor = evaluation.key(finding.place)
    block = evaluation.local.spills.get(finding.place)
    at = finding.cell.row - anchor.row, finding.cell.col - anchor.col
    if block is None or not reaches(block, at):
        return evaluation.local.values.item(finding.place) if at == (0, 0) else None
    return block.item(at)


def questions(findings: Iterable[CellFinding], evaluation: Evaluation) -> dict[CellKey, CellKey]:
    """Return what witnesses are to be asked: of each root that is not settled, the formula's cell and the root's.

    A root is settled once a witness supports the engine or the file. Not asked are roots that the engine itself could
    not calculate alone: where cells that they read hold no value.
    """
    assert evaluation.local is not None
    return {
        evaluation.key(f.place): f.cell
        for f in findings
        if f.root and _open(f) and f.place not in evaluation.local.reasons
    }


def _open(finding: CellFinding) -> bool:
    if finding.verdict is Verdict.DISPUTED:
        return not same_saved(finding.saved, finding.witness, NEAR)
    return finding.verdict is Verdict.DIFFERS and not finding.confirmed


def witnessed(
    findings: Sequence[CellFinding],
    evaluation: Evaluation,
    engine: str,
    given: Mapping[CellKey, Scalar],
    tolerance: float,
    registry: Registry,
) -> list[CellFinding]:
    """Judge roots by what a witness gives for them.

    A value that another witness supports, or the file, weighs more than one that stands alone: so a root that is
    disputed by a third value may still be confirmed by the next witness.

    Parameters
    ----------
    findings : sequence of CellFinding
        All of a workbook.
    evaluation : Evaluation
        What the engine made of it.
    engine : str
        The witness.
    given : mapping of CellKey to Scalar
        What it gives, for the cells that it can judge.
    tolerance : float
        Relative difference of a saved and a calculated number that passes.
    registry : Registry
        The functions that all engines call.
    """

    def judged(finding: CellFinding) -> CellFinding:
        value = given[finding.cell]
        match _word(value, finding, alone(evaluation, finding), engine, tolerance):
            case _Word.NONE:
                return finding
            case _Word.ENGINE:
                own = any(registry.resolve(name) is not None for name in evaluation.functions(finding.place))
                heard = replace(finding, witness=value, witnessed_by=engine)
                return replace(heard, verdict=Verdict.DIFFERS, confirmed=True) if not own else finding
        return replace(finding, verdict=Verdict.DISPUTED, witness=value, witnessed_by=engine)

    return [judged(f) if f.root and f.cell in given else f for f in findings]


def _word(value: Scalar, finding: CellFinding, by_engine: Scalar, engine: str, tolerance: float) -> _Word:
    if value is None or value == _UNKNOWN:
        return _Word.NONE
    if _same(value, by_engine, tolerance) and not same_saved(finding.saved, value, tolerance):
        return _Word.ENGINE
    if engine == "libreoffice" and at_the_edge(finding.formula):
        return _Word.NONE
    if same_saved(finding.saved, value, tolerance) or same_scalar(value, finding.saved, NEAR):
        return _Word.FILE
    failed = isinstance(value, ErrorValue) and not isinstance(by_engine, ErrorValue | None)
    return _Word.NONE if failed and not isinstance(finding.saved, ErrorValue) else _Word.THIRD


def _same(value: Scalar, by_engine: Scalar, tolerance: float) -> bool:
    return same_saved(value, by_engine, max(tolerance, NEAR)) or noise(value, by_engine)


def settled(
    findings: Sequence[CellFinding],
    evaluation: Evaluation,
    registry: Registry,
    dependents: Callable[[Sequence[CellKey]], Set[CellKey]],
) -> list[CellFinding]:
    """Let consequences share the fate of their roots: none is surer than what it follows from.

    A difference that follows from disputed cells alone is disputed, and one that follows from a root that is not
    confirmed is not confirmed.
    """

    def below(roots: Iterable[CellFinding]) -> Set[CellKey]:
        cells = [evaluation.key(f.place) for f in roots]
        return dependents(cells) if cells else frozenset()

    if not any(f.verdict is Verdict.DIFFERS and not f.root for f in findings):
        return list(findings)
    accused = below(f for f in findings if f.verdict is Verdict.DIFFERS and f.root)
    doubtful = below(f for f in findings if f.root and not f.confirmed)
    disputed = any(f.verdict is Verdict.DISPUTED and f.root for f in findings)

    def fate(finding: CellFinding) -> CellFinding:
        cell = evaluation.key(finding.place)
        if disputed and cell not in accused:
            return replace(finding, verdict=Verdict.DISPUTED)
        own = any(registry.resolve(name) is not None for name in evaluation.functions(finding.place))
        return replace(finding, confirmed=cell in accused and cell not in doubtful and not own)

    return [fate(f) if f.verdict is Verdict.DIFFERS and not f.root else f for f in findings]
