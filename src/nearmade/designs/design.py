"""A design: what can be made, as its author published it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from nearmade.vocabulary.identity import DesignId, PartName

ParameterValue = float | str | bool | tuple[float, ...]
ParameterKind = Literal["number", "text", "choice", "switch", "vector"]


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a dropdown: the value that the design gets, the label people see."""

    value: float | str
    label: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that a customer may set.

    Parameters
    ----------
    name
        Variable name in the design's source.
    kind
        Which widget and which check it gets.
    initial
        Value when nobody says otherwise.
    caption
        One line for people; may be empty.
    group
        Section heading for people; may be empty.
    minimum, maximum, step
        Range of a number, where the design gives one; unit as in the caption.
    options
        Entries of a choice.
    max_length
        Longest text in characters, where the design gives one.
    """

    name: str
    kind: ParameterKind
    initial: ParameterValue
    caption: str = ""
    group: str = ""
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    options: tuple[Option, ...] = ()
    max_length: int | None = None


@dataclass(frozen=True, slots=True)
class MadePart:
    """A part that a machine makes from the design's source.

    Parameters
    ----------
    name
        Unique in the design; the value of the source's ``part`` variable.
    title
        For people.
    quantity
        How many one product needs, 1 or more.
    tsdc
        Process code as OKH writes it, such as ``3DP``.
    materials
        Feedstocks the author allows, best first, such as ``("PLA", "PETG")``.
    infill_fraction
        Share of the inside that is filled, 0..1.
    supports
        True when the author says that it needs supports.
    """

    name: PartName
    title: str
    quantity: int
    tsdc: str
    materials: tuple[str, ...]
    infill_fraction: float
    supports: bool = False


@dataclass(frozen=True, slots=True)
class BomLine:
    """A line of the bill of materials that no machine of ours makes.

    Parameters
    ----------
    name
        For people, such as ``plano-convex lens, 50 mm``.
    quantity
        How many, or how much in ``unit``.
    unit
        ``pcs``, ``ml``, ``m``, ``min`` and so on.
    kind
        ``bought`` things are put beside the parts, ``work`` is done by hand.
    price_usd
        What one unit costs, for the quote; None when the author does not say. [USD]
    mass_g
        Mass of one unit, for carriage; zero for work. [g]
    note
        Where to get it, what to watch.
    service
        Of work: code of what a facility must offer to do it (``vocabulary.processes``),
        such as ``SOLDERING``; empty for plain assembly.
    """

    name: str
    quantity: float
    unit: str
    kind: Literal["bought", "work"]
    price_usd: float | None = None
    mass_g: float = 0.0
    note: str = ""
    service: str = ""


@dataclass(frozen=True, slots=True)
class Design:
    """One version of a design with all that a customer may do to it.

    Parameters
    ----------
    id
        Short name in kebab-case, unique in a catalogue.
    version
        As the author counts.
    title, summary, function
        For people: name, one sentence, what it is for (OKH ``function``).
    licence
        SPDX expression.
    licensor
        Who holds the rights.
    purpose
        A facet for the catalogue, such as ``health``.
    main
        File name of the OpenSCAD source.
    parameters
        In the order of the source.
    presets
        Name to parameter values.
    parts
        What machines make.
    bom
        What is bought or done by hand.
    assembly_minutes
        Work to bring the parts of one product together. [min]
    commercial_price_usd
        What a comparable product costs in a shop, with its source in the manifest;
        None when unknown. [USD]
    """

    id: DesignId
    version: str
    title: str
    summary: str
    function: str
    licence: str
    licensor: str
    purpose: str
    main: str
    parameters: tuple[Parameter, ...]
    presets: Mapping[str, Mapping[str, ParameterValue]]
    parts: tuple[MadePart, ...]
    bom: tuple[BomLine, ...]
    assembly_minutes: float = 0.0
    commercial_price_usd: float | None = None
