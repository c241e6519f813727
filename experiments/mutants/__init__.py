"""Mutation testing: small faults are put into a module one at a time, and the tests of its room must fail."""
