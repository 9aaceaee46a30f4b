"""The native engine: Excel's arithmetic and functions, a workbook at a time."""

from __future__ import annotations

from xlmodel.engine.native.context import Locale
from xlmodel.engine.native.engine import NativeEngine
from xlmodel.engine.native.model import Model

__all__ = ["Locale", "Model", "NativeEngine"]
