"""Print settings of every profile, as facts read off the vendors' presets.

Knows: lines, shells, speeds, limits, supports and temperatures by profile.
Leaves to others: what machine and material a profile stands for (profiles).
Public: ``look_up.settings_of``, ``look_up.feedstock_of``.
"""
