"""What is written into workbooks: recalculated values and edits, as plans that touch nothing else."""
