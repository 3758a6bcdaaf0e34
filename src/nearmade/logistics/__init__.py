"""Distance, legs, carriage cost, transit time, freight emissions.

Knows: how goods travel between two places, and which places are near.
Leaves to others: who makes them (planning).
Public: ``leg.Leg``, ``carry.carry``, ``carry.options``, ``carry.packed_mass_g``,
``distance.great_circle_km``, ``near.cell_of``, ``near.cells_within``, ``near.nearest``.
"""
