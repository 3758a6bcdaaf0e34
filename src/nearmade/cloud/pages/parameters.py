"""A form made from a design's own parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from django.http import QueryDict

from nearmade.cloud.pages.figures import plain_value
from nearmade.designs.design import Design, Parameter

#: Captions end with their unit in brackets and may go on with a remark.
_CAPTION = re.compile(
    r"^(?P<label>.*?)\s*[(\[](?P<unit>[^()\[\]]{1,8})[)\]](?P<rest>.*)$"
)


@dataclass(frozen=True, slots=True)
class Control:
    """One control of the form.

    Parameters
    ----------
    parameter
        What the design says of it.
    label, unit, hint
        The design's caption, taken apart.
    value, initial
        As a form carries them.
    problem
        What is wrong with the value; empty when nothing is.
    """

    parameter: Parameter
    label: str
    unit: str
    hint: str
    value: str
    initial: str
    problem: str = ""

    @property
    def slides(self) -> bool:
        """True when the range is known, so that a slider makes sense."""
        known = (self.parameter.minimum, self.parameter.maximum)
        return self.parameter.kind == "number" and None not in known

    @property
    def bounds(self) -> tuple[str, str, str]:
        """Least, most and step of a number, as a form carries them."""
        parameter = self.parameter
        ends = (parameter.minimum, parameter.maximum, parameter.step)
        low, high, step = (
            "" if end is None else plain_value(float(end)) for end in ends
        )
        return low, high, step or "any"

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """Value, label and whether it is chosen, of every entry of a dropdown."""
        return [
            (
                plain_value(option.value),
                option.label,
                plain_value(option.value) == self.value,
            )
            for option in self.parameter.options
        ]


@dataclass(frozen=True, slots=True)
class ControlGroup:
    """The controls under one heading."""

    title: str
    controls: tuple[Control, ...]


def _caption(parameter: Parameter) -> tuple[str, str, str]:
    text = parameter.caption.strip() or parameter.name.replace("_", " ").capitalize()
    found = _CAPTION.match(text)
    if found is None:
        return text, "", ""
    return found["label"], found["unit"], found["rest"].strip(" ;,.:")


def control_groups(
    design: Design, values: Mapping[str, object], problems: Mapping[str, str]
) -> list[ControlGroup]:
    """Make the form's controls, in the design's order and under its headings."""
    controls = []
    for parameter in design.parameters:
        label, unit, hint = _caption(parameter)
        initial = plain_value(parameter.initial)
        value = values.get(parameter.name)
        controls.append(
            Control(
                parameter=parameter,
                label=label,
                unit=unit,
                hint=hint,
                value=initial if value is None else plain_value(value),
                initial=initial,
                problem=problems.get(parameter.name, ""),
            )
        )
    return [
        ControlGroup(title, tuple(members))
        for title, members in groupby(controls, key=lambda c: c.parameter.group)
    ]


def given_values(design: Design, sent: QueryDict) -> dict[str, str]:
    """Take a design's parameters out of a form or an address, as text.

    An unticked switch sends nothing: the form names its switches in ``switches``.
    """
    switches = set(sent.getlist("switches"))
    given = {}
    for parameter in design.parameters:
        if parameter.name in sent:
            given[parameter.name] = str(sent[parameter.name])
        elif parameter.name in switches:
            given[parameter.name] = "false"
    return given


def address_of(values: Mapping[str, object], design: Design) -> dict[str, str]:
    """Give what an address must carry: the values that are not the initial ones."""
    initial = {p.name: plain_value(p.initial) for p in design.parameters}
    return {
        name: plain_value(value)
        for name, value in values.items()
        if plain_value(value) != initial.get(name)
    }
