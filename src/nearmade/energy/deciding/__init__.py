"""May a build begin now, must it wait, pause or stop.

Knows: rules of start, where the battery may go, like days, cheap and clean hours.
Leaves to others: whole days (day) and years (years).
Public: ``rules``, ``windows``, ``outlook``.
"""
