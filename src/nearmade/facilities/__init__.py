"""Who can make it: facility, machine, feedstock, opening hours, power, tariff.

Knows: what a facility is and what it says of itself (OKW).
Leaves to others: whether it suits a part (matching).
Public: the classes of facility.
"""
