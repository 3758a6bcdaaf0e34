"""Where in the world a drawn design can be made: who all of it, who a part, what lacks.

Every site is asked at once; what each said is kept by what it depends on: the fit, the
version of the site's record, and the hour.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import gettext as _

from nearmade.cloud.catalogue.models import Instance
from nearmade.cloud.network.models import Site
from nearmade.cloud.network.services import facility_of
from nearmade.cloud.network.whole import Known, WholeNetwork, whole_network
from nearmade.cloud.pages.figures import plain_name
from nearmade.cloud.pages.makeable import need_of
from nearmade.cloud.pages.maps import Spot, WorldMap, world_map
from nearmade.matching.near_misses import near_misses
from nearmade.matching.substitution import substitutes_by
from nearmade.matching.table import NetworkTable
from nearmade.matching.table_gates import judge_table
from nearmade.matching.verdict import Reason
from nearmade.matching.whole_design import whole_design
from nearmade.matching.whole_need import WholeNeed
from nearmade.quoting.profiles import MAKEABLE
from nearmade.vocabulary.countries import country_name

#: What lacks most, named so many times.
LACKS_SHOWN = 5
#: Sites listed of those who can make all of it, and of those who can make a part.
SITES_SHOWN = 60
#: Up to so many sites are drawn one by one.
SINGLE = 300
#: Changes shown beside one refusal.
CHANGES_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Lack:
    """One rule that keeps sites from making it, with an example.

    Parameters
    ----------
    rule
        Code of the reason.
    sites
        How many sites it keeps away.
    said, remedy
        What one of them says, and what would open it.
    """

    rule: str
    sites: int
    said: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Where:
    """Who in the network can make a design.

    Parameters
    ----------
    sites
        How many were asked.
    all_of_it, alone
        Who makes every part; who of them puts it together too.
    a_part
        Who makes some parts, and how many.
    parts
        Each part's title and how many make it.
    lacks
        What keeps most sites away, the most first.
    """

    sites: int
    all_of_it: frozenset[str]
    alone: frozenset[str]
    a_part: Mapping[str, int]
    parts: tuple[tuple[str, int], ...]
    lacks: tuple[Lack, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """What one site says to a design.

    Parameters
    ----------
    version
        Of the site's record.
    makes_all, alone
        Whether it makes every part; whether it puts them together too.
    parts
        Positions of the parts that it makes.
    lacks
        One reason of each rule; none of a site that makes all.
    """

    version: datetime
    makes_all: bool
    alone: bool
    parts: tuple[int, ...]
    lacks: tuple[Reason, ...]


#: What sites said to the designs asked last, by fit and hour.
_SAID: OrderedDict[tuple[str, datetime], dict[str, _Said]] = OrderedDict()
_SAYING = threading.Lock()
#: Designs whose sites' answers are kept.
DESIGNS_KEPT = 64


def where_of(instance: Instance, now: datetime) -> Where:
    """Ask every site for a drawn design; only those that changed are asked anew."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    network = whole_network()
    return _where(instance.key, network, hour)


@lru_cache(maxsize=DESIGNS_KEPT)
def _where(key: str, network: WholeNetwork, hour: datetime) -> Where:
    need = need_of(Instance.objects.get(key=key))
    with _SAYING:
        said = _said_by_all(need, key, network, hour)
    makes: Counter[int] = Counter()
    a_part: dict[str, int] = {}
    for pk, each in said.items():
        makes.update(each.parts)
        if each.parts and not each.makes_all:
            a_part[pk] = len(each.parts)
    return Where(
        sites=len(said),
        all_of_it=frozenset(pk for pk, each in said.items() if each.makes_all),
        alone=frozenset(pk for pk, each in said.items() if each.alone),
        a_part=a_part,
        parts=tuple(
            (component.title, makes[n]) for n, component in enumerate(need.components)
        ),
        lacks=_lacks(said.values()),
    )


def _said_by_all(
    need: WholeNeed, key: str, network: WholeNetwork, hour: datetime
) -> dict[str, _Said]:
    """Give what every site says; those whose record is as it was are not asked."""
    before = _SAID.pop((key, hour), {})
    sites = network.sites
    changed = {
        pk: known
        for pk, known in sites.items()
        if pk not in before or before[pk].version != known.version
    }
    new = dict(_answers(need, changed, hour))
    said = {pk: new[pk] if pk in new else before[pk] for pk in sites}
    _SAID[key, hour] = said
    while len(_SAID) > DESIGNS_KEPT:
        _SAID.popitem(last=False)
    return said


def _answers(
    need: WholeNeed, sites: Mapping[str, Known], hour: datetime
) -> Iterable[tuple[str, _Said]]:
    facilities = [known.facility for known in sites.values()]
    found = whole_design(need, facilities, hour, profiles=MAKEABLE)
    makers = [frozenset(component.makers) for component in found.components]
    alone = frozenset(found.alone)
    for pk, known in sites.items():
        site_id = known.facility.id
        judgement = found.judgements[site_id]
        lacks: dict[str, Reason] = {}
        if not judgement.makes_all:
            for several in judgement.reasons.values():
                for reason in several:
                    lacks.setdefault(reason.rule, reason)
        yield (
            pk,
            _Said(
                known.version,
                judgement.makes_all,
                site_id in alone,
                tuple(n for n, some in enumerate(makers) if site_id in some),
                tuple(lacks.values()),
            ),
        )


def _lacks(said: Iterable[_Said]) -> tuple[Lack, ...]:
    """Count each rule once for each site that cannot make all of it."""
    sites: Counter[str] = Counter()
    examples: dict[str, Reason] = {}
    for each in said:
        for reason in each.lacks:
            examples.setdefault(reason.rule, reason)
            sites[reason.rule] += 1
    return tuple(
        Lack(rule, n, examples[rule].message, examples[rule].remedy)
        for rule, n in sorted(sites.items(), key=lambda one: (-one[1], one[0]))
    )[:LACKS_SHOWN]


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A site in the list of who can make it."""

    id: str
    name: str
    place: str
    country: str
    all_of_it: bool
    alone: bool
    parts: int
    solar: bool
    demo: bool


@dataclass(frozen=True, slots=True)
class WhereView:
    """What ``pages/parts/where.html`` shows."""

    where: Where
    map: WorldMap
    lines: tuple[PlaceLine, ...]
    countries: tuple[tuple[str, int], ...]
    more: int


def where_view(where: Where, title: str) -> WhereView:
    """Lay out who can make a design: the map, the list, the countries."""
    columns = ("pk", "name", "country", "lat_deg", "lon_deg", "area", "solar", "demo",
               "record__location__address__city")  # fmt: skip
    rows = {row[0]: row for row in Site.objects.order_by("name").values_list(*columns)}
    can = where.all_of_it
    makers = sorted(
        (pk for pk in rows if pk in can or pk in where.a_part),
        key=lambda pk: (pk not in can, rows[pk][1]),
    )
    lines = tuple(
        PlaceLine(
            id=pk,
            name=plain_name(rows[pk][1]),
            place=f"{rows[pk][8]}, {rows[pk][2]}",
            country=country_name(rows[pk][2]),
            all_of_it=pk in can,
            alone=pk in where.alone,
            parts=where.a_part.get(pk, 0),
            solar=rows[pk][6],
            demo=rows[pk][7],
        )
        for pk in makers[:SITES_SHOWN]
    )
    counted = Counter(country_name(rows[pk][2]) for pk in can if pk in rows)
    return WhereView(
        where,
        _map(list(rows.values()), where, title),
        lines,
        tuple(sorted(counted.items(), key=lambda one: (-one[1], one[0]))),
        max(0, len(makers) - SITES_SHOWN),
    )


def _map(rows: Sequence[tuple[object, ...]], where: Where, title: str) -> WorldMap:
    label = _("Where %(title)s can be made") % {"title": title}
    if len(rows) <= SINGLE:
        return world_map((_single(row, where) for row in rows), label)
    areas: dict[str, list[tuple[object, ...]]] = defaultdict(list)
    for row in rows:
        areas[str(row[5])].append(row)
    return world_map((_grouped(a, some, where) for a, some in areas.items()), label)


def _single(row: tuple[object, ...], where: Where) -> Spot:
    pk, name, _country, lat_deg, lon_deg = row[:5]
    site_id = str(pk)
    if site_id in where.all_of_it:
        said = _("%(site)s: can make all of it")
    elif site_id in where.a_part:
        said = _("%(site)s: can make a part of it")
    else:
        said = _("%(site)s: cannot")
    return Spot(
        id=site_id,
        lat_deg=float(str(lat_deg)),
        lon_deg=float(str(lon_deg)),
        label=said % {"site": plain_name(str(name))},
        href=reverse("pages:site", args=[site_id]),
        live=site_id in where.all_of_it,
        closed=site_id not in where.all_of_it and site_id not in where.a_part,
        go=True,
    )


def _grouped(area: str, some: Sequence[tuple[object, ...]], where: Where) -> Spot:
    """Draw an area's sites as one dot with the number of those who can make all."""
    can = sum(row[0] in where.all_of_it for row in some)
    part = sum(row[0] in where.a_part for row in some)
    said = _("%(all)s of %(n)s can make all of it, %(part)s a part") % {
        "all": can,
        "n": len(some),
        "part": part,
    }
    return Spot(
        id=area,
        lat_deg=sum(float(str(row[3])) for row in some) / len(some),
        lon_deg=sum(float(str(row[4])) for row in some) / len(some),
        label=said,
        href=f"{reverse('pages:sites')}?area={area}",
        live=can > 0,
        closed=not can and not part,
        go=True,
        count=max(1, can),
    )


def changes_that_open(
    instance: Instance, site_ids: Iterable[str], now: datetime
) -> dict[str, list[str]]:
    """Give small changes of the parts that would open sites, by site.

    Only these sites are asked, so that the work is bounded by the page.
    """
    rows = Site.objects.filter(pk__in=list(site_ids)).only("record")
    facilities = [facility_of(row) for row in rows]
    need = need_of(instance)
    if not facilities:
        return {}
    table = NetworkTable.of(facilities, MAKEABLE)
    opened: dict[str, list[str]] = defaultdict(list)
    for component in need.components:
        asked = component.requirement
        judged = judge_table(asked, table, now)
        found = near_misses(
            judged,
            asked,
            now,
            substitutes=substitutes_by(asked.process, asked.properties),
        )
        many = len(need.components) > 1
        for miss in found:
            said = f"{component.title}: {miss.message}" if many else miss.message
            for site in miss.opens:
                _add(opened[site], said)
    return dict(opened)


def _add(changes: list[str], said: str) -> None:
    if len(changes) < CHANGES_SHOWN and said not in changes:
        changes.append(said)
