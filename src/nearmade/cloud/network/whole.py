"""The whole network as facilities: each record is read once for each of its versions.

What asks every site at once keeps its answers by these versions, so that a change of
one site costs one site.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db.models import Count, DecimalField, F, Func, Sum

from nearmade.cloud.network.models import Site
from nearmade.cloud.network.services import facility_of
from nearmade.facilities.facility import Facility

#: Records read by one query.
_CHUNK = 500

#: Tells one state of the network's records from every other.
Stamp = tuple[int, str]


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A site's facility, and the moment that its record was written."""

    version: datetime
    facility: Facility


@dataclass(frozen=True, slots=True, eq=False)
class WholeNetwork:
    """Every site of the network at one state.

    Parameters
    ----------
    stamp
        Of this state.
    sites
        By id, in their order.
    """

    stamp: Stamp
    sites: Mapping[str, Known]


def network_stamp() -> Stamp:
    """Tell one state of the network's records from the next.

    The sum of all moments of writing sees a change that is committed late, after one
    that was written later; the last moment alone would not.
    """
    seconds: Any = Func(
        F("updated_at"),
        template="EXTRACT(EPOCH FROM %(expressions)s)",
        output_field=DecimalField(max_digits=30, decimal_places=6),
    )
    state = Site.objects.aggregate(n=Count("pk"), moments=Sum(seconds))
    return state["n"], str(state["moments"])


class _Kept:
    """The state that was read last in this process."""

    def __init__(self) -> None:
        self._reading = threading.Lock()
        self._last = WholeNetwork((0, ""), MappingProxyType({}))

    def now(self) -> WholeNetwork:
        stamp = network_stamp()
        with self._reading:
            if self._last.stamp != stamp:
                self._last = WholeNetwork(stamp, _read(self._last.sites))
            return self._last


def _read(before: Mapping[str, Known]) -> Mapping[str, Known]:
    """Read what changed since; keep the rest."""
    versions = dict(Site.objects.order_by("pk").values_list("pk", "updated_at"))
    fresh = [
        pk
        for pk, version in versions.items()
        if pk not in before or before[pk].version != version
    ]
    new: dict[str, Known] = {}
    for start in range(0, len(fresh), _CHUNK):
        rows = Site.objects.filter(pk__in=fresh[start : start + _CHUNK])
        for row in rows.only("record", "supply", "updated_at"):
            new[row.pk] = Known(row.updated_at, facility_of(row))
    return MappingProxyType(
        {pk: new.get(pk) or before[pk] for pk in versions if pk in new or pk in before}
    )


_KEPT = _Kept()


def whole_network() -> WholeNetwork:
    """Give every site of the network as it is now; one query when nothing changed."""
    return _KEPT.now()
