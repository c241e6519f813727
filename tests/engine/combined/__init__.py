"""Scenarios that combine several settings, with values that are known exactly from chains and closed forms."""
