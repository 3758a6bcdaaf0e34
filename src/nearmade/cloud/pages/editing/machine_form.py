"""The form of one machine: of a model that nobody knows, or what a known one lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final, get_args

from django import forms
from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from nearmade.cloud.network.models import Site
from nearmade.cloud.pages.editing.rows import lines
from nearmade.cloud.pages.editing.work_forms import MOST_MACHINES, free_machine_id
from nearmade.cloud.pages.templatetags.nearmade import state_name
from nearmade.cloud.pages.titles import material_name
from nearmade.facilities.facility import Facility, Machine, MachineStatus
from nearmade.facilities.machine_record import MOST_DEGC
from nearmade.vocabulary.errors import NotFound
from nearmade.vocabulary.identity import MachineId
from nearmade.vocabulary.materials import MATERIALS
from nearmade.vocabulary.processes import PROCESSES, satisfies

#: Ways that no machine stands for: hands, shops, and requests that do not say enough.
NO_MACHINE: Final = ("BOUGHT", "ASSEMBLY", "FINISHING", "MEC")
LONGEST_CERTIFICATE: Final = 120
MOST_CERTIFICATES: Final = 20
LEAST_MM: Final = 0.001
#: The longest side of a machine that is asked for: a hundred metres. [mm]
MOST_MM: Final = 100_000
#: Letters of a model's name that its machines are numbered after.
_ID_LETTERS: Final = 40
#: What a model's print profiles are made for.
_WITH_THE_MODEL: Final = ("make_model", "process", "x_mm", "y_mm", "z_mm", "nozzle_mm")

_GROUPS: Final = (
    (_("What it is"), ("make_model", "process", "status", "count")),
    (_("What fits in"), ("x_mm", "y_mm", "z_mm")),
    (
        _("How fine"),
        ("tolerance_mm", "layer_low_mm", "layer_high_mm", "nozzle_mm", "axes"),
    ),
    (
        _("Heat and light"),
        ("nozzle_degc", "bed_degc", "chamber_degc", "enclosed", "laser_w"),
    ),
    (_("What it works, and what it is certified for"), ("materials", "certifications")),
)


def _figure(label: Any, least: float, most: float, help_text: Any = "") -> Any:
    return forms.FloatField(
        label=label,
        min_value=least,
        max_value=most,
        required=False,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )


_side = partial(_figure, least=LEAST_MM, most=MOST_MM)
_degc = partial(_figure, least=0, most=MOST_DEGC)


class MachineForm(forms.Form):
    """What a machine is and does; what stays empty is unknown, and is asked about."""

    make_model = forms.CharField(
        label=_("Maker and model"),
        max_length=100,
        help_text=_("As on its plate; of one of your own, what you call it."),
    )
    process = forms.ChoiceField(
        label=_("What it does"),
        help_text=_(
            "The narrowest that is true: a design that asks for a wider one comes too."
        ),
    )
    count = forms.IntegerField(
        label=_("How many"), min_value=1, max_value=50, initial=1
    )
    status = forms.ChoiceField(label=_("State"))
    x_mm = _side(_("Room along x, in mm"))
    y_mm = _side(_("Room along y, in mm"))
    z_mm = _side(
        _("Room along z, in mm"),
        help_text=_("What fits in; of a cutter, the thickest sheet."),
    )
    nozzle_mm = _figure(
        _("Nozzle, in mm"), 0.01, 1000, _("Of printers that push material out.")
    )
    layer_low_mm = _figure(_("Thinnest layer, in mm"), LEAST_MM, 1000)
    layer_high_mm = _figure(_("Thickest layer, in mm"), LEAST_MM, 1000)
    tolerance_mm = _figure(
        _("Holds a dimension to ±, in mm"),
        0.0001,
        100,
        _("Measured on parts of yours; a design that asks for less is not sent here."),
    )
    nozzle_degc = _degc(_("Nozzle to, in °C"))
    bed_degc = _degc(_("Bed to, in °C"))
    chamber_degc = _degc(_("Chamber to, in °C"))
    enclosed = forms.ChoiceField(
        label=_("Walls around the part"),
        choices=(("", _("not said")), ("yes", _("yes")), ("no", _("no"))),
        required=False,
    )
    laser_w = _figure(_("Laser, in W"), 0.001, 1e6, _("Optical power."))
    axes = forms.IntegerField(
        label=_("Axes that move together"), min_value=1, max_value=20, required=False
    )
    materials = forms.MultipleChoiceField(
        label=_("Works these materials"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Beyond its print profiles. Nothing ticked: unknown, so nobody is sent."
        ),
    )
    certifications = forms.CharField(
        label=_("Certificates of this machine"),
        required=False,
        max_length=MOST_CERTIFICATES * (LONGEST_CERTIFICATE + 2),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One on a line, for example ISO 13485."),
    )

    def __init__(
        self,
        facility: Facility,
        site: Site,
        data: QueryDict | None = None,
        *,
        machine: Machine | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(machine) if machine else None)
        self._facility, self._machine = facility, machine
        self.of_a_model = machine is not None and bool(machine.profiles)
        if machine is not None:
            del self.fields["count"]
        for name in _WITH_THE_MODEL if self.of_a_model else ():
            self.fields[name].disabled = True
        for name in ("x_mm", "y_mm", "z_mm"):
            self.fields[name].required = True
        process = machine.process if machine else ""
        states = [(one, state_name(one)) for one in get_args(MachineStatus)]
        self._offer("process", [("", "–"), *_ways(process)])
        self._offer("status", states)
        self._offer("materials", list(_works(machine)))

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields as people think of them: each group's title and its fields."""
        return [
            (title, [self[name] for name in names if name in self.fields])
            for title, names in _GROUPS
        ]

    def clean_make_model(self) -> str:
        """Join blanks."""
        return " ".join(str(self.cleaned_data["make_model"]).split())

    def clean_certifications(self) -> tuple[str, ...]:
        """Read the certificates."""
        found = lines(self.cleaned_data["certifications"])
        if any(len(one) > LONGEST_CERTIFICATE for one in found):
            raise forms.ValidationError(
                _t("A certificate has at most %(n)s letters."),
                params={"n": LONGEST_CERTIFICATE},
            )
        if len(found) > MOST_CERTIFICATES:
            raise forms.ValidationError(
                _t("At most %(n)s certificates."), params={"n": MOST_CERTIFICATES}
            )
        return found

    def clean(self) -> dict[str, Any]:
        """Hold figures together that belong together."""
        given: dict[str, Any] = super().clean() or {}
        low, high = given.get("layer_low_mm"), given.get("layer_high_mm")
        if (low is None) != (high is None):
            field = "layer_low_mm" if low is None else "layer_high_mm"
            if not {"layer_low_mm", "layer_high_mm"} & set(self.errors):
                self.add_error(field, _t("Write both layers, or leave both empty."))
        elif low is not None and high is not None and low > high:
            self.add_error("layer_high_mm", _t("It must be not below the thinnest."))
        process = str(given.get("process") or "")
        pushes = bool(process) and satisfies(process, "MATERIAL-EXTRUSION")
        if pushes and not given.get("nozzle_mm") and "nozzle_mm" not in self.errors:
            self.add_error("nozzle_mm", _t("A printer of this sort needs its nozzle."))
        wanted = given.get("count", 0) or 0
        if len(self._facility.machines) + wanted > MOST_MACHINES:
            self.add_error(
                "count", _t("At most %(n)s machines.") % {"n": MOST_MACHINES}
            )
        return given

    def changes(self) -> Mapping[str, Any]:
        """Give the machines, with this one as it is written now."""
        machines = self._facility.machines
        if self._machine is not None:
            changed = self._written(self._machine)
            same = self._machine.id
            return {"machines": tuple(changed if m.id == same else m for m in machines)}
        taken = {machine.id for machine in machines}
        added: list[Machine] = []
        name = slugify(self.cleaned_data["make_model"])[:_ID_LETTERS].strip("-")
        for _number in range(self.cleaned_data["count"]):
            machine_id = free_machine_id(self._facility, name or "machine", taken)
            taken.add(machine_id)
            added.append(self._written(_blank(machine_id)))
        return {"machines": (*machines, *added)}

    def _written(self, machine: Machine) -> Machine:
        given = self.cleaned_data
        low, high = given["layer_low_mm"], given["layer_high_mm"]
        said = {"yes": True, "no": False}
        unknown = (
            "tolerance_mm", "nozzle_degc", "bed_degc", "chamber_degc", "laser_w",
            "axes",
        )  # fmt: skip
        return replace(
            machine,
            make_model=given["make_model"],
            process=given["process"],
            build_volume_mm=(given["x_mm"], given["y_mm"], given["z_mm"]),
            nozzle_mm=given["nozzle_mm"] or 0.0,
            status=given["status"],
            layer_mm=None if low is None else (low, high),
            enclosed=said.get(given["enclosed"]),
            materials=tuple(sorted(given["materials"])),
            certifications=given["certifications"],
            **{name: given[name] for name in unknown},
        )


def _blank(machine_id: MachineId) -> Machine:
    return Machine(machine_id, "", "", (1.0, 1.0, 1.0), 0.0, ())


def _initial(machine: Machine) -> dict[str, Any]:
    x, y, z = machine.build_volume_mm
    low, high = machine.layer_mm or (None, None)
    figures = {
        "x_mm": x,
        "y_mm": y,
        "z_mm": z,
        "nozzle_mm": machine.nozzle_mm or None,
        "layer_low_mm": low,
        "layer_high_mm": high,
        "tolerance_mm": machine.tolerance_mm,
        "nozzle_degc": machine.nozzle_degc,
        "bed_degc": machine.bed_degc,
        "chamber_degc": machine.chamber_degc,
        "laser_w": machine.laser_w,
    }
    words = {True: "yes", False: "no", None: ""}
    return {
        **{k: None if v is None else f"{v:.10g}" for k, v in figures.items()},
        "make_model": machine.make_model,
        "process": machine.process,
        "status": machine.status,
        "enclosed": words[machine.enclosed],
        "axes": machine.axes,
        "materials": list(machine.materials),
        "certifications": "\n".join(machine.certifications),
    }


def _ways(own: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Give what machines do, by what it is a kind of; and a machine's own word."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, process in PROCESSES.items():
        root = _root(code)
        if root not in NO_MACHINE:
            title = PROCESSES[root].title
            groups.setdefault(title, []).append((code, process.title))
    if own and (own not in PROCESSES or _root(own) in NO_MACHINE):
        groups[_t("As its record says")] = [(own, own)]
    yield from groups.items()


def _root(code: str) -> str:
    while PROCESSES[code].parent:
        code = PROCESSES[code].parent
    return code


def _works(machine: Machine | None) -> Iterator[tuple[str, str]]:
    """Give the materials: its own first, then those of its process, then all."""
    own = machine.materials if machine else ()
    process = machine.process if machine else ""
    fitting = (
        code
        for code, material in MATERIALS.items()
        if process and any(satisfies(process, one) for one in material.processes)
    )
    for code in dict.fromkeys((*own, *fitting, *MATERIALS)):
        yield code, material_name(code)


def machine_of(facility: Facility, which: str) -> Machine:
    """Find a machine of a facility by the end of its id.

    Raises
    ------
    NotFound
        When none stands there.
    """
    machine_id = f"{facility.id}/{which}"
    for machine in facility.machines:
        if machine.id == machine_id:
            return machine
    raise NotFound(f"machine {machine_id!r}: does not stand there")
