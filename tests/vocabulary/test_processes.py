"""The tree of processes: identity, never likeness."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.vocabulary.errors import NotFound
from nearmade.vocabulary.processes import (
    PROCESSES,
    ancestry,
    children,
    find_process,
    folded,
    process_title,
    requested_process,
    satisfies,
)

codes = st.sampled_from(sorted(PROCESSES))


def test_the_seven_families_of_iso_astm_52900_stand_below_3dp() -> None:
    # ISO/ASTM 52900:2021, clause 3.2
    families = {
        "binder jetting",
        "directed energy deposition",
        "material extrusion",
        "material jetting",
        "powder bed fusion",
        "sheet lamination",
        "vat photopolymerisation",
    }
    below = [PROCESSES[code] for code in children("3DP")]
    assert {process.family for process in below} == families
    for process in PROCESSES.values():
        assert bool(process.family) is ("3DP" in ancestry(process.code)[1:])


@pytest.mark.parametrize(
    ("abbreviation", "title"),
    [
        # ISO/ASTM 52900:2021, abbreviated terms
        ("MEX", "material extrusion"),
        ("VPP", "vat photopolymerisation"),
        ("PBF", "powder bed fusion"),
        ("BJT", "binder jetting"),
        ("MJT", "material jetting"),
        ("SHL", "sheet lamination"),
        ("DED", "directed energy deposition"),
        ("PBF-LB/P", "selective laser sintering"),
        ("PBF-LB/M", "laser beam powder bed fusion of metal"),
    ],
)
def test_abbreviations_of_the_norm_are_known(abbreviation: str, title: str) -> None:
    assert find_process(abbreviation).title == title


@pytest.mark.parametrize(
    ("tsdc", "code"),
    [
        ("ASM", "ASSEMBLY"),
        ("MEC", "MEC"),
        ("CIR", "ELECTRONICS-ASSEMBLY"),
        ("PCB", "PCB-FABRICATION"),
        ("WEL", "WELDING"),
        ("3DP", "3DP"),
        ("LAS", "LASER-CUTTING"),
        ("CNC", "CNC"),
        ("COT", "BOUGHT"),
        ("STD", "STANDARD-PART"),
    ],
)
def test_every_code_of_okh_is_known(tsdc: str, code: str) -> None:
    found = find_process(tsdc)
    assert (found.code, found.tsdc) == (code, tsdc)


@pytest.mark.parametrize(
    ("code", "group"),
    [
        # DIN 8580:2003-09, numbers of the groups
        ("CASTING", "1.1"),  # from the liquid state
        ("FORGING", "2.1"),  # compressive forming
        ("BENDING", "2.4"),
        ("SHEARING", "3.1"),  # severing
        ("MILLING", "3.2"),  # geometrically defined edges
        ("GRINDING", "3.3"),  # geometrically undefined edges
        ("EDM", "3.4"),  # removing
        ("ASSEMBLY", "4.1"),  # putting together
        ("RIVETING", "4.5"),  # joining by forming
        ("TIG-WELDING", "4.6"),
        ("BRAZING", "4.7"),
        ("GLUING", "4.8"),
        ("SEWING", "4.9"),  # textile joining
        ("PAINTING", "5.1"),  # coating from the liquid state
        ("POWDER-COATING", "5.4"),
        ("HEAT-TREATMENT", "6.2"),
    ],
)
def test_groups_are_those_of_din_8580(code: str, group: str) -> None:
    assert PROCESSES[code].group == group


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("https://en.wikipedia.org/wiki/Fused_filament_fabrication", "FDM"),
        ("http://en.wikipedia.org/wiki/Laser_cutting#Types", "LASER-CUTTING"),
        ("https://en.wikipedia.org/wiki/Milling_(machining)", "MILLING"),
        ("https://en.wikipedia.org/w/index.php?title=Brazing&redirect=no", "BRAZING"),
        ("https://en.wikipedia.org/wiki/Soldering", "SOLDERING"),
        ("https://www.wikidata.org/wiki/Q229367", "3DP"),
        ("Q652122", "SEWING"),
        ("Q211387", "SOLDERING"),
        ("fused deposition modelling", "FDM"),
        ("FFF", "FDM"),
        ("3D-printing", "3DP"),
        ("stereolithography", "SLA"),
        ("injection molding", "INJECTION-MOULDING"),
        ("cnc_milling", "CNC-MILLING"),
        (" Laser   cutter ", "LASER-CUTTING"),
        ("ISO 4063-141", "TIG-WELDING"),
    ],
)
def test_names_addresses_and_ids_find_their_process(name: str, code: str) -> None:
    assert find_process(name).code == code


def test_an_unknown_name_is_answered_with_those_near() -> None:
    with pytest.raises(NotFound, match=r"near it are.*LASER-CUTTING") as refusal:
        find_process("laser-cuting")
    assert refusal.value.code == "process-unknown"


@pytest.mark.parametrize(
    ("offered", "requested"),
    [
        # what a matcher by likeness of names let through
        ("FDM", "SLA"),
        ("LASER-CUTTING", "LASER-WELDING"),
        ("WELDING", "ULTRASONIC-WELDING"),
        ("3DP", "SCREEN-PRINTING"),
        ("PRINTING", "3DP"),
        # what it rightly refused
        ("DMLS", "FDM"),
        ("INJECTION-MOULDING", "3DP"),
        ("CASTING", "POWDER-COATING"),
        ("MILLING", "DRILLING"),
        ("TURNING", "SEWING"),
        ("KNITTING", "WEAVING"),
        # a mill without numerical control is no CNC machine
        ("MILLING", "CNC"),
    ],
)
def test_like_names_are_not_the_same_process(offered: str, requested: str) -> None:
    assert offered in PROCESSES
    assert requested in PROCESSES
    assert not satisfies(offered, requested)


def test_milling_under_numerical_control_is_milling_and_is_cnc() -> None:
    assert satisfies("CNC-MILLING", "MILLING")
    assert satisfies("CNC-MILLING", "CNC")
    assert satisfies("CNC-MILLING", "MACHINING")
    assert not satisfies("CNC-MILLING", "CNC-TURNING")
    assert ancestry("CNC-MILLING") == ("CNC-MILLING", "MILLING", "CNC", "MACHINING")


def test_mechanical_work_says_too_little_and_must_be_asked_about() -> None:
    assert PROCESSES["MEC"].broad
    assert not any(p.broad for p in PROCESSES.values() if p.code != "MEC")
    assert not satisfies("CNC-MILLING", "MEC")


def test_what_the_tree_does_not_hold_satisfies_itself_alone() -> None:
    assert satisfies("BASKET-WEAVING", "BASKET-WEAVING")
    assert not satisfies("BASKET-WEAVING", "WEAVING")


def test_a_request_may_name_what_only_a_machine_knows() -> None:
    assert requested_process("basket-weaving", ["BASKET-WEAVING"]) == "BASKET-WEAVING"
    assert requested_process("fdm", ["BASKET-WEAVING"]) == "FDM"
    with pytest.raises(NotFound, match=r"near it are.*BASKET-WEAVING"):
        requested_process("basket-weavin", ["BASKET-WEAVING"])


def test_people_read_titles_and_of_what_no_tree_holds_its_own_words() -> None:
    assert process_title("FDM") == "fused filament fabrication"
    assert process_title("BASKET-WEAVING") == "basket weaving"


def test_the_table_is_whole() -> None:
    assert 70 <= len(PROCESSES) <= 150
    seen: dict[str, str] = {}
    for process in PROCESSES.values():
        assert re.fullmatch(r"[A-Z0-9]+(-[A-Z0-9]+)*", process.code)
        assert process.source
        for parent in filter(None, (process.parent, *process.also)):
            assert parent in PROCESSES
        if process.wikidata:
            assert re.fullmatch(r"Q\d+", process.wikidata)
        for name in (process.code, process.title, *process.aliases):
            owner = seen.setdefault(folded(name), process.code)
            assert owner == process.code, f"{name}: {owner} and {process.code}"


@given(codes)
def test_every_name_finds_its_own_process(code: str) -> None:
    process = PROCESSES[code]
    names = [code, process.title, *process.aliases, process.wikipedia, process.wikidata]
    for name in filter(None, names):
        assert find_process(name) is process
        assert find_process(name.upper() if "://" not in name else name) is process


@given(codes, codes)
def test_a_child_satisfies_its_parents_request_and_never_the_reverse(
    one: str, other: str
) -> None:
    assert satisfies(one, one)
    if one != other and satisfies(one, other):
        assert not satisfies(other, one)


@given(codes, codes)
def test_siblings_never_stand_in_for_each_other(one: str, other: str) -> None:
    shared = {*ancestry(one)[1:]} & {*ancestry(other)[1:]}
    if shared and one not in ancestry(other) and other not in ancestry(one):
        assert not satisfies(one, other)
        assert not satisfies(other, one)


@given(codes, codes, codes)
def test_satisfying_goes_on_upwards(one: str, other: str, third: str) -> None:
    if satisfies(one, other) and satisfies(other, third):
        assert satisfies(one, third)


@given(st.text(max_size=200))
def test_any_text_is_known_or_refused(name: str) -> None:
    try:
        code = find_process(name).code
    except NotFound:
        return
    assert code in PROCESSES
