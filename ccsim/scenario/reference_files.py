"""The part of the reference page that is about files."""

from typing import Final

FILES_PART: Final = """\
## Files of a telephone or WFM system

`forecast: calls.csv` and `staffing: staff.csv` read a file as it was exported: `.csv`, `.txt` or `.tsv` (packed as
`.csv.gz` too), `.xlsx` or `.parquet`. `files:` names a file and says what cannot be recognised, once for all that use
it:

```yaml
files:
  wfm: {file: export.csv, date: day first, columns: {date: Date, time: Interval, name: Queue, contacts: Offered}}
demand:
  billing: {forecast: {file: wfm, name: Billing (EN)}}
  orders: {forecast: {file: wfm, name: Orders, missing: 0}}
```

* **Columns** are named by their heads or numbers; the others are left alone. Columns that are called `start`, `date`,
  `time`, `period`, `name`, `contacts`, `per_minute`, `per_hour`, `agents`, `aht`, `talk`, `wrap_up`, `handled` or
  `handle_total` are found by themselves, and `weekday` or `day` as a date, `hour` as a time. A name that several
  columns have is a fault: say the number. `where: {Media Type: Voice}` takes only some rows. A column `name` says whose
  a row is: `name:`, else the name of the volume or pool itself; `ccsim check` warns of rows without one.
* **Several queues in one volume**: `name: [Billing EN, Billing ES]`, or `where: {Queue: [A, B], ...}` with
  `same_interval: add`. Contacts and agents of an interval are added up; handle times are their mean by contacts. One
  name with two rows of an interval stays a fault without `same_interval: add`.
* **Recognised and told by `check`**: what separates the cells, encoding, decimal and thousands signs, forms of dates
  and times, blank rows, totals, lines above and below the table (`Queue report`, `Page 1 of 3`, `* preliminary`), a
  head that each page repeats, a date that stands in the first of its rows only, a table that lies on its side. What
  could be read in two ways is a fault that shows both readings: 03/04/2026 needs `date: day first` or `month first`,
  1.125 needs `decimal:`, 4:15 needs `durations: mm:ss` or `h:mm`.
* **Whole numbers for times**: `480` may be minutes since midnight, `800` is 08:00, whichever gives even steps. Numbers
  of intervals (1 to 48, 0 to 95) stand in a column `period`, with `every: 30m` where they are not those of a whole day.
  17 in a column that is not called an hour is a fault without `every:`: it may be 17:00 or the 17th interval.
* **Units**: handle times may have them (`35 sec`, `2 min`), or their head (`AHT (min)`). Without, numbers are seconds;
  `ccsim check` warns where these are less than 10 s on average. Contacts of an interval without a handle time have that
  of the interval before. A currency sign or a unit in any other number is a fault.
* **Whose clock**: times without an offset are local times of the market or the site, or of the file's `time_zone`. With
  a `Z` or an offset like +02:00 they are turned into local time.
* **Width**: the step between the rows, or what `09:00-09:30` or `2026-03-02T08:00Z/2026-03-02T08:30Z` says. Where that
  is not certain, say `every: 30m`.
* **Named by their ends**: `columns: {end: Interval Ending}` where a row says when its interval ends. Midnight behind
  other rows of its date is the end of that date. A date alone is the last day of its row (`Week ending`).
* **Counts of a day, a week or a month** are spread by the volume's `profile`; weeks and months by its weekdays. Months
  may be written `2026-03` or `Mar 2026`, weeks of the ISO calendar `2026-W10`.
* **A typical week**: a column `date` of weekdays (in English or the languages of common exports), with or without a
  time of the day: each row holds on every date of its weekday. Weekdays that are numbers need `date: monday is 1`,
  `sunday is 1`, `monday is 0` or `sunday is 0`. Likewise a table that lies on its side: times across with weekdays or
  dates down, or the other way round. Its heads are times (`08:00`, `0800`, `8h30`, `9 AM`), or number a whole day
  (`H00` to `H23`, `HE01` to `HE24`, `1` to `48`); `H08` to `H17` are hours of the clock with `every: 1h`. Heads up to
  `24:00` name the ends of intervals.
* **Rows that are not there**: times of the day and weekdays that the file never has are closed hours, with nothing.
  Other gaps are faults, unless `missing: 0` or `missing: repeat` (the same time of the nearest week). The horizon
  before the first row and after the last is a fault, unless `outside: 0` or `outside: repeat`.
* **Clock changes**: intervals in the skipped hour of spring may be missing: contacts get 0, agents stay. Those of the
  repeated hour in autumn may be given twice, in order of time or of the clock, or told apart by their offset. Given
  once, contacts are shared evenly, and agents are there in both passages.
* **Agents** that are not whole numbers need `rounding: up`, `down` or `nearest`.

`roster: roster.csv` of a pool reads a published roster: a row for what each agent does from when to when.

```yaml
pools:
  desk:
    roster: {file: roster.csv, columns: {agent: Agent, date: Date, start: Start, end: End, activity: Activity},
             on_the_line: [Phone, Chat], unpaid: [Lunch]}
    shrinkage: {absence: 5%}                 # whole days, on top of the roster
```

* **Columns**: `agent`, `start` and `end`, and `date` where these are times of the day (else they have their own
  dates). `start` may hold both, like 09:00-17:30. An `end` on or before its `start` is on the next day. Without an
  `activity` all rows are on the line. A row without times is a day off.
* **Activities**: agents are signed in for those `on_the_line`; `unpaid` ones are not paid; all others are paid time
  away, by cause.
* **Skills by activity**: `activities: {Phone: {channels: phone}, Back office: {workflows: claims}}` says what agents
  serve then, by `channels`, `workflows` and `languages`, out of what the pool does. Each of these activities is a pool
  of its own for the same people, here `desk.phone` and `desk.back_office`; activities that are only `on_the_line` are
  `desk.on_the_line`. Tables and goals have a row for each. A workflow that names `desk` in its order of pools means all
  of them.
* **Rows of one agent** that touch, or have one date, are a shift. A row within another goes before it: breaks may lie
  in the row of a shift. Other rows that overlap are a fault. A gap is time off, as is unpaid time at the ends of a
  shift and of four hours or more. A shift without time on the line, like a day of leave, is paid, and nobody signs in.
* **Shrinkage**: `absence` and `leave` come on top, as whole days of an agent at random. The rest is in the roster.
* **The horizon**, warm-up included, has to lie within the dates of the file, unless `outside: 0` or `outside: repeat`
  (the same weekday of the nearest week). In a file of five days or more a weekday without a row is a day off.
* **Clocks**: times are local times of the site. An hour that clocks skip is no time. In the repeated hour a time is the
  first passage, unless an offset says otherwise, or the row can only end in the second.

## Recorded contacts

`trace: calls.csv` replays a file with a row a contact, as a telephone system exports single calls. It is read as a
forecast is, with the same keys of `files`:

```yaml
files:
  calls: {file: export.csv, date: month first, columns: {time: Call Start, name: Queue, talk: Talk Time}}
demand:
  billing: {trace: {file: calls, name: Billing (EN)}}
```

* **Columns**: `time` (or `start`), or `date` and `time` where these are two columns; where wanted `name`,
  `handle_time`, or `talk` and `wrap_up`, and `patience`. Other columns are left alone. A column called `stream` names
  volumes: another name in it is a fault.
* **Times**: dates with times in any form that is recognised or stated, as local times of the market, of the file's
  `time_zone`, or with an offset. Plain numbers of up to nine digits are seconds from the start of the horizon; those of
  ten or 13 digits count from 1970. Day numbers of Excel need `date: excel` where they might be seconds. Rows may stand
  in any order.
* **Durations** are seconds, `h:mm:ss`, or have units (`35 sec`, `2 min`); `durations:` says what plain numbers count.
  An empty cell is drawn at random. `never` in `patience` is a customer who does not abandon.
* **Clock changes**: in the repeated hour of autumn, contacts are of the second passage from where times go back. If
  rows are in no order there, all are taken for the first passage, and `ccsim check` warns; offsets tell the passages
  apart. Times in the skipped hour of spring are moved on. `ccsim check` says all this.
* **The horizon**: rows before its start are left out and counted; later ones are not simulated.

## Files of observed times

The file of an empirical law holds a row a time: `{file: talk.csv, column: Billing, unit: s}`. `file` may be a name of
`files`. `column` is a name or a number, and not needed where there is only one column. Plain numbers need a `unit`;
`h:mm:ss` and `35 sec` do not. Blank cells are left out. `where`, `decimal`, `durations`, `delimiter`, `encoding`,
`head`, `skip` and `sheet` mean what they mean under `files`.

## Limits of files

A file has at most 200,000,000 bytes, a text at most 400,000,000 unpacked, 5,000,000 rows, 10,000 columns and 100,000
characters in a line. A fault in more than three rows is told once, with the first lines.

"""
