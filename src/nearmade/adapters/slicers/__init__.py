"""Doors to slicers.

Knows: how to call them, what their figures mean, how they fail.
Leaves to others: prices and intervals (quoting).
Public: ``prusa.slice_stl``, ``prusa.slice_plate``, ``cura.second_opinion``,
``settings.print_settings``.
"""
