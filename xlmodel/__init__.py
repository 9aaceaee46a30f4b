"""Python functions in spreadsheet cells, recalculated and verified without Excel."""

__version__ = "0.1.0"
