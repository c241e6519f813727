"""How often the 95 % intervals of KPIs, and of differences of two variants, hold the exact value."""
