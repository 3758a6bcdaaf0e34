"""Mass, time, energy and price of a part on a machine, each with its interval.

Knows: estimators and price lists.
Leaves to others: slicing itself (adapters).
Public: ``profiles.find_profile``, ``level0`` to ``level2``, ``price.price_build``,
``exchange``, ``machines.find_machine``, ``calibration_fits.fit_profile``,
``learned.learn``, ``market.Market``, ``processes.catalogue``.
"""
