"""What several rules need of a workbook is worked out once, and kept as long as the workbook is looked at."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from xlmodel.lint.subject import Subject

__all__ = ["once"]

T = TypeVar("T")


def once(work: Callable[[Subject], T]) -> Callable[[Subject], T]:
    """Return a function of a subject that works for each subject once."""
    kept: WeakKeyDictionary[Subject, T] = WeakKeyDictionary()

    @wraps(work)
    def kept_or_worked_out(subject: Subject) -> T:
        if subject not in kept:
            kept[subject] = work(subject)
        return kept[subject]

    return kept_or_worked_out
