"""What is counted and kept: outcomes, reasons, sums and the columns of every table, each declared once.

Imports nothing of ccsim. The kernel takes its codes and positions from here, readers and docs their names and units.
"""
