"""Printers behind the port ``production.ports.Printer``.

Knows: how OctoPrint is spoken to, how our simulated printer behaves.
Leaves to others: which job goes where and when (agent).
Public: ``drivers.make_driver``.
"""
