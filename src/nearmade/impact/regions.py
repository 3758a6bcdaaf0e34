"""Which part of the world a country's grid is counted with, where it has no figure.

References
----------
.. [1] Ember's regions of its yearly data; members by UN M49, Cyprus and the South
   Caucasus as Ember has them.
"""

from __future__ import annotations

from typing import Final

#: Region's key in ``electricity/region-<key>``, its name, and its countries by
#: ISO 3166-1 alpha-2.
_REGIONS: Final = (
    (
        "africa",
        "Africa",
        (
            "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW "
            "KE KM LR  LS LY MA MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO "
            "SS ST SZ TD TG TN  TZ UG YT ZA ZM ZW"
        ),
    ),
    (
        "asia",
        "Asia without the Middle East",
        (
            "AF AM AZ BD BN BT CN GE HK ID IN JP KG KH KP KR KZ LA LK MM MN MO MV "
            "MY NP PH  PK SG TH TJ TL TM TW UZ VN"
        ),
    ),
    (
        "middle-east",
        "the Middle East",
        "AE BH IL IQ IR JO KW LB OM PS QA SA SY TR YE",
    ),
    (
        "europe",
        "Europe",
        (
            "AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR "
            "HU IE IM  IS IT JE LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE "
            "SI SJ SK SM UA VA  XK"
        ),
    ),
    (
        "latin",
        "Latin America and the Caribbean",
        (
            "AG AI AR AW BB BL BO BQ BR BS BZ CL CO CR CU CW DM DO EC FK GD GF GP "
            "GT GY HN  HT JM KN KY LC MF MQ MS MX NI PA PE PR PY SR SV SX TC TT UY "
            "VC VE VG VI"
        ),
    ),
    ("north", "North America", "BM CA GL PM US"),
    (
        "oceania",
        "Oceania",
        (
            "AS AU CC CK CX FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO "
            "TV UM VU  WF WS"
        ),
    ),
)

_OF: Final = {
    country: (key, name)
    for key, name, members in _REGIONS
    for country in members.split()
}


def region_of(country: str) -> tuple[str, str]:
    """Give a country's region, as the process database names it, and its name.

    The world stands in for what has no region, such as Antarctica.

    Parameters
    ----------
    country
        ISO 3166-1 alpha-2 code.
    """
    key, name = _OF.get(country, ("", "the world"))
    return (f"electricity/region-{key}" if key else "electricity/world"), name
