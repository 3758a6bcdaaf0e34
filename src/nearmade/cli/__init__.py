"""Thin commands over rooms and adapters.

Knows: arguments, exit codes, lines and JSON.
Leaves to others: everything else.
Public: ``nearmade --help``.
"""
