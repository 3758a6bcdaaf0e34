"""Plastics, metals, woods and papers that are cut and milled.

Figures, price bands and None mean what they mean in ``materials_printed``.

References
----------
EDQM, Metals and alloys used in food contact materials and articles, 2nd ed. 2024.
EN 1993-1-2, table 3.1, and EN 1999-1-2, table 1a: strength of steel and aluminium in
the heat.
"""

from __future__ import annotations

from typing import Final

from nearmade.vocabulary.material import TYPICAL, Material

_BANDS: Final = "price: usual retail band, remembered from shops, no survey"
_CO2_LASER: Final = ("LASER-CUTTING", "LASER-ENGRAVING")

_PLASTIC_STOCK: Final = (
    Material(
        "ACRYLIC",
        "acrylic glass",
        "thermoplastic",
        density_g_cm3=1.19,
        heat_deflection_degc=95,
        flexible=False,
        outdoor=True,
        recycling_code="7",
        hazards=("vapour burns under a laser: watch it, blow air",),
        price_usd_per_kg=(6, 15),
        aliases=(
            "Acrylic",
            "PMMA",
            "Poly(methyl methacrylate)",
            "Plexiglas",
            "Perspex",
            "Acrylic glass",
        ),
        source=(
            f"{TYPICAL}; "
            "density and heat deflection: Plexiglas XT sheet (cast GS: 113 "
            f"degC); {_BANDS}"
        ),
        processes=(*_CO2_LASER, "MILLING", "CNC-ROUTING", "THERMOFORMING", "SAWING"),
    ),
    Material(
        "POM",
        "acetal",
        "thermoplastic",
        density_g_cm3=1.41,
        heat_deflection_degc=104,
        flexible=False,
        outdoor=False,
        recycling_code="7",
        hazards=("gives off formaldehyde when overheated",),
        price_usd_per_kg=(7, 15),
        aliases=("Acetal", "Delrin", "Polyoxymethylene"),
        source=(
            f"{TYPICAL}; "
            "density and heat deflection: Hostaform C 9021 sheet, 104 degC at "
            f"1.8 MPa, so no less at 0.45; {_BANDS}"
        ),
        processes=("MILLING", "TURNING", "INJECTION-MOULDING"),
    ),
    Material(
        "HDPE",
        "high-density polyethylene",
        "thermoplastic",
        density_g_cm3=0.95,
        flexible=False,
        recycling_code="2",
        price_usd_per_kg=(3, 8),
        aliases=("High-density polyethylene", "PE-HD", "Polyethylene", "PE"),
        source=(f"{TYPICAL}; density: handbooks; {_BANDS}"),
        processes=(
            "MILLING",
            "CNC-ROUTING",
            "INJECTION-MOULDING",
            "ROTATIONAL-MOULDING",
        ),
    ),
    Material(
        "PET",
        "polyethylene terephthalate",
        "thermoplastic",
        density_g_cm3=1.38,
        flexible=False,
        recycling_code="1",
        price_usd_per_kg=(4, 10),
        aliases=("Polyethylene terephthalate", "Polyester (PET)"),
        source=(f"{TYPICAL}; density: handbooks; {_BANDS}"),
        processes=(
            "THERMOFORMING",
            "BLOW-MOULDING",
            "INJECTION-MOULDING",
            "KNIFE-CUTTING",
        ),
    ),
    Material(
        "PVC",
        "polyvinyl chloride",
        "thermoplastic",
        density_g_cm3=1.40,
        flexible=False,
        outdoor=True,
        recycling_code="3",
        hazards=("never by laser: gives off hydrogen chloride",),
        price_usd_per_kg=(4, 10),
        aliases=("Polyvinyl chloride", "uPVC", "Vinyl"),
        source=(
            f"{TYPICAL}; "
            f"density: handbooks, rigid; outdoors as window frames are; {_BANDS}"
        ),
        processes=("MILLING", "SAWING", "THERMOFORMING"),
    ),
    Material(
        "ACETATE",
        "cellulose acetate",
        "thermoplastic",
        density_g_cm3=1.28,
        skin_contact=True,
        flexible=False,
        recycling_code="7",
        price_usd_per_kg=(15, 40),
        aliases=("Cellulose acetate", "Acetate"),
        source=(
            f"{TYPICAL}; "
            f"density: handbooks; skin: what spectacle frames are made of; {_BANDS}"
        ),
        processes=("MILLING", "LASER-CUTTING"),
    ),
)

_METALS: Final = (
    Material(
        "STEEL",
        "mild steel",
        "metal",
        density_g_cm3=7.85,
        heat_deflection_degc=400,
        flexible=False,
        outdoor=False,
        recycling_code="40",
        price_usd_per_kg=(2, 6),
        aliases=("Steel", "Mild steel", "Carbon steel", "S235", "Q235A", "A36"),
        source=(
            f"{TYPICAL}; "
            "density: EN 1991-1-1; heat: EN 1993-1-2, full yield strength to "
            f"400 degC; rusts; {_BANDS}"
        ),
        processes=(
            "MILLING",
            "TURNING",
            "LASER-CUTTING",
            "PLASMA-CUTTING",
            "BENDING",
            "WELDING",
        ),
    ),
    Material(
        "STAINLESS",
        "stainless steel",
        "metal",
        density_g_cm3=8.0,
        heat_deflection_degc=400,
        food_contact=True,
        skin_contact=True,
        flexible=False,
        outdoor=True,
        recycling_code="40",
        hazards=("chromium in welding fume: extract",),
        price_usd_per_kg=(5, 12),
        aliases=("Stainless steel", "Inox", "304", "316", "316L", "1.4301", "1.4404"),
        source=(
            f"{TYPICAL}; "
            "density: EN 10088-1; heat: as steel, assumed; food: EDQM guide; "
            f"skin: 316L, nickel below REACH entry 27; {_BANDS}"
        ),
        processes=("MILLING", "TURNING", "LASER-CUTTING", "BENDING", "WELDING", "DMLS"),
    ),
    Material(
        "GALVANISED",
        "galvanised steel",
        "metal",
        density_g_cm3=7.85,
        food_contact=False,
        flexible=False,
        outdoor=True,
        recycling_code="40",
        hazards=("zinc fume when welded: extract",),
        price_usd_per_kg=(2, 7),
        aliases=("Galvanized steel", "Galvanised steel", "Zinc-coated steel"),
        source=(
            f"{TYPICAL}; "
            f"density: as steel; food: EDQM guide, zinc goes into acid food; {_BANDS}"
        ),
        processes=("LASER-CUTTING", "BENDING", "SHEARING"),
    ),
    Material(
        "ALUMINIUM",
        "aluminium",
        "metal",
        density_g_cm3=2.70,
        heat_deflection_degc=100,
        flexible=False,
        outdoor=True,
        recycling_code="41",
        price_usd_per_kg=(5, 12),
        aliases=(
            "Aluminium",
            "Aluminum",
            "EN AW-2017A",
            "EN AW-6061",
            "6061",
            "EN AW-6082",
        ),
        source=(
            f"{TYPICAL}; "
            "density: EN 1999-1-1; heat: EN 1999-1-2, 6061 keeps 0.95 of its "
            f"strength at 100 degC; {_BANDS}"
        ),
        processes=("MILLING", "TURNING", "LASER-CUTTING", "BENDING", "WELDING", "DMLS"),
    ),
    Material(
        "BRASS",
        "brass",
        "metal",
        density_g_cm3=8.5,
        food_contact=False,
        flexible=False,
        outdoor=True,
        hazards=("lead in free-cutting grades",),
        price_usd_per_kg=(8, 16),
        aliases=("Brass", "CuZn39Pb3", "C360"),
        source=(
            f"{TYPICAL}; density: EN 12164, CuZn39Pb3; food: EDQM guide, lead; {_BANDS}"
        ),
        processes=("MILLING", "TURNING"),
    ),
    Material(
        "COPPER",
        "copper",
        "metal",
        density_g_cm3=8.96,
        food_contact=False,
        flexible=False,
        outdoor=True,
        price_usd_per_kg=(10, 20),
        aliases=("Copper", "Cu-ETP"),
        source=(
            f"{TYPICAL}; "
            f"density: handbooks; food: EDQM guide, not with acid food; {_BANDS}"
        ),
        processes=("MILLING", "TURNING", "PCB-FABRICATION"),
    ),
    Material(
        "ZINC",
        "zinc",
        "metal",
        density_g_cm3=7.14,
        food_contact=False,
        flexible=False,
        outdoor=True,
        price_usd_per_kg=(4, 10),
        aliases=("Zinc", "Zamak"),
        source=(f"{TYPICAL}; density: handbooks; food: EDQM guide; {_BANDS}"),
        processes=("DIE-CASTING",),
    ),
    Material(
        "IRON",
        "iron",
        "metal",
        density_g_cm3=7.2,
        flexible=False,
        outdoor=False,
        recycling_code="40",
        price_usd_per_kg=(2, 6),
        aliases=("Iron", "Cast iron"),
        source=(f"{TYPICAL}; density: handbooks, grey cast iron; rusts; {_BANDS}"),
        processes=("SAND-CASTING", "FORGING"),
    ),
    Material(
        "TITANIUM",
        "titanium",
        "metal",
        density_g_cm3=4.43,
        heat_deflection_degc=300,
        skin_contact=True,
        flexible=False,
        outdoor=True,
        hazards=("chips and powder burn",),
        price_usd_per_kg=(60, 200),
        aliases=("Titanium", "Ti-6Al-4V", "Ti6Al4V", "Grade 5 titanium"),
        source=(
            f"{TYPICAL}; "
            "density: ASTM B348 grade 5; heat: usual limit of use of 300 degC; "
            f"skin: ISO 5832-3, implants; {_BANDS}"
        ),
        processes=("MILLING", "TURNING", "DMLS", "EBM"),
    ),
)

_WOOD: Final = ("LASER-CUTTING", "CNC-ROUTING", "SAWING", "LASER-ENGRAVING")
_WOODS_AND_PAPERS: Final = (
    Material(
        "PLYWOOD",
        "plywood",
        "wood",
        density_g_cm3=0.68,
        food_contact=False,
        flexible=False,
        recycling_code="50",
        hazards=("dust; glue gives off formaldehyde when burnt",),
        price_usd_per_kg=(2, 6),
        aliases=("Plywood", "Birch plywood", "Poplar plywood"),
        source=(
            f"{TYPICAL}; "
            f"density: Finnish birch plywood; outdoors: class of glue decides; {_BANDS}"
        ),
        processes=_WOOD,
    ),
    Material(
        "MDF",
        "medium-density fibreboard",
        "wood",
        density_g_cm3=0.75,
        food_contact=False,
        flexible=False,
        outdoor=False,
        recycling_code="50",
        hazards=("dust with formaldehyde: mask, extraction",),
        price_usd_per_kg=(1, 3),
        aliases=("Medium-density fibreboard", "MDF board"),
        source=(f"{TYPICAL}; density: EN 622-5 boards; swells in rain; {_BANDS}"),
        processes=_WOOD,
    ),
    Material(
        "SOFTWOOD",
        "softwood",
        "wood",
        density_g_cm3=0.45,
        flexible=False,
        recycling_code="50",
        hazards=("dust",),
        price_usd_per_kg=(1, 4),
        aliases=("Softwood", "Pine", "Spruce", "Wood"),
        source=(
            f"{TYPICAL}; "
            f"density: EN 338, class C24, mean 420 kg/m3, rounded up for pine; {_BANDS}"
        ),
        processes=_WOOD,
    ),
    Material(
        "HARDWOOD",
        "hardwood",
        "wood",
        density_g_cm3=0.70,
        flexible=False,
        recycling_code="50",
        hazards=("dust of oak and beech can cause cancer",),
        price_usd_per_kg=(3, 12),
        aliases=("Hardwood", "Oak", "Beech", "Maple"),
        source=(f"{TYPICAL}; density: handbooks, beech and oak; {_BANDS}"),
        processes=_WOOD,
    ),
    Material(
        "CARDBOARD",
        "corrugated cardboard",
        "paper",
        density_g_cm3=0.2,
        flexible=False,
        outdoor=False,
        recycling_code="20",
        price_usd_per_kg=(1, 4),
        aliases=("Cardboard", "Corrugated fiberboard", "Corrugated cardboard"),
        source=(f"{TYPICAL}; density: board of 4 mm at 0.6 to 0.8 kg/m2; {_BANDS}"),
        processes=("LASER-CUTTING", "DIE-CUTTING", "KNIFE-CUTTING"),
    ),
    Material(
        "PAPER",
        "paper",
        "paper",
        density_g_cm3=0.8,
        outdoor=False,
        recycling_code="22",
        price_usd_per_kg=(1, 4),
        aliases=("Paper", "Paperboard"),
        source=(f"{TYPICAL}; density: 80 g/m2 at 0.1 mm; {_BANDS}"),
        processes=("LASER-CUTTING", "KNIFE-CUTTING", "PRINTING", "LOM"),
    ),
)


#: What is cut, milled and formed.
SHEET_AND_BAR: Final = (*_PLASTIC_STOCK, *_METALS, *_WOODS_AND_PAPERS)
