"""Drift: functions that are not what they were when a workbook was published, and how results differ by them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xlmodel.engine.evaluation import Evaluation
from xlmodel.lambdas import definitions
from xlmodel.refs import TokenKind, tokens
from xlmodel.registry import Registry
from xlmodel.verify.comparison import same_saved
from xlmodel.verify.recalculation import CellFinding, Verdict, Verification
from xlmodel.verify.record import Record

__all__ = ["AGREEMENT", "Drift", "Drifted", "compared", "drifted", "with_other_results"]

#: To what share of a number a native form and its function agree: less than that is no change of a result.
AGREEMENT = 1e-12


@dataclass(frozen=True, slots=True)
class Drifted:
    """A function that changed."""

    function: str
    what: str  #: version, declaration, native form, results or gone
    recorded: str  #: the version in the workbook
    here: str  #: the version here; "" where there is none

    @property
    def sentence(self) -> str:
        """What changed, for people.

        >>> Drifted("CSC_X", "version", "1", "2").sentence
        'CSC_X: version 1 in the workbook, 2 here'
        """
        said = {
            "version": f"version {self.recorded} in the workbook, {self.here} here",
            "declaration": f"declared otherwise here than in the workbook, both as version {self.here}",
            "native form": f"another native form in the workbook than here, both of version {self.here}",
            "results": f"gives other results here than in the workbook, both as version {self.here}",
            "gone": f"version {self.recorded} in the workbook, none here",
        }
        return f"{self.function}: {said[self.what]}"


@dataclass(frozen=True, eq=False)
class Drift:
    """The functions that changed, and the cells whose results do."""

    functions: tuple[Drifted, ...]
    results: tuple[CellFinding, ...] = ()  #: saved and new values; those that differ by themselves come first
    problem: str = ""  #: why results could not be compared
    others: int = 0  #: cells that differ whatever functions are taken
    unknown: int = 0  #: cells that could not be compared

    @property
    def unchanged(self) -> str:
        """What is to be said where no result is known to differ.

        >>> Drift((), unknown=1).unchanged
        'Whether a result differs by it is not known of 1 cell, which is not verified.'
        """
        if self.unknown:
            cells = "1 cell, which is" if self.unknown == 1 else f"{self.unknown:,} cells, which are"
            return f"Whether a result differs by it is not known of {cells} not verified."
        if self.others:
            return "No result differs by it: what differs above does so with the functions of the workbook, too."
        return "No result differs by it: the functions here give every saved value."


def drifted(evaluation: Evaluation, record: Record, registry: Registry) -> tuple[Drifted, ...]:
    """Return the functions that are not what the workbook records, in the order of the alphabet.

    In the edition lambda the native forms that the workbook carries are compared too, with all the hidden names they
    use. Functions of collections that are not there are passed over: nothing is known of them.
    """
    found = {}
    for name, (version, signature) in record.functions.items():
        function = registry.functions.get(name)
        if function is None:
            if any(name.startswith(f"{prefix}_") for prefix in registry.collections):
                found[name] = Drifted(name, "gone", version, "")
        elif function.version != version:
            found[name] = Drifted(name, "version", version, function.version)
        elif function.signature_hash != signature:
            found[name] = Drifted(name, "declaration", version, function.version)
    if record.edition == "lambda":
        for name in _other_forms(evaluation, record, registry):
            version = registry.functions[name].version
            found.setdefault(name, Drifted(name, "native form", version, version))
    return tuple(found[name] for name in sorted(found))


def with_other_results(
    functions: tuple[Drifted, ...], results: Iterable[CellFinding], here: Verification, record: Record
) -> tuple[Drifted, ...]:
    """Return the functions that changed, and those that must have: some cell differs that calls nothing else changed.

    Parameters
    ----------
    functions : tuple of Drifted
        What is known to have changed.
    results : iterable of CellFinding
        The cells that differ.
    here : Verification
        The workbook, calculated with the functions here.
    record : Record
        What the workbook says of itself.
    """
    known = {f.function: f for f in functions}
    calls = [{n for n in here.evaluation.functions(f.place) if n in record.functions} for f in results if f.root]
    for called in sorted(calls, key=len):
        if not called & known.keys():
            versions = ((name, record.functions[name][0]) for name in called)
            known |= {name: Drifted(name, "results", version, version) for name, version in versions}
    return tuple(known[name] for name in sorted(known))


def _other_forms(evaluation: Evaluation, record: Record, registry: Registry) -> list[str]:
    """Return the functions whose native form in the workbook is not the one here, or uses another hidden name."""
    there = {n.name.casefold(): n.formula for n in evaluation.names if n.sheet is None}
    wanted = [n for n in record.functions if n in registry.functions and registry.functions[n].native]
    here = {name.casefold(): formula for name, formula in definitions(registry, wanted).items()} if wanted else {}
    return [name for name in wanted if _whole(name.casefold(), there) != _whole(name.casefold(), here)]


def _whole(name: str, names: Mapping[str, str]) -> dict[str, str]:
    """Return a name's formula and those of all names behind it, without what spaces and letters' case may differ by."""
    whole: dict[str, str] = {}
    queue = [name]
    while queue:
        name = queue.pop()
        if name not in whole and name in names:
            pieces = list(tokens(names[name]))
            whole[name] = "".join(t.text if t.kind is TokenKind.TEXT else t.text.strip().casefold() for t in pieces)
            queue += [t.text.casefold() for t in pieces if t.kind in (TokenKind.CALL, TokenKind.NAME)]
    return whole


def compared(functions: tuple[Drifted, ...], here: Verification, own: Verification | None = None) -> Drift:
    """Return by how much results differ, roots first, those with most cells downstream before the others.

    Parameters
    ----------
    functions : tuple of Drifted
        What changed.
    here : Verification
        The workbook, calculated with the functions here.
    own : Verification, optional
        The workbook, calculated with the functions that it carries; None where it carries none. A cell that differs
        from its saved value in the same way by both does not differ by what changed.
    """
    anyway = {} if own is None else {f.cell: f.calculated for f in own.findings if f.verdict is not Verdict.UNVERIFIED}
    rest = [f for f in here.findings if f.verdict is not Verdict.UNVERIFIED and not f.root]
    differing = [*here.roots, *rest]
    results = [f for f in differing if f.cell not in anyway or not same_saved(anyway[f.cell], f.calculated, AGREEMENT)]
    return Drift(functions, tuple(results), "", len(differing) - len(results), here.counts[Verdict.UNVERIFIED])
