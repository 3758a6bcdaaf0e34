"""Words that every room shares.

Knows: errors, money, estimates with intervals, places, identities, sourced factors.
Leaves to others: everything that is about one subject only.
Public: the modules ``errors``, ``money``, ``estimate``, ``place``, ``identity``,
``factor``.
"""
