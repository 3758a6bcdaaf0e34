"""Plans that strangers send: read, checked and pictured in a killable child.

Knows: how large files may be, compressed or not, and what the child may use.
Leaves to others: what a plan means (planning), who may send one (cloud).
Public: ``admission.admit_plan``, ``admission.SentPlan``.
"""
