"""Workbooks as files of tests: an item for each sheet with formulas, each rule, the baseline, the publication."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import pytest

from xlmodel.errors import XlmodelError
from xlmodel.pytest_plugin.checking import checks_of
from xlmodel.pytest_plugin.judging import Judgement, of_baseline, of_file, of_publication, of_rule, of_sheet
from xlmodel.report.escape import safe
from xlmodel.verify.outcome import Outcome

__all__ = ["WorkbookFile"]


Judge = Callable[[Outcome], Judgement]


class WorkbookFile(pytest.File):
    """A workbook that is verified."""

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """Yield what is checked; of a file that cannot be read, one item that says why."""
        checks = checks_of(self.config)
        try:
            outline = checks.outline(self.path)
        except XlmodelError:
            yield _Item.from_parent(self, name="file", judge=of_file)
            return
        values = {safe(sheet): partial(of_sheet, sheet=sheet) for sheet in outline.sheets}
        rules = {rule: partial(of_rule, rule=rule) for rule in checks.rules}
        yield _Group.from_parent(self, name="values", judges=values)
        yield _Group.from_parent(self, name="lint", judges=rules)
        if outline.baseline:
            yield _Item.from_parent(self, name="baseline", judge=of_baseline)
        if outline.published:
            yield _Item.from_parent(self, name="published", judge=of_publication)


class _Group(pytest.Collector):
    """The items of one kind; not parameters in brackets, which pytest takes for those of a function."""

    def __init__(self, *, judges: Mapping[str, Judge], **more: Any) -> None:
        super().__init__(**more)
        self._judges = judges

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for each judge."""
        for name, judge in self._judges.items():
            yield _Item.from_parent(self, name=name, judge=judge)


class _FailedError(Exception):
    """A check does not hold; the text is what to show."""


class _Item(pytest.Item):
    """One check of a workbook."""

    def __init__(self, *, judge: Judge, **more: Any) -> None:
        super().__init__(**more)
        self._judge = judge

    def runtest(self) -> None:
        """Fail where the check does not hold, or where nothing is proved."""
        found = self._judge(checks_of(self.config).outcome(self.path))
        if found.notes:
            self.add_report_section("call", "notes", found.notes)
        if found.unproved and not found.failure and self.config.getini("xlmodel_allow_unverified"):
            pytest.skip(found.unproved.splitlines()[0])
        if found.failure or found.unproved:
            raise _FailedError("\n".join(filter(None, (found.failure, found.unproved))))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show what was found, and no trace of our own code."""
        if isinstance(excinfo.value, _FailedError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[os.PathLike[str], None, str]:
        """Return where the item stands and the heading of its failure."""
        group = self.parent.name if isinstance(self.parent, _Group) else ""
        return self.path, None, " ".join(filter(None, (safe(self.path.name) + ":", group, self.name)))
