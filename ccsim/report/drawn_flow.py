"""Drawing of the way of the contacts as inline SVG: ribbons as wide as what goes along them, from left to right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from markupsafe import Markup, escape

from ccsim.report.flow_map import AGAIN, BAD, GOOD, FlowMap
from ccsim.report.numbers import percent

_WIDTH, _LEFT, _RIGHT, _TOP, _BAR = 1060.0, 185.0, 325.0, 34.0, 12.0
_FLOWS: Final = 250.0
"""Height of all that comes in."""
_LINE, _GAP, _BETWEEN = 16.0, 7.0, 34.0
"""Height of a label, room between places at the sides, and between those in the middle, whose labels stand above."""
MOST_COLUMNS: Final = 7
MOST_PLACES: Final = 14
"""A flow with more of them is not drawn; the table has all."""


@dataclass(slots=True)
class _Stop:
    """Where a ribbon, or all that goes through a place, stands in a column."""

    column: int
    height: float
    y: float = 0.0
    used_in: float = 0.0
    used_out: float = 0.0


Link = tuple[str, str]


def can_draw(flow: FlowMap) -> bool:
    """Whether all goes from left to right, in few enough places."""
    column = {node.key: node.column for node in flow.nodes}
    sizes = [sum(node.column == at for node in flow.nodes) for at in set(column.values())]
    forward = all(column[source] < column[to] for source, to in flow.links)
    return forward and len(sizes) <= MOST_COLUMNS and max(sizes) <= MOST_PLACES


def drawn_flow(flow: FlowMap, words: Mapping[str, str], said: str) -> Markup:
    """Channels, bots, tiers and outcomes, and what goes from one to another.

    Parameters
    ----------
    words
        Names of places by key, where they are called otherwise than in the key.
    said
        The result in words, for who cannot see the figure.
    """
    column = {node.key: node.column for node in flow.nodes}
    last = max(column.values())
    order = {node.key: place for place, node in enumerate(flow.nodes)}
    came = {node.name: flow.through(node.key) for node in flow.nodes if node.column == 0}
    scale, whole = _FLOWS / sum(came.values()), sum(came.values()) - came.get(AGAIN, 0)
    stops = {node.key: _Stop(node.column, max(flow.through(node.key) * scale, 1.5)) for node in flow.nodes}
    links = sorted(flow.links, key=lambda link: (order[link[1]], order[link[0]]))
    passes = {
        (link, at): _Stop(at, flow.links[link] * scale)
        for link in links
        for at in range(column[link[0]] + 1, column[link[1]])
    }
    height = 0.0
    for at in range(last + 1):
        through = [passes[link, at] for link in links if (link, at) in passes]
        places = [stops[node.key] for node in flow.nodes if node.column == at]
        height = max(height, _stack(through, places, side=at in (0, last)))
    step = (_WIDTH - _LEFT - _RIGHT - _BAR) / last
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {height + 10:.0f}" role="img" '
        f'aria-label="{escape(said)}" font-size="13">'
    ]
    for link in links:
        way = [stops[link[0]], *(passes[link, at] for at in range(column[link[0]] + 1, column[link[1]]))]
        title = f"{_called(link[0], words)} to {_called(link[1], words)}: {flow.links[link]:,}"
        parts.append(_ribbon([*way, stops[link[1]]], flow.links[link] * scale, step, link[1], title))
    for node in flow.nodes:
        count = flow.through(node.key)
        parts += _place(stops[node.key], step, _called(node.key, words), count, count / whole, last)
    return Markup("".join(parts) + "</svg>")  # noqa: S704 - our own drawing; texts are escaped


def _called(key: str, words: Mapping[str, str]) -> str:
    return words.get(key, key.partition(":")[2])


def _stack(through: Sequence[_Stop], places: Sequence[_Stop], *, side: bool) -> float:
    """Put what passes a column above its places; where it ends."""
    y = _TOP
    for one in through:
        one.y = y
        y += one.height
    for one in places:
        y += 0.0 if side else _BETWEEN - (_BETWEEN if y == _TOP else 0.0)
        one.y = y
        y += max(one.height, _LINE if side else 0.0) + (_GAP if side else 0.0)
    return y


def _ribbon(way: Sequence[_Stop], width: float, step: float, to: str, title: str) -> str:
    """One link, through all the columns that it passes."""
    tops = []
    for place, stop in enumerate(way):
        first, last = place == 0, place == len(way) - 1
        y = stop.y + (stop.used_out if first else stop.used_in if last else 0.0)
        x = _LEFT + stop.column * step
        tops.append((x + _BAR if first else x, y))
        if not first and not last:
            tops.append((x + _BAR, y))
    way[0].used_out += width
    way[-1].used_in += width
    name = to.partition(":")[2] if to.startswith("end:") else ""
    colour = "second" if name in GOOD else "first" if name in BAD else "third"
    there, back = _curve(tops), _curve([(x, y + width) for x, y in reversed(tops)])
    x, y = tops[0]
    end_x, end_y = tops[-1]
    return (
        f'<path d="M{x:.1f},{y:.1f}{there}L{end_x:.1f},{end_y + width:.1f}{back}Z" fill="var(--{colour})" '
        f'fill-opacity="0.38"><title>{escape(title)}</title></path>'
    )


def _curve(points: Sequence[tuple[float, float]]) -> str:
    """From point to point, level where it begins and ends."""
    parts = []
    for (x, y), (to_x, to_y) in pairwise(points):
        middle = (x + to_x) / 2
        parts.append(f"C{middle:.1f},{y:.1f} {middle:.1f},{to_y:.1f} {to_x:.1f},{to_y:.1f}")
    return "".join(parts)


def _place(stop: _Stop, step: float, name: str, count: int, share: float, last: int) -> list[str]:
    """A bar with its name, count and share of what came in."""
    x = _LEFT + stop.column * step
    bar = f'<rect x="{x:.1f}" y="{stop.y:.1f}" width="{_BAR:g}" height="{stop.height:.1f}" fill="var(--ink)"/>'
    middle = stop.y + max(stop.height / 2, 0.0) + 4.5
    shown = escape(name)
    if stop.column == 0:
        if stop.height >= 2 * _LINE:
            return [
                bar,
                f'<text x="{x - 8:.1f}" y="{middle - 8:.1f}" text-anchor="end" fill="var(--ink)">{shown}</text>',
                f'<text x="{x - 8:.1f}" y="{middle + 8:.1f}" text-anchor="end" fill="var(--soft)">{count:,}</text>',
            ]
        middle = max(middle, stop.y + 11)
        text = f'{shown} <tspan fill="var(--soft)">{count:,}</tspan>'
        return [bar, f'<text x="{x - 8:.1f}" y="{middle:.1f}" text-anchor="end" fill="var(--ink)">{text}</text>']
    soft = f'<tspan fill="var(--soft)"> {count:,}, {percent(share)}</tspan>'
    if stop.column == last:
        middle = max(middle, stop.y + 11) if stop.height < _LINE else middle
        return [bar, f'<text x="{x + _BAR + 7:.1f}" y="{middle:.1f}" fill="var(--ink)">{shown}{soft}</text>']
    where = f'x="{x + _BAR / 2:.1f}" y="{stop.y - 8:.1f}" text-anchor="middle"'
    halo = 'stroke="var(--card)" stroke-width="4" stroke-linejoin="round" paint-order="stroke"'
    text = f'{shown}<tspan fill="var(--soft)"> {count:,}</tspan>'
    return [bar, f'<text {where} {halo} fill="var(--ink)">{text}</text>']
