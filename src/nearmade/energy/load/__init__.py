"""What machines draw: heating up, printing, waiting, as rated or as learned.

Knows: machines' power, a build's phases, what plugs taught, how many may heat at once.
Leaves to others: where the power comes from (supply).
Public: ``machine_power``, ``machine_load``, ``learned_power``, ``machine_ratings``.
"""
