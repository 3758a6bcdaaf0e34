"""Which machines suit a part, which do not, and why not.

Knows: the gates (process, size, material, exactness, time, place, licence), what small
change would open more, what may stand in for a material.
Leaves to others: prices (quoting), plans (planning).
Public: ``match`` (one part, in words), ``table`` and ``table_gates`` (one part at a
whole network), ``near_misses``, ``score``, ``substitution``, ``materials``,
``whole_design``, ``reverse``, the classes of ``verdict``.
"""
