"""Keys of OKH 2.x manifests: what each may hold, how others spell it.

Sources: OKH-LOSH 1.0 JSON schema and the 2.4 template,
https://github.com/iop-alliance/OpenKnowHow; TsDC codes of DIN SPEC 3105-1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

#: Keys of the top level and of a part. text, words (text or list of text), place (path
#: or URL), places, url, number (above zero), percent, truth, table, tables, people,
#: organisations, image, mass, dimensions, languages, level, version, moment, okhv,
#: licence, any.
COMMON: Mapping[str, str] = {
    "name": "text", "image": "image", "tsdc": "words", "source": "places",
    "export": "places", "auxiliary": "places", "mass": "mass",
    "outer-dimensions": "dimensions", "outer-dimension": "any",
    "outer-dimension-dim": "any", "manufacturing-instructions": "places",
    "nearmade": "table", "material": "text", "printing-process": "text",
    "infill": "percent", "raft-brim": "truth", "supports": "truth",
    "resolution-mm": "number", "shell-thickness": "number",
    "top-bottom-thickness": "number", "engraving-depth-mm": "number",
    "resolution-dpi": "number", "thickness-mm": "number", "welding-process": "text",
    "welder-certification": "text", "smallest-tolerance-class": "text",
    "smallest-inner-radius-mm": "number", "fabric-width-mm": "number",
    "joining-process": "any", "surface-finishing-process": "any",
    "2d-size-mm": "any", "board-thickness-mm": "number",
    "copper-thickness-mm": "number", "typical-trace-width-mm": "number",
    "smallest-trace-width-mm": "number", "typical-space-copper-copper-mm": "number",
    "smallest-space-copper-copper-mm": "number",
    "smallest-via-diameter-mm": "number", "component-sides": "any",
    "silkscreen-sides": "any", "solder-mask-sides": "any", "layer-count": "number",
    "multi-copper-thickness-mm": "any", "multi-isolator-thickness-mm": "any",
}  # fmt: skip
TOP: Mapping[str, str] = {
    **COMMON,
    "okhv": "okhv", "repo": "url", "function": "text", "version": "version",
    "license": "licence", "licensor": "people", "organization": "organisations",
    "organisation": "organisations", "release": "place", "readme": "place",
    "contribution-guide": "place", "user-manual": "place", "publication": "place",
    "attestation": "places", "bom": "places", "standard-compliance": "words",
    "documentation-language": "languages", "cpc-patent-class": "words",
    "technology-readiness-level": "level", "documentation-readiness-level": "level",
    "fork-of": "any", "timestamp": "moment", "rdf": "table", "software": "tables",
    "part": "tables", "sub": "tables", "okh-v1": "table",
}  # fmt: skip
#: Keys of OKH 1.0 that OKH 2.x has none for; a converted manifest carries them.
CARRIED: Mapping[str, str] = dict.fromkeys(
    (
        "contact", "contributors", "date-created", "date-updated", "derivative-of",
        "description", "design-files", "development-stage", "disposal-instructions",
        "documentation-is-translation", "health-safety-notice", "intended-use",
        "keywords", "made", "made-independently", "maintenance-instructions",
        "making-instructions", "manifest-author", "manifest-is-translation",
        "manifest-language", "manufacturing-files", "okh-manifest-version",
        "operating-instructions", "project-link", "quality-instructions",
        "risk-assessment", "schematics", "standards-used", "sub-parts", "tool-list",
        "tool-settings", "variant-of",
    ),
    "any",
)  # fmt: skip
SOFTWARE: Mapping[str, str] = {
    "release": "place", "installation-guide": "place", "label": "text",
}  # fmt: skip
SUB: Mapping[str, str] = {"name": "text", "manifest-file": "place", "repo": "url"}
IMAGE: Mapping[str, str] = {
    "location": "place", "depicts": "text", "slots": "words", "tags": "words",
}  # fmt: skip
DIMENSIONS: Mapping[str, str] = {
    "width": "number", "height": "number", "depth": "number", "openSCAD": "text",
    "unit": "text", "source": "any",
}  # fmt: skip
MASS: Mapping[str, str] = {"value": "number", "unit": "text"}
RDF: Mapping[str, str] = {"namespace": "text", "prefix": "text"}
PERSON = ("name", "email", "memberOf")
ORGANISATION = ("name", "url", "email")

REQUIRED = ("okhv", "name", "repo", "function", "version", "license", "licensor")

#: Spellings that older manifests use, and the OKH 2.x key they stand for.
OLD_SPELLINGS: Mapping[str, str] = {
    "organisation": "organization",
    "spdx-license": "license",
    "alternative-license": "license",
    "standard": "standard-compliance",
    "patent-class": "cpc-patent-class",
    "title": "name",
}

#: Accepted values of ``okhv``; absent is accepted as well by readers, not by the text.
OKHV = ("OKH-LOSHv1.0", "OKHv1.0", "2.0", "2.4", "0.1.0")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "okhv": OKHV,
    "technology-readiness-level": tuple(f"OTRL-{level}" for level in range(1, 7)),
    "documentation-readiness-level": (
        "ODRL-1",
        "ODRL-2",
        "ODRL-3",
        "ODRL-3*",
        "ODRL-4",
    ),
    "tsdc": ("ASM", "MEC", "CIR", "PCB", "WEL", "3DP", "LAS", "CNC", "COT", "STD"),
    "printing-process": ("FDM", "SLA", "SLS", "MJF", "DMLS"),
}

#: A class of the Cooperative Patent Classification: section, class, subclass, and
#: perhaps group and subgroup, https://www.cooperativepatentclassification.org
CPC = re.compile(r"[A-HY]\d\d[A-Z](?: ?\d{1,4}/\d{2,6})?")


def today(key: str) -> str:
    """Give a key in the spelling of OKH 2.x: lower case, hyphens, no old names."""
    kebab = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", key[:100]).lower().replace("_", "-")
    return OLD_SPELLINGS.get(kebab, kebab)
