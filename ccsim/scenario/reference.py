"""The reference page of the scenario language, made from the forms and the docstrings of the typed model."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from ccsim.language.forms import DictForm, Form, ListForm
from ccsim.language.questions import QUESTIONS
from ccsim.language.scenario import SCENARIO
from ccsim.language.section_forms import SectionForm
from ccsim.scenario.reference_files import FILES_PART

_INTRODUCTION = """\
# The scenario language

`python -m docs.generate` writes this page, and a test checks that it is up to date. The [glossary](../glossary.md)
explains the terms. `ccsim schema` prints the same as a JSON Schema for editors. `ccsim check FILE` lists every fault of
a scenario, and `ccsim explain FILE KEY` says where a value comes from.

A scenario is one YAML document. The field decides how its text is read: `09:30` is a time, `no` is a word, `80%` is a
share, `6m30s` is a duration. Tags, anchors, aliases, merge keys (`<<`), a second document and duplicate keys in
one map are refused. The limits are 5 MB, 32 levels and 200,000 values.

## An editor that knows the language

`ccsim lsp` is a language server for this language, for VS Code, Neovim, Helix and others: see
[in the editor](../how-to/editor.md). The JSON Schema is for editors that only have the YAML language server.

`ccsim schema --out ccsim.schema.json` writes the JSON Schema. In VS Code install the extension *YAML* (by Red Hat)
and start a scenario with the line

```yaml
# yaml-language-server: $schema=ccsim.schema.json
```

The file's name is relative to the scenario. You can also name it once for all scenarios in `.vscode/settings.json`:

```json
{"yaml.schemas": {"./ccsim.schema.json": "scenarios/*.yaml"}}
```

The editor then completes keys and words, explains a key when the mouse rests on it, and underlines what
it cannot read. Other editors with the YAML language server (Neovim, Emacs, Helix, Zed) take the same line. Only
`ccsim check` finds faults between sections (names, sums of shares, hours, eligible pools). It accepts nothing that the
editor refuses.

## Quantities

| what | written | note |
|---|---|---|
| duration | `90s`, `6m30s`, `1.5h`, `2d`, `1w`, `250ms`, `10us` \
| units from large to small; no bare number; exact to the microsecond |
| share | `80%` or `0.8` | from 0 to 1 |
| ratio, factor | `0.7`, `70%`, `1.25` | may exceed 1 |
| whole number | `12`, `84_000` | underscores only between groups of three digits |
| amount | `41.50`, `18.50 EUR` | in the scenario's `currency`; with a code in that one, whose rate `currencies` gives |
| rate | `12 per minute` | per second, minute, hour, day or week |
| shares of a whole | `{us: 45%, brazil: 55%}` | add up to 100 %; a difference of up to 0.01 % is spread over them |
| trend | `0.5% per week`, `-2% per month` | per day, week, month or year; compound from the start of the horizon |
| weights | `1`, `40%` | only the proportions count |
| time of day | `09:30`, `09:30:15`, `24:00` | local |
| local time | `2026-03-02`, `2026-03-02 14:00` | whose clock: see below |
| days | `mon`, `mon-fri`, `daily`, `[sat, sun]` | |
| months | `dec`, `jun-aug` | |
| break | `15m`, `15m paid`, `30m unpaid` | whole minutes |
| holiday calendar | `DE`, `DE-BY` | the code of a country or a part of one, see [below](#clocks-and-holidays) |
| time zone | `Europe/Berlin` | a place of the time zone database, see [below](#clocks-and-holidays) |
| hours | `24x7`, `07:00-24:00`, `22:00-06:00`, \
`{mon-fri: 08:00-20:00, sat: [09:00-12:00, 14:00-18:00], sun: closed}` | days that are not named are closed |
| special days | `{2026-12-24: 08:00-12:00, 2026-12-28: closed}`, also beside the weekdays of hours | \
dates in place of their weekdays; sites and markets also say `holiday` and `workday` |
| range of dates | `2026-12-24..2026-12-31` | both dates are in it; wherever a date of special days, `on` or \
`leave_on` may stand |
| name | letters, digits and `_ . + -` | at most 100 |

## Whose clock

A local time is read by the clock of what it belongs to:

* the volume's *market* if `markets` defines it, else the scenario: rates, profiles, `forecast`, traces and their
  changes, dates on which a cause is fixed, and surges without a `time_zone`;
* the pool's *site* if it has one, else the scenario: shifts, hours and staffing;
* the scenario: the horizon and the queue groups. A queue group with `clock: market` goes by each market's own clock,
  and so do `opening_hours`.

## Clocks and holidays

*Time zones* are places, because only a place says when its clocks change. `ccsim check` answers other names with the
place: names of Windows (`W. Europe Standard Time`), abbreviations (`IST` is used in three places), cities. An offset
such as `GMT+1` or `UTC+05:30` is refused. Where an offset without summer time is meant, name a place that has it all
year: `Africa/Lagos` is UTC+1, `America/Bogota` is UTC-5, `Asia/Kolkata` is UTC+5:30. `EST`, `MST`, `HST`, `GMT` and
`Etc/GMT+5` are known but have no summer time, and the sign of `Etc/GMT+5` is turned: it is UTC-5. `ccsim check` warns
of them.

Where clocks change on different dates, the hours between places differ for some weeks. `ccsim check` looks for hours
without agents in every week of the horizon and says from which date to which they last.

*Holiday calendars* are those of the package `holidays`; days given in lieu count. The calendar of a country has only
the days that all its parts share. In Britain, Canada, Australia, Germany, Spain and Switzerland every part has more, so
name the part where the customers or agents are: `GB-ENG` has 9 days in 2026, `GB` has 7. `ccsim check` warns of such a
country. `ccsim explain FILE sites.NAME.holidays` lists the days.

## Volumes, streams and shares

Each entry under `demand` is a *volume*. `markets`, `segments`, `channels` and `causes` split it by shares. A
market with `languages` splits its contacts by theirs. Each combination is a *stream*, named by the volume and the
parts that split it: `ads_basic.us.en.premium.phone`. There may be at most 50,000 streams. One part needs no split:
`market: us`.

`per_day` and `per_week` without a `profile` are the same at all times. With a profile they are contacts of a normal
week, which the profile spreads over its hours and days. `season`, `trend` and `holidays` multiply that. These profiles
are built in (their figures are invented, with typical shapes): `flat`, `business_day` (office hours, no
weekend), `extended_day` (long days, half a weekend), `evening` (homes, after work), `always_on` (round the clock) and
`weekend_shop`.

## Files, variants and `--set`: what wins

Later wins: **base < extending file < variants in the order named < `--set` in the order given**.

* `extends: FILE` puts this file over another, whose name is relative to this file. Maps are merged key by
  key. Everything else (lists, numbers, words) is replaced as a whole. `key: ~` deletes a key of the base. Variants
  are inherited. A variant of the same name replaces the base's variant as a whole.
* `variants:` are named changes, chosen with `--variant NAME` or `FILE:NAME`. A variant is a map from dotted
  keys to values. It may build on others with `on: NAME` or `on: [A, B]`; those come first, each once.
  With `staff: keep occupancy` people follow its work: every pool gets whole people, halves up, in proportion to the
  work that the plan brings it with the variant and all that it is `on`, against without them. Pools whose people these
  say are left; variants and `--set` that come after go on from there.
* `--set key=value` is one change from the command line, written the same way.
* `searches:` and `sweeps:` are questions by name, which change no result: a [search](#search) for people is asked by
  `ccsim staff FILE:NAME`, a [sweep](#sweep) by `ccsim sweep FILE:NAME` (with `find` also by `ccsim solve FILE:NAME`).
  They are inherited like variants, and share their names: `FILE:NAME` means one thing. `ccsim check` checks them.

A change replaces the whole value at its key, even a map. `~` deletes the key, so its default applies.
Relative changes work on a plain number, share, duration, time of day or curve: `+2`, `-5%`, `+30s`, `x1.1`. A
change of a share counts in points. Agents and headcount are rounded to whole ones, halves up. In quotes, `"+2"` is
text. `-2% per month` is a trend, not a relative change.

Of shares that are 100 % together, a variant or `--set` may say some: `routing.vendor_share.ads.north: 85%` or
`: +15%`. The others then share the rest, in proportion to what they had; with `channels`, `markets`, `segments`,
`causes` and `languages` of a volume or market likewise. Where none of the others had anything, change the map:
`routing.vendor_share.ads: {north: 85%, house: 15%}`.

A key is a list of names joined by dots: `workflows.billing.tiers.t1.resolved`. Items of lists are numbered
from 0: `goals.0.at_least`. A name that contains a dot goes in single or double quotes:
`pools."site.a".staffing`. A key must exist in the scenario, or be one of the language that is at its
default. Any other key is a fault, reported with the nearest names.

To add something new, give a whole map under a new name: `pools.night: {staffing: 4}`. This works for a pool, site,
vendor, market, volume, surge, profile and so on. A goal is added under the next number, `goals.2: {kpi: asa, at_most:
30s}`. `ccsim` tells you if a new name is much like an existing one.

You can change two curves, staffing and the rate, for a stretch of local time. Put the stretch in brackets at the end of
the key (in a `{...}` map put the key in quotes):

```yaml
variants:
  busy_afternoon:
    pools.desk.staffing[2026-03-04 14:00..15:00]: +2
    demand.calls.rate[2026-03-04 09:00..2026-03-05 12:00]: x1.1
    demand.calls.rate[2026-03-06]: 12 per minute     # all day
```

`demand.NAME.rate` without a stretch stands for the volume's source, whatever it is. `x1.1` scales it. `12 per
minute` replaces it, with its profile, season, trend and holidays. Replacing a curve drops earlier changes of its
stretches, with a warning. A recorded trace cannot be changed.

File names in a scenario (data files too) are relative to the file that names them. In a `--set` they are relative to
the scenario.

"""
_AND_FURTHER = """\
## Laws

A law says how times vary (a probability distribution). It is a map with `law: NAME` and its parameters. Without `law:`
the keys decide:

| keys | law |
|---|---|
| `mean` and `cv`, `sd` or `median` | lognormal |
| `mean` and `shape` | weibull |
| `mean` and `k` | erlang |
| `mean` alone | exponential |
| `low` and `high` | uniform; with `mode` triangular |
| `p`, `m1`, `m2` | hyperexponential |
| `values` or `file` | empirical |
| `value` | constant |

A bare duration is the mean of an exponential law for patience, `tolerates` of `balking` and `every` of `breaks`. For a
handle time, a wrap-up, a delay or the length of a break it is constant.
`handle_time_cv: 80%` makes every talk that is only a duration or a mean lognormal with
that coefficient of variation. `ccsim check` says how it reads each short form (`assumed`), and the page lists it.

A handle time is a law (all talk), or `{talk: LAW, wrap_up: LAW or 15%}`, or `{from_forecast: yes}`. In workflows and
tiers it may differ by channel, `{phone: ..., chat: ...}`. The most specific one applies: tier by channel, tier,
workflow by channel, workflow, channel, scenario. Patience is a law, with `zero: 10%` for those who leave at once when
nobody is free; or `zero` alone; or `never`.

A forecast often says the average handle time by interval. Give it to the volume, and let the handle time follow it:

```yaml
demand:
  uk_phone: {per_day: 900, profile: business_day, aht: [[00:00, 320s], [12:00, 290s]]}
handle_time: {from_forecast: yes, cv: 0.8, wrap_up: 15%}
```

`aht` is talk and wrap-up together, by the local time at which contacts arrive. `cv` says how much single handle times
vary around it: lognormal; with neither `cv` nor `handle_time_cv` they are exponential. `wrap_up` is a share of the
talk. Every volume whose contacts come to such a handle time needs an `aht`.

## Short forms

What a first scenario says in one word. Each means what stands beside it, `ccsim check` tells what it is taken for
(`assumed`), and `ccsim explain` finds it by either key. To say both is a fault.

| short | long | note |
|---|---|---|
| `aht: 5m`, `aht: {phone: 5m, chat: 9m}` | `handle_time: {mean: 5m}`, ... | of a workflow, a tier, a channel or the \
scenario; talk and wrap-up together |
| `fcr: 80%` of a workflow | `tiers: {t1: {resolved: 80%}}` | only where it has one tier |
| `opening_hours: {mon-fri: 08:00-20:00}` | `queue_groups: {opening_hours: {channels: [phone, chat], tiers: t1, \
clock: market, hours: {mon-fri: 08:00-20:00}}}` | of the live channels and first tiers; deferred channels take \
contacts at all hours |
| `shrinkage: 30%` | `shrinkage: {unspecified: 30%}` | a share of the rostered time, as a block in each shift |
| `kind: vendor` | `kind: bpo` | of a vendor |
| `start: 08:00` | `starts: [08:00]` | of a shift pattern |
| `patience: 2m` | `patience: {law: exponential, mean: 2m}` | |
| `concurrency: 3` | `concurrency: 3, speed: [1, 1, 1]` | each of three contacts takes as long as one alone |
| `workflows: [a, b]` of a pool | `skills: {a: 1, b: 1}` | |

`queue_groups` may stand beside `opening_hours`: one that limits lines or places to wait holds too, and one with `hours`
may be for other queues (another tier, a deferred channel). Hours of the same queue in both are a fault.

## Names

Workflows, channels and markets that only volumes use need not be listed. Once one is listed, a volume's `workflow:`,
`channel:` or `market:` must be among them. (`phone`, and a workflow named as the volume, are always known.) These must
be defined: segments other than `all`, causes, pools, sites, vendors, shift patterns, profiles that are not built in and
tiers other than `t1`. A language is known if a market or a pool names it, a region if a site is in it, a
certification if a pool holds it.

## Old keys

These keys have new names. ccsim still reads the old ones, and `ccsim check` tells you the new name.

| old key | key now | in |
|---|---|---|
"""


def reference() -> str:
    """The reference page, Markdown."""
    every = list(sections())
    old = "".join(
        f"| `{before}` | `{now}` | [{form.title}](#{form.title.lower()}) |\n"
        for form in every
        for before, now in form.renamed.items()
    )
    return _INTRODUCTION + FILES_PART + _AND_FURTHER + old + "".join(map(section_markdown, every))


def sections() -> Iterator[SectionForm]:
    """Every section of the language, once, the root first."""
    seen: set[int] = set()
    titles: set[str] = set()
    todo: list[Form] = [SCENARIO, *QUESTIONS.values()]
    while todo:
        form = todo.pop(0)
        if id(form) in seen:
            continue
        seen.add(id(form))
        if isinstance(form, SectionForm) and form.title not in titles:
            titles.add(form.title)
            yield form
        todo.extend(form.parts())


def section_markdown(form: SectionForm) -> str:
    """One section as Markdown: a row for each key."""
    lines = ["", f"## {form.title}", "", " ".join((form.section.__doc__ or "").split()), ""]
    lines += ["| key | what | default | meaning |", "|---|---|---|---|"]
    for name, key in form.keys.items():
        default = "required" if key.required else f"`{key.default}`" if key.default else key.unsaid
        lines.append(f"| `{name}` | {_cell(_what(key.form))} | {default} | {_cell(key.doc)} |")
    return "\n".join(lines) + "\n"


def _what(form: Form) -> str:
    if isinstance(form, SectionForm):
        return f"a map, see [{form.title}](#{form.title.lower()})"
    if isinstance(form, DictForm) and isinstance(form.value, SectionForm):
        return f"a map from names, each value {_what(form.value)}"
    if isinstance(form, ListForm) and isinstance(form.item, SectionForm):
        return f"a list, each item {_what(form.item)}"
    return form.says


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(reference())
