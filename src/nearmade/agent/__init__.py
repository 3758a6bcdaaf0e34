"""The process at a site: outbox, sync, local scheduler.

Knows: how a site works, also offline.
Leaves to others: printers themselves (adapters).
Public: ``nearmade agent``.
"""
