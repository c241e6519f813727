"""What is stored of runs, comparisons, sweeps and searches: tables, digests, provenance, and their folders."""
