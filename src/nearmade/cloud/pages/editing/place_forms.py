"""Forms on the place: name, state, hours, stops, hands, electricity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from nearmade.adapters.places import one_place
from nearmade.cloud.network.models import Site
from nearmade.cloud.pages.editing.rows import filled, lines, rows_of
from nearmade.cloud.pages.templatetags.nearmade import kind_name, status_name
from nearmade.facilities.facility import (
    Facility,
    FacilityKind,
    FacilityStatus,
    OpeningHours,
    PowerSystem,
    Stop,
)
from nearmade.facilities.opening import is_zone
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.place import Place
from nearmade.vocabulary.processes import PROCESSES, children

MOST_HOLIDAYS = 200
#: Who may come in, in OKW's words, with ours.
ACCESS = (
    ("", _("not said")),
    ("Public", _("everybody")),
    ("Shared space", _("everybody who shares the space")),
    ("Membership", _("members")),
    ("Restricted with public hours", _("at public hours")),
    ("Restricted", _("nobody without being asked in")),
)
DAYS = (
    ("1", _("Monday")), ("2", _("Tuesday")), ("3", _("Wednesday")),
    ("4", _("Thursday")), ("5", _("Friday")), ("6", _("Saturday")),
    ("7", _("Sunday")),
)  # fmt: skip
#: Hand work that is offered by ticking it.
HAND_WORK = (
    "FINISHING", *children("FINISHING"), "SOLDERING", "GLUING", "SEWING",
    "ELECTRONICS-ASSEMBLY", "WIRE-HARNESSING",
)  # fmt: skip


def town_of(text: str) -> Place:
    """Look a town up, or say in the form which are near in name."""
    try:
        return one_place(text)
    except NotFound as error:
        raise forms.ValidationError(
            _t("We know no town of that name. %(remedy)s"),
            params={"remedy": error.remedy},
        ) from error


class AboutForm(forms.Form):
    """What it is called, where it stands, and whether it takes work."""

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Sort of place"),
        help_text=_(
            "Designs whose licence forbids paid work go to fab labs, homes and commons."
        ),
    )
    status = forms.ChoiceField(
        label=_("State"), help_text=_("Only a place that is open for work is asked.")
    )
    town = forms.CharField(
        label=_("Town"),
        max_length=80,
        help_text=_("With its country, for example Porto, PT."),
    )
    point = forms.CharField(
        label=_("Point"),
        max_length=60,
        required=False,
        help_text=_(
            "Latitude and longitude in degrees; empty for the middle of the town. "
            "Distances, carriage and footprint are counted from here."
        ),
    )
    access = forms.ChoiceField(
        label=_("Who may come in"),
        choices=ACCESS,
        required=False,
        help_text=_("Customers who collect their things need to come in."),
    )
    url = forms.URLField(
        label=_("Own page"), required=False, max_length=400, assume_scheme="https"
    )

    def __init__(
        self, facility: Facility, site: Site, data: QueryDict | None = None
    ) -> None:
        place = facility.place
        point = f"{place.lat_deg:g}, {place.lon_deg:g}"
        initial = {
            "name": facility.name,
            "kind": facility.kind,
            "status": facility.status,
            "town": str(place),
            "point": point,
            "access": facility.access,
            "url": facility.url,
        }
        super().__init__(data, initial=initial)
        self._facility = facility
        kinds = [(kind, kind_name(kind)) for kind in get_args(FacilityKind)]
        states = [(one, status_name(one)) for one in get_args(FacilityStatus)]
        for name, choices in (("kind", kinds), ("status", states)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def clean_town(self) -> Place:
        """Look the town up, unless it is the one that stood there."""
        text = self.cleaned_data["town"]
        place = self._facility.place
        return place if text == str(place) else town_of(text)

    def clean_point(self) -> tuple[float, float] | None:
        """Read latitude and longitude."""
        text = self.cleaned_data["point"]
        if not text.strip():
            return None
        try:
            lat_deg, lon_deg = (float(half) for half in text.split(","))
        except ValueError as error:
            raise forms.ValidationError(
                _t("Write two numbers with a comma between, for example 41.15, -8.61.")
            ) from error
        if not (-90 <= lat_deg <= 90 and -180 <= lon_deg <= 180):
            raise forms.ValidationError(
                _t("Latitude goes from -90 to 90, longitude from -180 to 180.")
            )
        return lat_deg, lon_deg

    def changes(self) -> Mapping[str, Any]:
        """Give name, kind, state, place, access and page."""
        given = self.cleaned_data
        place: Place = given["town"]
        moved = place != self._facility.place
        if given["point"] and not (moved and "point" not in self.changed_data):
            lat_deg, lon_deg = given["point"]
            place = Place(place.name, place.country, lat_deg, lon_deg)
        elif not given["point"]:
            place = _middle_of(place)
        names = ("name", "kind", "status", "access", "url")
        return {**{name: given[name] for name in names}, "place": place}


def _middle_of(place: Place) -> Place:
    try:
        return one_place(str(place))
    except NotFound:
        return place


class OpeningForm(forms.Form):
    """Days and hours, the zone they are in, and the days left out."""

    days = forms.MultipleChoiceField(
        label=_("Days"), choices=DAYS, widget=forms.CheckboxSelectMultiple
    )
    opens_hour = forms.FloatField(
        label=_("Opens at"),
        min_value=0,
        max_value=24,
        help_text=_("Hours from midnight; half past eight is 8.5."),
    )
    closes_hour = forms.FloatField(
        label=_("Closes at"), min_value=0, max_value=24, help_text=_("At most 24.")
    )
    zone = forms.CharField(
        label=_("Time zone"),
        required=False,
        max_length=60,
        help_text=_(
            "By its name, for example Africa/Nairobi: it knows about summer time."
        ),
    )
    holidays = forms.CharField(
        label=_("Closed on"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One day on a line, as 2026-12-24."),
    )

    def __init__(
        self, facility: Facility, site: Site, data: QueryDict | None = None
    ) -> None:
        hours = facility.opening
        initial = {
            "days": [str(day) for day in hours.days],
            "opens_hour": f"{hours.opens_hour:g}",
            "closes_hour": f"{hours.closes_hour:g}",
            "zone": facility.zone,
            "holidays": "\n".join(day.isoformat() for day in facility.holidays),
        }
        super().__init__(data, initial=initial)
        self._facility = facility

    def clean_zone(self) -> str:
        """Check the zone's name."""
        zone = str(self.cleaned_data["zone"]).strip()
        if zone and not is_zone(zone):
            raise forms.ValidationError(
                _t("There is no zone %(zone)s. Write continent and city, such as "
                   "Europe/Lisbon."),
                params={"zone": zone},
            )  # fmt: skip
        return zone

    def clean_holidays(self) -> tuple[date, ...]:
        """Read the days."""
        found: list[date] = []
        for line in lines(self.cleaned_data["holidays"]):
            try:
                found.append(date.fromisoformat(line))
            except ValueError as error:
                raise forms.ValidationError(
                    _t("%(line)s is no day: write year, month and day, as 2026-12-24."),
                    params={"line": line[:40]},
                ) from error
        if len(found) > MOST_HOLIDAYS:
            raise forms.ValidationError(
                _t("At most %(n)s days."), params={"n": MOST_HOLIDAYS}
            )
        return tuple(sorted(set(found)))

    def clean(self) -> dict[str, Any]:
        """Hold the hours in order."""
        given: dict[str, Any] = super().clean() or {}
        opens, closes = given.get("opens_hour"), given.get("closes_hour")
        if opens is not None and closes is not None and not opens < closes:
            self.add_error("closes_hour", _t("It must close after it opens."))
        return given

    def changes(self) -> Mapping[str, Any]:
        """Give hours, zone and holidays; the offset follows the zone."""
        given = self.cleaned_data
        zone = given["zone"]
        offset_h = self._facility.opening.utc_offset_h
        if zone:
            # The fixed offset stands for programs that know no zones: in winter.
            first = datetime(timezone.now().year, 1, 1, tzinfo=ZoneInfo(zone))
            shift = first.utcoffset()
            offset_h = shift.total_seconds() / 3600 if shift is not None else 0.0
        hours = OpeningHours(
            tuple(sorted(int(day) for day in given["days"])),
            given["opens_hour"],
            given["closes_hour"],
            offset_h,
        )
        return {"opening": hours, "zone": zone, "holidays": given["holidays"]}


class StopRow(forms.Form):
    """One stop of a workshop that moves."""

    starts = forms.DateTimeField(
        label=_("From"),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
        ),
    )
    ends = forms.DateTimeField(
        label=_("Until"),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
        ),
    )
    town = forms.CharField(label=_("Town"), max_length=80)

    def clean_town(self) -> Place:
        """Look the town up."""
        return town_of(self.cleaned_data["town"])

    def clean(self) -> dict[str, Any]:
        """Hold the moments in order."""
        given: dict[str, Any] = super().clean() or {}
        starts, ends = given.get("starts"), given.get("ends")
        if starts and ends and not starts < ends:
            self.add_error("ends", _t("A stop must end after it starts."))
        return given


class StopsForm:
    """The itinerary, in the site's own zone."""

    def __init__(
        self, facility: Facility, site: Site, data: QueryDict | None = None
    ) -> None:
        self.zone = ZoneInfo(facility.zone) if facility.zone else UTC
        self.zone_name = facility.zone or "UTC"
        initial = [
            {
                "starts": stop.starts_at.astimezone(self.zone).replace(tzinfo=None),
                "ends": stop.ends_at.astimezone(self.zone).replace(tzinfo=None),
                "town": str(stop.place),
            }
            for stop in facility.itinerary
        ]
        self.rows = rows_of(StopRow, "stops", initial, data)
        self.fault = ""
        self._facility = facility
        self._stops: tuple[Stop, ...] = ()

    def is_valid(self) -> bool:
        """Check each stop, and that none lies over another."""
        if not self.rows.is_valid():
            return False
        stops = [
            Stop(self._at(row["starts"]), self._at(row["ends"]), row["town"])
            for row in filled(self.rows)
        ]
        self._stops = tuple(sorted(stops, key=lambda stop: stop.starts_at))
        try:
            replace(self._facility, itinerary=self._stops)
        except InvalidInput:
            self.fault = _t("Two stops lie over each other: end one before the next.")
        return not self.fault

    def _at(self, moment: datetime) -> datetime:
        # Django reads what is written as UTC; it was meant on the site's clock.
        return moment.replace(tzinfo=self.zone).astimezone(UTC)

    def changes(self) -> Mapping[str, Any]:
        """Give the itinerary."""
        return {"itinerary": self._stops}


class SkillsForm(forms.Form):
    """What hands do there, and what the place is certified for."""

    assembles = forms.BooleanField(
        label=_("We put parts together"),
        required=False,
        help_text=_("Orders of several parts may come together here."),
    )
    services = forms.MultipleChoiceField(
        label=_("Other work of hands"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    certifications = forms.CharField(
        label=_("Certificates"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One on a line, for example ISO 9001."),
    )

    def __init__(
        self, facility: Facility, site: Site, data: QueryDict | None = None
    ) -> None:
        initial = {
            "assembles": facility.assembles,
            "services": list(facility.services),
            "certifications": "\n".join(facility.certifications),
        }
        super().__init__(data, initial=initial)
        codes = dict.fromkeys((*HAND_WORK, *facility.services))
        field = self.fields["services"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            (code, PROCESSES[code].title if code in PROCESSES else code)
            for code in codes
            if code != "ASSEMBLY"
        ]
        self._kept = tuple(code for code in facility.services if code == "ASSEMBLY")

    def changes(self) -> Mapping[str, Any]:
        """Give what hands do."""
        given = self.cleaned_data
        # Who lists any service is taken at their word: so assembly is listed too.
        assembly = ("ASSEMBLY",) if given["assembles"] and given["services"] else ()
        return {
            "assembles": given["assembles"],
            "services": (*assembly, *given["services"]),
            "certifications": lines(given["certifications"]),
        }


class PowerForm(forms.Form):
    """Where the electricity comes from."""

    kind = forms.ChoiceField(
        label=_("Electricity"),
        choices=(("grid", _("from the grid")), ("solar", _("sun and battery alone"))),
    )
    pv_wp = forms.FloatField(
        label=_("Panels, rated power in W"), min_value=0, required=False
    )
    battery_wh = forms.FloatField(label=_("Battery in Wh"), min_value=0, required=False)
    max_w = forms.FloatField(
        label=_("The most it can give at once, in W"),
        min_value=1,
        help_text=_("All machines together stay below it."),
    )

    def __init__(
        self, facility: Facility, site: Site, data: QueryDict | None = None
    ) -> None:
        power = facility.power
        initial = {
            "kind": power.kind,
            "pv_wp": f"{power.pv_wp:.10g}",
            "battery_wh": f"{power.battery_wh:.10g}",
            "max_w": f"{power.max_w:.10g}",
        }
        super().__init__(data, initial=initial)

    def clean(self) -> dict[str, Any]:
        """Ask a site on the sun for its panels and battery."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("kind") == "solar":
            for name in ("pv_wp", "battery_wh"):
                if name not in self.errors and not given.get(name):
                    self.add_error(name, _t("A site on the sun needs a figure here."))
        return given

    def changes(self) -> Mapping[str, Any]:
        """Give the power system."""
        given = self.cleaned_data
        solar = given["kind"] == "solar"
        return {
            "power": PowerSystem(
                "solar" if solar else "grid",
                given["pv_wp"] if solar else 0.0,
                given["battery_wh"] if solar else 0.0,
                given["max_w"],
            )
        }
