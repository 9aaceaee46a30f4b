"""What the layout of a sheet says: blocks of one formula, labels, units, tables. Nothing here calculates."""
