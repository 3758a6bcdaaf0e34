"""Sun, panel, battery, machine load.

Knows: what a machine draws and what a site can run.
Leaves to others: prices (quoting), emissions (impact).
Public: ``weather``, ``panel``, ``battery`` (supply); ``machine_power``,
``machine_load``, ``learned_power`` (load); ``rules``, ``windows`` (decide);
``running``, ``sizing_site`` (years).
"""
