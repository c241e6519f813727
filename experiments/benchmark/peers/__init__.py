"""The same contact centres as programs that others would write: SimPy in several styles, and a plain loop."""
