"""Golden cases of what is asked beside shape and stock; ``golden`` has the others."""

from __future__ import annotations

from datetime import timedelta

from nearmade.facilities.facility import OpeningHours
from tests.matching.golden import (
    FALSE_ACCEPTS,
    MATERIAL,
    PROCESS,
    RIGHT_REFUSALS,
    SIZE,
    SMALL,
    ask,
    no,
    yes,
)
from tests.matching.workshops import (
    HOLIDAY,
    IN_NAKURU,
    LYON,
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

IN = timedelta(hours=1)

PROPERTIES = (
    no(
        "PLA where 80 degC must be borne",
        only(materials=("PLA",), properties={"heat_deflection_degc": 80}),
        NAIROBI_FARM,
        "property-missing",
        "needs heat_deflection_degc at least 80; PLA typically has 55",
    ),
    yes(
        "any material that bears 80 degC, with ASA listed and in stock",
        only(materials=(), properties={"heat_deflection_degc": 80}, facts=SMALL),
        shop("FDM", "ASA"),
    ),
    no(
        "any material that bears 80 degC, with PLA alone on the shelf",
        only(materials=(), properties={"heat_deflection_degc": 80}),
        NAIROBI_FARM,
        "material-missing",
        "needs a material that suits; the shelf holds PLA",
    ),
    no(
        "PLA where it must bend",
        only(materials=("PLA",), properties={"flexible": True}),
        NAIROBI_FARM,
        "property-missing",
        "needs flexible; PLA is not",
    ),
    ask(
        "PLA where it must be fit for food",
        only(materials=("PLA",), properties={"food_contact": True}),
        NAIROBI_FARM,
        "property-unknown",
        "needs food contact; nothing is known of it for PLA",
    ),
    yes(
        "PLA where it must not bend",
        only(materials=("PLA",), properties={"flexible": False}),
    ),
)

EXACTNESS = (
    yes(
        "0.2 mm at a machine that holds 0.1 mm",
        only(tolerance_mm=0.2),
        with_mini_alone(tolerance_mm=0.1),
    ),
    no(
        "0.05 mm at a machine that holds 0.1 mm",
        only(tolerance_mm=0.05),
        with_mini_alone(tolerance_mm=0.1),
        "tolerance-too-wide",
        "needs +-0.05 mm; the Prusa MINI+ holds +-0.1 mm",
    ),
    ask(
        "0.1 mm at a machine that does not say",
        only(tolerance_mm=0.1),
        with_mini_alone(),
        "tolerance-unknown",
        "needs +-0.1 mm; the Prusa MINI+ does not say what it holds; fused filament "
        "fabrication does with care (+-0.1 to 0.5 mm is usual)",
    ),
    ask(
        "0.02 mm at a printer that does not say",
        only(tolerance_mm=0.02),
        with_mini_alone(),
        "tolerance-unknown",
        "fused filament fabrication usually does not (+-0.1 to 0.5 mm)",
    ),
    ask(
        "1 mm at a printer that does not say",
        only(tolerance_mm=1.0),
        with_mini_alone(),
        "tolerance-unknown",
        "fused filament fabrication usually does (+-0.1 to 0.5 mm)",
    ),
    ask(
        "0.1 mm of a process that nobody publishes figures of",
        only(process="SEWING", materials=("TEXTILE",), facts=SMALL, tolerance_mm=0.1),
        shop("SEWING", "TEXTILE"),
        "tolerance-unknown",
        "the Workhorse does not say what it holds",
    ),
    no(
        "a foil thinner than a quarter of the nozzle",
        only(facts=block(40, 40, 0.05)),
        with_mini_alone(),
        "thinner-than-layer",
        "is 0.05 mm high; the Prusa MINI+ lays 0.1 mm at least",
    ),
    yes(
        "the same foil at a machine that lays thinner layers by its record",
        only(facts=block(40, 40, 0.05)),
        with_mini_alone(layer_mm=(0.05, 0.3)),
    ),
    yes(
        "a sheet of 0.05 mm for a laser, which lays no layers",
        only(process="LASER-CUTTING", materials=("STEEL",), facts=block(40, 40, 0.05)),
        shop("LASER-CUTTING", "STEEL"),
    ),
    no(
        "a foil on edge, narrower than the nozzle",
        only(facts=block(0.05, 50, 50)),
        with_mini_alone(),
        "detail-too-fine",
        "is 0.05 mm wide along x; nozzle 0.4 mm (Prusa MINI+)",
    ),
    no(
        "a foil on edge along the other side of the bed",
        only(facts=block(50, 0.3, 50)),
        with_mini_alone(),
        "detail-too-fine",
        "is 0.3 mm wide along y; nozzle 0.4 mm (Prusa MINI+)",
    ),
    no(
        "a needle narrower than the nozzle both ways",
        only(facts=block(0.3, 0.3, 20)),
        with_mini_alone(),
        "detail-too-fine",
        "is 0.3 mm wide along x; nozzle 0.4 mm (Prusa MINI+)",
    ),
    no(
        "a foil on edge at a machine that does not say how much fits",
        only(facts=block(0.05, 50, 50)),
        with_mini_alone(unsaid=("build_volume_mm",)),
        "detail-too-fine",
        "is 0.05 mm wide along x; nozzle 0.4 mm (Prusa MINI+)",
    ),
    ask(
        "a foil on edge at a printer that does not say its nozzle",
        only(facts=block(0.05, 50, 50), materials=("PLA",)),
        with_mini_alone(
            nozzle_mm=0.0, unsaid=("nozzle_mm",), profiles=(), materials=("PLA",)
        ),
        "detail-unknown",
        "is 0.05 mm wide along x; the Prusa MINI+ does not say its nozzle",
    ),
    yes(
        "a sheet of 0.3 mm lying flat, in one layer or more",
        only(facts=block(50, 50, 0.3)),
        with_mini_alone(),
    ),
    yes(
        "a sheet of 0.3 mm on edge through a nozzle of 0.25 mm",
        only(facts=block(0.3, 50, 50), materials=("PLA",)),
        with_mini_alone(nozzle_mm=0.25, profiles=(), materials=("PLA",)),
    ),
    yes(
        "a wall on edge exactly as wide as the nozzle",
        only(facts=block(0.4, 50, 50)),
        with_mini_alone(),
    ),
    yes("a wall as thin as the nozzle", only(detail_mm=0.4)),
    no(
        "a wall of 0.3 mm through a nozzle of 0.4 mm",
        only(detail_mm=0.3),
        with_mini_alone(),
        "detail-too-fine",
        "needs details of 0.3 mm; nozzle 0.4 mm",
    ),
    ask(
        "a detail of 0.3 mm at a mill that does not say how fine it works",
        only(process="MILLING", materials=("BRASS",), facts=SMALL, detail_mm=0.3),
        shop("MILLING", "BRASS"),
        "detail-unknown",
        "needs details of 0.3 mm",
    ),
    yes(
        "a certificate of the site, written otherwise",
        only(certifications=("ISO 13485",)),
        farm(certifications=("iso  13485", "ISO 9001")),
    ),
    yes(
        "a certificate without its year, at a site that names the edition",
        only(certifications=("ISO13485", "ISO 9001:2015")),
        farm(certifications=("ISO 13485:2016", "ISO 9001:2015")),
    ),
    no(
        "an edition of a standard, at a site that holds an older one",
        only(certifications=("ISO 9001:2015",)),
        farm(certifications=("ISO 9001:2008",)),
        "certification-missing",
        "needs ISO 9001:2015; holds ISO 9001:2008",
    ),
    yes(
        "one certificate of the machine and one of its site",
        only(certifications=("ISO 13485", "ISO 9001")),
        farm(
            machines=with_mini_alone(certifications=("ISO 13485",)).machines,
            certifications=("ISO 9001",),
        ),
    ),
    no(
        "a certificate that a site with others lacks",
        only(certifications=("ISO 13485",)),
        farm(certifications=("ISO 9001",)),
        "certification-missing",
        "needs ISO 13485; holds ISO 9001",
    ),
    ask(
        "a certificate at a site that names none",
        only(certifications=("ISO 13485",)),
        with_mini_alone(),
        "certification-unknown",
        "needs ISO 13485",
    ),
)

TIME_AND_PLACE = (
    no(
        "within the hour on a holiday",
        only(needed_by=MONDAY_NOON + IN),
        farm(holidays=HOLIDAY),
        "starts-too-late",
        # Tuesday at 8 in Nairobi
        "can start 2026-11-03 05:00 UTC at the earliest; needed by 2026-11-02 10:00",
    ),
    yes("within the hour on a working day", only(needed_by=MONDAY_NOON + IN)),
    no(
        "by Monday where they open on Saturdays",
        only(needed_by=MONDAY_NOON + 10 * IN),
        farm(opening=OpeningHours((6,), 9, 17, 3)),
        "starts-too-late",
        "can start 2026-11-07 06:00 UTC",
    ),
    no(
        "tomorrow where three days are promised away",
        only(needed_by=MONDAY_NOON + 24 * IN),
        farm(queue_s=3 * 86_400),
        "starts-too-late",
        "can start 2026-11-05 09:00 UTC",
    ),
    no(
        "opening at 8 in Nairobi's zone, asked for half past seven",
        only(needed_by=MONDAY_NOON + 19.5 * IN),
        farm(opening=OpeningHours((2,), 8, 18), zone="Africa/Nairobi"),
        "starts-too-late",
        "can start 2026-11-03 05:00 UTC at the earliest; needed by 2026-11-03 04:30",
    ),
    yes(
        "a van on Monday at its base",
        only(near=NAIROBI, within_km=10.0),
        van(IN_NAKURU),
    ),
    no(
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
    yes(
        "the same van on Wednesday, asked for in Nakuru",
        only(near=NAKURU, within_km=10.0),
        farm(
            kind="van",
            itinerary=(IN_NAKURU,),
            opening=OpeningHours((3,), 8, 18, 3),
        ),
    ),
    no(
        "Nairobi within 500 km of Lyon",
        only(near=LYON, within_km=500.0),
        NAIROBI_FARM,
        "too-far",
        "km from Lyon, in Nairobi, KE; at most 500 km",
    ),
    no(
        "what may not be made in Kenya",
        only(barred_countries=("KE",)),
        NAIROBI_FARM,
        "barred-country",
        "may not be made in KE; the site stands in Nairobi, KE",
    ),
    yes("what may not be made in France", only(barred_countries=("FR",))),
    no(
        "a customer who wants to come where nobody may",
        only(visits=True),
        farm(access="Restricted"),
        "no-visitors",
        "access there is Restricted",
    ),
    yes(
        "a customer who wants to come to a shared space",
        only(visits=True),
        farm(access="Shared space"),
    ),
    ask(
        "a customer who wants to come where nothing is said",
        only(visits=True),
        NAIROBI_FARM,
        "access-unknown",
        "does not say whom it lets in",
    ),
)

LICENCE = (
    yes("non-commercial at home", only(commercial_use=False), farm(kind="home")),
    yes("non-commercial in a lab", only(commercial_use=False), farm(kind="fab-lab")),
    yes(
        "non-commercial at a commons", only(commercial_use=False), farm(kind="commons")
    ),
    no(
        "non-commercial at a print farm",
        only(commercial_use=False),
        NAIROBI_FARM,
        "non-commercial-licence",
        "a print-farm works for pay",
    ),
    no(
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
