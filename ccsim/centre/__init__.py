"""What follows from a scenario before it is compiled: streams, day shapes, eligible pools, coverage, prices."""
