"""Estimates of KPIs with their intervals, from the sums of a run: sums first, ratios last."""
