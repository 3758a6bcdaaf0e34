"""What the sun will give, known before it shines; and how well it was known.

``port`` is what every forecast fills: courses of the sun that are equally likely.
``like_hours`` fills it from a site's own weeks, ``sky_ensemble`` from hours of a
weather service. ``held`` sets forecasts beside what came and corrects the next by that.
"""
