"""Triage: a model, a menu or a form that tells where a contact belongs before it joins a queue."""

from __future__ import annotations

from typing import ClassVar, Final

from ccsim.language.derive import form_for
from ccsim.language.forms import DictForm, names_of
from ccsim.language.from_ramp import LONGEST_RAMP, dated
from ccsim.language.monthly_price import MonthlyPrice
from ccsim.language.section import Section, field
from ccsim.text.quantities import Duration, LocalTime, Name, Share


class Triage(Section):
    """What tells the workflow of a contact before it joins a queue: an AI model that reads mails, a menu, a form. Fewer
    contacts, or more, then begin in a wrong queue: with it, `misrouted` here holds in place of the shares of the
    workflow, which still say which wrong queues there are."""

    misrouted: Share = field(label="share in a wrong queue")
    """Share of the triaged contacts that begin in a wrong queue, divided among the wrong queues of the workflow
    (`workflows.X.misrouted`) in proportion to their shares there."""
    channels: tuple[Name, ...] | None = field(default=None, form=names_of("channels"), none="all")
    """Only these channels; default: all."""
    workflows: tuple[Name, ...] | None = field(default=None, form=names_of("workflows"), none="all")
    """Only these workflows; default: all."""
    start: LocalTime | None = field(default=None, key="from", label="from", none="the beginning")
    """From when on it works, in the scenario's time zone. In YAML `from: 2026-06-01`."""
    ramp: Duration = field(default=0, most=LONGEST_RAMP, label="ramp-up")
    """Time from `from` on in which the share that is triaged rises evenly from nothing to all."""
    price: MonthlyPrice = field(default_factory=MonthlyPrice)
    """What it costs."""

    told_first: ClassVar = ("misrouted", "channels", "start")

    def reads(self, workflow: str, channel: str) -> bool:
        """Whether it triages the contacts of a workflow on a channel."""
        return (self.workflows is None or workflow in self.workflows) and (
            self.channels is None or channel in self.channels
        )


_INSTEAD: Final = {
    "share": "it reads all contacts of its `channels` and `workflows`; what it sends wrong is `misrouted`"
}
TRIAGE: Final = DictForm(form_for(Triage, finish=dated, lenient=True, instead=_INSTEAD), most=50)
