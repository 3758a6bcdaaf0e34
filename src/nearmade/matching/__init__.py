"""Which machines suit a part, which do not, and why not.

Knows: the gates and the ranking.
Leaves to others: prices (quoting), plans (planning).
Public: see the modules.
"""
