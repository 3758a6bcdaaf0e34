"""The sections of a site's record, and what each one opens to the site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nearmade.cloud.network.models import Site
from nearmade.cloud.pages.editing.place_forms import (
    AboutForm,
    OpeningForm,
    PowerForm,
    SkillsForm,
    StopsForm,
)
from nearmade.cloud.pages.editing.work_forms import MachinesForm, PricesForm, StockForm
from nearmade.facilities.facility import Facility


class SectionForm(Protocol):
    """What every section's form does."""

    def __init__(
        self, facility: Facility, site: Site, data: QueryDict | None = None
    ) -> None:
        """Read a facility, and what was sent."""

    def is_valid(self) -> bool:
        """Check what was sent."""

    def changes(self) -> Mapping[str, Any]:
        """Give new values of the facility's fields."""


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the editor.

    Parameters
    ----------
    key
        In addresses, and as the name of a change.
    title, opens
        For people: what it is, and what it opens to the site.
    icon
        Of the set.
    form
        Reads and checks it.
    """

    key: str
    title: Promise | str
    opens: Promise | str
    icon: str
    form: type[SectionForm]


SECTIONS: Final = (
    Section(
        "machines", _("Machines"),
        _("Without a machine that is ready your site is not asked. Known models bring "
          "their facts: size, temperatures, print profiles."),
        "printer", MachinesForm,
    ),
    Section(
        "stock", _("Materials in stock"),
        _("Without stock your site is not asked: an order goes where enough of its "
          "material lies in one lot."),
        "spool", StockForm,
    ),
    Section(
        "prices", _("Prices"),
        _("Every quote of your site is made from these figures and nothing else. A "
          "material without a price is not offered."),
        "coins", PricesForm,
    ),
    Section(
        "opening", _("Opening hours"),
        _("Work starts within these hours, in your own zone; holidays are left out of "
          "every promised day."),
        "clock", OpeningForm,
    ),
    Section(
        "about", _("Name, place and state"),
        _("Set the state to open for work, and your site is asked for quotes."),
        "store", AboutForm,
    ),
    Section(
        "stops", _("Itinerary"),
        _("For a workshop that moves: it is asked where it stands on the day, and at "
          "its base between stops."),
        "van", StopsForm,
    ),
    Section(
        "skills", _("Hand work and certificates"),
        _("Designs of several parts need hands that put them together; some orders "
          "ask for a certificate."),
        "hand", SkillsForm,
    ),
    Section(
        "power", _("Electricity"),
        _("The footprint of every quote counts where your electricity comes from; on "
          "sun and battery, builds wait for energy."),
        "plug", PowerForm,
    ),
)  # fmt: skip
BY_KEY: Final = {section.key: section for section in SECTIONS}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps orders from a site, and the section that opens it."""

    section: Section
    said: Promise


def obstacles_of(facility: Facility) -> list[Obstacle]:
    """Name what keeps a site from being asked, the first step first."""
    stocked = {lot.material for lot in facility.feedstocks if lot.stock_g > 0}
    ready = [machine for machine in facility.machines if machine.status != "down"]
    found: list[Obstacle] = []

    def note(key: str, said: Promise) -> None:
        found.append(Obstacle(BY_KEY[key], said))

    if not facility.machines:
        note("machines", _("no machine stands there yet"))
    elif not ready:
        note("machines", _("every machine is out of service"))
    if not stocked:
        note("stock", _("nothing lies on the shelf"))
    if not facility.tariff.machine_hour:
        note("prices", _("an hour of a machine has no price"))
    if stocked - set(facility.tariff.material_gram):
        note("prices", _("a material on the shelf has no price"))
    if facility.status != "active":
        note("about", _("it is not open for work"))
    return found
