"""Where the rows of a feed come from."""

from xlmodel.sync.sources.rows import SourceRows, read_rows

__all__ = ["SourceRows", "read_rows"]
