"""Results of a workbook on their way out."""

from xlmodel.sync.results.exporting import Exported, export_all, export_results

__all__ = ["Exported", "export_all", "export_results"]
