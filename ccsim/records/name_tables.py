"""Columns of the tables of names: what the ids in the other tables are called."""

from __future__ import annotations

from typing import Final

from ccsim.records.columns import key

REPLICATION: Final = key("replication", "int32", "index", "Replication, from 0")
QUEUE: Final = key("queue", "int32", "id", "Queue: row of the table `queues`")
FLOW: Final = key("flow", "int32", "id", "Flow: row of the table `flows`")
POOL: Final = key("pool", "int32", "id", "Pool: row of the table `pools`")

ASSIGNEE: Final = key("assignee", "int32", "id", "Assignee: row of the table `assignees`")

QUEUES: Final = (
    QUEUE,
    key("name", "str", "name", "stream/tier, with the workflow before the tier where it was transferred"),
    FLOW,
    key("stream", "str", "name", "Stream"),
    key("volume", "str", "name", "Volume that the stream is a part of"),
    key("workflow", "str", "name", "Workflow"),
    key("market", "str", "name", "Market"),
    key("segment", "str", "name", "Segment"),
    key("channel", "str", "name", "Channel"),
    key("language", "str", "name", "Language"),
    key("cause", "str", "name", "Cause"),
    key("region", "str", "name", "Region of the market"),
    key("tier", "str", "name", "Tier"),
    key("bot", "str", "name", "Bot that contacts meet before they join; `none` without"),
    key("kind", "str", "name", "live or deferred"),
    key("severity", "str", "name", "Severity of the case; `none` where its workflow has none"),
)

#: Flows: the queues of one volume on one channel at one tier (of one workflow), for which tables by interval are kept.
FLOWS: Final = (
    FLOW,
    key("name", "str", "name", "volume/channel/tier, shorter where the volume has one channel"),
    key("volume", "str", "name", "Volume"),
    key("workflow", "str", "name", "Workflow"),
    key("market", "str", "name", "Market; `several` where it holds more than one"),
    key("segment", "str", "name", "Segment; `several` where it holds more than one"),
    key("channel", "str", "name", "Channel"),
    key("language", "str", "name", "Language; `several` where it holds more than one"),
    key("cause", "str", "name", "Cause; `several` where it holds more than one"),
    key("region", "str", "name", "Region; `several` where it holds more than one"),
    key("tier", "str", "name", "Tier"),
    key("bot", "str", "name", "Bot that contacts meet before they join; `none` without"),
    key("kind", "str", "name", "live or deferred"),
    key("severity", "str", "name", "Severity of the cases; `none` where their workflow has none"),
)

POOLS: Final = (
    POOL,
    key("name", "str", "name", "Pool"),
    key("tier", "str", "name", "Tiers, joined by +"),
    key("site", "str", "name", "Site; `none` without"),
    key("vendor", "str", "name", "Vendor; `none` without"),
    key("region", "str", "name", "Region of the site; `none` without"),
    key("languages", "str", "name", "Languages, joined by +; `any` where it speaks all"),
    key("headcount", "int32", "people", "People employed; most agents of the staffing where none is given"),
)

VENDORS: Final = (
    key("vendor", "int32", "id", "Vendor"),
    key("name", "str", "name", "Vendor"),
    key("kind", "str", "name", "in_house or bpo"),
)

SHRINKAGE_CAUSES: Final = (
    key("cause", "int32", "id", "Cause"),
    key("name", "str", "name", "break, absence, leave, training, ..."),
)

ASSIGNEES: Final = (
    ASSIGNEE,
    key("vendor", "str", "name", "Vendor that visits are assigned to, else the only one who may answer at once"),
    key("owner", "str", "name", "The same of the kind of vendor, `none` without"),
    key("site", "str", "name", "Only site that may answer them at once, `none` if it is no site; empty: several"),
    key("pool", "str", "name", "Only pool that may answer them at once; empty: several"),
    key("workflow", "str", "name", "Workflow"),
    key("channel", "str", "name", "Channel"),
    key("market", "str", "name", "Market"),
    key("language", "str", "name", "Language"),
    key("kind", "str", "name", "Whether the work is `live` or `deferred`"),
    key("due", "int8", "0/1", "Whether it is deferred work with a deadline"),
    key(
        "several",
        "str",
        "name",
        "Of `owner`, `vendor`, `site`, `pool` those by which some visits of its queues are of several, joined by `+`: "
        "by these, all visits of the queues count for who answered them",
    ),
)
