"""The kernel and the reference engine on thousands of random scenarios."""
