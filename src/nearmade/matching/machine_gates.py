"""Gates of a machine: size, state, tolerance, detail and certificates."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from nearmade.facilities.facility import Facility, Machine
from nearmade.matching.material_gates import NO, UNKNOWN, YES
from nearmade.matching.site_gates import Finding
from nearmade.matching.verdict import Question, Reason, Requirement
from nearmade.quoting.machine_capability import LAYER_FRACTIONS, capability_of
from nearmade.quoting.plate import EDGE_MM
from nearmade.screening.size_findings import ROUNDING_MM
from nearmade.vocabulary.process_tolerances import usual_tolerance
from nearmade.vocabulary.processes import process_title, satisfies

#: Narrower parts ask a printer that does not say its nozzle: the nozzle that nearly
#: all models of ``quoting.machines`` are sold with. [mm]
USUAL_NOZZLE_MM: Final = 0.4


def lay(
    extents_mm: tuple[float, float, float], machine: Machine
) -> tuple[bool, list[Finding]]:
    """Lay the part on the plate as it is or turned by a quarter.

    Returns
    -------
    turned
        True when it has to be turned, or lacks less when turned.
    findings
        Why it does not fit, with the numbers of both sides; or the question how much
        fits, where the machine does not say it and nothing it says is too small.
    """
    need_x, need_y = (side + 2 * EDGE_MM for side in extents_mm[:2])
    bed_x, bed_y, bed_z = machine.build_volume_mm
    straight = need_x <= bed_x and need_y <= bed_y
    fits = straight or (need_y <= bed_x and need_x <= bed_y)
    # Where neither way fits, speak of the way that lacks less.
    nearer = max(need_y - bed_x, need_x - bed_y) < max(need_x - bed_x, need_y - bed_y)
    turned = not straight and (fits or nearer)
    if turned:
        need_x, need_y = need_y, need_x
    reasons: list[Finding] = []
    unsaid = "build_volume_mm" in machine.unsaid
    room = "its axes travel" if unsaid else "bed"
    if not fits:
        lacks = " and ".join(
            f"{need:.5g} mm along {axis}; {room} {bed:g} mm"
            for axis, need, bed in (("x", need_x, bed_x), ("y", need_y, bed_y))
            if not need <= bed
        )
        way = ", turned by a quarter" if turned else ""
        reasons.append(
            Reason(
                "too-large",
                f"needs {lacks} ({machine.make_model}{way}; "
                f"{EDGE_MM:g} mm of skirt on each side counted)"
                f"{_diagonal(max(need_x, need_y), math.hypot(bed_x, bed_y))}",
                "make it smaller or split it",
            )
        )
    if not extents_mm[2] <= bed_z:
        reasons.append(
            Reason(
                "too-tall",
                f"needs {extents_mm[2]:.1f} mm of height; {bed_z:g} mm there "
                f"({machine.make_model})",
                "lay it down or split it",
            )
        )
    layer_mm = thinnest_layer_mm(machine)
    if not extents_mm[2] >= layer_mm - ROUNDING_MM:
        reasons.append(
            Reason(
                "thinner-than-layer",
                f"is {extents_mm[2]:.3g} mm high; the {machine.make_model} lays "
                f"{layer_mm:g} mm at least",
                "thicken it, or lay it on another side",
            )
        )
    if unsaid and not reasons:
        reasons.append(
            Question(
                "size-unknown",
                f"needs {need_x:.5g} x {need_y:.5g} x {extents_mm[2]:.5g} mm; the "
                f"{machine.make_model} does not say how much fits",
                f"how large a part fits along x, y and z of the {machine.make_model}?",
            )
        )
    return turned, [*reasons, *_width_findings(extents_mm, machine)]


def _width_findings(
    extents_mm: tuple[float, float, float], machine: Machine
) -> Iterator[Finding]:
    """Hold the narrower side of the part's plan against what the machine draws."""
    width_mm = min(extents_mm[:2])
    axis = "x" if extents_mm[0] <= extents_mm[1] else "y"
    name, tool_mm = machine.make_model, machine.nozzle_mm
    if tool_mm > 0 and width_mm < tool_mm - ROUNDING_MM:
        yield Reason(
            "detail-too-fine",
            f"is {width_mm:.3g} mm wide along {axis}; nozzle {tool_mm:g} mm ({name})",
            "thicken it, or lay it on another side",
        )
    elif "nozzle_mm" in machine.unsaid and width_mm < USUAL_NOZZLE_MM:
        yield Question(
            "detail-unknown",
            f"is {width_mm:.3g} mm wide along {axis}; the {name} does not say its "
            "nozzle",
            f"what nozzle does the {name} have?",
        )


def thinnest_layer_mm(machine: Machine) -> float:
    """Give the thinnest layer that a machine lays; zero where that is not known. [mm]

    Its record counts, then what its model is known for, then a quarter of its nozzle.
    """
    if machine.layer_mm is not None:
        return machine.layer_mm[0]
    return _layer_of(machine.make_model, machine.process, machine.nozzle_mm)


@lru_cache(maxsize=4096)
def _layer_of(make_model: str, process: str, nozzle_mm: float) -> float:
    known = capability_of(make_model)
    if known is not None and known.layer_mm and satisfies(process, known.process):
        return known.layer_mm[0]
    extruded = satisfies(process, "MATERIAL-EXTRUSION")
    return LAYER_FRACTIONS[0] * nozzle_mm if extruded else 0.0


def _usually(process: str, asked_mm: float) -> str:
    """Say how what is asked stands to what the process usually holds."""
    usual = usual_tolerance(process)
    if usual is None:
        return ""
    title = process_title(process)
    if asked_mm >= usual.widest_mm:
        return f"; {title} usually does ({usual})"
    if asked_mm >= usual.finest_mm:
        return f"; {title} does with care ({usual} is usual)"
    return f"; {title} usually does not ({usual})"


def _diagonal(longest_mm: float, diagonal_mm: float) -> str:
    """Say that no turn on the plate helps where the bed's diagonal is too short."""
    if not longest_mm > diagonal_mm:
        return ""
    return (
        f"; needs {longest_mm:.5g} mm along its longest side; "
        f"bed diagonal {diagonal_mm:.0f} mm"
    )


def machine_findings(machine: Machine, requirement: Requirement) -> Iterator[Finding]:
    """Hold a machine against what a part asks beside its size and material."""
    name = machine.make_model
    if machine.status == "down":
        yield Reason("machine-down", f"the {name} is down", "wait for its repair")
    asked_mm = requirement.tolerance_mm
    if asked_mm is not None:
        holds_mm = machine.tolerance_mm
        if holds_mm is None:
            yield Question(
                "tolerance-unknown",
                f"needs +-{asked_mm:g} mm; the {name} does not say what it holds"
                f"{_usually(machine.process, asked_mm)}",
                f"what tolerance does the {name} hold?",
            )
        elif not holds_mm <= asked_mm:
            yield Reason(
                "tolerance-too-wide",
                f"needs +-{asked_mm:g} mm; the {name} holds +-{holds_mm:g} mm",
                "allow a wider tolerance",
            )
    detail_mm = requirement.detail_mm
    if detail_mm is not None:
        tool_mm = machine.nozzle_mm
        if not tool_mm > 0:
            yield Question(
                "detail-unknown",
                f"needs details of {detail_mm:g} mm; the {name} "
                + ("" if "nozzle_mm" in machine.unsaid else "has no nozzle and ")
                + "does not say how fine it works",
                f"how fine a wall or hole does the {name} make?",
            )
        elif not tool_mm <= detail_mm:
            yield Reason(
                "detail-too-fine",
                f"needs details of {detail_mm:g} mm; nozzle {tool_mm:g} mm ({name})",
                "thicken what is thin, or ask for a finer nozzle",
            )


def certificate_level(
    wanted: tuple[str, ...], own: tuple[str, ...], common: tuple[str, ...]
) -> int:
    """Tell whether certificates are held: 0 no, 1 unknown, 2 yes.

    Who names some certificates does not hold the others; who names none may.
    """
    if not _lacking(wanted, (*own, *common)):
        return 2
    return 0 if own or common else 1


def certificate_findings(
    machine: Machine, facility: Facility, requirement: Requirement
) -> Iterator[Finding]:
    """Hold the certificates of a machine and its site against those asked."""
    wanted = requirement.certifications
    own, common = machine.certifications, facility.certifications
    level = certificate_level(wanted, own, common)
    lacking = _lacking(wanted, (*own, *common))
    if level == 1:
        yield Question(
            "certification-unknown",
            f"needs {', '.join(lacking)}; neither the {machine.make_model} nor its "
            "site names a certificate",
            f"does {facility.name} hold {', '.join(lacking)}?",
        )
    elif level == 0:
        shown = sorted({*machine.certifications, *facility.certifications})
        yield Reason(
            "certification-missing",
            f"needs {', '.join(lacking)}; holds {', '.join(shown)}",
            "ask whether it is under way, or choose another site",
        )


def site_certificate_findings(
    facility: Facility, requirement: Requirement
) -> Iterator[Finding]:
    """Hold the certificates of a site alone against those asked, for its hand work."""
    wanted, held = requirement.certifications, facility.certifications
    level = certificate_level(wanted, (), held) if wanted else YES
    lacking = ", ".join(_lacking(wanted, held))
    if level == UNKNOWN:
        yield Question(
            "certification-unknown",
            f"needs {lacking} where it is brought together; the site names no "
            "certificate of its own",
            f"does {facility.name} hold {lacking} for its hand work?",
        )
    elif level == NO:
        yield Reason(
            "certification-missing",
            f"needs {lacking} where it is brought together; the site holds "
            f"{', '.join(sorted(held))}",
            "let it make parts for another site",
        )


def _lacking(wanted: Iterable[str], held: Iterable[str]) -> list[str]:
    """Give what of the wanted certificates is not held; without a year any will do."""
    names = {_plain(one) for one in held}
    names |= {_YEAR.sub("", name) for name in names}
    return [one for one in wanted if _plain(one) not in names]


def _plain(certificate: str) -> str:
    """Write a certificate so that spaces and capitals make no difference."""
    return "".join(certificate.split()).casefold()


#: The edition of a standard, as in ISO 13485:2016.
_YEAR: Final = re.compile(r":(?:19|20)[0-9]{2}$")
