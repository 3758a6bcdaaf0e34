"""Who makes each component and where they come together.

Knows: exact choice for one order.
Leaves to others: how options are priced (quoting, logistics).
Public: see the modules.
"""
