"""The mathematics of flows, rates, cost and avoidance: arrays in, arrays out; no Excel, no files, no clock."""
