"""Closed forms for processes other than material extrusion, each with its evidence.

Knows: vat photopolymerisation, powder bed fusion of polymers, laser cutting, 3-axis
milling; what is published of how such work is priced.
Public: ``catalogue.estimate_on``, ``catalogue.find_machine``, ``price_structures``.
"""
