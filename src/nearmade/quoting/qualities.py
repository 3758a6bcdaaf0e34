"""Print qualities: how thick the layers of a profile are, in words."""

from __future__ import annotations

#: Layers no thicker than this are fine, than that standard; the rest are draft. [mm]
FINEST_STANDARD_MM, THICKEST_STANDARD_MM = 0.18, 0.22


def quality_of(layer_mm: float) -> str:
    """Give ``fine``, ``standard`` or ``draft`` for a layer's thickness. [mm]"""
    if layer_mm < FINEST_STANDARD_MM:
        return "fine"
    return "standard" if layer_mm <= THICKEST_STANDARD_MM else "draft"
