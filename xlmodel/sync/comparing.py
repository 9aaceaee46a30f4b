"""Comparing a feed's rows with its target: what would change, come, go or stay, and what has to be chosen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from xlmodel.book import SetValue
from xlmodel.layout.shown import shown
from xlmodel.sync.choices import Choices
from xlmodel.sync.conflicts import Decision, decide, same
from xlmodel.sync.declared import Feed, FieldRule
from xlmodel.sync.keys import Identity, alike, identity, key_text
from xlmodel.sync.planned import CellChange, Conflict, Kept, Key, Problem, RowAdded, RowRemoved
from xlmodel.sync.synced import Synced
from xlmodel.sync.targets import Located
from xlmodel.sync.units import unit_size
from xlmodel.values import Scalar

__all__ = ["Comparison", "Incoming"]

_DATE_FORMATS = {"date": "dd/mm/yyyy", "datetime": "dd/mm/yyyy hh:mm"}


@dataclass(frozen=True, eq=False)
class Incoming:
    """The rows of a source, by the target's headings, with dates as the workbook counts them."""

    columns: Mapping[str, Sequence[Scalar]]
    places: Sequence[str]  #: where each row comes from

    def row(self, at: int) -> dict[str, Scalar]:
        """Return one row by heading."""
        return {heading: contents[at] for heading, contents in self.columns.items()}


class Comparison:
    """A feed's rows beside its target and what was synced last.

    Parameters
    ----------
    feed : Feed
        What is declared.
    target : Located
        The target as the workbook has it.
    incoming : Incoming
        The source's rows.
    last : Synced, optional
        What was synced last; None where the feed never was.
    choices : Choices
        What was chosen for conflicts.
    """

    def __init__(self, feed: Feed, target: Located, incoming: Incoming, last: Synced | None, choices: Choices) -> None:
        self.feed, self.target, self.incoming = feed, target, incoming
        self._choices = choices
        #: with other keys, rows of then cannot be found again
        self._last = {} if last is None or last.keys != feed.keys else last.by_key
        self._now = {rule.heading: target.contents(rule.heading) for rule in feed.columns}
        self._fields = [rule for rule in feed.columns if rule.heading not in feed.keys]
        self.changes: list[CellChange] = []
        self.added: list[RowAdded] = []
        self.removed: list[RowRemoved] = []
        self.conflicts: list[Conflict] = []
        self.kept: list[Kept] = []
        self.problems: list[Problem] = []
        self.edits: list[SetValue] = []
        self._synced: list[Mapping[str, Scalar]] = []
        self._compare()

    @property
    def synced(self) -> Synced:
        """What is synced last once the plan is applied: the source's rows, and those that the workbook lost since."""
        return Synced.of(self.feed.keys, tuple(self._now), self._synced)

    @cached_property
    def formats(self) -> dict[str, str]:
        """How the cells of each column of numbers or dates show them, or will."""
        rows = self.target.data_rows
        found = {}
        for rule in self.feed.columns:
            if rule.type not in ("text", "boolean"):
                code = self.target.number_format(int(rows[-1]), rule.heading) if rows.size else "General"
                found[rule.heading] = self._format(rule, code)
        return found

    def after(self, column: str) -> list[Scalar]:
        """Return what a column holds once the plan is applied, in no order."""
        gone = {row.row - self.target.body.top for row in self.removed}
        new = {change.cell.row - self.target.body.top: change.new for change in self.changes if change.column == column}
        stays = [new.get(at, content) for at, content in enumerate(self._now[column]) if at not in gone]
        return stays + [row.values[column] for row in self.added]

    def before(self, column: str) -> list[Scalar]:
        """Return what a column holds now."""
        return self._now[column]

    def _compare(self) -> None:
        self._refuse_calculated()
        self._refuse_shown_units()
        rows = self._rows
        source = {identity(self._source_key(i)): i for i in range(len(self.incoming.places))}
        self._refuse_twice(rows, source.keys() | self._last.keys())
        matched = sorted((rows[key][0], i) for key, i in source.items() if key in rows)
        for at, i in matched:
            self._cells(at, i)
            self._synced.append(self.incoming.row(i))
        alone = [(key, i) for key, i in source.items() if key not in rows]
        looks = {alike(key): key for at in rows.values() for key in [self._key(at[0])]}
        for key, i in alone:
            if not self._refuse_alike(i, looks):
                self._only_in_source(key, i)
        for key, row in self._last.items():
            if key not in source and key in rows:
                self._gone_from_source(rows[key][0], row)
        if self.feed.rows == "replace":
            for key, places in rows.items():
                if key not in source and key not in self._last:
                    self.kept += [Kept("own row", self._key(at), None, None, None, None) for at in places]

    # what is there

    @cached_property
    def _rows(self) -> dict[Identity, list[int]]:
        """The rows of the workbook by their keys; a row whose key is blank in part is none of the feed's."""
        found: dict[Identity, list[int]] = defaultdict(list)
        for at in self.target.data_rows.tolist():
            key = self._key(at)
            if None not in key:
                found[identity(key)].append(at)
        return dict(found)

    @cached_property
    def _calculated_keys(self) -> list[str]:
        return [heading for heading in self.feed.keys if self.target.calculated(heading)]

    def _key(self, at: int) -> Key:
        return tuple(self._now[heading][at] for heading in self.feed.keys)

    def _source_key(self, i: int) -> Key:
        return tuple(self.incoming.columns[heading][i] for heading in self.feed.keys)

    # what cannot be

    def _refuse_calculated(self) -> None:
        for rule in self._fields:
            if self.target.calculated(rule.heading):
                at = int(self.target.data_rows[0])
                formula = self.target.formula(at, rule.heading)
                self.problems.append(
                    Problem(
                        f"column {rule.heading!r} is calculated in the workbook ({formula}); a feed cannot fill it: "
                        f"take it out of the columns of {self.feed.name}",
                        self.target.cell(at, rule.heading),
                    )
                )
        self._fields = [rule for rule in self._fields if not self.target.calculated(rule.heading)]

    def _refuse_shown_units(self) -> None:
        """Refuse numbers in the unit that cells only show: those that hold pounds and show millions are the trap."""
        for rule in self._fields:
            size = unit_size(rule.unit)
            if size is None or size == 1 or not self.target.data_rows.size:
                continue
            at = int(self.target.data_rows[-1])
            code = rule.number_format or self.target.number_format(at, rule.heading)
            if Decimal(10) ** -shown(code).shift == size:
                self.problems.append(
                    Problem(
                        f"column {rule.heading!r} shows {rule.unit} by its number format, and holds other numbers: "
                        f"what the feed {self.feed.name} brings in {rule.unit} would be wrong by a factor of "
                        f"{size if size > 1 else 1 / size:,f}; its unit must be what the cells hold",
                        self.target.cell(at, rule.heading),
                    )
                )

    def _refuse_twice(self, rows: Mapping[Identity, Sequence[int]], mentioned: Iterable[Identity]) -> None:
        for key in mentioned:
            places = rows.get(key, ())
            if len(places) > 1:
                numbers = ", ".join(str(self.target.body.top + at) for at in places)
                self.problems.append(
                    Problem(
                        f"rows {numbers} of {self.target.sheet.name} have the same {' and '.join(self.feed.keys)} "
                        f"({key_text(self._key(places[0]))}): which of them the source means cannot be told; "
                        "make them differ, or add a key column",
                        self.target.cell(places[1], self.feed.keys[0]),
                    )
                )

    def _refuse_alike(self, i: int, looks: dict[tuple[str, ...], Key]) -> bool:
        """Refuse a row that is almost one of the workbook's, or of the source's: so duplicates come about."""
        key = self._source_key(i)
        other = looks.setdefault(alike(key), key)
        if identity(other) == identity(key):
            return False
        self.problems.append(
            Problem(
                f"{key_text(key)} is almost, but not quite, {key_text(other)}, which is there already: they differ in "
                "capitals, in spaces, or in being a number or a text; write both the same way",
                source=self.incoming.places[i],
            )
        )
        return True

    def _refuse_formula(self, at: int, rule: FieldRule, i: int) -> bool:
        formula = self.target.formula(at, rule.heading)
        if formula:
            self.problems.append(
                Problem(
                    f"column {rule.heading!r}, {key_text(self._key(at))}: the cell is calculated ({formula}), and the "
                    "source has a value for it; a formula is never replaced: type the value into the cell, or take "
                    "the row out of the source",
                    self.target.cell(at, rule.heading),
                    self.incoming.places[i],
                )
            )
        return bool(formula)

    # what becomes of cells and rows

    def _cells(self, at: int, i: int) -> None:
        key = self._key(at)
        last = self._last.get(identity(key), {})
        own = bool(self._last) and not last  # somebody added the row before the source had it
        for rule in self._fields:
            column = rule.heading
            base, new, old = last.get(column), self.incoming.columns[column][i], self._now[column][at]
            decision = decide(base, new, old, synced=column in last or (own and old not in (None, "")))
            if decision is Decision.KEEP:
                self.kept.append(Kept("typed", key, column, self.target.cell(at, column), old, new))
            elif decision is Decision.CONFLICT:
                conflict = Conflict(
                    "", key, column, self.target.cell(at, column), base, new, old, self.incoming.places[i]
                )
                if self._settled(conflict) == "source":
                    self._change(at, rule, i, first=False)
            elif decision is Decision.CHANGE:
                self._change(at, rule, i, first=column not in last)

    def _change(self, at: int, rule: FieldRule, i: int, *, first: bool) -> None:
        if self._refuse_formula(at, rule, i):
            return
        column = rule.heading
        cell, new, own = (
            self.target.cell(at, column),
            self.incoming.columns[column][i],
            self.target.number_format(at, column),
        )
        shows = self._format(rule, own)
        old, place = self._now[column][at], self.incoming.places[i]
        self.changes.append(CellChange(cell, self._key(at), column, old, new, place, shows, first))
        self.edits.append(SetValue(*cell, new, None if shows == own else shows))

    @staticmethod
    def _format(rule: FieldRule, own: str) -> str:
        """Return the number format of a cell that gets a column's value: a date must look like one."""
        if rule.number_format:
            return rule.number_format
        return _DATE_FORMATS[rule.type] if rule.type in _DATE_FORMATS and not shown(own).date else own

    def _only_in_source(self, key: Identity, i: int) -> None:
        """Decide about a row that the workbook has not: it is new, or someone deleted it since it was synced."""
        row, last = self.incoming.row(i), self._last.get(key)
        if last is None and self.feed.rows == "update":
            self.kept.append(Kept("unplaced", self._source_key(i), None, None, None, None))
        elif last is None:
            self._add(row, i)
        elif self.feed.rows == "update" or self._alike(last, row):
            self.kept.append(Kept("deleted", self._source_key(i), None, None, None, None))
            self._synced.append(row)
        else:
            conflict = Conflict(
                "", self._source_key(i), None, None, None, None, None, self.incoming.places[i], removed_by="workbook"
            )
            if self._settled(conflict) == "source":
                self._add(row, i)
            else:
                self._synced.append(row)

    def _add(self, row: dict[str, Scalar], i: int) -> None:
        if self._calculated_keys:
            self.problems.append(
                Problem(
                    f"the row {key_text(self._source_key(i))} cannot be added: its key {self._calculated_keys[0]!r} is "
                    "calculated in the workbook; choose keys that are typed in, or add the row in Excel",
                    source=self.incoming.places[i],
                )
            )
        self.added.append(RowAdded(self._source_key(i), row, self.incoming.places[i]))
        self._synced.append(row)

    def _gone_from_source(self, at: int, last: Mapping[str, Scalar]) -> None:
        key = self._key(at)
        if self.feed.rows != "replace":
            self.kept.append(Kept("not in source", key, None, self.target.cell(at, self.feed.keys[0]), None, None))
            self._synced.append(last)
            return
        typed = self.target.typed(at)
        now = {column: contents[at] for column, contents in self._now.items()}
        own = typed.keys() - {self.target.heading(column) for column in now}
        removed = RowRemoved(self.target.body.top + at, key, typed)
        if self._alike(last, now) and not own:
            self.removed.append(removed)
            return
        conflict = Conflict(
            "", key, None, self.target.cell(at, self.feed.keys[0]), None, None, None, "", removed_by="source"
        )
        if self._settled(conflict) == "source":
            self.removed.append(removed)

    @staticmethod
    def _alike(last: Mapping[str, Scalar], row: Mapping[str, Scalar]) -> bool:
        return all(same(last[column], content) for column, content in row.items() if column in last)

    def _settled(self, conflict: Conflict) -> str | None:
        settled = self._choices.settled(self.feed.name, conflict)
        self.conflicts.append(settled)
        return settled.choice
