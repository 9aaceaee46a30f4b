"""Published workbooks: their inputs, the program that builds each, and the workbook."""
