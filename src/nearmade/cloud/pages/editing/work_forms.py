"""Forms on the work: machines of known models, stock, prices."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final, get_args

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from nearmade.cloud.network.models import Site
from nearmade.cloud.pages.editing.rows import filled, rows_of
from nearmade.cloud.pages.figures import significant
from nearmade.cloud.pages.templatetags.nearmade import state_name
from nearmade.cloud.pages.titles import material_name, process_name
from nearmade.cloud.shopfloor.models import Job
from nearmade.facilities.facility import (
    Facility,
    Feedstock,
    Machine,
    MachineStatus,
    Tariff,
)
from nearmade.matching.purchases import machine_purchases
from nearmade.production.job import JobState
from nearmade.quoting.profiles import MAKEABLE, PROFILES
from nearmade.vocabulary.identity import MachineId
from nearmade.vocabulary.materials import MATERIALS

#: Machines that one facility may have.
MOST_MACHINES: Final = 200
#: Nobody keeps more of one material than a lorry carries. [kg]
MOST_KG: Final = 25_000
GRAMS_PER_KG: Final = 1000
#: Jobs in these states are over, so that their machine may go.
_OVER: Final = (
    JobState.CHECKED.value, JobState.FAILED.value, JobState.CANCELLED.value,
)  # fmt: skip


class MachineRow(forms.Form):
    """A machine that is there: its state, or that it goes."""

    machine_id = forms.CharField(widget=forms.HiddenInput, max_length=200)
    status = forms.ChoiceField(
        label=_("State"),
        choices=[(one, one) for one in get_args(MachineStatus)],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["status"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one, state_name(one)) for one in get_args(MachineStatus)]


class NewMachineForm(forms.Form):
    """A known model, and how many of it."""

    model = forms.ChoiceField(
        label=_("Add machines of a known model"),
        required=False,
        help_text=_(
            "Size, temperatures, materials and print profiles come with the model. "
            "A model that is shown and not asked yet has no profile that jobs can be "
            "prepared with here."
        ),
    )
    count = forms.IntegerField(
        label=_("How many"), min_value=1, max_value=50, initial=1, required=False
    )


def known_models(facility: Facility) -> dict[str, Machine]:
    """Give each model that is known, as a machine of this facility."""
    return {
        purchase.code: purchase.after.machines[-1]
        for purchase in machine_purchases(facility, PROFILES)
    }


def machine_facts(machine: Machine) -> str:
    """Say what a machine is, in one line."""
    process = process_name(machine.process)
    sides = " × ".join(significant(side, 3) for side in machine.build_volume_mm)
    nozzle = _t("nozzle %(n)s mm") % {"n": significant(machine.nozzle_mm, 2)}
    parts = (process, f"{sides} mm", nozzle if machine.nozzle_mm else "")
    return ", ".join(part for part in parts if part)


class MachinesForm:
    """The machines: their states, which go, and new ones of known models."""

    def __init__(
        self, facility: Facility, site: Site, data: QueryDict | None = None
    ) -> None:
        self._facility, self._site = facility, site
        self._machines = {machine.id: machine for machine in facility.machines}
        initial = [
            {"machine_id": machine.id, "status": machine.status}
            for machine in facility.machines
        ]
        self.rows = rows_of(MachineRow, "machines", initial, data, spare=0)
        self.new = NewMachineForm(data, prefix="new")
        self._models = known_models(facility)
        field = self.new.fields["model"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _t("none")), *self._choices()]
        self.fault = ""

    def _choices(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """Give the models by process, each with its size."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for code, machine in self._models.items():
            title = process_name(machine.process)
            sides = " × ".join(significant(s, 3) for s in machine.build_volume_mm)
            label = f"{machine.make_model} ({sides} mm)"
            if not any(profile in MAKEABLE for profile in machine.profiles):
                label = _t("%(model)s: shown, not asked yet") % {"model": label}
            groups.setdefault(title, []).append((code, label))
        yield from groups.items()

    @property
    def lines(self) -> list[tuple[forms.Form, Machine | None, str]]:
        """Each row beside its machine and what it is."""
        found = []
        for row in self.rows.forms:
            machine = self._machines.get(MachineId(str(row["machine_id"].value())))
            found.append((row, machine, machine_facts(machine) if machine else ""))
        return found

    def is_valid(self) -> bool:
        """Check each machine, and that none with work goes."""
        if not (self.rows.is_valid() and self.new.is_valid()):
            return False
        rows = [form.cleaned_data for form in self.rows.forms if form.cleaned_data]
        unknown = [row for row in rows if row["machine_id"] not in self._machines]
        going = [row["machine_id"] for row in rows if row.get("DELETE")]
        at_work = Job.objects.filter(site=self._site, machine_id__in=going)
        names = {
            name.rsplit("/", 1)[-1]
            for name in at_work.exclude(state__in=_OVER).values_list(
                "machine_id", flat=True
            )
        }
        if unknown:
            self.fault = _t("A machine is not there any more: look again.")
        elif names:
            self.fault = _t(
                "%(names)s still has builds of orders: finish or give them up first, "
                "or set it out of service."
            ) % {"names": ", ".join(sorted(names))}
        elif len(rows) - len(going) + self._wanted() > MOST_MACHINES:
            self.fault = _t("At most %(n)s machines.") % {"n": MOST_MACHINES}
        return not self.fault

    def _wanted(self) -> int:
        given = self.new.cleaned_data
        return (given.get("count") or 1) if given.get("model") else 0

    def changes(self) -> Mapping[str, Any]:
        """Give the machines."""
        kept = []
        for row in filled(self.rows):
            machine = self._machines[row["machine_id"]]
            kept.append(replace(machine, status=row["status"]))
        taken = {machine.id for machine in self._facility.machines}
        code = str(self.new.cleaned_data.get("model") or "")
        for _number in range(self._wanted()):
            machine_id = free_machine_id(self._facility, code, taken)
            taken.add(machine_id)
            kept.append(replace(self._models[code], id=machine_id))
        return {"machines": tuple(kept)}


def free_machine_id(facility: Facility, name: str, taken: set[MachineId]) -> MachineId:
    """Number a new machine after the others of its name."""
    for number in range(1, MOST_MACHINES * 2 + 1):
        machine_id = MachineId(f"{facility.id}/{name}-{number}")
        if machine_id not in taken:
            return machine_id
    raise AssertionError("more ids than machines")


class StockRow(forms.Form):
    """A lot on the shelf."""

    material = forms.ChoiceField(label=_("Material"))
    colour = forms.CharField(label=_("Colour"), max_length=40, required=False)
    stock_kg = forms.DecimalField(
        label=_("Lies there, in kg"),
        min_value=0,
        max_value=MOST_KG,
        max_digits=9,
        decimal_places=4,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["material"]
        assert isinstance(field, forms.ChoiceField)
        known = [(code, material_name(code)) for code in MATERIALS]
        own = self.initial.get("material")
        more = [(own, own)] if own and own not in MATERIALS else []
        field.choices = [("", "–"), *known, *more]


class StockForm:
    """What lies on the shelf."""

    def __init__(
        self, facility: Facility, site: Site, data: QueryDict | None = None
    ) -> None:
        initial = [
            {
                "material": lot.material,
                "colour": lot.colour,
                "stock_kg": _plain(lot.stock_g / GRAMS_PER_KG),
            }
            for lot in facility.feedstocks
        ]
        self.rows = rows_of(StockRow, "stock", initial, data)
        self.fault = ""

    def is_valid(self) -> bool:
        """Check each lot."""
        return self.rows.is_valid()

    def changes(self) -> Mapping[str, Any]:
        """Give the lots."""
        lots = (
            Feedstock(
                row["material"],
                " ".join(row["colour"].split()),
                float(row["stock_kg"] * GRAMS_PER_KG),
            )
            for row in filled(self.rows)
        )
        return {"feedstocks": tuple(lots)}


def _plain(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".")


def _money(label: Any, help_text: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_digits=12, decimal_places=4, help_text=help_text
    )


class PricesForm(forms.Form):
    """The price list; a material's price is asked for by the kilogram."""

    currency = forms.CharField(
        label=_("Currency"),
        min_length=3,
        max_length=3,
        help_text=_("Three capitals, for example EUR. Quotes are converted."),
    )
    machine_hour = _money(_("One hour of a machine"), _("Wear, room and power."))
    setup = _money(_("Set-up of a build"), _("Once for each build."))
    labour_hour = _money(
        _("One hour of hands"), _("For assembly and finishing, by the minute.")
    )
    minimum = _money(_("The least that an order costs"), _("Zero for none."))
    margin_percent = forms.DecimalField(
        label=_("Margin in percent"),
        min_value=0,
        max_value=1000,
        max_digits=7,
        decimal_places=2,
        help_text=_("Added to the sum, for what the rest does not cover."),
    )

    def __init__(
        self, facility: Facility, site: Site, data: QueryDict | None = None
    ) -> None:
        tariff = facility.tariff
        initial = {
            "currency": tariff.currency,
            "machine_hour": _written(tariff.machine_hour),
            "setup": _written(tariff.setup),
            "labour_hour": _written(tariff.labour_hour),
            "minimum": _written(tariff.minimum),
            "margin_percent": _written(tariff.margin_fraction * 100),
        }
        super().__init__(data, initial=initial)
        stocked = [lot.material for lot in facility.feedstocks]
        self._materials = tuple(dict.fromkeys((*stocked, *tariff.material_gram)))
        for index, code in enumerate(self._materials):
            gram = tariff.material_gram.get(code)
            field = _money(_t("One kilogram of %(m)s") % {"m": code}, _price_help(code))
            field.required = False
            field.initial = None if gram is None else _written(gram * GRAMS_PER_KG)
            self.fields[f"kilogram_{index}"] = field

    def clean_currency(self) -> str:
        """Check the currency's code."""
        code = str(self.cleaned_data["currency"]).upper()
        if not re.fullmatch(r"[A-Z]{3}", code):
            raise forms.ValidationError(_t("Write three letters, for example EUR."))
        return code

    def changes(self) -> Mapping[str, Any]:
        """Give the price list."""
        given = self.cleaned_data
        grams = {
            code: given[f"kilogram_{index}"] / GRAMS_PER_KG
            for index, code in enumerate(self._materials)
            if given[f"kilogram_{index}"] is not None
        }
        tariff = Tariff(
            currency=given["currency"],
            machine_hour=given["machine_hour"],
            material_gram=grams,
            setup=given["setup"],
            labour_hour=given["labour_hour"],
            minimum=given["minimum"],
            margin_fraction=given["margin_percent"] / Decimal(100),
        )
        return {"tariff": tariff}


def _written(number: Decimal) -> str:
    """Write a number as people do: without an exponent, and no zeros at its end."""
    return f"{number.normalize():f}"


def _price_help(code: str) -> str:
    material = MATERIALS.get(code)
    band = material.price_usd_per_kg if material is not None else None
    if band is None:
        return _t("Empty: it is not offered.")
    return _t("Shops ask about %(low)s to %(high)s USD. Empty: it is not offered.") % {
        "low": significant(band[0], 2),
        "high": significant(band[1], 2),
    }
