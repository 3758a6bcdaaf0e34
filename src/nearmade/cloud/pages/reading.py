"""Every look that the pages take at other desks' rows; nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from nearmade.cloud.catalogue.models import DesignVersion, Instance
from nearmade.cloud.network.models import Site
from nearmade.cloud.network.services import facility_of
from nearmade.cloud.orders.models import Order, OrderEvent, OrderLeg
from nearmade.cloud.pages.figures import plain_name
from nearmade.cloud.people.models import User
from nearmade.cloud.shopfloor.models import ON_A_MACHINE, Job
from nearmade.facilities.facility import Facility
from nearmade.production.job import JobState

IN_WORK = (
    Order.State.IN_PRODUCTION, Order.State.GATHERING, Order.State.ASSEMBLED,
    Order.State.TRAVELLING,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownSite:
    """A site's row beside the facility that its record describes."""

    row: Site
    facility: Facility


@dataclass(frozen=True, slots=True)
class SiteLabel:
    """What a site is called, and the town and country where it is."""

    name: str
    place: str


@dataclass(frozen=True, slots=True)
class NetworkFigures:
    """How large the network is, in counts."""

    sites: int
    countries: int
    solar: int
    machines: int


def standard_instances(
    versions: Iterable[DesignVersion],
) -> dict[int, Instance]:
    """Find the first drawn instance of each version, whose picture stands for it."""
    found: dict[int, Instance] = {}
    drawn = Instance.objects.filter(
        design_version__in=list(versions), state=Instance.State.READY
    ).order_by("created_at", "pk")
    for instance in drawn.prefetch_related("parts"):
        found.setdefault(instance.design_version_id, instance)
    return found


def known_sites() -> list[KnownSite]:
    """List the network in the order of names."""
    return [KnownSite(row, facility_of(row)) for row in Site.objects.order_by("name")]


def site_labels() -> dict[str, SiteLabel]:
    """Give each site's name, town and country."""
    rows = Site.objects.values_list(
        "pk", "name", "record__location__address__city", "country"
    )
    return {
        site_id: SiteLabel(plain_name(name), f"{town}, {country}")
        for site_id, name, town, country in rows
    }


def network_figures(sites: Iterable[KnownSite]) -> NetworkFigures:
    """Count sites, countries, solar sites and machines."""
    known = list(sites)
    return NetworkFigures(
        sites=len(known),
        countries=len({site.row.country for site in known}),
        solar=sum(site.facility.power.kind == "solar" for site in known),
        machines=sum(len(site.facility.machines) for site in known),
    )


def jobs_on_machines(limit: int = 30) -> list[Job]:
    """List what is on printers now, the newest first."""
    return list(
        Job.objects.filter(state__in=[state.value for state in ON_A_MACHINE])
        .select_related("site", "order__instance__design_version")
        .order_by("-started_at", "-created_at")[:limit]
    )


def sites_operated_by(user: User) -> list[Site]:
    """List the sites that a person acts for."""
    return list(Site.objects.filter(operators__user=user).order_by("name"))


def open_jobs_at(site: Site) -> list[Job]:
    """List a site's jobs that are not over, the oldest first."""
    over = [
        JobState.CHECKED.value, JobState.FAILED.value, JobState.CANCELLED.value,
    ]  # fmt: skip
    return list(
        site.jobs.exclude(state__in=over)
        .select_related("order__instance__design_version", "site")
        .prefetch_related("order__instance__parts")
    )


def orders_to_assemble_at(site: Site) -> list[Order]:
    """List the orders whose parts all lie at the site where they come together."""
    missing = OrderLeg.objects.filter(
        order=OuterRef("pk"), destination__isnull=False
    ).exclude(state=OrderLeg.State.ARRIVED)
    return list(
        Order.objects.filter(~Exists(missing), site=site, state=Order.State.GATHERING)
        .select_related("instance__design_version")
        .order_by("placed_at")
    )


def orders_awaiting_parts_at(site: Site) -> list[Order]:
    """List the orders whose parts travel to the site where they come together."""
    coming = OrderLeg.objects.filter(
        order=OuterRef("pk"),
        destination=site,
        state=OrderLeg.State.TRAVELLING,
    )
    return list(
        Order.objects.filter(Exists(coming), site=site, state=Order.State.GATHERING)
        .select_related("instance__design_version")
        .order_by("placed_at")
    )


def orders_to_hand_over_at(site: Site) -> list[Order]:
    """List the orders that are assembled and have not left."""
    return list(
        Order.objects.filter(site=site, state=Order.State.ASSEMBLED)
        .select_related("instance__design_version")
        .order_by("placed_at")
    )


def delivered_orders_at(site: Site, since: datetime | None = None) -> list[Order]:
    """List the orders of a site that reached their customer, perhaps since a moment."""
    reached = [Order.State.DELIVERED, Order.State.ACCEPTED]
    rows = Order.objects.filter(site=site, state__in=reached)
    if since is not None:
        lately = OrderEvent.objects.filter(kind="delivered", at__gte=since)
        rows = rows.filter(pk__in=lately.values("order"))
    return list(rows)


def orders_in_work_at(site: Site) -> list[Order]:
    """List the orders of a site that are being made or are on their way."""
    return list(Order.objects.filter(site=site, state__in=IN_WORK))


def jobs_to_decide_at(site: Site) -> list[Job]:
    """List the builds that went wrong, of orders that a person can still save."""
    return list(
        site.jobs.filter(
            state__in=[JobState.FAILED.value, JobState.ATTENTION.value],
            order__state=Order.State.IN_PRODUCTION,
        )
        .select_related("order__instance__design_version", "site")
        .prefetch_related("order__instance__parts")
    )
