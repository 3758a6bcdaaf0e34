"""Fabrics, elastomers, and what else Open Know-Where lists; known by name.

Figures, price bands and None mean what they mean in ``materials_printed``.
"""

from __future__ import annotations

from typing import Final

from nearmade.vocabulary.material import TYPICAL, Material

_BANDS: Final = "price: usual retail band, remembered from shops, no survey"

_SOFT: Final = (
    Material(
        "LEATHER",
        "leather",
        "fabric",
        density_g_cm3=0.9,
        flexible=True,
        hazards=("chrome-tanned leather gives off chromium under a laser",),
        price_usd_per_kg=(30, 80),
        aliases=("Leather",),
        source=(
            f"{TYPICAL}; "
            "density: makers of vegetable-tanned hides; skin: REACH entry 47 "
            f"limits chromium VI, tanning decides; {_BANDS}"
        ),
        processes=("LASER-CUTTING", "SEWING", "DIE-CUTTING"),
    ),
    Material(
        "TEXTILE",
        "textile",
        "fabric",
        skin_contact=True,
        flexible=True,
        recycling_code="60",
        price_usd_per_kg=(8, 40),
        aliases=("Textile", "Textiles", "Fabric", "Cloth", "Cotton", "Felt"),
        source=(
            f"{TYPICAL}; code 60 is cotton's; skin: what clothes are made of; {_BANDS}"
        ),
        processes=("SEWING", "LASER-CUTTING", "EMBROIDERY", "SCREEN-PRINTING"),
    ),
    Material(
        "RUBBER",
        "natural rubber",
        "elastomer",
        density_g_cm3=0.92,
        flexible=True,
        hazards=("proteins of latex can cause allergy",),
        price_usd_per_kg=(4, 15),
        aliases=("Natural rubber", "Rubber", "Latex"),
        source=(f"{TYPICAL}; density: handbooks; {_BANDS}"),
        processes=("COMPRESSION-MOULDING", "DIE-CUTTING"),
    ),
    Material(
        "SILICONE",
        "silicone rubber",
        "elastomer",
        density_g_cm3=1.1,
        heat_deflection_degc=200,
        skin_contact=True,
        flexible=True,
        outdoor=True,
        recycling_code="7",
        price_usd_per_kg=(15, 50),
        aliases=("Silicone", "Silicone rubber"),
        source=(
            f"{TYPICAL}; "
            "density and 200 degC of lasting use: makers' sheets; skin: what "
            f"wearables and medical tubing are made of; {_BANDS}"
        ),
        processes=("RESIN-CASTING", "COMPRESSION-MOULDING", "INJECTION-MOULDING"),
    ),
)

_LISTED: Final = "listed by Open Know-Where v1, 8.5; no figure stands for all of it"


def _listed(
    code: str,
    title: str,
    family: str,
    *aliases: str,
    outdoor: bool | None = None,
    food_contact: bool | None = None,
) -> Material:
    return Material(
        code,
        title,
        family,
        outdoor=outdoor,
        food_contact=food_contact,
        aliases=aliases,
        source=_LISTED,
    )


#: What OKW lists beside; known by name.
NATURAL: Final = (
    *_SOFT,
    Material(
        "GLASS",
        "glass",
        "mineral",
        density_g_cm3=2.5,
        heat_deflection_degc=400,
        food_contact=True,
        skin_contact=True,
        flexible=False,
        outdoor=True,
        recycling_code="70",
        hazards=("splinters",),
        aliases=("Glass", "Soda-lime glass"),
        source=(
            f"{TYPICAL}; "
            "density: EN 572-1; heat: well below the strain point, some 510 "
            "degC of soda-lime glass; food: inert"
        ),
        processes=("GLASS-BLOWING",),
    ),
    _listed("CONCRETE", "concrete", "mineral", "Concrete", outdoor=True),
    _listed("ROCK", "rock", "mineral", "Rock (geology)", "Stone", outdoor=True),
    _listed("CERAMIC", "ceramic", "mineral", "Ceramic", "Ceramics", outdoor=True),
    _listed("CLAY", "clay", "mineral", "Clay", outdoor=False),
    _listed("GEOPOLYMER", "geopolymer", "mineral", "Geopolymer", "Geopolymers"),
    _listed("SOIL", "soil", "mineral", "Soil", "Earth", food_contact=False),
    _listed(
        "COMPOSITE",
        "composite",
        "composite",
        "Composite material",
        "Composite Materials",
        "Fibreglass",
        "GFRP",
    ),
    _listed(
        "CFRP",
        "carbon fibre in plastic",
        "composite",
        "Carbon fiber reinforced polymer",
        "Carbon fiber",
        "Carbon fibre",
        "Carbon fiber reinforced polymers",
    ),
    _listed(
        "PCB",
        "circuit board",
        "electronics",
        "PCBs",
        "FR4",
        "FR-4",
        "Polychlorinated biphenyl",
        "Printed circuit board",
        food_contact=False,
    ),
    _listed(
        "ELECTRONIC-COMPONENT",
        "electronic component",
        "electronics",
        "Electronic component",
        "Electronic Components",
        food_contact=False,
    ),
    _listed("FOOD", "food", "organic", "Food", food_contact=True),
    _listed("COMPOST", "compost", "organic", "Compost", food_contact=False),
)
