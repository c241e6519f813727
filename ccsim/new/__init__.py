"""A first scenario from a few words: `ccsim new`."""
