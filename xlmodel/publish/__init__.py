"""One workbook in four editions: for Excel alone, for each kind of add-in, and as values for publication."""

from xlmodel.publish.publishing import Published, default_path, publish
from xlmodel.publish.suppression import Suppression

__all__ = ["Published", "Suppression", "default_path", "publish"]
