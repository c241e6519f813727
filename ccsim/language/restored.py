"""When service counts as restored after a surge has begun."""

from __future__ import annotations

from typing import Final

from ccsim.language.derive import form_for
from ccsim.language.forms import NameForm
from ccsim.language.section import Section, field
from ccsim.text.quantities import Duration, Name, Share
from ccsim.units import HOUR


class Restored(Section):
    """When service counts as restored: from the first report interval on from which the service level holds again for a
    stated time. It changes nothing that is simulated."""

    at_least: Share = field(label="service level at least")
    """Smallest service level of a report interval that counts as restored."""
    within: Duration | None = field(default=None, none="the first threshold of `service_level`")
    """Threshold of the service level; where it is not one of `service_level.within`, it is added there."""
    holds: Duration = field(default=2 * HOUR, above=0, label="holds for", key="for")
    """For how long it must hold: in all report intervals with contacts that follow each other over this much time;
    those without contacts (at night, say) are left out of it. In YAML `for: 4h`."""
    target: Duration | None = field(default=None, above=0, none="the counted time", label="to be restored within")
    """Time after the beginning of the surge in which service is to be restored: what the KPI `restored_in_time` counts,
    which goals are about."""
    workflow: Name | None = field(default=None, form=NameForm("workflows"), none="all")
    """Only contacts in queues of this workflow."""
    channel: Name | None = field(default=None, form=NameForm("channels"), none="all")
    """Only this channel."""
    segment: Name | None = field(default=None, form=NameForm("segments"), none="all")
    """Only this segment; its contacts need volumes of their own, as sums by time are kept by volume."""
    severity: Name | None = field(default=None, form=NameForm("severities"), none="all")
    """Only cases of this severity."""
    tier: Name | None = field(default=None, form=NameForm("tiers"), none="all")
    """Only this tier."""
    market: Name | None = field(default=None, form=NameForm("markets"), none="all")
    """Only this market; its contacts need volumes of their own. The surge then begins by its clock."""


RESTORED_SCOPES: Final = ("workflow", "channel", "segment", "severity", "tier", "market")
RESTORED: Final = form_for(Restored, says="a map like {at_least: 80%, within: 30s, for: 2h}")
