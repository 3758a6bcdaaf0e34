"""The cheapest panel and battery for a wish, and what others cost.

Knows: curves of cost over size, ways off and on the grid.
Leaves to others: a year of one size (years).
Public: ``site_sizes``, ``curve``, ``sizing_record``.
"""
