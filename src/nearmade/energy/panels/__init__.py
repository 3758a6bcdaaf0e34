"""What panels give under a sky, behind their controller, and what they will give.

Knows: cells' heat and losses, shade, inverters, forecasts of their power.
Leaves to others: where the power goes (supply).
Public: ``panel.Panel``, ``controller``, ``fleet``.
"""
