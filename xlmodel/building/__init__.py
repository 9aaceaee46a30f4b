"""The published workbook, built from a project's tables: one module a sheet, every number of a result a formula."""
