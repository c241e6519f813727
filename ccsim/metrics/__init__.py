"""KPI definitions and their estimates: sums first, ratios last."""
