"""Tell which triangles of a slicer's 3MF are helpers, not material.

PrusaSlicer writes modifiers, support blockers and the like into the same mesh as the
part; only a file of its own beside the model says which triangles they are. Bambu
Studio and OrcaSlicer give such helpers objects of type ``other`` instead.

References
----------
PrusaSlicer, ``src/libslic3r/Format/3mf.cpp``, which writes
``Metadata/Slic3r_PE_model.config``; no standard describes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from nearmade.geometry.strict_xml import walk
from nearmade.geometry.zip_package import ZipPackage
from nearmade.vocabulary.errors import InvalidInput

CONFIG = "metadata/slic3r_pe_model.config"
MAX_CONFIG_BYTES = 4 * 2**20
#: Ranges that one file may name.
MAX_RANGES = 10_000
#: Keys by which a volume says what it is, and the values that mean material.
MARKS = {"modifier": {"", "0"}, "volume_type": {"ModelPart"}}
CUT_OUT = "NegativeVolume"

#: First and last triangle, both included.
Range = tuple[int, int]


@dataclass(slots=True)
class _Config:
    ranges: dict[str, set[Range]] = field(default_factory=dict)
    count: int = 0
    object_id: str = ""
    range: Range = (0, -1)

    def start(self, parent: str, name: str, attributes: dict[str, str]) -> None:
        """Take an opening tag."""
        if name == "object":
            self.object_id = attributes.get("id", "")
        elif name == "volume":
            self.range = _whole(attributes, "firstid"), _whole(attributes, "lastid")
        elif parent == "volume" and name == "metadata":
            self._mark(attributes.get("key", ""), attributes.get("value", ""))

    def _mark(self, key: str, value: str) -> None:
        if key not in MARKS or value in MARKS[key]:
            return
        if value == CUT_OUT:
            raise InvalidInput(
                "3MF: a volume is cut out of others by the slicer, which is not read",
                code="3mf-negative-volume",
                remedy="cut it out in the drawing and export again",
            )
        self.count += 1
        if self.count > MAX_RANGES:
            raise _fault(f"more than {MAX_RANGES} helpers")
        self.ranges.setdefault(self.object_id, set()).add(self.range)


def helper_ranges(package: ZipPackage) -> dict[str, set[Range]]:
    """Give for each object of the root model the triangles that are helpers.

    Parameters
    ----------
    package
        The whole 3MF.

    Raises
    ------
    InvalidInput
        When the slicer's file is broken, or cuts one volume out of another.
    """
    if CONFIG not in package.names:
        return {}
    config = _Config()
    walk(package.stream(CONFIG, MAX_CONFIG_BYTES), config.start, lambda _: None)
    return config.ranges


def _whole(attributes: dict[str, str], key: str) -> int:
    text = attributes.get(key, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise _fault(f"{key} is {text[:40]!r}")
    return int(text)


def _fault(what: str) -> InvalidInput:
    return InvalidInput(
        f"3MF: the slicer's settings: {what}",
        code="3mf-settings",
        remedy="export plain meshes",
    )
