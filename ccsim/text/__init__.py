"""From YAML text to a tree that knows its places, the faults found in it, and the reading of single values."""
