"""May it be made, can it be made: verdicts with reasons.

Knows: block-lists, licence rules, basic printability.
Leaves to others: who decides a review (cloud).
Public: ``Verdict`` and ``screen``.
"""
