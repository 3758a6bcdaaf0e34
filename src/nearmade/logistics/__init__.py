"""Distance, legs, carriage cost, transit time, freight emissions.

Knows: how goods travel.
Leaves to others: who makes them (planning).
Public: ``Leg`` and what makes one.
"""
