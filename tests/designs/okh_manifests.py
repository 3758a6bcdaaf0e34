"""The real manifests that tests and benchmarks read, and one small of our own."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.shared_data import shared

FOLDERS = ("losh_list", "okh_toml", "okh_v1")
ENDINGS = (".toml", ".yml", ".yaml")

#: A manifest with a field of each kind that the published schema speaks of.
COMPLETE = """
okhv = "OKH-LOSHv1.0"
name = "Spout"
repo = "https://example.org/spout"
version = "1.0"
release = "https://example.org/spout/1.0"
license = "CERN-OHL-S-2.0"
licensor = "Ada"
organisation = "A lab"
readme = "README.md"
contribution-guide = "docs/CONTRIBUTING.md"
image = ["a.jpg", "https://example.org/b.jpg"]
documentation-language = ["en-GB", "x-ours"]
technology-readiness-level = "OTRL-3"
documentation-readiness-level = "ODRL-3*"
attestation = "docs/a.pdf"
function = "Pours."
standard-compliance = ["DIN EN 1335"]
cpc-patent-class = "B67D 3/00"
tsdc = ["3DP", "ASM"]
bom = "bom.csv"
manufacturing-instructions = ["make.md"]
user-manual = "use.md"
source = "a.scad"
export = ["a.stl"]
auxiliary = ["b.lib"]
outer-dimensions = { openSCAD = "cube(size = [4,3,1])", unit = "mm" }
mass = { value = 12.5, unit = "g" }

[[software]]
release = "https://example.org/fw"
installation-guide = "fw.md"

[[part]]
name = "Cap"
image = "cap.jpg"
tsdc = "3DP"
source = ["cap.scad"]
export = "cap.stl"
auxiliary = []
outer-dimensions = { openSCAD = "cube(1)", unit = "cm" }
mass = { value = 1, unit = "kg" }
"""


def real_manifests(*folders: str) -> list[Path]:
    """Give the files of real manifests, in order."""
    return [
        path
        for folder in folders or FOLDERS
        for path in sorted(shared("okh_okw", folder).rglob("*"))
        if path.suffix in ENDINGS
    ]


def published_schema() -> dict[str, Any]:
    """Give the published schema, its pattern of language tags mended.

    It names the group ``privateUse`` twice, so Python cannot compile it: groups lose
    their names.
    """
    path = shared("okh_okw", "schemas", "okh-losh.schema.json")
    schema: dict[str, Any] = json.loads(path.read_text("utf-8"))
    language = schema["$defs"]["language"]
    language["pattern"] = re.sub(r"\(\?<\w+>", "(?:", language["pattern"])
    return schema
