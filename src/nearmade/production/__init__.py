"""Jobs and their states, the G-code gate, the printer port, evidence.

Knows: what may reach a printer and when.
Leaves to others: drivers (adapters), the loop at a site (agent).
Public: see the modules.
"""
