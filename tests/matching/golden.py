"""Cases with answers by hand: what may be made where, and why not.

``says`` are pieces of the reasons or questions, with the numbers of both sides.
"""

from __future__ import annotations

from dataclasses import dataclass

from nearmade.facilities.facility import Facility, Feedstock
from nearmade.matching.verdict import Requirement, Verdict
from tests.matching.workshops import (
    FRAME,
    MINI,
    MK3S,
    NAIROBI_FARM,
    block,
    farm,
    only,
    shop,
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


def no(title: str, part: Requirement, site: Facility, rule: str, *says: str) -> Golden:
    return Golden(title, part, site, "no", (rule,), says)


def ask(title: str, part: Requirement, site: Facility, rule: str, *says: str) -> Golden:
    return Golden(title, part, site, "unknown", (rule,), says)


def yes(title: str, part: Requirement, site: Facility = NAIROBI_FARM) -> Golden:
    return Golden(title, part, site, "yes")


SMALL = block(90, 90, 8)

#: Each got full marks from a matcher that compares names alone.
FALSE_ACCEPTS = (
    no(
        "a 500 mm cube at a printer with 100 mm of travel",
        only(facts=block(500, 500, 500)),
        with_mini_alone(build_volume_mm=(100, 100, 100)),
        "too-large",
        "needs 508 mm along x; bed 100 mm",
        "needs 508 mm along its longest side; bed diagonal 141 mm",
    ),
    no(
        "PEEK at a shop that has PLA alone",
        only(materials=("PEEK",)),
        NAIROBI_FARM,
        "material-missing",
        "needs PEEK; the shelf holds PLA",
    ),
    no(
        "a shop that is closed",
        FRAME,
        farm(status="closed"),
        "facility-not-active",
        "marked closed; it must be active",
    ),
    no(
        "laser stereolithography at a shop of filament printers",
        only(process="SLA"),
        NAIROBI_FARM,
        "process-missing",
        "needs laser stereolithography (SLA); offers fused filament fabrication (FDM)",
    ),
    no(
        "laser welding by a laser cutter",
        only(process="LASER-WELDING", materials=("STEEL",), facts=SMALL),
        shop("LASER-CUTTING", "STEEL"),
        "process-missing",
        "needs laser welding (LASER-WELDING); offers laser cutting (LASER-CUTTING)",
    ),
    no(
        "ultrasonic welding by a shop that welds",
        only(process="ULTRASONIC-WELDING", materials=("ABS",), facts=SMALL),
        shop("WELDING", "ABS"),
        "process-missing",
        "needs ultrasonic welding (ULTRASONIC-WELDING); offers welding (WELDING)",
    ),
    no(
        "screen printing by 3-D printing",
        only(process="SCREEN-PRINTING", materials=("PLA",), facts=SMALL),
        shop("3DP", "PLA"),
        "process-missing",
        "needs screen printing (SCREEN-PRINTING); offers additive manufacturing (3DP)",
    ),
)


def other(asked: str, offered: str, material: str) -> Golden:
    return no(
        f"{asked} at a shop for {offered}",
        only(process=asked, materials=(material,), facts=SMALL),
        shop(offered, material),
        "process-missing",
        f"({asked}); offers ",
        f"({offered})",
    )


#: What even names tell apart, and one that only a person can.
RIGHT_REFUSALS = (
    other("DMLS", "FDM", "STAINLESS"),
    other("INJECTION-MOULDING", "3DP", "ABS"),
    other("CASTING", "POWDER-COATING", "ALUMINIUM"),
    other("MILLING", "DRILLING", "ALUMINIUM"),
    other("TURNING", "SEWING", "BRASS"),
    other("KNITTING", "WEAVING", "TEXTILE"),
)

PROCESS = (
    yes("filament printing where additive making is asked", only(process="3DP")),
    yes(
        "milling under numerical control where milling is asked",
        only(process="MILLING", materials=("ALUMINIUM",), facts=SMALL),
        shop("CNC-MILLING", "ALUMINIUM"),
    ),
    yes(
        "milling under numerical control where numerical control is asked",
        only(process="CNC", materials=("ALUMINIUM",), facts=SMALL),
        shop("CNC-MILLING", "ALUMINIUM"),
    ),
    other("CNC-MILLING", "MILLING", "ALUMINIUM"),
    other("FDM", "MATERIAL-EXTRUSION", "PLA"),
    other("SLS", "MJF", "PA12"),
    other("GLASS-BLOWING", "CASTING", "GLASS"),
    yes(
        "a craft that no tree holds, by its own name",
        only(process="BASKETRY", materials=("Willow",), facts=SMALL),
        shop("BASKETRY", "willow"),
    ),
    ask(
        "mechanical work by drawing at a shop under numerical control",
        only(process="MEC", materials=("ALUMINIUM",), facts=SMALL),
        shop("CNC", "ALUMINIUM"),
        "process-broad",
        "(MEC) does not say how it is made; offers machining under numerical control",
    ),
    no(
        "mechanical work by drawing at a shop of filament printers",
        only(process="MEC"),
        NAIROBI_FARM,
        "process-missing",
        "(MEC); offers fused filament fabrication (FDM)",
    ),
    ask(
        "a site of a public list that names no machine",
        FRAME,
        farm(machines=()),
        "machines-unknown",
        "the site names no machine",
    ),
)

SIZE = (
    yes("a frame of 140 mm", FRAME),
    yes("a slab that fills the bed to the millimetre", only(facts=block(242, 202, 9))),
    yes("a slab that fits turned by a quarter", only(facts=block(202, 242, 9))),
    no(
        "a slab half a millimetre too long",
        only(facts=block(242.5, 202, 9)),
        farm(machines=(MK3S,)),
        "too-large",
        "needs 250.5 mm along x; bed 250 mm",
    ),
    no(
        "a rod of 304 mm",
        only(facts=block(304, 6, 6)),
        farm(machines=(MK3S, MINI)),
        "too-large",
        # 304 and 4 mm of skirt on each side; 255 = sqrt(180^2 + 180^2) of the MINI+
        "needs 312 mm along its longest side; bed diagonal 255 mm",
    ),
    no(
        "a tower of 181 mm",
        only(facts=block(40, 40, 181)),
        with_mini_alone(),
        "too-tall",
        "needs 181.0 mm of height; 180 mm there",
    ),
    yes("a tower as tall as the machine", only(facts=block(40, 40, 210))),
    no(
        "a machine that is down",
        FRAME,
        with_mini_alone(status="down"),
        "machine-down",
        "the Prusa MINI+ is down",
    ),
    yes("a machine that is busy", FRAME, with_mini_alone(status="busy")),
)

MATERIAL = (
    yes("PLA by its long name", only(materials=("Polylactic acid",))),
    no(
        "21 frames of 20 g from lots of 400 and 300 g",
        only(quantity=21),
        NAIROBI_FARM,
        "stock-too-low",
        "needs 420 g in one lot; the shelf holds 400 g of PLA",
    ),
    yes("20 frames of 20 g from a lot of 400 g", only(quantity=20)),
    yes("a black frame", only(colour="black")),
    no(
        "a red frame",
        only(colour="red"),
        NAIROBI_FARM,
        "colour-missing",
        "needs PLA in red; the shelf holds black, white",
    ),
    ask(
        "a red frame from filament without a word of its colour",
        only(colour="red"),
        farm(feedstocks=(Feedstock("PLA", "", 500),)),
        "colour-unknown",
        "does not say the colour of its PLA",
    ),
    no(
        "PETG on a machine with a profile for PLA alone",
        only(materials=("PETG",)),
        farm(
            machines=(with_mini_alone(profiles=MINI.profiles[:1]).machines[0],),
            feedstocks=(Feedstock("PETG", "", 500),),
        ),
        "profile-missing",
        "has no profile for PETG",
    ),
    no(
        "steel at a laser for wood",
        only(process="LASER-CUTTING", materials=("STEEL",), facts=SMALL),
        farm(
            machines=shop("LASER-CUTTING", "PLYWOOD").machines,
            feedstocks=(Feedstock("STEEL", "", 5_000),),
        ),
        "material-not-worked",
        "needs STEEL; the Workhorse works PLYWOOD",
    ),
    no(
        "PEEK through a nozzle that reaches 300 degC",
        only(materials=("PEEK",), facts=SMALL),
        shop("FDM", "PEEK", nozzle_degc=300.0, bed_degc=150.0),
        "too-cold",
        "PEEK needs nozzle at 400 degC; it reaches 300 degC",
    ),
    no(
        "PEEK on a bed that reaches 110 degC",
        only(materials=("PEEK",), facts=SMALL),
        shop("FDM", "PEEK", nozzle_degc=450.0, bed_degc=110.0),
        "too-cold",
        "PEEK needs bed at 130 degC; it reaches 110 degC",
    ),
    no(
        "PEEK in an open machine",
        only(materials=("PEEK",), facts=SMALL),
        shop("FDM", "PEEK", nozzle_degc=450.0, bed_degc=150.0, enclosed=False),
        "too-cold",
        "PEEK needs a closed chamber; it is open",
    ),
    yes(
        "PEEK in a closed and hot machine",
        only(materials=("PEEK",), facts=SMALL),
        shop("FDM", "PEEK", nozzle_degc=450.0, bed_degc=150.0, enclosed=True),
    ),
    ask(
        "PLA at a machine that names no material",
        FRAME,
        farm(
            machines=(with_mini_alone(profiles=()).machines[0],),
        ),
        "materials-unknown",
        "the Prusa MINI+ does not say which materials it works",
    ),
    ask(
        "aluminium at a mill that does not list its stock",
        only(process="MILLING", materials=("ALUMINIUM",), facts=SMALL),
        farm(machines=shop("MILLING", "ALUMINIUM").machines, feedstocks=()),
        "stock-unknown",
        "the site does not say what it holds",
    ),
    no(
        "a shelf that is empty",
        FRAME,
        farm(feedstocks=()),
        "material-missing",
        "needs PETG or PLA; the shelf holds nothing",
    ),
)
