"""Years of a site, step by step: what it makes, what it wastes, how its battery ages.

Knows: the loop over a year's steps for many sites or sizes, and its report.
Leaves to others: which size is cheapest (sizing).
Public: ``running``, ``wish_year``, ``year_report``.
"""
