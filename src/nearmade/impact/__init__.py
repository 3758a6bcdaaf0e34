"""Life-cycle inventory and impact, distributed against central (ISO 14040).

Knows: a process database with sources, solving and comparing studies on it, impact
cards with their uncertainty, break-even, what making costs a household.
Leaves to others: how an order runs (cloud), what freight costs (logistics).
Public: ``database.own_database``, ``Process``, ``Exchange``, ``Method``;
``study.Study``, ``solve``, ``StudyResult``; ``account.account_order``,
``inventory.OrderInventory``, ``making.making_gco2e``.
"""
