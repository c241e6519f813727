"""Figures and pages: what a run looks like on paper and in a browser."""
