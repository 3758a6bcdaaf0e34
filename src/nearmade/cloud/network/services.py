"""What the network's desk does: import sites, guard agents, keep what they say."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from nearmade.cloud.network.models import AgentToken, Operator, Site, SiteVersion
from nearmade.cloud.people.models import User
from nearmade.facilities.facility import Facility
from nearmade.facilities.record import facility_from_record, facility_record
from nearmade.facilities.reported_supply import (
    kept_supply,
    supply_from_record,
    supply_record,
)
from nearmade.logistics.near import cell_of, cells_within
from nearmade.vocabulary.errors import InvalidInput, NotFound, Refused
from nearmade.vocabulary.place import Place

#: Cells of about 22 km edge (H3 resolution 4), fine enough for "near".
CELL_RESOLUTION = 4
#: Areas of about 420 km edge (H3 resolution 1), that a map of the world counts by.
AREA_RESOLUTION = 1
#: A network of up to this many sites is asked as a whole.
ASK_ALL = 300
#: In a larger one, the first circle with so many sites is asked. [km]
ASK_AT_LEAST = 100
ASK_WITHIN_KM = (150.0, 500.0, 1000.0)
#: Silence after which a site counts as away. [s]
AWAY_AFTER_S = 180
#: Earlier versions of a site's record that are kept.
MOST_VERSIONS = 50


def import_facility(facility: Facility) -> Site:
    """Put a facility into the network, or bring its record up to date.

    What a site's operators wrote by its pages is kept: their word stands.
    """
    own = SiteVersion.objects.filter(site_id=facility.id, saved_by__isnull=False)
    if own.exists():
        return find_site(facility.id)
    site, _ = Site.objects.update_or_create(
        id=facility.id, defaults=site_columns(facility)
    )
    return site


def site_columns(facility: Facility) -> dict[str, Any]:
    """Give a site's row: the record, and what is searched and counted by."""
    place = facility.place
    return {
        "name": facility.name,
        "kind": facility.kind,
        "record": facility_record(facility),
        "country": place.country,
        "lat_deg": place.lat_deg,
        "lon_deg": place.lon_deg,
        "cell": cell_of(place, CELL_RESOLUTION),
        "area": cell_of(place, AREA_RESOLUTION),
        "processes": sorted({machine.process for machine in facility.machines}),
        "materials": sorted({lot.material for lot in facility.feedstocks}),
        "machine_count": len(facility.machines),
        "solar": facility.power.kind == "solar",
        "demo": facility.demo,
    }


@transaction.atomic
def save_facility(
    site_id: str,
    changes: Mapping[str, Any],
    *,
    by: User | None,
    changed: str,
    now: datetime,
) -> Site:
    """Change fields of a site's facility, keeping what it said before.

    Parameters
    ----------
    site_id
        Which site.
    changes
        New values of ``Facility``'s fields.
    by
        Who changes it; None for the platform.
    changed
        What is changed, in one word.

    Raises
    ------
    NotFound
        When the network has no such site.
    InvalidInput
        When the facility would break a rule.
    """
    site = Site.objects.select_for_update().filter(pk=site_id).first()
    if site is None:
        raise NotFound(f"site {site_id!r}: not in the network")
    facility = replace(facility_of(site), **changes)
    columns = site_columns(facility)
    facility_from_record(columns["record"])  # what is stored can be read again
    if columns["record"] == site.record:
        return site
    SiteVersion.objects.create(
        site=site, record=site.record, saved_at=now, saved_by=by, changed=changed
    )
    kept = site.versions.values_list("pk", flat=True)[:MOST_VERSIONS]
    site.versions.exclude(pk__in=list(kept)).delete()
    for name, value in columns.items():
        setattr(site, name, value)
    site.save()
    return site


def restore_version(version: SiteVersion, *, by: User, now: datetime) -> Site:
    """Let a site's facility be again what an earlier version says.

    Raises
    ------
    NotFound
        When the site is gone.
    InvalidInput
        When the version breaks a rule of today.
    """
    facility = facility_from_record(version.record)
    changes = {
        each.name: getattr(facility, each.name)
        for each in fields(facility)
        if each.name not in ("id", "demo")
    }
    return save_facility(version.site_id, changes, by=by, changed="restored", now=now)


def facility_of(site: Site) -> Facility:
    """Read a site's record as a facility, with what its agent reports of its power."""
    facility = facility_from_record(site.record)
    reported = kept_supply(site.supply)
    if reported is None or facility.power.kind != "grid":
        return facility
    return replace(facility, power=replace(facility.power, reported=reported))


def keep_supply(site: Site, record: Any, *, now: datetime) -> None:
    """Remember what a site's agent reports of its electricity; None takes it back.

    Raises
    ------
    InvalidInput
        When a field breaks its rule, or the site's record says that it has no grid.
    """
    kept = None
    if record is not None:
        kept = supply_record(supply_from_record(record, now))
        if facility_from_record(site.record).power.kind != "grid":
            raise InvalidInput(
                f"supply: the record of {site.pk} says that it has no grid",
                remedy="change its power to grid first, or report nothing",
            )
    Site.objects.filter(pk=site.pk).update(supply=kept, updated_at=now)


def sites_near(place: Place) -> QuerySet[Site]:
    """Give the sites worth asking: all of a small network, else the nearest cells'.

    The circle of H3 cells grows until there are enough sites in it.
    """
    if Site.objects.count() <= ASK_ALL:
        return Site.objects.all()
    for radius_km in ASK_WITHIN_KM:
        cells = cells_within(place, radius_km, CELL_RESOLUTION)
        near = Site.objects.filter(cell__in=cells)
        if near.count() >= ASK_AT_LEAST:
            return near
    return Site.objects.all()


def find_site(site_id: str) -> Site:
    """Find a site by its id.

    Raises
    ------
    NotFound
        When the network has no such site.
    """
    site = Site.objects.filter(pk=site_id).first()
    if site is None:
        raise NotFound(f"site {site_id!r}: not in the network")
    return site


def issue_token(site: Site, *, now: datetime) -> str:
    """Make a new secret for a site's agent; it is shown this once."""
    token = "nma_" + secrets.token_urlsafe(32)
    AgentToken.objects.create(
        site=site, token_sha256=_token_hash(token), created_at=now
    )
    return token


def revoke_tokens(site: Site, *, now: datetime) -> int:
    """End every token of a site's agent; give how many there were."""
    return site.tokens.filter(revoked_at__isnull=True).update(revoked_at=now)


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def site_of_token(token: str) -> Site:
    """Find the one site that a token opens.

    Raises
    ------
    Refused
        When the token is unknown or revoked.
    """
    row = (
        AgentToken.objects.filter(
            token_sha256=_token_hash(token), revoked_at__isnull=True
        )
        .select_related("site")
        .first()
    )
    if row is None:
        raise Refused("agent token: unknown or revoked", code="bad-token")
    return row.site


@transaction.atomic
def appoint_operator(user: User, site: Site) -> Operator:
    """Let a person act for a site."""
    operator, _ = Operator.objects.get_or_create(user=user, site=site)
    return operator


def site_operated_by(user: User, site_id: str) -> Site:
    """Find a site that this person may act for.

    Raises
    ------
    NotFound
        When there is no such site, or it is not this person's.
    """
    site = Site.objects.filter(pk=site_id, operators__user=user).first()
    if site is None:
        raise NotFound(f"site {site_id!r}: not one that you operate")
    return site


def keep_snapshot(site: Site, snapshot: dict[str, Any], *, now: datetime) -> None:
    """Remember what a site's agent said of it last."""
    Site.objects.filter(pk=site.pk).update(snapshot=snapshot, seen_at=now)


def is_live(site: Site, now: datetime) -> bool:
    """Say whether an agent of this site was heard of lately."""
    return (
        site.seen_at is not None and (now - site.seen_at).total_seconds() < AWAY_AFTER_S
    )
