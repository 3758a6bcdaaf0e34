"""A site: its sun, battery, grid, generator, machines, prices, and where it goes.

Knows: the energy part of a site's file, and places that change through the year.
Leaves to others: what the site does (day, years) and what it should buy (sizing).
Public: ``site_energy.SiteEnergy``, ``site_record``, ``itinerary``, ``prices``.
"""
