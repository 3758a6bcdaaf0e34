"""G-code as an outside program may have written it, and whether a printer may get it.

Knows: which commands are let through, where the nozzle goes, how hot it gets.
Leaves to others: what the firmware makes of macros of its own.
Public: ``gate.check_gcode``, ``limits.limits_for``, ``prepare.prepare``.
"""
