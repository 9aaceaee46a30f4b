"""The adapter to the `formulas` library: its parser and its functions, called over our own cells.

The library never sees a path, a sheet name or a defined name. Each distinct formula is rewritten so that every operand
is a placeholder, read once by the library's parser, and evaluated cell by cell in our own order.
"""

from xlmodel.engine.formulas.engine import FormulasEngine

__all__ = ["FormulasEngine"]
