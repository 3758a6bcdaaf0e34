"""Life-cycle inventory and impact, distributed against central (ISO 14040).

Knows: factors with sources, the impact card.
Leaves to others: how an order runs (cloud).
Public: see the modules.
"""
