"""Today: which job starts when on sun, battery and grid, which waits, and why.

Knows: the day's courses of the sun, its plan, and the agent's report of power.
Leaves to others: whole years (years).
Public: ``day_plan``, ``day_site``, ``day_record``, ``power_report``.
"""
