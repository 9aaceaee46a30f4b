"""One thing that a reader should look at in a workbook, whichever check found it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from xlmodel.lint.finding import Severity
from xlmodel.refs import Rect, quote_sheet
from xlmodel.report.own_rules import OWN_RULES

__all__ = ["Matter", "leading", "own"]

_OF_ONE_RULE = 3  #: of its findings that are told before the rest is only counted


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing to look at.

    Attributes
    ----------
    check : str
        One of `CHECKS`.
    rule : str
        One of `OWN_RULES`, a rule of lint or a kind of change against the baseline.
    sheet : str
        "" for what concerns the workbook as a whole.
    cells : tuple of Rect
        Where it is; the first cell of the first stands for all.
    label : str
        What the sheet calls the first cell.
    formula, proposed : str
        Without their equals signs; "" where there are none.
    downstream : int
        How many formula cells depend on it.
    count : int
        How many cells it is about, where that is more than `cells` names.
    """

    check: str
    rule: str
    severity: Severity
    what: str
    fix: str = ""
    sheet: str = ""
    cells: tuple[Rect, ...] = ()
    label: str = ""
    formula: str = ""
    proposed: str = ""
    effect: str = ""  #: what the proposal would change
    cause: str = ""  #: what explains it, where the file shows that
    second: str = ""  #: what a second engine says of it
    downstream: int = 0
    fingerprint: str = ""
    count: int = 1

    @property
    def place(self) -> str:
        """The address of what it is about, for people; "" for the workbook as a whole."""
        if not self.sheet:
            return ""
        if not self.cells:
            return quote_sheet(self.sheet)
        more = f" and {len(self.cells) - 3} more" if len(self.cells) > 3 else ""
        return f"{quote_sheet(self.sheet)}!{', '.join(rect.name for rect in self.cells[:3])}{more}"

    @property
    def fails(self) -> bool:
        """Whether it makes a verification fail."""
        return self.severity is not Severity.NOTE


def leading(found: Sequence[Matter], most: int) -> list[Matter]:
    """Return the few that tell most: the first of each rule, then the second and the third of each, in their order."""
    seen: Counter[str] = Counter()
    ranked = []
    for place, matter in enumerate(found):
        seen[matter.rule] += 1
        ranked.append((seen[matter.rule], place))
    chosen = sorted((rank, place) for rank, place in ranked if rank <= _OF_ONE_RULE)[:most]
    return [found[place] for place in sorted(place for _, place in chosen)]


def own(check: str, rule: str, severity: Severity, what: str, **more: object) -> Matter:
    """Return what one of our own checks found, with what its rule says is to be done."""
    return Matter(check, rule, severity, what, **{"fix": OWN_RULES[rule].fix, **more})  # type: ignore[arg-type]
