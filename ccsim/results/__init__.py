"""Tables of one run: their columns, digest, provenance, and the folder they are kept in."""
