"""Mass, time, energy and price of a part on a machine, each with its interval.

Knows: estimators and price lists.
Leaves to others: slicing itself (adapters).
Public: see the modules.
"""
