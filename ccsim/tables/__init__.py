"""From a file as a telephone or workforce system exports it to columns of values, with what was recognised in words."""
