"""Battery, grid and generator: what feeds a site beside its panels.

Knows: one step of the electricity, chemistries, outages, fuel, carbon by the hour.
Leaves to others: what draws the power (load), when work begins (deciding).
Public: ``battery.Battery``, ``cells``, ``grid``, ``generator``, ``carbon``.
"""
