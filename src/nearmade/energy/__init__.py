"""Sun, panel, battery, machine load.

Knows: what a machine draws and what a site can run.
Leaves to others: prices (quoting), emissions (impact).
Public: ``machine_power``, ``machine_ratings``, ``sun``, ``panel``, ``battery``,
``reserve``.
"""
