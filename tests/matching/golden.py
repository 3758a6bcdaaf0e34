"""Cases with answers by hand: what may be made where, and why not.

``says`` are pieces of the reasons or questions, with the numbers of both sides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from nearmade.facilities.facility import Facility, Feedstock, OpeningHours
from nearmade.matching.verdict import Requirement, Verdict
from tests.matching.workshops import (
    FRAME,
    HOLIDAY,
    IN_NAKURU,
    LYON,
    MINI,
    MK3S,
    MONDAY_NOON,
    NAIROBI,
    NAIROBI_FARM,
    NAKURU,
    block,
    farm,
    only,
    shop,
    van,
    with_mini_alone,
)


@dataclass(frozen=True)
class Golden:
    title: str
    part: Requirement
    site: Facility
    verdict: Verdict
    rules: tuple[str, ...] = ()
    says: tuple[str, ...] = ()


def _no(title: str, part: Requirement, site: Facility, rule: str, *says: str) -> Golden:
    return Golden(title, part, site, "no", (rule,), says)


def _ask(
    title: str, part: Requirement, site: Facility, rule: str, *says: str
) -> Golden:
    return Golden(title, part, site, "unknown", (rule,), says)


def _yes(title: str, part: Requirement, site: Facility = NAIROBI_FARM) -> Golden:
    return Golden(title, part, site, "yes")


SMALL = block(90, 90, 8)
IN = timedelta(hours=1)

#: Each got full marks from a matcher that compares names alone.
FALSE_ACCEPTS = (
    _no(
        "a 500 mm cube at a printer with 100 mm of travel",
        only(facts=block(500, 500, 500)),
        with_mini_alone(build_volume_mm=(100, 100, 100)),
        "too-large",
        "needs 508 mm along x; bed 100 mm",
        "needs 508 mm along its longest side; bed diagonal 141 mm",
    ),
    _no(
        "PEEK at a shop that has PLA alone",
        only(materials=("PEEK",)),
        NAIROBI_FARM,
        "material-missing",
        "needs PEEK; the shelf holds PLA",
    ),
    _no(
        "a shop that is closed",
        FRAME,
        farm(status="closed"),
        "facility-not-active",
        "marked closed; it must be active",
    ),
    _no(
        "laser stereolithography at a shop of filament printers",
        only(process="SLA"),
        NAIROBI_FARM,
        "process-missing",
        "needs SLA; offers FDM",
    ),
    _no(
        "laser welding by a laser cutter",
        only(process="LASER-WELDING", materials=("STEEL",), facts=SMALL),
        shop("LASER-CUTTING", "STEEL"),
        "process-missing",
        "needs LASER-WELDING; offers LASER-CUTTING",
    ),
    _no(
        "ultrasonic welding by a shop that welds",
        only(process="ULTRASONIC-WELDING", materials=("ABS",), facts=SMALL),
        shop("WELDING", "ABS"),
        "process-missing",
        "needs ULTRASONIC-WELDING; offers WELDING",
    ),
    _no(
        "screen printing by 3-D printing",
        only(process="SCREEN-PRINTING", materials=("PLA",), facts=SMALL),
        shop("3DP", "PLA"),
        "process-missing",
        "needs SCREEN-PRINTING; offers 3DP",
    ),
)


def _other(asked: str, offered: str, material: str) -> Golden:
    return _no(
        f"{asked} at a shop for {offered}",
        only(process=asked, materials=(material,), facts=SMALL),
        shop(offered, material),
        "process-missing",
        f"needs {asked}; offers {offered}",
    )


#: What even names tell apart, and one that only a person can.
RIGHT_REFUSALS = (
    _other("DMLS", "FDM", "STAINLESS"),
    _other("INJECTION-MOULDING", "3DP", "ABS"),
    _other("CASTING", "POWDER-COATING", "ALUMINIUM"),
    _other("MILLING", "DRILLING", "ALUMINIUM"),
    _other("TURNING", "SEWING", "BRASS"),
    _other("KNITTING", "WEAVING", "TEXTILE"),
)

PROCESS = (
    _yes("filament printing where additive making is asked", only(process="3DP")),
    _yes(
        "milling under numerical control where milling is asked",
        only(process="MILLING", materials=("ALUMINIUM",), facts=SMALL),
        shop("CNC-MILLING", "ALUMINIUM"),
    ),
    _yes(
        "milling under numerical control where numerical control is asked",
        only(process="CNC", materials=("ALUMINIUM",), facts=SMALL),
        shop("CNC-MILLING", "ALUMINIUM"),
    ),
    _other("CNC-MILLING", "MILLING", "ALUMINIUM"),
    _other("FDM", "MATERIAL-EXTRUSION", "PLA"),
    _other("SLS", "MJF", "PA12"),
    _other("GLASS-BLOWING", "CASTING", "GLASS"),
    _yes(
        "a craft that no tree holds, by its own name",
        only(process="BASKETRY", materials=("Willow",), facts=SMALL),
        shop("BASKETRY", "willow"),
    ),
    _ask(
        "mechanical work by drawing at a shop under numerical control",
        only(process="MEC", materials=("ALUMINIUM",), facts=SMALL),
        shop("CNC", "ALUMINIUM"),
        "process-broad",
        "MEC does not say how it is made; offers CNC",
    ),
    _no(
        "mechanical work by drawing at a shop of filament printers",
        only(process="MEC"),
        NAIROBI_FARM,
        "process-missing",
        "needs MEC; offers FDM",
    ),
    _ask(
        "a site of a public list that names no machine",
        FRAME,
        farm(machines=()),
        "machines-unknown",
        "the site names no machine",
    ),
)

SIZE = (
    _yes("a frame of 140 mm", FRAME),
    _yes("a slab that fills the bed to the millimetre", only(facts=block(242, 202, 9))),
    _yes("a slab that fits turned by a quarter", only(facts=block(202, 242, 9))),
    _no(
        "a slab half a millimetre too long",
        only(facts=block(242.5, 202, 9)),
        farm(machines=(MK3S,)),
        "too-large",
        "needs 250.5 mm along x; bed 250 mm",
    ),
    _no(
        "a rod of 304 mm",
        only(facts=block(304, 6, 6)),
        farm(machines=(MK3S, MINI)),
        "too-large",
        # 304 and 4 mm of skirt on each side; 255 = sqrt(180^2 + 180^2) of the MINI+
        "needs 312 mm along its longest side; bed diagonal 255 mm",
    ),
    _no(
        "a tower of 181 mm",
        only(facts=block(40, 40, 181)),
        with_mini_alone(),
        "too-tall",
        "needs 181.0 mm of height; 180 mm there",
    ),
    _yes("a tower as tall as the machine", only(facts=block(40, 40, 210))),
    _no(
        "a machine that is down",
        FRAME,
        with_mini_alone(status="down"),
        "machine-down",
        "the Prusa MINI+ is down",
    ),
    _yes("a machine that is busy", FRAME, with_mini_alone(status="busy")),
)

MATERIAL = (
    _yes("PLA by its long name", only(materials=("Polylactic acid",))),
    _no(
        "21 frames of 20 g from lots of 400 and 300 g",
        only(quantity=21),
        NAIROBI_FARM,
        "stock-too-low",
        "needs 420 g in one lot; the shelf holds 400 g of PLA",
    ),
    _yes("20 frames of 20 g from a lot of 400 g", only(quantity=20)),
    _yes("a black frame", only(colour="black")),
    _no(
        "a red frame",
        only(colour="red"),
        NAIROBI_FARM,
        "colour-missing",
        "needs PLA in red; the shelf holds black, white",
    ),
    _ask(
        "a red frame from filament without a word of its colour",
        only(colour="red"),
        farm(feedstocks=(Feedstock("PLA", "", 500),)),
        "colour-unknown",
        "does not say the colour of its PLA",
    ),
    _no(
        "PETG on a machine with a profile for PLA alone",
        only(materials=("PETG",)),
        farm(
            machines=(with_mini_alone(profiles=MINI.profiles[:1]).machines[0],),
            feedstocks=(Feedstock("PETG", "", 500),),
        ),
        "profile-missing",
        "has no profile for PETG",
    ),
    _no(
        "steel at a laser for wood",
        only(process="LASER-CUTTING", materials=("STEEL",), facts=SMALL),
        farm(
            machines=shop("LASER-CUTTING", "PLYWOOD").machines,
            feedstocks=(Feedstock("STEEL", "", 5_000),),
        ),
        "material-not-worked",
        "needs STEEL; the Workhorse works PLYWOOD",
    ),
    _no(
        "PEEK through a nozzle that reaches 300 degC",
        only(materials=("PEEK",), facts=SMALL),
        shop("FDM", "PEEK", nozzle_degc=300.0, bed_degc=150.0),
        "too-cold",
        "PEEK needs nozzle at 400 degC; it reaches 300 degC",
    ),
    _no(
        "PEEK on a bed that reaches 110 degC",
        only(materials=("PEEK",), facts=SMALL),
        shop("FDM", "PEEK", nozzle_degc=450.0, bed_degc=110.0),
        "too-cold",
        "PEEK needs bed at 130 degC; it reaches 110 degC",
    ),
    _no(
        "PEEK in an open machine",
        only(materials=("PEEK",), facts=SMALL),
        shop("FDM", "PEEK", nozzle_degc=450.0, bed_degc=150.0, enclosed=False),
        "too-cold",
        "PEEK needs a closed chamber; it is open",
    ),
    _yes(
        "PEEK in a closed and hot machine",
        only(materials=("PEEK",), facts=SMALL),
        shop("FDM", "PEEK", nozzle_degc=450.0, bed_degc=150.0, enclosed=True),
    ),
    _ask(
        "PLA at a machine that names no material",
        FRAME,
        farm(
            machines=(with_mini_alone(profiles=()).machines[0],),
        ),
        "materials-unknown",
        "the Prusa MINI+ does not say which materials it works",
    ),
    _ask(
        "aluminium at a mill that does not list its stock",
        only(process="MILLING", materials=("ALUMINIUM",), facts=SMALL),
        farm(machines=shop("MILLING", "ALUMINIUM").machines, feedstocks=()),
        "stock-unknown",
        "the site does not say what it holds",
    ),
    _no(
        "a shelf that is empty",
        FRAME,
        farm(feedstocks=()),
        "material-missing",
        "needs PETG or PLA; the shelf holds nothing",
    ),
)

PROPERTIES = (
    _no(
        "PLA where 80 degC must be borne",
        only(materials=("PLA",), properties={"heat_deflection_degc": 80}),
        NAIROBI_FARM,
        "property-missing",
        "needs heat_deflection_degc at least 80; PLA has 55",
    ),
    _yes(
        "any material that bears 80 degC, with ASA listed and in stock",
        only(materials=(), properties={"heat_deflection_degc": 80}, facts=SMALL),
        shop("FDM", "ASA"),
    ),
    _no(
        "any material that bears 80 degC, with PLA alone on the shelf",
        only(materials=(), properties={"heat_deflection_degc": 80}),
        NAIROBI_FARM,
        "material-missing",
        "needs a material that suits; the shelf holds PLA",
    ),
    _no(
        "PLA where it must bend",
        only(materials=("PLA",), properties={"flexible": True}),
        NAIROBI_FARM,
        "property-missing",
        "needs flexible; PLA is not",
    ),
    _ask(
        "PLA where it must be fit for food",
        only(materials=("PLA",), properties={"food_contact": True}),
        NAIROBI_FARM,
        "property-unknown",
        "needs food contact; nothing is known of it for PLA",
    ),
    _yes(
        "PLA where it must not bend",
        only(materials=("PLA",), properties={"flexible": False}),
    ),
)

EXACTNESS = (
    _yes(
        "0.2 mm at a machine that holds 0.1 mm",
        only(tolerance_mm=0.2),
        with_mini_alone(tolerance_mm=0.1),
    ),
    _no(
        "0.05 mm at a machine that holds 0.1 mm",
        only(tolerance_mm=0.05),
        with_mini_alone(tolerance_mm=0.1),
        "tolerance-too-wide",
        "needs +-0.05 mm; the Prusa MINI+ holds +-0.1 mm",
    ),
    _ask(
        "0.1 mm at a machine that does not say",
        only(tolerance_mm=0.1),
        with_mini_alone(),
        "tolerance-unknown",
        "needs +-0.1 mm; the Prusa MINI+ does not say",
    ),
    _yes("a wall as thin as the nozzle", only(detail_mm=0.4)),
    _no(
        "a wall of 0.3 mm through a nozzle of 0.4 mm",
        only(detail_mm=0.3),
        with_mini_alone(),
        "detail-too-fine",
        "needs details of 0.3 mm; nozzle 0.4 mm",
    ),
    _ask(
        "a detail of 0.3 mm at a mill that does not say how fine it works",
        only(process="MILLING", materials=("BRASS",), facts=SMALL, detail_mm=0.3),
        shop("MILLING", "BRASS"),
        "detail-unknown",
        "needs details of 0.3 mm",
    ),
    _yes(
        "a certificate of the site, written otherwise",
        only(certifications=("ISO 13485",)),
        farm(certifications=("iso  13485", "ISO 9001")),
    ),
    _yes(
        "one certificate of the machine and one of its site",
        only(certifications=("ISO 13485", "ISO 9001")),
        farm(
            machines=with_mini_alone(certifications=("ISO 13485",)).machines,
            certifications=("ISO 9001",),
        ),
    ),
    _no(
        "a certificate that a site with others lacks",
        only(certifications=("ISO 13485",)),
        farm(certifications=("ISO 9001",)),
        "certification-missing",
        "needs ISO 13485; holds ISO 9001",
    ),
    _ask(
        "a certificate at a site that names none",
        only(certifications=("ISO 13485",)),
        with_mini_alone(),
        "certification-unknown",
        "needs ISO 13485",
    ),
)

TIME_AND_PLACE = (
    _no(
        "within the hour on a holiday",
        only(needed_by=MONDAY_NOON + IN),
        farm(holidays=HOLIDAY),
        "starts-too-late",
        # Tuesday at 8 in Nairobi
        "can start 2026-11-03 05:00 UTC at the earliest; needed by 2026-11-02 10:00",
    ),
    _yes("within the hour on a working day", only(needed_by=MONDAY_NOON + IN)),
    _no(
        "by Monday where they open on Saturdays",
        only(needed_by=MONDAY_NOON + 10 * IN),
        farm(opening=OpeningHours((6,), 9, 17, 3)),
        "starts-too-late",
        "can start 2026-11-07 06:00 UTC",
    ),
    _no(
        "tomorrow where three days are promised away",
        only(needed_by=MONDAY_NOON + 24 * IN),
        farm(queue_s=3 * 86_400),
        "starts-too-late",
        "can start 2026-11-05 09:00 UTC",
    ),
    _no(
        "opening at 8 in Nairobi's zone, asked for half past seven",
        only(needed_by=MONDAY_NOON + 19.5 * IN),
        farm(opening=OpeningHours((2,), 8, 18), zone="Africa/Nairobi"),
        "starts-too-late",
        "can start 2026-11-03 05:00 UTC at the earliest; needed by 2026-11-03 04:30",
    ),
    _yes(
        "a van on Monday at its base",
        only(near=NAIROBI, within_km=10.0),
        van(IN_NAKURU),
    ),
    _no(
        "a van on Wednesday, when it stands in Nakuru",
        only(near=NAIROBI, within_km=10.0),
        farm(
            kind="van",
            itinerary=(IN_NAKURU,),
            opening=OpeningHours((3,), 8, 18, 3),
        ),
        "too-far",
        # 136 km: great circle from -1.28333, 36.81667 to -0.30719, 36.07225
        "stands 136 km from Nairobi, in Nakuru, KE on 2026-11-04; at most 10 km",
    ),
    _yes(
        "the same van on Wednesday, asked for in Nakuru",
        only(near=NAKURU, within_km=10.0),
        farm(
            kind="van",
            itinerary=(IN_NAKURU,),
            opening=OpeningHours((3,), 8, 18, 3),
        ),
    ),
    _no(
        "Nairobi within 500 km of Lyon",
        only(near=LYON, within_km=500.0),
        NAIROBI_FARM,
        "too-far",
        "km from Lyon, in Nairobi, KE; at most 500 km",
    ),
    _no(
        "what may not be made in Kenya",
        only(barred_countries=("KE",)),
        NAIROBI_FARM,
        "barred-country",
        "may not be made in KE; the site stands in Nairobi, KE",
    ),
    _yes("what may not be made in France", only(barred_countries=("FR",))),
    _no(
        "a customer who wants to come where nobody may",
        only(visits=True),
        farm(access="Restricted"),
        "no-visitors",
        "access there is Restricted",
    ),
    _yes(
        "a customer who wants to come to a shared space",
        only(visits=True),
        farm(access="Shared space"),
    ),
    _ask(
        "a customer who wants to come where nothing is said",
        only(visits=True),
        NAIROBI_FARM,
        "access-unknown",
        "does not say whom it lets in",
    ),
)

LICENCE = (
    _yes("non-commercial at home", only(commercial_use=False), farm(kind="home")),
    _yes("non-commercial in a lab", only(commercial_use=False), farm(kind="fab-lab")),
    _yes(
        "non-commercial at a commons", only(commercial_use=False), farm(kind="commons")
    ),
    _no(
        "non-commercial at a print farm",
        only(commercial_use=False),
        NAIROBI_FARM,
        "non-commercial-licence",
        "a print-farm works for pay",
    ),
    _no(
        "non-commercial in a van",
        only(commercial_use=False),
        van(),
        "non-commercial-licence",
        "a van works for pay",
    ),
)

GOLDEN = (
    *FALSE_ACCEPTS,
    *RIGHT_REFUSALS,
    *PROCESS,
    *SIZE,
    *MATERIAL,
    *PROPERTIES,
    *EXACTNESS,
    *TIME_AND_PLACE,
    *LICENCE,
)
