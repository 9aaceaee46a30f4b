"""Publishing: one workbook in four editions, and only what must change is changed."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from xlmodel import __version__
from xlmodel.book import Book, Patched, SetSaved, SetValue, as_stored, patch, refuse_early, save
from xlmodel.book.layout import Cell
from xlmodel.book.package import Package
from xlmodel.book.parts import Parts
from xlmodel.book.reader import read_package
from xlmodel.engine.evaluation import Evaluation
from xlmodel.engine.protocol import CellKey
from xlmodel.errors import BookError, ConfigurationError, StaleBookError, UnsupportedEditError
from xlmodel.publish.calculating import calculating
from xlmodel.publish.natives import keep_results
from xlmodel.publish.properties import write_record
from xlmodel.publish.source import Source
from xlmodel.publish.suppression import Suppression, given_away, hidden_cells
from xlmodel.publish.values_edition import to_values
from xlmodel.registry import Function, Registry
from xlmodel.values import Scalar, display
from xlmodel.verify.check import Advance, Means
from xlmodel.verify.comparison import same_saved
from xlmodel.verify.recalculation import noise
from xlmodel.verify.record import EDITIONS, Record, total_hash, values_hashes

__all__ = ["Published", "default_path", "publish"]

TOLERANCE = 1e-12  #: relative; what the editions may differ by
_CARRIED = 1e-9  #: relative; what that may grow to from cell to cell
_SHOWN = 5


@dataclass(frozen=True, eq=False)
class Published:
    """What was published."""

    path: Path
    record: Record
    formulas: int  #: cells that are still formulas
    saved_as_values: tuple[CellKey, ...] = ()  #: cells whose functions have no native form
    hidden: tuple[CellKey, ...] = ()  #: cells that show the symbol for a confidential number
    warnings: tuple[str, ...] = ()  #: what should be looked at before the file is passed on


def publish(
    book: Path,
    out: Path | None,
    functions: str,
    means: Means,
    *,
    suppression: Suppression | None = None,
    overwrite: bool = False,
    advance: Advance | None = None,
) -> Published:
    """Publish a workbook in an edition; what the edition does not need changed keeps its bytes.

    Before anything is written the new file is calculated: in the edition lambda with the names it carries and nothing
    else. Every cell must give its saved value, unless it did not before either and calls no function. What follows from
    a function may differ in its last digits, as native and Python forms do: the file gets those of its own edition.

    Parameters
    ----------
    book : Path
        The workbook, in any edition but values.
    out : Path, optional
        Where to write; ``<name>-<edition>.xlsx`` beside the workbook by default.
    functions : str
        lambda, com, officejs or values.
    means : Means
        The functions, the engine and the limits.
    suppression : Suppression, optional
        Which numbers a values edition hides.
    overwrite : bool
        Replace a file that is there.
    advance : callable, optional
        Hears by what share of the workbook the calculation went on.

    Raises
    ------
    BookError
        The workbook cannot be published in this edition, or not be written; nothing was written then.
    RegistryError
        It calls a function that is not known.
    ConfigurationError
        The edition or a range is none.
    EngineError
        It could not be calculated within the limits.
    """
    if functions not in EDITIONS:
        raise ConfigurationError(f"the edition must be one of {', '.join(EDITIONS)}; it is {functions!r}")
    if suppression is not None and functions != "values":
        raise ConfigurationError("numbers are hidden in the edition values alone")
    target = out or default_path(book, functions)
    old = _old(target, overwrite)
    refuse_early(target, new=old is None)
    source = Source.open(book, means.registry)
    made = _Making(source, functions, means, suppression, advance).made()
    if hashlib.sha256(book.read_bytes()).hexdigest() != source.book.sha256:
        raise StaleBookError(f"{book} changed while it was being published; nothing was written")
    save(made.patched.content, target, expect_sha256=old, expect_members=made.patched.members)
    return replace(made.published, path=target)


def default_path(book: Path, edition: str) -> Path:
    """Return where an edition of a workbook goes: beside it, named after it.

    >>> default_path(Path("plan.xlsx"), "com").name, default_path(Path("plan-com.xlsx"), "lambda").name
    ('plan-com.xlsx', 'plan-lambda.xlsx')
    """
    stem = next((book.stem.removesuffix(f"-{e}") for e in EDITIONS if book.stem.endswith(f"-{e}")), book.stem)
    return book.with_name(f"{stem}-{edition}{book.suffix}")


def _old(target: Path, overwrite: bool) -> str | None:
    """Return the hash of the file to be replaced; None for a new one."""
    return hashlib.sha256(target.read_bytes()).hexdigest() if overwrite and target.is_file() else None


@dataclass(frozen=True, eq=False)
class _Made:
    patched: Patched
    published: Published


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A cell that does not give its saved value."""

    cell: CellKey
    what: str
    value: Scalar  #: what it gives; None where it could not be calculated

    @property
    def said(self) -> str:
        return f"{self.cell} ({self.what})"


class _Making:
    """One publication."""

    def __init__(
        self, source: Source, edition: str, means: Means, suppression: Suppression | None, advance: Advance | None
    ) -> None:
        self.source, self.edition, self.means = source, edition, means
        self.suppression, self.advance = suppression, advance
        self.lacking: Mapping[str, Function] = {n: f for n, f in source.used.items() if not f.native}
        self.hidden: frozenset[CellKey] = frozenset()
        self.warnings: tuple[str, ...] = ()
        self.carried: set[CellKey] = set()  #: cells that differ because those they refer to do, in their last digits

    def made(self) -> _Made:
        """Return the new file."""
        if self.edition in ("com", "officejs"):
            self._refuse_woken()
        if self.edition == "values" and self.suppression is not None:
            self._hide(self.suppression)
        record = self._record()
        kept: Collection[tuple[str, Cell]] = ()
        for last in (False, True):
            draft, constants = self._draft(record, kept)
            evaluation = self._calculated(draft)
            wrong = self._wrong(evaluation)
            if self.edition != "values":
                wrong = self._without_carried(draft, wrong)
            if last or self.edition != "com" or not self._caused(wrong):
                break
            # a formula that was entered for several cells at once may need to stay one
            kept = {(cell.sheet, (cell.row, cell.col)) for cell in self.source.calling(self.source.used)}
        self._judge(wrong)
        patched = self._finished(draft, evaluation)
        formulas = 0 if self.edition == "values" else len(evaluation)
        published = Published(
            self.source.book.path, record, formulas, constants, tuple(sorted(self.hidden)), self.warnings
        )
        return _Made(patched, published)

    # --- what is refused ---------------------------------------------------------------------------------------------

    def _refuse_woken(self) -> None:
        woken = self.source.woken()
        if woken:
            raise UnsupportedEditError(
                f"{self.source.name}, {woken[0]}: {len(woken):,} calls depend on a function that Excel calculates on "
                "opening, such as TODAY or OFFSET: where no add-in is installed, opening alone would show #NAME? there"
            )

    def _hide(self, suppression: Suppression) -> None:
        self.hidden = hidden_cells(self.source.book, suppression)
        certain, possible = given_away(self.source.book, self.hidden)
        if certain:
            raise UnsupportedEditError(
                f"{self.source.name}: hidden numbers would be given away, in {len(certain):,} of its cells; hide these "
                f"too (--hide), or publish without suppression: {_listed(certain)}"
            )
        self.warnings += tuple(possible)

    def _wrong(self, evaluation: Evaluation) -> list[_Wrong]:
        """Return the cells that do not give their saved value."""
        calculation = evaluation.calculated
        assert calculation is not None
        wrong = []
        for i, (saved, value) in enumerate(zip(evaluation.saved.scalars(), calculation.values.scalars(), strict=True)):
            cell, reason = evaluation.key(i), calculation.reasons.get(i)
            if cell in self._shows_record or i in calculation.volatile:
                continue
            if reason is not None:
                wrong.append(_Wrong(cell, reason.text, None))
            elif not same_saved(saved, value, TOLERANCE) and not noise(saved, value):
                wrong.append(_Wrong(cell, f"saved {display(saved)}, calculated {display(value)}", value))
        return wrong

    def _without_carried(self, draft: bytes, wrong: list[_Wrong]) -> list[_Wrong]:
        """Leave out cells whose formulas do give their saved values from the saved values of the cells they refer to.

        What is left of two large numbers, one taken from the other, carries their last digits among its first.
        """
        numbers = [w for w in wrong if isinstance(w.value, float) and w.cell in self._follows_calls]
        if not numbers:
            return wrong
        evaluation = self._calculated(draft, ("calculate", "local"))
        local = evaluation.local
        assert local is not None
        for w in numbers:
            at = evaluation.place(w.cell)
            if at is None or at in local.reasons:
                continue
            saved = evaluation.saved.item(at)
            if same_saved(saved, local.values.item(at), TOLERANCE) and same_saved(saved, w.value, _CARRIED):
                self.carried.add(w.cell)
        return [w for w in wrong if w.cell not in self.carried]

    def _caused(self, wrong: list[_Wrong]) -> list[_Wrong]:
        """Return the cells that the edition makes wrong: those that were wrong before in the same way are left out."""
        return [w for w in wrong if w.cell not in self._before or not self._same_as_before(w)] if wrong else []

    def _same_as_before(self, wrong: _Wrong) -> bool:
        before = self._before[wrong.cell]
        return before.value is None if wrong.value is None else same_saved(before.value, wrong.value, TOLERANCE)

    @cached_property
    def _before(self) -> Mapping[CellKey, _Wrong]:
        """The cells of the workbook as it is that do not give their saved value."""
        with self.means.worker() as worker:
            return {w.cell: w for w in self._wrong(self.means.evaluate(self.source.book.path, worker))}

    def _judge(self, wrong: list[_Wrong]) -> None:
        """Refuse an edition that changes values, and stale results of functions; warn of what else is not proved."""
        caused = self._caused(wrong) if self.edition != "values" else []
        if caused:
            raise BookError(
                f"{self.source.name}: {len(caused):,} cells would give another value in the edition {self.edition}: "
                f"{_listed([w.said for w in caused])}"
            )
        calls = set(self.source.calling(self.source.used))
        stale = [w for w in wrong if w.cell in calls and w.value is not None]
        if stale:
            raise BookError(
                f"{self.source.name}: the saved values of {len(stale):,} cells are not what their functions give; run "
                f"`xlmodel recalc` first: {_listed([w.said for w in stale])}"
            )
        if wrong:
            self.warnings += (
                f"{len(wrong):,} saved values are not proved, see `xlmodel verify`: {_listed([w.said for w in wrong])}",
            )

    # --- what is made ------------------------------------------------------------------------------------------------

    @cached_property
    def _follows_calls(self) -> frozenset[CellKey]:
        """The cells that call a function, and all that is calculated from them."""
        calls = set(self.source.calling(self.source.used))
        return frozenset(self.source.graph.dependents(calls) | calls) if calls else frozenset()

    @cached_property
    def _shows_record(self) -> frozenset[CellKey]:
        """The cells that show the record, and all that is calculated from them."""
        own = set(self.source.own_cells().values())
        return frozenset(self.source.graph.dependents(own) | own) if own else frozenset()

    def _record(self) -> Record:
        """Return what the new file will say of itself.

        Where numbers are hidden there is no hash: a few small numbers can be tried until it fits.
        """
        source = self.source
        skipped = self._shows_record | set(source.calling(self.lacking) if self.lacking else ())
        cells = (
            (sheet.name, int(sheet.row[i]), int(sheet.col[i]), sheet.values.item(i))
            for sheet, i in source.book.formula_cells()
            if CellKey(sheet.name, int(sheet.row[i]), int(sheet.col[i])) not in skipped
        )
        sheets = {} if self.hidden else values_hashes(cells)
        return Record(
            self.edition,
            __version__,
            {name: (f.version, f.signature_hash) for name, f in source.used.items()},
            total_hash(sheets) if sheets else "",
            sheets,
            tuple(self.lacking),
        )

    def _draft(self, record: Record, kept: Collection[tuple[str, Cell]]) -> tuple[bytes, tuple[CellKey, ...]]:
        """Return the file with everything in it but the values of cells that depend on the record."""
        parts, constants = Parts(self.source.package), tuple[CellKey, ...]()
        if self.edition != "values":
            calculating(parts, self.source, self.edition, kept)
        if self.edition == "lambda" and self.lacking:
            constants = keep_results(parts, self.source, self.lacking)
        write_record(parts, record)
        content = parts.patched().content
        shown = {"Values_hash": record.values or _NO_HASH, "Functions_version": _functions_text(record)}
        edits = [SetValue(*cell, shown[name]) for name, cell in self.source.own_cells().items()]
        return (patch(content, self._read(content), edits).content if edits else content), constants

    def _read(self, content: bytes) -> Book:
        return read_package(Package(content, self.source.book.path))

    def _calculated(self, draft: bytes, what: Sequence[str] = ("calculate",)) -> Evaluation:
        means = replace(self.means, registry=Registry()) if self.edition == "lambda" else self.means
        with tempfile.TemporaryDirectory() as folder, means.worker() as worker:
            path = Path(folder) / self.source.book.path.name
            path.write_bytes(draft)
            return means.evaluate(path, worker, what, self.advance)

    def _finished(self, draft: bytes, evaluation: Evaluation) -> Patched:
        """Return the file with the values of cells that depend on the record, and without formulas where wanted.

        What follows from a function gets the last digits of its own edition, and so does what is 0 but for noise.
        """
        calculation = evaluation.calculated
        assert calculation is not None
        fresh: dict[CellKey, Scalar] = {}
        for cell in self._shows_record:
            at = evaluation.place(cell)
            if at is not None and at not in calculation.reasons:
                fresh[cell] = as_stored(calculation.values.item(at))
        for at, (saved, value) in enumerate(zip(evaluation.saved.scalars(), calculation.values.scalars(), strict=True)):
            if at not in calculation.reasons and self._last_digits(evaluation.key(at), saved, value):
                fresh[evaluation.key(at)] = value
        if self.edition == "values":
            parts = Parts(Package(draft, self.source.book.path))
            to_values(parts, self.source, fresh, self.hidden)
            return parts.patched()
        return patch(draft, self._read(draft), [SetSaved(*cell, value) for cell, value in fresh.items()])

    def _last_digits(self, cell: CellKey, saved: Scalar, value: Scalar) -> bool:
        """Tell whether a cell's saved value differs from that of the edition, and in its last digits alone."""
        if saved == value or noise(saved, value):
            return saved != value
        if cell in self.carried:
            return True
        return cell in self._follows_calls and not same_saved(saved, value) and same_saved(saved, value, TOLERANCE)


_NO_HASH = "none: small numbers are hidden in this edition"


def _functions_text(record: Record) -> str:
    signatures = " ".join(signature for _, signature in record.functions.values())
    return f"{len(record.functions)} functions, signature {hashlib.sha256(signatures.encode()).hexdigest()[:12]}"


def _listed(said: Sequence[str]) -> str:
    return "; ".join(said[:_SHOWN]) + (f"; and {len(said) - _SHOWN:,} more" if len(said) > _SHOWN else "")
