"""Who makes each component and where they come together.

Knows: offers of single sites, exact choice for one order over several.
Leaves to others: how builds are priced (quoting) and goods carried (logistics).
Public: ``offers.quote_network``, ``site_work.PartDemand``, ``choose.plan_order``,
``choose.Infeasible``, the classes of ``order_plan``.
"""
