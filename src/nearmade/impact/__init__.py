"""Life-cycle inventory and impact, distributed against central (ISO 14040).

Knows: factors with sources, what making emits, the central alternative, the impact
card with its uncertainty.
Leaves to others: how an order runs (cloud), what freight costs (logistics).
Public: ``account.account_order``, ``inventory.OrderInventory`` and
``central_alternative``, ``making.making_gco2e``, ``factors``, ``grid``, ``card``.
"""
