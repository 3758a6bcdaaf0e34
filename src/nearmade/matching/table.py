"""A network as columns, built once and asked many times.

A row of the machine columns is one machine; machines of one facility stand together.
What repeats is kept once: like processes, like sets of materials, like opening hours.
A column then holds numbers of such entries, so that a question of words is answered
for each entry and spread over the rows. ``table_gates`` judges; words are made by
``judge.Judge`` for those facilities alone that somebody asks about.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from nearmade.facilities.facility import Facility, Machine
from nearmade.facilities.opening import never_opens
from nearmade.matching.machine_gates import thinnest_layer_mm
from nearmade.matching.material_gates import (
    ProfileLike,
    Works,
    identity_of,
    shelf_known,
    works_like,
)
from nearmade.vocabulary.identity import ProfileId

Entry = TypeVar("Entry", bound=Hashable)
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.intp]
Levels = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class Dictionary(Generic[Entry]):
    """A column of entries that repeat.

    Parameters
    ----------
    entries
        Each entry once, in the order met.
    numbers
        Which entry each row has, shape (rows,).
    """

    entries: tuple[Entry, ...]
    numbers: Numbers

    @classmethod
    def of(cls, column: Sequence[Entry]) -> Dictionary[Entry]:
        """Number the entries of a column."""
        known: dict[Entry, int] = {}
        numbers = [known.setdefault(each, len(known)) for each in column]
        return cls(tuple(known), np.asarray(numbers, dtype=np.intp))


@dataclass(frozen=True, slots=True, eq=False)
class MachineColumns:
    """The machines of a network, all of shape (machines,).

    Parameters
    ----------
    site
        Number of its facility.
    along_x_mm, along_y_mm, along_z_mm
        Build volume. [mm]
    layer_mm
        The thinnest layer; zero where it is not known. [mm]
    nozzle_mm, tolerance_mm
        NaN where the machine does not say. [mm]
    down
        True when it takes no work.
    box_unsaid
        True where the extents are only the most that they can be.
    nozzle_unsaid
        True where the nozzle is not known.
    process
        Codes.
    works
        Representatives for what machines do with materials.
    certificates
        Of the machine and its site together.
    """

    site: Numbers
    along_x_mm: Floats
    along_y_mm: Floats
    along_z_mm: Floats
    layer_mm: Floats
    nozzle_mm: Floats
    tolerance_mm: Floats
    down: Flags
    box_unsaid: Flags
    nozzle_unsaid: Flags
    process: Dictionary[str]
    works: tuple[Works, ...]
    works_number: Numbers
    certificates: Dictionary[tuple[tuple[str, ...], tuple[str, ...]]]


@dataclass(frozen=True, slots=True, eq=False)
class SiteColumns:
    """The facilities of a network, all of shape (facilities,).

    Parameters
    ----------
    first_row, rows
        Where its machines stand in the machine columns, and how many.
    active
        True when its status is active.
    kind, country, access
        Words.
    opening
        Numbers of representatives that open at the same moments.
    queue_s
        Work promised. [s]
    lat_rad, lon_rad
        Its base. [rad]
    moves
        Numbers of the facilities that have an itinerary.
    shelf_known
        True when its stock list can be taken at its word.
    shut
        True when its calendar has no moment at which it works.
    unsaid
        What its record does not say.
    """

    first_row: Numbers
    rows: Numbers
    active: Flags
    kind: Dictionary[str]
    country: Dictionary[str]
    access: Dictionary[str]
    opening: Numbers
    opens_like: tuple[Facility, ...]
    queue_s: Floats
    lat_rad: Floats
    lon_rad: Floats
    moves: Numbers
    shelf_known: Flags
    shut: Flags
    unsaid: Dictionary[tuple[str, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Lots:
    """The largest lots of one material in one colour, by site.

    Parameters
    ----------
    site, stock_g
        Number of the facility and its largest lot, shape (sites with it,). [g]
    """

    site: Numbers
    stock_g: Floats


@dataclass(frozen=True, slots=True, eq=False)
class NetworkTable:
    """A network as columns.

    Parameters
    ----------
    facilities
        In the order given.
    profiles
        Print profiles that count.
    machines, sites
        The columns.
    lots
        By identity of the material, then by colour as written.
    """

    facilities: tuple[Facility, ...]
    profiles: Mapping[ProfileId, ProfileLike]
    machines: MachineColumns
    sites: SiteColumns
    lots: Mapping[str, Mapping[str, Lots]]

    @classmethod
    def of(
        cls,
        facilities: Sequence[Facility],
        profiles: Mapping[ProfileId, ProfileLike],
    ) -> NetworkTable:
        """Lay a network out in columns.

        Parameters
        ----------
        facilities
            The network.
        profiles
            Print profiles by id; a machine's profile that is not among them does not
            count.
        """
        return cls(
            tuple(facilities),
            profiles,
            _machines(facilities, profiles),
            _sites(facilities),
            _lots(facilities),
        )


def _machines(
    facilities: Sequence[Facility], profiles: Mapping[ProfileId, ProfileLike]
) -> MachineColumns:
    stand = [(n, m) for n, facility in enumerate(facilities) for m in facility.machines]
    machines = [machine for _, machine in stand]
    boxes = _floats([m.build_volume_mm for m in machines]).reshape(-1, 3)
    works, works_number = _works(machines, profiles)
    return MachineColumns(
        site=np.asarray([number for number, _ in stand], dtype=np.intp),
        along_x_mm=np.ascontiguousarray(boxes[:, 0]),
        along_y_mm=np.ascontiguousarray(boxes[:, 1]),
        along_z_mm=np.ascontiguousarray(boxes[:, 2]),
        layer_mm=_floats([thinnest_layer_mm(m) for m in machines]),
        nozzle_mm=_floats([m.nozzle_mm for m in machines]),
        tolerance_mm=_floats([_or_nan(m.tolerance_mm) for m in machines]),
        down=np.asarray([m.status == "down" for m in machines], dtype=bool),
        box_unsaid=np.asarray(
            ["build_volume_mm" in m.unsaid for m in machines], dtype=bool
        ),
        nozzle_unsaid=np.asarray(
            ["nozzle_mm" in m.unsaid for m in machines], dtype=bool
        ),
        process=Dictionary.of([m.process for m in machines]),
        works=works,
        works_number=works_number,
        certificates=Dictionary.of(
            [(m.certifications, facilities[n].certifications) for n, m in stand]
        ),
    )


def _works(
    machines: Sequence[Machine], profiles: Mapping[ProfileId, ProfileLike]
) -> tuple[tuple[Works, ...], Numbers]:
    """Keep one machine for all that do the same with every material."""
    known: dict[Hashable, int] = {}
    works: list[Works] = []
    numbers = []
    for machine in machines:
        key = works_like(machine)
        if key not in known:
            known[key] = len(works)
            works.append(Works(machine, profiles))
        numbers.append(known[key])
    return tuple(works), np.asarray(numbers, dtype=np.intp)


def _sites(facilities: Sequence[Facility]) -> SiteColumns:
    rows = np.asarray([len(each.machines) for each in facilities], dtype=np.intp)
    opening = Dictionary.of([(f.opening, f.zone, f.holidays) for f in facilities])
    _, firsts = np.unique(opening.numbers, return_index=True)
    return SiteColumns(
        first_row=np.concatenate([[0], np.cumsum(rows)[:-1]]).astype(np.intp)[
            : len(facilities)
        ],
        rows=rows,
        active=np.asarray([f.status == "active" for f in facilities], dtype=bool),
        kind=Dictionary.of([str(f.kind) for f in facilities]),
        country=Dictionary.of([f.place.country for f in facilities]),
        access=Dictionary.of([f.access for f in facilities]),
        opening=opening.numbers,
        opens_like=tuple(facilities[first] for first in firsts),
        queue_s=_floats([f.queue_s for f in facilities]),
        lat_rad=np.radians(_floats([f.place.lat_deg for f in facilities])),
        lon_rad=np.radians(_floats([f.place.lon_deg for f in facilities])),
        moves=np.asarray(
            [n for n, f in enumerate(facilities) if f.itinerary], dtype=np.intp
        ),
        shelf_known=np.asarray([shelf_known(f) for f in facilities], dtype=bool),
        shut=np.asarray([never_opens(f) for f in facilities], dtype=bool),
        unsaid=Dictionary.of([f.unsaid for f in facilities]),
    )


def _lots(facilities: Sequence[Facility]) -> dict[str, dict[str, Lots]]:
    """Keep the largest lot of each material and colour at each site."""
    most: dict[str, dict[str, dict[int, float]]] = {}
    for number, facility in enumerate(facilities):
        for lot in facility.feedstocks:
            colours = most.setdefault(identity_of(lot.material), {})
            at_site = colours.setdefault(lot.colour, {})
            at_site[number] = max(lot.stock_g, at_site.get(number, lot.stock_g))
    return {
        material: {
            colour: Lots(
                np.fromiter(at_site, dtype=np.intp, count=len(at_site)),
                np.fromiter(at_site.values(), dtype=float, count=len(at_site)),
            )
            for colour, at_site in colours.items()
        }
        for material, colours in most.items()
    }


def _floats(column: Sequence[object]) -> Floats:
    return np.asarray(column, dtype=np.float64)


def _or_nan(figure: float | None) -> float:
    return float("nan") if figure is None else figure
