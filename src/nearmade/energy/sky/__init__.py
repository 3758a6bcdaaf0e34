"""Where the sun stands, what the sky lets through, and the weather of a year.

Knows: sun, clear and cloudy skies, light on a tilted plane, weather as numbers.
Leaves to others: what panels make of the light (panels).
Public: ``weather.Weather``, ``made.made_up_weather``, ``clear``, ``sun``.
"""
