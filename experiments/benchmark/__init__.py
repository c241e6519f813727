"""How fast ccsim is, measured beside programs that others would write: `python -m experiments.benchmark`."""
