"""Python functions in spreadsheet cells, recalculated and verified without Excel."""

from typing import Any

__all__ = ["Book", "__version__"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import what is asked for first when it is asked for: `import xlmodel` stays quick."""
    if name == "Book":
        from importlib import import_module

        return import_module("xlmodel.books").Book
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
