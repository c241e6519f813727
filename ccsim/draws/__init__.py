"""Random draws: Philox keyed by names, and the laws of times."""
