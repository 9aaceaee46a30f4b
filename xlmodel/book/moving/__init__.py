"""Rows of a sheet that move, and everything in the workbook that refers to them."""

from xlmodel.book.moving.following import follow
from xlmodel.book.moving.formulas import moved_formula
from xlmodel.book.moving.moves import Growth, RowMove

__all__ = ["Growth", "RowMove", "follow", "moved_formula"]
