"""Life-cycle inventory and impact, distributed against central (ISO 14040).

Knows: a process database with sources, how to solve and compare studies on it, what
making emits, the central alternative, the impact card with its uncertainty.
Leaves to others: how an order runs (cloud), what freight costs (logistics).
Public: ``database.Process``, ``Exchange``, ``Flow``, ``Method``, ``Database`` and
``own_database``; ``study.Study``, ``solve`` and ``StudyResult`` (``score``, ``draws``,
``chance_below``, ``difference``, ``contributions``, ``sankey``, ``tornado``,
``interval``, ``assumed_fraction``, ``numbers``); ``account.account_order``,
``inventory.OrderInventory`` and ``central_alternative``, ``making.making_gco2e``.
"""
