"""Many replications: runs, comparisons, sweeps and searches."""
