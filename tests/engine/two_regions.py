"""A centre of two regions, for stories and theory of a global centre."""

from __future__ import annotations

MARKETS = """
markets:
  us: {region: NA, time_zone: America/New_York, languages: {en: 100%}}
  de: {region: EMEA, time_zone: Europe/Berlin, languages: {de: 100%}}
sites:
  austin: {region: NA, time_zone: America/Chicago, hours: 24x7}
  berlin: {region: EMEA, time_zone: Europe/Berlin, hours: 24x7}
vendors: {own: {kind: in_house, paid_hour: 40}, helper: {paid_hour: 15}}
""".strip()


def world(
    pools: str, routing: str = "", demand: str = "{calls: {market: us, trace: calls.csv}}", more: str = ""
) -> str:
    lines = [MARKETS, f"demand: {demand}", f"pools: {{{pools}}}", f"routing: {{{routing}}}" if routing else "", more]
    return "\n".join(line for line in lines if line) + "\n"


NEAR = "near: {site: austin, vendor: own, staffing: 1}"
FAR = "far: {site: berlin, vendor: helper, staffing: 1}"
