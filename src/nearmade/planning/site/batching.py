"""Builds from parts: like setting, layer and due window share plates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from nearmade.geometry.nesting import Bed, Kind, nest_at_once
from nearmade.planning.site.moments import Clock
from nearmade.planning.site.site import (
    STEP_S,
    Build,
    Setting,
    SiteMachine,
    whole_steps,
)
from nearmade.quoting.plate import EDGE_MM, GAP_MM
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.record_checks import (
    as_list,
    as_object,
    field,
    numbers,
    one_number,
    only,
    refuse,
    texts,
)

_PART: Final = frozenset(
    (
        "id",
        "size_mm",
        "copies",
        "minutes",
        "material",
        "colour",
        "nozzle_mm",
        "layer_mm",
        "due_at",
        "release_at",
        "weight",
    )
)
MOST_COPIES: Final = 10_000


@dataclass(frozen=True, slots=True)
class SitePart:
    """Copies of one part that a site is to make.

    Parameters
    ----------
    id
        Unique among the parts.
    size_mm
        Extents along x, y and z, as it lies on the bed. [mm]
    copies
        How many.
    time_s
        Of one copy on a plate, without the plate's own. [s]
    setting, layer_mm
        Parts share a plate only when both are the same. [mm]
    due_s, release_s, weight
        As for a build.
    """

    id: str
    size_mm: tuple[float, float, float]
    copies: int
    time_s: float
    setting: Setting
    layer_mm: float
    due_s: int | None
    release_s: int = 0
    weight: float = 1.0


def part_from_record(
    value: Any,
    where: str,
    clock: Clock,
    setting_of: Callable[[Mapping[str, Any], str], Setting],
) -> SitePart:
    """Read a part; refusals name the place."""
    record = as_object(value, where)
    only(record, _PART, where)
    size = as_list(field(record, "size_mm", where), f"{where}.size_mm", 3)
    numbers(size, lambda n: f"{where}.size_mm[{n}]", above=True)
    if len(size) != 3:
        raise refuse(f"{where}.size_mm", "needs three lengths")
    name = field(record, "id", where)
    texts([name], lambda _: f"{where}.id")
    return SitePart(
        name,
        (float(size[0]), float(size[1]), float(size[2])),
        int(
            one_number(
                {"copies": 1, **record},
                "copies",
                where,
                least=1,
                most=MOST_COPIES,
                whole=True,
            )
        ),
        60 * one_number(record, "minutes", where, above=True, most=40_320),
        setting_of(record, where),
        one_number({"layer_mm": 0.2, **record}, "layer_mm", where, above=True),
        clock.due_s(record, where),
        clock.release_s(record, where),
        one_number({"weight": 1.0, **record}, "weight", where),
    )


def form_builds(
    parts: Sequence[SitePart],
    machines: Sequence[SiteMachine],
    *,
    due_window_s: int,
    plate_s: int,
) -> list[Build]:
    """Lay parts of one setting, layer and due window on common plates.

    Parts whose dues lie in one window go together and are due with the earliest on
    their plate. Plates are laid for a bed that all machines have that take every part
    of the group, so that any of those may print any plate.

    Parameters
    ----------
    due_window_s
        Length of a due window. [s]
    plate_s
        Of each plate besides its copies: heat-up, levelling, first lines. [s]

    Raises
    ------
    InvalidInput
        When a part fits no machine, or two parts have one id.
    """
    if max(Counter(part.id for part in parts).values(), default=0) > 1:
        raise refuse("site.parts", "two parts have the same id", "rename one")
    groups: dict[tuple[object, ...], list[SitePart]] = {}
    for part in parts:
        window = None if part.due_s is None else part.due_s // due_window_s
        able = tuple(m.id for m in machines if _fits(part, m))
        if not able:
            raise InvalidInput(
                f"site.parts: {part.id} fits no bed of the site",
                code="larger-than-bed",
                remedy="give a machine's bed_mm that takes it, or turn the part",
            )
        key = (part.setting, part.layer_mm, window, able)
        groups.setdefault(key, []).append(part)
    builds: list[Build] = []
    for group in groups.values():
        builds += _plates(group, machines, plate_s, len(builds))
    return builds


def _fits(part: SitePart, machine: SiteMachine) -> bool:
    if machine.bed_mm is None:
        return False
    wide, deep = sorted(part.size_mm[:2])
    room = sorted(side - 2 * EDGE_MM for side in machine.bed_mm[:2])
    low = part.size_mm[2] <= machine.bed_mm[2]
    return wide <= room[0] and deep <= room[1] and low


def _plates(
    group: Sequence[SitePart],
    machines: Sequence[SiteMachine],
    plate_s: int,
    before: int,
) -> list[Build]:
    able = [m for m in machines if all(_fits(part, m) for part in group)]
    beds = [m.bed_mm for m in able if m.bed_mm is not None]
    common = (
        min(max(bed[:2]) for bed in beds),
        min(min(bed[:2]) for bed in beds),
        min(bed[2] for bed in beds),
    )
    by_id = {part.id: part for part in group}
    kinds = [Kind(part.id, part.size_mm, part.copies) for part in group]
    builds: list[Build] = []
    for plate in nest_at_once(kinds, Bed(common, EDGE_MM, GAP_MM)):
        counts = plate.counts()
        on_it = [by_id[name] for name in counts]
        dues = [part.due_s for part in on_it if part.due_s is not None]
        time_s = plate_s + sum(by_id[name].time_s * n for name, n in counts.items())
        for _ in range(plate.times):
            builds.append(
                Build(
                    f"plate-{before + len(builds) + 1}",
                    on_it[0].setting,
                    dict.fromkeys((m.id for m in able), whole_steps(time_s) * STEP_S),
                    min(dues, default=None),
                    max(part.release_s for part in on_it),
                    max(part.weight for part in on_it),
                    None,
                    tuple(f"{n} x {name}" for name, n in counts.items()),
                )
            )
    return builds
