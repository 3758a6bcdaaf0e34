"""Which machines suit a part, which do not, and why not.

Knows: the gates (process, size, material, stock, status, opening, licence).
Leaves to others: prices (quoting), plans (planning).
Public: ``match.match``, ``materials.named_materials``, the classes of ``verdict``.
"""
