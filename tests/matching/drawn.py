"""Networks and parts drawn at random, near the limits of every gate."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from nearmade.facilities.facility import (
    UNSAID,
    Facility,
    Feedstock,
    Machine,
    OpeningHours,
)
from nearmade.matching.verdict import Requirement
from nearmade.vocabulary.identity import FacilityId, MachineId
from tests.matching.workshops import (
    FRAME,
    IN_NAKURU,
    LYON,
    MONDAY_NOON,
    NAIROBI,
    NAIROBI_FARM,
    NAKURU,
    PROFILES,
    block,
)

SIDES = st.sampled_from([40.0, 92.0, 100.0, 172.0, 180.0, 208.0, 250.0])
WIDTHS = SIDES | st.sampled_from([0.05, 0.3])
HEIGHTS = SIDES | st.sampled_from([0.05, 0.1])
PROCESSES = st.sampled_from(["FDM", "SLA", "3DP", "MEC", "CNC-MILLING", "SINGING"])
MATERIALS = st.sampled_from(["PLA", "PETG", "PEEK", "TPU", "polylactic acid", "Hay"])
COLOURS = st.sampled_from(["", "white", "White ", "red"])
CERTIFICATES = st.sampled_from(["ISO 9001", "iso 9001", "ISO 13485"])


def _maybe(values: list[float]) -> st.SearchStrategy[float | None]:
    return st.none() | st.sampled_from(values)


MACHINES = st.builds(
    Machine,
    id=st.just(MachineId("one")),
    make_model=st.sampled_from(["Alpha", "Prusa MINI+", "Bambu Lab X1C"]),
    process=PROCESSES,
    build_volume_mm=st.tuples(SIDES, SIDES, SIDES),
    nozzle_mm=st.sampled_from([0.0, 0.25, 0.4]),
    profiles=st.lists(st.sampled_from(list(PROFILES)), max_size=2).map(tuple),
    status=st.sampled_from(["ready", "busy", "down"]),
    layer_mm=st.sampled_from([None, None, (0.05, 0.3)]),
    tolerance_mm=_maybe([0.05, 0.2]),
    nozzle_degc=_maybe([200.0, 260.0, 420.0]),
    bed_degc=_maybe([60.0, 150.0]),
    enclosed=st.sampled_from([None, True, False]),
    materials=st.lists(MATERIALS, max_size=2).map(tuple),
    certifications=st.lists(CERTIFICATES, max_size=1).map(tuple),
    unsaid=st.sampled_from([(), (), (), ("build_volume_mm",), ("nozzle_mm",)]),
).map(
    lambda machine: (
        replace(machine, nozzle_mm=0.0) if "nozzle_mm" in machine.unsaid else machine
    )
)

_FEEDSTOCKS = st.builds(
    Feedstock, MATERIALS, COLOURS, st.sampled_from([0.0, 20.0, 40.0, 500.0])
)

_SITES = st.builds(
    lambda **change: replace(NAIROBI_FARM, **change),
    kind=st.sampled_from(["home", "print-farm", "commons", "van"]),
    place=st.sampled_from([NAIROBI, NAKURU, LYON]),
    status=st.sampled_from(["active", "active", "active", "closed"]),
    opening=st.sampled_from(
        [
            OpeningHours(),
            OpeningHours((2, 4), 8, 18, 3),
            NAIROBI_FARM.opening,
            NAIROBI_FARM.opening,
            OpeningHours(()),
        ]
    ),
    machines=st.lists(MACHINES, max_size=3).map(tuple),
    feedstocks=st.lists(_FEEDSTOCKS, max_size=3).map(tuple),
    queue_s=st.sampled_from([0, 3600, 200_000]),
    access=st.sampled_from(["", "Restricted", "Public"]),
    certifications=st.lists(CERTIFICATES, max_size=1).map(tuple),
    itinerary=st.sampled_from([(), (IN_NAKURU,)]),
    holidays=st.sampled_from([(), (date(2026, 11, 2),)]),
    unsaid=st.just(())
    | st.lists(st.sampled_from(UNSAID), max_size=2, unique=True).map(tuple),
)


def _numbered(sites: list[Facility]) -> tuple[Facility, ...]:
    return tuple(
        replace(site, id=FacilityId(f"site-{number}"))
        for number, site in enumerate(sites)
    )


NETWORKS = st.lists(_SITES, min_size=1, max_size=5).map(_numbered)

REQUIREMENTS: st.SearchStrategy[Requirement] = st.builds(
    lambda **change: replace(FRAME, **change),
    facts=st.builds(block, WIDTHS, SIDES, HEIGHTS),
    process=PROCESSES,
    materials=st.lists(MATERIALS, max_size=3).map(tuple),
    quantity=st.sampled_from([1, 2]),
    commercial_use=st.booleans(),
    needed_by=st.none()
    | st.sampled_from([1, 3600, 86_400, 200_000]).map(
        lambda seconds: MONDAY_NOON + timedelta(seconds=seconds)
    ),
    properties=st.sampled_from(
        [{}, {}, {"heat_deflection_degc": 60}, {"flexible": True}, {"outdoor": False}]
    ),
    tolerance_mm=_maybe([0.1, 0.2]),
    certifications=st.lists(CERTIFICATES, max_size=1).map(tuple),
    detail_mm=_maybe([0.3, 0.4]),
    colour=COLOURS,
    near=st.sampled_from([None, NAIROBI]),
    within_km=_maybe([0.0, 200.0]),
    visits=st.booleans(),
    barred_countries=st.sampled_from([(), ("FR",)]),
)
#: Parts that ask for little, so that many sites can make them.
EASY: st.SearchStrategy[Requirement] = st.builds(
    lambda **change: replace(FRAME, **change),
    facts=st.builds(block, SIDES, SIDES, SIDES),
    process=st.sampled_from(["FDM", "3DP"]),
    materials=st.lists(MATERIALS, max_size=2).map(tuple),
    tolerance_mm=_maybe([0.2]),
)
