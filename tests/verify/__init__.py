"""Simulates the reference cases with the engine and compares: `python -m tests.verify`."""
