"""Children and money from one run: stocks, flows, care days, cost, and what one scenario avoids against another."""
