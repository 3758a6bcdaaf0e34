"""Materials that are printed, each with the sources of its figures.

Every figure is typical: written down from memory of the sheets and norms that its
source names, which were not read again; no batch is promised to have it.
Polymers come in grades; a figure stands for the plain grade named in its source, and
where grades differ in whether they may touch food, the row says None: the grade's own
declaration decides (Regulation (EU) 10/2011 asks for one). Price bands are retail
prices of small amounts in 2024 and 2025 as shops showed them; assumed. Recycling
codes: Decision 97/129/EC; ASTM D7611. Hazards are those of safety data sheets.
"""

from __future__ import annotations

from typing import Final

from nearmade.vocabulary.material import TYPICAL, Material

_SHEET: Final = "makers' data sheets of filament"
_BANDS: Final = "price: usual retail band, remembered from shops, no survey"
_STYRENE: Final = "styrene vapour and fine particles while printing: ventilate"
_RESIN: Final = "uncured resin irritates and sensitises skin (H317): gloves, goggles"
_POWDER: Final = "fine powder: dust mask; clouds of it can explode"

_FILAMENTS: Final = (
    Material(
        "PLA",
        "polylactide",
        "thermoplastic",
        density_g_cm3=1.24,
        heat_deflection_degc=55,
        flexible=False,
        outdoor=False,
        recycling_code="7",
        price_usd_per_kg=(15, 30),
        nozzle_degc=215,
        bed_degc=60,
        needs_chamber=False,
        aliases=("Polylactic acid", "Polylactide", "PLA+", "Polylactic acid (PLA)"),
        source=(
            f"{TYPICAL}; "
            "density and heat deflection: Prusament PLA sheet; temperatures: "
            f"{_SHEET}; outdoors it softens in the sun and grows brittle; "
            f"{_BANDS}"
        ),
        processes=("FDM", "PELLET-EXTRUSION"),
    ),
    Material(
        "PETG",
        "glycol-modified polyester",
        "thermoplastic",
        density_g_cm3=1.27,
        heat_deflection_degc=68,
        flexible=False,
        recycling_code="7",
        price_usd_per_kg=(18, 30),
        nozzle_degc=245,
        bed_degc=85,
        needs_chamber=False,
        aliases=("PET-G", "Polyethylene terephthalate glycol", "PETG (copolyester)"),
        source=(
            f"{TYPICAL}; "
            "density and heat deflection: Prusament PETG sheet; temperatures: "
            f"{_SHEET}; outdoors: colour and grade decide; {_BANDS}"
        ),
        processes=("FDM", "PELLET-EXTRUSION"),
    ),
    Material(
        "ABS",
        "acrylonitrile butadiene styrene",
        "thermoplastic",
        density_g_cm3=1.04,
        heat_deflection_degc=90,
        flexible=False,
        outdoor=False,
        recycling_code="7",
        hazards=(_STYRENE,),
        price_usd_per_kg=(18, 30),
        nozzle_degc=250,
        bed_degc=100,
        aliases=("Acrylonitrile butadiene styrene",),
        source=(
            f"{TYPICAL}; "
            "density: makers' sheets; heat deflection: Stratasys ABS, ASTM "
            "D648; sunlight makes it brittle; chamber: only large parts need "
            f"one; {_BANDS}"
        ),
        processes=("FDM", "PELLET-EXTRUSION", "INJECTION-MOULDING"),
    ),
    Material(
        "ASA",
        "acrylonitrile styrene acrylate",
        "thermoplastic",
        density_g_cm3=1.07,
        heat_deflection_degc=93,
        flexible=False,
        outdoor=True,
        recycling_code="7",
        hazards=(_STYRENE,),
        price_usd_per_kg=(20, 40),
        nozzle_degc=260,
        bed_degc=105,
        aliases=("Acrylonitrile styrene acrylate",),
        source=(
            f"{TYPICAL}; "
            "density and heat deflection: Prusament ASA sheet; made to stand "
            f"sunlight; {_BANDS}"
        ),
        processes=("FDM",),
    ),
    Material(
        "TPU",
        "flexible polyurethane",
        "elastomer",
        density_g_cm3=1.21,
        flexible=True,
        recycling_code="7",
        price_usd_per_kg=(25, 60),
        nozzle_degc=230,
        bed_degc=50,
        needs_chamber=False,
        aliases=("Thermoplastic polyurethane", "TPU 95A", "TPE", "Flexible filament"),
        source=(
            f"{TYPICAL}; "
            f"density and temperatures: {_SHEET}, Shore 95A; heat deflection is "
            f"not defined for so soft a material; {_BANDS}"
        ),
        processes=("FDM", "SLS"),
    ),
    Material(
        "PA6",
        "nylon 6",
        "thermoplastic",
        density_g_cm3=1.14,
        flexible=False,
        recycling_code="7",
        price_usd_per_kg=(35, 80),
        nozzle_degc=260,
        bed_degc=90,
        aliases=("Nylon", "PA", "Polyamide", "Nylon 6", "Polyamide 6", "PA 6"),
        source=(
            f"{TYPICAL}; "
            f"density: handbooks; temperatures: {_SHEET}; heat deflection "
            f"differs by 100 degC between grades, dry and damp; {_BANDS}"
        ),
        processes=("FDM", "INJECTION-MOULDING"),
    ),
    Material(
        "PA-CF",
        "nylon with carbon fibre",
        "composite",
        food_contact=False,
        skin_contact=False,
        flexible=False,
        recycling_code="7",
        hazards=("fibres: wear gloves; hardened nozzle needed",),
        price_usd_per_kg=(60, 120),
        nozzle_degc=285,
        bed_degc=110,
        aliases=("PAHT-CF", "Nylon CF", "PA11-CF", "PA6-CF", "PA12-CF"),
        source=(
            f"{TYPICAL}; "
            f"temperatures: {_SHEET}; loose fibres keep it from food and skin; {_BANDS}"
        ),
        processes=("FDM",),
    ),
    Material(
        "PC",
        "polycarbonate",
        "thermoplastic",
        density_g_cm3=1.22,
        heat_deflection_degc=113,
        flexible=False,
        recycling_code="7",
        price_usd_per_kg=(35, 70),
        nozzle_degc=275,
        bed_degc=110,
        aliases=("Polycarbonate", "PC Blend", "Lexan", "Makrolon"),
        source=(
            f"{TYPICAL}; "
            "density and heat deflection: Prusament PC Blend sheet (Stratasys "
            "states 138 degC of pure polycarbonate); yellows in the sun; "
            f"{_BANDS}"
        ),
        processes=(
            "FDM",
            "MILLING",
            "CNC-ROUTING",
            "THERMOFORMING",
            "INJECTION-MOULDING",
        ),
    ),
    Material(
        "PP",
        "polypropylene",
        "thermoplastic",
        density_g_cm3=0.90,
        flexible=False,
        outdoor=False,
        recycling_code="5",
        price_usd_per_kg=(30, 80),
        nozzle_degc=240,
        bed_degc=85,
        aliases=("Polypropylene",),
        source=(
            f"{TYPICAL}; "
            "density: handbooks; heat deflection differs between homo- and "
            "copolymer; sunlight makes it brittle unless stabilised; "
            f"temperatures: {_SHEET}; {_BANDS}"
        ),
        processes=("FDM", "INJECTION-MOULDING"),
    ),
    Material(
        "HIPS",
        "high-impact polystyrene",
        "thermoplastic",
        density_g_cm3=1.04,
        flexible=False,
        outdoor=False,
        recycling_code="6",
        hazards=(_STYRENE,),
        price_usd_per_kg=(18, 30),
        nozzle_degc=230,
        bed_degc=100,
        aliases=("Polystyrene", "PS", "High impact polystyrene"),
        source=(f"{TYPICAL}; density and temperatures: {_SHEET}; {_BANDS}"),
        processes=("FDM", "THERMOFORMING", "INJECTION-MOULDING"),
    ),
    Material(
        "PVA",
        "polyvinyl alcohol",
        "thermoplastic",
        density_g_cm3=1.23,
        flexible=False,
        outdoor=False,
        recycling_code="7",
        price_usd_per_kg=(60, 120),
        nozzle_degc=215,
        bed_degc=60,
        needs_chamber=False,
        aliases=("Polyvinyl alcohol", "Poly(vinyl alcohol)"),
        source=(
            f"{TYPICAL}; "
            f"density and temperatures: {_SHEET}; dissolves in water; {_BANDS}"
        ),
        processes=("FDM",),
    ),
    Material(
        "PEEK",
        "polyether ether ketone",
        "thermoplastic",
        density_g_cm3=1.30,
        heat_deflection_degc=152,
        flexible=False,
        recycling_code="7",
        hazards=("fumes above 400 degC: ventilate",),
        price_usd_per_kg=(300, 700),
        nozzle_degc=400,
        bed_degc=130,
        needs_chamber=True,
        aliases=("Polyether ether ketone", "Polyetheretherketone"),
        source=(
            f"{TYPICAL}; "
            "density and heat deflection: Victrex 450G sheet, 152 degC at 1.8 "
            f"MPa, so no less at 0.45; temperatures: {_SHEET}; {_BANDS}"
        ),
        processes=("FDM", "MILLING"),
    ),
    Material(
        "PEI",
        "polyetherimide",
        "thermoplastic",
        density_g_cm3=1.34,
        heat_deflection_degc=153,
        flexible=False,
        recycling_code="7",
        hazards=("fumes above 400 degC: ventilate",),
        price_usd_per_kg=(150, 350),
        nozzle_degc=370,
        bed_degc=150,
        needs_chamber=True,
        aliases=("Polyetherimide", "Ultem", "Ultem 9085"),
        source=(
            f"{TYPICAL}; "
            "density and heat deflection: Stratasys Ultem 9085 sheet, 153 degC "
            f"at 1.8 MPa, so no less at 0.45; temperatures: {_SHEET}; {_BANDS}"
        ),
        processes=("FDM", "MILLING"),
    ),
)

_RESINS_AND_POWDERS: Final = (
    Material(
        "RESIN",
        "photopolymer resin",
        "photopolymer",
        density_g_cm3=1.18,
        heat_deflection_degc=73,
        food_contact=False,
        skin_contact=False,
        flexible=False,
        outdoor=False,
        hazards=(_RESIN,),
        price_usd_per_kg=(30, 150),
        aliases=(
            "Resin",
            "Standard resin",
            "Photopolymer",
            "Clear resin",
            "Grey resin",
        ),
        source=(
            f"{TYPICAL}; "
            "heat deflection: Formlabs Clear V4 sheet, cured; density: makers' "
            "sheets of cured resin; makers forbid food and long contact with "
            f"skin; light goes on to cure it until it is brittle; {_BANDS}"
        ),
        processes=("SLA", "DLP", "MSLA"),
    ),
    Material(
        "RESIN-TOUGH",
        "tough photopolymer resin",
        "photopolymer",
        density_g_cm3=1.18,
        heat_deflection_degc=63,
        food_contact=False,
        skin_contact=False,
        flexible=False,
        outdoor=False,
        hazards=(_RESIN,),
        price_usd_per_kg=(60, 180),
        aliases=("Tough resin", "Tough 2000", "ABS-like resin", "Engineering resin"),
        source=(
            f"{TYPICAL}; "
            f"heat deflection: Formlabs Tough 2000 sheet; else as RESIN; {_BANDS}"
        ),
        processes=("SLA", "DLP", "MSLA"),
    ),
    Material(
        "RESIN-HIGH-TEMP",
        "heat-resistant photopolymer resin",
        "photopolymer",
        density_g_cm3=1.18,
        heat_deflection_degc=238,
        food_contact=False,
        skin_contact=False,
        flexible=False,
        outdoor=False,
        hazards=(_RESIN,),
        price_usd_per_kg=(100, 220),
        aliases=("High temp resin", "High temperature resin"),
        source=(
            f"{TYPICAL}; "
            f"heat deflection: Formlabs High Temp V2 sheet; else as RESIN; {_BANDS}"
        ),
        processes=("SLA", "DLP", "MSLA"),
    ),
    Material(
        "RESIN-FLEXIBLE",
        "flexible photopolymer resin",
        "photopolymer",
        density_g_cm3=1.15,
        food_contact=False,
        skin_contact=False,
        flexible=True,
        outdoor=False,
        hazards=(_RESIN,),
        price_usd_per_kg=(80, 220),
        aliases=("Flexible resin", "Elastic resin"),
        source=(f"{TYPICAL}; makers' sheets of elastic resins; {_BANDS}"),
        processes=("SLA", "DLP", "MSLA"),
    ),
    Material(
        "RESIN-BIOCOMPATIBLE",
        "biocompatible photopolymer resin",
        "photopolymer",
        density_g_cm3=1.18,
        food_contact=False,
        skin_contact=True,
        flexible=False,
        outdoor=False,
        hazards=(_RESIN,),
        price_usd_per_kg=(150, 500),
        aliases=(
            "Biocompatible resin",
            "Dental resin",
            "BioMed resin",
            "Surgical guide",
        ),
        source=(
            f"{TYPICAL}; "
            "makers' sheets: grades tested by ISO 10993 when washed and cured "
            f"as told; {_BANDS}"
        ),
        processes=("SLA", "DLP", "MSLA"),
    ),
    Material(
        "PA12",
        "nylon 12",
        "thermoplastic",
        density_g_cm3=1.01,
        heat_deflection_degc=171,
        skin_contact=True,
        flexible=False,
        recycling_code="7",
        hazards=(_POWDER,),
        price_usd_per_kg=(50, 120),
        aliases=(
            "Nylon 12",
            "Polyamide 12",
            "PA 12",
            "PA2200",
            "PA 2200",
            "PA12 powder",
        ),
        source=(
            f"{TYPICAL}; "
            "heat deflection: Formlabs Nylon 12 powder sheet (HP states 175 "
            "degC of MJF parts); density: EOS PA 2200, moulded solid; skin: "
            f"HP's statement on HR PA 12, USP class I to VI; {_BANDS}"
        ),
        processes=("SLS", "MJF"),
    ),
    Material(
        "PA11",
        "nylon 11",
        "thermoplastic",
        density_g_cm3=1.03,
        flexible=False,
        recycling_code="7",
        hazards=(_POWDER,),
        price_usd_per_kg=(70, 150),
        aliases=("Nylon 11", "Polyamide 11", "PA 11", "Rilsan"),
        source=(f"{TYPICAL}; density: Arkema Rilsan sheet; {_BANDS}"),
        processes=("SLS", "MJF"),
    ),
)


#: What is printed.
PRINTED: Final = (*_FILAMENTS, *_RESINS_AND_POWDERS)
