"""Sun, panel, battery, machine load.

Knows: what a machine draws and what a site can run.
Leaves to others: prices (quoting), emissions (impact).
Public, each above those after it: ``day``, ``sizing`` (today, what to buy), ``years``,
``site``, ``deciding``, ``load``, ``supply``, ``panels``, ``sky``.
"""
