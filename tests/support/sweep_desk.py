"""A desk of two pools with prices, small enough to be swept in a test."""

from typing import Final

DESK: Final = """\
scenario: desk
horizon: {start: 2026-01-05, length: 4h}
demand: {calls: {per_minute: 1, profile: flat}}
handle_time: {law: exponential, mean: 2m}
patience: {law: exponential, mean: 1m}
vendors: {own: {kind: in_house, paid_hour: 20}, partner: {kind: bpo, paid_hour: 12, minimum_hours_per_week: 400}}
sites: {here: {region: eu, time_zone: UTC, hours: 24x7}}
pools:
  a: {site: here, vendor: own, staffing: 2}
  b: {site: here, vendor: partner, staffing: 1}
run: {replications: 3, seed: 4}
goals:
  - {kpi: service_level, at_least: 70%, within: 20s}
  - {kpi: occupancy, at_most: 70%, vendor: own}
variants:
  more: {pools.a.staffing: +1}
"""
