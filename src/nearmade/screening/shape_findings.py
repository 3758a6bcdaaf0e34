"""Which places of a part a process cannot make well, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nearmade.geometry.facts import (
    WALL_STEPS_MM,
    Finding,
    PartFacts,
    Place,
    Severity,
    Spot,
    Survey,
)
from nearmade.screening.machine_limits import MachineLimits
from nearmade.screening.process_rules import NOZZLE_MM, Limit, ProcessRules

#: Thin walls over less of the surface are a note: lettering, or skins that a designer
#: puts under a hole to be cut away.
THIN_FRACTION = 0.005
#: Thin walls over more of the surface: there is little else.
ALL_FRACTION = 0.5
#: Sections of a sheet differ by less than this share.
SHEET_FRACTION = 0.01
#: A part that stands on less than this comes loose. Our own judgement: a brim of 5 mm
#: about a base of 5 x 5 mm has nine times its area. [mm2]
LEAST_BASE_MM2 = 25.0
#: A part more slender than this, height by the side of a square of its base, wobbles.
#: Our own judgement.
SLENDER = 6.0


def wall_findings(
    facts: PartFacts, survey: Survey, limits: MachineLimits, rules: ProcessRules
) -> Iterator[Finding]:
    """Judge walls and floors; a floor is judged by its layers where there are some."""
    scale = limits.nozzle_mm / NOZZLE_MM if limits.nozzle_mm > 0 else 1.0
    least = rules.wall_mm.value if rules.wall_mm else limits.bead_mm
    advised = rules.wall_advised_mm.value * scale if rules.wall_advised_mm else 0.0
    least_floor, advised_floor = least, advised
    if rules.layers:
        least_floor = rules.floor_layers * limits.layer_mm
        advised_floor = rules.floor_advised_mm.value if rules.floor_advised_mm else 0.0
    failing = _thinner(survey.thin_walls, least)
    failing += _thinner(survey.thin_floors, least_floor)
    weak = _thinner(survey.thin_walls, advised)
    weak += _thinner(survey.thin_floors, advised_floor)
    if failing:
        share = _area_thinner(survey, least) / max(facts.area_mm2, 1e-9)
        what = f"a line of the nozzle is {least:.2f} mm" if not rules.wall_mm else (
            f"{least:g} mm is the least for {limits.process}"
        )  # fmt: skip
        yield Finding(
            "thin-walls",
            _thin_severity(share),
            f"The thinnest wall or floor is {_thinnest(failing):.2f} mm, {what}: such "
            f"places, {_percent(share)} of the surface, may be lost.",
            remedy=f"Thicken them to {max(least, advised):g} mm, or take a finer "
            "machine.",
            spots=_spots(failing),
        )
    elif weak:
        yield Finding(
            "weak-walls",
            "note",
            f"The thinnest wall or floor is {_thinnest(weak):.2f} mm; "
            f"{advised:g} mm is advised.",
            remedy=f"Thicken it to {advised:g} mm where it bears load.",
            spots=_spots(weak),
        )


def feature_findings(
    facts: PartFacts, survey: Survey, limits: MachineLimits, rules: ProcessRules
) -> Iterator[Finding]:
    """Judge holes, pins and hollows."""
    scale = limits.nozzle_mm / NOZZLE_MM if limits.nozzle_mm > 0 else 1.0
    pins = _thinner(survey.pins, _value(rules.pin_mm) * scale)
    fine = _thinner(survey.pins, _value(rules.pin_advised_mm) * scale)
    if pins or fine:
        severity: Severity = "warning" if pins else "note"
        yield Finding(
            "fine-features",
            severity,
            f"The finest pin or bar is {_thinnest(pins or fine):.2f} mm thick and may "
            "break or be lost.",
            remedy="Thicken it, shorten it, or put in a metal pin.",
            spots=_spots(pins or fine),
        )
    thickness = 0.0
    if not any(sheet_findings(facts, survey)):
        thickness = _value(rules.hole_of_thickness) * facts.extents_mm[2]
    width = max(_value(rules.hole_mm), thickness)
    holes = _thinner(survey.holes, width)
    if holes:
        yield Finding(
            "narrow-holes",
            "note",
            f"The narrowest hole is {_thinnest(holes):.2f} mm wide; below "
            f"{width:.3g} mm it may close.",
            remedy="Widen it, or drill it after.",
            spots=_spots(holes),
        )
    if rules.hollows and survey.cavities:
        count = _counted(len(survey.cavities), "closed hollow", "closed hollows")
        yield Finding(
            "hollows",
            "error" if rules.hollows_refused else "warning",
            f"The part has {count}.",
            remedy=f"{rules.hollows[0].upper()}{rules.hollows[1:]}.",
            spots=_spots(survey.cavities),
        )


def layer_findings(
    facts: PartFacts, survey: Survey, rules: ProcessRules
) -> Iterator[Finding]:
    """Judge what hangs in the air where parts grow layer upon layer."""
    loose = len(survey.loose_bodies)
    if loose:
        yield Finding(
            "loose-bodies",
            "warning",
            f"{_counted(loose, 'body hangs', 'bodies hang')} in the air and "
            f"{'touches' if loose == 1 else 'touch'} nothing.",
            remedy="Join them to the part, or give each its own file.",
            spots=_spots(survey.loose_bodies),
        )
    elif survey.island_count:
        yield Finding(
            "islands",
            "warning",
            f"{_counted(survey.island_count, 'place begins', 'places begin')} in the "
            f"air, the largest with {survey.islands[0].area_mm2:.1f} mm2.",
            remedy="Print with supports, or turn the part.",
            spots=_spots(survey.islands),
        )
    bridge = survey.longest_bridge_mm
    if rules.bridge_advised_mm and bridge > rules.bridge_advised_mm.value:
        far = rules.bridge_mm is not None and bridge > rules.bridge_mm.value
        shown = rules.bridge_mm if far else rules.bridge_advised_mm
        assert shown is not None
        long = [one for one in survey.bridges if one.size_mm > shown.value]
        yield Finding(
            "long-bridges",
            "warning" if far else "note",
            f"The longest bridge spans {bridge:.1f} mm; beyond {shown.value:g} mm it "
            f"{'may fail' if far else 'sags a little'}.",
            remedy="Print with supports, arch the ceiling, or turn the part.",
            spots=_spots(long),
        )
    yield from _overhangs(survey, rules)


def _overhangs(survey: Survey, rules: ProcessRules) -> Iterator[Finding]:
    least, advised = _value(rules.overhang_mm), _value(rules.overhang_advised_mm)
    hanging = (*survey.overhangs, *survey.ledges)
    far = [one for one in hanging if least and one.size_mm > least]
    some = [one for one in hanging if advised and one.size_mm > advised]
    if not some:
        return
    reach = max(one.size_mm for one in some)
    yield Finding(
        "overhangs",
        "warning" if far else "note",
        f"Flatter than 45 degrees the part stands out by up to {reach:.1f} mm over air "
        f"({survey.unsupported_mm2 / 100:.2f} cm2 in all).",
        remedy="Print with supports, turn the part, or make the slope steeper."
        if far
        else "Expect a rough underside there.",
        spots=_spots(sorted(far or some, key=lambda one: -one.area_mm2)),
    )


def base_findings(facts: PartFacts, survey: Survey) -> Iterator[Finding]:
    """Judge how a part stands on the plate."""
    if not survey.solid:
        return
    height = facts.extents_mm[2]
    # A part lower than the section through its base is a foil: it stands on its face.
    base_mm2 = survey.base_mm2 or facts.contact_mm2
    side = max(base_mm2, 1e-9) ** 0.5
    if not survey.stands:
        yield Finding(
            "tips-over",
            "warning",
            "The centre of the part does not lie above its base: it would tip over.",
            remedy="Turn the part, or print with supports and a brim.",
        )
    elif not survey.flat_base and base_mm2 < LEAST_BASE_MM2:
        yield Finding(
            "no-flat-base",
            "warning",
            f"Nothing of the part lies flat: it begins with {base_mm2:.1f} mm2.",
            remedy="Turn it onto a flat side, cut it flat below, or print with "
            "supports.",
        )
    elif base_mm2 < LEAST_BASE_MM2 or height > SLENDER * side:
        yield Finding(
            "small-base",
            "note",
            f"The part stands {_short(height)} mm high on {_short(base_mm2)} mm2.",
            remedy="Print it with a brim.",
        )


def sheet_findings(facts: PartFacts, survey: Survey) -> Iterator[Finding]:
    """Judge whether a part can be cut from a sheet that lies flat."""
    areas = survey.section_areas_mm2
    if areas and max(areas) - min(areas) > SHEET_FRACTION * max(areas):
        yield Finding(
            "not-a-sheet",
            "error",
            "The part does not have the same outline at every height.",
            remedy="Draw it as one flat plate that lies on its face.",
        )


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _short(length: float) -> str:
    """Write what is below ten with what matters of it, the rest as a whole number."""
    return f"{length:.2g}" if length < 10 else f"{length:.0f}"


def _value(limit: Limit | None) -> float:
    return limit.value if limit is not None else 0.0


def _thinner(places: Sequence[Place], than_mm: float) -> list[Place]:
    return [one for one in places if one.size_mm < than_mm - 1e-6]


def _thinnest(places: Sequence[Place]) -> float:
    return min(one.size_mm for one in places)


def _spots(places: Sequence[Place]) -> tuple[Spot, ...]:
    return tuple(one.spot for one in places[:12])


def _area_thinner(survey: Survey, than_mm: float) -> float:
    """Give the area of walls thinner than the next step that is known."""
    pairs = zip(WALL_STEPS_MM, survey.thin_area_mm2, strict=False)
    return next((area for step, area in pairs if step >= than_mm - 1e-6), 0.0)


def _thin_severity(share: float) -> Severity:
    if share > ALL_FRACTION:
        return "error"
    return "warning" if share > THIN_FRACTION else "note"


def _percent(share: float) -> str:
    return "less than 1 %" if share < 0.01 else f"{share * 100:.0f} %"
